"""DMP-074 to DMP-080: what a product sends to the FHIR face of the DMP (CI-SIS PDSm 3.1.1)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.reading import dig, objects, shown, text
from rules.selectors import DONE, On, http

PDSM = "CI-SIS, Partage de documents de santé en mobilité (PDSm) 3.1.1"
DRAFT = "ANS, projet de guide PDSm4DMP 0.1.0"
TRANSACTIONS = http("dmp.fhir.transaction")
PUBLICATIONS = http("dmp.fhir.documentreference.create")
SEARCHES = http("dmp.fhir.documentreference.search", "dmp.fhir.list.search")
PATCHES = http("dmp.fhir.documentreference.patch")
READS = http("dmp.fhir.binary.read", "dmp.fhir.inconnue", "dmp.inconnue") & On(lambda e: e.method == "GET")
_MHD = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-"
_CHANGED = re.compile(r"(?:DocumentReference\.|/)(status|securityLabel|extension)\b")
_INS = re.compile(r"(?:urn:oid:)?1\.2\.250\.1\.213\.1\.4\.(?:8|9|10|11)\|")
_SHA1 = 20  # octets
Json = Mapping[str, Any]


@rule(
    "DMP-074",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{PDSM}, flux d'ajout (ITI-65)",
    title="Un dépôt est une transaction avec un lot, sa source et son activité, et le contenu de chaque document.",
    on=TRANSACTIONS,
)
def one_lot_with_its_contents(exchange: Exchange) -> Iterator[Finding]:
    bundle = exchange.resource
    if bundle.get("type") != "transaction":
        yield _found(exchange, "Bundle.type", "transaction", shown(text(bundle.get("type"))))
    lots = [(place, one) for place, one in _entries(bundle, "List") if _is_lot(one)]
    if len(lots) != 1:
        yield _found(exchange, "Bundle.entry", "un lot, et un seul (List)", str(len(lots)))
    for place, lot in lots:
        urls = {text(one.get("url")) for _, one in objects(lot.get("extension"))}
        for name in ("sourceId", "designationType"):
            if f"{_MHD}{name}" not in urls:
                yield _found(exchange, f"Bundle.entry[{place}].resource.extension", name, "absent")
    named = {text(one.get("fullUrl")) for _, one in objects(bundle.get("entry"))}
    named |= {f"Binary/{text(one.get('id'))}" for _, one in _entries(bundle, "Binary")}
    for place, document in _entries(bundle, "DocumentReference"):
        for rank, content in objects(document.get("content")):
            url = text(dig(content, "attachment", "url"))
            if url not in named:
                at = f"Bundle.entry[{place}].resource.content[{rank}].attachment.url"
                yield _found(exchange, at, "un Binary du même Bundle", shown(url))


@rule(
    "DMP-075",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{PDSM}, profil pdsm-comprehensive-document-reference",
    title="Une fiche dit custodian, confidentialité, SHA-1 en base64, taille, début de l'acte, et contient son auteur.",
    on=TRANSACTIONS,
)
def complete_document(exchange: Exchange) -> Iterator[Finding]:
    for place, document in _entries(exchange.resource, "DocumentReference"):
        at = f"Bundle.entry[{place}].resource"
        attachment = dig(_first(document.get("content")), "attachment") or {}
        wanted: dict[str, Any] = {
            "custodian": document.get("custodian"),
            "securityLabel": document.get("securityLabel"),
            "content[0].attachment.size": attachment.get("size"),
            "context.period.start": dig(document, "context", "period", "start"),
        }
        for name, value in wanted.items():
            if value in (None, "", [], {}):
                yield _found(exchange, f"{at}.{name}", "cet élément", "absent")
        if not _is_sha1(attachment.get("hash")):
            seen = shown(text(attachment.get("hash")))
            yield _found(exchange, f"{at}.content[0].attachment.hash", "20 octets de SHA-1, en base64", seen)
        named = {
            "author": _first(document.get("author")),
            "context.sourcePatientInfo": dig(document, "context", "sourcePatientInfo"),
        }
        for name, reference in named.items():
            if not text(dig(reference, "reference")).startswith("#"):
                yield _found(
                    exchange, f"{at}.{name}", "une ressource contenue", shown(text(dig(reference, "reference")))
                )


@rule(
    "DMP-076",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{PDSM}, profils des fiches",
    title="Une fiche n'a ni docStatus ni modifierExtension ; ni contenu (ITI-65), ni adresse ni identifiant (ITI-105).",
    on=TRANSACTIONS | PUBLICATIONS,
)
def nothing_forbidden(exchange: Exchange) -> Iterator[Finding]:
    alone = PUBLICATIONS(exchange)
    listed = [("DocumentReference", exchange.resource)] if alone else []
    listed += [(f"Bundle.entry[{n}].resource", one) for n, one in _entries(exchange.resource, "DocumentReference")]
    for at, document in listed:
        for name in ("docStatus", "modifierExtension", *(("identifier",) if alone else ())):
            if name in document:
                yield _found(exchange, f"{at}.{name}", "rien", shown(name))
        for rank, content in objects(document.get("content")):
            name = "url" if alone else "data"
            if name in (dig(content, "attachment") or {}):
                yield _found(exchange, f"{at}.content[{rank}].attachment.{name}", "rien", shown(name))


@rule(
    "DMP-077",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{PDSM}, flux de recherche (ITI-66, ITI-67)",
    title="Une recherche nomme le patient par son INS et dit le statut cherché ; celle des lots dit aussi leur code.",
    on=SEARCHES,
)
def search_names_the_patient(exchange: Exchange) -> Iterator[Finding]:
    """The draft guide also looks for one document by its business identifier alone."""
    names = {name.partition(":")[0] for name, _ in exchange.query}
    if "identifier" in names:
        return
    for name in ("status", *(("code",) if exchange.operation == "dmp.fhir.list.search" else ())):
        if name not in names:
            yield _found(exchange, name, "ce critère", "absent")
    by_ins = [value for name in ("patient.identifier", "patient:identifier") for value in exchange.values(name)]
    if not by_ins and not exchange.values("patient"):
        yield _found(exchange, "patient.identifier", "le patient", "absent")
    for value in by_ins:
        if not _INS.match(value):
            yield _found(exchange, "patient.identifier", "un INS et son système (urn:oid:…)", shown(value))


@rule(
    "DMP-078",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{PDSM}, flux de mise à jour",
    title="Une mise à jour vise l'identifiant métier, et ne change que statut, confidentialité ou archivage.",
    on=PATCHES,
)
def only_what_may_change(exchange: Exchange) -> Iterator[Finding]:
    if not exchange.values("identifier"):
        yield _found(exchange, "identifier", "l'identifiant métier du document", shown(exchange.path))
    for at, path in _paths(exchange.json):
        if not _CHANGED.match(path):
            yield _found(exchange, at, "status, securityLabel ou isArchived", shown(path))


@rule(
    "DMP-079",
    Level.SHALL,
    Authority.DEDUITE,
    f"{DRAFT}, remplacement (TD2.1b)",
    title="Un remplacement dit le document remplacé (relatesTo) et le rend superseded dans la même transaction.",
    on=TRANSACTIONS,
    over="scenario",
)
def replacement_says_both(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for exchange in exchanges:
        entries = [one for _, one in objects(exchange.resource.get("entry"))]
        patched = [one for one in entries if dig(one, "request", "method") == "PATCH"]
        linked = [link for _, one in _entries(exchange.resource, "DocumentReference") for link in _links(one)]
        if len(patched) < len(linked):
            yield _found(exchange, "Bundle.entry", "un PATCH de la fiche remplacée", "absent")
        elif len(linked) < len(patched):
            expected = "relatesTo (replaces)"
            yield _found(exchange, "DocumentReference.relatesTo", expected, "absent")
        elif linked:
            yield Examined(exchange.id)


@rule(
    "DMP-080",
    Level.SHALL,
    Authority.DEDUITE,
    f"{DRAFT}, consultation (TD3.2)",
    title="L'adresse d'un contenu se lit absolue, ou relative à la base du service.",
    over="scenario",
)
def both_kinds_of_address(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Judged by what the reading reached: an address that the service had given, or another one."""
    given: set[str] = set()
    for exchange in exchanges:
        if SEARCHES(exchange) and DONE(exchange):
            given |= set(_addresses(exchange))
        elif READS(exchange) and given:
            if any(exchange.path.endswith(f"/fhir/{address}") for address in given):
                yield Examined(exchange.id)
            elif any(exchange.path.endswith(f"/{address}") for address in given):
                yield _found(exchange, "adresse", f"…/fhir/{min(given)}", shown(exchange.path))


def _found(exchange: Exchange, at: str, expected: str, seen: str) -> Finding:
    """A finding; it does not weigh on a service that says itself experimental, since the DMP may offer another one."""
    weight = Authority.BANC if exchange.context.get("experimental") else None
    return Finding(at, expected, seen, exchange=exchange.id, authority=weight)


def _entries(bundle: Json, type_: str) -> list[tuple[int, Json]]:
    """Resources of a type, with the place of their entry."""
    listed = ((place, dig(one, "resource")) for place, one in objects(bundle.get("entry")))
    return [(place, one) for place, one in listed if isinstance(one, Mapping) and one.get("resourceType") == type_]


def _first(listed: object) -> Any:
    return listed[0] if isinstance(listed, list) and listed else None


def _is_lot(found: Json) -> bool:
    codings = [one for _, one in objects(dig(found, "code", "coding"))]
    return any(text(one.get("code")) == "submissionset" for one in codings)


def _links(document: Json) -> list[Json]:
    return [one for _, one in objects(document.get("relatesTo")) if one.get("code") == "replaces"]


def _is_sha1(hash_: object) -> bool:
    try:
        return len(base64.b64decode(text(hash_), validate=True)) == _SHA1
    except (binascii.Error, ValueError):
        return False


def _paths(body: object) -> list[tuple[str, str]]:
    """Where each operation of a patch aims: of a JSON Patch, or of a FHIRPath Patch."""
    if isinstance(body, list):
        return [(f"[{place}].path", text(dig(one, "path"))) for place, one in enumerate(body)]
    found = []
    for place, operation in objects(dig(body, "parameter")):
        parts = {text(one.get("name")): text(one.get("valueString")) for _, one in objects(operation.get("part"))}
        path = parts.get("path", "")
        aimed = f"{path}.{parts['name']}" if path == "DocumentReference" and "name" in parts else path
        found.append((f"Parameters.parameter[{place}].path", aimed))
    return found


def _addresses(search: Exchange) -> Iterator[str]:
    """Contents that a search offers, relative to the base."""
    for _, entry in objects(dig(search.answer_json, "entry")):
        for _, content in objects(dig(entry, "resource", "content")):
            yield text(dig(content, "attachment", "url")).rpartition("/fhir/")[2]
