"""Waiting and silence, on the real journal of a sandbox; no test depends on how long something takes."""

from __future__ import annotations

from typing import Any

import pytest

from harness import waiting
from harness.sandbox_client import TenantClient
from harness.target_sections import Mode
from harness.waiting import Budget


def call(operation: str = "mes.fhir.appointment.create", **more: Any) -> dict[str, Any]:
    return {"protocol": "http", "service": "mes", "operation": operation, "request": {"method": "POST"}, **more}


@pytest.mark.parametrize(
    ("mode", "asked", "expected"),
    [
        ("embarque", None, Budget(0.5, 0.0)),
        ("local", None, Budget(3.0, 0.3)),
        ("distant", None, Budget(10.0, 1.0)),
        ("distant", 20.0, Budget(20.0, 1.0)),
        ("local", 0.1, Budget(0.1, 0.1)),
    ],
)
def test_budgets(mode: Mode, asked: float | None, expected: Budget) -> None:
    assert waiting.budget(mode, asked) == expected


def test_what_has_come_is_given_at_once(tenant: TenantClient) -> None:
    before = tenant.record(call())
    wanted = [tenant.record(call()), tenant.record(call())]
    tenant.record(call("mes.oauth.token"))
    found = waiting.wait_for(tenant, "mes.fhir.appointment.create", after=before, wait_s=5, count=2)
    assert [exchange.id for exchange in found] == wanted


def test_what_comes_in_two_times_is_gathered(tenant: TenantClient, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [tenant.record(call())]
    read = tenant.read

    def read_then_record(**options: Any) -> Any:
        page = read(**options)
        if len(wanted) == 1:
            wanted.append(tenant.record(call()))
        return page

    monkeypatch.setattr(tenant, "read", read_then_record)
    found = waiting.wait_for(tenant, "mes.fhir.appointment.create", after=0, wait_s=5, count=2)
    assert [exchange.id for exchange in found] == wanted


def test_what_does_not_come_fails_in_french(tenant: TenantClient) -> None:
    tenant.record(call(person="p1"))
    with pytest.raises(AssertionError, match=r"Attendu : 2 appel\(s\) « mes.fhir.appointment.create » dans les 0 s"):
        waiting.wait_for(tenant, "mes.fhir.appointment.create", after=0, wait_s=0, count=2)
    with pytest.raises(AssertionError, match="vu : 0"):
        waiting.wait_for(tenant, "mes.fhir.appointment.create", after=0, wait_s=0, person="p2")


def told_in_time(tenant: TenantClient, service: str, wait_s: float, told: int) -> int:
    """How often it was tried when something must have been told three times, and each try is followed by a call."""
    tries = 0

    def check() -> int:
        nonlocal tries
        tries += 1
        if tries <= told:
            tenant.record(call(service=service))
        assert tries == 3, "pas encore"
        return tries

    return waiting.eventually(tenant, check, service="mes", wait_s=wait_s)


def test_a_check_is_tried_again_at_each_call(tenant: TenantClient) -> None:
    assert told_in_time(tenant, "mes", 30, told=2) == 3


@pytest.mark.parametrize(("service", "wait_s", "told"), [("mes", 0.0, 2), ("psc", 0.05, 2), ("mes", 0.05, 1)])
def test_its_last_failure_is_told_when_no_call_comes(
    tenant: TenantClient, service: str, wait_s: float, told: int
) -> None:
    with pytest.raises(AssertionError, match="pas encore"):
        told_in_time(tenant, service, wait_s, told)


@pytest.mark.parametrize("watch_s", [0.0, 0.05])
def test_silence_lets_pass_what_the_product_did_not_do(tenant: TenantClient, watch_s: float) -> None:
    tenant.record(call())
    with waiting.silence(tenant, service="mes", watch_s=watch_s):
        tenant.record(call("mes.page.connexion"))
        tenant.record(call("mes.oauth.authorize"))
        tenant.record(call("mes.usager.desappariement", protocol="acte"))
        tenant.record(call("navigateur.page", service="navigateur"))


def test_a_call_breaks_the_silence(tenant: TenantClient) -> None:
    with (
        pytest.raises(AssertionError, match=r"aucun appel .* « mes » ; vu : mes.oauth.token \(échange \d+\)"),
        waiting.silence(tenant, service="mes", watch_s=0),
    ):
        tenant.record(call("mes.oauth.token"))


def test_a_late_call_breaks_it_too(tenant: TenantClient, monkeypatch: pytest.MonkeyPatch) -> None:
    read = tenant.read

    def late(**options: Any) -> Any:
        if options.get("wait_s"):
            tenant.record(call("mes.oauth.token"))
        return read(**options)

    monkeypatch.setattr(tenant, "read", late)
    with (
        pytest.raises(AssertionError, match=r"mes\.oauth\.token"),
        waiting.silence(tenant, service="mes", watch_s=5),
    ):
        tenant.record(call("mes.page.connexion"))
