"""The Flask application of a provider."""

from __future__ import annotations

from flask import Flask, Response, request
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.exceptions import NotFound

from mocks.oidc import views_authorize, views_discovery, views_logout, views_pages, views_tokens
from mocks.oidc.errors import PageError
from mocks.oidc.provider import EXTENSION, OidcProvider

_GET, _POST, _BOTH = ("GET",), ("POST",), ("GET", "POST")
# Operation, its path in `Paths`, methods, view. All hang from the issuer.
_OF_ISSUER = (
    ("discovery", "discovery", _GET, views_discovery.discovery),
    ("jwks", "jwks", _GET, views_tokens.jwks),
    ("token", "token", _POST, views_tokens.token),
    ("userinfo", "userinfo", _BOTH, views_tokens.userinfo),
    ("end_session", "end_session", _BOTH, views_logout.end_session),
    ("revocation", "revocation", _POST, views_tokens.revocation),
    ("introspection", "introspection", _POST, views_tokens.introspection),
    ("ciba", "ciba", _POST, views_tokens.ciba),
)


def build(provider: OidcProvider) -> Flask:
    """Make the application of this provider."""
    app = Flask("mocks.oidc", static_folder=None)
    app.jinja_loader = ChoiceLoader([FileSystemLoader(provider.pages), FileSystemLoader(f"{app.root_path}/pages")])
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions[EXTENSION] = provider
    _add_routes(app, provider)
    app.register_error_handler(PageError, _error_page)
    app.register_error_handler(NotFound, _unplanned)
    return app


def _add_routes(app: Flask, provider: OidcProvider) -> None:
    """Add every route that the provider offers; an endpoint is the name of the operation in the journal."""
    paths = provider.paths
    base = f"/{paths.issuer}" if paths.issuer else ""
    for what, path, methods, view in _OF_ISSUER:
        offered = getattr(paths, path)
        if offered:
            app.add_url_rule(f"{base}/{offered}", provider.operation(what), view, methods=list(methods))
    app.add_url_rule(
        f"/{paths.authorize}", provider.operation("authorize"), views_authorize.authorize, methods=list(_BOTH)
    )
    app.add_url_rule(
        f"/{paths.login}/<request_id>", f"{provider.name}.page.connexion", views_pages.login, methods=list(_BOTH)
    )


def _error_page(error: PageError) -> Response:
    return views_pages.page("erreur.html", error.status, error=error)


def _unplanned(_error: NotFound) -> Response:
    """An address that the service does not have stays in the journal, under its name."""
    text = f"{request.method} {request.path} : le banc n'imite pas cette adresse."
    return Response(text, 501, content_type="text/plain; charset=utf-8")
