"""The SAS platform as a server: appointments taken by regulators (guide SAS 1.2.0, INT_R03; contract of agendas)."""

from __future__ import annotations

from sqlalchemy import delete

from mocks.fhir.web import bench_refusal
from mocks.sas import tables
from mocks.sas.application import build as make_app
from mocks.sas.fhir_api import FHIR
from mocks.sas.settings import CHOICES, DEFAULTS
from mocks.service import AdminPart, Service
from mocks.store import Session


def admin() -> AdminPart:
    """The service's part of the admin API."""
    from mocks.sas import views_admin  # its views know the sandbox, which knows the services
    from mocks.sas.admin import OPERATIONS

    return AdminPart(OPERATIONS, vars(views_admin))


def forget_tenant(session: Session, tenant: str) -> None:
    """Remove all that a tenant holds."""
    FHIR.repository.forget(session, tenant)
    session.execute(delete(tables.REGULATORS).where(tables.REGULATORS.c.tenant == tenant))


SAS = Service(
    name="sas",
    title="Plateforme du service d'accès aux soins",
    specification="ANS, Service d'accès aux soins, INT_R03 ; FR Core 1.1.0",
    version="1.2.0",
    national_urls=("https://sas.banc.test",),
    make_app=make_app,
    admin=admin,
    settings=DEFAULTS,
    choices=CHOICES,
    forget_tenant=forget_tenant,
    refusal=bench_refusal,
)
