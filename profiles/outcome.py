"""Issues as the OperationOutcome that a FHIR server answers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from profiles.model import Issue, Json

FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def outcome(issues: Iterable[Issue]) -> Json:
    """Return the OperationOutcome of issues: French text, rule and profile as diagnostics, FHIRPath.

    Without any issue the outcome says so: R4 asks for at least one (`issue` 1..*).
    """
    rows = [row(issue) for issue in issues]
    return {"resourceType": "OperationOutcome", "issue": rows or [NOTHING]}


NOTHING: Json = {"severity": "information", "code": "informational", "details": {"text": "Aucune anomalie."}}


def row(issue: Issue) -> Json:
    """Return one OperationOutcome.issue."""
    return {
        "severity": issue.severity,
        "code": issue.code,
        "details": {"text": clean(issue.message)},
        "diagnostics": clean(f"{issue.rule} ({issue.profile})"),
        "expression": [clean(issue.expression)],
    }


def clean(text: str) -> str:
    """Return a text that a FHIR string accepts: the resource judged may hold what the outcome may not."""
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
