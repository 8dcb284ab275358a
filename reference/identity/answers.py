"""What INSi answered: a code, the person found, or why it could not answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

from reference.identity.soap import SOAP
from reference.identity.traits import Traits

TECHNICAL = "siram_40"
AGAIN = "L'INSi est momentanément indisponible : réessayez plus tard. L'identité n'a pas changé."
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


@dataclass(frozen=True)
class Found:
    """The person of an answer 00. former: INS that are not current any more."""

    matricule: str
    oid: str
    traits: Traits
    former: tuple[dict[str, str], ...]

    def told(self) -> dict[str, Any]:
        """All that INSi returned, as it is traced and kept until somebody accepts it."""
        return {
            "matricule": self.matricule,
            "oid": self.oid,
            "traits": self.traits.told(),
            "historique": list(self.former),
        }


@dataclass(frozen=True)
class Answer:
    """code: `00`, `01`, `02`, `OK`, `KO`, or `erreur` when INSi did not answer; trace: the code that is traced."""

    code: str
    trace: str
    message: str = ""
    found: Found | None = None


def failed(trace: str, message: str = AGAIN) -> Answer:
    """The answer to a call that got none."""
    return Answer("erreur", trace, message)


def read(content: bytes) -> Answer:
    """Read an answer, whatever came; what is no answer of INSi is an error, never a code."""
    try:
        root = etree.fromstring(content, _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        return failed("reponse_illisible")
    fault = next(root.iter(f"{{{SOAP}}}Fault"), None)
    if fault is not None:
        return _fault(fault)
    code = _text(root, "CodeCR")
    if code == "00":
        return _person(root)
    if code in ("01", "02", "OK", "KO"):
        return Answer(code, code)
    return failed("reponse_illisible")


def _fault(fault: Any) -> Answer:
    subcode = _text(next(fault.iter(f"{{{SOAP}}}Subcode"), None), "Value").rpartition(":")[2]
    who = _text(next(fault.iter(f"{{{SOAP}}}Code"), None), "Value").rpartition(":")[2]
    if subcode == TECHNICAL or who == "Receiver":
        return failed(subcode or who)
    return failed(subcode or who, f"L'INSi a refusé l'appel : {_text(fault, 'Text')}")


def _person(root: Any) -> Answer:
    person = next(root.iter("{*}INDIVIDU"), None)
    active = None if person is None else next(person.iter("{*}INSACTIF"), None)
    if person is None or active is None:
        return failed("reponse_illisible")
    traits = next(person.iter("{*}TIQ"), None)
    listed = _text(traits, "ListePrenom") or _text(traits, "Prenom")
    found = Found(
        _matricule(active),
        _text(active, "OID"),
        Traits(
            _text(traits, "NomNaissance"),
            tuple(listed.split()),
            _text(traits, "Sexe"),
            _text(traits, "DateNaissance"),
            _text(traits, "LieuNaissance"),
        ),
        tuple(_former(one) for one in person.iter("{*}INSHISTO")),
    )
    return Answer("00", "00", found=found)


def _former(element: Any) -> dict[str, str]:
    told = {
        "matricule": _matricule(element),
        "oid": _text(element, "OID"),
        "debut": _text(element, "DateDeb"),
        "fin": _text(element, "DateFin"),
    }
    return {name: value for name, value in told.items() if value}


def _matricule(element: Any) -> str:
    return _text(element, "NumIdentifiant") + _text(element, "Cle")


def _text(element: Any, name: str) -> str:
    found = None if element is None else next(element.iter(f"{{*}}{name}"), None)
    return "" if found is None or found.text is None else str(found.text).strip()
