"""The measures API, read side (MESURES v1.5.2 §2.3): two modes of search, and everything else refused."""

from __future__ import annotations

from flask import g

from mocks.call import Call
from mocks.fhir import SEARCH, Demand, FhirEndpoint, FhirError, Query, date, identifier_of, reference, token
from mocks.mes import guard, model_measures, subject
from mocks.mes.agenda import asked_in_query, require_subject

SUBJECT = ("subject.identifier",)
LARGEST_PAGE = 100
LOWER, UPPER = ("ge", "gt"), ("le", "lt")


def asked(demand: Demand) -> guard.Asked:
    """Whom a search names."""
    return asked_in_query(demand.query, SUBJECT)


def check(query: Query) -> Query:
    """The query that is run, once it is one of the two modes. Raises FhirError 400 (fact sheet §5.6, §13)."""
    if any(name in ("patient", "patient.identifier", "patient:identifier") for name, _ in query):
        raise _wrong("Le paramètre « patient » n'existe plus : employer « subject.identifier ».")
    rest = require_subject(query, SUBJECT)
    _check_code([value for name, value in rest if name == "code"])
    values = dict(rest)
    if "_sort" in values:
        _check_last(values)
    elif "date" in values:
        _check_all([value for name, value in rest if name == "date"], values)
    else:
        raise _wrong("Aucun mode reconnu : deux bornes de « date », ou « _sort=-date&_count=1 ».")
    return [
        (name, value.replace("Observation.", "Observation:", 1) if name == "_include" else value)
        for name, value in rest
    ]


def _check_code(codes: list[str]) -> None:
    if len(codes) != 1 or codes[0].rpartition("|")[2] not in model_measures.CODES:
        raise _wrong("« code » est obligatoire : un seul code, parmi les mesures de Mon espace santé.")


def _check_last(values: dict[str, str]) -> None:
    if values["_sort"] != "-date" or values.get("_count") != "1":
        raise _wrong("La dernière mesure se demande par « _sort=-date&_count=1 ».")
    if "_offset" in values or "date" in values:
        raise _wrong("La pagination et le mode « dernière mesure » ne se mêlent pas.")


def _check_all(dates: list[str], values: dict[str, str]) -> None:
    prefixes = [value[:2] for value in dates]
    bounds = len([p for p in prefixes if p in LOWER]), len([p for p in prefixes if p in UPPER])
    if bounds != (1, 1) or len(dates) != 2:
        raise _wrong("« date » prend deux bornes : une inférieure (ge ou gt) et une supérieure (le ou lt).")
    if not 1 <= _whole(values.get("_count", "50"), "_count") <= LARGEST_PAGE:
        raise _wrong(f"« _count » va de 1 à {LARGEST_PAGE}.")
    _whole(values.get("_offset", "0"), "_offset")


def _whole(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise _wrong(f"« {name} » est un nombre entier ; reçu : « {text} ».")
    return int(text)


def _wrong(text: str) -> FhirError:
    return FhirError(400, text, code="invalid")


def _on_search(_call: Call, query: Query) -> Query:
    return check(query)


def _present(_call: Call, text: str) -> str:
    pairing = g.mes_access.pairing
    return subject.shown_to(text, pairing.person, pairing.assign_auth, pairing.idpe)


MEASURES = FhirEndpoint(
    "Observation",
    interactions=(SEARCH,),
    search=(
        token("code"),
        identifier_of("subject", "Patient"),
        date("date", "effectiveDateTime"),
        reference("device", "Device"),
    ),
    guard=guard.requires("mesures", asked),
    on_search=_on_search,
    present=_present,
    page_parameter="_offset",
    scoped=True,
)
DEVICES = FhirEndpoint("Device", interactions=(), search=(token("identifier"),), guard=guard.requires("mesures", asked))
