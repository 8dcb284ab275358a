"""INT_R03: appointments told to the platform, then each of their steps."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.mocks.sas.platform import (
    INDIVIDUAL,
    NATIONAL,
    OF_SOS,
    OURS,
    TECHNICAL,
    Platform,
    appointment,
    by_identifier,
    numbered,
    operator,
)
from tests.profiles import official

GUIDE = "ans.fhir.fr.sas-1.2.0"


def test_an_appointment_is_created_then_updated_by_its_identifier(platform: Platform) -> None:
    made = platform.send("POST", "Appointment", appointment())
    assert (made.status_code, made.headers["ETag"]) == (201, 'W/"1"')
    assert (
        made.headers["Location"]
        == f"{platform.root}/t/{platform.tenant}/sas/fhir/Appointment/{made.json()['id']}/_history/1"
    )
    assert platform.last()["notes"][0]["code"] == "regulateur-inconnu"
    changed = platform.send("PUT", by_identifier(), appointment(status="fulfilled"))
    assert (changed.status_code, changed.json()["id"]) == (200, made.json()["id"])
    assert changed.headers["Location"].endswith("/_history/2")
    (held,) = platform.held()
    assert (held["histoire"], held["statut"], held["identifiants"]) == (
        ["booked", "fulfilled"],
        "fulfilled",
        [f"{OURS}|rdv-1"],
    )


def test_the_context_tells_variant_transition_and_regulator(platform: Platform) -> None:
    known = platform.admin("POST", "sas/regulateurs", {"identifiant": "national"})
    by = operator(numbered("IDNPS", NATIONAL, known["identifiant_national"]))
    platform.send("POST", "Appointment", appointment(extension=[by]))
    told = platform.last()
    assert told["operation"] == "sas.fhir.appointment.create"
    context = told["context"]
    assert (context["variante"], context["regulateur"], told["notes"]) == ("ps", known["id"], [])
    assert context["transition"] == {"from": None, "to": "booked", "allowed": True}


def test_a_person_keeps_her_technical_identifier(platform: Platform) -> None:
    known = platform.admin("POST", "sas/regulateurs", {})
    assert known["identifiant_national"] == ""
    changed = platform.admin("PATCH", f"sas/regulateurs/{known['id']}", {"identifiant_national": True, "actif": False})
    assert changed["identifiant_national"].count("/") == 1
    assert changed["actif"] is False
    for identifier in (
        numbered("INTRN", TECHNICAL, known["identifiant_technique"]),
        numbered("IDNPS", NATIONAL, changed["identifiant_national"]),
    ):
        platform.send("POST", "Appointment", appointment(identifier["value"], extension=[operator(identifier)]))
        assert platform.last()["context"]["regulateur"] == known["id"]


def test_sos_is_judged_by_its_own_profile(platform: Platform) -> None:
    claimed = appointment(status="pending", **OF_SOS)
    assert platform.send("POST", "Appointment", claimed).status_code == 201
    assert platform.last()["context"]["variante"] == "sos"
    unclaimed = {**appointment("rdv-2", status="pending", **OF_SOS), "meta": {}}
    platform.send("POST", "Appointment", unclaimed)
    assert (platform.last()["context"]["variante"], "statut-hors-flux" in platform.noted()) == ("sos", False)


@pytest.mark.parametrize(
    ("resource", "status"),
    [
        ("{", 400),
        ("", 400),
        ({"resourceType": "Patient"}, 400),
        ({"resourceType": "Appointment", "status": 3}, 422),
        (appointment(extension=None), 422),
        (appointment(identifier=[]), 400),
        (appointment(end=None), 422),
        (appointment(status="NOSHOW"), 422),
        (appointment(start="2026-07-06T14:00:00"), 422),
        (appointment(identifier=[{"system": OURS, "value": "1"}, {"system": OURS, "value": "2"}]), 400),
    ],
)
def test_what_is_not_such_an_appointment_is_refused(platform: Platform, resource: Any, status: int) -> None:
    for method, path in (("POST", "Appointment"), ("PUT", by_identifier())):
        answer = platform.send(method, path, resource)
        assert (answer.status_code, answer.json()["resourceType"]) == (status, "OperationOutcome")
        assert answer.json()["issue"][0]["severity"] == "error"
    assert platform.held() == []


def test_a_profile_may_be_noted_only(platform: Platform) -> None:
    platform.set(profil="noter")
    assert platform.send("POST", "Appointment", appointment(end=None, status="cancelled")).status_code == 201
    assert "profil-non-respecte" in platform.noted()
    assert platform.send("POST", "Appointment", "{").status_code == 400


@pytest.mark.parametrize(
    ("policy", "status", "held"), [("refuser", 409, 1), ("fusionner", 200, 1), ("accepter", 201, 2)]
)
def test_the_same_identifier_posted_again(platform: Platform, policy: str, status: int, held: int) -> None:
    platform.set(rendez_vous_deja_connu=policy)
    platform.send("POST", "Appointment", appointment())
    answer = platform.send("POST", "Appointment", appointment(status="cancelled"))
    assert (answer.status_code, len(platform.held())) == (status, held)
    doubled = platform.admin("GET", "sas/bilan")["identifiants_en_double"]
    assert [one["identifiant"] for one in doubled] == [f"{OURS}|rdv-1"] * (held - 1)


@pytest.mark.parametrize(("policy", "status", "held"), [("creer", 201, 1), ("refuser", 404, 0)])
def test_an_update_of_what_is_not_known(platform: Platform, policy: str, status: int, held: int) -> None:
    platform.set(rendez_vous_inconnu=policy)
    assert platform.send("PUT", by_identifier(), appointment()).status_code == status
    assert len(platform.held()) == held


def test_the_parameter_in_capitals(platform: Platform) -> None:
    platform.send("POST", "Appointment", appointment())
    changed = platform.send("PUT", by_identifier(name="Identifier"), appointment(status="noshow"))
    assert (changed.status_code, len(platform.held())) == (200, 1)
    assert "parametre-majuscule" in platform.noted()
    assert platform.last()["request"]["target"].split("?")[1].startswith("Identifier=urn%3Aoid")
    platform.set(parametre_majuscule="refuser")
    assert platform.send("PUT", by_identifier(name="Identifier"), appointment()).status_code == 400


@pytest.mark.parametrize("path", ["Appointment", "Appointment?status=booked", "Appointment?identifier="])
def test_an_update_without_identifier_is_refused(platform: Platform, path: str) -> None:
    assert platform.send("PUT", path, appointment()).status_code == 400


def test_statuses(platform: Platform) -> None:
    platform.send("POST", "Appointment", appointment(status="proposed"))
    assert "statut-hors-flux" in platform.noted()
    platform.send("PUT", by_identifier(), appointment(status="cancelled"))
    platform.send("PUT", by_identifier(), appointment(status="booked"))
    assert "transition-interdite" in platform.noted()
    platform.set(statuts="strict", regulateur_inconnu="noter")
    platform.send("PUT", by_identifier(), appointment(status="cancelled"))
    refused = platform.send("PUT", by_identifier(), appointment(status="fulfilled"))
    assert (refused.status_code, refused.json()["issue"][0]["code"]) == (422, "business-rule")
    assert platform.last()["context"]["refusal"] == "transition-interdite"


def test_a_regulator_that_nobody_knows_may_be_refused(platform: Platform) -> None:
    platform.set(regulateur_inconnu="refuser")
    assert platform.send("POST", "Appointment", appointment()).status_code == 422
    assert platform.last()["context"]["refusal"] == "regulateur-inconnu"


def test_an_identifier_that_changes_is_noted(platform: Platform) -> None:
    platform.send("POST", "Appointment", appointment())
    assert platform.send("PUT", by_identifier(), appointment("rdv-2")).status_code == 200
    assert "identifiant-change" in platform.noted()


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "Appointment"), ("DELETE", "Appointment/1"), ("PUT", "Appointment/1"), ("GET", "Slot")]
)
def test_nothing_else_is_offered(platform: Platform, method: str, path: str) -> None:
    answer = platform.send(method, path, appointment() if method == "PUT" else None)
    assert (answer.status_code, answer.json()["resourceType"]) == (404 if path == "Slot" else 405, "OperationOutcome")


@pytest.mark.check("AGD-096")
def test_both_names_of_the_media_type_are_asked_without_a_note(platform: Platform) -> None:
    platform.set(regulateur_inconnu="noter")
    for name, accept in enumerate(("application/json+fhir", "application/fhir+json")):
        made = platform.send("POST", "Appointment", appointment(str(name)), Accept=accept)
        assert (made.status_code, platform.noted()) == (201, ["regulateur-inconnu"])
    assert platform.send("POST", "Appointment", appointment("x"), Accept="text/html").status_code == 406


def test_the_capability_statement(platform: Platform) -> None:
    (rest,) = platform.send("GET", "metadata").json()["rest"]
    (offered,) = rest["resource"]
    assert (offered["type"], offered["profile"]) == ("Appointment", INDIVIDUAL)
    assert ([one["code"] for one in offered["interaction"]], offered["conditionalUpdate"]) == (["create"], True)


@pytest.mark.parametrize("nature", ["500", "503", "coupure_avant", "coupure_apres"])
def test_the_platform_may_break(platform: Platform, nature: str) -> None:
    platform.admin("POST", "pannes", {"operation": "sas.fhir.appointment.create", "nature": nature, "fois": 1})
    kept = nature == "coupure_apres"
    if nature.startswith("coupure"):
        with pytest.raises(httpx.TransportError):
            platform.send("POST", "Appointment", appointment())
    else:
        assert platform.send("POST", "Appointment", appointment()).status_code == int(nature)
    assert len(platform.held()) == kept
    assert platform.send("PUT", by_identifier(), appointment()).status_code == (200 if kept else 201)
    assert len(platform.held()) == 1


def test_an_unknown_regulator_of_the_admin_api(platform: Platform) -> None:
    assert platform.admin("PATCH", "sas/regulateurs/x", {"actif": False}, status=404)["erreur"] == "regulateur-inconnu"
    platform.admin("POST", "sas/regulateurs", {"identifiant": "autre"}, status=400)


def test_tenants_and_forgetting(platform: Platform) -> None:
    platform.admin("POST", "sas/regulateurs", {"identifiant": "rpps"})
    platform.send("POST", "Appointment", appointment())
    assert len(platform.admin("GET", "sas/regulateurs")["regulateurs"]) == 1
    assert platform.http.get(f"{platform.root}/_banc/tenants/defaut/sas/rendez-vous").json()["rendez_vous"] == []


@pytest.mark.parametrize(
    ("method", "path", "first", "others"), [("POST", "Appointment", 201, 409), ("PUT", by_identifier(), 201, 200)]
)
def test_the_same_appointment_at_once_is_kept_once(
    platform: Platform, method: str, path: str, first: int, others: int
) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: platform.send(method, path, appointment()).status_code, range(16)))
    assert sorted(answers) == sorted([first, *[others] * 15])
    assert len(platform.held()) == 1
    assert platform.admin("GET", "sas/bilan")["identifiants_en_double"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param("[" * 100_000, 400, id="deep"),
        pytest.param(json.dumps(appointment(comment="x" * 60_000_000)), 413, id="huge"),
        pytest.param(json.dumps(appointment(comment="a\x00b")), 400, id="control"),
    ],
)
def test_a_body_made_to_hurt_is_refused(platform: Platform, body: str, status: int) -> None:
    assert platform.send("POST", "Appointment", body).status_code == status
    assert platform.held() == []


def test_a_step_played_again_changes_nothing_more(platform: Platform) -> None:
    platform.send("POST", "Appointment", appointment())
    cancelled = appointment(status="cancelled")
    assert [platform.send("PUT", by_identifier(), cancelled).status_code for _ in range(3)] == [200] * 3
    (held,) = platform.held()
    assert set(held["histoire"][1:]) == {"cancelled"}
    assert "transition-interdite" not in platform.noted()


@pytest.mark.skipif(GUIDE not in official.packages(), reason=official.ABSENT)
@pytest.mark.parametrize(("name", "variant"), [("1", "ps"), ("2", "ps"), ("12345678", "sos")])
def test_the_examples_of_the_guide_are_taken(platform: Platform, name: str, variant: str) -> None:
    example = {**official.examples(GUIDE)[f"Appointment-{name}.json"]}
    del example["id"]  # the server gives ids
    assert platform.send("POST", "Appointment", example).status_code == 201
    assert (platform.last()["context"]["variante"], platform.noted()) == (variant, ["regulateur-inconnu"])
