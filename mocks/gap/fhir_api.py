"""What the service offers under `/fhir`: a manager of agendas, and nothing of its own."""

from __future__ import annotations

from mocks.agendas import Manager

MANAGER = Manager("gap", title="Gestion d'agendas partagés (banc)", version="3.0.0")
FHIR = MANAGER.server
