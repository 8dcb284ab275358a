"""Reading of search parameters: a query becomes a plan, or a refusal in French."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from mocks.fhir.declaration import FhirEndpoint, Query, Scope, SearchParam
from mocks.fhir.outcome import FhirError
from mocks.fhir.search.matching import date_tests, reference_tests, split, string_tests, token_test
from mocks.fhir.search.plan import Chain, ColumnTest, Group, Order, Plan, RowTest, Shape


def _silent(_code: str, _text: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class Reading:
    """What is needed to read a query.

    endpoints: those of the server, by type. type: the one searched. strict: whether an unknown parameter is
    refused. base: URL of the FHIR API, to recognise references to itself. note: told what is ignored or mended.
    """

    endpoints: Mapping[str, FhirEndpoint]
    type: str
    strict: bool = False
    base: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    note: Callable[[str, str], None] = _silent


class Binder:
    """Names the values of a plan, in the order of their reading: searches that look alike share a shape."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.spaces: dict[str, str] = {}

    def value(self, value: Any) -> str:
        """Name of a new bind parameter with this value."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return name

    def space(self, type_: str) -> str:
        """Name of a new bind parameter that stands for the space of a type."""
        name = f"s{len(self.spaces)}"
        self.spaces[name] = type_
        return name


def plan_for(reading: Reading, query: Query, scope: Scope, sort: str = "") -> Plan:
    """The plan of a query within a scope.

    sort: value of `_sort`. Raises FhirError 400 for a value, a modifier or (when strict) a name that is not known.
    """
    binder = Binder()
    groups, used = [], []
    for name, value in query:
        group = _group(reading, binder, reading.type, name, value)
        if group is not None:
            groups.append(group)
            used.append((name, value))
    if scope.compartment is not None:
        binder.values["compartment"] = scope.compartment
    if scope.own_only:
        binder.values["owner"] = scope.owner or ""
    shape = Shape(tuple(groups), scope.compartment is not None, scope.own_only, _orders(reading, sort))
    return Plan(shape, binder.values, binder.spaces, used)


def _group(reading: Reading, binder: Binder, type_: str, name: str, value: str) -> Group | None:
    if not value:
        reading.note("parametre-vide", f"paramètre « {name} » sans valeur, ignoré")
        return None
    whole = reading.endpoints[type_].params.get(name)
    if whole is not None and not whole.logical_only:  # a dot may be part of a name (`author.given` of MHD)
        return _plain(reading, binder, type_, whole, "", value)
    head, _, rest = name.partition(".")
    base, _, modifier = head.partition(":")
    if base in ("_id", "_lastUpdated") and not rest and not modifier:
        return _column_group(reading, binder, base, value)
    param = reading.endpoints[type_].params.get(base)
    known = param is not None and (bool(rest) or modifier == "identifier" or not param.logical_only)
    if param is None or not known:
        _refuse_or_note(reading, name)
        return None
    if rest:
        return _chained(reading, binder, type_, param, modifier, rest, value)
    return _plain(reading, binder, type_, param, modifier, value)


def _refuse_or_note(reading: Reading, name: str) -> None:
    if reading.strict:
        raise FhirError(400, f"Le paramètre de recherche « {name} » n'est pas connu pour {reading.type}.")
    reading.note("parametre-inconnu", f"paramètre « {name} » inconnu pour {reading.type}, ignoré")


def _plain(reading: Reading, binder: Binder, type_: str, param: SearchParam, modifier: str, value: str) -> Group:
    if modifier == "missing":
        return _missing(param, value)
    negated = modifier == "not" and param.kind == "token"
    if not negated and not _allows(param, modifier):
        raise FhirError(400, f"Le modificateur « :{modifier} » n'est pas accepté sur « {param.name} ».")
    tests: list[RowTest] = []
    for part in split(value, ","):
        tests += _tests(reading, binder, param, modifier, part)
    return Group(_sought(reading, type_, param, tests), negated)


def _sought(reading: Reading, type_: str, param: SearchParam, tests: Sequence[RowTest]) -> tuple[RowTest, ...]:
    indexed = reading.endpoints[type_].indexes(param)
    return tuple(replace(test, sought=True) for test in tests) if indexed else tuple(tests)


def _allows(param: SearchParam, modifier: str) -> bool:
    match param.kind:
        case "string":
            return modifier in ("", "exact", "contains")
        case "reference":
            return modifier in ("", "identifier") or modifier in param.targets
        case _:
            return modifier == ""


def _tests(reading: Reading, binder: Binder, param: SearchParam, modifier: str, part: str) -> list[RowTest]:
    match param.kind:
        case "token":
            return [token_test(binder, _keys("t", param), part, reading.note)]
        case "string":
            return string_tests(binder, _keys("s", param), part, modifier)
        case "date":
            return date_tests(binder, _keys("d", param), part, reading.now, reading.note)
        case "reference" if modifier == "identifier":
            return [token_test(binder, _logical_keys(param, ""), part, reading.note)]
        case "reference":
            return reference_tests(binder, _keys("r", param), part, modifier, reading.base)


def _missing(param: SearchParam, value: str) -> Group:
    if value not in ("true", "false"):
        raise FhirError(400, f"« {param.name}:missing » prend la valeur true ou false ; reçu : « {value} ».")
    keys = _keys(param.kind[0], param)
    return Group((RowTest(keys + (_logical_keys(param, "") if param.kind == "reference" else ())),), value == "true")


def _chained(
    reading: Reading, binder: Binder, type_: str, param: SearchParam, target: str, rest: str, value: str
) -> Group | None:
    """`actor:Patient.identifier`: identifiers written in the reference itself, then those of stored resources."""
    if param.kind != "reference" or (target and param.targets and target not in param.targets):
        raise FhirError(400, f"Le paramètre « {param.name} » ne mène pas à {target or 'une autre ressource'}.")
    tests: list[RowTest] = []
    if rest == "identifier":
        keys = _logical_keys(param, target)
        tests += [token_test(binder, keys, part, reading.note) for part in split(value, ",")]
    chains: list[Chain] = []
    for reached in (target,) if target else param.targets:
        endpoint = reading.endpoints.get(reached)
        if endpoint is None or re.split(r"[.:]", rest)[0] not in endpoint.params:
            continue
        inner = _group(reading, binder, reached, rest, value)
        if inner is not None:
            indexed = not reading.endpoints[type_].scoped
            chains += [Chain(f"r:{path}", reached, binder.space(reached), inner, indexed) for path in param.paths]
    if not tests and not chains:
        _refuse_or_note(reading, f"{param.name}.{rest}")
        return None
    return Group((*_sought(reading, type_, param, tests), *chains))


def _column_group(reading: Reading, binder: Binder, name: str, value: str) -> Group:
    if name == "_id":
        return Group(tuple(ColumnTest((("id", "eq", binder.value(part)),)) for part in split(value, ",")))
    alternatives = []
    for part in split(value, ","):
        for test in date_tests(binder, (), part, reading.now, reading.note):
            clauses = (("updated", _AT_POINT.get((side, op), op), bind) for side, op, bind in test.clauses)
            alternatives.append(ColumnTest(tuple(clauses)))
    return Group(tuple(alternatives))


# `updated` is a point u, the interval [u, u+1[: what is asked of its high end, said of u.
_AT_POINT = {("high", "le"): "lt", ("high", "gt"): "ge"}


def _keys(letter: str, param: SearchParam) -> tuple[str, ...]:
    return tuple(f"{letter}:{path}" for path in param.paths)


def _logical_keys(param: SearchParam, target: str) -> tuple[str, ...]:
    """Rows of identifiers in a reference to these types, or that does not say its type."""
    types = (target,) if target else param.targets
    return tuple(f"i:{path}#{type_}" for path in param.paths for type_ in (*types, ""))


def _orders(reading: Reading, sort: str) -> tuple[Order, ...]:
    orders = []
    for part in sort.split(",") if sort else ():
        name = part.removeprefix("-")
        param = reading.endpoints[reading.type].params.get(name)
        if name in ("_id", "_lastUpdated"):
            orders.append(Order(("column:id" if name == "_id" else "column:updated",), part != name))
        elif param is None or param.logical_only:
            _refuse_or_note(reading, f"_sort={name}")
        else:
            orders.append(Order(_keys(param.kind[0], param), part != name))
    return tuple(orders)
