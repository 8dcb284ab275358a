"""The faults of the contract §5: what the DMP answers for one call, and that its state is what the answer says."""

from __future__ import annotations

import httpx
import pytest

from mocks.recorder import ConnectionCutError
from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import Dui
from tests.mocks.dmp.conftest import Bench

PROVIDE, QUERY, RETRIEVE = (
    "dmp.xds.provide_and_register",
    "dmp.xds.registry_stored_query",
    "dmp.xds.retrieve_document_set",
)


@pytest.mark.parametrize(
    ("nature", "outcome"),
    [
        ("dmp_ferme", "Failure BancDmpFerme"),
        ("dmp_absent", "Failure BancDmpAbsent"),
        ("professionnel_bloque", "Failure BancProfessionnelBloque"),
        ("autorisation_expiree", "Failure BancAutorisationExpiree"),
        ("registre_occupe", "Failure XDSRegistryBusy"),
    ],
)
def test_a_search_meets_another_state_once(dui: Dui, bench: Bench, nature: str, outcome: str) -> None:
    bench.fault(QUERY, nature, personne=dui.person["id"])
    assert dui.find().outcome == outcome
    assert bench.last()["fault"] == nature
    assert dui.find().outcome == "Success"
    assert bench.dmp(dui.person)["statut"] == "actif"


@pytest.mark.parametrize("nature", ["dmp_ferme", "dmp_absent", "professionnel_bloque", "registre_occupe"])
def test_a_deposit_that_meets_it_stores_nothing(dui: Dui, bench: Bench, nature: str) -> None:
    bench.fault(PROVIDE, nature)
    document = dui.document()
    assert dui.provide(document).outcome.startswith("Failure ")
    assert bench("GET", "dmp/bilan")["lots"] == 0
    assert dui.provide(document).outcome == "Success"


def test_a_repository_that_is_busy(dui: Dui, bench: Bench) -> None:
    bench.fault("dmp.xds.*", "registre_occupe", fois=2)
    assert dui.provide(dui.document()).outcome == "Failure XDSRepositoryBusy"
    assert dui.find().outcome == "Failure XDSRegistryBusy"


def test_an_answer_lost_after_the_commit(dui: Dui, bench: Bench) -> None:
    """What a product must get out of: the document is there, and the same deposit again is refused."""
    bench.fault(PROVIDE, "coupure_apres")
    document = dui.document()
    with pytest.raises((httpx.TransportError, ConnectionCutError)):
        dui.provide(document)
    assert dui.found() == {document.unique_id}
    assert dui.provide(document).outcome == "Failure XDSDuplicateUniqueIdInRegistry"
    assert len(bench.seen(dui.person)) == 1


def test_a_partial_success_of_a_deposit_stores_nothing(dui: Dui, bench: Bench) -> None:
    bench.fault(PROVIDE, "succes_partiel")
    assert dui.provide(dui.document()).outcome == "PartialSuccess XDSRepositoryError"
    told = bench.last()["context"]
    assert (told["response_status"], "refusal" in told, len(told["errors"])) == ("PartialSuccess", False, 1)
    assert bench("GET", "dmp/bilan")["documents"] == 0


def test_a_partial_success_of_a_search_leaves_the_last_out(dui: Dui, bench: Bench) -> None:
    dui.provide(dui.document(), dui.document(symbol="Document02"))
    bench.fault(QUERY, "succes_partiel")
    reply = dui.find()
    assert (reply.outcome, len(reply.entries)) == ("PartialSuccess XDSRegistryError", 1)
    assert len(dui.find().entries) == 2


def test_a_partial_success_of_a_retrieval_leaves_the_last_out(dui: Dui, bench: Bench) -> None:
    pair = [dui.document(symbol=f"Document0{rank}") for rank in range(2)]
    dui.provide(*pair)
    bench.fault(RETRIEVE, "succes_partiel")
    reply = dui.retrieve(*(one.unique_id for one in pair))
    assert reply.outcome == "PartialSuccess XDSRepositoryError"
    assert reply.documents == {pair[0].unique_id: pair[0].octets}


def test_a_certificate_that_is_taken_for_revoked(dui: Dui, bench: Bench) -> None:
    bench.fault(PROVIDE, "certificat_revoque", personne=dui.person["id"])
    document = dui.document()
    reply = dui.provide(document)
    assert reply.fault == (403, "Sender", "wsse:FailedAuthentication", "vihf_certificat_revoque")
    told = bench.last()
    assert (told["context"]["vihf"]["signature"]["trust"], told["person"]) == ("revoquee", dui.person["id"])
    assert dui.provide(document).outcome == "Success"


def test_identity_traits_that_differ(dui: Dui, bench: Bench) -> None:
    bench.fault("dmp.hl7v3.td02", "traits_differents")
    assert dui.td02().one("//h:family[@qualifier='BR']").text == f"{dui.person['nom']}-AUTRE"
    assert dui.td02().one("//h:family[@qualifier='BR']").text == dui.person["nom"]


def test_a_usual_name_that_is_not_told(dui: Dui, bench: Bench) -> None:
    bench.dmp(dui.person, "PUT", body={"nom_utilise": "DUPONT"})
    bench.fault("dmp.hl7v3.td02", "nom_non_renseigne")
    assert dui.td02().one("//h:family[@qualifier='SP']").text == "NON RENSEIGNE"
    assert dui.td02().one("//h:family[@qualifier='SP']").text == "DUPONT"


def test_an_outage(dui: Dui, bench: Bench) -> None:
    bench.fault("dmp.*", "503", retry_after=3)
    envelope = dui.envelope("urn:ihe:iti:2007:RegistryStoredQuery", "<a/>")
    answer = dui.http.post(f"{dui.url}/xds/registry", content=envelope, headers={"Content-Type": "text/plain"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert dui.found(docs.APPROVED) == set()
