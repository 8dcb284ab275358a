"""The block of appointments between professionals (cadre d'urbanisation, DE1 §1.2.4 cases 4 and 4', flows D and D').

No text specifies it: all of it is convention of the bench (contract: docs/contracts/agendas.md).
"""

from __future__ import annotations

from sqlalchemy import delete

from mocks.agendas import tables as agendas
from mocks.fhir.web import bench_refusal
from mocks.rdv import model_deliveries, tables
from mocks.rdv.application import build as make_app
from mocks.rdv.fhir_api import FHIR
from mocks.rdv.settings import CHOICES, DEFAULTS
from mocks.service import AdminPart, Service
from mocks.store import Session


def admin() -> AdminPart:
    """The service's part of the admin API."""
    from mocks.rdv import views_admin  # its views know the sandbox, which knows the services
    from mocks.rdv.admin import OPERATIONS

    return AdminPart(OPERATIONS, vars(views_admin))


def forget_tenant(session: Session, tenant: str) -> None:
    """Remove all that a tenant holds."""
    FHIR.repository.forget(session, tenant)
    agendas.forget(session, tenant, "rdv")
    for table in tables.ALL:
        session.execute(delete(table).where(table.c.tenant == tenant))


RDV = Service(
    name="rdv",
    title="Rendez-vous entre professionnels",
    specification="Cadre d'urbanisation du médico-social, DE1 §1.2.4 et §1.2.5 (à l'étude) ; convention du banc",
    version="1.0",
    national_urls=("https://rdv.banc.test",),
    make_app=make_app,
    admin=admin,
    settings=DEFAULTS,
    choices=CHOICES,
    restore_tenant=model_deliveries.abandon,
    forget_tenant=forget_tenant,
    refusal=bench_refusal,
)
