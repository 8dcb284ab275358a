"""JSON Schema errors said in French: place of the fault and sentence, for drivers and for `cible.toml`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TYPES = {
    "string": "un texte",
    "integer": "un nombre entier",
    "number": "un nombre",
    "boolean": "vrai ou faux",
    "array": "une liste",
    "object": "un objet",
    "null": "rien",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a document: dotted path of the element, kind of fault (name of the JSON Schema
    keyword), key named by the fault (missing or unknown), and a French sentence without final dot."""

    path: str
    kind: str
    key: str
    text: str

    def __str__(self) -> str:
        return f"« {self.path} » : {self.text}" if self.path else self.text


def faults(errors: Iterable[Any]) -> Iterator[Fault]:
    """Translate the errors of a jsonschema-rs validator (`validator.iter_errors(document)`)."""
    for error in errors:
        base = [str(part) for part in error.instance_path]
        name, value = error.kind.name, error.kind.value
        for key in _keys(name, value):
            path = ".".join([*base, key] if key else base)
            yield Fault(path, name, key, _sentence(name, value, error.instance))


def _keys(name: str, value: Any) -> Sequence[str]:
    if name == "additionalProperties":
        return [str(key) for key in value]
    return [str(value)] if name == "required" else [""]


def _sentence(name: str, value: Any, instance: Any) -> str:
    build = _SENTENCES.get(name)
    return build(value, instance) if build else f"valeur refusée : {shown(instance)}"


def _listed(values: Iterable[Any]) -> str:
    return ", ".join(shown(value) for value in values)


def shown(value: Any) -> str:
    """A value as the reader sees it: « text », or JSON, cut at 120 characters."""
    text = f"« {value} »" if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else text[:117] + "..."


_SENTENCES: Mapping[str, Callable[[Any, Any], str]] = {
    "additionalProperties": lambda value, seen: "clé inconnue",
    "required": lambda value, seen: "clé obligatoire absente",
    "type": lambda value, seen: f"attendu {' ou '.join(_TYPES[name] for name in value)}, vu {shown(seen)}",
    "enum": lambda value, seen: f"attendu l'une des valeurs {_listed(value)}, vu {shown(seen)}",
    "const": lambda value, seen: f"attendu {shown(value)}, vu {shown(seen)}",
    "pattern": lambda value, seen: f"attendu un texte de la forme {value}, vu {shown(seen)}",
    "format": lambda value, seen: f"attendu une valeur au format « {value} », vu {shown(seen)}",
    "minimum": lambda value, seen: f"attendu au moins {value}, vu {shown(seen)}",
    "maximum": lambda value, seen: f"attendu au plus {value}, vu {shown(seen)}",
    "exclusiveMinimum": lambda value, seen: f"attendu plus de {value}, vu {shown(seen)}",
    "minLength": lambda value, seen: "texte vide ou trop court",
    "minItems": lambda value, seen: f"attendu au moins {value} élément(s) dans la liste",
    "uniqueItems": lambda value, seen: "la liste contient deux fois la même valeur",
}
