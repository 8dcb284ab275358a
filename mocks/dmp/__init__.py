"""The DMP: documents shared between professionals and the person (contract: docs/contracts/dmp.md)."""

from __future__ import annotations

import re

from sqlalchemy import delete

from mocks.dmp import tables
from mocks.dmp.application import build as make_app
from mocks.dmp.application import refusal
from mocks.dmp.pdsm.api import FHIR
from mocks.dmp.settings import CHOICES, DEFAULTS
from mocks.journal import fingerprint
from mocks.service import AdminPart, Service
from mocks.soap.elision import elided
from mocks.store import Session

MAX_BODY = 10_000_000  # libxml2 takes no text longer than that, unless its guards are taken away
_HOMOLOGATION = re.compile(rb"(Name=[\"']LPS_ID_HOMOLOGATION_DMP[\"'][^>]*>\s*<[^>]*AttributeValue[^>]*>)([^<]+)(<)")


def admin() -> AdminPart:
    """The service's part of the admin API."""
    from mocks.dmp import views_admin  # its views know the sandbox, which knows the services
    from mocks.dmp.admin import OPERATIONS

    return AdminPart(OPERATIONS, vars(views_admin))


def forget_tenant(session: Session, tenant: str) -> None:
    """Remove all that a tenant holds."""
    for table in tables.ALL:
        session.execute(delete(table).where(table.c.tenant == tenant))
    FHIR.repository.forget(session, tenant)


def journaled(body: bytes, content_type: str) -> bytes:
    """What the journal keeps of a body: no megabytes of base64, no homologation number (EX_GEN-1490)."""
    return _HOMOLOGATION.sub(_hidden, elided(body, content_type))


def _hidden(found: re.Match[bytes]) -> bytes:
    return found[1] + f"‹masqué:{fingerprint(found[2].decode('utf-8', 'replace').strip())}›".encode() + found[3]


DMP = Service(
    name="dmp",
    title="Dossier médical partagé",
    specification="IHE ITI XDS.b et Metadata Update ; CI-SIS : Partage, Transmission de documents CDA R2, PDSm 3.1.1",
    version="DMPi 2.10 (guide non public)",
    national_urls=("https://dmp.banc.test", "https://www.dmp.fr", "https://ledmp.dmp.gouv.fr"),
    make_app=make_app,
    admin=admin,
    settings=DEFAULTS,
    choices=CHOICES,
    forget_tenant=forget_tenant,
    refusal=refusal,
    max_body=MAX_BODY,
    journaled=journaled,
)
