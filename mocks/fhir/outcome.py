"""Refusals of a FHIR server, as OperationOutcome (codes: agenda-sas §6, FHIR R4 issue-type)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

# Issue code of a status when the refusal names none.
DEFAULT_CODES: Mapping[int, str] = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    409: "conflict",
    410: "deleted",
    412: "conflict",
    413: "too-long",
    415: "not-supported",
    422: "business-rule",
    429: "throttled",
    451: "suppressed",
    500: "exception",
    501: "not-supported",
    503: "transient",
}


@dataclass(frozen=True, slots=True)
class OutcomeIssue:
    """One issue of an OperationOutcome.

    code: FHIR issue-type. text: French sentence. at: FHIRPath of the element. details: (system, code) that a
    program can read.
    """

    code: str
    text: str
    severity: str = "error"
    at: str = ""
    details: tuple[str, str] | None = None

    def as_json(self) -> dict[str, Any]:
        """The issue as it stands in OperationOutcome.issue."""
        issue: dict[str, Any] = {"severity": self.severity, "code": self.code, "diagnostics": self.text}
        if self.details is not None:
            issue["details"] = {"coding": [{"system": self.details[0], "code": self.details[1]}]}
        if self.at:
            issue["expression"] = [self.at]
        return issue


class FhirError(Exception):
    """A refusal; whatever raises it ends the interaction, and nothing of it is stored.

    status: HTTP status. text: French sentence. code: FHIR issue-type, by default that of the status. at: FHIRPath
    of the element. details: (system, code). issues: several issues instead of one. headers: of the answer.
    """

    def __init__(
        self,
        status: int,
        text: str = "",
        *,
        code: str = "",
        at: str = "",
        details: tuple[str, str] | None = None,
        issues: Sequence[OutcomeIssue] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(text)
        self.status = status
        self.issues = tuple(issues) or (
            OutcomeIssue(code or DEFAULT_CODES.get(status, "processing"), text, at=at, details=details),
        )
        self.headers = dict(headers or {})

    def place(self, at: str) -> None:
        """Say in which part of a larger body the issues are; at: FHIRPath of that part."""
        self.issues = tuple(replace(issue, at=f"{at}: {issue.at}" if issue.at else at) for issue in self.issues)


def operation_outcome(issues: Sequence[OutcomeIssue]) -> dict[str, Any]:
    """OperationOutcome resource that carries these issues."""
    return {"resourceType": "OperationOutcome", "issue": [issue.as_json() for issue in issues]}
