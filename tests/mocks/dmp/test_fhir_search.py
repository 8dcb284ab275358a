"""ITI-66, ITI-67, ITI-68, the CapabilityStatement: what a consumer of documents finds, and what it is refused."""

from __future__ import annotations

import base64
import json
import tarfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from profiles import validate
from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import Dui
from tests.mocks.dmp.conftest import Bench
from tests.mocks.dmp.fhir import ARCHIVED, INS, PDSM, RFC, Mobile

OFFICIAL = Path(__file__).parents[4] / "shared" / "official" / "ans.fhir.fr.pdsm-3.1.1.tgz"


@pytest.fixture
def mobile(dui: Dui) -> Mobile:
    return Mobile(dui)


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status, and the refusal of the first issue (its code when the bench names none)."""
    body = answer.json()
    assert body["resourceType"] == "OperationOutcome"
    issue = body["issue"][0]
    return answer.status_code, issue.get("details", {}).get("coding", [{"code": issue["code"]}])[0]["code"]


def asked(mobile: Mobile, query: str, type_: str = "DocumentReference") -> httpx.Response:
    return mobile.send("GET", f"/{type_}?{query}")


def test_nothing_is_an_empty_searchset(mobile: Mobile) -> None:
    query = urlencode({"patient.identifier": f"{INS}|{mobile.dui.ins}", "status": "current"})
    answer = asked(mobile, query)
    assert answer.status_code == 200
    bundle = answer.json()
    assert (bundle["resourceType"], bundle["type"], bundle["total"]) == ("Bundle", "searchset", 0)
    assert "entry" not in bundle
    profile = f"{PDSM}find-documentreferences-comprehensive-response"
    assert [one for one in validate(bundle, profile) if one.severity == "error"] == []


def test_an_answer_is_a_valid_bundle(mobile: Mobile) -> None:
    mobile.dui.provide(mobile.dui.document())
    query = urlencode({"patient.identifier": f"{INS}|{mobile.dui.ins}", "status": "current"})
    bundle = asked(mobile, query).json()
    profile = f"{PDSM}find-documentreferences-comprehensive-response"
    assert [one for one in validate(bundle, profile) if one.severity == "error"] == []
    lots = asked(mobile, f"{query}&code=submissionset", "List").json()
    assert lots["total"] == 1
    assert [one for one in validate(lots, f"{PDSM}find-lists-response") if one.severity == "error"] == []


CRITERIA = [
    ("type", "http://loinc.org|80788-3", True),
    ("type", "80788-3", True),
    ("type", "http://loinc.org|11488-4", False),
    ("category", "44", True),
    ("category", "10", False),
    ("setting", "ETABLISSEMENT", True),
    ("facility", "SA16", True),
    ("facility", "SA17", False),
    ("security-label", "N", True),
    ("security-label", "R", False),
    ("format", "urn:ihe:iti:xds-sd:pdf:2008", True),
    ("date", "2026-01-15", True),
    ("date", "lt2026-01-15", False),
    ("creation", "ge2026-01-15T09:15:00Z", True),
    ("creation", "gt2026-01-15T09:15:00Z", False),
    ("period", "ge2026-01-01", True),
    ("period-start", "ge2026-01-10T08:00:00Z", True),
    ("period-start", "ge2026-01-10T08:00:01Z", False),
    ("isArchived", "false", True),
    ("isArchived", "true", False),
    ("author.family", "mart", True),
    ("author.family", "dupont", False),
    ("author.given", "Alice", True),
    ("event", "X", False),
    ("status", "superseded", False),
    ("_id", "inconnu", False),
]


@pytest.mark.parametrize(("name", "value", "expected"), CRITERIA)
def test_a_criterion(mobile: Mobile, name: str, value: str, expected: bool) -> None:
    mobile.dui.provide(mobile.dui.document())
    named = {"patient.identifier": f"{INS}|{mobile.dui.ins}", "status": "current", name: value}
    assert asked(mobile, urlencode(named)).json()["total"] == int(expected)


def test_lots_by_their_criteria(mobile: Mobile) -> None:
    mobile.dui.provide(mobile.dui.document())
    for name, value, expected in (
        ("date", "2026-01-15", 1),
        ("date", "lt2026-01-15", 0),
        ("designationType", "07", 1),
        ("sourceId", f"{RFC}|urn:oid:1.2.3.4.5", 1),
        ("sourceId", f"{RFC}|urn:oid:1.2.3", 0),
        ("title", "rien", 0),
    ):
        named = {"patient.identifier": f"{INS}|{mobile.dui.ins}", "code": "submissionset", "status": "current"}
        assert asked(mobile, urlencode({**named, name: value}), "List").json()["total"] == expected, name


def test_results_are_sorted_and_paged(mobile: Mobile) -> None:
    for day in ("12", "11", "13"):
        mobile.dui.provide(mobile.dui.document(acted=(f"202601{day}090000+0100", f"202601{day}080000")))
    query = urlencode({"patient.identifier": f"{INS}|{mobile.dui.ins}", "status": "current", "_count": "2"})
    seen, url, pages = [], f"{mobile.url}/DocumentReference?{query}&_sort=-period-start", 0
    while url:
        bundle = mobile.send("GET", url).json()
        seen += [one["resource"]["context"]["period"]["start"][8:10] for one in bundle["entry"]]
        url = next((one["url"] for one in bundle["link"] if one["relation"] == "next"), "")
        pages += 1
    assert (seen, pages) == (["13", "12", "11"], 2)


def test_a_search_says_of_whom_and_in_what_state(mobile: Mobile) -> None:
    patient = urlencode({"patient.identifier": f"{INS}|{mobile.dui.ins}"})
    assert refused(asked(mobile, "status=current")) == (400, "required")
    assert refused(asked(mobile, patient)) == (400, "required")
    assert refused(asked(mobile, f"{patient}&status=current", "List")) == (400, "required")
    assert refused(asked(mobile, f"{patient}&status=current&date=hier")) == (400, "invalid")
    assert asked(mobile, f"patient=Patient/{mobile.dui.person['id']}&status=current").status_code == 200


def test_a_search_may_be_posted(mobile: Mobile) -> None:
    mobile.dui.provide(mobile.dui.document())
    form = urlencode({"patient.identifier": f"{INS}|{mobile.dui.ins}", "status": "current"})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": mobile.authorization()}
    answer = mobile.dui.http.post(f"{mobile.url}/DocumentReference/_search", content=form, headers=headers)
    assert answer.json()["total"] == 1


def test_archived_and_deleted_documents(mobile: Mobile) -> None:
    archived, deleted = mobile.dui.document(), mobile.dui.document()
    for one, status in ((archived, docs.ARCHIVED), (deleted, docs.DELETED)):
        mobile.dui.provide(one)
        mobile.dui.set_status(mobile.dui.entry(one.unique_id).get("id"), docs.APPROVED, status)
    assert mobile.found() == set()
    assert mobile.found(isArchived="true") == {archived.unique_id}
    (shown,) = mobile.search(isArchived="true")
    assert shown["extension"] == [{"url": ARCHIVED, "valueBoolean": True}]
    assert mobile.found(status="current,superseded,entered-in-error", isArchived="true,false") == {archived.unique_id}


def test_masked_documents_are_for_their_author_and_the_treating_doctor(mobile: Mobile, bench: Bench) -> None:
    document = mobile.dui.document(confidentiality=(docs.NORMAL, *docs.visibility("MASQUE_PS")))
    mobile.dui.provide(document)
    assert mobile.found() == {document.unique_id}
    other = Mobile(
        Dui(mobile.dui.http, mobile.dui.url, mobile.dui.seal, mobile.dui.person, "1750000093", "899990000061")
    )
    bench.dmp(mobile.dui.person, "PUT", "/autorisations", {"titulaire": "1750000093", "statut": "valide"})
    assert (other.found(), other.lots()) == (set(), [])
    (mine,) = mobile.search()
    assert refused(other.send("GET", f"/DocumentReference/{mine['id']}")) == (404, "not-found")
    assert refused(other.send("GET", f"/Binary/{mine['id']}")) == (404, "not-found")
    bench.dmp(mobile.dui.person, "PUT", "", {"medecins_traitants": ["899990000061"]})
    assert other.found() == {document.unique_id}


def test_a_hidden_document_is_hidden_from_the_person_only(mobile: Mobile, bench: Bench) -> None:
    document = mobile.dui.document(confidentiality=(docs.NORMAL, *docs.visibility("INVISIBLE_PATIENT")))
    assert mobile.provide(document).status_code == 200
    assert mobile.found() == {document.unique_id}
    assert bench.seen(mobile.dui.person, "usager") == []


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"statut": "ferme"}, (403, "dmp-ferme")),
        ({"statut": "absent"}, (403, "dmp-absent")),
    ],
)
def test_a_closed_dmp_refuses(mobile: Mobile, bench: Bench, state: dict[str, Any], expected: tuple[int, str]) -> None:
    bench.dmp(mobile.dui.person, "PUT", "", state)
    assert refused(mobile.provide(mobile.dui.document())) == expected
    assert refused(asked(mobile, "status=current")) == expected  # rights come before content
    assert bench.last()["context"]["refusal"] == expected[1]


def test_reading_needs_an_authorisation_and_feeding_does_not(mobile: Mobile, bench: Bench) -> None:
    document = mobile.dui.document()
    for status, word in (("aucune", "autorisation-absente"), ("expiree", "autorisation-expiree")):
        holder = {"titulaire": mobile.dui.structure, "statut": status}
        bench.dmp(mobile.dui.person, "PUT", "/autorisations", holder)
        query = urlencode({"patient.identifier": f"{INS}|{mobile.dui.ins}", "status": "current"})
        assert refused(asked(mobile, query)) == (403, word)
    assert mobile.provide(document).status_code == 200
    bench.dmp(mobile.dui.person, "POST", "/documents", {"origine": "usager", "unique_id": "1.2.3.4"})
    own = urlencode({"identifier": f"{RFC}|urn:oid:{document.unique_id}"})  # TD3.1b: by the local identifier
    assert asked(mobile, own).json()["total"] == 1
    assert asked(mobile, urlencode({"identifier": f"{RFC}|urn:oid:1.2.3.4"})).json()["total"] == 0


def test_a_blocked_professional(mobile: Mobile, bench: Bench) -> None:
    bench.dmp(mobile.dui.person, "POST", "/actes", {"acte": "bloquer", "professionnel": mobile.dui.name_id})
    assert refused(mobile.provide(mobile.dui.document())) == (403, "professionnel-bloque")


def test_another_patient_than_that_of_the_vihf(mobile: Mobile, bench: Bench) -> None:
    other = bench.person()
    query = urlencode({"patient.identifier": f"{INS}|{other['ins']['matricule']}", "status": "current"})
    assert refused(asked(mobile, query)) == (403, "vihf-patient")
    assert refused(asked(mobile, f"patient={other['id']}&status=current")) == (403, "vihf-patient")


def test_who_does_not_say_who_he_is(mobile: Mobile, bench: Bench) -> None:
    for value in ("", "Bearer abc", "IHE-SAML pas!du!base64", "IHE-SAML AAAA"):
        headers = {"Authorization": value} if value else {}
        answer = mobile.dui.http.get(f"{mobile.url}/DocumentReference?status=current", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "IHE-SAML"
        assert answer.json()["resourceType"] == "OperationOutcome"
    once = {"Authorization": mobile.authorization()}
    query = urlencode({"patient.identifier": f"{INS}|{mobile.dui.ins}", "status": "current"})
    assert mobile.dui.http.get(f"{mobile.url}/DocumentReference?{query}", headers=once).status_code == 200
    assert refused(mobile.dui.http.get(f"{mobile.url}/DocumentReference?{query}", headers=once)) == (401, "vihf_rejoue")


def test_a_real_person_in_the_header_is_refused(mobile: Mobile, bench: Bench) -> None:
    mobile.dui.said["urn:oasis:names:tc:xacml:2.0:resource:resource-id"] = (
        "279035121518989^^^&1.2.250.1.213.1.4.8&ISO^NH"
    )
    assert asked(mobile, "status=current").status_code == 451
    assert "279035121518989" not in json.dumps(bench.last())


def test_a_content_raw_or_as_a_resource(mobile: Mobile, bench: Bench) -> None:
    document = mobile.dui.document()
    mobile.dui.provide(document)
    (found,) = mobile.search()
    url = found["content"][0]["attachment"]["url"]
    assert url == f"{mobile.url}/Binary/{found['id']}"
    raw = mobile.send("GET", url)
    assert (raw.headers["Content-Type"].partition(";")[0], raw.content) == ("text/xml", document.octets)
    assert bench.last()["context"]["retrieve"]["returned"][0]["unique_id"] == document.unique_id
    told = mobile.send("GET", url, Accept="application/fhir+json").json()
    assert (told["resourceType"], base64.b64decode(told["data"])) == ("Binary", document.octets)
    assert refused(mobile.send("GET", "/Binary/inconnu")) == (404, "not-found")
    bench.set(fhir_url="relative")
    assert mobile.search()[0]["content"][0]["attachment"]["url"] == f"Binary/{found['id']}"


def test_what_is_not_offered(mobile: Mobile) -> None:
    assert refused(mobile.send("DELETE", "/DocumentReference/x")) == (405, "not-supported")
    assert refused(mobile.send("PUT", "/DocumentReference/x", {})) == (405, "not-supported")
    assert refused(mobile.send("PATCH", "/DocumentReference/x", [])) == (405, "not-supported")
    assert refused(mobile.send("GET", "/Observation")) == (404, "not-supported")
    assert refused(mobile.send("GET", "/DocumentReference?status=current", Accept="application/fhir+xml"))[0] == 406


def test_a_busy_registry_and_a_large_body(mobile: Mobile, bench: Bench) -> None:
    bench.fault("dmp.fhir.documentreference.search", "registre_occupe")
    query = urlencode({"patient.identifier": f"{INS}|{mobile.dui.ins}", "status": "current"})
    assert refused(asked(mobile, query)) == (503, "XDSRegistryBusy")
    assert asked(mobile, query).status_code == 200
    large = mobile.dui.http.post(
        mobile.url, content=b" " * 10_000_001, headers={"Content-Type": "application/fhir+json"}
    )
    assert refused(large) == (413, "too-long")


def test_the_draft_guide_says_whether_there_is_a_dmp(mobile: Mobile, bench: Bench) -> None:
    query = urlencode({"identifier": f"{INS}|{mobile.dui.ins}"})
    bundle = asked(mobile, query, "Patient").json()
    (patient,) = [one["resource"] for one in bundle["entry"]]
    assert (patient["active"], patient["name"][0]["family"]) == (True, mobile.dui.person["nom"])
    bench.dmp(mobile.dui.person, "PUT", "", {"statut": "ferme", "fermeture": {"motif": "OPPOSITION"}})
    (patient,) = [one["resource"] for one in asked(mobile, query, "Patient").json()["entry"]]
    assert patient["active"] is False
    assert patient["extension"][-1]["extension"] == [{"url": "motifFermeture", "valueString": "OPPOSITION"}]
    bench.dmp(mobile.dui.person, "PUT", "", {"statut": "absent"})
    assert asked(mobile, query, "Patient").json()["total"] == 0
    bench.set(fhir_pdsm4dmp=False)
    assert refused(asked(mobile, query, "Patient")) == (405, "not-supported")


def test_the_statement_says_what_pdsm_wants(mobile: Mobile) -> None:
    statement = mobile.dui.http.get(f"{mobile.url}/metadata").json()
    assert [one for one in validate(statement) if one.severity == "error"] == []
    (rest,) = statement["rest"]
    assert [one["code"] for one in rest["interaction"]] == ["transaction"]
    offered = {one["type"]: {each["code"] for each in one["interaction"]} for one in rest["resource"]}
    assert offered["DocumentReference"] == {"read", "search-type", "create", "patch"}
    assert (offered["List"], offered["Binary"]) == ({"read", "search-type"}, {"read"})


@pytest.mark.skipif(not OFFICIAL.exists(), reason="le paquet officiel PDSm n'est pas là")
def test_the_statement_offers_what_the_official_one_does(mobile: Mobile) -> None:
    with tarfile.open(OFFICIAL) as packed:
        name = "package/CapabilityStatement-PDSm-GestionnaireDePartageDeDocuments.json"
        held = packed.extractfile(name)
        assert held is not None
        official = json.load(held)["rest"][0]
    mine = mobile.dui.http.get(f"{mobile.url}/metadata").json()["rest"][0]
    here = {one["type"]: one for one in mine["resource"]}
    for wanted in official["resource"]:
        offered = {each["code"] for each in here[wanted["type"]]["interaction"]}
        assert {each["code"] for each in wanted["interaction"]} <= offered
        named = {each["name"].lower() for each in here[wanted["type"]].get("searchParam", [])}
        for each in wanted.get("searchParam", []):
            plain = each["name"].lower().rpartition("_")[2]
            known = plain in named or plain.split()[-1] in named
            assert known or plain in ("authororg", "patientassource", "practitionerroleassource"), plain
