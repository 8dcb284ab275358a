"""Issues as the OperationOutcome that a FHIR server answers."""

from __future__ import annotations

from collections.abc import Iterable

from profiles.model import Issue, Json


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
        "details": {"text": issue.message},
        "diagnostics": f"{issue.rule} ({issue.profile})",
        "expression": [issue.expression],
    }
