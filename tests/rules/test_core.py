from collections.abc import Iterator, Sequence

import pytest

from rules import Authority, Examined, Exchange, Finding, Level, Rule, judge, rule
from rules.selectors import APPOINTMENT_CREATES, MES, SPOILED, On, about, act, action, having, http, refusal
from tests.rules.journal import Entry, create, journal, update
from tests.rules.journal import act as made_act
from tests.rules.journal import action as made_action


def _one(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status != 201:
        yield Finding("statut", "201", str(exchange.status))


def _many(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for exchange in exchanges:
        yield Examined(exchange.id)


def _all(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for exchange in exchanges:
        yield Finding("statut", "201", str(exchange.status), exchange=exchange.id)


ONE = Rule("AGD-001", Level.SHALL, Authority.DEDUITE, "source", "Une phrase.", _one, APPOINTMENT_CREATES, None)


def test_findings_are_signed_and_occasions_counted() -> None:
    result = ONE.run(journal(create(), create(status=400), update()))
    assert result.examined == 2
    [finding] = result.findings
    assert (finding.exchange, finding.rule, finding.level, finding.authority) == (2, "AGD-001", "SHALL", "deduite")
    assert (finding.source, finding.message) == ("source", "Une phrase.")


ACTION = made_action("creer_rendez_vous", session={"cookies": {}})


@pytest.mark.parametrize(
    ("entry", "authority"),
    [
        (create(status=400), "deduite"),
        (create(status=400, service="bsp"), "banc"),
        (ACTION, "banc"),
        (made_action("creer_rendez_vous"), "deduite"),
        # another action that takes a session is not of that API
        (made_action("appeler_api_psc", session={"cookies": {}}), "deduite"),
    ],
)
def test_what_is_found_on_a_convention_accuses_nobody(entry: Entry, authority: str) -> None:
    alone = Rule("AGD-001", Level.SHALL, Authority.DEDUITE, "s", "Une phrase.", _one, On(bool), None)
    assert [one.authority for one in alone.run(journal(entry)).findings] == [authority]
    gathered = Rule("AGD-001", Level.SHALL, Authority.DEDUITE, "s", "Une phrase.", _all, None, "scenario")
    assert {one.authority for one in gathered.run(journal(create(), entry)).findings} == {"deduite", authority}


@pytest.mark.parametrize("rule_id", ["INS-16", "INS-29"])
def test_what_may_leave_a_product_holds_for_every_service(rule_id: str) -> None:
    strict = Rule(rule_id, Level.SHALL, Authority.OFFICIELLE, "s", "Une phrase.", _one, APPOINTMENT_CREATES, None)
    assert [one.authority for one in strict.run(journal(create(status=400, service="bsp"))).findings] == ["officielle"]


@pytest.mark.parametrize(("over", "examined"), [("person", 2), ("scenario", 3)])
def test_groups(over: str, examined: int) -> None:
    many = Rule("AGD-001", Level.SHALL, Authority.BANC, "source", "Une phrase.", _many, None, over)
    assert many.run(journal(create(), create(person=None), create(person="p2"))).examined == examined


def test_judge_orders_by_id() -> None:
    judgement = judge(reversed(journal(create(status=400), create(status=500))), [ONE])
    assert [finding.exchange for finding in judgement.findings] == [1, 2]
    assert judgement.examined == {"AGD-001": 2}


@pytest.mark.parametrize(
    ("rule_id", "on", "over"),
    [
        ("AGD-001", APPOINTMENT_CREATES, None),
        ("XXX-001", APPOINTMENT_CREATES, None),
        ("AGD-050", None, None),
        ("AGD-050", None, "x"),
    ],
)
def test_wrong_declarations_are_refused(rule_id: str, on: On | None, over: str | None) -> None:
    with pytest.raises(ValueError, match=rule_id):
        rule(rule_id, Level.SHALL, Authority.BANC, "source", title="Une phrase.", on=on, over=over)


def test_selectors_compose() -> None:
    posted, put, acted, asked = journal(
        create(fault="500", refusal="CONSENT_REQUIRED"),
        update(),
        made_act("usager.majorite"),
        made_action("configurer"),
    )
    assert (APPOINTMENT_CREATES & MES & SPOILED)(posted)
    assert (http("*.fhir.appointment.create") | http("mes.fhir.appointment.update"))(put)
    assert not (~MES)(put)
    assert having("start")(posted)
    assert not having("start", "x")(posted)
    assert act("usager.majorite")(acted)
    assert action("configurer")(asked)
    assert not action("configurer")(acted)
    assert (refusal(posted), about(posted)) == ("CONSENT_REQUIRED", ("agenda", "ecriture"))
