"""Slices: which items belong to one, what is asked of them, how many, in which order."""

from __future__ import annotations

from typing import Any

import pytest

from profiles import Registry, validate
from profiles.discriminators import steps_of
from tests.profiles.made import HL7, SETS, SYSTEMS, URL, cut, extension, profile, registry, said, sliced

Json = dict[str, Any]
INS, RPPS = "urn:oid:1.2.250.1.213.1.4.10", "urn:oid:1.2.250.1.71.4.2.1"


def patient(*identifiers: Json, **more: Any) -> Json:
    return {"resourceType": "Patient", **({"identifier": list(identifiers)} if identifiers else {}), **more}


def identifiers(rules: str = "open", ordered: bool = False) -> Registry:
    return registry(
        profile(
            "p",
            "Patient",
            sliced("Patient.identifier", ("value", "system"), rules=rules, ordered=ordered),
            cut("Patient.identifier:ins", min=0, max="1"),
            {"id": "Patient.identifier:ins.system", "min": 1, "fixedUri": INS},
            {"id": "Patient.identifier:ins.value", "min": 1},
            cut("Patient.identifier:rpps", min=1, max="1"),
            {"id": "Patient.identifier:rpps.system", "min": 1, "fixedUri": RPPS},
        )
    )


A, B, C = {"system": INS, "value": "1"}, {"system": RPPS, "value": "2"}, {"system": "urn:x", "value": "3"}


@pytest.mark.parametrize(
    ("rules", "ordered", "items", "expected"),
    [
        ("open", False, [B, A, C], []),
        ("open", False, [{"system": INS}, B], [("Patient.identifier[0].value", "min=1")]),
        ("open", False, [A], [("Patient.identifier", "min=1")]),
        ("open", False, [A, A, B], [("Patient.identifier", "max=1")]),
        ("closed", False, [A, B], []),
        ("closed", False, [A, B, C], [("Patient.identifier[2]", "slicing=closed")]),
        ("openAtEnd", False, [A, B, C], []),
        ("openAtEnd", False, [C, A, B], [("Patient.identifier[0]", "slicing=openAtEnd")]),
        ("open", True, [A, C, B], []),
        ("open", True, [B, A], [("Patient.identifier[1]", "slicing=ordered")]),
    ],
)
def test_rules(rules: str, ordered: bool, items: list[Json], expected: list[tuple[str, str]]) -> None:
    assert said(patient(*items), "p", identifiers(rules, ordered)) == expected


def test_the_slice_is_named() -> None:
    (issue,) = validate(patient({"system": INS}, B), URL + "p", registry=identifiers())
    assert issue.message == "L'élément value manque : attendu au moins une fois, vu aucune (découpe ins)."
    assert issue.profile == URL + "p|1.0.0"


def test_a_closed_slicing_names_its_slices() -> None:
    (issue,) = validate(patient(A, B, C), URL + "p", registry=identifiers("closed"))
    assert "ins ou rpps" in issue.message


TYPED = {"coding": [{"system": "urn:t", "code": "INS"}]}


@pytest.mark.parametrize(
    ("row", "item", "inside"),
    [
        ({"id": "Patient.identifier:s.type", "patternCodeableConcept": TYPED}, {"type": TYPED}, True),
        ({"id": "Patient.identifier:s.type", "patternCodeableConcept": TYPED}, {"type": {"text": "INS"}}, False),
        ({"id": "Patient.identifier:s.type", "patternCodeableConcept": TYPED},
         {"type": {"coding": [{"code": "x"}, {"system": "urn:t", "code": "INS", "display": "d"}]}}, True),
    ],
)  # fmt: skip
def test_pattern(row: Json, item: Json, inside: bool) -> None:
    rows = sliced("Patient.identifier", ("pattern", "type")), cut("Patient.identifier:s", min=0, max="*"), row
    known = registry(profile("p", "Patient", *rows, {"id": "Patient.identifier:s.value", "min": 1}))
    assert said(patient(item), "p", known) == ([("Patient.identifier[0].value", "min=1")] if inside else [])


def test_the_pattern_of_a_parent_tells_too() -> None:
    known = registry(
        profile(
            "p",
            "Patient",
            sliced("Patient.identifier", ("value", "type.coding.code")),
            cut("Patient.identifier:s", min=0, max="*"),
            {"id": "Patient.identifier:s.type", "patternCodeableConcept": {**TYPED, "text": "INS"}},
        )
    )
    found = said(patient({"type": TYPED}), "p", known)
    assert found == [("Patient.identifier[0].type.text", "pattern")] or found == [
        ("Patient.identifier[0].type", "pattern")
    ]


def test_exists() -> None:
    known = registry(
        profile(
            "p",
            "Patient",
            sliced("Patient.identifier", ("exists", "period")),
            cut("Patient.identifier:dated", min=0, max="1"),
            {"id": "Patient.identifier:dated.period", "min": 1},
            {"id": "Patient.identifier:dated.value", "min": 1},
            cut("Patient.identifier:undated", min=0, max="1"),
            {"id": "Patient.identifier:undated.period", "max": "0"},
            {"id": "Patient.identifier:undated.system", "min": 1},
        )
    )
    dated: Json = {"period": {"start": "2026-01-01"}}
    assert said(patient({**dated, "value": "1"}, {"system": "urn:x"}), "p", known) == []
    assert said(patient(dated), "p", known) == [("Patient.identifier[0].value", "min=1")]
    assert said(patient({"value": "1"}), "p", known) == [("Patient.identifier[0].system", "min=1")]


@pytest.mark.parametrize("there", ["required", "forbidden"])
def test_exists_of_an_extension(there: str) -> None:
    path = f"extension('{URL}mark')"
    known = registry(
        extension("mark", {"id": "Extension.value[x]", "min": 1, "type": [{"code": "boolean"}]}),
        profile(
            "p",
            "Patient",
            sliced("Patient.telecom", ("exists", path)),
            cut("Patient.telecom:s", min=0, max="*"),
            cut("Patient.telecom:s.extension:mark", min=int(there == "required"), max=str(int(there == "required")),
                type=[{"code": "Extension", "profile": [URL + "mark"]}]),
            {"id": "Patient.telecom:s.value", "min": 1},
        ),
    )  # fmt: skip
    marked: Json = {"extension": [{"url": URL + "mark", "valueBoolean": True}], "system": "email"}
    expected = [("Patient.telecom[0].value", "min=1")]
    assert said(patient(telecom=[marked]), "p", known) == (expected if there == "required" else [])
    assert said(patient(telecom=[{"system": "email"}]), "p", known) == ([] if there == "required" else expected)


def test_value_of_an_extension() -> None:
    known = registry(
        extension("kind", {"id": "Extension.value[x]", "min": 1, "type": [{"code": "code"}]}),
        profile(
            "p",
            "Patient",
            sliced("Patient.telecom", ("value", f"extension('{URL}kind').value")),
            cut("Patient.telecom:mss", min=1, max="1"),
            cut("Patient.telecom:mss.extension:kind", min=1, max="1",
                type=[{"code": "Extension", "profile": [URL + "kind"]}]),
            {"id": "Patient.telecom:mss.extension:kind.value[x]", "patternCode": "MSS"},
            {"id": "Patient.telecom:mss.value", "min": 1},
        ),
    )  # fmt: skip

    def telecom(kind: str) -> Json:
        return {"extension": [{"url": URL + "kind", "valueCode": kind}], "system": "email"}

    assert said(patient(telecom=[telecom("MSS")]), "p", known) == [("Patient.telecom[0].value", "min=1")]
    assert said(patient(telecom=[telecom("autre")]), "p", known) == [("Patient.telecom", "min=1")]


def test_a_required_binding_tells() -> None:
    value_set = {
        "resourceType": "ValueSet", "url": SETS + "vs", "version": "1",
        "compose": {"include": [{"system": SYSTEMS + "cs", "concept": [{"code": "a"}, {"code": "b"}]}]},
    }  # fmt: skip
    known = registry(
        value_set,
        profile(
            "o",
            "Organization",
            sliced("Organization.type", ("value", "$this")),
            cut("Organization.type:s", min=1, max="1", binding={"strength": "required", "valueSet": SETS + "vs"}),
            {"id": "Organization.type:s.text", "min": 1},
        ),
    )

    def organization(code: str) -> Json:
        concept = {"coding": [{"system": SYSTEMS + "cs", "code": code}]}
        return {"resourceType": "Organization", "name": "x", "type": [concept]}

    assert said(organization("a"), "o", known) == [("Organization.type[0].text", "min=1")]
    assert said(organization("z"), "o", known) == [("Organization.type", "min=1")]


def test_a_value_set_that_is_not_loaded_never_accuses_a_slice() -> None:
    binding = {"strength": "required", "valueSet": SETS + "absent"}
    rows = sliced("Organization.type", ("value", "$this")), cut("Organization.type:s", min=1, max="1", binding=binding)
    known = registry(profile("o", "Organization", *rows, {"id": "Organization.type:s.text", "min": 1}))
    resource = {"resourceType": "Organization", "name": "x", "type": [{"coding": [{"code": "z"}]}] * 2}
    assert said(resource, "o", known) == []


def test_slices_of_a_choice_element() -> None:
    known = registry(
        profile(
            "o",
            "Observation",
            sliced("Observation.value[x]", ("type", "$this"), rules="closed"),
            cut("Observation.value[x]:mesure", min=0, max="1", type=[{"code": "Quantity"}]),
            {"id": "Observation.value[x]:mesure.unit", "min": 1},
            cut("Observation.value[x]:valueString", min=0, max="1", type=[{"code": "string"}], maxLength=3),
        )
    )
    base: Json = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}
    assert said({**base, "valueQuantity": {"value": 1, "unit": "kg"}}, "o", known) == []
    expected = [("Observation.value.ofType(Quantity).unit", "min=1")]
    assert said({**base, "valueQuantity": {"value": 1}}, "o", known) == expected
    assert said({**base, "valueString": "long"}, "o", known) == [("Observation.value.ofType(string)", "maxLength")]


def test_a_slice_of_a_type_of_choice() -> None:
    known = registry(
        profile(
            "o",
            "Observation",
            sliced("Observation.component", ("type", "value")),
            cut("Observation.component:mesure", min=1, max="1"),
            {"id": "Observation.component:mesure.value[x]", "min": 1, "type": [{"code": "Quantity"}]},
            {"id": "Observation.component:mesure.dataAbsentReason", "max": "0"},
        )
    )

    def observation(component: Json) -> Json:
        code = {"text": "x"}
        return {
            "resourceType": "Observation",
            "status": "final",
            "code": code,
            "component": [{"code": code, **component}],
        }

    assert said(observation({"valueQuantity": {"value": 1}}), "o", known) == []
    assert said(observation({"valueString": "x"}), "o", known) == [("Observation.component", "min=1")]
    wrong = observation({"valueQuantity": {"value": 1}, "dataAbsentReason": {"text": "x"}})
    assert said(wrong, "o", known) == [("Observation.component[0].dataAbsentReason", "max=0")]


def test_of_type() -> None:
    known = registry(
        profile(
            "o",
            "Observation",
            sliced("Observation.component", ("value", "value.ofType(Quantity).code")),
            cut("Observation.component:kilo", min=1, max="1"),
            {"id": "Observation.component:kilo.value[x]", "type": [{"code": "Quantity"}]},
            {"id": "Observation.component:kilo.value[x].code", "min": 1, "fixedCode": "kg"},
            {"id": "Observation.component:kilo.value[x].system", "min": 1},
        )
    )
    code = {"text": "x"}
    base: Json = {"resourceType": "Observation", "status": "final", "code": code}
    one: Json = {"code": code, "valueQuantity": {"value": 1, "code": "kg", "system": "urn:u"}}
    other: Json = {"code": code, "valueQuantity": {"value": 1, "code": "g", "system": "urn:u"}}
    assert said({**base, "component": [one, other]}, "o", known) == []
    assert said({**base, "component": [other]}, "o", known) == [("Observation.component", "min=1")]


def test_reslices() -> None:
    known = registry(
        profile(
            "p",
            "Patient",
            sliced("Patient.identifier", ("value", "system")),
            sliced("Patient.identifier:ins", ("value", "use")) | {"sliceName": "ins", "min": 1, "max": "*"},
            {"id": "Patient.identifier:ins.system", "min": 1, "fixedUri": INS},
            cut("Patient.identifier:ins/officiel", sliceName="ins/officiel", min=1, max="1"),
            {"id": "Patient.identifier:ins/officiel.use", "min": 1, "fixedCode": "official"},
            {"id": "Patient.identifier:ins/officiel.value", "min": 1},
        )
    )
    official, old = {**A, "use": "official"}, {**A, "use": "old"}
    assert said(patient(official, old), "p", known) == []
    assert said(patient(old, {**C, "use": "official"}), "p", known) == [("Patient.identifier", "min=1")]
    assert said(patient(official, official), "p", known) == [("Patient.identifier", "max=1")]
    (issue,) = validate(patient({"system": INS, "use": "official"}), URL + "p", registry=known)
    assert "ins/officiel" in issue.message


def test_default_slice() -> None:
    known = registry(
        profile(
            "p",
            "Patient",
            sliced("Patient.identifier", ("value", "system"), rules="closed"),
            cut("Patient.identifier:ins", min=0, max="1"),
            {"id": "Patient.identifier:ins.system", "min": 1, "fixedUri": INS},
            cut("Patient.identifier:@default", min=0, max="1"),
            {"id": "Patient.identifier:@default.value", "min": 1},
        )
    )
    assert said(patient({"system": INS}, B), "p", known) == []
    assert said(patient({"system": INS}, {"system": RPPS}), "p", known) == [("Patient.identifier[1].value", "min=1")]
    assert said(patient(B, C), "p", known) == [("Patient.identifier", "max=1")]


def test_nested_slices() -> None:
    known = registry(
        profile(
            "p",
            "Patient",
            sliced("Patient.identifier", ("value", "system")),
            cut("Patient.identifier:ins", min=0, max="*"),
            {"id": "Patient.identifier:ins.system", "min": 1, "fixedUri": INS},
            {"id": "Patient.identifier:ins.type", "min": 1},
            sliced("Patient.identifier:ins.type.coding", ("value", "system")),
            cut("Patient.identifier:ins.type.coding:hl7", min=1, max="1"),
            {"id": "Patient.identifier:ins.type.coding:hl7.system", "min": 1, "fixedUri": "urn:hl7"},
            {"id": "Patient.identifier:ins.type.coding:hl7.code", "min": 1, "fixedCode": "INS-NIR"},
        )
    )

    def ins(*codings: Json) -> Json:
        return patient({**A, "type": {"coding": list(codings)}})

    assert said(ins({"system": "urn:x"}, {"system": "urn:hl7", "code": "INS-NIR"}), "p", known) == []
    assert said(ins({"system": "urn:x"}), "p", known) == [("Patient.identifier[0].type.coding", "min=1")]
    wrong = said(ins({"system": "urn:hl7", "code": "INS-NIA"}), "p", known)
    assert wrong == [("Patient.identifier[0].type.coding[0].code", "fixed")]


@pytest.mark.parametrize("kind", ["type", "profile"])
def test_resolve(kind: str) -> None:
    """A participant is known by what its reference leads to; what it does not reach is never accused."""
    target = URL + "named" if kind == "profile" else HL7 + "Patient"
    known = registry(
        profile("named", "Patient", {"id": "Patient.name", "min": 1}),
        profile(
            "a",
            "Appointment",
            sliced("Appointment.participant", (kind, "actor.resolve()")),
            cut("Appointment.participant:patient", min=1, max="1"),
            {"id": "Appointment.participant:patient.actor", "min": 1,
             "type": [{"code": "Reference", "targetProfile": [target]}]},
            {"id": "Appointment.participant:patient.required", "min": 1},
        ),
    )  # fmt: skip

    def appointment(reference: str, **more: Any) -> Json:
        contained = [{"resourceType": "Patient", "id": "p", "name": [{"family": "DESSAI"}]}]
        actor = {"actor": {"reference": reference}, "status": "accepted", **more}
        row: Json = {"resourceType": "Appointment", "status": "proposed", "participant": [actor]}
        return {**row, "contained": contained} if reference == "#p" else row

    assert said(appointment("#p", required="required"), "a", known) == []
    assert said(appointment("#p"), "a", known) == [("Appointment.participant[0].required", "min=1")]
    far = [("Appointment.participant[0].required", "min=1")] if kind == "type" else []
    assert said(appointment("Patient/1"), "a", known) == far
    assert said(appointment("urn:uuid:53f2dbba-1f4b-4a5e-8c43-0f8b6a1c5e0a"), "a", known) == []
    assert said(appointment("Practitioner/1"), "a", known) == [("Appointment.participant", "min=1")]


def test_what_cannot_be_told_apart_is_a_limit() -> None:
    rows = sliced("Patient.identifier", ("value", "system")), cut("Patient.identifier:muet", min=1, max="1")
    known = registry(profile("p", "Patient", *rows))
    assert said(patient(A), "p", known) == []
    assert "découpe non jugée : Patient.identifier:muet" in known.compiled(URL + "p").limits


@pytest.mark.parametrize(
    ("path", "steps"),
    [("$this", []), ("$this.resolve()", [("resolve", "resolve")]),
     ("a.b", [("child", "a"), ("child", "b")]),
     ("extension('https://a.b/c').value", [("extension", "https://a.b/c"), ("child", "value")]),
     ("value.ofType(Coding).code", [("child", "value"), ("type", "Coding"), ("child", "code")]),
     ("value.as(Quantity)", [("child", "value"), ("type", "Quantity")]),
     ("where(a = 1)", None), ("a..b", None), ("a b", None)],
)  # fmt: skip
def test_steps_of_a_path(path: str, steps: list[tuple[str, str]] | None) -> None:
    assert steps_of(path) == steps
