"""The XML that the service answers (contract of identity §7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

from mocks.insi import names
from mocks.insi.model_register import Former, Identity, oid_of
from mocks.insi.traits import official
from mocks.soap.names import SOAP, soap

# 00 and 02 as recorded from the qualification platform (sheet SEC §5.3), 01 as public clients quote it.
LABELS = {"00": "OK", "01": "Aucune identite trouvee", "02": "Plusieurs identites trouvees"}
VERIFIED = {"OK": "Identite verifiee", "KO": "Identite non verifiee"}  # banc


@dataclass(frozen=True, slots=True)
class Shape:
    """How identities are told. nir_oid: OID of a NIR. first_name: whether `Prenom` stands beside `ListePrenom`."""

    nir_oid: str
    first_name: bool


def search_result(code: str, found: Identity | None, shape: Shape) -> bytes:
    """The answer of a search; found: the only identity, with code 00."""
    result, add = _result(names.RESULT)
    outcome = add(result, "CR")
    add(outcome, "CodeCR", code)
    add(outcome, "LibelleCR", LABELS[code])
    if found is not None:
        person = add(result, "INDIVIDU")
        _number(add, add(person, "INSACTIF"), Former(found.matricule, found.nature), shape)
        for former in found.history:
            _number(add, add(person, "INSHISTO"), former, shape, kind=True)
        _traits(add, add(person, "TIQ"), found, shape)
    return _enveloped(result)


def verification_result(code: str) -> bytes:
    """The answer of a verification: OK or KO."""
    result, add = _result(names.VERIFICATION_RESULT)
    outcome = add(result, "CR")
    add(outcome, "CodeCR", code)
    add(outcome, "LibelleCR", VERIFIED[code])
    return _enveloped(result)


def _number(add: Any, parent: Any, number: Former, shape: Shape, *, kind: bool = False) -> None:
    holder = add(parent, "IdIndividu")
    add(holder, "NumIdentifiant", number.matricule[:13])
    add(holder, "Cle", number.matricule[13:])
    if kind:
        add(holder, "TypeMatricule", number.nature)
    add(parent, "OID", oid_of(number.nature, shape.nir_oid))
    if number.since:
        add(parent, "DateDeb", number.since)
    if number.until:
        add(parent, "DateFin", number.until)


def _traits(add: Any, parent: Any, found: Identity, shape: Shape) -> None:
    add(parent, "NomNaissance", official(found.family))
    if shape.first_name:
        add(parent, "Prenom", official(found.given[0]) if found.given else "")
    add(parent, "ListePrenom", " ".join(map(official, found.given)))
    add(parent, "Sexe", found.sex)
    add(parent, "DateNaissance", found.birth_date)
    add(parent, "LieuNaissance", found.birth_place)


def _result(namespace: str) -> tuple[Any, Any]:
    """A result and what adds elements of its namespace: parent, name, text."""
    names_: Any = {None: namespace}  # the stubs know no default namespace
    root = etree.Element(f"{{{namespace}}}RESULTAT", nsmap=names_)

    def add(parent: Any, name: str, text: str | None = None) -> Any:
        child = etree.SubElement(parent, f"{{{namespace}}}{name}")
        child.text = text
        return child

    return root, add


def _enveloped(content: Any) -> bytes:
    envelope, body = _envelope()
    body.append(content)
    return _bytes(envelope)


def _envelope() -> tuple[Any, Any]:
    envelope = etree.Element(soap("Envelope"), nsmap={"S": SOAP, "siram": names.SIRAM})
    return envelope, etree.SubElement(envelope, soap("Body"))


def _bytes(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
