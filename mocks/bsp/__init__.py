"""The future agenda API of the bouquet de services aux professionnels: a convention of the bench.

No text of it is public. Source of the use: cadre d'urbanisation, axe 1.1, §1.2.4 case 2, §1.2.5 flow B,
recommendation 1.1.8 (sheet AGD §4).
"""

from __future__ import annotations

from sqlalchemy import delete

from mocks.bsp import tables
from mocks.bsp.application import build as make_app
from mocks.bsp.settings import CHOICES, DEFAULTS
from mocks.fhir.web import bench_refusal
from mocks.service import AdminPart, Service
from mocks.store import Session


def admin() -> AdminPart:
    """The service's part of the admin API."""
    from mocks.bsp import views_admin  # its views know the sandbox, which knows the services
    from mocks.bsp.admin import OPERATIONS

    return AdminPart(OPERATIONS, vars(views_admin))


def forget_tenant(session: Session, tenant: str) -> None:
    """Remove all that a tenant holds; the events are those of Mon espace santé, which forgets them."""
    for table in tables.ALL:
        session.execute(delete(table).where(table.c.tenant == tenant))


BSP = Service(
    name="bsp",
    title="Bouquet de services aux professionnels, agenda (convention du banc)",
    specification="Aucun texte public (cadre d'urbanisation, rec. 1.1.8 : API à venir) ; FR Core 2.0.1 en remplacement",
    version="convention du banc 1",
    national_urls=("https://bsp.banc.test",),
    make_app=make_app,
    admin=admin,
    settings=DEFAULTS,
    choices=CHOICES,
    forget_tenant=forget_tenant,
    refusal=bench_refusal,
)
