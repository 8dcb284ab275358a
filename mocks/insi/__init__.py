"""INSi: the teleservice of the national health identity (fact sheet identity-security.md §5)."""

from __future__ import annotations

from sqlalchemy import delete

from mocks.insi import tables
from mocks.insi.application import build as make_app
from mocks.insi.application import refusal
from mocks.insi.settings import CHOICES, DEFAULTS
from mocks.service import AdminPart, Service
from mocks.store import Session


def admin() -> AdminPart:
    """The service's part of the admin API."""
    from mocks.insi import views_admin  # its views know the sandbox, which knows the services
    from mocks.insi.admin import OPERATIONS

    return AdminPart(OPERATIONS, vars(views_admin))


def forget_tenant(session: Session, tenant: str) -> None:
    """Remove all that a tenant holds."""
    for table in tables.ALL:
        session.execute(delete(table).where(table.c.tenant == tenant))


INSI = Service(
    name="insi",
    title="INSi",
    specification="GIE SESAM-Vitale, téléservice INSi (SEL-MP-043, non public) ; formes lues dans des clients publics",
    version="ICIR 1.5.0",
    national_urls=(
        "https://insi.banc.test",
        "https://qualiflps.services-ps.ameli.fr",
        "https://qualiflps-services-ps-tlsm.ameli.fr",
    ),
    make_app=make_app,
    admin=admin,
    settings=DEFAULTS,
    choices=CHOICES,
    forget_tenant=forget_tenant,
    refusal=refusal,
)
