"""Resources inside others: entries of a Bundle and contained ones by profile, targets of references, extensions."""

from __future__ import annotations

from typing import Any

import pytest

from profiles import Registry, validate
from tests.profiles.made import HL7, URL, cut, extension, profile, registry, said, sliced

Json = dict[str, Any]
PATIENT = "urn:uuid:53f2dbba-1f4b-4a5e-8c43-0f8b6a1c5e0a"
PERSON: Json = {"resourceType": "Patient", "id": "p1", "name": [{"family": "DESSAI"}]}
SLOT: Json = {
    "resourceType": "Slot", "id": "s1", "schedule": {"reference": "Schedule/1"}, "status": "free",
    "start": "2026-03-01T10:00:00+01:00", "end": "2026-03-01T10:30:00+01:00",
}  # fmt: skip
NAMED = profile("named", "Patient", {"id": "Patient.name", "min": 1})
FREE = profile("free", "Slot", {"id": "Slot.comment", "min": 1})


def bundle(*resources: Json, **more: Any) -> Json:
    entries = [
        {"fullUrl": f"https://exemple.test/fhir/{r['resourceType']}/{r.get('id')}", "resource": r} for r in resources
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries, **more}


def by_profile(kind: str, rules: str = "open") -> Registry:
    def entry(name: str, code: str, minimum: int) -> tuple[Json, Json]:
        resource = {"id": f"Bundle.entry:{name}.resource", "min": 1, "type": [{"code": code, "profile": [URL + name]}]}
        return cut(f"Bundle.entry:{name}", min=minimum, max="1"), resource

    slicing = sliced("Bundle.entry", (kind, "resource"), rules=rules)
    return registry(
        NAMED, FREE, profile("b", "Bundle", slicing, *entry("named", "Patient", 1), *entry("free", "Slot", 0))
    )


@pytest.mark.parametrize("kind", ["profile", "type"])
def test_entries(kind: str) -> None:
    known = by_profile(kind)
    assert said(bundle(PERSON, {**SLOT, "comment": "x"}), "b", known) == []
    assert said(bundle({**SLOT, "comment": "x"}), "b", known) == [("Bundle.entry", "min=1")]


@pytest.mark.parametrize("kind", ["profile", "type"])
def test_what_is_wrong_with_an_entry_is_told_inside_it(kind: str) -> None:
    """Not "an entry is missing": the entry is there, and departs from its profile."""
    nameless = {k: v for k, v in PERSON.items() if k != "name"}
    (issue,) = validate(bundle(nameless), URL + "b", registry=by_profile(kind))
    assert (issue.expression, issue.rule) == ("Bundle.entry[0].resource.name", "min=1")
    assert issue.profile == URL + "named|1.0.0"


def test_an_entry_that_departs_from_an_optional_profile_is_in_no_slice() -> None:
    assert said(bundle(PERSON, SLOT), "b", by_profile("profile")) == []
    assert said(bundle(PERSON, SLOT), "b", by_profile("type")) == [("Bundle.entry[1].resource.comment", "min=1")]


def test_closed_entries_tell_the_cause() -> None:
    found = said(bundle(PERSON, SLOT), "b", by_profile("profile", "closed"))
    assert found == [("Bundle.entry[1].resource.comment", "min=1")]
    other = {"resourceType": "Basic", "code": {"text": "x"}}
    assert said(bundle(PERSON, other), "b", by_profile("profile", "closed")) == [("Bundle.entry[1]", "slicing=closed")]


def test_profiles_of_which_one_must_hold() -> None:
    both = [{"code": "Patient", "profile": [URL + "named", URL + "born"]}]
    known = registry(
        NAMED,
        profile("born", "Patient", {"id": "Patient.birthDate", "min": 1}, {"id": "Patient.gender", "min": 1}),
        profile("b", "Bundle", {"id": "Bundle.entry.resource", "type": both}),
    )
    assert said(bundle({"resourceType": "Patient", "birthDate": "2000-01-01", "gender": "male"}), "b", known) == []
    assert said(bundle({"resourceType": "Patient", "id": "x"}), "b", known) == [
        ("Bundle.entry[0].resource.name", "min=1")
    ]
    assert said(bundle(SLOT), "b", known) == [("Bundle.entry[0].resource", "type")]


def test_contained_by_profile() -> None:
    known = registry(
        NAMED,
        profile(
            "a",
            "Appointment",
            sliced("Appointment.contained", ("profile", "$this")),
            cut(
                "Appointment.contained:patient", min=1, max="1", type=[{"code": "Patient", "profile": [URL + "named"]}]
            ),
        ),
    )
    actor = {"actor": {"reference": "#p1"}, "status": "accepted"}
    row: Json = {"resourceType": "Appointment", "status": "proposed", "participant": [actor]}
    assert said({**row, "contained": [PERSON]}, "a", known) == []
    anonymous = {"resourceType": "Patient", "id": "p1"}
    assert said({**row, "contained": [anonymous]}, "a", known) == [("Appointment.contained", "min=1")]


def related() -> Registry:
    target = [{"code": "Reference", "targetProfile": [URL + "named"]}]
    return registry(NAMED, FREE, profile("a", "Appointment", {"id": "Appointment.participant.actor", "type": target}))


def appointment(reference: str, contained: Json | None = None) -> Json:
    actor = {"actor": {"reference": reference}, "status": "accepted"}
    row: Json = {"resourceType": "Appointment", "id": "a1", "status": "proposed", "participant": [actor]}
    return {**row, "contained": [contained]} if contained else row


ANONYMOUS: Json = {"resourceType": "Patient", "id": "p1"}


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (appointment("#p1", PERSON), []),
        (appointment("#p1", ANONYMOUS), [("Appointment.contained[0].name", "min=1")]),
        (appointment("#absent", PERSON),
         [("Appointment.participant[0].actor.reference", "ref-1"), ("Appointment", "dom-3")]),
        (appointment("Patient/1"), []),
        (appointment("Slot/1"), [("Appointment.participant[0].actor.reference", "reference")]),
        (appointment("https://autre.test/fhir/Patient/1"), []),
        (appointment(PATIENT), []),
    ],
)  # fmt: skip
def test_targets_out_of_a_bundle(resource: Json, expected: list[tuple[str, str]]) -> None:
    assert said(resource, "a", related()) == expected


@pytest.mark.parametrize(
    ("full_url", "reference", "reached"),
    [(PATIENT, PATIENT, True), ("https://x.test/fhir/Patient/p1", "Patient/p1", True),
     ("https://x.test/fhir/Patient/p1", "https://x.test/fhir/Patient/p1/_history/2", True),
     (PATIENT, "Patient/p1", False), ("https://x.test/fhir/Patient/p1", "https://y.test/fhir/Patient/p1", False)],
)  # fmt: skip
def test_targets_in_a_bundle(full_url: str, reference: str, reached: bool) -> None:
    known = registry(
        NAMED,
        profile("a", "Appointment", {"id": "Appointment.participant.actor",
                                     "type": [{"code": "Reference", "targetProfile": [URL + "named"]}]}),
        profile("b", "Bundle", {"id": "Bundle.entry.resource",
                                "type": [{"code": "Appointment", "profile": [URL + "a"]}, {"code": "Patient"}]}),
    )  # fmt: skip
    entries = [{"fullUrl": full_url, "resource": ANONYMOUS},
               {"fullUrl": "https://x.test/fhir/Appointment/a1", "resource": appointment(reference)}]  # fmt: skip
    found = said({"resourceType": "Bundle", "type": "collection", "entry": entries}, "b", known)
    assert found == ([("Bundle.entry[0].resource.name", "min=1")] if reached else [])


def test_references_that_go_round_end() -> None:
    """Two contained resources refer to each other, each with a profile asked of the other."""
    asked = [{"code": "Reference", "targetProfile": [URL + "loop"]}]
    loop = profile("loop", "Patient", {"id": "Patient.link.other", "type": asked})
    holder = profile("a", "Appointment", {"id": "Appointment.participant.actor", "type": asked})
    first = {"resourceType": "Patient", "id": "p1", "link": [{"other": {"reference": "#p2"}, "type": "seealso"}]}
    second = {"resourceType": "Patient", "id": "p2", "link": [{"other": {"reference": "#p1"}, "type": "seealso"}]}
    resource = {**appointment("#p1"), "contained": [first, second]}
    assert said(resource, "a", registry(loop, holder)) == []
    second["gender"] = "inconnu"
    found = said(resource, "a", registry(loop, holder))
    assert found == [("Appointment.contained[1].gender", "binding")]


def test_an_extension_has_its_own_profile_and_nested_ones() -> None:
    known = registry(
        extension(
            "outer",
            sliced("Extension.extension", ("value", "url"), rules="closed"),
            cut("Extension.extension:part", min=1, max="1"),
            {"id": "Extension.extension:part.url", "fixedUri": "part"},
            {"id": "Extension.extension:part.value[x]", "min": 1, "type": [{"code": "boolean"}]},
            {"id": "Extension.value[x]", "max": "0"},
            context="Patient",
        ),
        profile("p", "Patient"),
    )

    def person(*parts: Json) -> Json:
        return {"resourceType": "Patient", "extension": [{"url": URL + "outer", "extension": list(parts)}]}

    part: Json = {"url": "part", "valueBoolean": True}
    place = "Patient.extension[0].extension"
    assert said(person(part), "p", known) == []
    assert said(person(part, part), "p", known) == [(place, "max=1")]
    assert said(person(part, {"url": "autre", "valueBoolean": True}), "p", known) == [(f"{place}[1]", "slicing=closed")]
    assert said(person({"url": "part", "valueString": "x"}), "p", known) == [
        (f"{place}[0].value.ofType(string)", "unknown-element")
    ]  # fmt: skip


def test_an_extension_out_of_place() -> None:
    known = registry(
        extension("only-slot", {"id": "Extension.value[x]", "type": [{"code": "boolean"}]}, context="Slot"),
        profile("p", "Patient"),
    )
    resource = {"resourceType": "Patient", "extension": [{"url": URL + "only-slot", "valueBoolean": True}]}
    assert said(resource, "p", known) == [("Patient.extension[0].url", "context")]


def test_limits_on_values() -> None:
    known = registry(
        profile(
            "o",
            "Observation",
            {"id": "Observation.value[x]", "type": [{"code": "Quantity"}, {"code": "integer"}],
             "minValueInteger": 0, "maxValueInteger": 10},
            {"id": "Observation.issued", "minValueInstant": "2026-01-01T00:00:00Z"},
            {"id": "Observation.code.text", "maxLength": 5},
        )
    )  # fmt: skip
    base: Json = {"resourceType": "Observation", "status": "final", "code": {"text": "poids"}}
    assert said({**base, "valueInteger": 10, "issued": "2026-01-01T01:00:00+01:00"}, "o", known) == []
    assert said({**base, "valueInteger": 11}, "o", known) == [("Observation.value.ofType(integer)", "maxValue")]
    assert said({**base, "valueInteger": -1}, "o", known) == [("Observation.value.ofType(integer)", "minValue")]
    assert said({**base, "issued": "2026-01-01T00:30:00+01:00"}, "o", known) == [("Observation.issued", "minValue")]
    assert said({**base, "code": {"text": "taille"}}, "o", known) == [("Observation.code.text", "maxLength")]


def test_a_recursive_element_is_judged_at_every_level() -> None:
    item: Json = {"linkId": "1", "type": "group", "item": [{"type": "string"}]}
    resource = {"resourceType": "Questionnaire", "status": "draft", "item": [item]}
    issues = validate(resource, HL7 + "Questionnaire")
    assert [i.expression for i in issues] == ["Questionnaire.item[0].item[0].linkId"]


def test_nothing_is_remembered_outside_a_judgment() -> None:
    """A compiled profile asked directly, on values that come and go at the same address."""
    asked = {"id": "Bundle.entry.resource", "type": [{"code": "Patient", "profile": [URL + "named"]}]}
    known = registry(NAMED, profile("b", "Bundle", asked))
    compiled = known.compiled(URL + "b")
    for _ in range(50):
        assert compiled.valid(bundle(dict(PERSON)))
        assert not compiled.valid(bundle(dict(ANONYMOUS)))
