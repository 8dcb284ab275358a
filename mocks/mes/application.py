"""The Flask application of the service, and what goes around every answer."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from mocks.mes import urls
from mocks.mes.errors import PageError
from mocks.mes.fhir_api import FHIR
from mocks.mes.views_pages import page


def build() -> Flask:
    """Make the application."""
    app = Flask("mocks.mes", template_folder="pages", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    urls.add_routes(app)
    FHIR.register(app)
    app.register_error_handler(PageError, _error_page)
    app.register_error_handler(NotFound, _unplanned)
    app.after_request(_echo)
    return app


def _error_page(error: PageError) -> Response:
    return page("erreur.html", error.status, error=error)


def _unplanned(_error: NotFound) -> Response:
    """An address that the service does not have stays in the journal, under its name."""
    text = f"{request.method} {request.path} : cette adresse n'existe pas dans le Mon espace santé du bac à sable."
    return Response(text, 501, content_type="text/plain; charset=utf-8")


def _echo(response: Response) -> Response:
    """The correlation header goes back as it came."""
    correlation = request.headers.get("X-Request-ID")
    if correlation and correlation.isprintable():
        response.headers["X-Request-ID"] = correlation
    return response
