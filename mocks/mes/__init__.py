"""Mon espace santé: pairing, consent, agenda, measures read, documents (fact sheet mes.md)."""

from __future__ import annotations

from sqlalchemy import delete

from mocks.fhir.web import bench_refusal
from mocks.mes import model_services, tables
from mocks.mes.application import build as make_app
from mocks.mes.fhir_api import FHIR
from mocks.mes.settings import CHOICES, DEFAULTS
from mocks.service import AdminPart, Service
from mocks.soap.elision import elided
from mocks.store import Session

MAX_BODY = 8_000_000  # a document of 5 000 000 bytes, in base64


def admin() -> AdminPart:
    """The service's part of the admin API."""
    from mocks.mes import views_admin  # its views know the sandbox, which knows the services
    from mocks.mes.admin import OPERATIONS

    return AdminPart(OPERATIONS, vars(views_admin))


def forget_tenant(session: Session, tenant: str) -> None:
    """Remove all that a tenant holds."""
    FHIR.repository.forget(session, tenant)
    for table in tables.ALL:
        session.execute(delete(table).where(table.c.tenant == tenant))


MES = Service(
    name="mes",
    title="Mon espace santé",
    specification="CNAM, API Appariement et API Mesures (parties publiques) ; agenda : CI-SIS GAP en remplacement",
    version="Appariement 2.1, Mesures 1.5.2, GAP 3.0.0",
    national_urls=("https://mes.banc.test",),
    make_app=make_app,
    admin=admin,
    settings=DEFAULTS,
    choices=CHOICES,
    restore_tenant=model_services.restore,
    forget_tenant=forget_tenant,
    refusal=bench_refusal,
    max_body=MAX_BODY,
    journaled=elided,
)
