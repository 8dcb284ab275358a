"""A search as data: a shape, compiled once for all searches that look alike, and the values of this one.

A plan is a conjunction of groups; a group is a disjunction of tests on rows of `fhir_values`, on columns of
`fhir_resources`, or on a chained resource. Shapes hold names of bind parameters, never values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    union_all,
)

from mocks.fhir.declaration import Query
from mocks.fhir.schema import RESOURCES, VALUES
from mocks.store import Statement

Clause = tuple[str, str, str]  # column, operator, name of the bind parameter


@dataclass(frozen=True, slots=True)
class RowTest:
    """Some row of these params meets all clauses."""

    params: tuple[str, ...]
    clauses: tuple[Clause, ...] = ()
    sought: bool = False  # whether the rows are indexed by value


@dataclass(frozen=True, slots=True)
class ColumnTest:
    """A column of the resource itself meets the clauses (`_id`, `_lastUpdated`)."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """A reference leads to a stored resource of a type that meets a group; space: name of the bind parameter."""

    param: str
    type: str
    space: str
    group: Group
    sought: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One of the alternatives holds; or none when negated."""

    alternatives: tuple[RowTest | ColumnTest | Chain, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """One criterion of `_sort`. source: `column:updated`, or a param of `fhir_values`."""

    sources: tuple[str, ...]
    descending: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything of a search but its values."""

    groups: tuple[Group, ...]
    scoped: bool = False
    own_only: bool = False
    orders: tuple[Order, ...] = ()


@dataclass
class Plan:
    """A shape and its values. spaces: bind parameters that stand for the space of a type. used: what was understood."""

    shape: Shape
    values: Mapping[str, Any]
    spaces: Mapping[str, str] = field(default_factory=dict)
    used: Query = ()

    def statement(self, *, keys_only: bool = False) -> Statement:
        """The prepared select."""
        return _prepared(self.shape, keys_only)

    def binds(self, space_of: Callable[[str], str], type_: str, limit: int) -> dict[str, Any]:
        """Bind parameters of the statement."""
        spaces = {name: space_of(target) for name, target in self.spaces.items()}
        return {**self.values, **spaces, "space": space_of(type_), "limit": limit}


@lru_cache(maxsize=1024)
def _prepared(shape: Shape, keys_only: bool) -> Statement:
    columns = (RESOURCES.c.key,) if keys_only else tuple(RESOURCES.c)
    lead = _leading(shape)
    chosen: Select[Any] = select(*columns).where(RESOURCES.c.current == 1, RESOURCES.c.deleted == 0)
    if lead is None:  # otherwise the values say the space, and the database must not start from it
        chosen = chosen.where(RESOURCES.c.space == bindparam("space"))
    if shape.scoped:
        chosen = chosen.where(RESOURCES.c.compartment == bindparam("compartment"))
    if shape.own_only:
        chosen = chosen.where(RESOURCES.c.owner == bindparam("owner"))
    for group in shape.groups:
        chosen = chosen.where(_led(group, RESOURCES) if group is lead else _condition(group, RESOURCES))
    chosen = chosen.order_by(*(_ordering(order) for order in shape.orders), RESOURCES.c.key)
    return Statement(chosen.limit(bindparam("limit", type_=Integer)))


def _leading(shape: Shape) -> Group | None:
    """The group to start from rather than from the space: the most selective equality on a value.

    Within a compartment, only an identifier is worth it.
    """
    able = [group for group in shape.groups if _can_lead(group)]
    return min((group for group in able if not shape.scoped or _is_identity(group)), key=_rank, default=None)


def _is_identity(group: Group) -> bool:
    return all(isinstance(test, RowTest) and test.params == ("t:identifier",) for test in group.alternatives)


def _can_lead(group: Group) -> bool:
    return not group.negated and all(_is_equality(test) for test in group.alternatives)


def _is_equality(test: RowTest | ColumnTest | Chain) -> bool:
    if isinstance(test, Chain):
        return test.sought and _can_lead(test.group)
    return isinstance(test, RowTest) and test.sought and any(clause[:2] == ("value", "eq") for clause in test.clauses)


def _rank(group: Group) -> int:
    params = [param for test in group.alternatives if isinstance(test, RowTest) for param in test.params]
    return max((0 if param.startswith("i:") or param == "t:identifier" else 1 for param in params), default=2)


def _led(group: Group, resources: Any, space: str = "space") -> ColumnElement[bool]:
    """A condition that the database answers from the values, not resource by resource."""
    rows = VALUES.alias()
    here = (rows.c.space == bindparam(space), rows.c.sought == literal_column("1"))  # as the partial index says it
    found = []
    tests = [_test(test, rows) for test in group.alternatives if isinstance(test, RowTest)]
    if tests:
        found.append(select(rows.c.resource).where(*here, or_(*tests)))
    for chain in group.alternatives:
        if isinstance(chain, Chain):
            reached = (rows.c.param == chain.param, rows.c.value.in_(_targets(chain)), rows.c.system == chain.type)
            found.append(select(rows.c.resource).where(*here, *reached))
    condition: ColumnElement[bool] = resources.c.key.in_(found[0] if len(found) == 1 else union_all(*found))
    return condition


def _condition(group: Group, resources: Any) -> ColumnElement[bool]:
    rows = VALUES.alias()
    tests = [_test(test, rows) for test in group.alternatives if isinstance(test, RowTest)]
    parts: list[ColumnElement[bool]] = []
    if tests:
        parts.append(exists(select(rows.c.resource).where(rows.c.resource == resources.c.key, or_(*tests))))
    for alternative in group.alternatives:
        if isinstance(alternative, ColumnTest):
            parts.append(_clauses(alternative.clauses, resources))
        elif isinstance(alternative, Chain):
            parts.append(_chain(alternative, resources))
    whole = or_(*parts) if parts else false()
    return not_(whole) if group.negated else whole


def _chain(chain: Chain, resources: Any) -> ColumnElement[bool]:
    rows = VALUES.alias()
    return exists(
        select(rows.c.resource).where(
            rows.c.resource == resources.c.key,
            rows.c.param == chain.param,
            rows.c.system == chain.type,
            rows.c.value.in_(_targets(chain)),
        )
    )


def _targets(chain: Chain) -> Select[Any]:
    target = RESOURCES.alias()
    wanted = select(target.c.id).where(target.c.current == 1, target.c.deleted == 0)
    if _can_lead(chain.group):
        return wanted.where(_led(chain.group, target, chain.space))
    return wanted.where(target.c.space == bindparam(chain.space), _condition(chain.group, target))


def _test(test: RowTest, rows: Any) -> ColumnElement[bool]:
    which = rows.c.param == test.params[0] if len(test.params) == 1 else rows.c.param.in_(_literals(test.params))
    return and_(which, _clauses(test.clauses, rows)) if test.clauses else which


def _literals(params: tuple[str, ...]) -> list[ColumnElement[str]]:
    # One bind parameter each: an expanding one could not be compiled ahead.
    return [bindparam(None, param, unique=True, type_=VALUES.c.param.type) for param in params]


def _clauses(clauses: tuple[Clause, ...], table: Any) -> ColumnElement[bool]:
    return and_(*(_OPERATORS[operator](table.c[column], bindparam(name)) for column, operator, name in clauses))


_OPERATORS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "lt": lambda column, value: column < value,
    "le": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "ge": lambda column, value: column >= value,
    "like": lambda column, value: column.like(value, escape="\\"),
}


def _ordering(order: Order) -> Any:
    if order.sources[0].startswith("column:"):
        expression: Any = RESOURCES.c[order.sources[0].removeprefix("column:")]
    else:
        rows = VALUES.alias()
        column = rows.c.low if order.sources[0].startswith("d:") else rows.c.value
        pick = func.max(column) if order.descending else func.min(column)
        expression = (
            select(pick)
            .where(rows.c.resource == RESOURCES.c.key, rows.c.param.in_(_literals(order.sources)))
            .scalar_subquery()
        )
    return (expression.desc() if order.descending else expression.asc()).nulls_last()
