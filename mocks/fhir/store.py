"""Storage of resources: every version kept, the newest one indexed."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, insert, literal_column, select, update

from mocks.clock import rfc3339
from mocks.fhir.dates import micros
from mocks.fhir.declaration import FhirEndpoint, Query, Resource, Scope
from mocks.fhir.schema import PAGES, RESOURCES, VALUES
from mocks.fhir.search.params import Reading, plan_for
from mocks.fhir.search.plan import Plan
from mocks.fhir.search.values import Extractor
from mocks.store import Session, Statement

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_C = RESOURCES.c
_ONE = (_C.space == bindparam("space")) & (_C.id == bindparam("id"))
_HISTORY = Statement(select(RESOURCES).where(_ONE).order_by(_C.version.desc()))
_CURRENT = Statement(select(RESOURCES).where(_ONE, _C.current == 1))
_VERSION = Statement(select(RESOURCES).where(_ONE, _C.version == bindparam("version")))
_COLUMNS = [column.name for column in _C if column is not _C.key]
_INSERT = Statement(insert(RESOURCES).values({name: bindparam(name) for name in _COLUMNS}).returning(_C.key))
_INSERT_VALUE = Statement(insert(VALUES))
# Columns of the values are compared as the partial index has them.
_WITH_IDENTIFIER = Statement(
    select(RESOURCES)
    .join(VALUES, VALUES.c.resource == _C.key)
    .where(
        VALUES.c.space == bindparam("space"),
        VALUES.c.param == literal_column("'t:identifier'"),
        VALUES.c.value == bindparam("value"),
        VALUES.c.sought == literal_column("1"),
        VALUES.c.system == bindparam("system"),
        _C.deleted == 0,
        _C.compartment == bindparam("compartment"),
        _C.owner == bindparam("owner"),
    )
    .order_by(_C.key)
)
_SUPERSEDE = Statement(update(RESOURCES).where(_C.key == bindparam("old")).values(current=0))
_UNINDEX = Statement(delete(VALUES).where(VALUES.c.resource == bindparam("old")))


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of a resource. body: its JSON, with id and meta; empty for a deletion."""

    key: int
    space: str
    id: str
    version: int
    current: bool
    deleted: bool
    updated: int  # microseconds since 1970
    compartment: str
    owner: str
    body: str

    @classmethod
    def of(cls, row: Sequence[Any]) -> Stored:
        """The version in a row of `fhir_resources`."""
        key, space, id_, version, current, deleted, updated, compartment, owner, body = row
        return cls(key, space, id_, version, bool(current), bool(deleted), updated, compartment, owner, body)

    @property
    def type(self) -> str:
        """FHIR type."""
        return self.space.rsplit("/", 1)[1]

    @property
    def resource(self) -> Resource:
        """The resource, freshly parsed: the caller may change it."""
        parsed: Resource = orjson.loads(self.body)
        return parsed

    @property
    def instant(self) -> datetime:
        """When this version was written (UTC)."""
        return _EPOCH + timedelta(microseconds=self.updated)


class Repository:
    """The resources of one service, for its views and for acts from the national side.

    Every method takes the session and the tenant's name; those that write open the transaction.
    """

    def __init__(self, service: str, endpoints: Sequence[FhirEndpoint]) -> None:
        self.service = service
        self._extractors = {endpoint.type: Extractor(endpoint) for endpoint in endpoints}
        self.endpoints: Mapping[str, FhirEndpoint] = {endpoint.type: endpoint for endpoint in endpoints}

    def space(self, tenant: str, type_: str) -> str:
        """Key of the resources of a type in a tenant."""
        return f"{tenant}/{self.service}/{type_}"

    def get(self, session: Session, tenant: str, type_: str, id_: str) -> Stored | None:
        """Newest version, which may be a deletion; None when the id was never used."""
        return _stored(session.first(_CURRENT, space=self.space(tenant, type_), id=id_))

    def version(self, session: Session, tenant: str, type_: str, id_: str, version: int) -> Stored | None:
        """One version, or None."""
        return _stored(session.first(_VERSION, space=self.space(tenant, type_), id=id_, version=version))

    def history(self, session: Session, tenant: str, type_: str, id_: str) -> list[Stored]:
        """All versions, newest first."""
        return [Stored.of(row) for row in session.all(_HISTORY, space=self.space(tenant, type_), id=id_)]

    def find(self, session: Session, tenant: str, type_: str, query: Query, scope: Scope) -> list[Stored]:
        """Newest versions that meet a FHIR query (`[("identifier", "urn:x|1")]`), in the order of their writing.

        Raises FhirError 400 for a query that the endpoint does not understand.
        """
        plan = plan_for(Reading(self.endpoints, type_, strict=True), query, scope)
        return self.run(session, tenant, type_, plan)

    def with_identifier(
        self, session: Session, tenant: str, type_: str, system: str, value: str, scope: Scope
    ) -> list[Stored]:
        """Newest versions of the owner's resources that bear a business identifier, in the order of their writing."""
        rows = session.all(
            _WITH_IDENTIFIER,
            space=self.space(tenant, type_),
            system=system,
            value=value,
            compartment=scope.compartment or "",
            owner=scope.owner or "",
        )
        return [Stored.of(row) for row in rows]

    def run(self, session: Session, tenant: str, type_: str, plan: Plan, limit: int = 1_000_000) -> list[Stored]:
        """At most `limit` resources that meet a plan, in its order."""
        rows = session.all(plan.statement(), **plan.binds(lambda target: self.space(tenant, target), type_, limit))
        return [Stored.of(row) for row in rows]

    def keys(self, session: Session, tenant: str, type_: str, plan: Plan) -> list[int]:
        """Keys of all versions that meet a plan, in its order."""
        binds = plan.binds(lambda target: self.space(tenant, target), type_, 1_000_000)
        return [row[0] for row in session.all(plan.statement(keys_only=True), **binds)]

    def by_keys(self, session: Session, keys: Sequence[int]) -> list[Stored]:
        """Versions by their keys, in that order."""
        rows = session.query(select(RESOURCES).where(RESOURCES.c.key.in_(keys))) if keys else ()
        found = {row.key: Stored.of(tuple(row)) for row in rows}
        return [found[key] for key in keys if key in found]

    def put(
        self,
        session: Session,
        tenant: str,
        resource: Resource,
        scope: Scope,
        now: datetime,
        *,
        old: Stored | None = None,
    ) -> Stored:
        """Store a new version (after `old`), or a new resource.

        A new resource keeps its id if it has one. The compartment and owner of `old` stay; those of a new resource
        come from the scope. Sets id, meta.versionId and meta.lastUpdated in what is stored, not in `resource`.
        """
        space = self.space(tenant, resource["resourceType"])
        id_ = old.id if old else str(resource.get("id") or new_id())
        version = old.version + 1 if old else 1
        shown = _with_meta(resource, id_, version, now)
        row = {
            "space": space,
            "id": id_,
            "version": version,
            "current": 1,
            "deleted": 0,
            "updated": micros(now),
            "compartment": (old.compartment if old else scope.compartment) or "",
            "owner": (old.owner if old else scope.owner) or "",
            "body": orjson.dumps(shown).decode(),
        }
        values = self._extractors[resource["resourceType"]].rows(shown)
        return _insert(session, row, values, old)

    def remove(self, session: Session, tenant: str, old: Stored, now: datetime) -> Stored:
        """Store the deletion of a resource as its newest version."""
        row = {
            "space": old.space,
            "id": old.id,
            "version": old.version + 1,
            "current": 1,
            "deleted": 1,
            "updated": micros(now),
            "compartment": old.compartment,
            "owner": old.owner,
            "body": "",
        }
        return _insert(session, row, (), old)

    def forget(self, session: Session, tenant: str) -> None:
        """Drop all resources of a tenant (Service.forget_tenant)."""
        for type_ in self.endpoints:
            space = self.space(tenant, type_)
            for table in (VALUES, RESOURCES, PAGES):
                session.execute(delete(table).where(table.c.space == space))


def new_id() -> str:
    """An id for a resource: a UUID of version 7 (RFC 9562), whose order in time keeps index pages together."""
    moment = (time.time_ns() // 1_000_000) & (2**48 - 1)
    return str(uuid.UUID(int=(moment << 80) | 0x7 << 76 | secrets.randbits(76) & ~(0x3 << 62) | 0x2 << 62))


def _insert(session: Session, row: dict[str, Any], values: Sequence[Mapping[str, Any]], old: Stored | None) -> Stored:
    if old is not None:
        session.write(_SUPERSEDE, old=old.key)
        session.write(_UNINDEX, old=old.key)
    key = session.inserted_id(_INSERT, **row)
    space = row["space"]
    session.write_many(_INSERT_VALUE, [{"resource": key, "space": space, **value} for value in values])
    return Stored(key, **{**row, "current": True, "deleted": bool(row["deleted"])})


def _with_meta(resource: Resource, id_: str, version: int, now: datetime) -> Resource:
    meta = resource.get("meta")
    kept = meta if isinstance(meta, dict) else {}
    shown: Resource = {"resourceType": resource["resourceType"], "id": id_}
    shown["meta"] = {**kept, "versionId": str(version), "lastUpdated": rfc3339(now)}
    for name, value in resource.items():
        shown.setdefault(name, value)
    return shown


def _stored(row: Sequence[Any] | None) -> Stored | None:
    return None if row is None else Stored.of(row)
