"""The nouns of the room: an issue, and the errors a caller can meet.

Error tree:

    ProfileError
    ├── UnknownProfile     a canonical that the registry does not hold
    └── UnusableDefinition a StructureDefinition or package that cannot be read
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["fatal", "error", "warning", "information"]
Json = dict[str, Any]

FHIR = "http://hl7.org/fhir/StructureDefinition/"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing said about a resource, as a vendor reads it.

    `code` is a FHIR issue type, `expression` a FHIRPath, `message` one French sentence, `profile` the
    canonical that speaks, `rule` the constraint (`app-3`, `min=1`, `binding`, `type:instant`).
    """

    severity: Severity
    code: str
    expression: str
    message: str
    expected: str
    seen: str
    profile: str
    rule: str


class ProfileError(Exception):
    """Something is wrong with the definitions, not with the resource."""


class UnknownProfile(ProfileError, LookupError):  # noqa: N818
    """The canonical is not known: nothing can be judged, so nothing may pass."""


class UnusableDefinition(ProfileError, ValueError):  # noqa: N818
    """A definition or a package that cannot be read."""


def split_canonical(canonical: str) -> tuple[str, str | None]:
    """Return url and version of a canonical (`url|version`)."""
    url, _, version = canonical.partition("|")
    return url, version or None
