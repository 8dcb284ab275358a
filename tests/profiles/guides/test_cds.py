"""CDS 2.0.1: our examples hold, each rule and reading is broken once."""

from __future__ import annotations

import pytest

from profiles import validate
from tests.profiles.examples import DROP, spoiled
from tests.profiles.guides.ours import Keys, Row, broken, errors, example, names

FOLDER = "cds"
MEMBER = ("participant", 0, "member", "reference")
ENDED = {"end": "2026-03-31"}
R260 = "https://mos.esante.gouv.fr/NOS/TRE_R260-HL7RoleClass/FHIR/TRE-R260-HL7RoleClass"


@pytest.mark.parametrize(("folder", "name"), [(FOLDER, n) for n in names(FOLDER)] + [("annuaire-1.1.0", "structure")])
def test_our_examples_hold(folder: str, name: str) -> None:
    resource = example(folder, name)
    for profile in resource["meta"]["profile"]:
        assert errors(resource, profile) == []


ROWS: list[Row] = [
    ("cercle", ("identifier",), DROP, [("CareTeam.identifier", "min=1")]),
    ("cercle", ("identifier", 0, "value"), DROP, [("CareTeam.identifier[0].value", "min=1")]),
    ("cercle", ("status",), DROP, [("CareTeam.status", "min=1")]),
    ("cercle", ("status",), "actif", [("CareTeam.status", "binding")]),
    ("cercle", ("name",), DROP, [("CareTeam.name", "min=1")]),
    ("cercle", ("period",), DROP, [("CareTeam.period", "min=1")]),
    ("cercle", ("period",), ENDED, [("CareTeam.period.start", "min=1")]),
    ("cercle", ("participant", 0, "period"), ENDED, [("CareTeam.participant[0].period.start", "min=1")]),
    ("cercle", ("participant", 0, "member"), DROP, [("CareTeam.participant[0].member", "min=1")]),
    ("cercle", MEMBER, "Practitioner/d3", [("CareTeam.participant[0].member.reference", "reference")]),
    ("cercle", MEMBER, "Patient/p7", [("CareTeam.participant[0].member.reference", "reference")]),
    ("cercle", ("subject", "reference"), "Group/g", [("CareTeam.subject.reference", "reference")]),
    ("proche", ("telecom",), DROP, [("RelatedPerson.telecom", "min=1")]),
    ("proche", ("name", 0, "given"), ["Luc", "Jean"], [("RelatedPerson.name[0].given", "max=1")]),
    ("proche", ("name", 0, "family"), DROP, [("RelatedPerson.name[0].family", "min=1")]),
    ("proche", ("relationship", 0), DROP, [("RelatedPerson.relationship", "min=1")]),
    ("creation", ("type",), "batch", [("Bundle.type", "pattern")]),
    ("creation", ("entry", 2, "request", "method"), "DELETE", [("Bundle.entry[2].request.method", "req-met")]),
    ("creation", ("entry", 0), DROP, [("Bundle.entry", "min=1")]),
    ("mise-a-jour", ("entry", 0, "request", "method"), "PATCH", [("Bundle.entry[0].request.method", "req-met")]),
    ("reponse", ("entry", 0, "search", "mode"), "include", [("Bundle.entry[0].search.mode", "pattern")]),
    ("reponse", ("entry", 1, "search", "mode"), "match", [("Bundle.entry[1].search.mode", "pattern")]),
]


@pytest.mark.parametrize(("name", "path", "value", "expected"), ROWS)
def test_a_broken_element_is_said_at_its_place(
    name: str, path: Keys, value: object, expected: list[tuple[str, str]]
) -> None:
    assert broken(FOLDER, name, path, value) == expected


def test_on_behalf_of_is_for_a_practitioner() -> None:
    """ctm-1 of R4: no member of this profile is one, so onBehalfOf is always refused."""
    resource = spoiled(example(FOLDER, "cercle"), ("participant", 0, "onBehalfOf"), {"reference": "Organization/o2"})
    (issue,) = [i for i in validate(resource, resource["meta"]["profile"][0]) if i.severity == "error"]
    assert (issue.expression, issue.rule) == ("CareTeam.participant[0]", "ctm-1")
    assert "onBehalfOf seulement pour un membre Practitioner" in issue.message


def test_a_method_is_explained_in_french() -> None:
    resource = spoiled(example(FOLDER, "creation"), ("entry", 1, "request", "method"), "GET")
    (issue,) = [i for i in validate(resource, resource["meta"]["profile"][0]) if i.severity == "error"]
    assert "attendu POST ou PUT, vu « GET »" in issue.message


@pytest.mark.parametrize("code", ["NOK", "QUAL", "RESPONSABLE"])
def test_a_role_is_advice(code: str) -> None:
    """The binding is preferred: neither the closed QUAL nor a code of another list is an error."""
    resource = spoiled(
        example(FOLDER, "cercle"), ("participant", 1, "role"), [{"coding": [{"system": R260, "code": code}]}]
    )
    assert errors(resource, resource["meta"]["profile"][0]) == []


@pytest.mark.parametrize(
    ("element", "value"), [("category", [{"text": "x"}]), ("telecom", [{"system": "phone", "value": "1"}])]
)
def test_an_unused_element_is_not_forbidden(element: str, value: object) -> None:
    resource = spoiled(example(FOLDER, "cercle"), (element,), value)
    assert errors(resource, resource["meta"]["profile"][0]) == []


def test_a_member_may_have_no_period() -> None:
    resource = spoiled(example(FOLDER, "cercle"), ("participant", 0, "period"), DROP)
    assert errors(resource, resource["meta"]["profile"][0]) == []


def test_an_update_may_leave_the_circle_out() -> None:
    """The profile says so (all slices 0..*), against the text: CDS-017 judges it."""
    resource = spoiled(example(FOLDER, "mise-a-jour"), ("entry", 0), DROP)
    assert errors(resource, resource["meta"]["profile"][0]) == []


def test_the_rank_of_a_professional_may_have_the_later_type() -> None:
    """INTRN here, RPPSRG in the annuaire 1.2.0: in no slice, the list being open."""
    resource = spoiled(example(FOLDER, "structure"), ("identifier", 4, "type", "coding", 0, "code"), "RPPSRG")
    assert errors(resource, resource["meta"]["profile"][0]) == []


def test_a_broken_circle_is_in_no_slice_of_an_update() -> None:
    """Slices by profile, open and optional: the published profile of the update accepts what its own circle refuses."""
    resource = spoiled(example(FOLDER, "mise-a-jour"), ("entry", 0, "resource", "name"), DROP)
    assert errors(resource, resource["meta"]["profile"][0]) == []
    circle = f"{resource['meta']['profile'][0].rpartition('/')[0]}/cds-ihe-careteam"
    assert errors(resource["entry"][0]["resource"], circle) == [("CareTeam.name", "min=1")]
