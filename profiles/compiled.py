"""A profile ready to judge: its JSON Schema compiled, its invariants, where nested resources are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema_rs

from profiles.elements import Element, base
from profiles.invariants import BY_TYPE, DOMAIN_RESOURCE, TABLE, broken
from profiles.keywords import CodesOf, judges, keyword_class
from profiles.library import Definition
from profiles.model import FHIR, Issue, Json
from profiles.paths import Step, fhirpath
from profiles.report import issues_of
from profiles.schema import Compiler
from profiles.wording import elements_shown


class Compiled:
    """Judges resources against one profile."""

    def __init__(
        self,
        root: Element,
        canonical: str,
        resolve: Callable[[str], Element | None],
        extensions: dict[str, Definition],
        codes_of: CodesOf,
    ) -> None:
        self.type = root.types[0].code
        self._canonical = canonical
        compiler = Compiler(resolve, extensions)
        self._schema = compiler.document(root)
        self.limits = tuple(compiler.limits)
        self._makers = judges(codes_of)
        self._validator = jsonschema_rs.Draft202012Validator(
            self._schema,
            keywords={name: keyword_class(make) for name, make in self._makers.items()},
            pattern_options=jsonschema_rs.RegexOptions(),
        )
        self._invariants = self._root_invariants(root)
        self.nested = nested_paths(self.type)

    def _root_invariants(self, root: Element) -> tuple[str, ...]:
        stated = [key for key, _, _ in root.constraints if key in TABLE]
        own = [*BY_TYPE.get(self.type, ()), *stated]
        return tuple(key for key in dict.fromkeys(own) if key not in DOMAIN_RESOURCE)

    def issues(self, resource: Json, holders: tuple[Json, ...] = ()) -> list[Issue]:
        """Return what is wrong with a resource, nested resources left aside; `holders` contain it."""
        found: list[Issue] = []
        if not self._validator.is_valid(resource):
            errors = self._validator.iter_errors(resource)
            found = issues_of(errors, self._schema, resource, self._makers, holders)
        if keys := self._keys_for(resource):
            found += [self._invariant(key, resource) for key in keys]
        return found

    def _keys_for(self, resource: Json) -> list[str]:
        keys = self._invariants + DOMAIN_RESOURCE if "contained" in resource else self._invariants
        return [i.key for i in broken(keys, resource)]

    def _invariant(self, key: str, resource: Json) -> Issue:
        row = TABLE[key]
        seen = elements_shown(resource, row.shows)
        message = f"La règle {key} n'est pas tenue : attendu {row.expected}, vu {seen}."
        where = fhirpath(resource, [])
        return Issue(row.severity, "invariant", where, message, row.expected, seen, FHIR + self.type, key)


def nested_paths(type_name: str) -> tuple[tuple[Step, ...], ...]:
    """Return the paths of the resources inside a resource type; `*` stands for every item of a list."""
    found: list[tuple[Step, ...]] = []
    walk(type_name, (), found, frozenset())
    return tuple(found)


def walk(type_name: str, path: tuple[Step, ...], found: list[tuple[Step, ...]], seen: frozenset[str]) -> None:
    """Collect the nested resources of a type, a recursive type being visited once."""
    if type_name in seen or type_name not in base() or not type_name[:1].isupper():
        return
    for element in base().elements(type_name).values():
        code = element.types[0].code
        here = (*path, element.name, *(("*",) if element.many else ()))
        if code == "Resource":
            found.append(here)
        elif "." in code:
            walk(code, here, found, seen | {type_name})


def nested_resources(resource: Any, pattern: tuple[Step, ...]) -> list[tuple[tuple[Step, ...], Any]]:
    """Return the values at a nested path, each with its concrete path."""
    places: list[tuple[tuple[Step, ...], Any]] = [((), resource)]
    for step in pattern:
        if step == "*":
            places = [((*p, i), v) for p, vs in places if isinstance(vs, list) for i, v in enumerate(vs)]
        else:
            places = [((*p, step), v[step]) for p, v in places if isinstance(v, dict) and step in v]
    return places
