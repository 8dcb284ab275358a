"""The OpenAPI document of the admin API, made from the table of operations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from mocks.admin.operations import Operation

ERROR = {
    "description": "Refus, avec sa raison en français.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["erreur", "message"],
                "properties": {"erreur": {"type": "string"}, "message": {"type": "string"}},
            }
        }
    },
}
MEANINGS = {200: "Fait.", 201: "Créé.", 204: "Fait, sans contenu."}


def document(operations: Iterable[Operation], version: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these operations."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(f"/_banc{operation.path}", {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "API du banc",
            "version": version,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
    }


def _described(operation: Operation) -> dict[str, Any]:
    in_path = re.findall(r"{(\w+)}", operation.path)
    answers: dict[str, Any] = {str(operation.success): _success(operation.success)}
    errors = (
        {400, 401, 403, *operation.errors} | ({404} if in_path else set()) | ({413, 415} if operation.body else set())
    )
    answers |= {str(status): ERROR for status in sorted(errors)}
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [_parameter(name, "path", {"type": "string"}) for name in in_path]
        + [_parameter(name, "query", schema) for name, schema in operation.query.items()],
        "responses": answers,
    }
    if operation.body is not None:
        described["requestBody"] = {"content": {"application/json": {"schema": operation.body}}}
    return described


def _success(status: int) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": MEANINGS[status]}
    if status != 204:
        answer["content"] = {"application/json": {"schema": {"type": "object"}}}
    return answer


def _parameter(name: str, place: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}
