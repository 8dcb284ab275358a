"""The Flask application of the service."""

from __future__ import annotations

from flask import Flask

from mocks.rdv import urls
from mocks.rdv.fhir_api import FHIR


def build() -> Flask:
    """Make the application."""
    app = Flask("mocks.rdv", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    urls.add_routes(app)
    FHIR.register(app)
    return app
