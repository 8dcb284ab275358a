"""What is deposited by FHIR against the profiles of PDSm 3.1.1 (setting `fhir_validation`)."""

from __future__ import annotations

import profiles
from mocks.call import Call
from mocks.dmp.pdsm.names import Resource
from mocks.fhir import FhirError, OutcomeIssue

_REFUSED = ("error", "fatal")


def judge(call: Call, resource: Resource, profile: str) -> None:
    """Raise FhirError when a resource does not obey: 400 for its structure, whatever the setting, 422 otherwise."""
    found = [one for one in profiles.validate(resource, profile) if one.severity in _REFUSED]
    broken = any(one.code == "structure" or one.rule.startswith("type:") for one in found)
    if found and (broken or call.setting("fhir_validation") == "refuser"):
        issues = [OutcomeIssue(one.code, one.message, one.severity, one.expression) for one in found]
        raise FhirError(400 if broken else 422, issues=issues)
    for one in found:
        call.note("profil-non-respecte", f"{one.expression} : {one.message}")


def judge_type(resource: Resource) -> None:
    """Raise FhirError 422 when what a PATCH leaves is no resource of its type."""
    found = [one for one in profiles.validate(resource) if one.severity in _REFUSED]
    if found:
        raise FhirError(422, issues=[OutcomeIssue(one.code, one.message, at=one.expression) for one in found])
