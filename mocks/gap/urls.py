"""Addresses of the service that are not its FHIR API."""

from __future__ import annotations

from flask import Flask

from mocks.gap import views


def add_routes(app: Flask) -> None:
    """Add the routes; endpoints are operation names."""
    app.add_url_rule("/ical/<type_>/<id_>.ics", "gap.ical.agenda", views.agenda)
