"""What a national service is to the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from flask import Flask

from mocks.store import Session

if TYPE_CHECKING:
    from mocks.admin.operations import Operation

MAX_BODY = 5_000_000


def plain_refusal(path: str, status: int, code: str, text: str) -> tuple[str, bytes]:
    """Media type and body of a refusal of the bench itself, where a service has no shape of its own for it."""
    return "application/json; charset=utf-8", orjson.dumps({"erreur": code, "message": text})


def _as_received(body: bytes, _content_type: str) -> bytes:
    """A body that the journal keeps whole."""
    return body


def _nothing(_session: Session, _tenant: str) -> None:
    """A service without state has nothing to open or forget."""


@dataclass(frozen=True)
class AdminPart:
    """What a service adds to the admin API.

    views: by name of operation, a function of (body, query, names in the path); it finds `flask.g.session`,
    `g.tenant` and `g.sandbox`, and its writes are committed after a success.
    """

    operations: Sequence[Operation]
    views: Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class Service:
    """A mock of one national service.

    name: path element and journal name. specification, version: the text it follows. national_urls: base URLs
    that `Sandbox.embedded` routes to it, the main one first. settings: defaults of its configuration keys (the MC
    values); choices: the values admitted for those keys that have a list of them.
    make_app: builds its Flask application, whose endpoints are the names of the operations. admin: its part of
    the admin API, at `/_banc/tenants/<tenant>/<name>`. open_tenant, restore_tenant,
    forget_tenant: called in a transaction when a tenant is made, put back on scene, removed. refusal: how a refusal
    of the bench itself (path, HTTP status, code, French sentence) looks to clients of this service: media type, body.
    max_body: bytes; a larger body is refused with 413 and not kept. journaled: what the journal keeps of a body of that
    Content-Type.
    """

    name: str
    title: str
    specification: str
    version: str
    national_urls: tuple[str, ...]
    make_app: Callable[[], Flask]
    admin: Callable[[], AdminPart] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    open_tenant: Callable[[Session, str], None] = _nothing
    restore_tenant: Callable[[Session, str], None] = _nothing
    forget_tenant: Callable[[Session, str], None] = _nothing
    refusal: Callable[[str, int, str, str], tuple[str, bytes]] = plain_refusal
    max_body: int = MAX_BODY
    journaled: Callable[[bytes, str], bytes] = _as_received
