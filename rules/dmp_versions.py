"""DMP-052, DMP-053, DMP-061 to DMP-064: which version of a document is replaced or changed, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules.core import Authority, Examined, Finding, Level, rule
from rules.dmp import (
    CALLS,
    DELETED,
    DEPOSITS,
    DEPRECATED,
    HIDDEN_FROM_REPRESENTATIVES,
    HOMO,
    IHE,
    P4D,
    QUERIES,
    RPLC,
    SUCCEEDED,
    TDDUI,
    UPDATES,
    Document,
    associations,
    documents,
    mapping,
    texts,
)
from rules.dmp_answers import answered_entries
from rules.exchange import Exchange
from rules.reading import dig, objects, shown, text
from rules.selectors import UNCERTAIN, On, action, http
from rules.windows import during

_ENDED = {DEPRECATED: "remplacé", DELETED: "supprimé"}
_REMOVALS = ("DeleteDocumentSet", "RemoveObjects", "RemoveDocuments", "RemoveMetadata")
_STALE = frozenset(("XDSMetadataVersionError", "XDSMetadataUpdateError"))
_OTHERS = http("dmp.inconnue") & On(lambda e: any(one in _action(e) for one in _REMOVALS))
_DELETIONS = UPDATES & On(lambda e: e.context.get("transaction") == "TD3.3c")
_CODES = "entrée, confidentialityCode"
_UNCONFIRMED = On(lambda e: e.resource.get("confirmation") is not True)
_DELETES_AT_ONCE = action("supprimer_document") & _UNCONFIRMED
_SHOWS_AT_ONCE = (
    action("masquer_document")
    & _UNCONFIRMED
    & On(lambda e: e.resource.get("a") == "representants" and e.resource.get("masquer") is False)
)


def _action(exchange: Exchange) -> str:
    return text(dig(exchange.context, "soap", "action"))


@dataclass
class _Seen:
    """What the product has read and written so far. statuses: by entryUUID; cdas: by uniqueId."""

    statuses: dict[str, str] = field(default_factory=dict)
    cdas: dict[str, Document] = field(default_factory=dict)

    def learn(self, e: Exchange) -> None:
        if QUERIES(e) and not UNCERTAIN(e):
            told = mapping(dig(e.context, "query", "statuses"))
            self.statuses |= {name: text(status) for name, status in told.items()}
            for name in texts(dig(e.context, "query", "returned")):
                self.statuses.setdefault(name, "")
        elif DEPOSITS(e):
            self.cdas |= {one.unique_id: one for one in documents(e)}


@rule(
    "DMP-052",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D}, TD2.1 ; {TDDUI} (setId, versionNumber)",
    title="Un remplacement suit une recherche (TD3.1) ; l'association RPLC et le relatedDocument du CDA vont ensemble.",
    on=CALLS,
    over="person",
)
def replacement_is_whole(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    seen = _Seen()
    for e in exchanges:
        for one in documents(e) if DEPOSITS(e) else ():
            linked = [link for link in associations(e, RPLC) if link.get("source") == one.name]
            if linked or _parents(one):
                found = [*_links(e, one, linked, seen), *_against_the_former(e, one, seen)]
                yield from found if found else (Examined(e.id),)
        seen.learn(e)


def _parents(document: Document) -> list[str]:
    """The uniqueIds that a CDA says it replaces."""
    related = [one for _, one in objects(document.cda.get("related")) if one.get("type") == "RPLC"]
    return [name for one in related for name in texts(one.get("ids"))]


def _links(e: Exchange, one: Document, linked: list[Any], seen: _Seen) -> Iterator[Finding]:
    if not linked:
        yield Finding(
            f"Association RPLC de {one.name}", "présente : le CDA remplace un document", "absente", exchange=e.id
        )
    elif not _parents(one):
        at = one.in_cda('relatedDocument[@typeCode="RPLC"]/parentDocument/id')
        yield Finding(at, "l'uniqueId du document remplacé", "rien", exchange=e.id)
    for link in linked:
        if text(link.get("target")) not in seen.statuses:
            at = f"Association RPLC de {one.name}, targetObject"
            yield Finding(at, "un entryUUID lu par TD3.1", shown(link.get("target")), exchange=e.id)
    if one.unique_id and one.unique_id in _parents(one):
        yield Finding(one.at("uniqueId"), "un identifiant neuf", "celui du document remplacé", exchange=e.id)


def _against_the_former(e: Exchange, one: Document, seen: _Seen) -> Iterator[Finding]:
    """setId and versionNumber, when the former version was deposited in this record."""
    former = next((seen.cdas[name] for name in _parents(one) if name in seen.cdas), None)
    if former is None or one.unique_id == former.unique_id:
        return
    before, now = former.cda, one.cda
    if before.get("set_id") and now.get("set_id") != before.get("set_id"):
        yield Finding(one.in_cda("setId"), text(before["set_id"]), shown(now.get("set_id")), exchange=e.id)
    number = text(before.get("version_number"))
    if number.isascii() and number.isdecimal() and now.get("version_number") != str(int(number[:9]) + 1):
        at, expected = one.in_cda("versionNumber/@value"), str(int(number[:9]) + 1)
        yield Finding(at, expected, shown(now.get("version_number")), exchange=e.id)


@rule(
    "DMP-053",
    Level.SHALL,
    Authority.DEDUITE,
    f"{IHE}, XDSRegistryDeprecatedDocumentError ; {P4D}",
    title="Un remplacement vise la dernière version en vigueur, jamais un document déjà remplacé ou supprimé.",
    on=CALLS,
    over="person",
)
def replaces_what_is_in_force(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Judged on what the product had last read; a document replaced since then is nobody's fault."""
    seen = _Seen()
    for e in exchanges:
        for link in associations(e, RPLC) if DEPOSITS(e) else ():
            status = seen.statuses.get(text(link.get("target")), "")
            if status in _ENDED:
                at = "Association RPLC, targetObject"
                yield Finding(at, "un document en vigueur", f"un document {_ENDED[status]}", exchange=e.id)
            elif status:
                yield Examined(e.id)
        seen.learn(e)


@rule(
    "DMP-062",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D}, TD3.3c",
    title="Une suppression est un changement de statut (ITI-57, Deleted), confirmé, par l'auteur du document.",
    over="scenario",
)
def deletion_is_a_status(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Who the author is stands in the metadata that the product has read."""
    hasty = {call.id for e in exchanges if _DELETES_AT_ONCE(e) for call in during(e, exchanges)}
    for e in filter(_OTHERS | _DELETIONS, exchanges):
        at = "Association UpdateAvailabilityStatus, targetObject"
        if _OTHERS(e):
            at, expected = "Envelope/Header/wsa:Action", "urn:ihe:iti:2010:UpdateDocumentSet"
            yield Finding(at, expected, shown(_action(e)), exchange=e.id)
        elif e.context.get("refusal") == "non-auteur":
            yield Finding(at, "un document du demandeur", "celui d'un autre", exchange=e.id)
        elif e.id in hasty:
            yield Finding(at, "une suppression confirmée par l'utilisateur", "aucune confirmation", exchange=e.id)
        else:
            yield Examined(e.id)


@rule(
    "DMP-063",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (EX_3.3-1045)",
    title="Rendre un document visible aux représentants légaux se confirme, et ne se défait pas.",
    over="scenario",
)
def shown_to_representatives_for_good(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    hasty = {call.id for e in exchanges if _SHOWS_AT_ONCE(e) for call in during(e, exchanges)}
    shown_to_them: set[str] = set()
    for e in filter(UPDATES, exchanges):
        change = mapping(e.context.get("update"))
        name = text(change.get("lid")) or text(change.get("target"))
        before, after = set(texts(change.get("from"))), set(texts(change.get("to")))
        if change.get("kind") != "metadata":
            continue
        if name in shown_to_them and HIDDEN_FROM_REPRESENTATIVES in after:
            expected = f"sans {HIDDEN_FROM_REPRESENTATIVES}"
            yield Finding(_CODES, expected, HIDDEN_FROM_REPRESENTATIVES, exchange=e.id)
        elif HIDDEN_FROM_REPRESENTATIVES in before - after:
            wrong = Finding(_CODES, "un changement confirmé", "aucune confirmation", exchange=e.id)
            yield wrong if e.id in hasty else Examined(e.id)
            shown_to_them |= {name} if SUCCEEDED(e) else set()


@rule(
    "DMP-064",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D}, TD3.3",
    title="Une modification refusée pour une version périmée ne reprend qu'après une recherche de la version courante.",
    on=CALLS,
    over="person",
)
def changes_the_current_version(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A version that somebody else changed meanwhile is refused once: only the same target again accuses."""
    refused: set[tuple[str, str]] = set()
    for e in exchanges:
        if QUERIES(e) and not UNCERTAIN(e):
            refused.clear()
        change = mapping(e.context.get("update"))
        if not UPDATES(e) or not change:
            continue
        aimed = text(change.get("target")) or text(change.get("lid")), text(change.get("previous"))
        if aimed in refused:
            yield Finding("version visée", "une recherche avant ce nouvel essai", shown(aimed[0]), exchange=e.id)
        else:
            yield Examined(e.id)
        refused |= {aimed} if e.context.get("refusal") in _STALE else set()


@rule(
    "DMP-061",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D}, cinématique de consultation (cas B)",
    title="Après un changement fait ailleurs, le produit vise l'entryUUID courant, retrouvé par le logicalId.",
    on=CALLS,
    over="person",
)
def entry_uuid_is_refreshed(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """An old entryUUID accuses once a search has told the product the new one of the same document."""
    known: dict[str, list[str]] = {}
    for e in exchanges:
        if QUERIES(e) and not UNCERTAIN(e):
            for one in answered_entries(e):
                known[one.lid] = [*(name for name in known.get(one.lid, []) if name != one.uuid), one.uuid]
        for target in _aimed(e):
            versions = next((names for names in known.values() if target in names and len(names) > 1), None)
            if versions is not None and target != versions[-1]:
                yield Finding("entryUUID visé", versions[-1], target, exchange=e.id)
            elif versions is not None:
                yield Examined(e.id)


def _aimed(e: Exchange) -> list[str]:
    """The entryUUIDs that a change of status or a replacement aims at."""
    if DEPOSITS(e):
        return [text(link.get("target")) for link in associations(e, RPLC)]
    change = mapping(e.context.get("update"))
    return [text(change.get("target"))] if UPDATES(e) and change.get("kind") == "status" else []
