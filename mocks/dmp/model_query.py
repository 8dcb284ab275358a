"""Answering stored queries: what a caller finds in the registry (sheet DMP §4.1, §12)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mocks.dmp import hl7
from mocks.dmp.model_documents import Association, Entry, Lot, Registry
from mocks.dmp.names import DELETED, HAS_MEMBER
from mocks.dmp.query import StoredQuery

Sees = Callable[[Entry], bool]
_CODES = {
    "$XDSDocumentEntryClassCode": "class",
    "$XDSDocumentEntryTypeCode": "type",
    "$XDSDocumentEntryPracticeSettingCode": "practice",
    "$XDSDocumentEntryHealthcareFacilityTypeCode": "facility",
    "$XDSDocumentEntryFormatCode": "format",
    "$XDSDocumentEntryEventCodeList": "events",
    "$XDSDocumentEntryConfidentialityCode": "confidentiality",
}
_TIMES = {
    "$XDSDocumentEntryCreationTime": "creation_time",
    "$XDSDocumentEntryServiceStartTime": "service_start_time",
    "$XDSDocumentEntryServiceStopTime": "service_stop_time",
}


@dataclass
class Found:
    """What a query finds. hidden: entries that the caller may not see; others: of other patients."""

    entries: list[Entry] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    associations: list[Association] = field(default_factory=list)
    hidden: int = 0
    others: int = 0

    @property
    def ids(self) -> list[str]:
        """The ids of everything."""
        lots, links = [one.uuid for one in self.lots], [one.uuid for one in self.associations]
        return [*(one.uuid for one in self.entries), *lots, *links]


@dataclass(frozen=True)
class Search:
    """The registry as one caller sees the DMP of one person."""

    registry: Registry
    person: str
    sees: Sees

    def answer(self, query: StoredQuery) -> Found:
        """What a query that was checked finds."""
        run = _RUN.get(query.name)
        found = Found() if run is None else run(self, query)  # folders: none
        kept = [one for one in found.entries if one.status != DELETED]
        shown = [one for one in kept if one.person == self.person]
        found.others = len(kept) - len(shown)
        found.entries = [one for one in shown if self.sees(one)]
        found.hidden = len(shown) - len(found.entries)
        found.lots = [one for one in found.lots if one.person == self.person and self._shows(one)]
        found.associations = [one for one in found.associations if self._is_link_of_seen(one)]
        return found

    def find_documents(self, query: StoredQuery) -> Found:
        statuses = query.values("$XDSDocumentEntryStatus")
        entries = [one for one in self.registry.entries("person", self.person) if one.status in statuses]
        return Found(entries=[one for one in entries if _matches(one.facts, query)])

    def find_lots(self, query: StoredQuery) -> Found:
        return Found(lots=[one for one in self._lots(query) if _lot_matches(one, query)])

    def get_all(self, query: StoredQuery) -> Found:
        found = Found(entries=self.find_documents(query).entries, lots=self._lots(query))
        found.associations = self.registry.associations("target", [one.uuid for one in found.entries])
        return found

    def get_documents(self, query: StoredQuery) -> Found:
        by, wanted = query.keys
        entries = [one for value in dict.fromkeys(wanted) for one in self.registry.entries(by, value)]
        if by != "uuid" and query.first("$MetadataLevel") != "2":
            entries = [one for one in entries if one.latest]
        return Found(entries=entries)

    def get_documents_and_associations(self, query: StoredQuery) -> Found:
        found = self.get_documents(query)
        found.associations = self._links([one.uuid for one in found.entries])
        return found

    def get_associations(self, query: StoredQuery) -> Found:
        return Found(associations=self._links(query.keys[1]))

    def get_lots(self, query: StoredQuery) -> Found:
        members = [one for one in self.registry.associations("target", query.keys[1]) if one.type == HAS_MEMBER]
        lots = [lot for one in members for lot in self.registry.lots("uuid", one.source)]
        return Found(lots=list({lot.uuid: lot for lot in lots}.values()), associations=members)

    def get_lot_and_contents(self, query: StoredQuery) -> Found:
        by, wanted = query.keys
        lots = [lot for value in wanted for lot in self.registry.lots(by, value)]
        members = self.registry.associations("source", [lot.uuid for lot in lots])
        entries = [entry for one in members for entry in self.registry.entries("uuid", one.target)]
        return Found(entries=[one for one in entries if _matches(one.facts, query)], lots=lots, associations=members)

    def get_related(self, query: StoredQuery) -> Found:
        start = self.get_documents(query).entries
        kinds = query.values("$AssociationTypes")
        links = [one for one in self._links([entry.uuid for entry in start]) if one.type in kinds]
        ids = {entry.uuid for entry in start} | {end for one in links for end in (one.source, one.target)}
        entries = [entry for one in sorted(ids) for entry in self.registry.entries("uuid", one)] if links else []
        return Found(entries=entries, associations=links)

    def _lots(self, query: StoredQuery) -> list[Lot]:
        statuses = query.values("$XDSSubmissionSetStatus")
        return [one for one in self.registry.lots("person", self.person) if one.status in statuses]

    def _links(self, ids: Iterable[str]) -> list[Association]:
        wanted = list(ids)
        found = [*self.registry.associations("source", wanted), *self.registry.associations("target", wanted)]
        return list({one.uuid: one for one in found}.values())

    def _shows(self, lot: Lot) -> bool:
        """Whether a lot has something that the caller may see, or holds no document at all."""
        entries = self.registry.entries("lot", lot.uuid)
        return not entries or any(one.status != DELETED and self.sees(one) for one in entries)

    def _is_link_of_seen(self, link: Association) -> bool:
        ends = [entry for end in (link.source, link.target) for entry in self.registry.entries("uuid", end)]
        return all(one.person == self.person and one.status != DELETED and self.sees(one) for one in ends)


_RUN: dict[str, Callable[[Search, StoredQuery], Found]] = {
    "FindDocuments": Search.find_documents,
    "FindSubmissionSets": Search.find_lots,
    "GetAll": Search.get_all,
    "GetDocuments": Search.get_documents,
    "GetDocumentsAndAssociations": Search.get_documents_and_associations,
    "GetAssociations": Search.get_associations,
    "GetSubmissionSets": Search.get_lots,
    "GetSubmissionSetAndContents": Search.get_lot_and_contents,
    "GetRelatedDocuments": Search.get_related,
}


def _matches(facts: Mapping[str, Any], query: StoredQuery) -> bool:
    """Whether an entry is what the parameters want; slots of one name must all be met."""
    for parameter, name in _CODES.items():
        held = facts[name] if isinstance(facts[name], list) else [facts[name]]
        said = {f"{one['code']}^^{one['system']}" for one in held if one is not None}
        if any(not said.intersection(group) for group in query.parameters.get(parameter, ())):
            return False
    if not all(_within(facts[name], query, parameter) for parameter, name in _TIMES.items()):
        return False
    authors = query.values("$XDSDocumentEntryAuthorPerson")
    return not authors or any(_like(one["person"] or "", wanted) for one in facts["authors"] for wanted in authors)


def _lot_matches(lot: Lot, query: StoredQuery) -> bool:
    content, sources = query.values("$XDSSubmissionSetContentType"), query.values("$XDSSubmissionSetSourceId")
    kind = lot.facts["content_type"] or {}
    return (
        _within(lot.submitted, query, "$XDSSubmissionSetSubmissionTime")
        and (not content or f"{kind.get('code')}^^{kind.get('system')}" in content)
        and (not sources or lot.facts["source_id"] in sources)
    )


def _within(held: str | None, query: StoredQuery, parameter: str) -> bool:
    """Whether a time is from `…From` (included) to `…To` (excluded)."""
    start, end = query.first(f"{parameter}From"), query.first(f"{parameter}To")
    if start is None and end is None:
        return True
    if held is None:
        return False
    return (start is None or _padded(start) <= _padded(held)) and (end is None or _padded(held) < _padded(end))


def _padded(time: str) -> str:
    return time.ljust(14, "0")


def _like(text: str, pattern: str) -> bool:
    """SQL's LIKE, which authors are searched with: `%` at either end."""
    bare = pattern.strip("%")
    if pattern.startswith("%") and pattern.endswith("%"):
        return bare in text
    if pattern.startswith("%"):
        return text.endswith(bare)
    return text.startswith(bare) if pattern.endswith("%") else text == bare or hl7.person_id(text) == bare
