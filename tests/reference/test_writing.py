"""What is written in the agenda of MES: resource, instants, identifier, life of the appointment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest
from fhir.resources.R4B.appointment import Appointment

from reference.product import Refusal
from tests.reference.bench import Bench
from tests.reference.fake_mes import ASSIGN_AUTH


def last(bench: Bench) -> dict[str, Any]:
    body: dict[str, Any] = bench.mes.business()[-1].json
    return body


@pytest.fixture
def marie(bench: Bench) -> str:
    usager = bench.declare()
    bench.pair(usager)
    return usager


def test_a_creation_is_a_post_of_a_valid_appointment(bench: Bench, marie: str) -> None:
    made = bench.book(marie, saisi_dans="dui")
    (call,) = bench.mes.business()
    assert (call.method, call.path, call.query) == ("POST", "/t/essai/mes/fhir/Appointment", "")
    assert call.headers["content-type"].startswith("application/fhir+json")
    assert call.headers["authorization"] == "Bearer at-1"
    assert call.headers["id_token"].startswith("eyJ")
    resource = call.json
    Appointment.model_validate(resource)
    assert resource["meta"]["profile"] == ["https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-appointment"]
    assert resource["identifier"] == [made["identifiant"]]
    assert resource["status"] == "booked"
    assert resource["minutesDuration"] == 30
    assert resource["created"] == "2026-03-02T10:00:00+01:00"
    assert resource["extension"][0]["valueReference"]["type"] == "Organization"


def test_the_patient_is_named_by_assign_auth_and_idpe(bench: Bench, marie: str) -> None:
    bench.book(marie)
    actor = last(bench)["participant"][0]["actor"]
    assert actor["type"] == "Patient"
    assert actor["identifier"]["system"] == f"urn:oid:{ASSIGN_AUTH}"
    assert actor["identifier"]["value"].startswith("pe-")


def test_the_professional_is_a_role_and_a_person_linked(bench: Bench, marie: str) -> None:
    bench.book(marie)
    resource = last(bench)
    by_type = {p["actor"]["type"]: p["actor"] for p in resource["participant"]}
    assert set(by_type) == {"Patient", "Practitioner", "PractitionerRole", "HealthcareService", "Location"}
    contained = {f"#{c['id']}": c for c in resource["contained"]}
    role = contained[by_type["PractitionerRole"]["reference"]]
    assert role["practitioner"]["reference"] == by_type["Practitioner"]["reference"]
    assert by_type["Practitioner"]["identifier"]["value"] == "10009998880"
    assert by_type["HealthcareService"]["identifier"]["value"] == "990000010"
    assert {p["status"] for p in resource["participant"]} == {"accepted"}


@pytest.mark.parametrize(
    ("debut", "fuseau", "start", "instant"),
    [
        ("2026-07-10T14:00", "Europe/Paris", "2026-07-10T14:00:00+02:00", "2026-07-10T12:00:00+00:00"),
        ("2026-01-15T14:00", "Europe/Paris", "2026-01-15T14:00:00+01:00", "2026-01-15T13:00:00+00:00"),
        ("2026-10-25T01:30", "Europe/Paris", "2026-10-25T01:30:00+02:00", "2026-10-24T23:30:00+00:00"),
        ("2026-10-25T03:30", "Europe/Paris", "2026-10-25T03:30:00+01:00", "2026-10-25T02:30:00+00:00"),
        ("2028-02-29T09:00", "Europe/Paris", "2028-02-29T09:00:00+01:00", "2028-02-29T08:00:00+00:00"),
        ("2026-07-10T14:00", "Indian/Reunion", "2026-07-10T14:00:00+04:00", "2026-07-10T10:00:00+00:00"),
        ("2026-07-10T14:00", "America/Martinique", "2026-07-10T14:00:00-04:00", "2026-07-10T18:00:00+00:00"),
    ],
)
def test_the_instant_is_the_time_typed_at_the_place(
    bench: Bench, marie: str, debut: str, fuseau: str, start: str, instant: str
) -> None:
    bench.book(marie, debut, fuseau=fuseau)
    assert last(bench)["start"] == start
    assert datetime.fromisoformat(last(bench)["start"]).astimezone(UTC).isoformat() == instant


def test_an_appointment_across_the_change_of_hour_keeps_its_real_length(bench: Bench, marie: str) -> None:
    bench.book(marie, "2026-10-25T01:30", duree_minutes=120)
    assert (last(bench)["start"], last(bench)["end"]) == ("2026-10-25T01:30:00+02:00", "2026-10-25T02:30:00+01:00")


@pytest.mark.parametrize("debut", ["2026-03-29T02:30", "demain", "2026-02-30T10:00"])
def test_a_time_that_does_not_exist_is_refused(bench: Bench, marie: str, debut: str) -> None:
    with pytest.raises(Refusal):
        bench.book(marie, debut)
    assert bench.mes.business() == []


def test_every_change_is_a_conditional_put_with_the_same_identifier(bench: Bench, marie: str) -> None:
    made = bench.book(marie)
    bench.product.deplacer_rendez_vous(made["rendez_vous"], "2026-07-11T16:00", duree_minutes=45)
    bench.product.annuler_rendez_vous(made["rendez_vous"], motif="Professionnel absent")
    _, moved, cancelled = bench.mes.business()
    wanted = f"identifier={made['identifiant']['system']}%7C{made['identifiant']['value']}"
    assert [(c.method, c.query) for c in (moved, cancelled)] == [("PUT", wanted), ("PUT", wanted)]
    assert [c.json["identifier"] for c in (moved, cancelled)] == [[made["identifiant"]]] * 2
    assert (moved.json["start"], moved.json["minutesDuration"]) == ("2026-07-11T16:00:00+02:00", 45)
    assert (cancelled.json["status"], cancelled.json["cancelationReason"]["text"]) == (
        "cancelled",
        "Professionnel absent",
    )
    assert "|" not in moved.query
    assert "|" in unquote(moved.query)


@pytest.mark.parametrize(
    ("constat", "status"),
    [("honore", "fulfilled"), ("non_honore", "noshow"), ("saisi_par_erreur", "entered-in-error")],
)
def test_what_came_of_it_is_sent(bench: Bench, marie: str, constat: str, status: str) -> None:
    made = bench.book(marie)
    assert bench.product.constater_rendez_vous(made["rendez_vous"], constat)["envoi"] == {"etat": "envoye"}
    assert last(bench)["status"] == status
    assert "cancelationReason" not in last(bench)


def test_a_request_is_proposed_then_booked(bench: Bench, marie: str) -> None:
    made = bench.book(marie, etat="demande")
    asked = last(bench)
    assert asked["status"] == "proposed"
    assert "needs-action" in {p["status"] for p in asked["participant"]}
    bench.product.confirmer_rendez_vous(made["rendez_vous"])
    assert last(bench)["status"] == "booked"
    assert {p["status"] for p in last(bench)["participant"]} == {"accepted"}


def test_only_legal_transitions(bench: Bench, marie: str) -> None:
    made = bench.book(marie)["rendez_vous"]
    bench.product.annuler_rendez_vous(made)
    sent = len(bench.mes.business())
    with pytest.raises(Refusal, match="peut être confirmé"):
        bench.product.confirmer_rendez_vous(made)
    with pytest.raises(Refusal, match="ne peut pas passer"):
        bench.product.deplacer_rendez_vous(made, "2026-07-12T10:00")
    with pytest.raises(Refusal, match="ne peut pas passer"):
        bench.product.constater_rendez_vous(made, "honore")
    assert len(bench.mes.business()) == sent


def test_a_resend_is_the_same_event(bench: Bench, marie: str) -> None:
    made = bench.book(marie)
    bench.product.renvoyer_rendez_vous(made["rendez_vous"])
    first, again = bench.mes.business()
    assert again.method == "PUT"
    assert again.json == first.json


def test_an_appointment_at_home_without_professional_still_names_the_establishment(bench: Bench, marie: str) -> None:
    bench.book(marie, professionnel=None, lieu="domicile", adresse="1 rue Fictive, 99999 Nullepart")
    resource = last(bench)
    kinds = [p["actor"]["type"] for p in resource["participant"]]
    assert kinds == ["Patient", "HealthcareService", "Location"]
    assert resource["contained"][1]["address"]["text"].startswith("1 rue Fictive")


def test_unpaired_nothing_leaves(bench: Bench) -> None:
    marie = bench.declare()
    assert bench.book(marie)["envoi"]["etat"] == "sans_objet"
    assert bench.mes.seen == []
    bench.pair(marie)
    assert bench.mes.business() == []
