"""Profiles that a resource claims in meta.profile: judged when the caller asks for it, at every level."""

from __future__ import annotations

from typing import Any

from profiles import validate
from tests.profiles.made import HL7, URL, profile, registry

Json = dict[str, Any]
KNOWN = registry(profile("named", "Patient", {"id": "Patient.name", "min": 1}))


def patient(*claims: str) -> Json:
    return {"resourceType": "Patient", "id": "p", "meta": {"profile": list(claims)}}


def said(resource: Json, declared: bool) -> list[tuple[str, str, str]]:
    return [(i.severity, i.expression, i.rule) for i in validate(resource, registry=KNOWN, declared=declared)]


def test_claims_count_when_asked() -> None:
    assert said(patient(URL + "named"), declared=False) == []
    assert said(patient(URL + "named"), declared=True) == [("error", "Patient.name", "min=1")]
    assert said(patient(URL + "named|1.0.0"), declared=True) == [("error", "Patient.name", "min=1")]


def test_claims_inside_count_too() -> None:
    entry = {"fullUrl": "urn:uuid:53f2dbba-1f4b-4a5e-8c43-0f8b6a1c5e0a", "resource": patient(URL + "named")}
    bundle: Json = {"resourceType": "Bundle", "type": "collection", "entry": [entry]}
    assert said(bundle, declared=False) == []
    assert said(bundle, declared=True) == [("error", "Bundle.entry[0].resource.name", "min=1")]


def test_a_claim_that_is_not_loaded_is_said() -> None:
    expected = [("information", "Patient.meta.profile[0]", "profil-inconnu")]
    assert said(patient(URL + "absent"), declared=True) == expected
    assert said(patient(URL + "named|9.9.9"), declared=True) == expected


def test_a_claim_for_another_type_is_an_error() -> None:
    assert ("error", "Patient.resourceType", "type") in said(patient(HL7 + "Slot"), declared=True)


def test_one_fault_is_said_once() -> None:
    twice = {**patient(URL + "named", URL + "named|1.0.0"), "gender": "x"}
    assert said(twice, declared=True) == [("error", "Patient.gender", "binding"), ("error", "Patient.name", "min=1")]
