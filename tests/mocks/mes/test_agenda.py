"""The agenda API, as a service and its usager see it."""

from typing import Any

import pytest

from mocks.mes import model_agenda
from tests.mocks.mes.product import ASSIGN_AUTH, Product, Tokens, appointment

SYSTEM = "urn:oid:1.2.250.1.999.10.1"
START = "2024-10-27T09:00:00+01:00"


def found(product: Product, tokens: Tokens, **more: Any) -> list[dict[str, Any]]:
    answer = product.fhir("GET", "Appointment", tokens, params={"patient.identifier": tokens.subject, **more})
    assert answer.status_code == 200, answer.text
    return [entry["resource"] for entry in answer.json().get("entry", [])]


def diary(product: Product, person: dict[str, Any]) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = product.admin("GET", f"mes/usagers/{person['id']}/agenda")["evenements"]
    return events


def another_source(product: Product, person: dict[str, Any]) -> tuple[Product, Tokens]:
    other = product.another()
    return other, other.pair(person, idpe="autre-77")


def test_an_appointment_is_created_moved_and_cancelled_as_one_event(
    product: Product, person: dict[str, Any], tokens: Tokens
) -> None:
    made = product.put_appointment(tokens)
    assert made.status_code == 201
    assert made.headers["Location"].startswith(f"{product.base}/fhir/Appointment/")
    condition = {"identifier": f"{SYSTEM}|rdv-1"}
    moved = appointment(tokens, start="2024-10-28T09:00:00+01:00", end="2024-10-28T09:30:00+01:00")
    assert product.fhir("PUT", "Appointment", tokens, params=condition, json=moved).status_code == 200
    address = f"Appointment/{made.json()['id']}"
    cancelled = {**moved, "id": made.json()["id"], "status": "cancelled"}
    assert product.fhir("PUT", address, tokens, json=cancelled, headers={"If-Match": 'W/"1"'}).status_code == 412
    assert product.fhir("PUT", address, tokens, json=cancelled, headers={"If-Match": 'W/"2"'}).status_code == 200
    event = diary(product, person)
    assert [(e["debut"], e["statut"], e["source"], e["auteur"], e["version"]) for e in event] == [
        ("2024-10-28T09:00:00+01:00", "cancelled", product.oid, "EDITOR_SOLUTION", 3)
    ]
    assert event[0]["identifiant"] == {"system": SYSTEM, "value": "rdv-1"}
    assert event[0]["auteur_libelle"] == "Portail des Tilleuls"


def test_what_was_stored_is_told_to_the_journal(product: Product, tokens: Tokens) -> None:
    made = product.put_appointment(tokens).json()
    stored = product.admin.last("mes.fhir.appointment.create")["context"]["stored"]
    expected = {"type": "Appointment", "id": made["id"], "version": 1, "created": True, "source": product.oid}
    assert stored == expected
    assert made["meta"]["source"] == f"urn:oid:{product.oid}"
    assert {"system": "https://banc.test/mes/auteur", "code": "EDITOR_SOLUTION"} in made["meta"]["tag"]


@pytest.mark.parametrize(("policy", "status"), [("mettre_a_jour", 200), ("refuser", 409)])
def test_the_same_identifier_twice_is_one_event(
    product: Product, person: dict[str, Any], tokens: Tokens, policy: str, status: int
) -> None:
    product.admin.set(doublon_identifiant=policy)
    answers = [product.put_appointment(tokens, description=text).status_code for text in ("une fois", "deux fois")]
    assert answers == [201, status]
    kept = "deux fois" if policy == "mettre_a_jour" else "une fois"
    assert [event["libelle"] for event in diary(product, person)] == [kept]


def test_the_same_identifier_from_two_services_is_two_events_each_its_own(
    product: Product, person: dict[str, Any], tokens: Tokens
) -> None:
    other, others = another_source(product, person)
    assert [product.put_appointment(tokens).status_code, other.put_appointment(others).status_code] == [201, 201]
    condition = {"identifier": f"{SYSTEM}|rdv-1"}
    changed = appointment(others, description="changé par l'autre")
    assert other.fhir("PUT", "Appointment", others, params=condition, json=changed).status_code == 200
    texts = {event["source"]: event["libelle"] for event in diary(product, person)}
    assert texts == {product.oid: "Kinésithérapie", other.oid: "changé par l'autre"}


def test_each_reader_sees_all_sources_and_only_its_own_idpe(
    product: Product, person: dict[str, Any], tokens: Tokens
) -> None:
    other, others = another_source(product, person)
    product.put_appointment(tokens)
    product.admin("POST", f"mes/usagers/{person['id']}/evenements", debut=START, libelle="Coiffeur")
    seen = found(other, others)
    assert sorted(resource["meta"]["source"] for resource in seen) == ["urn:banc:usager", f"urn:oid:{product.oid}"]
    assert {code["code"] for r in seen for code in r["meta"]["tag"]} == {"PATIENT", "EDITOR_SOLUTION"}
    assert [model_agenda.patients(resource) for resource in seen] == [[(ASSIGN_AUTH, others.idpe)]] * 2
    assert tokens.idpe not in str(seen)


def test_an_event_of_another_source_is_not_written(product: Product, person: dict[str, Any], tokens: Tokens) -> None:
    other, others = another_source(product, person)
    typed = product.admin("POST", f"mes/usagers/{person['id']}/evenements", debut=START, libelle="Coiffeur")
    for id_ in (product.put_appointment(tokens).json()["id"], typed["id"]):
        body = {**appointment(others), "id": id_}
        assert other.fhir("PUT", f"Appointment/{id_}", others, json=body).status_code == 403
        assert other.fhir("GET", f"Appointment/{id_}", others).status_code == 200


def test_the_event_of_another_usager_does_not_exist(product: Product, tokens: Tokens) -> None:
    stranger = product.pair(product.admin("POST", "personnes"))
    id_ = product.put_appointment(tokens).json()["id"]
    body = {**appointment(stranger), "id": id_}
    answers = [
        product.fhir("GET", f"Appointment/{id_}", stranger),
        product.fhir("GET", f"Appointment/{id_}/_history", stranger),
        product.fhir("PUT", f"Appointment/{id_}", stranger, json=body),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert found(product, stranger) == []


def test_an_event_is_not_deleted(product: Product, tokens: Tokens) -> None:
    id_ = product.put_appointment(tokens).json()["id"]
    assert product.fhir("DELETE", f"Appointment/{id_}", tokens).status_code == 405
    assert len(found(product, tokens)) == 1


@pytest.mark.parametrize("query", ["", "?date=ge2024-01-01", "?patient.identifier=", "?patient.identifier=esms-p1"])
def test_a_search_names_its_subject_with_the_authority(product: Product, tokens: Tokens, query: str) -> None:
    answer = product.fhir("GET", f"Appointment{query}", tokens)
    assert (answer.status_code, answer.json()["resourceType"]) == (400, "OperationOutcome")


@pytest.mark.parametrize(
    ("criteria", "labels"),
    [
        ({}, ["a", "b", "c"]),
        ({"date": "ge2024-10-28"}, ["b", "c"]),
        ({"date": ["ge2024-10-28", "lt2024-10-29"]}, ["b"]),
        ({"status": "cancelled"}, ["c"]),
        ({"identifier": f"{SYSTEM}|a"}, ["a"]),
        ({"identifier": "urn:oid:1.9|a"}, []),
    ],
)
def test_searches(product: Product, tokens: Tokens, criteria: dict[str, Any], labels: list[str]) -> None:
    for name, day, status in (("a", 27, "booked"), ("b", 28, "booked"), ("c", 29, "cancelled")):
        hours = {"start": f"2024-10-{day}T09:00:00+01:00", "end": f"2024-10-{day}T10:00:00+01:00"}
        identifier = [{"system": SYSTEM, "value": name}]
        product.put_appointment(tokens, identifier=identifier, description=name, status=status, **hours)
    assert [resource["description"] for resource in found(product, tokens, **criteria)] == labels


@pytest.mark.check("AGD-092")
def test_reads_ask_consent_and_come_in_pages_of_fifty(product: Product, person: dict[str, Any], tokens: Tokens) -> None:
    for rank in range(53):
        product.admin(
            "POST", f"mes/usagers/{person['id']}/evenements", debut=f"2024-10-01T08:{rank:02d}:00Z", libelle=str(rank)
        )
    page = product.fhir("GET", "Appointment", tokens, params={"patient.identifier": tokens.subject}).json()
    links = {link["relation"]: link["url"] for link in page["link"]}
    assert (page["total"], len(page["entry"])) == (53, 50)
    rest = product.http.get(links["next"], headers=tokens.headers()).json()
    assert len({entry["resource"]["id"] for entry in page["entry"] + rest["entry"]}) == 53
    assert "next" not in {link["relation"] for link in rest["link"]}
    product.admin.act(person["id"], "consentement_retire", oid=product.oid, finalite="AGENDA_LECTURE")
    assert product.http.get(links["next"], headers=tokens.headers()).status_code == 403


@pytest.mark.check("AGD-094")
def test_the_raw_query_stays_visible(product: Product, tokens: Tokens) -> None:
    raw = f"/fhir/Appointment?patient.identifier={tokens.subject}&date=ge2024-01-01T00:00:00Z"
    target = product.http.build_request("GET", product.base + raw, headers=tokens.headers())
    target.extensions["target"] = (product.base + raw).removeprefix("https://banc.test").encode()
    assert product.http.send(target).status_code == 200
    entry = product.admin.last("mes.fhir.appointment.search")
    assert entry["request"]["target"].endswith(raw)
    assert [note["code"] for note in entry["notes"]] == ["barre-nue"]


@pytest.mark.check("AGD-096")
@pytest.mark.parametrize(
    ("accept", "notes"), [("application/fhir+json", 0), ("application/json+fhir", 1), ("application/json", 1)]
)
def test_both_media_types_are_taken_and_others_than_fhir_json_noted(
    product: Product, tokens: Tokens, accept: str, notes: int
) -> None:
    query = {"patient.identifier": tokens.subject}
    answer = product.fhir("GET", "Appointment", tokens, params=query, headers={"Accept": accept})
    assert answer.status_code == 200
    assert len(product.admin.last("mes.fhir.appointment.search")["notes"]) == notes


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": None}, 422),
        ({"status": "n-existe-pas"}, 422),
        ({"participant": None}, 422),
        ({"start": "2024-10-27T09:00:00"}, 422),
        ({"end": None}, 422),
        ({"resourceType": "Patient"}, 400),
    ],
)
def test_an_appointment_against_the_profile_is_refused_whatever_its_fault(
    product: Product, tokens: Tokens, changes: dict[str, Any], status: int
) -> None:
    answer = product.fhir("POST", "Appointment", tokens, json=appointment(tokens, **changes))
    assert (answer.status_code, found(product, tokens)) == (status, [])


def test_the_profile_setting_lets_an_imperfect_appointment_in_with_a_remark(product: Product, tokens: Tokens) -> None:
    product.admin.set(profil_agenda="accepter")
    assert product.put_appointment(tokens, end=None).status_code == 201
    notes = product.admin.last("mes.fhir.appointment.create")["notes"]
    assert {note["code"] for note in notes} == {"profil-non-respecte"}


@pytest.mark.check("MES-80")
def test_a_warning_alone_never_refuses(product: Product, tokens: Tokens) -> None:
    reason = {"coding": [{"system": "https://exemple.test/motifs", "code": "x"}]}
    answer = product.put_appointment(tokens, serviceType=[reason], identifier=None)
    assert answer.status_code == 201
    assert "identifiant-absent" in [note["code"] for note in product.admin.last()["notes"]]


def test_an_appointment_without_its_usager_is_refused(product: Product, tokens: Tokens) -> None:
    alone = [{"actor": {"type": "Practitioner", "display": "Dr Zoé Brûlé"}, "status": "accepted"}]
    answer = product.put_appointment(tokens, participant=alone)
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (422, "required")


@pytest.mark.parametrize(("mode", "status"), [("strict", 422), ("souple", 200)])
def test_an_illegal_change_of_status_is_refused_or_noted(
    product: Product, tokens: Tokens, mode: str, status: int
) -> None:
    product.admin.set(transitions_agenda=mode)
    product.put_appointment(tokens, status="cancelled")
    answer = product.put_appointment(tokens, status="booked")
    assert answer.status_code == status
    entry = product.admin.last("mes.fhir.appointment.create")
    if mode == "strict":
        assert answer.json()["issue"][0]["code"] == "business-rule"
        assert found(product, tokens)[0]["status"] == "cancelled"
    else:
        assert [note["code"] for note in entry["notes"]] == ["transition-interdite"]


@pytest.mark.parametrize(
    ("old", "new", "legal"),
    [
        ("proposed", "pending", True),
        ("pending", "booked", True),
        ("booked", "fulfilled", True),
        ("booked", "noshow", True),
        ("booked", "booked", True),
        ("booked", "proposed", False),
        ("checked-in", "fulfilled", True),
        ("fulfilled", "entered-in-error", True),
        ("cancelled", "booked", False),
        ("noshow", "fulfilled", False),
        ("entered-in-error", "booked", False),
        ("entered-in-error", "entered-in-error", True),
    ],
)
def test_transitions(old: str, new: str, legal: bool) -> None:
    assert model_agenda.may_become(old, new) is legal


@pytest.mark.parametrize(
    ("debut", "professional", "flagged"),
    [
        ("2024-10-27T09:04:00+01:00", "Dr Zoé Brûlé", True),
        ("2024-10-27T08:05:00Z", "dr zoé brûlé", True),
        ("2024-10-27T09:06:00+01:00", "Dr Zoé Brûlé", False),
        ("2024-10-27T09:00:00+01:00", "Dr Autre", False),
    ],
)
def test_probable_duplicates_are_kept_and_flagged(
    product: Product, person: dict[str, Any], tokens: Tokens, debut: str, professional: str, flagged: bool
) -> None:
    product.put_appointment(tokens)
    body = {"debut": debut, "libelle": "Kiné", "professionnel": professional, "source": "1.2.250.1.999.55"}
    product.admin("POST", f"mes/usagers/{person['id']}/evenements", **body)
    assert [event["doublon_probable"] for event in diary(product, person)] == [flagged, flagged]


def test_a_fault_of_a_person_cuts_after_the_event_is_kept(
    product: Product, person: dict[str, Any], tokens: Tokens
) -> None:
    fault = {"operation": "mes.fhir.appointment.create", "nature": "coupure_apres", "personne": person["id"]}
    product.admin("POST", "pannes", **fault)
    with pytest.raises(Exception, match="coupée"):
        product.put_appointment(tokens)
    assert len(diary(product, person)) == 1
    assert product.put_appointment(tokens).status_code == 200
