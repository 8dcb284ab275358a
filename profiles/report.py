"""From the errors of the JSON Schema engine and of our judges to issues, without those that only follow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from jsonschema_rs import ValidationError

from profiles.bounds import MAX_ISSUES
from profiles.builders import BUILDERS, other
from profiles.causes import identity
from profiles.faults import WRONG, Fault
from profiles.keywords import Judges
from profiles.model import Issue, Json
from profiles.paths import Step, value_at
from profiles.places import Place, place_of
from profiles.wording import shown


def issues_of(
    errors: Iterable[ValidationError], schema: Json, judges: Judges, resource: Json, path: list[Step]
) -> list[Issue]:
    """Return the issues of the errors of the value at a path of a resource, without repeats."""
    found: dict[tuple[str, str, str], tuple[Issue, Json]] = {}
    for error in errors:
        place = place_of(error, schema, judges, resource, path)
        builder = BUILDERS.get(type(error.kind).__name__, other)
        issues = judged(place) if type(error.kind).__name__ == "Custom" else builder(place)
        for issue in issues:
            found.setdefault(identity(issue), (issue, place.note))
        if len(found) > MAX_ISSUES:
            break
    return [issue for issue, note in found.values() if not follows(issue, note, found.values())]


def follows(issue: Issue, note: Json, found: Iterable[tuple[Issue, Json]]) -> bool:
    """Tell whether an item is in no slice only because of a fault in what tells its slice (`told`), said already.

    A list that is too short is not said either where the slices that it lacks are.
    """
    place = issue.expression
    if "told" not in note:
        if issue.code != "required" or not issue.seen.isdigit():
            return False
        slices = sum(i.expression == place and i.code == "required" and "slice" in n for i, n in found)
        return slices >= int(issue.rule.removeprefix("min=")) - int(issue.seen)
    if issue.rule != "slicing=closed" and not issue.rule.startswith("min="):
        return False
    item = re.escape(place) + (r"\[\d+\]" if issue.rule != "slicing=closed" else "")
    below = "|".join(re.escape(each) for each in note["told"] if each)
    wanted = re.compile(rf"{item}(?:$|\.)" if "" in note["told"] else rf"{item}(?:$|\.(?:{below})(?![A-Za-z]))")
    return any(i is not issue and i.severity in WRONG and wanted.match(i.expression) for i, _ in found)


def judged(place: Place) -> Iterator[Issue]:
    """A judgment of `profiles.keywords`, made again for its details."""
    name = str(place.error.schema_path[-1])
    note = place.keyword if isinstance(place.keyword, dict) else place.note
    here = replace(place, note=note)
    for fault in place.judges.makers[name](place.keyword)(place.seen):
        if fault.details:
            yield from fault.details(place.resource, place.path)
        else:
            yield fault_issue(here, fault)


def fault_issue(place: Place, fault: Fault) -> Issue:
    """Return the issue of a fault."""
    seen = fault.seen or shown(value_at(place.seen, fault.path) if fault.path else place.seen)
    sentence = fault.sentence or SENTENCES.get(fault.rule) or SENTENCES.get(fault.code, "La règle n'est pas tenue")
    message = f"{sentence} : attendu {fault.expected}, vu {seen}."
    return place.said(fault.severity, fault.code, fault.rule, message, fault.expected, seen, *fault.path)


SENTENCES = {
    "binding-not-listed": "Le code n'a pas pu être vérifié, la liste de son système n'est pas chargée",
    "binding-not-loaded": "Le code n'a pas pu être vérifié, le jeu de valeurs n'est pas chargé",
    "code-invalid": "Le code n'est pas dans le jeu de valeurs",
    "context": "L'extension n'est pas à sa place",
    "incomplete": "La règle n'a pas pu être jugée",
    "invariant": "La règle de cohérence n'est pas tenue",
    "maxValue": "La valeur est trop grande",
    "minValue": "La valeur est trop petite",
    "modifierExtension": "L'extension modificatrice est inconnue",
    "ref-1": "La référence locale ne mène à rien",
    "reference": "La référence ne vise pas le bon type",
    "slicing=openAtEnd": "L'élément n'est pas à sa place dans la liste",
    "slicing=ordered": "L'élément n'est pas à sa place dans la liste",
    "type": "La ressource n'est pas du bon type",
}
