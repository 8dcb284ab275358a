"""A sandbox with INSi, reached by httpx without a socket, and the register as the admin API changes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from mocks.insi import INSI
from mocks.sandbox import Sandbox
from tests.mocks.insi.client import Soap

ROOT = "https://banc.test"
TENANT = "essai"
BASE = f"{ROOT}/t/{TENANT}/insi"
LPS = f"{BASE}/lps"


@dataclass
class Register:
    """The admin API of one tenant."""

    http: httpx.Client

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, f"{ROOT}/_banc/tenants/{TENANT}/{path}".rstrip("/"), json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def person(self, **wishes: Any) -> dict[str, Any]:
        """A new person, as the register knows her."""
        made = self("POST", "personnes", wishes)
        found: dict[str, Any] = self("GET", f"insi/identites/{made['id']}")
        return found

    def change(self, person: dict[str, Any], **what: Any) -> dict[str, Any]:
        changed: dict[str, Any] = self("PUT", f"insi/identites/{person['personne']}", what)
        return changed

    def set(self, **settings: Any) -> None:
        self("PATCH", "reglages", {f"insi.{key}": value for key, value in settings.items()})

    def fault(self, operation: str, nature: str, **more: Any) -> None:
        self("POST", "pannes", {"operation": operation, "nature": nature, **more})

    def last(self) -> dict[str, Any]:
        """The last exchange with the service."""
        told: dict[str, Any] = self("GET", "echanges?service=insi")["echanges"][-1]
        return told


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(services=[INSI])
    made.open_tenant(TENANT)
    yield made
    made.close()


@pytest.fixture
def http(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with sandbox.embedded(), httpx.Client() as client:
        yield client


@pytest.fixture
def register(http: httpx.Client) -> Register:
    return Register(http)


@pytest.fixture
def soap(http: httpx.Client) -> Soap:
    return Soap(http, LPS)
