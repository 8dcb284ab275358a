"""Changing the status or the metadata of an entry (sheet DMP §4.5 and §12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from mocks.dmp import ebrim, ebrim_writing, metadata_rules, model_versions, submission_rules
from mocks.dmp.access import visibilities
from mocks.dmp.model_deposit import registered_associations, registered_lot
from mocks.dmp.model_documents import Entry, Registry
from mocks.dmp.names import APPROVED, ARCHIVED, DELETED, DEPRECATED
from mocks.dmp.refusals import RefusedError, XdsError, own
from mocks.dmp.update import NewVersion, StatusChange, Update

Facts = dict[str, Any]
Setting = Callable[[str], Any]
OPERATION, UPDATE, VERSION = "XDSMetadataUpdateOperationError", "XDSMetadataUpdateError", "XDSMetadataVersionError"
_ALLOWED = {(APPROVED, ARCHIVED), (ARCHIVED, APPROVED), (APPROVED, DELETED), (ARCHIVED, DELETED)}
# Metadata that the registry writes, or that only tell the versions apart.
_REGISTRY = ("entry_uuid", "lid", "version", "status", "repository", "confidentiality", "hash", "size", "object_type")


@dataclass(frozen=True)
class Correction:
    """The update of one person's documents, being made. is_author: whether the caller wrote an entry."""

    registry: Registry
    update: Update
    person: str
    is_author: Callable[[Entry], bool]
    setting: Setting

    def targets(self) -> list[Entry | None]:
        """The entries aimed at, None for one that is unknown."""
        found = [self.registry.entry(one.target) for one in self.update.statuses]
        return [*found, *(self._latest(str(one.entry["lid"])) for one in self.update.versions)]

    def make(self) -> Facts:
        """Store everything; gives `context.stored`. Raises RefusedError, nothing being stored then."""
        if len(self.update.lots) != 1 or not (self.update.statuses or self.update.versions):
            raise RefusedError(XdsError(OPERATION, "Une mise à jour porte un lot, et une fiche ou un statut."))
        entries = [one.entry for one in self.update.versions]
        errors = list(submission_rules.errors(entries, self.update.lots, self.update.associations))
        errors += [error for lot in self.update.lots for error in metadata_rules.of_lot(lot)]
        if self.registry.lots("unique_id", self.update.lots[0]["unique_id"] or ""):
            errors.append(XdsError("XDSDuplicateUniqueIdInRegistry", "Un lot a déjà cet identifiant."))
        errors += [error for one in self.update.statuses for error in self._status_errors(one)]
        errors += [error for one in self.update.versions for error in self._version_errors(one)]
        if errors:
            raise RefusedError(*errors)
        return self._store()

    def _latest(self, lid: str) -> Entry | None:
        return next((one for one in self.registry.entries("lid", lid) if one.latest), None)

    def _target_errors(self, target: Entry | None, name: str) -> list[XdsError]:
        if target is None or target.person != self.person or target.status == DELETED:
            return [XdsError(UPDATE, f"La fiche visée n'existe pas : {name}.", name)]
        if not target.latest:
            return [XdsError(UPDATE, f"La fiche visée n'est plus la dernière version : {name}.", name)]
        return []

    def _status_errors(self, change: StatusChange) -> list[XdsError]:
        target = self.registry.entry(change.target)
        errors = self._target_errors(target, change.target)
        if errors or target is None:
            return errors
        if change.original != target.status:
            text = f"Statut actuel : {target.status} ; annoncé : {change.original}."
            return [XdsError(UPDATE, text, change.target)]
        if (change.original, change.new) not in _ALLOWED:
            return [
                XdsError(OPERATION, f"De {change.original} à {change.new} : ce passage n'existe pas.", change.target)
            ]
        if change.new == DELETED and not self.is_author(target):
            return [replace(own("non-auteur", self.setting("codes_refus")), location=change.target)]
        return []

    def _version_errors(self, new: NewVersion) -> list[XdsError]:
        name = str(new.entry["lid"])
        target = self._latest(name)
        errors = self._target_errors(target, name)
        if errors or target is None:
            return errors
        if target.status == DEPRECATED:
            return [XdsError(UPDATE, "La fiche visée a été remplacée.", name)]
        if new.previous != str(target.version):
            return [XdsError(VERSION, f"Version actuelle : {target.version} ; annoncée : {new.previous}.", name)]
        if ebrim_writing.is_uuid(new.entry["entry_uuid"]) and self.registry.entry(new.entry["entry_uuid"]):
            return [XdsError(UPDATE, "Une fiche a déjà cet entryUUID.", name)]
        changed = [key for key, value in target.facts.items() if key not in _REGISTRY and new.entry[key] != value]
        if changed:
            return [XdsError(UPDATE, f"Seule la confidentialité se change ; vus aussi : {', '.join(changed)}.", name)]
        together = self.setting("cumul_invisible_patient_masque_ps")
        found = model_versions.irreversible(self.registry, target, visibilities(new.entry), self.setting)
        final = [XdsError(UPDATE, text, name) for _, text in found]
        return [*metadata_rules.confidentiality(new.entry, together=together), *final]

    def _store(self) -> Facts:
        ids = {str(lot["id"]): ebrim_writing.new_uuid() for lot in self.update.lots}
        ids |= {str(one["id"]): ebrim_writing.new_uuid() for one in self.update.associations if one["id"]}
        for one in self.update.versions:
            name = str(one.entry["entry_uuid"])
            ids[name] = name if ebrim_writing.is_uuid(name) else ebrim_writing.new_uuid()
        lot = ids[str(self.update.lots[0]["id"])]
        self.registry.add_lot(registered_lot(self.update.submission.lots[0], ids, self.person))
        self.registry.add_associations(registered_associations(self.update.submission.associations, ids, lot))
        stored: Facts = {}
        for change in self.update.statuses:
            stored = self._store_status(change)
        for one in self.update.versions:
            stored = self._store_version(one, ids, lot)
        return stored

    def _store_status(self, change: StatusChange) -> Facts:
        self.registry.set_status(change.target, str(change.new), latest=True)
        changed = self.registry.entry(change.target)
        assert changed is not None  # it was found before
        return _told(changed)

    def _store_version(self, new: NewVersion, ids: dict[str, str], lot: str) -> Facts:
        old = self._latest(str(new.entry["lid"]))
        assert old is not None  # it was found before
        made = ebrim_writing.registered(new.element, ids)
        made.set("status", old.status)
        ebrim_writing.set_version(made, lid=old.lid, version=old.version + 1)
        for name in ("repository", "hash", "size"):
            slot = "repositoryUniqueId" if name == "repository" else name
            ebrim_writing.set_slot(made, slot, str(old.facts[name]))
        facts = ebrim.entry(made)
        changed = replace(
            old,
            uuid=facts["entry_uuid"],
            version=old.version + 1,
            lot=lot,
            facts=facts,
            xml=ebrim_writing.text(made),
        )
        self.registry.set_status(old.uuid, DEPRECATED, latest=False)
        self.registry.add_entry(changed)
        return _told(changed)


def _told(entry: Entry) -> Facts:
    return {"entry_uuid": entry.uuid, "lid": entry.lid, "version": entry.version, "status": entry.status}
