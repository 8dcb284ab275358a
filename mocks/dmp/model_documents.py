"""What registry and repository hold: lots, entries, contents, associations; read and written, nothing decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Column, Table, bindparam, insert, select, update

from mocks.clock import rfc3339
from mocks.dmp.tables import ASSOCIATIONS, CONTENTS, ENTRIES, LOTS
from mocks.store import Session, Statement


def _kept(table: Table) -> list[Column[Any]]:
    """What is kept for a tenant, in the order of the dataclass that holds it."""
    return [column for column in table.c if column.name != "tenant"]


_ENTRY = select(*_kept(ENTRIES))
_OF_TENANT = ENTRIES.c.tenant == bindparam("tenant")


def _entries_where(column: str) -> Statement:
    return Statement(_ENTRY.where(_OF_TENANT, ENTRIES.c[column] == bindparam("wanted")).order_by(ENTRIES.c.uuid))


_BY = {column: _entries_where(column) for column in ("uuid", "unique_id", "person", "lid", "lot")}
_INSERT_ENTRY = Statement(insert(ENTRIES))
_SET_STATUS = Statement(
    update(ENTRIES)
    .where(_OF_TENANT, ENTRIES.c.uuid == bindparam("wanted"))
    .values(
        status=bindparam("new_status"),
        latest=bindparam("new_latest"),
        changes=ENTRIES.c.changes + bindparam("new_latest"),
        updated=bindparam("new_updated"),
    )
)
_LOT = select(*_kept(LOTS)).where(LOTS.c.tenant == bindparam("tenant"))
_LOTS_BY = {
    name: Statement(_LOT.where(LOTS.c[name] == bindparam("wanted"))) for name in ("uuid", "unique_id", "person")
}
_INSERT_LOT = Statement(insert(LOTS))
_CONTENT = Statement(
    select(CONTENTS.c.content, CONTENTS.c.sha1, CONTENTS.c.size, CONTENTS.c.mime_type).where(
        CONTENTS.c.tenant == bindparam("tenant"), CONTENTS.c.unique_id == bindparam("wanted")
    )
)
_SHA1 = Statement(
    select(CONTENTS.c.sha1).where(CONTENTS.c.tenant == bindparam("tenant"), CONTENTS.c.unique_id == bindparam("wanted"))
)
_INSERT_CONTENT = Statement(insert(CONTENTS))
_ASSOCIATION = select(*_kept(ASSOCIATIONS))
_ASSOCIATIONS_BY = {
    name: Statement(
        _ASSOCIATION.where(ASSOCIATIONS.c.tenant == bindparam("tenant"), ASSOCIATIONS.c[name] == bindparam("wanted"))
    )
    for name in ("uuid", "source", "target")
}
_INSERT_ASSOCIATION = Statement(insert(ASSOCIATIONS))


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of an entry.

    latest: 1 for the last of its lid; origin: who put it there; facts: as in the journal. changes, updated: how many
    times its status was changed, and when it was last written, which the registry says.
    """

    uuid: str
    lid: str
    version: int
    latest: int
    unique_id: str
    person: str
    status: str
    lot: str
    origin: str
    facts: Mapping[str, Any]
    xml: str
    changes: int = 0
    updated: str = ""


@dataclass(frozen=True, slots=True)
class Lot:
    """A submission set."""

    uuid: str
    unique_id: str
    person: str
    submitted: str
    status: str
    facts: Mapping[str, Any]
    xml: str
    updated: str = ""


@dataclass(frozen=True, slots=True)
class Association:
    """A link between two objects. lot: in which it came."""

    uuid: str
    type: str
    source: str
    target: str
    lot: str
    xml: str


@dataclass(frozen=True, slots=True)
class Content:
    """The octets of a document. sha1: in hexadecimal."""

    content: bytes
    sha1: str
    size: int
    mime_type: str


@dataclass(frozen=True)
class Registry:
    """What one tenant's registry and repository hold, in one session. now: stamped on what is written."""

    session: Session
    tenant: str
    now: datetime

    def entries(self, by: str, wanted: str) -> list[Entry]:
        """Every version of entries. by: `uuid`, `unique_id`, `person`, `lid`, `lot`."""
        rows = self.session.all(_BY[by], tenant=self.tenant, wanted=wanted)
        return [Entry(**{**row._asdict(), "facts": orjson.loads(row.facts)}) for row in rows]

    def entry(self, uuid: str) -> Entry | None:
        """The version of an entry that has this entryUUID."""
        return next(iter(self.entries("uuid", uuid)), None)

    def lots(self, by: str, wanted: str) -> list[Lot]:
        """Lots. by: `uuid`, `unique_id`, `person`."""
        rows = self.session.all(_LOTS_BY[by], tenant=self.tenant, wanted=wanted)
        return [Lot(**{**row._asdict(), "facts": orjson.loads(row.facts)}) for row in rows]

    def associations(self, by: str, wanted: Iterable[str]) -> list[Association]:
        """Associations. by: `uuid`, `source`, `target`; wanted: several values, each once."""
        found = {
            row.uuid: Association(*row)
            for value in dict.fromkeys(wanted)
            for row in self.session.all(_ASSOCIATIONS_BY[by], tenant=self.tenant, wanted=value)
        }
        return list(found.values())

    def content(self, unique_id: str) -> Content | None:
        """The octets of a document."""
        row = self.session.first(_CONTENT, tenant=self.tenant, wanted=unique_id)
        return None if row is None else Content(bytes(row.content), row.sha1, row.size, row.mime_type)

    def sha1(self, unique_id: str) -> str | None:
        """The SHA-1 of a document, without reading it."""
        row = self.session.first(_SHA1, tenant=self.tenant, wanted=unique_id)
        return None if row is None else str(row.sha1)

    def add_entry(self, entry: Entry) -> None:
        """Add a version of an entry."""
        kept = {name: getattr(entry, name) for name in Entry.__slots__}
        made = {"facts": orjson.dumps(entry.facts).decode(), "changes": 0, "updated": rfc3339(self.now)}
        self.session.write(_INSERT_ENTRY, tenant=self.tenant, **{**kept, **made})

    def set_status(self, uuid: str, status: str, *, latest: bool) -> None:
        """Change the status of a version. latest: whether it stays the last of its lid."""
        values = {"new_status": status, "new_latest": int(latest), "new_updated": rfc3339(self.now)}
        self.session.write(_SET_STATUS, tenant=self.tenant, wanted=uuid, **values)

    def add_lot(self, lot: Lot) -> None:
        """Add a lot."""
        kept = {name: getattr(lot, name) for name in Lot.__slots__}
        made = {"facts": orjson.dumps(lot.facts).decode(), "updated": rfc3339(self.now)}
        self.session.write(_INSERT_LOT, tenant=self.tenant, **{**kept, **made})

    def add_content(self, unique_id: str, content: Content) -> None:
        """Keep the octets of a document."""
        kept = {name: getattr(content, name) for name in Content.__slots__}
        self.session.write(_INSERT_CONTENT, tenant=self.tenant, unique_id=unique_id, **kept)

    def add_associations(self, associations: Sequence[Association]) -> None:
        """Add links."""
        rows = [
            {"tenant": self.tenant, **{name: getattr(one, name) for name in Association.__slots__}}
            for one in associations
        ]
        self.session.write_many(_INSERT_ASSOCIATION, rows)
