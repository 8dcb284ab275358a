"""What a national service is to the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Flask

from mocks.store import Session


def _nothing(_session: Session, _tenant: str) -> None:
    """A service without state has nothing to open or forget."""


@dataclass(frozen=True)
class Service:
    """A mock of one national service.

    name: path element and journal name. specification, version: the text it follows. national_url: base URL
    that `Sandbox.embedded` routes to it. settings: defaults of its configuration keys (the MC values).
    make_app: builds its Flask application, whose endpoints are the names of the operations. make_admin: builds
    its part of the admin API, mounted at `/_banc/tenants/<tenant>/<name>`. open_tenant, restore_tenant,
    forget_tenant: called in a transaction when a tenant is made, put back on scene, removed.
    """

    name: str
    title: str
    specification: str
    version: str
    national_url: str
    make_app: Callable[[], Flask]
    make_admin: Callable[[], Blueprint] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    open_tenant: Callable[[Session, str], None] = _nothing
    restore_tenant: Callable[[Session, str], None] = _nothing
    forget_tenant: Callable[[Session, str], None] = _nothing
