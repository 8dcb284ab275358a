"""What the model works on: the store of one tenant, its instant and what its settings say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mocks.call import Call
from mocks.fhir import Repository, Resource, Scope, Stored
from mocks.store import Session
from mocks.tenants import Tenant


@dataclass(frozen=True)
class State:
    """One unit of work of a manager of agendas.

    defaults: settings of the service. base: URL of its FHIR API, empty where nobody has called it.
    """

    session: Session
    tenant: Tenant
    repository: Repository
    now: datetime
    defaults: Mapping[str, Any]
    base: str = ""

    @classmethod
    def of(cls, call: Call, repository: Repository) -> State:
        """The state that a call works on."""
        return cls(call.session, call.tenant, repository, call.now, call.service.settings, f"{call.base_url}/fhir")

    def setting(self, key: str) -> Any:
        """A setting of the service."""
        return self.tenant.settings.get(f"{self.service}.{key}", self.defaults[key])

    @property
    def service(self) -> str:
        """Name of the service."""
        return self.repository.service

    @property
    def space(self) -> str:
        """Key of what this service holds for this tenant, in the tables of agendas."""
        return space_of(self.tenant.name, self.service)

    @property
    def zone(self) -> ZoneInfo:
        """Zone of the recurrences."""
        return ZoneInfo(self.setting("fuseau"))

    @property
    def length(self) -> timedelta:
        """Length of a slot where the Schedule says nothing."""
        return timedelta(minutes=int(self.setting("duree_creneau_min")))

    @property
    def horizon(self) -> datetime:
        """Instant up to which slots are made."""
        return self.now + timedelta(days=int(self.setting("horizon_jours")))

    def get(self, type_: str, id_: str) -> Stored | None:
        """A resource as it now is, None when there is none (any more)."""
        found = self.repository.get(self.session, self.tenant.name, type_, id_)
        return None if found is None or found.deleted else found

    def put(self, resource: Resource, old: Stored | None = None) -> Stored:
        """Store a resource of the manager's own making."""
        return self.repository.put(self.session, self.tenant.name, resource, Scope(), self.now, old=old)

    def remove(self, old: Stored) -> None:
        """Delete a resource."""
        self.repository.remove(self.session, self.tenant.name, old, self.now)

    def local(self, reference: object) -> tuple[str, str]:
        """(type, id) of a reference to a resource of this API, ("", "") for another."""
        text = reference if isinstance(reference, str) else ""
        if self.base:
            text = text.removeprefix(f"{self.base}/")
        type_, slash, id_ = text.partition("/_history/")[0].partition("/")
        known = bool(slash) and type_ in self.repository.endpoints and "/" not in id_
        return (type_, id_) if known else ("", "")


def space_of(tenant: str, service: str) -> str:
    """Key of what a service holds for a tenant, in the tables of agendas."""
    return f"{tenant}/{service}"
