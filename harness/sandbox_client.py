"""Client of the admin API of the sandbox (architecture §4). The harness sees the national side only through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from harness.errors import SandboxError
from harness.tls import authorities
from rules import Exchange

_BEYOND_ALL = 2**53  # no exchange has such an id: asks only for the last id
_PAGE = 1000
_MARGIN_S = 30.0  # time an answer may take beyond a long-poll


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a journal. last: id of the last exchange of the tenant when it was read, 0 when it is empty."""

    exchanges: Sequence[Exchange]
    last: int


class SandboxClient:
    """Access to a sandbox.

    url: its root. token: admin token, empty on loopback. transport: httpx transport, for tests.
    """

    def __init__(self, url: str, *, token: str = "", transport: httpx.BaseTransport | None = None) -> None:
        self.url = url.rstrip("/")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(
            headers=headers, transport=transport, timeout=_MARGIN_S, trust_env=False, verify=authorities()
        )

    def state(self) -> Mapping[str, Any]:
        """Readiness and version. Raises SandboxError, as every method of this module."""
        state: Mapping[str, Any] = self.call("GET", "/etat")
        return state

    def open_tenant(self, name: str = "") -> TenantClient:
        """Make a tenant (of that name when given; kept as it is when there already)."""
        answer = self.call("POST", "/tenants", {"nom": name} if name else {})
        return TenantClient(self, answer["nom"], answer["bases"])

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, Any] | None = None,
        patience_s: float = 0.0,
    ) -> Any:
        """One call of the admin API; its JSON answer, or None when it has no content. patience_s: long-poll asked."""
        try:
            response = self._client.request(
                method,
                f"{self.url}/_banc{path}",
                json=body,
                params={key: value for key, value in (query or {}).items() if value not in ("", None)},
                timeout=patience_s + _MARGIN_S,
            )
        except httpx.HTTPError as error:
            raise SandboxError(f"Le bac à sable {self.url} ne répond pas : {type(error).__name__}, {error}.") from error
        if response.is_success:
            return response.json() if response.content else None
        status = response.status_code
        raise SandboxError(f"Le bac à sable refuse {method} /_banc{path} ({status}) : {_said(response)}", status=status)

    def close(self) -> None:
        self._client.close()


class TenantClient:
    """One tenant. bases: base URL of each national service for this tenant."""

    def __init__(self, sandbox: SandboxClient, name: str, bases: Mapping[str, str]) -> None:
        self.sandbox = sandbox
        self.name = name
        self.bases = dict(bases)

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None, **options: Any) -> Any:
        """One call under `/_banc/tenants/<name>`. Raises SandboxError."""
        return self.sandbox.call(method, f"/tenants/{self.name}{path}", body, **options)

    def close(self) -> None:
        """Forget the tenant and its data."""
        self.call("DELETE", "")

    def restore(self) -> None:
        """Clock, faults, settings and statuses of services as at the start."""
        self.call("POST", "/remise-en-scene", {})

    def change_settings(self, **settings: Any) -> Mapping[str, Any]:
        """Change settings of the tenant; `mes__jeton=1` is written `{"mes.jeton": 1}`."""
        body = {name.replace("__", "."): value for name, value in settings.items()}
        answer: Mapping[str, Any] = self.call("PATCH", "/reglages", body)
        return answer

    def new_person(self, **wishes: Any) -> Mapping[str, Any]:
        """A fresh fictitious person (keys of the admin API: age, date_naissance, enfant_de)."""
        person: Mapping[str, Any] = self.call("POST", "/personnes", wishes)
        return person

    def last_id(self) -> int:
        """Id of the last exchange of the journal of this tenant."""
        return self.read(after=_BEYOND_ALL, limit=1).last

    def read(
        self,
        *,
        after: int = 0,
        service: str = "",
        operation: str = "",
        person: str = "",
        wait_s: float = 0.0,
        limit: int = _PAGE,
    ) -> Page:
        """Exchanges after an id, in order; with wait_s, waits until one matches or that time has passed."""
        query = {
            "apres": after,
            "service": service,
            "operation": operation,
            "personne": person,
            "attendre": wait_s or "",
            "limite": limit,
        }
        answer = self.call("GET", "/echanges", query=query, patience_s=wait_s)
        return Page([Exchange(entry) for entry in answer["echanges"]], int(answer["dernier"]))

    def read_all(self, *, after: int = 0, service: str = "", operation: str = "", person: str = "") -> list[Exchange]:
        """Every exchange after an id, however many there are."""
        found: list[Exchange] = []
        while True:
            page = self.read(after=after, service=service, operation=operation, person=person).exchanges
            found.extend(page)
            if len(page) < _PAGE:
                return found
            after = page[-1].id

    def record(self, entry: Mapping[str, Any]) -> int:
        """Add an exchange seen by the bench (action of the product, page of the product); its id."""
        return int(self.call("POST", "/echanges", entry)["id"])

    def set_clock(self, mode: str, **values: Any) -> None:
        self.call("PUT", "/horloge", {"mode": mode, **values})

    def add_fault(self, **fault: Any) -> None:
        self.call("POST", "/pannes", fault)


def _said(response: httpx.Response) -> str:
    """The sentence of an error of the admin API, or the start of what came instead."""
    try:
        return str(response.json()["message"])
    except (ValueError, KeyError, TypeError):
        return response.text[:300]
