"""What each operation of the service's admin API does."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from flask import g

from mocks.admin.errors import AdminError
from mocks.clock import rfc3339
from mocks.fhir import Scope, Stored
from mocks.sas import model_regulators
from mocks.sas.fhir_api import FHIR, keys_of

Body = Mapping[str, Any]
Query = Mapping[str, Any]


def regulateurs(_body: Body, _query: Query) -> Any:
    found = model_regulators.everybody(g.session, g.tenant.name)
    return {"regulateurs": [one.as_json() for one in found]}


def nommer(body: Body, _query: Query) -> Any:
    return model_regulators.create(g.session, g.tenant.name, body).as_json()


def changer(body: Body, _query: Query, regulateur: str) -> Any:
    try:
        return model_regulators.change(g.session, g.tenant.name, regulateur, body).as_json()
    except model_regulators.UnknownRegulatorError:
        text = f"Aucun régulateur « {regulateur} » chez ce locataire."
        raise AdminError(404, "regulateur-inconnu", text) from None


def rendez_vous(_body: Body, _query: Query) -> Any:
    return {"rendez_vous": [_described(stored) for stored in _held()]}


def bilan(_body: Body, _query: Query) -> Any:
    bearers: dict[str, list[str]] = defaultdict(list)
    statuses: Counter[str] = Counter()
    for stored in _held():
        statuses[str(stored.resource.get("status"))] += 1
        for key in dict.fromkeys(keys_of(stored.resource)):
            bearers[key].append(stored.id)
    doubled = [{"identifiant": key, "rendez_vous": ids} for key, ids in bearers.items() if len(ids) > 1]
    return {
        "rendez_vous": statuses.total(),
        "par_statut": dict(sorted(statuses.items())),
        "identifiants_en_double": doubled,
    }


def _held() -> list[Stored]:
    return FHIR.repository.find(g.session, g.tenant.name, "Appointment", [], Scope())


def _described(stored: Stored) -> dict[str, Any]:
    versions = FHIR.repository.history(g.session, g.tenant.name, "Appointment", stored.id)
    return {
        "id": stored.id,
        "identifiants": list(keys_of(stored.resource)),
        "statut": stored.resource.get("status"),
        "debut": stored.resource.get("start"),
        "fin": stored.resource.get("end"),
        "version": stored.version,
        "modifie": rfc3339(stored.instant),
        "histoire": [version.resource.get("status") for version in reversed(versions)],
        "resource": stored.resource,
    }
