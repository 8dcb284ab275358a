"""A plan run on resources held in memory: how a service that keeps its own store searches with the engine."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from mocks.fhir.search.plan import Clause, ColumnTest, Group, Order, Plan, RowTest
from mocks.fhir.store import Stored

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """A resource and what it can be found by. rows: as `search.values.Extractor` makes them."""

    stored: Stored
    rows: Sequence[Row]


def run(plan: Plan, held: Sequence[Held]) -> list[Stored]:
    """The resources that meet a plan, in its order. Compartments are the caller's; chains lead nowhere."""
    found = [one for one in held if all(_meets(group, one, plan.values) for group in plan.shape.groups)]
    if plan.shape.orders:
        found.sort(key=cmp_to_key(lambda one, other: _compared(plan.shape.orders, one, other)))
    return [one.stored for one in found]


def _meets(group: Group, held: Held, values: Mapping[str, Any]) -> bool:
    return group.negated != any(_holds(test, held, values) for test in group.alternatives)


def _holds(test: Any, held: Held, values: Mapping[str, Any]) -> bool:
    if isinstance(test, RowTest):
        rows = (row for row in held.rows if row["param"] in test.params)
        return any(_all(test.clauses, row.__getitem__, values) for row in rows)
    if isinstance(test, ColumnTest):
        return _all(test.clauses, lambda column: getattr(held.stored, column), values)
    return False


def _all(clauses: Sequence[Clause], of: Callable[[str], Any], values: Mapping[str, Any]) -> bool:
    return all(_OPERATORS[name](of(column), values[bind]) for column, name, bind in clauses)


def _like(text: str, pattern: str) -> bool:
    """SQL's LIKE with backslash as its escape."""
    signs = re.findall(r"\\.|%|_|[^\\%_]+", pattern, re.DOTALL)
    parts = {"%": ".*", "_": "."}
    expression = "".join(parts.get(sign, re.escape(sign.removeprefix("\\"))) for sign in signs)
    return re.fullmatch(expression, text, re.DOTALL) is not None


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "like": _like,
}


def _compared(orders: Sequence[Order], one: Held, other: Held) -> int:
    """Sign of a comparison; what has no value comes last, whatever the direction."""
    for order in orders:
        left, right = _value(order, one), _value(order, other)
        if left is None or right is None:
            if left is not right:
                return 1 if left is None else -1
        elif left != right:
            return (-1 if left < right else 1) * (-1 if order.descending else 1)
    return 0


def _value(order: Order, held: Held) -> Any:
    if order.sources[0].startswith("column:"):
        return getattr(held.stored, order.sources[0].removeprefix("column:"))
    column = "low" if order.sources[0].startswith("d:") else "value"
    found = [row[column] for row in held.rows if row["param"] in order.sources]
    return (max if order.descending else min)(found, default=None)
