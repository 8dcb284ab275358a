"""What rules read of the calls to INSi, and of the actions that make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from rules.exchange import Exchange
from rules.reading import dig, text
from rules.selectors import DONE, On, action, http
from rules.traits import declared
from rules.windows import during

TRAITS_SEARCHES = http("insi.recherche_traits")
SEARCHES = TRAITS_SEARCHES | http("insi.recherche_carte")
VERIFICATIONS = http("insi.verification")
INSI_CALLS = SEARCHES | VERIFICATIONS
RETRIEVES = action("recuperer_ins")
CONFIRMS = action("confirmer_ins")
VERIFIES = action("verifier_ins")
READS = action("lire_identite") & On(lambda e: e.status == 200)
DECLARES = action("declarer_usager") & DONE
CHANGES = action("modifier_identite")
RECEIVES = action("recevoir_identite")
PROVES = action("enregistrer_justificatif") & DONE
MARKS = action("marquer_identite") & DONE
ASKS_INSI = RETRIEVES | VERIFIES | CONFIRMS | RECEIVES
WITH_INS = ("recuperee", "qualifiee")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


@dataclass(frozen=True)
class Individual:
    """The person that an answer 00 of INSi describes; traits under the names of the vocabulary."""

    matricule: str
    oid: str
    traits: Mapping[str, Any]
    former: tuple[str, ...]


def code_of(call: Exchange) -> str:
    """Return code of INSi (00, 01, 02, OK, KO, fault); empty when it did not get so far."""
    return text(dig(call.context, "insi", "code"))


def individual(call: Exchange) -> Individual | None:
    """The person of an answer 00; None when there is none or the answer cannot be read."""
    if code_of(call) != "00":
        return None
    try:
        tree = etree.fromstring(call.answer_body.encode(), _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        return None
    found = next(tree.iter("{*}INDIVIDU"), None)
    if found is None:
        return None
    active, traits = found.find("{*}INSACTIF"), found.find("{*}TIQ")
    names = {
        "nom_naissance": _leaf(traits, "NomNaissance"),
        "premier_prenom": _leaf(traits, "Prenom"),
        "prenoms": _leaf(traits, "ListePrenom").split() or _leaf(traits, "Prenom").split(),
        "sexe": _leaf(traits, "Sexe"),
        "date_naissance": _leaf(traits, "DateNaissance"),
        "lieu_naissance": _leaf(traits, "LieuNaissance"),
    }
    former = tuple(filter(None, (_matricule(old) for old in found.iter("{*}INSHISTO"))))
    return Individual(_matricule(active), _leaf(active, "OID"), names, former)


def _leaf(element: etree._Element | None, name: str) -> str:
    found = None if element is None else next(element.iter(f"{{*}}{name}"), None)
    return "" if found is None or found.text is None else found.text.strip()


def _matricule(element: etree._Element | None) -> str:
    return _leaf(element, "NumIdentifiant") + _leaf(element, "Cle")


STATUSES = ("provisoire", "validee", "recuperee", "qualifiee")


def usager_of(asked: Exchange) -> str:
    """The usager of an action, as the product calls her."""
    return text(asked.resource.get("usager")) or text(dig(asked.answer_json, "usager"))


def status_of(asked: Exchange) -> str:
    """Status of the identity that an action answered; empty when it did not say (others than these have one too)."""
    said = text(dig(asked.answer_json, "statut")) if asked.status == 200 else ""
    return said if said in STATUSES else ""


def status_before(asked: Exchange, exchanges: Sequence[Exchange]) -> str:
    """Last status that the product said of this usager before an action; empty when it said none."""
    usager = usager_of(asked)
    said = [status_of(e) for e in exchanges if e.id < asked.id and e.protocol == "action" and usager_of(e) == usager]
    return next((status for status in reversed(said) if status), "")


def local_traits(usager: str, exchanges: Sequence[Exchange], before: int) -> dict[str, Any]:
    """Traits of an usager as typed in the product before an action; empty when the record does not say."""
    found: dict[str, Any] = {}
    for e in exchanges:
        if e.id >= before or usager_of(e) != usager:
            continue
        if DECLARES(e):
            found = declared(e.resource)
        elif CHANGES(e) and e.status == 200 and isinstance(e.resource.get("traits"), dict):
            found |= e.resource["traits"]
    return found


def came_with_ins(usager: str, exchanges: Sequence[Exchange]) -> bool:
    """Whether the file was opened with an INS, or is not opened in this record: its first status is unknown."""
    made = [e for e in exchanges if DECLARES(e) and usager_of(e) == usager]
    return not made or any(e.resource.get("ins") for e in made)


def calls_of(asked: Exchange, exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Calls to INSi that an action made."""
    return [e for e in during(asked, exchanges) if INSI_CALLS(e)]
