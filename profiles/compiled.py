"""A profile ready to judge: its JSON Schema compiled, its invariants, where nested resources are."""

from __future__ import annotations

import functools
import json
from dataclasses import replace
from typing import Any

import jsonschema_rs

from profiles.bounds import too_many_values
from profiles.cache import Plan, packed_text, text_of
from profiles.elements import Element, base
from profiles.invariants import BY_TYPE, DOMAIN_RESOURCE, TABLE, broken
from profiles.keywords import Judges, bare
from profiles.library import Extensions
from profiles.model import FHIR, Issue, Json
from profiles.paths import Step, fhirpath, value_at
from profiles.report import issues_of
from profiles.schema import Compiler, Resolve
from profiles.scope import CURRENT
from profiles.stated import stated
from profiles.wording import elements_shown


class Compiled:
    """Judges values against one profile or base type; `canonical` is `url|version`."""

    def __init__(self, plan: Plan, canonical: str, extensions: Extensions, judges: Judges) -> None:
        """`extensions` are those that the guide of the profile means."""
        self.type = plan.type
        self.canonical = canonical
        self.extensions = extensions
        self.limits = plan.limits
        self._noted = plan.noted
        self._judges = judges
        self._validator = judges.compile(text_of(plan.bare))
        self._resource = base().is_resource(self.type)
        self._invariants = plan.invariants
        self.nested = nested_paths(self.type)

    @functools.cached_property
    def _schema(self) -> Json:
        """The schema with its notes: only a report reads it, so it is unpacked for the first one."""
        found: Json = json.loads(text_of(self._noted))
        return found

    def parts(self) -> tuple[Json, jsonschema_rs.Draft202012Validator]:
        """Return the JSON Schema and its validator, for who measures or compares them."""
        return self._schema, self._validator

    def valid(self, value: Any) -> bool:
        """Tell whether a value has neither error nor remark, nested resources judged as far as the profile says."""
        if not self._resource or not isinstance(value, dict):
            return bool(self._validator.is_valid(value))
        stack = CURRENT.get().stack
        stack.append(value)
        try:
            return bool(self._validator.is_valid(value)) and not self._keys_for(value)
        finally:
            stack.pop()

    def details(self, resource: Json, path: list[Step]) -> list[Issue]:
        """Return the issues of the value at a path of a resource (the whole of it when the path is empty)."""
        value = value_at(resource, path)
        if not self._resource or not isinstance(value, dict):
            return issues_of(self._validator.iter_errors(value), self._schema, self._judges, resource, path)
        if heavy := too_many_values(value):
            return [heavy if not path else replace(heavy, expression=fhirpath(resource, path))]
        stack = CURRENT.get().stack
        stack.append(value)
        try:
            errors = self._validator.iter_errors(value)
            found = issues_of(errors, self._schema, self._judges, resource, path)
            return found + [self._invariant(key, resource, path) for key in self._keys_for(value)]
        finally:
            stack.pop()

    def issues(self, resource: Json) -> list[Issue]:
        """Return what is wrong with a resource, nested resources left aside."""
        return [] if self.valid(resource) else self.details(resource, [])

    def _keys_for(self, resource: Json) -> list[str]:
        keys = self._invariants + DOMAIN_RESOURCE if "contained" in resource else self._invariants
        return [i.key for i in broken(keys, resource)]

    def _invariant(self, key: str, resource: Json, path: list[Step]) -> Issue:
        row = TABLE[key]
        seen = elements_shown(value_at(resource, path), row.shows)
        message = f"La règle {key} n'est pas tenue : attendu {row.expected}, vu {seen}."
        where = fhirpath(resource, path)
        return Issue(row.severity, "invariant", where, message, row.expected, seen, FHIR + self.type, key)


def plan_of(root: Element, resolve: Resolve) -> Plan:
    """Compile a snapshot; `resolve` gives the snapshot of a canonical that it cites."""
    compiler = Compiler(resolve)
    schema, type_name = compiler.document(root), root.types[0].code
    own = [*BY_TYPE.get(type_name, ()), *stated(root.constraints, type_name).keys]
    keys = tuple(key for key in dict.fromkeys(own) if key not in DOMAIN_RESOURCE)
    keys = keys if base().is_resource(type_name) else ()
    return Plan(type_name, tuple(compiler.limits), keys, packed_text(bare(schema)), packed_text(schema))


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
