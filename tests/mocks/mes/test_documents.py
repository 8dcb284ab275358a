"""The documents API: one store with the DMP, what the usager or a legal representative sees, and the refusals."""

from __future__ import annotations

import base64
import copy
import hashlib
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mocks.dmp import DMP
from mocks.mes import MES
from mocks.sandbox import Sandbox
from tests.mocks.mes.direct import Direct
from tests.mocks.mes.product import ASSIGN_AUTH, Product, Tokens

PDF = b"%PDF-1.4\n%essai\n" + bytes(range(256))
DOCUMENTS = ("DOCUMENTS_ECRITURE", "DOCUMENTS_LECTURE")
JSON = {"Content-Type": "application/fhir+json"}
Resource = dict[str, Any]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(services=[MES, DMP])
    yield made
    made.close()


@pytest.fixture
def tokens(product: Product, person: Resource) -> Tokens:
    return product.pair(person, *DOCUMENTS)


def document(tokens: Tokens, content: bytes = PDF, **changes: Any) -> Resource:
    attachment = {
        "contentType": "application/pdf",
        "data": base64.b64encode(content).decode(),
        "title": "Bilan de l'année",
        "creation": "2026-01-15T10:15:00+01:00",
    }
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "category": [{"coding": [{"code": "CPT_REND"}]}],
        "subject": {"identifier": {"system": f"urn:oid:{ASSIGN_AUTH}", "value": tokens.idpe}},
        "content": [{"attachment": attachment}],
        **changes,
    }


def add(product: Product, tokens: Tokens, content: bytes = PDF, **changes: Any) -> httpx.Response:
    return product.fhir("POST", "DocumentReference", tokens, json=document(tokens, content, **changes), headers=JSON)


def search(product: Product, tokens: Tokens, *more: tuple[str, str]) -> list[Resource]:
    params = [("patient:identifier", tokens.subject), *more]
    answer = product.fhir("GET", "DocumentReference", tokens, params=params)
    assert answer.status_code == 200, answer.text
    bundle = answer.json()
    assert bundle["type"] == "searchset"
    return [one["resource"] for one in bundle.get("entry", [])]


def put(product: Product, person: Resource, origin: str, **more: Any) -> Resource:
    made: Resource = product.admin("POST", f"dmp/personnes/{person['id']}/documents", origine=origin, **more)
    return made


def refused(answer: httpx.Response) -> tuple[int, str]:
    issue = answer.json()["issue"][0]
    return answer.status_code, issue.get("details", {}).get("coding", [{"code": issue["code"]}])[0]["code"]


def test_a_document_goes_into_the_dmp_and_comes_back(product: Product, person: Resource, tokens: Tokens) -> None:
    answer = add(product, tokens)
    assert answer.status_code == 201, answer.text
    (found,) = search(product, tokens)
    assert answer.headers["Location"].endswith(f"/mes/fhir/DocumentReference/{found['id']}")
    assert found["category"][0]["coding"][0]["code"] == "CPT_REND"
    assert found["subject"]["identifier"] == {"system": f"urn:oid:{ASSIGN_AUTH}", "value": tokens.idpe}
    assert found["meta"]["source"] == f"urn:oid:{product.oid}"
    attachment = found["content"][0]["attachment"]
    assert attachment["hash"] == base64.b64encode(hashlib.sha1(PDF).digest()).decode()
    raw = product.fhir("GET", attachment["url"].partition("/fhir/")[2], tokens)
    assert (raw.headers["Content-Type"].partition(";")[0], raw.content) == ("application/pdf", PDF)
    (told,) = product.admin("GET", f"dmp/personnes/{person['id']}/documents")["documents"]
    assert (told["origine"], told["classe"]["code"], told["date_creation"]) == ("portail", "10", "20260115091500")
    assert told["auteurs"][0].startswith(f"{person['ins']['matricule']}^{person['nom']}^")
    (seen,) = product.admin("GET", f"mes/usagers/{person['id']}/documents")["documents"]
    assert (seen["categorie"], seen["source"]) == ("CPT_REND", product.oid)


def test_what_others_put_in_the_dmp_is_seen(product: Product, person: Resource, tokens: Tokens) -> None:
    put(product, person, "autre_structure", titre="Compte rendu")
    put(product, person, "profil_medical")
    put(product, person, "messagerie", titre="Reçu")
    kinds = {one["description"]: one["meta"]["tag"][0]["code"] for one in search(product, tokens)}
    assert kinds == {
        "Compte rendu": "PRACTITIONER",
        "Reçu": "PATIENT",
        "Synthèse du profil médical de Mon espace santé": "PATIENT",
    }
    (synthesis,) = search(product, tokens, ("category", "SYNTH_PML"))
    assert synthesis["description"].startswith("Synthèse du profil")
    assert "ins" not in str(synthesis).lower().replace("instan", "")
    assert person["ins"]["matricule"] not in str(search(product, tokens))


def test_a_document_hidden_from_the_person_is_never_shown(product: Product, person: Resource, tokens: Tokens) -> None:
    hidden = put(product, person, "autre_structure", titre="Caché", confidentialite=["INVISIBLE_PATIENT"])
    put(product, person, "autre_structure", titre="Masqué", confidentialite=["MASQUE_PS"])
    (seen,) = search(product, tokens)
    assert seen["description"] == "Masqué"  # hidden from professionals, not from her
    assert [one["coding"][0]["code"] for one in seen["securityLabel"]] == ["N", "MASQUE_PS"]
    lid = hidden["lid"].removeprefix("urn:uuid:")
    assert refused(product.fhir("GET", f"Binary/{lid}", tokens)) == (404, "not-found")
    assert [one["titre"] for one in product.admin("GET", f"mes/usagers/{person['id']}/documents")["documents"]] == [
        "Masqué"
    ]


def test_a_representative_does_not_see_what_is_hidden_from_representatives(product: Product, person: Resource) -> None:
    child = product.admin("POST", "personnes", age=15, enfant_de=person["id"])
    put(product, child, "autre_structure", titre="Secret", confidentialite=["INVISIBLE_REPRESENTANTS_LEGAUX"])
    put(product, child, "autre_structure", titre="Ordinaire")
    tokens = product.pair(person, *DOCUMENTS, profile=child["id"])
    assert [one["description"] for one in search(product, tokens)] == ["Ordinaire"]
    seen = product.admin("GET", f"mes/usagers/{child['id']}/documents")["documents"]
    assert [one["titre"] for one in seen] == ["Ordinaire"]
    adult = put(product, person, "autre_structure", titre="À lui", confidentialite=["INVISIBLE_REPRESENTANTS_LEGAUX"])
    own = product.pair(person, *DOCUMENTS)
    assert [one["description"] for one in search(product, own)] == [adult["titre"]]  # nobody represents an adult


def test_replaced_and_deleted_documents_are_not_shown(product: Product, person: Resource, tokens: Tokens) -> None:
    old = put(product, person, "autre_structure", titre="Ancien")
    put(product, person, "autre_structure", titre="Nouveau", remplace=old["unique_id"])
    gone = put(product, person, "usager", titre="Supprimé")
    product.admin("POST", f"dmp/personnes/{person['id']}/actes", acte="supprimer", document=gone["unique_id"])
    assert [one["description"] for one in search(product, tokens)] == ["Nouveau"]


def test_criteria(product: Product, person: Resource, tokens: Tokens) -> None:
    put(product, person, "autre_structure", titre="Janvier", date_acte="2026-01-10T09:00:00+01:00")
    put(product, person, "autre_structure", titre="Mars", date_acte="2026-03-10T09:00:00+01:00")
    found = [one["description"] for one in search(product, tokens, ("period-start", "ge2026-02-01"))]
    assert found == ["Mars"]
    assert len(search(product, tokens, ("category", "CPT_REND"))) == 2
    assert search(product, tokens, ("category", "BIOLOGIE")) == []
    assert len(search(product, tokens, ("_count", "1"))) == 1


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ([], (400, "required")),
        ([("patient:identifier", "{idpe}")], (400, "required")),
        ([("patient.identifier", "{}")], (400, "invalid")),
        ([("patient:identifier", "{}"), ("type", "80788-3")], (400, "not-supported")),
        ([("patient:identifier", "{}"), ("status", "current")], (400, "not-supported")),
        ([("patient:identifier", "{}"), ("_count", "101")], (400, "invalid")),
        ([("patient:identifier", "{}"), ("period-start", "hier")], (400, "invalid")),
        ([("patient:identifier", f"{ASSIGN_AUTH}|autre")], (403, "IDPE_MISMATCH")),
    ],
)
def test_a_search_that_the_api_does_not_have(
    product: Product, tokens: Tokens, params: list[tuple[str, str]], expected: tuple[int, str]
) -> None:
    named = [(name, value.replace("{}", tokens.subject).replace("{idpe}", tokens.idpe)) for name, value in params]
    assert refused(product.fhir("GET", "DocumentReference", tokens, params=named)) == expected


def _with(**changes: Any) -> Any:
    """Changes of the attachment."""

    def change(made: Resource) -> None:
        made["content"][0]["attachment"].update(changes)

    return change


def _set(name: str, value: Any) -> Any:
    def change(made: Resource) -> None:
        made[name] = value

    return change


def _twice(made: Resource) -> None:
    made["content"].append(copy.deepcopy(made["content"][0]))


TRE = "https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument"
BAD = {
    "deux-documents": (_twice, (422, "invalid")),
    "sans-contenu": (_with(data=None), (422, "value")),
    "contenu-vide": (_with(data=base64.b64encode(b"").decode()), (422, "value")),
    "pas-du-base64": (_with(data="é"), (422, "value")),
    "autre-type": (_with(contentType="application/zip"), (422, "invalid")),
    "type-menteur": (_with(contentType="image/jpeg"), (422, "invalid")),
    "empreinte": (_with(hash="AAAA"), (422, "invalid")),
    "taille": (_with(size=3), (422, "invalid")),
    "sans-categorie": (_set("category", [{"text": "autre"}]), (422, "invalid")),
    "categorie-tre": (_set("category", [{"coding": [{"system": TRE, "code": "10"}]}]), (422, "invalid")),
    "sans-usager": (_set("subject", {"reference": "Patient/1"}), (422, "required")),
    "autre-usager": (
        _set("subject", {"identifier": {"system": f"urn:oid:{ASSIGN_AUTH}", "value": "autre"}}),
        (403, "IDPE_MISMATCH"),
    ),
    "invisible-patient": (_set("securityLabel", [{"coding": [{"code": "INVISIBLE_PATIENT"}]}]), (422, "invalid")),
    "sans-statut": (_set("status", "inconnu"), (422, "code-invalid")),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_document_is_refused_and_not_kept(product: Product, person: Resource, tokens: Tokens, name: str) -> None:
    change, expected = BAD[name]
    made = document(tokens)
    change(made)
    answer = product.fhir("POST", "DocumentReference", tokens, json=made, headers=JSON)
    assert answer.status_code == expected[0], answer.text
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert product.admin("GET", f"dmp/personnes/{person['id']}/documents")["documents"] == []


def test_a_document_too_large(product: Product, tokens: Tokens) -> None:
    assert refused(add(product, tokens, PDF + b" " * 5_000_000)) == (413, "too-long")
    assert add(product, tokens, PDF + b" " * (5_000_000 - len(PDF))).status_code == 201
    assert len(str(product.admin.last("mes.fhir.documentreference.create")["request"]["body"])) < 10_000
    large = product.http.post(f"{product.base}/fhir/DocumentReference", content=b" " * 8_000_001, headers=JSON)
    assert refused(large) == (413, "too-long")


def test_the_same_document_is_added_once(product: Product, person: Resource, tokens: Tokens) -> None:
    assert add(product, tokens).status_code == 201
    assert refused(add(product, tokens)) == (409, "duplicate")
    other = product.admin("POST", "personnes")
    assert add(product, product.pair(other, *DOCUMENTS)).status_code == 201


def test_the_same_document_sent_by_several_at_once(product: Product, person: Resource, sandbox: Sandbox) -> None:
    tokens = product.pair(person, *DOCUMENTS)
    direct, statuses = Direct(sandbox, product), list[int]()

    def send() -> None:
        answer = direct.call(
            "POST", "/fhir/DocumentReference", json=document(tokens), headers={**tokens.headers(), **JSON}
        )
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(statuses) == [201, 409, 409, 409]


def test_nothing_is_updated(product: Product, tokens: Tokens) -> None:
    made = add(product, tokens).json()
    for method in ("PUT", "PATCH", "DELETE"):
        answer = product.fhir(method, f"DocumentReference/{made['id']}", tokens, json=made, headers=JSON)
        assert refused(answer) == (405, "not-supported")


def test_each_direction_has_its_consent(product: Product, person: Resource) -> None:
    writer = product.pair(person, "DOCUMENTS_ECRITURE")
    assert add(product, writer).status_code == 201
    params = [("patient:identifier", writer.subject)]
    assert refused(product.fhir("GET", "DocumentReference", writer, params=params)) == (403, "CONSENT_REQUIRED")
    assert refused(product.fhir("GET", "Binary/x", writer)) == (403, "CONSENT_REQUIRED")
    reader = product.pair(person, "DOCUMENTS_LECTURE")
    assert refused(add(product, reader, PDF + b"1")) == (403, "CONSENT_REQUIRED")
    assert len(search(product, reader)) == 1


def test_a_closed_dmp_takes_nothing_and_shows_nothing(product: Product, person: Resource, tokens: Tokens) -> None:
    put(product, person, "usager")
    product.admin("PUT", f"dmp/personnes/{person['id']}", statut="ferme")
    assert search(product, tokens) == []
    assert refused(add(product, tokens)) == (403, "DOSSIER_FERME")
    product.admin("PUT", f"dmp/personnes/{person['id']}", statut="actif", rattache_mes=False)
    assert search(product, tokens) == []


def test_the_usager_sees_who_read_and_added(product: Product, person: Resource, tokens: Tokens) -> None:
    add(product, tokens)
    search(product, tokens)
    words = [one["libelle"] for one in product.admin("GET", f"mes/usagers/{person['id']}/activite")["activite"]]
    assert words[-2:] == ["Ajout d'un document", "Consultation de la liste des documents"]
    told = product.admin.last("mes.fhir.documentreference.create")["context"]
    assert (told["perimeter"], told["access"], told["stored"]["created"]) == ("documents", "ecriture", True)
    assert told["stored"]["sha1"] == hashlib.sha1(PDF).hexdigest()


def test_text_and_image(product: Product, tokens: Tokens) -> None:
    for kind, content in (
        ("text/plain", "Notes à lire".encode()),
        ("image/jpeg", b"\xff\xd8\xff\xe0" + b"\x00" * 20),
        ("image/tiff", b"II*\x00" + b"\x00" * 20),
        ("application/rtf", b"{\\rtf1 bonjour}"),
    ):
        made = document(tokens, content)
        made["content"][0]["attachment"]["contentType"] = kind
        answer = product.fhir("POST", "DocumentReference", tokens, json=made, headers=JSON)
        assert answer.status_code == 201, answer.text
        url = answer.json()["content"][0]["attachment"]["url"]
        assert product.http.get(url, headers=tokens.headers()).content == content
