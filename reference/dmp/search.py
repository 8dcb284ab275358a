"""Searches: the first one looks two years back, the next ones at what came since (sheet DMP §4.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from reference.defects import Defects
from reference.dmp import hl7v2, registry
from reference.dmp.access import Access
from reference.dmp.asking import Asking
from reference.dmp.client import Dmp, Who
from reference.dmp.lot_signature import TYPE as SIGNATURE
from reference.dmp.names import APPROVED, ARCHIVED, DEPRECATED, HAS_MEMBER
from reference.dmp.records import LastSearch, Seen
from reference.dmp.registry import Found
from reference.refusal import Refusal
from reference.store import Store

TWO_YEARS = timedelta(days=730)
BATCH = 20
Result = tuple[list[Seen], str]
"""Entries in force, and what the registry could not give."""


class Search:
    """What the product finds in the DMP."""

    def __init__(self, store: Store, dmp: Dmp, access: Access, defects: Defects, now: Callable[[], datetime]) -> None:
        self._store, self._dmp, self._access, self._defects, self._now = store, dmp, access, defects, now

    def automatic(self, who: Who, types: Sequence[str]) -> Result:
        """The search of the opening of a file. types: codes with their system, none for all. Refusal."""
        self._access.read(who)
        asking = Asking(self._dmp, who, self._defects)
        begun, last = hl7v2.dtm(self._now()), self._store.get(LastSearch, f"{who.usager.id} {who.account.id}")
        if last is None or self._defects.has("recherche_toujours_premiere"):
            since = hl7v2.dtm(self._now() - TWO_YEARS)
            found = _find(asking, who, {"XDSDocumentEntryServiceStartTimeFrom": since}, [APPROVED], types)
        else:
            found = _since(asking, who, last.instant)
        self._store.save(LastSearch(who.usager.id, who.account.id, begun))
        return self._kept(who, found), asking.partial

    def manual(self, who: Who, types: Sequence[str], since: str, *, archived: bool) -> Result:
        """A search that the user sets herself. since: day, "" for no limit. Refusal."""
        self._access.read(who)
        asking = Asking(self._dmp, who, self._defects)
        dated = {"XDSDocumentEntryServiceStartTimeFrom": since.replace("-", "")} if since else {}
        statuses = [APPROVED, ARCHIVED] if archived else [APPROVED]
        return self._kept(who, _find(asking, who, dated, statuses, types)), asking.partial

    def known(self, usager: str) -> list[Seen]:
        """Entries found so far that are still in force."""
        listed = self._store.all(Seen, usager)
        return [one for one in listed if one.status != DEPRECATED and one.type[0] != SIGNATURE.code]

    def seen(self, usager: str, unique_id: str) -> Seen:
        """An entry that was found; Refusal when it was not."""
        found = self._store.get(Seen, f"{usager} {unique_id}")
        if found is None:
            raise Refusal("document_inconnu", "Ce document n'a pas été trouvé dans le DMP : cherchez-le d'abord.")
        return found

    def save(self, seen: Seen) -> None:
        self._store.save(seen)

    def _kept(self, who: Who, found: Sequence[Found]) -> list[Seen]:
        for one in found:
            before = self._store.get(Seen, f"{who.usager.id} {one.unique_id}")
            self._store.save(_seen(who.usager.id, one, opened=before is not None and before.opened))
        return self.known(who.usager.id)


def _find(
    asking: Asking, who: Who, dated: Mapping[str, str], statuses: Sequence[str], types: Sequence[str]
) -> list[Found]:
    asked: dict[str, str | Sequence[str]] = {
        "XDSDocumentEntryPatientId": hl7v2.cx(who.ins),
        "XDSDocumentEntryStatus": statuses,
        **dated,
    }
    if types:
        asked["XDSDocumentEntryTypeCode"] = types
    return registry.entries(asking.query("FindDocuments", asked))


def _since(asking: Asking, who: Who, instant: str) -> list[Found]:
    """What came or changed since an instant: new lots, their members, and those as they are now."""
    asked = {
        "XDSSubmissionSetPatientId": hl7v2.cx(who.ins),
        "XDSSubmissionSetStatus": [APPROVED],
        "XDSSubmissionSetSubmissionTimeFrom": instant,
    }
    lots = registry.lots(asking.query("FindSubmissionSets", asked))
    members: dict[str, None] = {}
    for part in _batches(lots):
        reply = asking.query("GetAssociations", {"uuid": part})
        members |= {target: None for source, target in registry.associations(reply, HAS_MEMBER) if source in part}
    found: list[Found] = []
    for part in _batches(list(members)):
        reply = asking.query("GetDocumentsAndAssociations", {"XDSDocumentEntryEntryUUID": part})
        found += registry.entries(reply)
    return found


def _seen(usager: str, found: Found, *, opened: bool) -> Seen:
    return Seen(
        usager=usager,
        unique_id=found.unique_id,
        uuid=found.uuid,
        lid=found.lid,
        version=found.version,
        status=found.status,
        title=found.title,
        type=list(found.type),
        type_label=found.labels.get("type", ""),
        acted=found.acted,
        author=found.author,
        hash=found.hash,
        repository=found.repository,
        confidentiality=found.confidentiality,
        opened=opened,
    )


def _batches(all_: Sequence[str]) -> list[Sequence[str]]:
    return [all_[start : start + BATCH] for start in range(0, len(all_), BATCH)]
