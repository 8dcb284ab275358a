"""SOAP faults (SOAP 1.2 part 1 §5.4), by code.

Codes that begin with `banc_` are ours: they name what the bench refuses. A Receiver fault is answered 500 and every
other one 4xx, so that a 500 nobody asked for stays the sign of a mock that broke.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from mocks.soap.names import SOAP, soap

Code = Literal["Sender", "Receiver", "VersionMismatch", "MustUnderstand"]
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault.

    text: French sentence. subcode: empty for that of the bench; with a prefix, it is a qualified name. detail: empty
    for the reason once more.
    """

    code: Code
    status: int
    text: str
    subcode: str = ""
    detail: str = ""


# Of any message; a service adds its own.
KINDS: Mapping[str, Kind] = {
    "banc_type": Kind("Sender", 415, "Le message doit être de type application/soap+xml (SOAP 1.2)."),
    "banc_taille": Kind("Sender", 413, "Le message est trop grand."),
    "banc_methode": Kind("Sender", 405, "Le service s'appelle par POST ; GET ne rend que la description (?wsdl)."),
    "banc_mime": Kind("Sender", 400, "Le message en plusieurs parties (MIME) est mal formé."),
    "banc_piece": Kind("Sender", 400, "Une pièce que le message inclut (xop:Include) n'y est pas."),
    "banc_xml": Kind("Sender", 400, "Le message n'est pas du XML bien formé."),
    "banc_dtd": Kind("Sender", 400, "Un message SOAP ne porte ni DTD ni entité (SOAP 1.2 partie 1, §5)."),
    "banc_profondeur": Kind("Sender", 400, "Le message est trop profond."),
    "banc_version_soap": Kind("VersionMismatch", 400, "L'enveloppe n'est pas celle de SOAP 1.2."),
    "banc_enveloppe": Kind("Sender", 400, "L'enveloppe SOAP doit avoir un en-tête, puis un corps d'un seul élément."),
    "banc_entete_absent": Kind("Sender", 400, "Un bloc d'en-tête manque."),
    "banc_entete_double": Kind("Sender", 400, "Un bloc d'en-tête est en double."),
    "banc_entete_inconnu": Kind("MustUnderstand", 400, "Un bloc d'en-tête à comprendre obligatoirement est inconnu."),
    "banc_action": Kind("Sender", 400, "Cette action n'est pas une opération du service."),
    "banc_corps": Kind("Sender", 400, "Le corps n'est pas celui que cette action demande."),
    "banc_schema": Kind("Sender", 400, "Le message ne suit pas le schéma."),
}
UNPLANNED = Kind("Sender", 400, "Le banc refuse cet appel.")


class SoapFaultError(Exception):
    """A fault to answer. code: key of the service's kinds; what: French end of the reason, what was seen."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code} {what}")
        self.code, self.what = code, what


@dataclass(frozen=True)
class Faults:
    """The faults of one service.

    kinds: by code. detail: qualified name of the element in Detail. prefix: of subcodes that have none. names:
    namespaces by prefix, for the subcodes and the detail.
    """

    kinds: Mapping[str, Kind]
    detail: str
    prefix: str
    names: Mapping[str, str] = field(default_factory=dict)

    def answer(self, code: str, what: str = "") -> tuple[int, bytes]:
        """HTTP status and body of a fault. code: a key, or another word of the bench. what: end of the reason."""
        kind = self.kinds.get(code, UNPLANNED)
        envelope = etree.Element(soap("Envelope"), nsmap={"S": SOAP, **self.names})
        made = etree.SubElement(etree.SubElement(envelope, soap("Body")), soap("Fault"))
        word = etree.SubElement(made, soap("Code"))
        etree.SubElement(word, soap("Value")).text = f"S:{kind.code}"
        etree.SubElement(etree.SubElement(word, soap("Subcode")), soap("Value")).text = self._subcode(kind, code)
        reason = etree.SubElement(etree.SubElement(made, soap("Reason")), soap("Text"), {_XML_LANG: "fr"})
        reason.text = printable(_reason(kind, what))
        detail = etree.SubElement(etree.SubElement(made, soap("Detail")), self.detail)
        detail.set("severite", "fatal")
        detail.set("code", code)
        detail.text = kind.detail or reason.text
        return kind.status, bytes(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))

    def _subcode(self, kind: Kind, code: str) -> str:
        word = kind.subcode or code
        return word if ":" in word else f"{self.prefix}:{word}"


def _reason(kind: Kind, what: str) -> str:
    return what if kind is UNPLANNED and what else f"{kind.text} {what}".strip()


def printable(text: str) -> str:
    """What XML can hold; a reason may quote what a stranger sent outside of XML."""
    return "".join(sign if sign.isprintable() else "�" for sign in text)
