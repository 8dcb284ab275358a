"""Reading an update of metadata (ITI-57): of a whole entry, or of its status (sheet DMP §4.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mocks.dmp import ebrim
from mocks.dmp.ebrim import Submission
from mocks.dmp.names import (
    ARCHIVED,
    DELETED,
    HAS_MEMBER,
    HIDDEN_FROM_PATIENT,
    HIDDEN_FROM_REPRESENTATIVES,
    MASKED,
    UPDATE_STATUS,
)

Facts = dict[str, Any]


@dataclass(frozen=True)
class StatusChange:
    """A status to change. target: entryUUID."""

    target: str
    original: str | None
    new: str | None


@dataclass(frozen=True)
class NewVersion:
    """Metadata that replace those of the last version. previous: number of the version that the client knew."""

    element: Any
    entry: Facts
    previous: str | None


@dataclass(frozen=True)
class Update:
    """One update."""

    submission: Submission
    lots: list[Facts]
    associations: list[Facts]
    statuses: list[StatusChange]
    versions: list[NewVersion]


def read(request: Any) -> Update:
    """The update of a SubmitObjectsRequest."""
    submission = ebrim.submission(request)
    associations = [ebrim.association(element) for element in submission.associations]
    members = {one["target"]: one["slots"] for one in associations if one["type"] == HAS_MEMBER}
    versions = []
    for element in submission.entries:
        entry = ebrim.entry(element)
        slots = members.get(entry["entry_uuid"], {})
        versions.append(NewVersion(element, entry, _one(slots, "PreviousVersion")))
    statuses = [
        StatusChange(str(one["target"]), _one(one["slots"], "OriginalStatus"), _one(one["slots"], "NewStatus"))
        for one in associations
        if one["type"] == UPDATE_STATUS
    ]
    return Update(submission, [ebrim.lot(one) for one in submission.lots], associations, statuses, versions)


def transaction(update: Update, before: set[str], after: set[str]) -> str:
    """Which of TD3.3a to d this is. before, after: confidentiality codes of the entry that a new version changes."""
    for one in update.statuses:
        if one.new == DELETED:
            return "TD3.3c"
    if any(ARCHIVED in (one.new, one.original) for one in update.statuses):
        return "TD3.3d"
    changed = before ^ after
    if changed & {HIDDEN_FROM_PATIENT, HIDDEN_FROM_REPRESENTATIVES}:
        return "TD3.3b"
    return "TD3.3a" if MASKED in changed else "TD3.3"


def _one(slots: dict[str, list[str]], name: str) -> str | None:
    return next(iter(slots.get(name, [])), None)
