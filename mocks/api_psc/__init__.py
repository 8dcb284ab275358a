"""An API connected to Pro Santé Connect: its authorization server (token exchange, RFC 8693) and its resource.

Source: ANS, "Sécurisation de la couche transport API REST Pro Santé Connectée" 1.2.0; RFC 8693, 8705, 6750, 7662.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from flask import Flask
from sqlalchemy import delete

from mocks.api_psc import views
from mocks.oidc import keys, oauth_refusal
from mocks.oidc.tables import CLIENTS
from mocks.service import AdminPart, Service
from mocks.store import Session

_DATA = Path(__file__).parent / "data"
SETTINGS: dict[str, dict[str, Any]] = orjson.loads((_DATA / "reglages.json").read_bytes())


def admin() -> AdminPart:
    """The service's part of the admin API."""
    from mocks.api_psc import views_admin as part  # its views know the sandbox, which knows the services

    return AdminPart(part.OPERATIONS, vars(part))


def forget_tenant(session: Session, tenant: str) -> None:
    """Remove all that a tenant holds: its tokens are signed, not stored."""
    session.execute(delete(CLIENTS).where(CLIENTS.c.tenant == tenant, CLIENTS.c.service == "api-psc"))
    keys.forget(session, "api-psc", tenant)


def build() -> Flask:
    """Make the application."""
    app = Flask("mocks.api_psc", static_folder=None, template_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.add_url_rule("/oauth2/token", "api-psc.oauth.token", views.token, methods=["POST"])
    app.add_url_rule("/oauth2/introspect", "api-psc.oauth.introspection", views.introspection, methods=["POST"])
    app.add_url_rule("/oauth2/jwks", "api-psc.oauth.jwks", views.jwks)
    app.add_url_rule("/cahier/<document>", "api-psc.metier.lecture", views.read)
    return app


API_PSC = Service(
    name="api-psc",
    title="API Pro Santé Connectée",
    specification="ANS, Sécurisation de la couche transport API REST Pro Santé Connectée ; RFC 8693, RFC 8705",
    version="1.2.0",
    national_urls=("https://api-psc.banc.test",),
    make_app=build,
    admin=admin,
    settings={key: setting["defaut"] for key, setting in SETTINGS.items()},
    choices={key: setting["choix"] for key, setting in SETTINGS.items() if "choix" in setting},
    forget_tenant=forget_tenant,
    refusal=oauth_refusal,
)
