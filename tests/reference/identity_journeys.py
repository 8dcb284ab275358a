"""Journeys that let each defect of identities show: what is sent to INSi, answered and shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from lxml import etree

from reference.defects.identity import DEFECTS
from reference.product import Refusal
from tests.reference import fake_insi
from tests.reference.bench import Bench
from tests.reference.fake_insi import MARIE

Trace = list[Any]
CORSICAN = "255062A99999960"
ACCENTED = {"nom": "Bénarès", "nom_utilise": "Châtel", "lieu_naissance": "99998"}
RECEIVED = {
    "nom_naissance": "ARRIVANT",
    "prenoms": ["PAUL"],
    "sexe": "M",
    "date_naissance": "1960-01-01",
    "lieu_naissance": "99999",
}
QUALIFIED = {"origine": "Clinique", "statut": "qualifiee", "matricule": MARIE.matricule, "oid": MARIE.oid}


def _tried(action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return action(*args, **kwargs)
    except Refusal as refusal:
        return refusal.code


def _all(bench: Bench, usager: str) -> Trace:
    product = bench.product
    messages = [etree.tostring(root).decode() for _, root in bench.insi.seen]
    return [product.lire_identite(usager), product.lire_traces_ins(usager), messages]


def statuses(bench: Bench) -> Trace:
    """Retrieval, verification, proof, changes, and a verification that fails."""
    product, usager = bench.product, bench.declare_without_ins()
    bench.insi.only(former=("155069999999909",))
    steps = [
        product.recuperer_ins(usager),
        product.verifier_ins(usager),
        product.enregistrer_justificatif(usager, "autre"),
        product.enregistrer_justificatif(usager, "passeport"),
        product.lire_identite(usager),
        _tried(product.modifier_identite, usager, {"nom_utilise": "MARTIN"}),
        _tried(product.modifier_identite, usager, {"sexe": "M"}),
        *_failing(bench, usager),
    ]
    return [steps, _all(bench, usager)]


def opening(bench: Bench) -> Trace:
    """A file before any call to INSi: as it was created, then with its proof."""
    product, usager = bench.product, bench.declare_without_ins()
    created = product.lire_identite(usager)
    return [created, product.enregistrer_justificatif(usager, "passeport"), _all(bench, usager)]


def _failing(bench: Bench, usager: str) -> Trace:
    bench.insi.script = [fake_insi.fault()]
    failed = bench.product.verifier_ins(usager)
    bench.insi.only(family="AUTRE")
    return [failed, bench.product.verifier_ins(usager), bench.product.lire_identite(usager)]


def corrections(bench: Bench) -> Trace:
    """Somebody with the right corrects a locked trait; somebody without any right looks and calls."""
    product, usager = bench.product, bench.declare_without_ins()
    ruler = product.declarer_professionnel("SUPER", "Ada", droits=["ins", "dossier", "identite"])["professionnel"]
    other = product.declarer_professionnel("SIMPLE", "Bob", droits=["dossier"])["professionnel"]
    return [
        _tried(product.recuperer_ins, usager, par=other),
        product.recuperer_ins(usager),
        product.lire_identite(usager, par=other),
        product.modifier_identite(usager, {"nom_naissance": "CORRIGEE"}, par=ruler),
        _all(bench, usager),
    ]


def odd_answers(bench: Bench) -> Trace:
    """Nobody, several, other traits, a null day, an empty name, an OID, and no answer."""
    product, usager = bench.product, bench.declare_without_ins()
    steps: Trace = []
    for register in (
        [],
        [MARIE, fake_insi.Known("255069999999835")],
    ):
        bench.insi.register = register
        steps.append(product.recuperer_ins(usager))
    bench.insi.script = [
        fake_insi.fault(),
        fake_insi.found([fake_insi.Known(born="1955-06-00")]),
        fake_insi.found([fake_insi.Known(family="")]),
        fake_insi.found([fake_insi.Known(family="AUTRE")]),
        httpx.ConnectError("coupé"),
    ]
    for _ in range(5):
        steps += [product.recuperer_ins(usager), product.lire_identite(usager)]
    return [steps, _all(bench, usager)]


def blocked(bench: Bench) -> Trace:
    """Identities noted doubtful or fictitious."""
    product, usager = bench.product, bench.declare_without_ins()
    steps = []
    for attribute in ("douteuse", "fictive"):
        product.marquer_identite(usager, attribute, True)
        steps.append(product.recuperer_ins(usager))
        product.marquer_identite(usager, attribute, False)
    return [steps, _all(bench, usager)]


def files(bench: Bench) -> Trace:
    """Creation with and without a trait, search by name and by matricule."""
    product = bench.product
    accented = bench.declare_without_ins(**ACCENTED)
    bench.declare(ins={"matricule": CORSICAN, "oid": MARIE.oid})
    bench.insi.only(family="BENARES")
    return [
        product.recuperer_ins(accented),
        _tried(bench.declare_without_ins, lieu_naissance=""),
        _tried(bench.declare_without_ins),
        _tried(bench.declare_without_ins, prenom_utilise="Annie"),
        product.rechercher_identite(date_naissance="1955-06-09", debut="bena"),
        product.rechercher_identite(date_naissance="1955-06-09", debut="Châ"),
        product.rechercher_identite(date_naissance="1955-06-09", debut="cha"),
        _tried(product.rechercher_identite, matricule=CORSICAN),
        product.rechercher_identite(matricule=MARIE.matricule),
        _tried(product.rechercher_identite, matricule=MARIE.matricule[:13]),
        _all(bench, accented),
    ]


def received(bench: Bench) -> Trace:
    """Identities of another domain: not confirmed and unknown, not confirmed and known, not qualified."""
    product, known = bench.product, bench.declare_without_ins()
    mine = {**RECEIVED, "nom_naissance": "TESTINE", "prenoms": ["MARIE", "ANNE"], "sexe": "F"}
    bench.insi.only(family="PERSONNE")
    unknown = product.recevoir_identite(traits=RECEIVED, document="Lettre", **QUALIFIED)
    told = {**mine, "date_naissance": "1955-06-09", "nom_utilise": "AUTREMENT"}
    provisional = {**QUALIFIED, "statut": "provisoire"}
    return [
        unknown,
        product.lire_identite(unknown["usager"]),
        product.recevoir_identite(traits=told, **QUALIFIED),
        _all(bench, known),
        product.recevoir_identite(traits={**RECEIVED, "nom_naissance": "NOUVEAU"}, **provisional),
    ]


IDENTITY: dict[str, Callable[[Bench], Trace]] = {
    **{one.id: statuses for one in DEFECTS},
    **dict.fromkeys(("creee-montree-validee", "justificatif-avant-insi-ignore"), opening),
    **dict.fromkeys(("correction-garde-l-ins", "insi-sans-droit", "ins-visible-sans-droit"), corrections),
    **dict.fromkeys(("identite-douteuse-envoyee", "identite-fictive-envoyee"), blocked),
    **dict.fromkeys(
        (
            "traits-inventes",
            "personne-sans-explication",
            "plusieurs-sans-invitation",
            "accepte-sans-comparer",
            "jour-nul-accepte",
            "trait-vide-accepte",
            "panne-insi-muette",
        ),
        odd_answers,
    ),
    **dict.fromkeys(
        (
            "traits-avec-accents",
            "recherche-matricule-tronque",
            "cle-corse-fausse",
            "matricule-lu-comme-un-nombre",
            "recherche-sensible-a-la-casse",
            "saisie-accentuee-non-lue",
            "recherche-avec-accents",
            "recherche-sans-nom-utilise",
            "creation-sans-trait",
            "lieu-inconnu-refuse",
        ),
        files,
    ),
    **dict.fromkeys(
        (
            "recue-qualifiee-telle-quelle",
            "recue-ko-avec-ins",
            "recue-ko-modifie",
            "recue-provisoire-avec-ins",
            "document-ko-classe",
        ),
        received,
    ),
}
"""Where each defect of identities shows."""
