"""One cause, one message: issues that only follow from another one are left out.

An issue is dropped only for an error that remains, so a verdict never changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from profiles.faults import WRONG
from profiles.invariants import TABLE
from profiles.model import Issue

IMPOSED = ("pattern", "fixed")
CUT = re.compile(r"[.\[]")


def first_causes(issues: list[Issue]) -> list[Issue]:
    """Return the issues without those that another one explains.

    - a value of the wrong form, or forbidden, explains that it is not in a list, not the one imposed, out of rule;
    - a forbidden element explains all that is wrong in it;
    - a fixed value says more than a pattern, and both more than the list that the element is bound to;
    - what is wrong below a coded or imposed value, or missing in an empty one, explains what is wrong with the whole;
    - an element that is missing or forbidden explains the invariant that speaks of it.
    """
    if len(issues) < 2:
        return issues
    rules: dict[str, set[str]] = {}
    for issue in issues:
        if issue.severity in WRONG:
            rules.setdefault(issue.expression, set()).add(issue.rule)
    within = {above for place in rules for above in ancestors(place)}
    return [issue for issue in issues if not explained(issue, rules, within)]


def identity(issue: Issue) -> tuple[str, str, str]:
    """Return what tells an issue from another: place and rule, and for a count what is counted (which slice)."""
    counted = issue.rule.startswith(("min=", "max="))
    return issue.expression, issue.rule, issue.message.partition(" (découpe")[0].rstrip(".") if counted else ""


def explained(issue: Issue, rules: dict[str, set[str]], within: set[str]) -> bool:
    """Tell whether another error, at the same place or below, is the cause of an issue."""
    here, rule, place = rules.get(issue.expression, set()) - {issue.rule}, issue.rule, issue.expression
    if rule in ("binding", *IMPOSED, "ext-1") and any(malformed(each) for each in here):
        return True
    if any("max=0" in rules.get(above, ()) for above in ancestors(place)):
        return True
    if (rule == "binding" and here & set(IMPOSED)) or (rule == "pattern" and "fixed" in here):
        return True
    if rule in ("binding", *IMPOSED) and place in within:
        return True
    if rule == "empty":
        return any(r.startswith("min=") for below in children(place, rules) for r in rules[below])
    if rule == "ext-1":
        return f"{place}.extension" in rules or f"{place}.value" in rules
    if (row := TABLE.get(rule)) is not None:
        return any(f"{place}.{name}" in rules for name in row.shows)
    return False


def malformed(rule: str) -> bool:
    """Tell whether a rule is about the form or the presence of a value, whatever it holds."""
    return rule.startswith("type:") or rule in ("array", "empty", "max=0")


def ancestors(place: str) -> Iterator[str]:
    """Yield the places that a place is in, itself left out."""
    for found in CUT.finditer(place):
        yield place[: found.start()]


def children(place: str, places: Iterable[str]) -> list[str]:
    """Return the places directly below a place."""
    start = f"{place}."
    return [each for each in places if each.startswith(start) and not CUT.search(each[len(start) :])]
