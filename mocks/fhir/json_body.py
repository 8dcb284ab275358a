"""Reading of a JSON body: strict, with the place of what is wrong."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from mocks.fhir.declaration import Resource
from mocks.fhir.outcome import FhirError

_NAME_APART = re.compile(rb'"\s+:')


class _DuplicateKeyError(ValueError):
    """A member stands twice in one object."""


def read_resource(body: bytes) -> Resource:
    """The JSON object of a body. Raises FhirError 400 with line and column, also for a member given twice."""
    if not body.strip():
        raise FhirError(
            400, "Le corps de la requête est vide : une ressource FHIR en JSON est attendue.", code="required"
        )
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise FhirError(
            400, f"Le corps n'est pas un JSON valide, ligne {error.lineno}, colonne {error.colno}.", code="structure"
        ) from None
    if not isinstance(parsed, dict):
        raise FhirError(400, "Le corps doit être un objet JSON, une ressource FHIR.", code="structure")
    if b"\\u0000" in body:
        raise FhirError(400, "Le corps contient un caractère nul, que FHIR n'admet pas.", code="structure")
    _refuse_duplicates(body, parsed)
    return parsed


def _refuse_duplicates(body: bytes, parsed: Any) -> None:
    # orjson keeps the last of two equal members without a word; R4 (json.html) wants each once. As many `":` written as
    # read back, and no name apart from its colon: none was lost. A quote written as \u0022 would upset the count.
    same = body.count(b'":') == orjson.dumps(parsed).count(b'":')
    if same and b"\\u0022" not in body and _NAME_APART.search(body) is None:
        return
    try:
        json.loads(body, object_pairs_hook=_once)
    except _DuplicateKeyError as error:
        raise FhirError(400, f"Le membre « {error} » figure deux fois dans un même objet.", code="structure") from None
    except ValueError:
        return  # a number that orjson reads and json does not: no duplicate to speak of


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) != len(pairs):
        names = [name for name, _ in pairs]
        raise _DuplicateKeyError(next(name for name in names if names.count(name) > 1))
