"""Pages of a search: the versions found are kept, so that what is added meanwhile moves nothing (agenda-sas §5.6)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import bindparam, delete, insert, select

from mocks.fhir.dates import micros
from mocks.fhir.declaration import Scope
from mocks.fhir.outcome import FhirError
from mocks.fhir.schema import PAGES
from mocks.fhir.search.plan import Plan
from mocks.fhir.store import Repository, Stored
from mocks.fhir.web import Web
from mocks.store import Statement

KEPT_US = 3_600_000_000  # one hour
_INSERT = Statement(insert(PAGES))
_PURGE = Statement(delete(PAGES).where(PAGES.c.space == bindparam("where"), PAGES.c.created < bindparam("before")))
_SELECT = Statement(
    select(PAGES.c["keys"]).where(
        PAGES.c.token == bindparam("token"),
        PAGES.c.space == bindparam("space"),
        PAGES.c.compartment == bindparam("compartment"),
        PAGES.c.owner == bindparam("owner"),
    )
)


@dataclass(frozen=True, slots=True)
class Page:
    """Some matches of a search.

    total: on all pages. start: rank of the first. size: asked. token: of the kept result, None for a single page.
    """

    matches: Sequence[Stored]
    total: int
    start: int
    size: int
    token: str | None = None

    @property
    def following(self) -> int | None:
        """Rank of the first match of the next page, None when this is the last."""
        end = self.start + self.size
        return end if self.size and end < self.total else None

    @property
    def preceding(self) -> int | None:
        """Rank of the first match of the page before, None when this is the first."""
        return max(self.start - self.size, 0) if self.start else None


def first(web: Web, plan: Plan, scope: Scope, size: int) -> Page:
    """The first page; the rest is kept when there is more."""
    repository, session, type_ = web.server.repository, web.call.session, web.endpoint.type
    tenant = web.call.tenant.name
    found = repository.run(session, tenant, type_, plan, size + 1)
    if len(found) <= size:
        return Page(found, len(found), 0, size)
    session.begin()
    keys = repository.keys(session, tenant, type_, plan)
    token, space, now = secrets.token_urlsafe(12), repository.space(tenant, type_), micros(web.call.now)
    session.write(_PURGE, where=space, before=now - KEPT_US)
    session.write(
        _INSERT,
        token=token,
        space=space,
        compartment=scope.compartment or "",
        owner=scope.owner or "",
        created=now,
        keys=orjson.dumps(keys).decode(),
    )
    return Page(repository.by_keys(session, keys[:size]), len(keys), 0, size, token)


def continued(web: Web, scope: Scope, mark: str, size: int) -> Page:
    """A page of a kept result. Raises FhirError 404 for a link that is not (or no longer) known to this caller."""
    token, _, start = mark.rpartition(".")
    space = web.server.repository.space(web.call.tenant.name, web.endpoint.type)
    row = web.call.session.first(
        _SELECT, token=token, space=space, compartment=scope.compartment or "", owner=scope.owner or ""
    )
    if row is None or not (start.isascii() and start.isdigit()):
        raise FhirError(404, "Cette page de résultats n'existe pas ou a expiré : relancez la recherche.")
    keys, begin = orjson.loads(row[0]), int(start)
    matches = web.server.repository.by_keys(web.call.session, keys[begin : begin + size])
    return Page(matches, len(keys), begin, size, token)


def numbered(web: Web, plan: Plan, number: str, size: int) -> Page:
    """A page by its number, from 0. Raises FhirError 400 for a number that is none."""
    if not (number.isascii() and number.isdigit() and len(number) < 7):
        raise FhirError(400, f"« {number} » n'est pas un numéro de page.")
    repository: Repository = web.server.repository
    keys = repository.keys(web.call.session, web.call.tenant.name, web.endpoint.type, plan)
    start = int(number) * size
    return Page(repository.by_keys(web.call.session, keys[start : start + size]), len(keys), start, size)
