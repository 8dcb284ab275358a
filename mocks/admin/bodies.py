"""Reading what callers of the admin API send, with errors in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema_rs
import orjson
from flask import request

from mocks.admin.errors import AdminError
from mocks.admin.operations import Operation

EXACT = 2.0**53  # beyond, a JSON number is no longer the integer it was


def json_body(operation: Operation) -> dict[str, Any]:
    """The JSON body of the running request, checked. An empty body counts as `{}`.

    Raises AdminError 400 (not JSON, wrong content) or 415 (another media type).
    """
    raw = request.get_data()
    if raw and request.mimetype not in ("application/json", ""):
        raise AdminError(
            415, "type-refuse", f"Le corps doit être du JSON (application/json) ; reçu : {request.mimetype}."
        )
    try:
        body = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError as error:
        raise AdminError(
            400, "json-illisible", f"Le corps n'est pas du JSON : ligne {error.lineno}, colonne {error.colno}."
        ) from error
    problem = next(_validator(operation).iter_errors(body), None)
    if problem is not None:
        place = "/".join(str(step) for step in problem.instance_path) or "racine"
        raise AdminError(400, "corps-invalide", f"Corps refusé à « {place} » : {problem.message}")
    return dict(_plain(body))


def _plain(value: Any) -> Any:
    """The value with whole numbers as integers, however JSON writes them (3 and 3.0 are the same integer)."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < EXACT else value


def query_values(operation: Operation) -> Mapping[str, Any]:
    """The declared query parameters of the running request, typed. Raises AdminError 400."""
    values: dict[str, Any] = {}
    for name, text in request.args.items():
        schema = operation.query.get(name)
        if schema is None:
            raise AdminError(
                400, "parametre-inconnu", f"Le paramètre « {name} » n'existe pas ; voir /_banc/openapi.json."
            )
        values[name] = _typed(name, text, schema)
    return values


def _typed(name: str, text: str, schema: Mapping[str, Any]) -> Any:
    if schema["type"] == "string":
        return text
    try:
        value = int(text) if schema["type"] == "integer" else float(text)
    except ValueError:
        raise AdminError(400, "parametre-invalide", f"« {name} » doit être un nombre ; reçu : « {text} ».") from None
    low, high = schema["minimum"], schema["maximum"]
    if not low <= value <= high:
        raise AdminError(400, "parametre-invalide", f"« {name} » doit être entre {low} et {high} ; reçu : « {text} ».")
    return value


@cache
def _compiled(name: str, schema: bytes) -> Any:
    return jsonschema_rs.validator_for(orjson.loads(schema), validate_formats=True)


def _validator(operation: Operation) -> Any:
    return _compiled(operation.name, orjson.dumps(operation.body or {"type": "object"}))
