"""Registering a deposit: identifiers, replacement, duplicates (sheet DMP §4.3, §4.4, §11). All or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mocks.dmp import ebrim, ebrim_writing
from mocks.dmp.deposit import Deposit, Deposited
from mocks.dmp.model_documents import Association, Content, Entry, Lot, Registry
from mocks.dmp.names import APPROVED, DEPRECATED, RPLC
from mocks.dmp.refusals import RefusedError, XdsError

Setting = Callable[[str], Any]
Facts = dict[str, Any]


@dataclass(frozen=True)
class Deposition:
    """The deposit of one person, being registered."""

    registry: Registry
    deposit: Deposit
    person: str
    origin: str
    setting: Setting

    def register(self) -> Facts:
        """Store everything; gives `context.stored`. Raises RefusedError, nothing being stored then."""
        repeated = self._repeated()
        if repeated and len(repeated) == len(self.deposit.documents):
            return {"documents": [], "repeated": repeated}
        found = [*self._duplicates(), *self._replaced_errors(), *self._dangling()]
        if found:
            raise RefusedError(*found)
        ids = self._ids()
        for document in self.deposit.documents:
            self._store(document, ids)
        self._store_lot(ids)
        self._store_associations(ids)
        for target, _ in self._replacements():
            self.registry.set_status(target, DEPRECATED, latest=True)
        return {"lot": ids[self.deposit.lots[0]["id"]], "documents": self._stored(ids), "repeated": []}

    def _repeated(self) -> list[str]:
        """Documents that are there already, octet for octet, where the DMP takes that for done."""
        if self.setting("doublon_unique_id") != "accepter_identique":
            return []
        return [one.entry["unique_id"] for one in self.deposit.documents if self._is_identical(one)]

    def _is_identical(self, document: Deposited) -> bool:
        kept = self.registry.sha1(document.entry["unique_id"])
        return kept is not None and document.attached is not None and kept == document.attached.sha1

    def _duplicates(self) -> Iterator[XdsError]:
        lot = self.deposit.lots[0]
        if self.registry.lots("unique_id", lot["unique_id"]):
            text = f"Un lot a déjà cet identifiant : {lot['unique_id']}."
            yield XdsError("XDSDuplicateUniqueIdInRegistry", text, lot["unique_id"])
        for document in self.deposit.documents:
            name = document.entry["unique_id"]
            if self.registry.sha1(name) is not None:
                same = self._is_identical(document)
                code = "XDSDuplicateUniqueIdInRegistry" if same else "XDSNonIdenticalHash"
                what = "identique" if same else "au contenu différent"
                yield XdsError(code, f"Un document a déjà cet identifiant, {what} : {name}.", name)
            if self.registry.entry(document.entry["entry_uuid"]):
                yield XdsError("XDSRegistryMetadataError", "Une fiche a déjà cet entryUUID.", name)

    def _replacements(self) -> list[tuple[str, str]]:
        """(entryUUID replaced, symbol of the entry that replaces it)."""
        return [(one["target"], one["source"]) for one in self.deposit.associations if one["type"] == RPLC]

    def _replaced_errors(self) -> Iterator[XdsError]:
        replacements = self._replacements()
        for target, _ in replacements:
            old = self.registry.entry(target)
            if old is None:
                yield XdsError("UnresolvedReferenceException", f"Fiche remplacée inconnue : {target}.", target)
            elif old.person != self.person:
                yield XdsError("XDSPatientIdDoesNotMatch", "La fiche remplacée est d'un autre patient.", target)
            elif old.status != APPROVED or not old.latest:
                text = "La fiche remplacée n'est plus en vigueur (Approved)."
                yield XdsError("XDSRegistryDeprecatedDocumentError", text, target)
        if len({target for target, _ in replacements}) != len(replacements):
            yield XdsError("XDSRegistryMetadataError", "Deux documents du lot remplacent le même.")

    def _dangling(self) -> Iterator[XdsError]:
        """Associations other than of replacement that lead to what the registry does not hold."""
        here = {self.deposit.lots[0]["id"], *(one.entry["entry_uuid"] for one in self.deposit.documents)}
        for one in self.deposit.associations:
            if one["type"] != RPLC and one["target"] not in here and self.registry.entry(one["target"]) is None:
                yield XdsError("UnresolvedReferenceException", f"Association vers l'inconnu : {one['target']}.")

    def _ids(self) -> dict[str, str]:
        """The UUID of each id of the submission; a client may have made itself those of its entries."""
        entries = [one.entry["entry_uuid"] for one in self.deposit.documents]
        others = [self.deposit.lots[0]["id"], *(one["id"] for one in self.deposit.associations if one["id"])]
        kept = {name: name for name in entries if ebrim_writing.is_uuid(name)}
        return {name: ebrim_writing.new_uuid() for name in (*entries, *others)} | kept

    def _store(self, document: Deposited, ids: dict[str, str]) -> None:
        assert document.attached is not None  # else an error was found before
        made = ebrim_writing.registered(document.element, ids)
        uuid = made.get("id")
        made.set("status", APPROVED)
        ebrim_writing.set_version(made, lid=uuid, version=1)
        held = document.attached
        values = {
            "repositoryUniqueId": self.setting("repository_unique_id"),
            "hash": held.sha1,
            "size": str(len(held.content)),
        }
        for name, value in values.items():
            ebrim_writing.set_slot(made, name, value)
        facts = ebrim.entry(made)
        self.registry.add_content(
            facts["unique_id"], Content(held.content, held.sha1, len(held.content), facts["mime_type"])
        )
        self.registry.add_entry(
            Entry(
                uuid=uuid,
                lid=uuid,
                version=1,
                latest=1,
                unique_id=facts["unique_id"],
                person=self.person,
                status=APPROVED,
                lot=ids[self.deposit.lots[0]["id"]],
                origin=self.origin,
                facts=facts,
                xml=ebrim_writing.text(made),
            )
        )

    def _store_lot(self, ids: dict[str, str]) -> None:
        self.registry.add_lot(registered_lot(self.deposit.submission.lots[0], ids, self.person))

    def _store_associations(self, ids: dict[str, str]) -> None:
        lot = ids[self.deposit.lots[0]["id"]]
        self.registry.add_associations(registered_associations(self.deposit.submission.associations, ids, lot))

    def _stored(self, ids: dict[str, str]) -> list[Facts]:
        replaces = {source: target for target, source in self._replacements()}
        return [
            {
                "unique_id": one.entry["unique_id"],
                "entry_uuid": ids[one.entry["entry_uuid"]],
                "lid": ids[one.entry["entry_uuid"]],
                "version": 1,
                "replaces": replaces.get(one.entry["entry_uuid"]),
            }
            for one in self.deposit.documents
        ]


def registered_lot(element: Any, ids: dict[str, str], person: str) -> Lot:
    """A lot as the registry keeps it."""
    made = ebrim_writing.registered(element, ids)
    made.set("status", APPROVED)
    facts = ebrim.lot(made)
    return Lot(
        uuid=facts["id"],
        unique_id=facts["unique_id"],
        person=person,
        submitted=facts["submission_time"],
        status=APPROVED,
        facts=facts,
        xml=ebrim_writing.text(made),
    )


def registered_associations(elements: tuple[Any, ...], ids: dict[str, str], lot: str) -> list[Association]:
    """Associations as the registry keeps them."""
    found = []
    for element in elements:
        made = ebrim_writing.registered(element, ids)
        if not made.get("id"):
            made.set("id", ebrim_writing.new_uuid())
        facts = ebrim.association(made)
        xml = ebrim_writing.text(made)
        found.append(Association(facts["id"], facts["type"], facts["source"], facts["target"], lot, xml))
    return found
