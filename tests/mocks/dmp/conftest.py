"""A sandbox with the DMP, reached by httpx without a socket; a product; the admin API of its tenant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from mocks.dmp import DMP
from mocks.pki import Pki
from mocks.pki.kit import struct_idnats
from mocks.sandbox import Sandbox
from tests.mocks.dmp.client import Dui

ROOT = "https://banc.test"
TENANT = "essai"


@dataclass
class Bench:
    """The admin API of one tenant."""

    http: httpx.Client
    tenant: str = TENANT

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.raw(method, path, body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def raw(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self.http.request(method, f"{ROOT}/_banc/tenants/{self.tenant}/{path}", json=body)

    def person(self, **wishes: Any) -> dict[str, Any]:
        made: dict[str, Any] = self("POST", "personnes", wishes)
        return made

    def dmp(self, person: dict[str, Any], method: str = "GET", path: str = "", body: Any = None) -> Any:
        return self(method, f"dmp/personnes/{person['id']}{path}", body)

    def seen(self, person: dict[str, Any], view: str = "tout", **who: str) -> list[dict[str, Any]]:
        asked = "&".join(f"{name}={value}" for name, value in {"vue": view, **who}.items())
        told: list[dict[str, Any]] = self.dmp(person, path=f"/documents?{asked}")["documents"]
        return told

    def set(self, **settings: Any) -> None:
        self("PATCH", "reglages", {f"dmp.{key}": value for key, value in settings.items()})

    def fault(self, operation: str, nature: str, **more: Any) -> None:
        self("POST", "pannes", {"operation": operation, "nature": nature, **more})

    def last(self) -> dict[str, Any]:
        """The last exchange with the service."""
        told: dict[str, Any] = self("GET", "echanges?service=dmp")["echanges"][-1]
        return told

    def notes(self) -> list[str]:
        return [note["code"] for note in self.last()["notes"]]


@pytest.fixture(scope="session")
def pki() -> Pki:
    return Pki()


@pytest.fixture
def sandbox(store_url: str) -> Iterator[Sandbox]:
    made = Sandbox(store_url, services=[DMP])
    made.open_tenant(TENANT)
    yield made
    made.close()


@pytest.fixture
def http(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with sandbox.embedded(), httpx.Client() as client:
        yield client


@pytest.fixture
def bench(http: httpx.Client, pki: Pki) -> Bench:
    made = Bench(http)
    made("PUT", "dmp/confiance", {"autorites": pki.trusted.decode(), "revocations": pki.crls.decode()})
    return made


@pytest.fixture
def dui(http: httpx.Client, bench: Bench, pki: Pki) -> Dui:
    """A product that feeds and reads the DMP of a new person, whose authorisation it has."""
    made = Dui(http, f"{ROOT}/t/{TENANT}/dmp", pki.get("signature"), bench.person(), struct_idnats()["finess"])
    bench.dmp(made.person, "PUT", "/autorisations", {"titulaire": made.structure, "statut": "valide"})
    return made
