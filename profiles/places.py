"""The place of an error: what the compiler noted there, the slice it is in, how an issue is written about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jsonschema_rs import ValidationError

from profiles.keywords import Judges
from profiles.model import FHIR, Issue, Json, Severity
from profiles.paths import Step, fhirpath, value_at


@dataclass(frozen=True, slots=True)
class Place:
    """An error, and what is known around it: the schema that failed (`around`), its keyword, the nearest note."""

    error: ValidationError
    resource: Json
    around: Json
    keyword: Any
    note: Json
    path: list[Step]
    judges: Judges
    inside: str = ""

    @property
    def seen(self) -> Any:
        """The value at the place of the error."""
        return value_at(self.resource, self.path)

    def issue(self, code: str, rule: str, message: str, expected: str, seen: str, *more: Step) -> Issue:
        """Return an error at this place (or below it)."""
        return self.said("error", code, rule, message, expected, seen, *more)

    def said(
        self, severity: Severity, code: str, rule: str, message: str, expected: str, seen: str, *more: Step
    ) -> Issue:
        """Return an issue of any severity at this place."""
        where = fhirpath(self.resource, [*self.path, *more])
        profile = self.note.get("profile") or FHIR + str(self.note.get("rule", "")).removeprefix("type:")
        if self.inside and "slice" not in self.note:
            message = f"{message.removesuffix('.')} (découpe {self.inside})."
        return Issue(severity, code, where, message, expected, seen, profile, rule)


def place_of(error: ValidationError, schema: Json, judges: Judges, resource: Json, path: list[Step]) -> Place:
    """Return the place of an error: its keyword's value, the nearest note above it, the slice it is in."""
    current: Any = schema
    around: Json = schema
    note: Json = {}
    inside = ""
    for step in error.schema_path:
        if isinstance(current, dict):
            around = current
            said = current.get("x", note)
            inside = said.get("inside", inside)
            note = note if "inside" in said else said
        current = value_at(current, [step])
    return Place(error, resource, around, current, note, [*path, *error.instance_path], judges, inside)


def last_name(path: list[Step]) -> str:
    """Return the name of the element a path leads to."""
    names = [s for s in path if isinstance(s, str)]
    return names[-1] if names else "la ressource"
