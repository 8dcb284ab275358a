"""Mailboxes in the Annuaire Santé: search, read, change; autoconfiguration."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from lxml import etree

import profiles
from mocks.mssante.directory import BOX_SYSTEM, EMAIL_TYPE, IDNAT, MAIL_SYSTEM, METADATA
from tests.mocks.mssante.conftest import LEA, MDPH, Office

KEY = {"ESANTE-API-KEY": "cle-du-banc"}
STRUCTURE = "1990000010"
AS = "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition"
NEW = "accueil@ems.test.mssante.fr"


class Directory:
    """A client of the directory."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.base = f"https://banc.test/t/{office.product.tenant}/mssante/fhir/v2"
        office.admin("PATCH", f"mssante/boites/{MDPH}", structure=STRUCTURE, description="MDPH", responsable="Mme X")

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.office.product.http.get(f"{self.base}/{path}", headers={**KEY, **headers})

    def found(self, path: str) -> list[dict[str, Any]]:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return [entry["resource"] for entry in answer.json()["entry"]]

    def patch(self, path: str, *operations: dict[str, Any], **headers: str) -> httpx.Response:
        body = {"resourceType": "Parameters", "parameter": list(operations)}
        usual = {**KEY, "Content-Type": "application/fhir+json", **headers}
        return self.office.product.http.patch(f"{self.base}/{path}", json=body, headers=usual)


@pytest.fixture
def directory(office: Office) -> Directory:
    return Directory(office)


def operation(verb: str, path: str, **value: Any) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"name": "type", "valueCode": verb}, {"name": "path", "valueString": path}]
    if verb == "insert":
        parts.append({"name": "index", "valueInteger": 0})
    if value:
        parts.append({"name": "value", **value})
    return {"name": "operation", "part": parts}


def point(address: str = NEW, kind: str = "ORG", **changes: Any) -> dict[str, Any]:
    """A ContactPoint as the profile wants it. changes: parts of its metadata."""
    metadata = [
        {"url": "type", "valueCodeableConcept": {"coding": [{"system": BOX_SYSTEM, "code": kind}]}},
        {"url": "listeRouge", "valueBoolean": False},
        *({"url": name, "valueString": text} for name, text in changes.items()),
    ]
    email_type = {"url": EMAIL_TYPE, "valueCoding": {"system": MAIL_SYSTEM, "code": "MSSANTE"}}
    return {"system": "email", "value": address, "extension": [email_type, {"url": METADATA, "extension": metadata}]}


def on(address: str, tail: str = "", type_: str = "Organization") -> str:
    return f"{type_}.telecom.where(value = '{address}'){tail}"


def in_metadata(name: str) -> str:
    return f".extension('{METADATA}').extension('{name}').value"


def test_mailboxes_are_found_by_their_address(directory: Directory, office: Office) -> None:
    (pro,) = directory.found("Practitioner?mailbox-mss:contains=%40")
    assert (pro["id"], pro["telecom"][0]["value"]) == (office.pro["id"], LEA)
    assert {"system": IDNAT, "value": office.pro["identifiant_national"]} in pro["identifier"]
    (mdph,) = directory.found("Organization?mailbox-mss=MDPH33")
    assert (mdph["id"], mdph["telecom"][0]["value"]) == (STRUCTURE[1:], MDPH)
    assert directory.found(f"Organization?mailbox-mss:exact={MDPH}") == [mdph]
    assert directory.found(f"Organization?mailbox-mss:exact={MDPH.upper()}") == []
    assert directory.found("Organization?mailbox-mss=33") == []
    assert directory.found("Organization?mailbox-mss:contains=33") == [mdph]
    told = office.last("annuaire.recherche")["context"]["directory"]
    assert (told["modifier"], told["value"], told["shown"]) == ("contains", "33", [MDPH])
    assert "cle-du-banc" not in str(office.journal())


@pytest.mark.parametrize("type_", ["Practitioner", "Organization"])
def test_mailboxes_follow_their_profile(directory: Directory, type_: str) -> None:
    (found,) = directory.found(f"{type_}?mailbox-mss:contains=%40")
    issues = profiles.validate(found, f"{AS}/as-{type_.lower()}")
    assert [one.message for one in issues if "telecom" in one.expression and one.severity == "error"] == []
    spoilt = {**found, "telecom": [{**found["telecom"][0], "extension": []}]}
    assert any("telecom" in one.expression for one in profiles.validate(spoilt, f"{AS}/as-{type_.lower()}"))
    metadata = {one["url"]: one for one in found["telecom"][0]["extension"][1]["extension"]}
    assert metadata["type"]["valueCodeableConcept"]["coding"][0]["code"] in ("PER", "ORG")


def test_pages_follow_one_another(directory: Directory, office: Office) -> None:
    for _ in range(6):
        office.admin("POST", "professionnels")
    seen: list[str] = []
    url = f"{directory.base}/Practitioner?_count=3&_elements=name"
    while url:
        page = office.product.http.get(url, headers=KEY).json()
        assert all(set(entry["resource"]) == {"resourceType", "id", "name", "meta"} for entry in page["entry"])
        seen += [entry["resource"]["id"] for entry in page["entry"]]
        url = next((link["url"] for link in page["link"] if link["relation"] == "next"), "")
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("Practitioner?mailbox-mss-type=PER", 400, "structure"),
        ("Practitioner?mailbox-mss:missing=true", 400, "structure"),
        ("Practitioner?_count=0", 400, "structure"),
        ("Practitioner?_page_token=abc", 400, "structure"),
        ("Practitioner/inconnu", 404, "not-found"),
        ("?_type=Practitioner,Organization", 404, "not-found"),
    ],
)
def test_what_is_refused(directory: Directory, path: str, status: int, code: str) -> None:
    answer = directory.get(path)
    assert answer.status_code == status
    assert answer.json()["issue"][0]["code"] == code


@pytest.mark.parametrize("key", ["", "autre"])
def test_without_the_key(directory: Directory, key: str) -> None:
    answer = directory.get("Practitioner", **{"ESANTE-API-KEY": key})
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (401, "security")


def test_the_red_list_is_not_for_everybody(directory: Directory, office: Office) -> None:
    office.admin("PATCH", f"mssante/boites/{MDPH}", liste_rouge=True)
    assert len(directory.found("Organization?mailbox-mss:contains=%40")) == 1
    assert office.last("annuaire.recherche")["context"]["directory"]["red"] == [MDPH]
    office.set(acces_annuaire="libre")
    assert directory.found("Organization?mailbox-mss:contains=%40") == []
    assert "telecom" not in directory.get(f"Organization/{STRUCTURE[1:]}").json()
    office.admin("PATCH", f"mssante/boites/{MDPH}", liste_rouge=False)
    (mdph,) = directory.found("Organization?mailbox-mss:contains=%40")
    urls = [one["url"] for one in mdph["telecom"][0]["extension"][1]["extension"]]
    assert urls == ["type", "description"]


@pytest.mark.parametrize("mode", ["tolerant", "strict"])
def test_a_mailbox_is_declared_changed_and_taken_away(directory: Directory, office: Office, mode: str) -> None:
    office.set(ecriture_annuaire=mode)
    here = f"Organization/{STRUCTURE[1:]}"
    made = directory.patch(
        here, operation("insert", "Organization.telecom", valueContactPoint=point(service="Accueil"))
    )
    assert made.status_code == 200, made.text
    assert [one["value"] for one in made.json()["telecom"]] == [NEW, MDPH]
    changed = directory.patch(
        here,
        operation("replace", on(MDPH, in_metadata("listeRouge")), valueBoolean=True),
        operation("replace", on(NEW, in_metadata("description")), valueString="Accueil de l'ESMS"),
        operation("replace", on(MDPH, ".rank"), valuePositiveInt=1),
    )
    assert changed.status_code == 200, changed.text
    assert [one["value"] for one in changed.json()["telecom"]] == [MDPH, NEW]
    boxes = {one["adresse"]: one for one in office.admin("GET", "mssante/boites")["boites"]}
    assert (boxes[MDPH]["liste_rouge"], boxes[MDPH]["rang"]) == (True, 1)
    assert (boxes[NEW]["description"], boxes[NEW]["service"]) == ("Accueil de l'ESMS", "Accueil")
    gone = directory.patch(here, operation("delete", on(NEW)))
    assert [one["value"] for one in gone.json()["telecom"]] == [MDPH]
    assert boxes[NEW]["etat"] == "ouverte"  # no longer listed, it still takes mail
    again = directory.patch(here, operation("insert", "Organization.telecom", valueContactPoint=point()))
    assert [one["value"] for one in again.json()["telecom"]] == [MDPH, NEW]


@pytest.mark.check("MSS-085")
def test_an_address_is_declared_once(directory: Directory, office: Office) -> None:
    for address in (MDPH, LEA):
        answer = directory.patch(
            f"Organization/{STRUCTURE[1:]}",
            operation("insert", "Organization.telecom", valueContactPoint=point(address)),
        )
        assert answer.status_code == 422
        (issue,) = answer.json()["issue"]
        assert (issue["code"], issue["details"]["coding"][0]["code"]) == ("conflict", "MSG_PARAM_NO_REPEAT")
    (mdph,) = directory.found("Organization?mailbox-mss:contains=%40")
    assert [one["value"] for one in mdph["telecom"]] == [MDPH]


@pytest.mark.check("MSS-086")
def test_operations_are_done_all_or_none(directory: Directory, office: Office) -> None:
    answer = directory.patch(
        f"Organization/{STRUCTURE[1:]}",
        operation("replace", on(MDPH, in_metadata("listeRouge")), valueBoolean=True),
        operation("replace", on("autre@ems.test.mssante.fr", ".rank"), valuePositiveInt=1),
    )
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (404, "not-found")
    assert not next(one for one in office.admin("GET", "mssante/boites")["boites"] if one["adresse"] == MDPH)[
        "liste_rouge"
    ]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (operation("replace", on(MDPH, ".value"), valueString=NEW), 422),
        (operation("replace", on(MDPH, in_metadata("type")), valueCode="APP"), 422),
        (operation("replace", on(MDPH, ".rank"), valueString="1"), 400),
        (operation("replace", on(MDPH, in_metadata("listeRouge"))), 400),
        (operation("replace", "Organization.name", valueString="x"), 400),
        (operation("insert", "Organization.telecom", valueContactPoint=point("x@gmail.com")), 422),
        (operation("insert", "Organization.telecom", valueContactPoint=point("x@patient.mssante.fr")), 422),
        (operation("insert", "Organization.telecom", valueContactPoint=point(kind="PER")), 422),
        (operation("insert", "Organization.telecom"), 400),
        ({"name": "operation"}, 400),
    ],
)
def test_changes_that_are_refused(directory: Directory, change: dict[str, Any], status: int) -> None:
    assert directory.patch(f"Organization/{STRUCTURE[1:]}", change).status_code == status


def test_spellings_of_the_guide(directory: Directory, office: Office) -> None:
    loose = point(kind="ORG")
    loose["extension"] = [{"url": METADATA, "extension": [{"url": "type", "valueCode": "ORG"}]}]
    insert = operation("insert", "Organization.telecom", valueContactPoint=loose)
    by_number = f"Organization?identifier=http://finess.sante.gouv.fr%7C{STRUCTURE[1:]}"
    office.set(ecriture_annuaire="strict")
    assert directory.patch(by_number, insert).status_code == 422
    office.set(ecriture_annuaire="tolerant")
    assert directory.patch(by_number, insert).status_code == 200
    notes = [one["code"] for one in office.last("annuaire.modification")["notes"]]
    assert notes == ["variante-email-type", "variante-type-code"]
    office.set(ecriture_annuaire="fermee")
    assert directory.patch(by_number, insert).status_code == 501


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"?identifier={IDNAT}%7C899999999999", 404),
        ("?identifier=", 404),
        ("?name=x", 400),
        ("", 400),
    ],
)
def test_conditional_changes_name_one_resource(directory: Directory, query: str, status: int) -> None:
    change = operation("replace", on(LEA, in_metadata("listeRouge"), "Practitioner"), valueBoolean=True)
    assert directory.patch(f"Practitioner{query}", change).status_code == status


def test_several_resources_of_one_identifier(directory: Directory, office: Office) -> None:
    pro = office.admin("POST", "professionnels", activites=2)
    query = f"PractitionerRole?practitioner.identifier={IDNAT}%7C{pro['identifiant_national']}"
    change = operation("delete", on(LEA, type_="PractitionerRole"))
    answer = directory.patch(query, change)
    assert answer.status_code == 412
    assert answer.json()["issue"][0]["details"]["coding"][0]["code"] == "SEARCH_MULTIPLE"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"resourceType":"Patient"}', b'{"resourceType":"Parameters","parameter":[1]}']
)
def test_bodies_that_are_no_change(directory: Directory, office: Office, body: bytes) -> None:
    headers = {**KEY, "Content-Type": "application/fhir+json"}
    url = f"{directory.base}/Organization/{STRUCTURE[1:]}"
    assert office.product.http.patch(url, content=body, headers=headers).status_code == 400
    headers["Content-Type"] = "text/plain"
    assert office.product.http.patch(url, content=body, headers=headers).status_code == 415


def test_clients_find_their_servers(office: Office) -> None:
    base = f"https://banc.test/t/{office.product.tenant}/mssante/mail/config-v1.1.xml"
    assert office.product.http.get(base, params={"emailaddress": LEA}).status_code == 404
    ports = office.ports()
    answer = office.product.http.get(base, params={"emailaddress": LEA})
    root = etree.fromstring(answer.content)
    assert root.findtext("emailProvider/domain") == "ems.test.mssante.fr"
    assert root.findtext("emailProvider/incomingServer/port") == str(ports["imap"]["port"])
    assert root.findtext("emailProvider/outgoingServer/port") == str(ports["smtp"]["port"])
    assert office.product.http.get(base, params={"emailaddress": "a@gmail.com"}).status_code == 404
