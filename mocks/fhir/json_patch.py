"""PATCH as FHIR R4 has it for JSON (http.html#patch): a JSON Patch (RFC 6902)."""

from __future__ import annotations

from typing import Any

import jsonpatch
import orjson

from mocks.fhir.declaration import Resource
from mocks.fhir.outcome import FhirError

JSON_PATCH = "application/json-patch+json"
MOST = 200  # operations
# `copy` and `move` are of no use to a resource, and repeated copies grow without end.
_OFFERED = ("add", "replace", "remove", "test")


def read_patch(content_type: str, body: bytes) -> list[dict[str, Any]]:
    """The operations of a body. Raises FhirError 400 for what is no JSON Patch, 415 for another format."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind != JSON_PATCH:
        raise FhirError(415, f"Le type du corps est « {kind or 'absent'} » ; attendu pour PATCH : {JSON_PATCH}.")
    try:
        operations = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise FhirError(
            400, f"Le corps n'est pas un JSON valide, ligne {error.lineno}, colonne {error.colno}.", code="structure"
        ) from None
    if not isinstance(operations, list) or not 0 < len(operations) <= MOST:
        raise FhirError(400, f"Un JSON Patch est une liste d'au plus {MOST} opérations.", code="structure")
    for operation in operations:
        if not isinstance(operation, dict) or operation.get("op") not in _OFFERED:
            raise FhirError(400, f"Opération de JSON Patch attendue : {', '.join(_OFFERED)}.", code="structure")
    return operations


def patched(resource: Resource, operations: list[dict[str, Any]]) -> Resource:
    """The resource once changed. Raises FhirError 422 when an operation cannot be applied (R4 http.html#patch)."""
    try:
        changed = jsonpatch.apply_patch(resource, operations)
    except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException) as error:
        raise FhirError(422, f"Le JSON Patch ne s'applique pas à la ressource : {error}", code="processing") from None
    except (TypeError, AttributeError, KeyError, ValueError):  # a pointer through a text or a number
        raise FhirError(422, "Le JSON Patch ne s'applique pas à la ressource.", code="processing") from None
    if not isinstance(changed, dict):
        raise FhirError(422, "Le JSON Patch ne laisse pas une ressource.", code="processing")
    return changed
