"""What a judge finds: the common words of `profiles.keywords`, `profiles.related` and `profiles.references`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from profiles.model import Issue, Json, Severity
from profiles.paths import Step

Details = Callable[[Json, list[Step]], list[Issue]]
"""Gives the issues of the value at a path of a resource."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a judge found; `path` is relative to the instance it was given.

    With `details` another definition judged the value: its issues are the report, the other fields are not shown.
    `sentence` begins the message where that of the rule does not fit.
    """

    severity: Severity
    code: str
    rule: str
    expected: str
    seen: str
    path: tuple[str | int, ...] = ()
    details: Details | None = None
    sentence: str = ""


Judge = Callable[[Any], list[Fault]]

NO_MEMBER = Fault("error", "structure", "slice", "un élément de la découpe", "un autre")
"""Said where only yes or no is asked: an item is not in a slice."""


class Compiled(Protocol):
    """A definition ready to judge a value."""

    @property
    def type(self) -> str:
        """The FHIR type that it judges."""

    @property
    def canonical(self) -> str:
        """`url|version`."""

    def valid(self, value: Any) -> bool:
        """Tell whether a value has neither error nor remark."""

    def details(self, resource: Json, path: list[Step]) -> list[Issue]:
        """Return the issues of the value at a path of a resource."""


Reach = Callable[[str], Compiled | None]
"""Gives the compiled definition of a canonical, None when it is not loaded."""

WRONG = ("error", "fatal")
