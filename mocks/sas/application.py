"""The Flask application of the service."""

from __future__ import annotations

from flask import Flask

from mocks.sas.fhir_api import FHIR


def build() -> Flask:
    """Make the application."""
    app = Flask("mocks.sas", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    FHIR.register(app)
    return app
