"""How each invariant that a definition states is judged: by a predicate of ours, by its FHIRPath, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from profiles.elements import Constraint
from profiles.expressions import expression
from profiles.faults import Fault, Judge
from profiles.invariants import BY_TYPE, DOMAIN_RESOURCE, TABLE
from profiles.model import FHIR, Json, Severity

BASE_KEYS = frozenset(key for keys in (*BY_TYPE.values(), DOMAIN_RESOURCE) for key in keys)
# Base invariants judged elsewhere: by the schema (ele-1, ext-1), by the report (ref-1); dom-6 only gives advice.
HANDLED = frozenset(("ele-1", "ext-1", "ref-1", "dom-6"))


@dataclass(frozen=True, slots=True)
class Stated:
    """The invariants of an element: `keys` of our table, `rules` in FHIRPath, `limits` that nothing judges."""

    keys: tuple[str, ...] = ()
    rules: tuple[Json, ...] = ()
    limits: tuple[str, ...] = ()


def stated(constraints: Iterable[Constraint], type_code: str) -> Stated:
    """Sort the constraints of an element of a type (`Bundle.entry` for a backbone element)."""
    keys: list[str] = []
    rules: list[Json] = []
    limits: list[str] = []
    for each in constraints:
        if of_base(each):
            continue
        if in_table(each):
            keys.append(each.key)
        elif problem := expression(each.expression).problem:
            limits.append(f"invariant non exécuté {each.key} : {problem}")
        else:
            rules.append({**each._asdict(), "type": type_code})
    return Stated(tuple(keys), tuple(rules), tuple(limits))


def of_base(constraint: Constraint) -> bool:
    """Tell whether a constraint is one of R4 itself that we judge by type, whatever a snapshot repeats of it."""
    return constraint.source.startswith(FHIR) and constraint.key in BASE_KEYS | HANDLED


def in_table(constraint: Constraint) -> bool:
    """Tell whether a predicate of ours judges a guide's constraint: same key and same expression.

    A key alone is no proof: several guides have an `inv-1` of their own.
    """
    row = TABLE.get(constraint.key)
    return row is not None and constraint.key not in BASE_KEYS and row.expression in ("", constraint.expression)


def judge_fhirpath(value: Json) -> Judge:
    """Return the judge of the invariants that a package brings in FHIRPath; one that cannot be told is said so."""
    rules = [(rule, expression(rule["expression"])) for rule in value["rules"]]

    def judge(instance: Any) -> list[Fault]:
        found = []
        for rule, compiled in rules:
            holds = compiled.holds(instance, rule["type"])
            if holds is None:
                found.append(Fault("information", "incomplete", rule["key"], rule["human"], "un contenu non jugé"))
            elif not holds:
                severity: Severity = "warning" if rule["severity"] == "warning" else "error"
                found.append(Fault(severity, "invariant", rule["key"], rule["human"], "le contraire"))
        return found

    return judge
