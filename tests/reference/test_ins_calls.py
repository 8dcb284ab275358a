"""Calls to INSi: what is sent, what each answer changes, what is traced, who may call."""

from __future__ import annotations

import httpx
import pytest

from reference.product import Refusal
from tests.reference import fake_insi
from tests.reference.bench import Bench
from tests.reference.fake_insi import MARIE, Known

COMPOSED = {"nom": "d’Éprémesnil-Œuvrard", "prenoms": ["Marie-Anne", "Zoé"], "lieu_naissance": "2A999"}


def code(bench: Bench, usager: str) -> str:
    return str(bench.product.recuperer_ins(usager)["code"])


def test_the_message_is_the_one_of_the_service(bench: Bench) -> None:
    usager = bench.declare_without_ins()
    assert bench.product.recuperer_ins(usager) == {"code": "00", "statut": "recuperee"}
    request, root = bench.insi.seen[-1]
    action = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite"
    assert request.headers["Content-Type"] == f'application/soap+xml; charset=utf-8; action="{action}"'
    assert root.tag == f"{{{fake_insi.SOAP}}}Envelope"
    versions = [(e.tag.rpartition("}")[2], e.get("Version")) for e in root.iter("{*}ContexteBAM", "{*}ContexteLPS")]
    assert versions == [("ContexteBAM", "01_02"), ("ContexteLPS", "01_00")]
    idam = next(root.iter("{*}IDAM"))
    assert (idam.get("R"), idam.text) == ("4", "CN-ESSAI-0001")
    assert bench.insi.sent("Temps") == ["2026-03-02T09:00:00+00:00"] * 2
    bench.product.verifier_ins(usager)
    identifiers = [bench.insi.sent(name, i)[n] for i in (0, 1) for name, n in (("MessageID", 0), ("Id", 0), ("Id", 1))]
    assert len(set(identifiers)) == 6


def test_names_leave_in_capitals_without_accents(bench: Bench) -> None:
    bench.insi.register = []
    assert code(bench, bench.declare_without_ins(**COMPOSED)) == "01"
    assert [bench.insi.sent("NomNaissance", i) for i in (0, 1)] == [["D'EPREMESNIL-OEUVRARD"]] * 2
    assert [bench.insi.sent("Prenom", i) for i in (0, 1)] == [["MARIE-ANNE"], ["MARIE-ANNE ZOE"]]
    assert bench.insi.sent("LieuNaissance") == []


def test_several_people_are_told_apart_by_names_then_place(bench: Bench) -> None:
    bench.insi.register = [Known(place="2A999"), Known("255069999999835", place="2B999")]
    usager = bench.declare_without_ins(lieu_naissance="2B999")
    assert code(bench, usager) == "00"
    assert [bench.insi.sent("LieuNaissance", i) for i in range(3)] == [[], [], ["2B999"]]
    assert bench.product.lire_identite(usager)["matricule"] == "255069999999835"


def test_several_people_and_nothing_to_tell_them_apart(bench: Bench) -> None:
    bench.insi.register = [MARIE, Known("255069999999835")]
    answer = bench.product.recuperer_ins(bench.declare_without_ins())
    assert (answer["code"], answer["statut"], "prénoms" in answer["message"]) == ("02", "provisoire", True)


def test_the_card_designates_its_bearer(bench: Bench) -> None:
    usager = bench.declare_without_ins()
    with pytest.raises(Refusal, match="lecteur"):
        bench.product.recuperer_ins(usager, mode="carte")
    read = {"matricule": MARIE.matricule, "date_naissance": "1955-06-09", "rang": 1}
    assert bench.product.recuperer_ins(usager, mode="carte", carte=read)["statut"] == "recuperee"
    assert bench.insi.sent("NumIdentifiant") == [MARIE.matricule[:13]]


@pytest.mark.parametrize(
    ("known", "word"),
    [(Known(born="1955-00-09"), "incomplète"), (Known(given=""), "manque"), (Known(sex=""), "manque")],
)
def test_incomplete_identities_are_not_stored(bench: Bench, known: Known, word: str) -> None:
    usager = bench.declare_without_ins()
    bench.insi.script = [fake_insi.found([known])]
    answer = bench.product.recuperer_ins(usager)
    assert (answer["code"], answer["statut"], word in answer["message"]) == ("00", "provisoire", True)
    assert "matricule" not in bench.product.lire_identite(usager)
    with pytest.raises(Refusal, match="n'attend"):
        bench.product.confirmer_ins(usager, True)


@pytest.mark.parametrize("accepted", [True, False])
def test_other_traits_wait_for_somebody(bench: Bench, accepted: bool) -> None:
    usager = bench.declare_without_ins()
    bench.insi.script = [fake_insi.found([Known(born="1955-06-08", given="MARIE")])]
    answer = bench.product.recuperer_ins(usager)
    assert (answer["statut"], answer["a_confirmer"]["date_naissance"]) == ("provisoire", "1955-06-08")
    assert bench.product.confirmer_ins(usager, accepted)["statut"] == ("recuperee" if accepted else "provisoire")
    traits = bench.product.lire_identite(usager)["traits"]
    assert traits["date_naissance"] == ("1955-06-08" if accepted else "1955-06-09")


@pytest.mark.parametrize(
    ("reply", "trace", "word"),
    [
        (fake_insi.fault(), "siram_40", "réessayez"),
        (fake_insi.fault("banc_schema", "Sender", 400), "banc_schema", "refusé"),
        (httpx.ConnectError("coupé"), "sans_reponse", "réessayez"),
        (httpx.Response(503, text="<html>"), "reponse_illisible", "réessayez"),
    ],
)
def test_no_answer_changes_nothing_and_is_traced(bench: Bench, reply: fake_insi.Reply, trace: str, word: str) -> None:
    usager = bench.declare_without_ins()
    bench.insi.script = [reply]
    answer = bench.product.recuperer_ins(usager)
    assert (answer["code"], answer["statut"], word in answer["message"]) == ("erreur", "provisoire", True)
    (call,) = bench.product.lire_traces_ins(usager)["appels"]
    assert (call["mode"], call["code"], "donnees" in call) == ("traits", trace, False)


def test_all_that_comes_back_is_traced_former_ins_included(bench: Bench) -> None:
    bench.insi.only(oid="1.2.250.1.213.1.4.9", former=("155069999999984",))
    usager = bench.declare_without_ins()
    bench.product.recuperer_ins(usager)
    (call,) = bench.product.lire_traces_ins(usager)["appels"]
    assert (call["code"], call["auteur"]) == ("00", "Professionnel de l'établissement")
    assert call["instant"] == "2026-03-02T09:00:00.000+00:00"
    assert call["donnees"]["historique"] == [{"matricule": "155069999999984", "oid": "1.2.250.1.213.1.4.9"}]
    read = bench.product.lire_identite(usager)
    assert (read["matricule"], read["oid"]) == (MARIE.matricule, "1.2.250.1.213.1.4.9")


@pytest.mark.parametrize("attribute", ["douteuse", "fictive"])
def test_marked_identities_are_not_sent(bench: Bench, attribute: str) -> None:
    usager = bench.declare_without_ins()
    bench.product.marquer_identite(usager, attribute, True)
    assert code(bench, usager) == "bloque"
    assert bench.product.verifier_ins(usager)["resultat"] == "bloque"
    assert bench.insi.seen == []
    bench.product.marquer_identite(usager, attribute, False)
    bench.product.marquer_identite(usager, "homonyme", True)
    assert code(bench, usager) == "00"


def test_rights(bench: Bench) -> None:
    product, usager = bench.product, bench.declare_without_ins()
    rights = {"voit": ["ins", "dossier"], "simple": ["dossier"], "technique": ["administration"]}
    made = {
        name: product.declarer_professionnel("NOM", name, droits=list(given))["professionnel"]
        for name, given in rights.items()
    }
    for name in ("simple", "technique"):
        with pytest.raises(Refusal, match="droit"):
            product.recuperer_ins(usager, par=made[name])
        with pytest.raises(Refusal, match="droit"):
            product.lire_traces_ins(usager, par=made[name])
    assert bench.insi.seen == []
    product.recuperer_ins(usager, par=made["voit"])
    assert product.lire_identite(usager, par=made["voit"])["matricule"] == MARIE.matricule
    assert not {"matricule", "oid"} & set(product.lire_identite(usager, par=made["simple"]))
    with pytest.raises(Refusal, match="droit"):
        product.lire_identite(usager, par=made["technique"])
    assert product.lire_traces_ins(usager)["appels"][0]["auteur"].startswith("voit NOM (pro")


def test_who_acts_in_a_session_is_traced_and_automatic_calls_say_so(bench: Bench) -> None:
    product, usager = bench.product, bench.declare_without_ins()
    account = product.declarer_professionnel("DUSOIN", "Claude", identifiant_national="899900000011")["professionnel"]
    session = product.connecter_professionnel("local", professionnel=account)["session"]
    product.recuperer_ins(usager, session=session)
    product.verifier_ins(usager, automatique=True)
    authors = [call["auteur"] for call in product.lire_traces_ins(usager)["appels"]]
    assert authors == ["Claude DUSOIN (899900000011)", "Appel automatique du produit"]
    product.deconnecter_professionnel(session)
    with pytest.raises(Refusal, match="connecter"):
        product.recuperer_ins(usager, session=session)


def test_without_settings_or_with_a_card_reader_it_does_not_have(bench: Bench) -> None:
    usager = bench.declare_without_ins()
    mes = bench.product.settings.mes
    assert mes is not None
    bench.product.configurer(mes=vars(mes), insi={**fake_insi.SETTINGS, "mode": "cps"})
    with pytest.raises(Refusal, match="CPx"):
        bench.product.recuperer_ins(usager)
    bench.product.configurer(mes=vars(mes))
    with pytest.raises(Refusal, match="configurée"):
        bench.product.recuperer_ins(usager)
