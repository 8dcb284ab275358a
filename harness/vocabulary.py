"""The published vocabulary of actions: load it, check against it, describe it as OpenAPI.

The vocabulary itself is data: `harness/vocabulary.json` (architecture §5).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

import jsonschema_rs

from harness.errors import DriverError, ParameterError
from harness.french import faults

Json = Mapping[str, Any]


@dataclass(frozen=True)
class ActionSpec:
    """One action: its name, what it asks of the product (French), JSON Schemas of parameters and result."""

    name: str
    summary: str
    parameters: Json
    result: Json

    @cached_property
    def _parameters_check(self) -> Any:
        return jsonschema_rs.validator_for(dict(self.parameters), validate_formats=True)

    @cached_property
    def _result_check(self) -> Any:
        return jsonschema_rs.validator_for(dict(self.result), validate_formats=True)

    def prepare(self, params: Json) -> dict[str, Any]:
        """Parameters with the defaults of the vocabulary filled in, once checked.

        Raises ParameterError (French) naming each wrong key.
        """
        defaults = {
            name: schema["default"] for name, schema in self.parameters["properties"].items() if "default" in schema
        }
        filled = {**defaults, **params}
        wrong = "; ".join(map(str, faults(self._parameters_check.iter_errors(filled))))
        if wrong:
            raise ParameterError(f"Paramètres de l'action « {self.name} » refusés par le vocabulaire : {wrong}.")
        return filled

    def accept(self, result: Any) -> dict[str, Any]:
        """The result given by a driver, once checked.

        Raises DriverError (French) naming each wrong key: a fault of the vendor's driver, not a verdict.
        """
        wrong = "; ".join(map(str, faults(self._result_check.iter_errors(result))))
        if wrong:
            raise DriverError(
                f"Le pilote du produit rend, pour l'action « {self.name} », un résultat "
                f"qui ne suit pas le vocabulaire : {wrong}."
            )
        return dict(result)


@dataclass(frozen=True)
class Vocabulary:
    version: str
    title: str
    actions: Mapping[str, ActionSpec]

    def __getitem__(self, name: str) -> ActionSpec:
        try:
            return self.actions[name]
        except KeyError:
            raise ParameterError(f"L'action « {name} » n'est pas dans le vocabulaire.") from None


@cache
def load() -> Vocabulary:
    """The vocabulary shipped with the bench."""
    document = json.loads(resources.files("harness").joinpath("vocabulary.json").read_text(encoding="utf-8"))
    actions = {
        name: ActionSpec(name, entry["resume"], entry["parametres"], entry["resultat"])
        for name, entry in document["actions"].items()
    }
    return Vocabulary(document["version"], document["title"], actions)


def openapi(vocabulary: Vocabulary | None = None) -> dict[str, Any]:
    """OpenAPI 3.1 document that a vendor's HTTP driver implements (`POST /actions/<nom>`, `GET /actions`)."""
    chosen = vocabulary or load()
    paths: dict[str, Any] = {"/actions": {"get": _list_operation()}}
    for action in chosen.actions.values():
        paths[f"/actions/{action.name}"] = {"post": _action_operation(action)}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Pilote d'un produit : {chosen.title.lower()}", "version": chosen.version},
        "paths": paths,
        "components": {"schemas": {"Refus": _REFUSAL}},
    }


_REFUSAL: Json = {
    "type": "object",
    "properties": {
        "erreur": {"type": "string", "description": "code court, propre au produit"},
        "message": {"type": "string", "description": "phrase que lit l'utilisateur du produit"},
    },
    "required": ["erreur", "message"],
}


def _answer(description: str, schema: Json) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _list_operation() -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {"actions": {"type": "array", "items": {"type": "string"}}},
        "required": ["actions"],
    }
    return {
        "operationId": "lister_actions",
        "summary": "Dire quelles actions le produit offre.",
        "responses": {"200": _answer("Noms des actions offertes.", schema)},
    }


def _action_operation(action: ActionSpec) -> dict[str, Any]:
    refusal = {"$ref": "#/components/schemas/Refus"}
    return {
        "operationId": action.name,
        "summary": action.summary,
        "requestBody": {"required": True, "content": {"application/json": {"schema": action.parameters}}},
        "responses": {
            "200": _answer("L'action est faite.", action.result),
            "422": _answer("Le produit refuse l'action, comme il la refuserait à son utilisateur.", refusal),
            "501": _answer("Le produit n'offre pas cette action.", refusal),
        },
    }
