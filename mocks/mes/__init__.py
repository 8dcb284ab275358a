"""Mon espace santé: pairing, consent, agenda, measures read (fact sheet mes.md)."""

from __future__ import annotations

from flask import Flask

from mocks.service import Service


def make_app() -> Flask:
    """The Flask application of the service."""
    return Flask("mes")


MES = Service(
    name="mes",
    title="Mon espace santé",
    specification="CNAM, API Appariement et API Mesures (parties publiques) ; agenda : CI-SIS GAP en remplacement",
    version="Appariement 2.1, Mesures 1.5.2, GAP 3.0.0",
    national_url="https://mes.banc.test",
    make_app=make_app,
)
