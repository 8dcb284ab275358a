"""How deep and how large a resource may be: beyond, the judgment ends with an issue, in bounded time and memory."""

from __future__ import annotations

from typing import Any

from profiles.model import FHIR, Issue, Json

MAX_DEPTH = 200  # levels of JSON; the deepest published example has about 30
MAX_VALUES = 1_000_000  # values of a document, those of its nested resources included
MAX_DETAILED = 50_000  # values of one invalid resource whose faults are listed, nested resources left out
MAX_ISSUES = 1_000  # issues of one document


def too_large(document: Any) -> Issue | None:
    """Return why a document is refused unread: too deep (or cyclic), or of too many values.

    Level after level, without recursion: the engine that reads schemas follows the depth of its input.
    """
    level: list[Any] = [document]
    count = 0
    for _ in range(MAX_DEPTH):
        following: list[Any] = []
        for value in level:
            kind = type(value)
            if kind is dict:
                following += value.values()
            elif kind is list:
                following += value
            if len(following) > MAX_VALUES:
                break
        if not following:
            return None
        count += len(following)
        if count > MAX_VALUES:
            return refusal(document, f"au plus {MAX_VALUES} valeurs")
        level = following
    return refusal(document, f"au plus {MAX_DEPTH} niveaux")


def too_many_values(resource: Json) -> Issue | None:
    """Return why the faults of a resource are not listed one by one: it holds too many values of its own."""
    queue: list[Any] = [resource]
    count = 0
    while queue:
        value = queue.pop()
        if isinstance(value, dict) and ("resourceType" not in value or value is resource):
            queue.extend(value.values())
            count += len(value)
        elif isinstance(value, list):
            queue.extend(value)
            count += len(value)
        if count > MAX_DETAILED:
            return refusal(resource, f"au plus {MAX_DETAILED} valeurs pour le détail des anomalies")
    return None


def refusal(document: Any, expected: str) -> Issue:
    """Return the issue of a document that is too large."""
    name = document.get("resourceType") if isinstance(document, dict) else None
    where = name if isinstance(name, str) and name.isalpha() else "Resource"
    message = f"Le contenu est trop grand pour être jugé : attendu {expected}, vu davantage."
    return Issue("fatal", "too-costly", where, message, expected, "davantage", FHIR + where, "taille")


def cut(document: Json) -> Issue:
    """Return the issue that says that there are more."""
    where = str(document["resourceType"])
    expected = f"au plus {MAX_ISSUES} anomalies"
    message = f"La liste des anomalies est coupée : attendu {expected}, vu davantage."
    return Issue("error", "too-costly", where, message, expected, "davantage", FHIR + where, "anomalies")
