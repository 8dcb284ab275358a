"""What is written is judged against the profile of its endpoint, before the transaction."""

from __future__ import annotations

from collections.abc import Sequence

import profiles
from mocks.call import Call
from mocks.fhir.declaration import FhirEndpoint, Resource
from mocks.fhir.outcome import FhirError, OutcomeIssue

_REFUSED = ("error", "fatal")


def validate(call: Call, endpoint: FhirEndpoint, resource: Resource) -> None:
    """Raise FhirError when the resource does not obey: 400 for its structure, 422 otherwise, with all the issues.

    Warnings never refuse; with `noter` errors are only written in the journal.
    """
    if resource.get("resourceType") != endpoint.type:
        seen = resource.get("resourceType", "absent")
        raise FhirError(400, f"resourceType « {seen} » : attendu « {endpoint.type} ».", at="resourceType")
    if endpoint.validate == "ignorer":
        return
    issues = _judged(endpoint, resource) if isinstance(endpoint.validate, str) else endpoint.validate(call, resource)
    refused = [issue for issue in issues if issue.severity in _REFUSED]
    if not refused:
        return
    if endpoint.validate == "noter":
        for issue in refused:
            call.note("profil-non-respecte", f"{issue.at} : {issue.text}")
        return
    raise FhirError(400 if any(issue.code == "structure" for issue in refused) else 422, issues=issues)


def _judged(endpoint: FhirEndpoint, resource: Resource) -> Sequence[OutcomeIssue]:
    return [
        OutcomeIssue(issue.code, issue.message, issue.severity, issue.expression)
        for issue in profiles.validate(resource, endpoint.profile)
    ]
