"""MES-64 to MES-68: documents that a portal adds to Mon espace santé, or looks for there."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rules.core import Authority, Finding, Level, rule
from rules.exchange import Exchange
from rules.reading import dig, objects, shown, text
from rules.selectors import http

EQUIVALENCES = "CI-SIS PDSm, comparaison avec l'API Documents de la CNAM"
APP = "Application mobile Mon espace santé (ajout d'un document)"
MES_DOCUMENT_ADDS = http("mes.fhir.documentreference.create")
MES_DOCUMENT_SEARCHES = http("mes.fhir.documentreference.search")
MES_DOCUMENT_WRITES = http(*(f"mes.fhir.documentreference.{name}" for name in ("create", "update", "patch", "delete")))
CATEGORIES = {
    "SYNTHESE",
    "ORD_SOIN",
    "RADIO_SC",
    "BIOLOGIE",
    "CPT_REND",
    "DEPISTAG",
    "CERT_MED",
    "AUTR_DOC",
    "DOC_ADM",
    "SYNTH_PML",
    "DIR_ANT",
    "CAR_VAC",
    "VDP",
    "REMB",
    "QUEST_SANTE",
}
CRITERIA = ("patient:identifier", "category", "period-start", "_count")
LARGEST = 5_000_000
TYPES = ("application/pdf", "text/plain", "application/rtf", "text/rtf", "image/jpeg", "image/tiff")
_SIGNS: Mapping[str, tuple[bytes, ...]] = {
    "application/pdf": (b"%PDF-",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
    "application/rtf": (b"{\\rtf",),
    "text/rtf": (b"{\\rtf",),
}
_ELIDED = re.compile(r"‹base64:octets=(\d+);sha256=[0-9a-f]+›")
_CONTENT = "DocumentReference.content"


@rule(
    "MES-64",
    Level.SHALL,
    Authority.OFFICIELLE,
    EQUIVALENCES,
    title="Un ajout porte un seul document, son contenu dans attachment.data, d'un type qui est celui des octets.",
    on=MES_DOCUMENT_ADDS,
)
def one_document_with_its_content(exchange: Exchange) -> Iterator[Finding]:
    """A content that the journal no longer holds, or of a type without signature, is taken at its word."""
    contents = exchange.resource.get("content")
    count = len(contents) if isinstance(contents, list) else 0
    if count != 1:
        yield Finding(_CONTENT, "un document, et un seul", str(count))
    for place, content in objects(contents):
        attachment = dig(content, "attachment") or {}
        at = f"{_CONTENT}[{place}].attachment"
        if not text(attachment.get("data")):
            seen = text(attachment.get("url")) or shown("")
            yield Finding(f"{at}.data", "le contenu, en base64", seen)
        elif not _agrees(attachment):
            kind = text(attachment.get("contentType"))
            yield Finding(f"{at}.contentType", "le type des octets envoyés", shown(kind))


@rule(
    "MES-65",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{EQUIVALENCES} ; {APP}",
    title="La catégorie d'un document est de la table de Mon espace santé, jamais d'une nomenclature nationale (TRE).",
    on=MES_DOCUMENT_ADDS,
)
def category_of_the_usager(exchange: Exchange) -> Iterator[Finding]:
    """That the codes of the API are those of the application is only inferred."""
    at, expected = "DocumentReference.category", "une catégorie de Mon espace santé"
    codings = [one for _, concept in objects(exchange.resource.get("category")) for one in _codings(concept)]
    for coding in codings:
        system, code = text(coding.get("system")), text(coding.get("code"))
        if "/NOS/TRE_" in system:
            yield Finding(at, expected, shown(f"{system}|{code}"))
        elif code not in CATEGORIES:
            yield Finding(at, expected, shown(code), authority=Authority.DEDUITE)
    if not codings:
        yield Finding(at, expected, "aucune")


@rule(
    "MES-66",
    Level.SHALL,
    Authority.OFFICIELLE,
    EQUIVALENCES,
    title="Une recherche de documents n'emploie que patient:identifier, category, period-start et _count.",
    on=MES_DOCUMENT_SEARCHES,
)
def only_the_criteria_of_the_api(exchange: Exchange) -> Iterator[Finding]:
    """What begins by an underscore shapes the answer: it is no criterion."""
    names = [name for name, _ in exchange.query]
    for name in dict.fromkeys(names):
        if name not in CRITERIA and not name.startswith("_"):
            yield Finding(name, ", ".join(CRITERIA), name)
    if "patient:identifier" not in names and not any(name.startswith(("patient", "subject")) for name in names):
        yield Finding("patient:identifier", "l'usager, désigné par AssignAuth et idPe", "absent")


@rule(
    "MES-67",
    Level.SHOULD,
    Authority.DEDUITE,
    APP,
    title="Un document ajouté fait 5 000 000 octets au plus, et c'est un PDF, un texte, un RTF, un JPEG ou un TIFF.",
    on=MES_DOCUMENT_ADDS,
)
def size_and_type_are_checked_before(exchange: Exchange) -> Iterator[Finding]:
    for place, content in objects(exchange.resource.get("content")):
        attachment = dig(content, "attachment") or {}
        at, size = f"{_CONTENT}[{place}].attachment", _size(attachment)
        if size is not None and size > LARGEST:
            yield Finding(f"{at}.data", f"au plus {LARGEST} octets", str(size))
        if text(attachment.get("contentType")) not in TYPES:
            kind = text(attachment.get("contentType"))
            yield Finding(f"{at}.contentType", f"l'un de : {', '.join(TYPES)}", shown(kind))


@rule(
    "MES-68",
    Level.SHALL,
    Authority.OFFICIELLE,
    EQUIVALENCES,
    title="Le produit ne tente pas de modifier ni de supprimer un document par l'API Documents, qui ne l'offre pas.",
    on=MES_DOCUMENT_WRITES,
)
def documents_are_not_updated(exchange: Exchange) -> Iterator[Finding]:
    """The text compared with PDSm names three flows, none of which deletes: that one is only inferred."""
    if exchange.operation != "mes.fhir.documentreference.create":
        deletes = exchange.operation.endswith(".delete")
        authority = Authority.DEDUITE if deletes else Authority.OFFICIELLE
        yield Finding("appel", "POST DocumentReference", f"{exchange.method} {exchange.path}", authority=authority)


def _codings(concept: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for _, one in objects(concept.get("coding"))]


def _octets(attachment: Mapping[str, Any]) -> bytes | None:
    """The content, None when the journal does not hold it any more, or never was base64."""
    try:
        return base64.b64decode(text(attachment.get("data")), validate=True)
    except (binascii.Error, ValueError):
        return None


def _size(attachment: Mapping[str, Any]) -> int | None:
    elided = _ELIDED.fullmatch(text(attachment.get("data")))
    if elided:
        return int(elided[1])
    octets = _octets(attachment)
    return None if octets is None else len(octets)


def _agrees(attachment: Mapping[str, Any]) -> bool:
    octets, signs = _octets(attachment), _SIGNS.get(text(attachment.get("contentType")))
    return octets is None or signs is None or octets.lstrip().startswith(signs)
