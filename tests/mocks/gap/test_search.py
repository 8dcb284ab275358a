"""Searches (flows 4a to 5b), their Bundles against the profiles of the guide, and the CapabilityStatement."""

import json
import tarfile
from pathlib import Path
from typing import Any

import httpx
import pytest

import profiles
from mocks.sandbox import Sandbox
from tests.mocks.gap.conftest import opened
from tests.mocks.gap.manager import (
    MONDAY,
    RPPS,
    Manager,
    appointment,
    on_slot,
    opening,
    with_professional,
)

GAP = "https://interop.esante.gouv.fr/ig/fhir/gap/StructureDefinition"
SLOTS = f"{GAP}/gap-bundle-reponse-demande-consult-dispo"
APPOINTMENTS = f"{GAP}/gap-bundle-reponse-demande-consult-rdv"


def errors(resource: dict[str, Any], profile: str) -> list[str]:
    return [f"{i.expression}: {i.message}" for i in profiles.validate(resource, profile) if i.severity == "error"]


def kinds(bundle: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted((entry["resource"]["resourceType"], entry["search"]["mode"]) for entry in bundle.get("entry", []))


def window(start: str, end: str) -> str:
    return f"start=ge{MONDAY}T{start}:00%2B01:00&start=le{MONDAY}T{end}:00%2B01:00"


def test_the_search_of_slots_of_the_sheet(manager: Manager) -> None:
    agenda = manager.agenda()
    manager.agenda()  # of somebody else
    manager.made(on_slot(manager.slots(agenda["schedule"])[1]))
    query = (
        f"Slot?schedule.actor:Practitioner.identifier={RPPS}%7C{agenda['identifiant_national']}"
        f"&{window('09:00', '10:30')}&status=free&_include=Slot:schedule&_include:iterate=Schedule:actor"
    )
    bundle = manager.read(query)
    found = [entry["resource"]["start"][11:16] for entry in bundle["entry"] if entry["search"]["mode"] == "match"]
    assert found == ["09:00", "10:00", "10:30"]  # bounds included, the one taken left out
    assert bundle["total"] == 3
    extras = [("Practitioner", "include"), ("PractitionerRole", "include"), ("Schedule", "include")]
    assert kinds(bundle) == [*extras, *[("Slot", "match")] * 3]
    assert errors(bundle, SLOTS) == []
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] in ("Slot", "Schedule", "Practitioner"):
            assert errors(entry["resource"], entry["resource"]["meta"]["profile"][0]) == []
    [self_link] = [link["url"] for link in bundle["link"] if link["relation"] == "self"]
    assert "start=ge" in self_link
    # Without a status, the time that is taken is shown too.
    assert len(manager.found(query.replace("&status=free", ""))) == 4


@pytest.mark.parametrize(
    ("chain", "key"),
    [
        ("schedule.actor:PractitionerRole.organization.identifier", "1"),
        ("schedule.actor:PractitionerRole.location.name", "ESMS"),
        ("schedule.actor:Practitioner.family", ""),
    ],
)
def test_chains_of_the_guide(manager: Manager, chain: str, key: str) -> None:
    agenda, other = manager.agenda(), manager.agenda(opening("14:00", "15:00"))
    practitioner = manager.read(f"Practitioner/{agenda['practitioner']}")
    organization = manager.read(f"Organization/{agenda['organization']}")
    value = {
        "1": f"urn:oid:1.2.250.1.71.4.2.2%7C{organization['identifier'][0]['value']}",
        "ESMS": organization["name"],
        "": practitioner["name"][0]["family"],
    }[key]
    found = {slot["schedule"]["reference"].split("/")[1] for slot in manager.found(f"Slot?{chain}={value}")}
    same_name = practitioner["name"] == manager.read(f"Practitioner/{other['practitioner']}")["name"]
    assert agenda["schedule"] in found
    assert (other["schedule"] in found) is (key == "" and same_name)


def test_a_window_in_utc_or_in_local_time_raw_or_encoded_is_the_same(manager: Manager) -> None:
    agenda = manager.agenda()
    base = f"Slot?schedule=Schedule/{agenda['schedule']}&"
    encoded = manager.found(base + window("09:30", "10:30"))
    in_utc = f"start=ge{MONDAY}T08:30:00Z&start=le{MONDAY}T09:30:00Z"
    raw = window("09:30", "10:30").replace("%2B", "+")
    assert len(encoded) == 3
    assert manager.found(base + in_utc) == encoded
    assert manager.found(base + raw) == encoded
    last = manager.last()
    assert "+01:00" in last["request"]["target"]
    assert "plus-non-encode" in [note["code"] for note in last["notes"]]


def test_the_worked_query_of_the_guide_is_read_as_meant(manager: Manager) -> None:
    agenda = manager.agenda()
    query = (
        f"Slot?schedule.actor:Practitioner.identifier={RPPS}%5C%7C{agenda['identifiant_national']}&status=free"
        "&_include=Slot:schedule&_include=Schedule:actor&schedule.actor:PractitionerRole.name=x"
    )
    bundle = manager.read(query)
    assert len([kind for kind in kinds(bundle) if kind == ("Practitioner", "include")]) == 1
    codes = {note["code"] for note in manager.last()["notes"]}
    assert codes == {"barre-echappee", "include-sans-iterate", "parametre-inconnu"}


def test_pages_are_whole_and_do_not_move(manager: Manager) -> None:
    agenda = manager.agenda(opening("09:00", "18:00", frequence="DAILY"))
    first = manager.read(f"Slot?schedule=Schedule/{agenda['schedule']}&_sort=start")
    assert (first["total"], len(first["entry"])) == (agenda["creneaux"], 50)
    seen = [entry["resource"]["id"] for entry in first["entry"]]
    manager.made(on_slot(first["entry"][0]["resource"]))
    page = first
    while following := [link["url"] for link in page["link"] if link["relation"] == "next"]:
        page = manager.http.get(following[0], headers={"Authorization": f"Bearer {manager.token}"}).json()
        seen += [entry["resource"]["id"] for entry in page["entry"]]
    assert len(seen) == len(set(seen)) == agenda["creneaux"]


def test_the_agenda_of_a_person(stored: Sandbox) -> None:
    with stored.embedded(), httpx.Client() as http:
        manager = opened(stored, http)
        person, patient = manager.patient()
        agenda = manager.agenda()
        slot = manager.slots(agenda["schedule"])[0]
        ins = patient["identifier"][0]
        by_address = {"actor": {"reference": f"Patient/{patient['id']}"}, "status": "accepted"}
        by_ins = {"actor": {"type": "Patient", "identifier": ins}, "status": "accepted"}
        manager.made(on_slot(slot, participant=[by_address]))
        assert manager.last()["person"] == person["id"]
        later = {"start": f"{MONDAY}T15:00:00+01:00", "end": f"{MONDAY}T16:00:00+01:00"}
        manager.made(with_professional(agenda, "rdv-2", participant=[by_ins], **later))
        manager.made(appointment("rdv-3"))  # of somebody else
        key = f"{ins['system']}%7C{ins['value']}"
        for query in (f"patient.identifier={key}", f"actor:Patient.identifier={key}"):
            bundle = manager.read(f"Appointment?{query}&_include=Appointment:actor&date=ge{MONDAY}&date=lt2026-03-17")
            assert bundle["total"] == 2
            assert errors(bundle, APPOINTMENTS) == []
            assert manager.last()["person"] == person["id"]
        assert kinds(bundle)[:1] == [("Appointment", "match")]
        practitioner = f"practitioner.identifier={RPPS}%7C{agenda['identifiant_national']}"
        assert [one["identifier"][0]["value"] for one in manager.found(f"Appointment?{practitioner}")] == ["rdv-2"]
        assert len(manager.found(f"Appointment?patient=Patient/{patient['id']}")) == 1
        told = manager.admin("GET", f"gap/rendez-vous?personne={person['id']}")["rendez_vous"]
        assert [one["personnes"] for one in told] == [[person["id"]]] * 2


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("created=2026-03-14", ["rdv-2"]),
        ("created=ge2026-03-15", ["rdv-1"]),
        ("description=entretien", ["rdv-1"]),
        ("description=apporter", ["rdv-2"]),
        ("priority=5", ["rdv-2"]),
        ("status=booked", ["rdv-1"]),
        (f"start=gt{MONDAY}T09:00:00%2B01:00", ["rdv-2"]),
        (f"start=le{MONDAY}T09:00:00%2B01:00", ["rdv-1"]),
        ("service-type=http://terminology.hl7.org/CodeSystem/service-type%7C57", ["rdv-2"]),
        ("supporting-info=DocumentReference/d1", ["rdv-2"]),
        ("identifier=urn:oid:1.2.250.1.999.8%7Crdv-1", []),
    ],
)
def test_parameters_of_appointments(manager: Manager, query: str, expected: list[str]) -> None:
    manager.made(appointment(description="Entretien d'accueil"))
    kind = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/service-type", "code": "57"}]}
    later = {"start": f"{MONDAY}T11:00:00+01:00", "end": f"{MONDAY}T11:30:00+01:00", "created": "2026-03-14"}
    manager.made(
        appointment(
            "rdv-2",
            status="proposed",
            comment="Apporter l'ordonnance",
            priority=5,
            serviceType=[kind],
            supportingInformation=[{"reference": "DocumentReference/d1"}],
            **later,
        )
    )
    assert [one["identifier"][0]["value"] for one in manager.found(f"Appointment?{query}")] == expected


def test_no_result_is_an_empty_bundle_of_the_guide(manager: Manager) -> None:
    for query, profile in (("Slot?status=free", SLOTS), ("Appointment?status=booked", APPOINTMENTS)):
        bundle = manager.read(query)
        assert (bundle["total"], bundle.get("entry")) == (0, None)
        assert errors(bundle, profile) == []


def statement(manager: Manager) -> dict[str, dict[str, Any]]:
    told = manager.read("metadata")
    assert errors(told, "http://hl7.org/fhir/StructureDefinition/CapabilityStatement") == []
    assert (told["fhirVersion"], told["patchFormat"]) == ("4.0.1", ["application/json-patch+json"])
    return {one["type"]: one for one in told["rest"][0]["resource"]}


def test_the_capability_statement_offers_what_the_contract_says(manager: Manager) -> None:
    told = statement(manager)
    assert len(told) == 11
    slot, appointment_ = told["Slot"], told["Appointment"]
    assert {one["code"] for one in slot["interaction"]} == {"read", "vread", "history-instance", "search-type"}
    assert "delete" not in {one["code"] for one in appointment_["interaction"]}
    assert appointment_["conditionalUpdate"] is True
    for one in told.values():
        names = [param["name"] for param in one["searchParam"]]
        assert len(names) == len(set(names))  # cpb-12


@pytest.mark.parametrize("actor", ["GAP-GestionnaireAgenda", "GAP-GestionnaireRessources"])
def test_the_capability_statement_covers_that_of_the_guide(manager: Manager, shared: Path, actor: str) -> None:
    with tarfile.open(shared / "official" / "ans.fhir.fr.gap-3.0.0.tgz") as package:
        source = package.extractfile(f"package/CapabilityStatement-{actor}.json")
        assert source is not None
        asked = json.load(source)["rest"][0]["resource"]
    told = statement(manager)
    for one in asked:
        ours = told[one["type"]]
        assert {i["code"] for i in one["interaction"]} <= {i["code"] for i in ours["interaction"]}, one["type"]
        assert one.get("conditionalUpdate", False) in (False, ours["conditionalUpdate"])
        definitions = json.dumps(ours["searchParam"])
        for param in one.get("searchParam", ()):
            if "/ig/fhir/gap/" in param["definition"]:
                assert param["definition"] in definitions
