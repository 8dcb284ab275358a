"""The Flask application of the service: its FHIR API, nothing else."""

from __future__ import annotations

from flask import Flask

from mocks.bsp.fhir_api import FHIR


def build() -> Flask:
    """Make the application."""
    app = Flask("mocks.bsp", static_folder=None, template_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    FHIR.register(app)
    return app
