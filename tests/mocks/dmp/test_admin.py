"""The admin API of the service: what others put into a DMP, what its person does, what is said no to."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import Dui
from tests.mocks.dmp.conftest import Bench


def acts(bench: Bench) -> list[str]:
    return [one["operation"] for one in bench("GET", "echanges")["echanges"] if one["protocol"] == "acte"]


def refused(bench: Bench, person: dict[str, Any], path: str, body: Any) -> tuple[int, str]:
    answer = bench.raw("POST", f"dmp/personnes/{person['id']}{path}", body)
    return answer.status_code, answer.json()["erreur"]


@pytest.mark.parametrize("origin", ["autre_structure", "usager", "messagerie", "profil_medical"])
def test_a_document_of_another_is_found_and_read(dui: Dui, bench: Bench, origin: str) -> None:
    told = bench.dmp(dui.person, "POST", "/documents", {"origine": origin, "titre": "Document d'un autre"})
    assert (told["origine"], told["titre"], told["statut"]) == (origin, "Document d'un autre", "Approved")
    assert dui.found() == {told["unique_id"]}
    (content,) = dui.retrieve(told["unique_id"]).documents.values()
    assert base64.b64decode(bench.dmp(dui.person, path=f"/documents/{told['unique_id']}")["contenu_base64"]) == content
    assert b"<title>Document d&#39;un autre</title>" in content
    operation = "structure.document_depose" if origin == "autre_structure" else "usager.document_ajoute"
    assert acts(bench)[-1] == f"dmp.{operation}"


def test_a_cda_of_another_says_its_metadata(dui: Dui, bench: Bench) -> None:
    document = dui.document(title="PPA d'ailleurs")
    body = {"origine": "autre_structure", "contenu_base64": base64.b64encode(document.octets).decode()}
    told = bench.dmp(dui.person, "POST", "/documents", body)
    assert (told["unique_id"], told["titre"], told["type"]["code"]) == (document.unique_id, document.title, docs.PPA[0])
    assert (told["date_creation"], told["date_acte"]) == (document.created[1], document.acted[1])
    assert dui.retrieve(document.unique_id).documents == {document.unique_id: document.octets}


def test_another_replaces_a_document(dui: Dui, bench: Bench) -> None:
    mine = dui.document()
    dui.provide(mine)
    told = bench.dmp(dui.person, "POST", "/documents", {"origine": "autre_structure", "remplace": mine.unique_id})
    assert (dui.found(), dui.found(docs.DEPRECATED)) == ({told["unique_id"]}, {mine.unique_id})
    assert told["remplace"] == mine.unique_id


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"origine": "autre_structure", "contenu_base64": "***"}, (400, "document-refuse")),
        ({"origine": "autre_structure", "contenu_base64": "PGEvPg=="}, (400, "document-refuse")),
        ({"origine": "autre_structure", "remplace": "1.2.3"}, (400, "document-refuse")),
    ],
)
def test_a_document_that_cannot_be_put(dui: Dui, bench: Bench, body: Any, refusal: tuple[int, str]) -> None:
    assert refused(bench, dui.person, "/documents", body) == refusal
    assert bench.seen(dui.person) == []


def test_the_same_document_twice(dui: Dui, bench: Bench) -> None:
    document = dui.document()
    dui.provide(document)
    body = {"origine": "autre_structure", "contenu_base64": base64.b64encode(document.octets).decode()}
    assert refused(bench, dui.person, "/documents", body) == (409, "depot-refuse")


@pytest.mark.parametrize(
    ("act", "status", "codes"),
    [
        ("masquer", "Approved", ["N", "MASQUE_PS"]),
        ("supprimer", "Deleted", ["N"]),
        ("archiver", "Archived", ["N"]),
    ],
)
def test_its_person_acts_on_a_document(dui: Dui, bench: Bench, act: str, status: str, codes: list[str]) -> None:
    document = dui.document()
    dui.provide(document)
    told = bench.dmp(dui.person, "POST", "/actes", {"acte": act, "document": document.unique_id})
    assert (told["statut"], told["confidentialite"]) == (status, codes)
    assert acts(bench)[-1] == f"dmp.usager.{act}"


def test_masking_and_back_are_versions(dui: Dui, bench: Bench) -> None:
    document = dui.document()
    dui.provide(document)
    for version, act in enumerate(("masquer", "demasquer", "demasquer"), start=2):
        told = bench.dmp(dui.person, "POST", "/actes", {"acte": act, "document": document.unique_id})
        assert told["version"] == min(version, 3)  # what changes nothing is no version
    assert dui.entry(document.unique_id).find("{*}VersionInfo").get("versionName") == "3"


def test_shown_to_representatives(dui: Dui, bench: Bench) -> None:
    hidden = docs.visibility("INVISIBLE_REPRESENTANTS_LEGAUX")
    document = dui.document(confidentiality=(docs.NORMAL, *hidden))
    dui.provide(document)
    assert bench.seen(dui.person, "representant") == []
    act = {"acte": "rendre_visible_representants", "document": document.unique_id}
    assert bench.dmp(dui.person, "POST", "/actes", act)["alerte"] is False
    assert len(bench.seen(dui.person, "representant")) == 1


@pytest.mark.parametrize(
    ("act", "back", "motive"),
    [("s_opposer", "lever_opposition", "OPPOSITION"), ("fermer", "reactiver", "DEMANDE_USAGER")],
)
def test_its_person_closes_and_opens_the_dmp(dui: Dui, bench: Bench, act: str, back: str, motive: str) -> None:
    told = bench.dmp(dui.person, "POST", "/actes", {"acte": act})
    assert (told["statut"], told["fermeture"]["motif"]) == ("ferme", motive)
    assert dui.provide(dui.document()).outcome == "Failure BancDmpFerme"
    assert bench.dmp(dui.person, "POST", "/actes", {"acte": back})["statut"] == "actif"
    assert dui.provide(dui.document()).outcome == "Success"


def test_acts_that_are_impossible(dui: Dui, bench: Bench) -> None:
    assert refused(bench, dui.person, "/actes", {"acte": "bloquer"}) == (409, "acte-impossible")
    assert refused(bench, dui.person, "/actes", {"acte": "masquer", "document": "1.2"}) == (404, "document-inconnu")
    document = dui.document()
    dui.provide(document)
    gone = {"document": document.unique_id}
    bench.dmp(dui.person, "POST", "/actes", {"acte": "supprimer", **gone})
    assert refused(bench, dui.person, "/actes", {"acte": "masquer", **gone}) == (409, "acte-impossible")
    assert refused(bench, {"id": "personne"}, "/actes", {"acte": "fermer"}) == (404, "personne-inconnue")


def test_trust_that_is_no_certificate(bench: Bench) -> None:
    answer = bench.raw("PUT", "dmp/confiance", {"autorites": "rien"})
    assert (answer.status_code, answer.json()["erreur"]) == (400, "pem-illisible")


def test_a_tenant_that_is_forgotten_takes_its_documents_along(dui: Dui, bench: Bench) -> None:
    dui.provide(dui.document())
    assert bench("GET", "dmp/bilan")["documents"] == 1
    assert dui.http.delete(f"https://banc.test/_banc/tenants/{bench.tenant}").is_success
    assert dui.http.post("https://banc.test/_banc/tenants", json={"nom": bench.tenant}).is_success
    assert bench("GET", "dmp/bilan")["documents"] == 0
