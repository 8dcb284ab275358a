"""What an invariant is: a key, what it expects in French, its predicate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from profiles.model import Json, Severity

Holds = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Invariant:
    """An invariant: what it expects in French, its predicate, how grave a breach is.

    `sure` is a JSON Schema under which it holds for certain: in the hot path it spares the call of the predicate.
    `shows` are the elements whose content the message gives. `expression` is the FHIRPath of an invariant of a guide:
    another guide may use the same key for something else. `of_value` says that it is about a primitive value.
    """

    key: str
    expected: str
    holds: Holds
    severity: Severity = "error"
    sure: Json | None = None
    shows: tuple[str, ...] = ()
    expression: str = ""
    of_value: bool = False
