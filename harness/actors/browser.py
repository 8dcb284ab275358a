"""The usager's browser: cookies, redirects followed one by one, pages of the product journaled.

What the sandbox serves is journaled by the sandbox itself, never twice.
"""

from __future__ import annotations

import base64
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from harness.actors.pages import Page, Submission
from harness.errors import ProductUnreachable, SandboxError
from harness.sandbox_client import TenantClient
from harness.tls import authorities

MAX_HOPS = 20
_PATIENCE_S = 30.0


def origin(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Browser:
    """One browser of one person. Cookies are kept per origin, so that two local ports do not share them.

    person: id of who holds it, "" for a stranger. products: origins of the product, which receive the portal session.
    transport: httpx transport, for tests. trust: authorities of the servers, those of the machine by default.
    """

    def __init__(
        self,
        person: str,
        journal: TenantClient,
        *,
        products: Iterable[str] = (),
        transport: httpx.BaseTransport | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.person = person
        self._journal = journal
        self._products = frozenset(map(origin, products))
        self._transport = transport
        self._trust = trust
        self._clients: dict[str, httpx.Client] = {}
        self._headers: dict[str, str] = {}
        self._held = False

    def open_session(self, session: Mapping[str, Any]) -> None:
        """Carry on a portal session (`session` of the vocabulary: cookies or headers) on pages of the product."""
        self._headers |= session.get("entetes", {})
        for address in self._products:
            client = self._client(address)
            client.headers.update(session.get("entetes", {}))
            for name, value in session.get("cookies", {}).items():
                client.cookies.set(name, value, domain=urlsplit(address).hostname or "")

    def session(self) -> dict[str, Any]:
        """What this browser carries on pages of the product now (`session` of the vocabulary)."""
        jars = [self._clients[address].cookies.jar for address in self._products if address in self._clients]
        cookies = {cookie.name: cookie.value or "" for jar in jars for cookie in jar}
        return {"cookies": cookies, "entetes": dict(self._headers)}

    def forget_session(self) -> None:
        """Lose cookies and headers, as a closed browser does."""
        self._headers.clear()
        self.close()

    @contextmanager
    def held_before_the_product(self) -> Iterator[None]:
        """A block in which redirects that lead to the product are not followed: `Page.url` is where they lead."""
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def get(self, url: str) -> Page:
        """Go to an address and follow redirects to the page that is shown.

        Raises ProductUnreachable, SandboxError; AssertionError (French) when redirects never end.
        """
        return self._go("GET", url, b"")

    def submit(self, submission: Submission) -> Page:
        """Send a form (`Page.fill`), then as `get`."""
        body = str(httpx.QueryParams(list(submission.fields)))
        if submission.method == "GET":
            return self._go("GET", f"{submission.url.partition('?')[0]}?{body}", b"")
        return self._go(submission.method, submission.url, body.encode())

    def close(self) -> None:
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def _go(self, method: str, url: str, body: bytes) -> Page:
        visited: list[str] = []
        for _ in range(MAX_HOPS):
            visited.append(url)
            if self._held and origin(url) in self._products:
                return Page(url, 0, "", tuple(visited))
            response = self._send(method, url, body)
            if not response.has_redirect_location:
                return Page(url, response.status_code, response.text, tuple(visited))
            url = urljoin(url, response.headers["location"])
            if response.status_code not in (307, 308):
                method, body = "GET", b""
        raise AssertionError(f"Les redirections ne finissent pas : {' -> '.join(visited[-4:])}.")

    def _send(self, method: str, url: str, body: bytes) -> httpx.Response:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        started = time.monotonic()
        try:
            response = self._client(url).request(method, url, content=body or None, headers=headers)
        except httpx.HTTPError as error:
            kind = SandboxError if self._of_sandbox(url) else ProductUnreachable
            raise kind(f"Pas de réponse à {method} {url} : {type(error).__name__}, {error}.") from error
        if not self._of_sandbox(url):
            self._journal.record(self._entry(response, body, time.monotonic() - started))
        return response

    def _client(self, url: str) -> httpx.Client:
        address = origin(url)
        if address not in self._clients:
            self._clients[address] = httpx.Client(
                transport=self._transport,
                timeout=_PATIENCE_S,
                trust_env=False,
                verify=self._trust or authorities(),
                headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "fr"},
            )
        return self._clients[address]

    def _of_sandbox(self, url: str) -> bool:
        return origin(url) == origin(self._journal.sandbox.url)

    def _entry(self, response: httpx.Response, body: bytes, seconds: float) -> dict[str, Any]:
        sent = response.request
        return {
            "protocol": "http",
            "service": "navigateur",
            "operation": "navigateur.page",
            "person": self.person or None,
            "request": {
                "method": sent.method,
                "target": sent.url.raw_path.decode("ascii"),
                "path": sent.url.path,
                "query": [list(pair) for pair in sent.url.params.multi_items()],
                "headers": [list(pair) for pair in sent.headers.multi_items()],
                "body": body.decode(),
            },
            "answer": {
                "status": response.status_code,
                "headers": [list(pair) for pair in response.headers.multi_items()],
                **_content(response),
            },
            "duration_ms": round(seconds * 1000, 1),
        }


def _content(response: httpx.Response) -> dict[str, str]:
    try:
        return {"body": response.content.decode(response.encoding or "utf-8")}
    except (UnicodeDecodeError, LookupError):
        return {"body_base64": base64.b64encode(response.content).decode("ascii")}
