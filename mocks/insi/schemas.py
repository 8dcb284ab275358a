"""The schemas of the messages, kept in `data/`, and their errors in French."""

from __future__ import annotations

from functools import cache
from typing import Any

from lxml import etree

from mocks.insi import names
from mocks.insi.settings import DATA
from mocks.soap.faults import SoapFaultError
from mocks.soap.names import ACTION, MESSAGE_ID, local

# By name of the root element; the same names are those of `?xsd=`.
FILES = {
    ACTION: "adressage",
    MESSAGE_ID: "adressage",
    names.CONTEXTE_BAM: "ctxbam",
    names.CONTEXTE_LPS: "ctxlps",
    "{http://www.cnamts.fr/INSiRecSans}RECSANSVITALE": "INSiRecSans",
    "{http://www.cnamts.fr/INSiRecVit}RECVITALE": "INSiRecVit",
    f"{{{names.RESULT}}}RESULTAT": "INSiResultat",
    "{http://www.cnamts.fr/INSiLot2/REQUnitaire}VERIFICATION": "INSiVerification",
    f"{{{names.VERIFICATION_RESULT}}}RESULTAT": "INSiVerificationReponse",
}
PUBLISHED = frozenset(FILES.values())
# libxml2 speaks English; its types of errors are stable.
_SAID = {
    "SCHEMAV_ELEMENT_CONTENT": "le contenu n'est pas celui attendu : un élément manque, est en trop ou mal placé",
    "SCHEMAV_CVC_PATTERN_VALID": "la valeur n'a pas la forme attendue",
    "SCHEMAV_CVC_ENUMERATION_VALID": "la valeur n'est pas l'une de celles admises",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "la valeur n'a pas la forme attendue",
    "SCHEMAV_CVC_MINLENGTH_VALID": "la valeur manque",
    "SCHEMAV_CVC_MAXLENGTH_VALID": "la valeur est trop longue",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "un attribut obligatoire manque",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "un attribut n'est pas admis",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "du texte n'est pas admis ici",
    "SCHEMAV_CVC_TYPE_3_1_1": "un attribut n'est pas admis",
    "SCHEMAV_CVC_ELT_1": "cet élément n'est pas attendu",
}


@cache
def document(file: str) -> bytes:
    """The text of a schema of `PUBLISHED`."""
    return (DATA / f"{file}.xsd").read_bytes()


@cache
def _schema(file: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(document(file)))


def check(element: Any) -> None:
    """Check an element against its schema. Raises SoapFaultError `banc_schema`."""
    schema = _schema(FILES[element.tag])
    # A schema object keeps the errors of its last run: read through the exception, which has its own.
    try:
        schema.assertValid(etree.ElementTree(element))
    except etree.DocumentInvalid as error:
        raise SoapFaultError("banc_schema", _told(error, local(element.tag))) from None


def _told(error: etree.DocumentInvalid, root: str) -> str:
    entries: Any = error.error_log
    entry = entries[0]
    place = str(entry.path or root).rpartition("/")[2].rpartition(":")[2]
    place = root if place == "*" or not place else place
    said = _SAID.get(entry.type_name, "il s'écarte du schéma")
    return f"Élément {place} (ligne {entry.line}) : {said}."
