import json

import pytest

from reports import evidence
from rules.core import Authority, Level
from tests.reports.samples import exchange, finding


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "Échange 42 : POST /t/a/mes/fhir/Appointment → 201"),
        ({"answer": None}, "Échange 42 : POST /t/a/mes/fhir/Appointment → connexion coupée"),
        (
            {"protocol": "action", "operation": "produit.creer_rendez_vous", "answer": {"status": 422}},
            "Échange 42 : action produit.creer_rendez_vous → refusé par le produit",
        ),
        (
            {"protocol": "acte", "operation": "mes.usager.desappariement", "answer": {"status": 200}},
            "Échange 42 : acte mes.usager.desappariement",
        ),
    ],
)
def test_an_exchange_is_named_by_what_was_asked_and_what_came(changes: dict[str, object], title: str) -> None:
    assert evidence.exchange_title(exchange(**changes)) == title


def test_a_json_body_is_shown_as_json_and_another_as_text() -> None:
    shown = json.loads(evidence.exchange_text(exchange()))
    assert shown["request"]["body"] == {"status": "booked"}
    assert shown["answer"]["body"] == "créé"


@pytest.mark.parametrize(
    "secret",
    [
        "banc-at-Zm9vYmFy",
        "banc-rt-Zm9v_YmFy",
        "banc-cs-Zm9vYmFy",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "Zm9vOmJhcmJheg==",
    ],
)
def test_no_secret_leaves_with_the_evidence(secret: str) -> None:
    carried = f"Basic {secret}" if secret.endswith("==") else f"Bearer {secret}"
    request = {"method": "GET", "target": f"/x?code={secret}" if "==" not in secret else "/x", "headers": []}
    request["headers"] = [["Authorization", carried]]
    spoken = exchange(request=request)
    assert secret not in evidence.exchange_text(spoken)
    assert secret not in evidence.exchange_title(spoken)
    assert secret not in evidence.finding_text(finding(seen=carried))


def test_a_finding_says_rule_weight_exchange_place_expected_seen_and_why() -> None:
    assert evidence.finding_text(finding(), exchange()).splitlines() == [
        "AGD-009   obligatoire, source officielle : HL7 FHIR R4, type instant",
        "  Échange 42 : POST /t/a/mes/fhir/Appointment → 201",
        "  Appointment.start   attendu : un instant avec décalage horaire   vu : « 2024-10-27T09:00:00 »",
        "  Sans décalage, la visite se déplace d'une ou deux heures.",
    ]


def test_a_recommendation_of_the_bench_says_that_it_is_one() -> None:
    text = evidence.finding_text(finding(level=Level.SHOULD, authority=Authority.BANC))
    assert "recommandé, convention du banc" in text
