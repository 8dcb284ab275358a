"""The primitive types accept and refuse what R4 says, on real places of real resources."""

from __future__ import annotations

from typing import Any

import pytest

from profiles import validate

PLACES: dict[str, tuple[str, str]] = {
    "instant": ("Bundle", "timestamp"),
    "dateTime": ("Appointment", "created"),
    "date": ("Patient", "birthDate"),
    "id": ("Patient", "id"),
    "uri": ("Patient", "implicitRules"),
    "code": ("Patient", "language"),
    "string": ("Appointment", "description"),
    "positiveInt": ("Appointment", "minutesDuration"),
    "unsignedInt": ("Appointment", "priority"),
    "base64Binary": ("Binary", "data"),
    "boolean": ("Patient", "active"),
}
CASES: list[tuple[str, Any, bool]] = [
    ("instant", "2024-02-29T23:59:60Z", True),
    ("instant", "2024-02-29T23:59:59.123456+14:00", True),
    ("instant", "2023-02-29T00:00:00Z", False),
    ("instant", "2024-04-31T00:00:00Z", False),
    ("instant", "2024-10-27T09:00:00", False),
    ("instant", "2024-10-27T09:00+01:00", False),
    ("instant", "2024-10-27T24:00:00Z", False),
    ("instant", "2024-10-27", False),
    ("instant", "2024-10-27T09:00:00+15:00", False),
    ("instant", "2024-10-27T09:00:00Z\n", False),
    ("dateTime", "2024", True),
    ("dateTime", "2024-10", True),
    ("dateTime", "2024-10-27", True),
    ("dateTime", "2024-10-27T09:00:00+01:00", True),
    ("dateTime", "2024-10-27T09:00:00", False),
    ("dateTime", "2024-13", False),
    ("date", "2000-02-29", True),
    ("date", "1900-02-29", False),
    ("date", "2023-02-29", False),
    ("date", "0000-01-01", False),
    ("date", "27/10/2024", False),
    ("date", "2024-10-27T09:00:00Z", False),
    ("id", "a" * 64, True),
    ("id", "a" * 65, False),
    ("id", "é", False),
    ("uri", "urn:oid:1.2.250.1", True),
    ("uri", "a b", False),
    ("uri", "", False),
    ("code", "fr-FR", True),
    ("code", "a b", True),
    ("code", "a  b", False),
    ("code", " a", False),
    ("string", "un\nrendez-vous\tété", True),
    ("string", "\x00", False),
    ("string", "", False),
    ("string", 3, False),
    ("positiveInt", 1, True),
    ("positiveInt", 2**31, False),
    ("positiveInt", 1.5, False),
    ("unsignedInt", 0, True),
    ("unsignedInt", -1, False),
    ("base64Binary", "YWJj", True),
    ("base64Binary", "YW Jj\n", False),
    ("base64Binary", "YWI=", True),
    ("base64Binary", "YWI", False),
    ("boolean", False, True),
    ("boolean", 0, False),
]
COMPANIONS: dict[str, dict[str, Any]] = {
    "Bundle": {"type": "collection"},
    "Appointment": {"status": "proposed", "participant": [{"type": [{"text": "x"}], "status": "accepted"}]},
    "Binary": {"contentType": "text/plain"},
    "Patient": {"gender": "female"},
}


@pytest.mark.parametrize(("primitive", "value", "good"), CASES)
def test_primitive(primitive: str, value: Any, good: bool) -> None:
    resource_type, element = PLACES[primitive]
    issues = validate({"resourceType": resource_type, **COMPANIONS[resource_type], element: value})
    expected = [] if good else [(f"{resource_type}.{element}", "value", f"type:{primitive}")]
    assert [(i.expression, i.code, i.rule) for i in issues] == expected
