"""Routes of the service; those of the FHIR API come from its declaration (fhir_api.py)."""

from __future__ import annotations

from flask import Flask

from mocks.mes import views_oauth, views_pages

PAGE = ("GET", "POST")
ROUTES = (
    ("/.well-known/openid-configuration", ("GET",), "mes.oauth.discovery", views_oauth.discovery),
    ("/oauth2/jwks", ("GET",), "mes.oauth.jwks", views_oauth.jwks),
    ("/oauth2/par", ("POST",), "mes.oauth.par", views_oauth.pushed_request),
    ("/oauth2/authorize", ("GET",), "mes.oauth.authorize", views_oauth.authorize),
    ("/oauth2/token", ("POST",), "mes.oauth.token", views_oauth.token),
    ("/oauth2/revoke", ("POST",), "mes.oauth.revoke", views_oauth.revoke),
    ("/connexion", PAGE, "mes.page.connexion", views_pages.login),
    ("/appariement/<pairing_id>", PAGE, "mes.page.appariement", views_pages.pairing),
    ("/catalogue", ("GET",), "mes.page.catalogue", views_pages.catalogue),
    ("/catalogue/<oid>", ("GET",), "mes.page.catalogue", views_pages.catalogue),
)


def add_routes(app: Flask) -> None:
    """Add every route; an endpoint is the name of the operation in the journal."""
    for path, methods, operation, view in ROUTES:
        app.add_url_rule(path, operation, view, methods=list(methods))
