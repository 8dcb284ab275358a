"""Messages of INSi: SOAP 1.2, contexts BAM and LPS, three operations (guide SEL-MP-043; public clients)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lxml import etree

from reference.identity.names import official
from reference.identity.traits import UNKNOWN_PLACE, Traits

SOAP = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://www.w3.org/2005/08/addressing"
BAM = "urn:siram:bam:ctxbam"
LPS = "urn:siram:lps:ctxlps"
SIRAM = "urn:siram"
BY_TRAITS = "http://www.cnamts.fr/INSiRecSans"
BY_CARD = "http://www.cnamts.fr/INSiRecVit"
VERIFICATION = "http://www.cnamts.fr/INSiLot2/REQUnitaire"
ACTIONS = {
    "traits": "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite",
    "carte": "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecCarteVitale",
    "verification": "urn:ServiceIdentiteCertifiee:1.0.0:verifierInsAvecTraitsIdentite",
}
_INSTANCE = "6f1c2f0e-5a38-4d8e-9d57-1f1f2d1c0b01"
_NAME, _VERSION = "urn:lps:dui-de-reference:0.1.0", "0.1.0"

Element = Any
"""An lxml element: its stubs do not know default namespaces."""


@dataclass(frozen=True)
class Card:
    """What a reader finds on a Vitale card. matricule: of the beneficiary; ouvreur: of who opens the rights."""

    matricule: str = ""
    ouvreur: str = ""
    nom_naissance: str = ""
    date_naissance: str = ""
    rang: int = 0


def by_traits(traits: Traits, first_names: Sequence[str], place: str, *, write: Any = official) -> Element:
    """Body of a search with these first names, in one element; a place only when it is given.

    write: how names are written.
    """
    body = etree.Element(f"{{{BY_TRAITS}}}RECSANSVITALE", nsmap=_default(BY_TRAITS))
    _add(body, "NomNaissance", write(traits.nom_naissance))
    _add(body, "Prenom", " ".join(map(write, first_names)))
    _add(body, "Sexe", traits.sexe)
    _add(body, "DateNaissance", traits.date_naissance)
    if place:
        _add(body, "LieuNaissance", place)
    return body


def by_card(card: Card) -> Element:
    """Body of a search with the data of a card."""
    body = etree.Element(f"{{{BY_CARD}}}RECVITALE", nsmap=_default(BY_CARD))
    for name, number in (("MatriculeIndividu", card.matricule), ("MatriculeOD", card.ouvreur)):
        if number:
            _number(_add(body, name), number)
    if card.nom_naissance:
        _add(body, "NomNaissance", official(card.nom_naissance))
    if card.date_naissance:
        _add(body, "DateNaissance", card.date_naissance)
    if card.rang:
        _add(body, "RangNaissance", str(card.rang))
    return body


def verification(matricule: str, oid: str, traits: Traits) -> Element:
    """Body of the verification of an INS with all its traits."""
    body = etree.Element(f"{{{VERIFICATION}}}VERIFICATION", nsmap=_default(VERIFICATION))
    person = _add(body, "IndividuVerifie")
    given = _add(person, "INSFourni")
    _number(_add(given, "IdIndividu"), matricule)
    _add(given, "OID", oid)
    told = _add(person, "TraitsIdentiteIndividu")
    _add(told, "NomNaissance", official(traits.nom_naissance))
    _add(told, "Prenom", official(traits.premier_prenom))
    _add(told, "ListePrenom", " ".join(map(official, traits.prenoms)))
    _add(told, "Sexe", traits.sexe)
    _add(told, "DateNaissance", traits.date_naissance)
    if traits.lieu_naissance not in ("", UNKNOWN_PLACE):
        _add(told, "LieuNaissance", traits.lieu_naissance)
    return body


def message(action: str, body: Element, idam: str, now: datetime) -> Element:
    """The envelope of a call: fresh identifiers, the instant with its offset, the CNDA number of the software.

    action: WS-Addressing action. idam: authorization number. now: aware instant.
    """
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    header = etree.SubElement(envelope, f"{{{SOAP}}}Header")
    bam = _context(header, BAM, "ContexteBAM", "01_02", now)
    _add(bam, "COUVERTURE")
    lps = _context(header, LPS, "ContexteLPS", "01_00", now)
    lps.set("Nature", "CTXLPS")
    software = _add(lps, "LPS")
    _add(software, "IDAM", idam).set("R", "4")
    _add(software, "Version", _VERSION)
    _add(software, "Instance", _INSTANCE)
    _add(software, "Nom", _NAME)
    etree.SubElement(header, f"{{{WSA}}}Action", nsmap={"wsa": WSA}).text = action
    etree.SubElement(header, f"{{{WSA}}}MessageID", nsmap={"wsa": WSA}).text = f"uuid:{_fresh()}"
    etree.SubElement(envelope, f"{{{SOAP}}}Body").append(body)
    return envelope


def _context(header: Element, namespace: str, name: str, version: str, now: datetime) -> Element:
    block = etree.SubElement(header, f"{{{namespace}}}{name}", nsmap=_default(namespace))
    block.set("Version", version)
    _add(block, "Id", _fresh())
    _add(block, "Temps", now.isoformat(timespec="seconds"))
    _add(block, "Emetteur", "DUI de référence")
    return block


def _number(parent: Element, matricule: str) -> None:
    _add(parent, "NumIdentifiant", matricule[:13])
    if matricule[13:]:
        _add(parent, "Cle", matricule[13:])


def _add(parent: Element, name: str, text: str | None = None) -> Element:
    """A child in the namespace of its parent."""
    child = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}")
    child.text = text
    return child


def _fresh() -> str:
    return str(UUID(hex=secrets.token_hex(16), version=4))


def _default(namespace: str) -> Any:
    return {None: namespace}
