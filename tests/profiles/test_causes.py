"""One cause, one message; two causes, two messages."""

from __future__ import annotations

import pytest

from profiles.causes import first_causes
from profiles.model import Issue, Severity


def issue(expression: str, rule: str, code: str = "structure", severity: Severity = "error") -> Issue:
    return Issue(severity, code, expression, "message.", "attendu", "vu", "profil", rule)


SYSTEM = issue("Patient.telecom[0].system", "min=1", "required")
CONSEQUENCES = [
    (issue("X.a", "max=0"), issue("X.a[0].url", "modifierExtension")),
    (issue("X.status", "type:code", "value"), issue("X.status", "binding", "code-invalid")),
    (issue("X.type.coding[0].system", "fixed", "value"), issue("X.type", "binding", "code-invalid")),
    (issue("X.code.coding", "array"), issue("X.code", "pattern", "value")),
    (issue("X.system", "fixed", "value"), issue("X.system", "pattern", "value")),
    (issue("X.extension[0].extension", "max=0"), issue("X.extension[0]", "ext-1", "invariant")),
    (SYSTEM, issue("Patient.telecom[0]", "cpt-2", "invariant")),
]
OTHER_CAUSES = [
    (issue("X.status", "type:code", "value"), issue("X.statusReason", "binding", "code-invalid")),
    (issue("X.code.text", "type:string", "value", "warning"), issue("X.code", "binding", "code-invalid")),
    (issue("X.a[1]", "max=0"), issue("X.a[10].b", "binding", "code-invalid")),
    (SYSTEM, issue("Patient.telecom[1]", "cpt-2", "invariant")),
    (issue("Patient.telecom[0].rank", "type:positiveInt", "value"), issue("Patient.telecom[0]", "cpt-2", "invariant")),
    (SYSTEM, issue("Patient.identifier", "min=1", "required")),
]


@pytest.mark.parametrize(("cause", "consequence"), CONSEQUENCES)
def test_a_consequence_is_not_said(cause: Issue, consequence: Issue) -> None:
    assert first_causes([cause, consequence]) == [cause]
    assert first_causes([consequence, cause]) == [cause]
    assert first_causes([consequence]) == [consequence]


@pytest.mark.parametrize(("one", "two"), OTHER_CAUSES)
def test_two_causes_are_said(one: Issue, two: Issue) -> None:
    assert first_causes([one, two]) == [one, two]
