"""A tiny scripted agenda API of the BSP with its authorization server, for the tests of the product alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.reference.fake_mes import Reply, Seen, given

BASE = "https://bsp.test/bsp"
TOKEN = "/api-psc/oauth2/token"
SETTINGS = {
    "base_url": BASE,
    "token_url": f"https://bsp.test{TOKEN}",
    "client_id": "dui",
    "scope": "agenda.write agenda.read",
}


@dataclass
class FakeBsp:
    """Accepts every write, serves the pages it holds; `script` answers first, once each.

    dead: PSC tokens that the authorization server refuses, and tokens of the API that get a 401.
    """

    seen: list[Seen] = field(default_factory=list)
    script: list[tuple[str, Reply]] = field(default_factory=list)
    pages: list[list[dict[str, Any]]] = field(default_factory=lambda: [[]])
    dead: set[str] = field(default_factory=set)
    lifetime: int = 3600
    issued: int = 0

    def next(self, method: str, *replies: Reply) -> None:
        """The next calls of the API by this method get these replies, in order."""
        self.script += [(method, reply) for reply in replies]

    @property
    def exchanges(self) -> list[Seen]:
        """Exchanges of tokens."""
        return [one for one in self.seen if one.path == TOKEN]

    @property
    def calls(self) -> list[Seen]:
        """Calls of the API."""
        return [one for one in self.seen if one.path != TOKEN]

    def handle(self, request: httpx.Request) -> httpx.Response:
        split = urlsplit(request.url.raw_path.decode())
        self.seen.append(Seen(request.method, split.path, split.query, dict(request.headers), request.content.decode()))
        if split.path == TOKEN:
            return self._exchanged(self.seen[-1].form["subject_token"])
        if request.headers["Authorization"].removeprefix("Bearer ") in self.dead:
            return httpx.Response(401)
        for planned in self.script:
            if planned[0] == request.method:
                self.script.remove(planned)
                return given(planned[1], request)
        if request.method == "GET":
            return self._page(int(request.url.params.get("page", "0")))
        resource = {**self.seen[-1].json, "id": "b-1"}
        return httpx.Response(201 if request.method == "POST" else 200, json=resource, headers={"ETag": 'W/"1"'})

    def _exchanged(self, subject: str) -> httpx.Response:
        if subject in self.dead:
            return httpx.Response(400, json={"error": "invalid_grant"})
        self.issued += 1
        return httpx.Response(200, json={"access_token": f"bsp-at-{self.issued}", "expires_in": self.lifetime})

    def _page(self, number: int) -> httpx.Response:
        more = number + 1 < len(self.pages)
        link = [{"relation": "next", "url": f"{BASE}/fhir/Appointment?page={number + 1}"}] if more else []
        return httpx.Response(200, json={"resourceType": "Bundle", "link": link, "entry": self.pages[number]})
