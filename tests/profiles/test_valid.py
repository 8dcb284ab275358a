"""Valid resources give no issue, against the base and against the profiles that we ship."""

from __future__ import annotations

import subprocess
import sys
from types import MappingProxyType

import pytest

from profiles import validate
from tests.profiles import examples as ex

CASES = [
    (ex.APPOINTMENT, "fr-core-appointment"),
    (ex.SLOT, "fr-core-slot"),
    (ex.SCHEDULE, "fr-core-schedule"),
    (ex.PATIENT, "fr-core-patient"),
    (ex.PATIENT_INS, "fr-core-patient"),
    (ex.PATIENT_INS, "fr-core-patient-ins"),
    (ex.PRACTITIONER, "fr-core-practitioner"),
    (ex.ROLE, "fr-core-practitioner-role"),
    (ex.LOCATION, "fr-core-location"),
    (ex.ORGANIZATION, "fr-core-organization"),
    (ex.SERVICE, "fr-core-healthcare-service"),
    (ex.RELATED, "fr-core-related-person"),
]
BASE_ONLY = [ex.OBSERVATION, ex.BUNDLE, ex.DOCUMENT, ex.CAPABILITY, ex.OUTCOME, ex.BINARY, ex.DEVICE]


def name(value: object) -> str:
    return value["resourceType"] if isinstance(value, dict) else str(value)


@pytest.mark.parametrize("resource", [*BASE_ONLY, *(r for r, _ in CASES)], ids=name)
def test_base(resource: ex.Resource) -> None:
    assert validate(resource) == []


@pytest.mark.parametrize(("resource", "profile"), CASES, ids=name)
def test_fr_core(resource: ex.Resource, profile: str) -> None:
    assert validate(resource, ex.fr(profile)) == []


@pytest.mark.parametrize(
    ("resource", "profile"),
    [(ex.APPOINTMENT, "gap-fr-appointment"), (ex.SLOT, "gap-fr-slot"), (ex.SCHEDULE, "gap-fr-schedule")],
    ids=name,
)
def test_gap(resource: ex.Resource, profile: str) -> None:
    assert validate(resource, f"{ex.GAP}{profile}|3.0.0") == []


def test_any_mapping_is_accepted() -> None:
    assert validate(MappingProxyType(ex.SLOT)) == []


def test_warnings_are_not_errors() -> None:
    noshow = ex.spoiled(ex.spoiled(ex.APPOINTMENT, ("status",), "noshow"), ("cancelationReason",), {"text": "absent"})
    assert [(i.severity, i.rule) for i in validate(noshow)] == [("warning", "app-4-noshow")]


def test_starting_does_not_import_fhir_resources() -> None:
    code = "import sys, profiles; profiles.validate({'resourceType': 'Slot'}); print('fhir' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
