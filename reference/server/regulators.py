"""INT_R02: where the SAS platform opens and changes the accounts of regulators."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, request

from reference.config import SAS_PATH
from reference.sas.regulators import TYPE_SYSTEM, TYPES, AccountError, Regulator
from reference.server.fhir import FhirError, answer, body_of, fhir_api
from reference.server.sas import platform_only
from reference.web.session import product

PROFILE = "https://interop.esante.gouv.fr/ig/fhir/sas/StructureDefinition/FrPractitionerRegul"
routes = fhir_api("sas_regulateurs", SAS_PATH)
routes.before_request(platform_only)


@routes.post("/Practitioner")
def create() -> Response:
    with _refusals():
        return _told(product().regulators.create(body_of("Practitioner")), 201)


@routes.put("/Practitioner")
def update() -> Response:
    system, bar, value = request.args.get("identifier", "").partition("|")
    if not (system and bar and value):
        raise FhirError(400, "required", "Le paramètre identifier est attendu : système|valeur.")
    with _refusals():
        account, new = product().regulators.update((system, value), body_of("Practitioner"))
    return _told(account, 201 if new else 200)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except AccountError as error:
        raise FhirError(error.status, error.code, error.says, at=error.at) from error


def _told(account: Regulator, status: int) -> Response:
    location = f"{request.base_url}/{account.id}"
    return answer(_resource(account), status, {"Location": location})


def _resource(account: Regulator) -> dict[str, Any]:
    identifiers = [
        {"type": {"coding": [{"system": TYPE_SYSTEM, "code": TYPES.get(one["system"], "")}]}, **one}
        for one in account.identifiants
    ]
    return {
        "resourceType": "Practitioner",
        "id": account.id,
        "meta": {**account.source, "profile": [PROFILE]},
        "identifier": identifiers,
        "active": account.actif,
        "name": [{"family": account.nom, "given": [account.prenom]}],
        "telecom": [{"system": "email", "value": account.courriel}],
    }
