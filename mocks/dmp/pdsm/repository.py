"""The registry as the FHIR engine reads it: nothing is stored twice, what SOAP deposited is found here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from flask import g

from mocks import world
from mocks.dmp import metadata_rules
from mocks.dmp.model_documents import Entry, Lot
from mocks.dmp.names import DELETED, HAS_MEMBER, RPLC
from mocks.dmp.pdsm import patients, shown
from mocks.dmp.pdsm.guard import Reader
from mocks.dmp.pdsm.names import Resource, bare
from mocks.dmp.transaction import Transaction
from mocks.fhir import Repository, Stored
from mocks.fhir.dates import micros
from mocks.fhir.search import memory
from mocks.fhir.search.memory import Held
from mocks.fhir.search.plan import Plan
from mocks.fhir.search.values import normalised
from mocks.store import Session
from profiles.keys import TEST_INS_OID

DOCUMENT, LIST = "DocumentReference", "List"


class RegistryView(Repository):
    """What the caller of the running view (`g.dmp_reader`) may read; keys of pages are FHIR ids."""

    def get(self, session: Session, tenant: str, type_: str, id_: str) -> Stored | None:
        return next((one.stored for one in self._held(tenant, type_) if one.stored.id == id_), None)

    def run(self, session: Session, tenant: str, type_: str, plan: Plan, limit: int = 1_000_000) -> list[Stored]:
        return memory.run(plan, list(self._held(tenant, type_)))[:limit]

    def keys(self, session: Session, tenant: str, type_: str, plan: Plan) -> list[Any]:
        return [f"{type_}/{one.id}" for one in self.run(session, tenant, type_, plan)]

    def by_keys(self, session: Session, keys: Sequence[Any]) -> list[Stored]:
        tenant = _reader().tx.call.tenant.name
        type_ = str(keys[0]).partition("/")[0] if keys else DOCUMENT
        found = {f"{type_}/{one.stored.id}": one.stored for one in self._held(tenant, type_)}
        return [found[key] for key in keys if key in found]

    def _held(self, tenant: str, type_: str) -> Iterator[Held]:
        reader = _reader()
        for resource, more in _READ.get(type_, _nothing)(reader):
            stored = _stored(self.space(tenant, type_), resource, reader.tx)
            yield Held(stored, [*self._extractors[type_].rows(resource), *more])


def _patients(reader: Reader) -> Iterator[tuple[Resource, Sequence[Mapping[str, Any]]]]:
    return ((one, ()) for one in patients.found(reader.tx))


def _nothing(_reader: Reader) -> Iterator[tuple[Resource, Sequence[Mapping[str, Any]]]]:
    return iter(())


def documents(reader: Reader) -> Iterator[tuple[Resource, Sequence[Mapping[str, Any]]]]:
    """The documents that a caller sees, oldest first, each with what it can be found by besides its elements."""
    for entry in seen(reader):
        yield document(reader.tx, entry), _author_rows(entry)


def document(tx: Transaction, entry: Entry) -> Resource:
    """The DocumentReference of the last version of an entry."""
    versions = tx.registry.entries("lid", entry.lid)
    links = tx.registry.associations("source", [entry.lid])
    targets = [tx.registry.entry(one.target) for one in links if one.type == RPLC]
    address = f"Binary/{bare(entry.lid)}"
    absolute = tx.setting("fhir_url") == "absolue"
    told = {
        "subject": subject(tx.person),
        "binary": f"{tx.call.base_url}/fhir/{address}" if absolute else address,
        "replaces": [bare(one.lid) for one in targets if one is not None],
    }
    version = entry.version + sum(one.changes for one in versions)
    return shown.document(entry, version, entry.updated, told)


def lots(reader: Reader) -> Iterator[tuple[Resource, Sequence[Mapping[str, Any]]]]:
    """The lots of which the caller sees a document."""
    registry, ids = reader.tx.registry, {one.lid for one in seen(reader)}
    held: list[Lot] = sorted(registry.lots("person", _person(reader.tx)), key=lambda one: (one.updated, one.uuid))
    for one in held:
        links = [link for link in registry.associations("source", [one.uuid]) if link.type == HAS_MEMBER]
        entries = [registry.entry(link.target) for link in links]
        members = list(dict.fromkeys(bare(found.lid) for found in entries if found is not None and found.lid in ids))
        if members:
            yield shown.lot(one, members, one.updated, subject(reader.tx.person)), ()


def seen(reader: Reader) -> list[Entry]:
    """The last versions of what the caller sees, oldest first."""
    entries = reader.tx.registry.entries("person", _person(reader.tx))
    kept = [one for one in entries if one.latest and one.status != DELETED and reader.sees(one)]
    kept = [one for one in kept if not metadata_rules.is_signature(one.facts)]  # of a SOAP lot: no document
    return sorted(kept, key=lambda one: (str(one.facts["creation_time"]), one.unique_id))


def subject(person: world.Person | None) -> Resource:
    """The patient, by address and by INS."""
    assert person is not None  # `require` has seen to it
    identifier = {"system": f"urn:oid:{TEST_INS_OID}", "value": person.ins}
    return {"reference": f"Patient/{person.id}", "type": "Patient", "identifier": identifier}


def _author_rows(entry: Entry) -> list[Mapping[str, Any]]:
    """Names of authors, which MHD searches by `author.given` and `author.family`: they are contained."""
    found: list[Mapping[str, Any]] = []
    for rank, one in enumerate(entry.facts["authors"]):
        parts = [*(one["person"] or "").split("^"), "", ""]
        for name, text in (("family", parts[1]), ("given", parts[2])):
            row = {"param": f"s:author.{name}", "ordinal": rank, "low": 0, "high": 0, "sought": 0}
            found.append({**row, "system": text, "value": normalised(text)})
    return found


def _stored(space: str, resource: Resource, tx: Transaction) -> Stored:
    meta = resource["meta"]
    return Stored(
        key=0,
        space=space,
        id=resource["id"],
        version=int(meta["versionId"]),
        current=True,
        deleted=False,
        updated=micros(datetime.fromisoformat(meta["lastUpdated"])),
        compartment=_person(tx),
        owner="",
        body=orjson.dumps(resource).decode(),
    )


def _person(tx: Transaction) -> str:
    assert tx.person is not None  # `require` has seen to it
    return tx.person.id


def _reader() -> Reader:
    reader: Reader = g.dmp_reader
    return reader


_READ = {DOCUMENT: documents, LIST: lots, "Patient": _patients}
