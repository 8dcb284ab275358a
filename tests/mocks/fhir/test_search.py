from typing import Any

import httpx
import pytest

from mocks import faults, journal, tenants
from mocks.fhir import Scope
from mocks.fhir.search.params import Reading, plan_for
from mocks.sandbox import Sandbox
from tests.mocks.fhir.toy import SERVER, appointment

JSON = {"Content-Type": "application/fhir+json"}


def post(fhir: httpx.Client, resource: dict[str, Any], **headers: str) -> str:
    answer = fhir.post(f"/{resource['resourceType']}", json=resource, headers={**JSON, **headers})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def actor(**reference: object) -> list[dict[str, object]]:
    return [{"actor": reference, "status": "accepted"}]


def named(name: str, **changes: object) -> dict[str, Any]:
    return appointment(description=name, **changes)


def found(fhir: httpx.Client, query: str) -> list[str]:
    answer = fhir.get(f"/Appointment?{query}")
    assert answer.status_code == 200, answer.text
    bundle = answer.json()
    names = [
        entry["resource"]["description"] for entry in bundle.get("entry", []) if entry["search"]["mode"] == "match"
    ]
    assert bundle["total"] == len(names)
    return names


def notes(sandbox: Sandbox) -> list[str]:
    with sandbox.store.session() as session:
        return [note["code"] for note in journal.read(session, "defaut")[-1]["notes"]]


@pytest.fixture
def agenda(fhir: httpx.Client) -> httpx.Client:
    """Four appointments, each found by something of its own."""
    patient = post(fhir, {"resourceType": "Patient", "identifier": [{"system": "urn:oid:9.9", "value": "stocké"}]})
    contained = {"resourceType": "Patient", "id": "pat", "identifier": [{"system": "urn:oid:9.9", "value": "inclus"}]}
    for resource in (
        named("un"),
        named(
            "Évaluation 50%",
            status="cancelled",
            identifier=[{"value": "nu"}, {"system": "urn:oid:5", "value": "a|b,c"}],
            specialty=[{"coding": [{"system": "urn:s", "code": "SM54"}]}],
            start="2026-07-07T08:00:00Z",
            end="2026-07-07T09:00:00Z",
            participant=actor(reference=f"Patient/{patient}"),
        ),
        named(
            "trois",
            start="2026-07-08T08:00:00Z",
            end="2026-07-08T09:00:00Z",
            contained=[contained],
            participant=actor(reference="#pat"),
            requestedPeriod=[{"start": "2026-01-01"}],
        ),
        named(
            "quatre",
            status="proposed",
            start=None,
            end=None,
            comment="à rappeler",
            participant=actor(reference="https://autre.test/fhir/Practitioner/7"),
            slot=[{"reference": "Slot/s1"}],
        ),
    ):
        post(fhir, resource)
    return fhir


UN, DEUX, TROIS, QUATRE = "un", "Évaluation 50%", "trois", "quatre"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [UN, DEUX, TROIS, QUATRE]),
        ("identifier=rdv-1", [UN, TROIS, QUATRE]),
        ("identifier=urn:oid:1.2.3%7Crdv-1", [UN, TROIS, QUATRE]),
        ("identifier=urn:oid:autre%7Crdv-1", []),
        ("identifier=%7Cnu", [DEUX]),
        ("identifier=%7Crdv-1", []),
        ("identifier=urn:oid:5%7C", [DEUX]),
        ("identifier=urn:oid:5%7Ca%5C%7Cb%5C,c", [DEUX]),
        ("status=booked,proposed", [UN, TROIS, QUATRE]),
        ("status=http://hl7.org/fhir/appointmentstatus%7Ccancelled", [DEUX]),
        ("status:not=booked", [DEUX, QUATRE]),
        ("status=booked&status=cancelled", []),
        ("specialty=urn:s%7CSM54", [DEUX]),
        ("specialty:missing=false", [DEUX]),
        ("date:missing=true", [QUATRE]),
        ("description=evaluation 50", [DEUX]),
        ("description=valuation", []),
        ("description:contains=valuation 50%25", [DEUX]),
        ("description:contains=_", []),
        ("description:exact=trois", [TROIS]),
        ("description:exact=Trois", []),
        ("description=A RAPP", [QUATRE]),
        ("patient.identifier=urn:oid:9.9%7Cidpe-1", [UN]),
        ("patient:identifier=urn:oid:9.9%7Cidpe-1", [UN]),
        ("actor:Patient.identifier=idpe-1", [UN]),
        ("actor:Practitioner.identifier=idpe-1", []),
        ("actor.identifier=idpe-1,inclus", [UN, TROIS]),
        ("patient.identifier=urn:oid:9.9%7Cinclus", [TROIS]),
        ("patient.identifier=urn:oid:9.9%7Cstock%C3%A9", [DEUX]),
        ("actor:Patient.identifier=urn:oid:8%7Cstock%C3%A9", []),
        ("actor=https://autre.test/fhir/Practitioner/7", [QUATRE]),
        ("actor=Practitioner/7", []),
        ("slot=Slot/s1", [QUATRE]),
        ("slot=s1", [QUATRE]),
        ("slot:Slot=s1", [QUATRE]),
        ("slot=Patient/s1", []),
        ("slot=https://banc.test/toy/fhir/Slot/s1", [QUATRE]),
        ("date=2026-07-06", [UN]),
        ("date=ge2026-07-06T14:00:00%2B02:00&date=lt2026-07-07T08:00:00Z", [UN]),
        ("date=ge2026-07-06T12:00:00Z&date=le2026-07-07T08:00:00Z", [UN, DEUX]),
        ("date=gt2026-07-06T12:00:00Z", [DEUX, TROIS]),
        ("date=2026-07-06,2026-07-08", [UN, TROIS]),
        ("date=ne2026-07-06", [DEUX, TROIS]),
        ("asked=gt2040", [TROIS]),
        ("_sort=-date", [TROIS, DEUX, UN, QUATRE]),
        ("_sort=status,-date", [TROIS, UN, DEUX, QUATRE]),
        ("_lastUpdated=lt2020", []),
        ("_lastUpdated=gt2020&status=cancelled", [DEUX]),
        ("_id=inconnu", []),
        ("status=", [UN, DEUX, TROIS, QUATRE]),
    ],
)
def test_search(agenda: httpx.Client, query: str, expected: list[str]) -> None:
    assert found(agenda, query) == expected


def test_id_and_self_link_show_what_was_understood(agenda: httpx.Client, sandbox: Sandbox) -> None:
    id_ = agenda.get("/Appointment?description=trois").json()["entry"][0]["resource"]["id"]
    bundle = agenda.get(f"/Appointment?_id={id_}&couleur=bleu&_format=json").json()
    assert [entry["resource"]["id"] for entry in bundle["entry"]] == [id_]
    assert bundle["link"] == [{"relation": "self", "url": f"https://banc.test/toy/fhir/Appointment?_id={id_}"}]
    assert notes(sandbox) == ["parametre-inconnu"]


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("date=demain", {}),
        ("date=2026-13-01", {}),
        ("status:couleur=x", {}),
        ("date:not=2026", {}),
        ("date:missing=oui", {}),
        ("_count=-1", {}),
        ("_summary=beaucoup", {}),
        ("_include=Appointment:couleur", {}),
        ("actor:Slot.identifier=x", {}),
        ("date.identifier=x", {}),
        ("status=%FF", {}),
        ("couleur=bleu", {"Prefer": "handling=strict"}),
        ("_sort=couleur", {"Prefer": "handling=strict"}),
        ("patient=1", {"Prefer": "handling=strict"}),
    ],
)
def test_a_search_that_cannot_be_understood_is_refused(fhir: httpx.Client, query: str, headers: dict[str, str]) -> None:
    answer = fhir.get(f"/Appointment?{query}", headers=headers)
    assert (answer.status_code, answer.json()["resourceType"]) == (400, "OperationOutcome")


@pytest.mark.parametrize(
    ("query", "expected", "note"),
    [
        (b"date=2026-07-06T14:00:00", [UN], "sans-decalage"),
        (b"date=2026-07-06T14:00:00+02:00", [UN], "plus-non-encode"),
        (b"identifier=urn:oid:5|a%5C|b%5C,c", [DEUX], "barre-nue"),
        (b"identifier=urn:oid:1.2.3%5C%7Crdv-1&date=2026-07-06", [UN], "barre-echappee"),
        (b"date=2026-07-06&couleur=bleu", [UN], "parametre-inconnu"),
        (b"date=2026-07-06&_count=1000", [UN], "page-reduite"),
    ],
)
def test_what_is_mended_is_noted(
    agenda: httpx.Client, sandbox: Sandbox, query: bytes, expected: list[str], note: str
) -> None:
    target = b"/toy/fhir/Appointment?" + query
    bundle = agenda.get("/Appointment", extensions={"target": target}).json()
    assert [entry["resource"]["description"] for entry in bundle["entry"]] == expected
    assert note in notes(sandbox)


def test_search_by_post(agenda: httpx.Client) -> None:
    answer = agenda.post("/Appointment/_search?date=ge2026-07-07", data={"status": "booked"})
    assert [entry["resource"]["description"] for entry in answer.json()["entry"]] == [TROIS]
    assert agenda.post("/Appointment/_search", json={"status": "booked"}).status_code == 415


def test_pages_do_not_move_while_events_are_added(fhir: httpx.Client) -> None:
    names = [f"rdv {rank}" for rank in range(7)]
    ids = [post(fhir, named(name)) for name in names]
    seen, url, previous = [], "/Appointment?status=booked&_count=3", []
    while url:
        bundle = fhir.get(url).json()
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        seen += [entry["resource"]["description"] for entry in bundle["entry"]]
        previous.append("previous" in links)
        assert (bundle["total"], fhir.get(links["self"]).json()["total"] >= 7) == (7, True)
        url = links.get("next", "")
        post(fhir, named("ajouté"))
        fhir.put(f"/Appointment/{ids[4]}", json=named("changé", id=ids[4], status="cancelled"), headers=JSON)
    assert (seen, previous) == (names, [False, True, True])


def test_a_page_belongs_to_whom_it_was_made_for(fhir: httpx.Client) -> None:
    for _ in range(3):
        post(fhir, named("x"), **{"X-Personne": "p1"})
    links = fhir.get("/Appointment?_count=2", headers={"X-Personne": "p1"}).json()["link"]
    following = next(link["url"] for link in links if link["relation"] == "next")
    assert fhir.get(following, headers={"X-Personne": "p1"}).status_code == 200
    assert fhir.get(following, headers={"X-Personne": "p2"}).status_code == 404
    assert fhir.get("/Appointment?_page=inconnue").status_code == 404


def test_pages_by_number(fhir: httpx.Client) -> None:
    for rank in range(5):
        post(fhir, {"resourceType": "Basic", "code": {"coding": [{"code": "c"}], "text": str(rank)}})
    bundle = fhir.get("/Basic?code=c&_count=2&_offset=1").json()
    assert [entry["resource"]["code"]["text"] for entry in bundle["entry"]] == ["2", "3"]
    assert [link["relation"] for link in bundle["link"]] == ["self", "next", "previous"]
    assert bundle["link"][1]["url"].endswith("/Basic?code=c&_count=2&_offset=2")
    assert fhir.get("/Basic?_offset=x").status_code == 400


def test_includes_come_once_and_are_not_matches(fhir: httpx.Client) -> None:
    patient = post(fhir, {"resourceType": "Patient"})
    schedule = post(fhir, {"resourceType": "Schedule", "actor": [{"reference": f"Patient/{patient}"}]})
    for _ in range(2):
        slot = {"resourceType": "Slot", "status": "free", "schedule": {"reference": f"Schedule/{schedule}"}}
        post(fhir, {**slot, "start": "2026-07-06T12:00:00Z", "end": "2026-07-06T13:00:00Z"})
    for query, expected in (
        ("", []),
        ("_include=Slot:schedule", ["Schedule"]),
        ("_include=Slot:schedule&_include:iterate=Schedule:actor", ["Schedule", "Patient"]),
        ("_include=Slot:schedule&_include=Schedule:actor:Patient", ["Schedule", "Patient"]),
        ("_include=Slot.schedule", ["Schedule"]),
        ("_include=Slot:*", ["Schedule"]),
    ):
        bundle = fhir.get(f"/Slot?schedule.actor=Patient/{patient}&{query}").json()
        modes = [(entry["resource"]["resourceType"], entry["search"]["mode"]) for entry in bundle["entry"]]
        assert modes == [("Slot", "match")] * 2 + [(type_, "include") for type_ in expected]
        assert bundle["total"] == 2


def test_an_include_never_shows_another_person(fhir: httpx.Client) -> None:
    hidden = post(fhir, appointment(), **{"X-Personne": "p2"})
    patient = post(
        fhir, {"resourceType": "Patient", "link": [{"other": {"reference": f"Patient/{hidden}"}, "type": "seealso"}]}
    )
    bundle = fhir.get(f"/Patient?_id={patient}&_include=Patient:link").json()
    assert len(bundle["entry"]) == 1


def test_summary_and_elements(agenda: httpx.Client) -> None:
    counted = agenda.get("/Appointment?_summary=count").json()
    assert (counted["total"], "entry" in counted) == (4, False)
    assert agenda.get("/Appointment?_count=0").json()["total"] == 4
    some = agenda.get("/Appointment?_elements=status&date=2026-07-06").json()["entry"][0]["resource"]
    assert set(some) == {"resourceType", "id", "meta", "status"}
    assert some["meta"]["tag"][0]["code"] == "SUBSETTED"
    short = agenda.get("/Appointment?_summary=true&date=2026-07-06").json()["entry"][0]["resource"]
    assert "description" not in short
    assert "participant" in short


@pytest.mark.parametrize("nature", ["lien_boucle", "code_inconnu", "accents"])
def test_faults_of_content(fhir: httpx.Client, sandbox: Sandbox, nature: str) -> None:
    from dataclasses import replace

    post(fhir, named("x"))
    with sandbox.store.session("defaut") as session:
        fault = faults.checked({"operation": "toy.fhir.appointment.search", "nature": nature})
        tenants.save(session, replace(tenants.load(session, "defaut"), faults=[fault]))
        session.commit()
    spoilt, healthy = fhir.get("/Appointment").json(), fhir.get("/Appointment").json()
    links = {link["relation"]: link["url"] for link in spoilt["link"]}
    resource = spoilt["entry"][0]["resource"]
    seen = {
        "lien_boucle": links.get("next") == links["self"],
        "code_inconnu": resource["status"] == "code-inconnu-du-banc",
        "accents": "Noël" in resource["description"],
    }
    assert seen == {key: key == nature for key in seen}
    assert healthy["entry"][0]["resource"]["description"] == "x"


@pytest.mark.parametrize(
    ("scope", "query", "index"),
    [
        (Scope("p1"), [("patient.identifier", "s|v"), ("date", "ge2026")], "fhir_resources_by_compartment"),
        (Scope(), [("patient.identifier", "s|v"), ("date", "ge2026")], "fhir_values_by_value"),
        (Scope(), [("identifier", "s|v")], "fhir_values_by_value"),
        (Scope(), [("slot", "Slot/1"), ("status", "booked")], "fhir_values_by_value"),
    ],
)
def test_no_search_goes_through_all_resources(scope: Scope, query: list[tuple[str, str]], index: str) -> None:
    sandbox = Sandbox(services=[])
    plan = plan_for(Reading(SERVER.endpoints, "Appointment"), query, scope)
    with sandbox.store.engine.connect() as connection:
        prepared = plan.statement().on(connection.dialect)
        driver: Any = connection.connection.driver_connection
        binds = prepared.arguments(plan.binds(lambda type_: type_, "Appointment", 51))
        steps = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {prepared.text}", binds)]
    sandbox.close()
    assert any(index in step for step in steps)
    assert not [step for step in steps if step.startswith("SCAN ") and "SUBQUERY" not in step and "fhir_" in step]
    by_unique = [step for step in steps if "(space=?)" in step]
    assert by_unique == []
