"""Addresses of the service that its manager of agendas does not have."""

from __future__ import annotations

from flask import Flask

from mocks.rdv import views


def add_routes(app: Flask) -> None:
    """Add the routes; endpoints are operation names."""
    app.add_url_rule("/fhir/$creneaux-communs", "rdv.fhir.creneaux_communs", views.common_slots)
