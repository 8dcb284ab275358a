"""The manager of shared agendas: CI-SIS Gestion d'agendas partagés 3.0.0 (contract: docs/contracts/agendas.md)."""

from __future__ import annotations

from mocks.agendas import tables
from mocks.fhir.web import bench_refusal
from mocks.gap.application import build as make_app
from mocks.gap.fhir_api import FHIR
from mocks.gap.settings import CHOICES, DEFAULTS
from mocks.service import AdminPart, Service
from mocks.store import Session


def admin() -> AdminPart:
    """The service's part of the admin API."""
    from mocks.gap import views_admin  # its views know the sandbox, which knows the services
    from mocks.gap.admin import OPERATIONS

    return AdminPart(OPERATIONS, vars(views_admin))


def forget_tenant(session: Session, tenant: str) -> None:
    """Remove all that a tenant holds."""
    FHIR.repository.forget(session, tenant)
    tables.forget(session, tenant, "gap")


GAP = Service(
    name="gap",
    title="Gestion d'agendas partagés",
    specification="ANS, CI-SIS Gestion d'agendas partagés ; FR Core 2.0.1",
    version="3.0.0",
    national_urls=("https://gap.banc.test",),
    make_app=make_app,
    admin=admin,
    settings=DEFAULTS,
    choices=CHOICES,
    forget_tenant=forget_tenant,
    refusal=bench_refusal,
)
