"""The product in front of a DMP that answers what a test says: what it makes of silence, refusals and errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx
from lxml import etree

from mocks.pki import Pki
from reference.dmp import registry, soap
from reference.product import Product, Refusal

BASE = "https://dmp.test"
SOAP = "http://www.w3.org/2003/05/soap-envelope"
ENVELOPE = f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{{}}</s:Body></s:Envelope>'
RS = 'xmlns:rs="urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0"'
SUCCESS = f'<rs:RegistryResponse {RS} status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"/>'
INS = {"matricule": "279035121518989", "oid": "1.2.250.1.213.1.4.10"}
NURSE = {"code": "60", "systeme": "1.2.250.1.71.1.2.7", "libelle": "Infirmier"}


def failure(code: str, status: str = "oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure") -> str:
    error = f'<rs:RegistryErrorList><rs:RegistryError errorCode="{code}" codeContext="Refusé"/></rs:RegistryErrorList>'
    return f'<rs:RegistryResponse {RS} status="urn:{status}">{error}</rs:RegistryResponse>'


def state(status: str = "ACTIF", authorisation: str = "VALIDE", code: str = "OK") -> str:
    told = "".join(
        f'<administrativeObservation><code code="{name}"/><value value="{value}"/></administrativeObservation>'
        for name, value in (("STATUT_DMP", status), ("AUTORISATION", authorisation))
    )
    return f'<a xmlns="urn:hl7-org:v3"><queryResponseCode code="{code}"/>{told}</a>'


@dataclass
class Dmp:
    """Answers to give, by last part of the address; what it received."""

    answers: dict[str, list[Any]] = field(default_factory=dict)
    received: list[httpx.Request] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.received.append(request)
        given = self.answers[request.url.path.rpartition("/")[2]]
        said = given.pop(0) if len(given) > 1 else given[0]
        if isinstance(said, Exception):
            raise said
        if isinstance(said, int):
            return httpx.Response(said, text="en panne")
        return httpx.Response(200, text=ENVELOPE.format(said), headers={"Content-Type": "application/soap+xml"})

    def sent(self, way: str) -> list[bytes]:
        return [one.content for one in self.received if one.url.path.endswith(way)]


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("cachet")
    Pki().write(folder, ["signature"])
    return {"certificat": str(folder / "signature.pem"), "cle": str(folder / "signature.key.pem")}


@pytest.fixture
def dmp() -> Iterator[Dmp]:
    made = Dmp({"patients": [state()], "repository": [SUCCESS], "registry": [SUCCESS]})
    with respx.mock(assert_all_called=False) as router:
        router.route(url__startswith=BASE).mock(side_effect=made.answer)
        yield made


@dataclass
class Desk:
    product: Product
    usager: str
    by: str

    def project(self, **more: Any) -> str:
        told = {"usager": self.usager, "par": self.by, "type": "ppa", "texte": "Un projet"}
        made: str = self.product.ecrire_document(**{**told, **more})["document"]
        self.product.valider_document(made, self.by)
        return made


@pytest.fixture
def desk(dmp: Dmp, seal: dict[str, str]) -> Iterator[Desk]:
    product = Product()
    told = {"base_url": BASE, "homologation": "numero-secret", "secteur": "SA16", "signature": seal}
    product.configurer(dmp=told)
    usager = product.declarer_usager(
        nom="MARTIN", prenoms=["Zoé"], sexe="F", date_naissance="1979-03-05", courriel="z@exemple.test", ins=INS
    )["usager"]
    by = product.declarer_professionnel("Petit", "Anne", identifiant_national="899990000053", profession=NURSE)
    made = Desk(product, usager, by["professionnel"])
    product.noter_choix_dmp(usager, made.by, alimentation="accepte", consultation="accepte")
    yield made
    product.close()


def test_what_got_no_answer_is_sent_again_as_it_was(desk: Desk, dmp: Dmp) -> None:
    dmp.answers["repository"] = [httpx.ReadError("coupé"), SUCCESS]
    project = desk.project()
    first = desk.product.deposer_document(project, desk.by)
    assert first["envoi"] == "en_attente"
    assert "prochain essai" in first["message"]
    assert desk.product.reprendre_envois() == {"envoyes": 1, "en_attente": 0}
    assert desk.product.reprendre_envois() == {"envoyes": 0, "en_attente": 0}
    before, after = dmp.sent("repository")
    assert first["unique_id"].encode() in before
    assert _document(before) == _document(after)
    (shown,) = desk.product.lire_documents(desk.usager)["documents"]
    assert (shown["envoi"], shown["unique_id"]) == ("depose", first["unique_id"])


def _document(message: bytes) -> bytes:
    return message.partition(b"<document01@dui>")[2].partition(b"</ClinicalDocument>")[0]


@pytest.mark.parametrize("silence", [503, httpx.ConnectError("rien")])
def test_a_dmp_out_of_order_keeps_the_document_waiting(desk: Desk, dmp: Dmp, silence: Any) -> None:
    dmp.answers["patients"] = [silence]
    assert desk.product.deposer_document(desk.project(), desk.by)["envoi"] == "en_attente"
    assert dmp.sent("repository") == []


def test_a_document_that_is_already_there_must_be_this_one(desk: Desk, dmp: Dmp) -> None:
    dmp.answers["repository"] = [failure("XDSDuplicateUniqueIdInRegistry")]
    outcome = desk.product.deposer_document(desk.project(), desk.by)
    assert outcome["envoi"] == "refuse"
    assert "XDSDuplicateUniqueIdInRegistry" in outcome["message"]
    assert len(dmp.sent("registry")) == 1


def test_a_document_that_changed_hands_is_not_replaced(desk: Desk, dmp: Dmp) -> None:
    project = desk.project()
    desk.product.deposer_document(project, desk.by)
    with pytest.raises(Refusal, match="plus en vigueur"):
        desk.product.remplacer_document(project, desk.by, "Revu")
    assert len(dmp.sent("repository")) == 1


def test_a_part_is_not_the_whole(desk: Desk, dmp: Dmp) -> None:
    dmp.answers["repository"] = [failure("XDSRepositoryError", "ihe:iti:2007:ResponseStatusType:PartialSuccess")]
    assert desk.product.deposer_document(desk.project(), desk.by)["envoi"] == "refuse"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (state(code="NF"), "dmp_absent"),
        (state("FERME"), "dmp_ferme"),
        (state(authorisation="BLOQUE"), "professionnel_bloque"),
        (state("INCONNU"), "dmp_sans_reponse"),
    ],
)
def test_the_state_of_the_dmp_is_obeyed(desk: Desk, dmp: Dmp, answer: str, code: str) -> None:
    dmp.answers["patients"] = [answer]
    with pytest.raises(Refusal) as refused:
        desk.product.rechercher_documents(desk.usager, desk.by)
    assert refused.value.code == code
    assert dmp.sent("registry") == []


def test_who_has_no_national_identifier_or_no_profession_does_not_enter(desk: Desk, dmp: Dmp) -> None:
    local = desk.product.declarer_professionnel("Roux", "Luc", profession=NURSE)["professionnel"]
    idle = desk.product.declarer_professionnel("Noir", "Lise", identifiant_national="899990000061")["professionnel"]
    for account, code in ((local, "identifiant_national_absent"), (idle, "profession_absente")):
        with pytest.raises(Refusal) as refused:
            desk.product.verifier_dmp(desk.usager, account)
        assert refused.value.code == code
    assert dmp.received == []


def test_calls_are_traced_and_the_homologation_number_is_written_nowhere(desk: Desk, dmp: Dmp) -> None:
    desk.product.deposer_document(desk.project(), desk.by)
    traces = desk.product.lire_traces_dmp(desk.usager)["appels"]
    assert [one["transaction"] for one in traces] == ["TD0.2", "TD2.1"]
    assert all("899990000053" in one["auteur"] and one["structure"] for one in traces)
    assert b"numero-secret" in dmp.received[0].content
    assert "numero-secret" not in str((traces, desk.product.lire_journal_technique()))


def test_no_answer_makes_the_product_read_a_foreign_entity(desk: Desk, dmp: Dmp, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    hostile = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>{ENVELOPE.format("&x;")}'
    reply = soap.read(hostile.encode(), "application/soap+xml")
    assert b"secret" not in etree.tostring(reply.root.find(f"{{{SOAP}}}Body"), method="text")


def test_a_message_without_outcome_is_a_failure() -> None:
    assert registry.verdict(soap.read(ENVELOPE.format("").encode(), "text/xml")).status == "Failure"


def test_a_kept_document_keeps_no_other(desk: Desk, dmp: Dmp) -> None:
    desk.product.regler_alimentation_dmp(desk.by, ["ppa"])
    told = {"usager": desk.usager, "par": desk.by, "texte": "Texte"}
    kinds = ("ppa", "ppa", "synthese")
    kept, sent, other = (desk.product.ecrire_document(type=kind, **told)["document"] for kind in kinds)
    assert desk.product.valider_document(kept, desk.by, deposer=False) == {"etat": "valide"}
    assert desk.product.valider_document(sent, desk.by)["envoi"] == "depose"
    assert desk.product.valider_document(other, desk.by) == {"etat": "valide"}
    assert len(dmp.sent("repository")) == 1


def test_a_refused_deposit_does_not_undo_the_validation(desk: Desk, dmp: Dmp) -> None:
    desk.product.regler_alimentation_dmp(desk.by, ["ppa"])
    desk.product.noter_choix_dmp(desk.usager, desk.by, alimentation="refuse")
    project = desk.product.ecrire_document(desk.usager, desk.by, "ppa", "Texte")["document"]
    outcome = desk.product.valider_document(project, desk.by)
    assert (outcome["etat"], outcome["envoi"]) == ("valide", "refuse")
    assert "non-opposition" in outcome["message"]
    assert dmp.received == []
