"""MSSanté: secure mail between professionals, and with citizens (contract: docs/contracts/mssante.md)."""

from __future__ import annotations

from sqlalchemy import delete

from mocks.fhir.web import bench_refusal
from mocks.mssante import tables
from mocks.mssante.application import build as make_app
from mocks.mssante.settings import CHOICES, DEFAULTS
from mocks.service import AdminPart, Service
from mocks.store import Session


def admin() -> AdminPart:
    """The service's part of the admin API."""
    from mocks.mssante import views_admin, views_citizens  # these know the sandbox, which knows the services
    from mocks.mssante.admin import OPERATIONS

    return AdminPart(OPERATIONS, {**vars(views_citizens), **vars(views_admin)})


def forget_tenant(session: Session, tenant: str) -> None:
    """Remove all that a tenant holds."""
    for table in tables.ALL:
        session.execute(delete(table).where(table.c.tenant == tenant))


MSSANTE = Service(
    name="mssante",
    title="Messagerie sécurisée de santé",
    specification="ANS, Référentiel socle MSSanté #2 (clients) ; RFC 5321, 9051, 3461, 8098 ; IHE ITI XDM",
    version="1.0.1",
    national_urls=(
        "https://mssante.banc.test",
        "https://gateway.api.esante.gouv.fr",
        *(f"https://autoconfig.{domain}" for domain in DEFAULTS["domaines"]),
    ),
    make_app=make_app,
    admin=admin,
    settings=DEFAULTS,
    choices=CHOICES,
    forget_tenant=forget_tenant,
    refusal=bench_refusal,
)
