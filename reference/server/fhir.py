"""What every FHIR API of the product shares: how an answer is written, how a fault is said, where defects spoil it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, HTTPException

from reference.spoil import Answering
from reference.web.session import product

MEDIA_TYPE = "application/fhir+json"
ACCEPTED = (MEDIA_TYPE, "application/json+fhir", "application/json")


class FhirError(Exception):
    """A request that the API refuses: HTTP status, code of the OperationOutcome (R4, issue-type), sentence."""

    def __init__(self, status: int, code: str, says: str, *, at: str = "") -> None:
        super().__init__(says)
        self.status = status
        self.code = code
        self.says = says
        self.at = at


def fhir_api(name: str, prefix: str) -> Blueprint:
    """A blueprint whose faults are OperationOutcomes, and whose answers pass by the defects before they leave."""
    api = Blueprint(name, __name__, url_prefix=prefix)
    api.register_error_handler(FhirError, _fault)
    api.register_error_handler(HTTPException, _http_fault)
    api.after_request(_spoilt)
    return api


def answer(resource: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A FHIR answer in JSON."""
    body = json.dumps(resource, ensure_ascii=False)
    return Response(body, status, headers=dict(headers or {}), content_type=f"{MEDIA_TYPE}; charset=utf-8")


def body_of(kind: str) -> dict[str, Any]:
    """The resource of this type in the request. Raises FhirError: 415 media type, 400 what is no such resource."""
    if request.mimetype not in ACCEPTED:
        raise FhirError(415, "not-supported", f"Le corps est attendu en {MEDIA_TYPE}.")
    try:
        found = request.get_json(force=True)
    except (BadRequest, RecursionError) as error:
        raise FhirError(400, "structure", "Le corps n'est pas du JSON bien formé.") from error
    if not isinstance(found, dict) or found.get("resourceType") != kind:
        raise FhirError(400, "structure", f"Une ressource {kind} est attendue.", at="resourceType")
    return found


def _fault(fault: FhirError) -> Response:
    issue: dict[str, Any] = {"severity": "error", "code": fault.code, "diagnostics": fault.says}
    if fault.at:
        issue["expression"] = [fault.at]
    return answer({"resourceType": "OperationOutcome", "issue": [issue]}, fault.status)


def _http_fault(error: HTTPException) -> Response:
    status = error.code or 500
    codes = {404: "not-found", 405: "not-supported", 413: "too-long"}
    return _fault(FhirError(status, codes.get(status, "processing"), error.description or error.name))


def _spoilt(response: Response) -> Response:
    """The answer as it leaves: the defects of answers are applied here."""
    if not response.is_json:
        return response
    leaving = Answering(
        request.method,
        request.path,
        response.status_code,
        request.query_string.decode("latin-1"),
        dict(response.headers),
        response.get_json(),
    )
    before = (leaving.status, dict(leaving.headers), json.dumps(leaving.json))
    product().defects.apply(leaving)
    if before == (leaving.status, leaving.headers, json.dumps(leaving.json)):
        return response
    leaving.headers.pop("Content-Length", None)
    body = "" if leaving.json is None else json.dumps(leaving.json, ensure_ascii=False)
    return Response(body, leaving.status, headers=leaving.headers)
