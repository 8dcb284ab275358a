"""Statuses, proofs, locks, history, verification; identities received; search."""

from __future__ import annotations

from typing import Any

import pytest

from reference.identity.matricule import is_valid, key, nature
from reference.identity.traits import Traits, differences, filled, missing
from reference.product import Refusal
from tests.reference import fake_insi
from tests.reference.bench import Bench
from tests.reference.fake_insi import MARIE
from tests.reference.identity_journeys import CORSICAN, QUALIFIED, RECEIVED

STRICT: dict[str, Any] = {
    "nom_naissance": "AUTRE",
    "prenoms": ["Autre"],
    "premier_prenom": "Autre",
    "sexe": "M",
    "date_naissance": "1955-06-10",
    "lieu_naissance": "2A999",
}


def qualified(bench: Bench) -> str:
    usager = bench.declare_without_ins()
    bench.product.recuperer_ins(usager)
    assert bench.product.enregistrer_justificatif(usager, "passeport")["statut"] == "qualifiee"
    return usager


@pytest.mark.parametrize(("proof_first", "way"), [(True, "validee"), (False, "recuperee")])
def test_both_ways_lead_to_a_qualified_identity(bench: Bench, proof_first: bool, way: str) -> None:
    product, usager = bench.product, bench.declare_without_ins()
    assert product.lire_identite(usager)["statut"] == "provisoire"

    def proof() -> None:
        product.enregistrer_justificatif(usager, "carte_identite")

    def insi() -> None:
        product.recuperer_ins(usager)

    for step in (proof, insi) if proof_first else (insi, proof):
        bench.clock.advance(minutes=1)
        step()
    history = product.lire_identite(usager)["historique"]
    assert [line["statut"] for line in history] == ["provisoire", way, "qualifiee"]
    assert [line["date"][11:16] for line in history] == ["09:00", "09:01", "09:02"]
    assert all(line["auteur"] for line in history)


def test_a_weak_paper_proves_nothing(bench: Bench) -> None:
    usager = bench.declare_without_ins()
    assert bench.product.enregistrer_justificatif(usager, "autre")["statut"] == "provisoire"
    with pytest.raises(Refusal, match="reconnu"):
        bench.product.enregistrer_justificatif(usager, "ticket")


def test_a_file_taken_over_with_its_ins_is_qualified(bench: Bench) -> None:
    read = bench.product.lire_identite(bench.declare())
    assert (read["statut"], read["matricule"]) == ("qualifiee", MARIE.matricule)
    assert read["historique"][0]["auteur"] == "Reprise des données"


@pytest.mark.parametrize("trait", STRICT)
def test_strict_traits_are_locked_and_only_a_ruler_may_change_them(bench: Bench, trait: str) -> None:
    product, usager = bench.product, qualified(bench)
    assert trait in product.lire_identite(usager)["verrouilles"]
    with pytest.raises(Refusal, match="Verrouillé"):
        product.modifier_identite(usager, {trait: STRICT[trait]})
    administrator = product.declarer_professionnel("A", "B", droits=["administration"])["professionnel"]
    with pytest.raises(Refusal, match="droit"):
        product.modifier_identite(usager, {trait: STRICT[trait]}, par=administrator)
    ruler = product.declarer_professionnel("C", "D", droits=["dossier", "identite"])["professionnel"]
    assert product.modifier_identite(usager, {trait: STRICT[trait]}, par=ruler)["statut"] == "provisoire"
    read = product.lire_identite(usager)
    assert (read["verrouilles"], {"matricule", "oid"} & set(read)) == ([], set())
    assert read["traits"][trait] == STRICT[trait]


def test_used_names_stay_free(bench: Bench) -> None:
    product, usager = bench.product, qualified(bench)
    assert product.modifier_identite(usager, {"nom_utilise": "Neuf", "prenom_utilise": "Ève"})["statut"] == "qualifiee"
    traits = product.lire_identite(usager)["traits"]
    assert (traits["nom_utilise"], traits["prenom_utilise"]) == ("Neuf", "Ève")
    with pytest.raises(Refusal, match="inconnus"):
        product.modifier_identite(usager, {"couleur": "bleu"})


def test_a_validated_identity_that_changes_must_be_proven_again(bench: Bench) -> None:
    product, usager = bench.product, bench.declare_without_ins()
    product.enregistrer_justificatif(usager, "passeport")
    assert product.modifier_identite(usager, {"nom_naissance": "AUTRE"})["statut"] == "provisoire"


def test_verification(bench: Bench) -> None:
    product, usager = bench.product, bench.declare_without_ins()
    assert product.verifier_ins(usager)["resultat"] == "bloque"
    product.recuperer_ins(usager)
    assert product.verifier_ins(usager) == {"resultat": "OK", "statut": "recuperee"}
    assert bench.insi.sent("OID") == [MARIE.oid]
    product.enregistrer_justificatif(usager, "passeport")
    bench.insi.script = [fake_insi.fault()]
    failed = product.verifier_ins(usager)
    assert (failed["resultat"], failed["statut"], bool(failed["message"])) == ("erreur", "qualifiee", True)
    bench.insi.only(family="AUTRE")
    assert product.verifier_ins(usager)["resultat"] == "KO"
    read = product.lire_identite(usager)
    assert (read["statut"], read["liste_de_travail"], "matricule" in read) == ("provisoire", True, False)
    codes = [call["code"] for call in product.lire_traces_ins(usager)["appels"]]
    assert codes == ["00", "OK", "siram_40", "KO"]


# -- identities of other domains


def receive(bench: Bench, traits: dict[str, Any] | None = None, **changes: str) -> dict[str, Any]:
    return bench.product.recevoir_identite(traits=traits or RECEIVED, **{**QUALIFIED, **changes})


def test_an_identity_received_is_verified_and_only_retrieved(bench: Bench) -> None:
    bench.insi.only(family="ARRIVANT", given="PAUL", sex="M", born="1960-01-01")
    answer = receive(bench, document="Lettre")
    assert (answer["resultat"], answer["statut"], answer["document_classe"]) == ("creee", "recuperee", True)
    assert bench.insi.actions == ["verifierInsAvecTraitsIdentite"]
    again = receive(bench, document="Lettre")
    assert (again["resultat"], again["usager"]) == ("rapprochee", answer["usager"])
    assert len(bench.insi.seen) == 1


@pytest.mark.parametrize("reply", [None, fake_insi.fault()])
def test_an_unknown_identity_not_confirmed_is_created_without_ins(bench: Bench, reply: Any) -> None:
    bench.insi.script = [reply] if reply else []
    answer = receive(bench, document="Lettre")
    assert (answer["resultat"], answer["statut"], answer["document_classe"]) == ("creee", "provisoire", False)
    read = bench.product.lire_identite(answer["usager"])
    assert (read["liste_de_travail"], "matricule" in read, bool(answer["message"])) == (True, False, True)


def test_a_known_identity_not_confirmed_does_not_change(bench: Bench) -> None:
    usager = bench.declare_without_ins(**RECEIVED_AS_DECLARED)
    before = bench.product.lire_identite(usager)
    answer = receive(bench, {**RECEIVED, "nom_utilise": "AUTREMENT"})
    assert (answer["resultat"], answer["usager"]) == ("inchangee", usager)
    assert bench.product.lire_identite(usager) == {**before, "liste_de_travail": True}


RECEIVED_AS_DECLARED = {"nom": "Arrivant", "prenoms": ["Paul"], "sexe": "M", "date_naissance": "1960-01-01"}


def test_an_identity_not_validated_loses_its_ins(bench: Bench) -> None:
    answer = receive(bench, statut="provisoire")
    assert (answer["resultat"], answer["statut"]) == ("creee", "provisoire")
    assert "matricule" not in bench.product.lire_identite(answer["usager"])
    assert bench.insi.seen == []
    assert receive(bench, statut="validee")["resultat"] == "rapprochee"
    with pytest.raises(Refusal, match="prénoms"):
        receive(bench, {**RECEIVED, "prenoms": []})


# -- creation, search


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"nom": " "}, "nom de naissance"),
        ({"prenoms": [""]}, "prénom"),
        ({"lieu_naissance": ""}, "lieu de naissance"),
        ({"sexe": ""}, "sexe"),
        ({"date_naissance": ""}, "date de naissance"),
    ],
)
def test_no_file_without_the_five_traits(bench: Bench, changes: dict[str, Any], word: str) -> None:
    with pytest.raises(Refusal, match=word):
        bench.declare_without_ins(**changes)


def test_search_by_matricule(bench: Bench) -> None:
    usager = bench.declare()
    corsican = bench.declare(ins={"matricule": CORSICAN, "oid": MARIE.oid})
    search = bench.product.rechercher_identite
    assert search(matricule=MARIE.matricule)["usagers"] == [usager]
    assert search(matricule=CORSICAN.lower())["usagers"] == [corsican]
    for wrong in (MARIE.matricule[:13], MARIE.matricule[:14], f"{MARIE.matricule[:13]}01", "abc"):
        with pytest.raises(Refusal, match="quinze"):
            search(matricule=wrong)
    with pytest.raises(Refusal, match="Cherchez"):
        search(debut="TES")


@pytest.mark.parametrize("start", ["Dé", "de", "D'Ar", "d arc", "D’ARC-É", "châ", "CHA"])
def test_search_by_birth_date_and_beginning_of_a_name(bench: Bench, start: str) -> None:
    bench.declare(nom="Autre")
    usager = bench.declare(nom="Dé" if start.lower() in ("dé", "de") else "d'Arc-Évêque", nom_utilise="Châtel")
    search = bench.product.rechercher_identite
    assert search(date_naissance="1955-06-09", debut=start)["usagers"] == [usager]
    assert search(date_naissance="1955-06-10", debut=start)["usagers"] == []


# -- pure functions


def test_keys_of_matricules() -> None:
    assert key("2360663220836") == "56"
    assert key("297022A020778") == "78"
    assert is_valid("297022A02077878")
    assert not is_valid("297022A02077877")
    assert [nature(f"1.2.250.1.213.1.4.{n}") for n in (8, 9, 10)] == ["NIR", "NIA", "NIR"]


LOCAL = Traits("d'Arc", ("Jeanne Marie", "Zoé"), "F", "1948-02-01", "2A999")


@pytest.mark.parametrize(
    ("national", "changed"),
    [
        (Traits("D'ARC", ("JEANNE", "MARIE", "ZOE"), "F", "1948-02-01", "2A999"), []),
        (Traits("D ARC", ("ZOE", "JEANNE-MARIE"), "F", "1948-02-01", ""), []),
        (Traits("DARC", ("JEANNE", "MARIE"), "F", "1948-02-01", "2A999"), ["nom_naissance"]),
        (Traits("D'ARC", ("JEANNE",), "F", "1948-02-01", "2A999"), ["prenoms"]),
        (
            Traits("D'ARC", ("JEANNE", "MARIE"), "M", "1948-02-02", "2B999"),
            ["sexe", "date_naissance", "lieu_naissance"],
        ),
    ],
)
def test_traits_are_compared(national: Traits, changed: list[str]) -> None:
    assert differences(LOCAL, national) == changed


def test_traits_of_insi_are_written_as_it_writes_them() -> None:
    national = Traits("D'ARC", ("JEANNE", "MARIE", "ZOE"), "F", "1948-02-01", "2A999")
    assert filled(LOCAL, national).prenoms == ("JEANNE MARIE", "ZOE")
    assert filled(LOCAL, Traits("D'ARC", ("JEANNE", "MARIE"), "F", "1948-02-01", "")).lieu_naissance == "2A999"


def test_missing_traits_are_named_once() -> None:
    assert missing(LOCAL) == []
    assert missing(Traits("", (), "", "", "")) == [
        "nom de naissance",
        "prénoms de naissance",
        "sexe",
        "date de naissance",
        "lieu de naissance",
    ]
