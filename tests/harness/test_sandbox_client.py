"""The client of the admin API: what it asks, and how its errors are said."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from harness.errors import SandboxError
from harness.sandbox_client import SandboxClient, TenantClient

ENTRY = {"protocol": "http", "service": "navigateur", "operation": "navigateur.page", "request": {"method": "GET"}}


def answering(handle: Callable[[httpx.Request], httpx.Response]) -> SandboxClient:
    return SandboxClient("http://bac.test/", token="s3cret", transport=httpx.MockTransport(handle))


def test_the_token_is_presented_and_the_tenant_opened() -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json={"nom": "t1", "bases": {"mes": "http://bac.test/t/t1/mes"}})

    tenant = answering(handle).open_tenant("t1")
    assert (tenant.name, tenant.bases) == ("t1", {"mes": "http://bac.test/t/t1/mes"})
    assert str(seen[0].url) == "http://bac.test/_banc/tenants"
    assert seen[0].headers["Authorization"] == "Bearer s3cret"


@pytest.mark.parametrize(
    ("answer", "said", "status"),
    [
        (httpx.Response(409, json={"erreur": "x", "message": "Déjà pris."}), "(409) : Déjà pris.", 409),
        (httpx.Response(502, text="<html>passerelle"), "(502) : <html>passerelle", 502),
        (httpx.Response(400, json=["étrange"]), "(400) : ", 400),
    ],
)
def test_a_refusal_is_said_with_its_reason(answer: httpx.Response, said: str, status: int) -> None:
    with pytest.raises(SandboxError) as caught:
        answering(lambda request: answer).state()
    assert "refuse GET /_banc/etat" in str(caught.value)
    assert said in str(caught.value)
    assert caught.value.status == status


def test_a_sandbox_that_does_not_answer() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refusée")

    with pytest.raises(SandboxError, match=r"http://bac\.test ne répond pas : ConnectError") as caught:
        answering(handle).state()
    assert caught.value.status == 0


def test_the_journal_is_read_whole_whatever_its_length(monkeypatch: pytest.MonkeyPatch, tenant: TenantClient) -> None:
    monkeypatch.setattr("harness.sandbox_client._PAGE", 2)
    first = [tenant.record(ENTRY) for _ in range(5)]
    assert [exchange.id for exchange in tenant.read_all()] == first
    assert [exchange.id for exchange in tenant.read_all(after=first[2])] == first[3:]
    assert tenant.last_id() == first[-1]


def test_two_tenants_do_not_see_each_other(client: SandboxClient, tenant: TenantClient) -> None:
    tenant.record(ENTRY)
    assert client.open_tenant().read_all() == []


def test_persons_faults_clock_and_settings_reach_the_tenant(tenant: TenantClient) -> None:
    mother = tenant.new_person(age=40)
    child = tenant.new_person(age=9, enfant_de=mother["id"])
    assert child["representant"] == mother["id"]
    tenant.add_fault(operation="mes.fhir.appointment.create", nature="503", fois=2)
    assert [fault["nature"] for fault in tenant.call("GET", "/pannes")["pannes"]] == ["503"]
    tenant.set_clock("figee", instant="2024-10-27T00:30:00Z")
    assert tenant.call("GET", "/horloge")["maintenant"].startswith("2024-10-27T00:30:00")
    assert tenant.change_settings(mes__access_token_lifetime_s=5)["mes.access_token_lifetime_s"] == 5
    tenant.restore()
    assert tenant.call("GET", "/pannes") == {"pannes": []}
