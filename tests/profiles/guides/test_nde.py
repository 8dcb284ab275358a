"""NDE 3.0.0: our examples hold, each rule and reading is broken once."""

from __future__ import annotations

import pytest

from profiles import validate
from tests.profiles.examples import DROP, spoiled
from tests.profiles.guides.ours import Keys, Row, broken, errors, example, names

FOLDER = "nde"
EVENT = "CommunicationRequest"
ENDPOINT = ("recipient", 0, "extension", 0, "valueUrl")


@pytest.mark.parametrize("name", names(FOLDER))
def test_our_examples_hold(name: str) -> None:
    resource = example(FOLDER, name)
    for profile in resource["meta"]["profile"]:
        assert errors(resource, profile) == []


ROWS: list[Row] = [
    ("abonnement", ("reason",), DROP, [("Subscription.reason", "min=1")]),
    ("abonnement", ("criteria",), DROP, [("Subscription.criteria", "min=1")]),
    ("abonnement", ("status",), "actif", [("Subscription.status", "binding")]),
    ("abonnement", ("channel", "type"), "courriel", [("Subscription.channel.type", "binding")]),
    ("abonnement", ("end",), "2026-09-30T23:59:59", [("Subscription.end", "type:instant")]),
    ("evenement", ("payload",), DROP, [(f"{EVENT}.payload", "min=1")]),
    ("evenement", ("requester",), DROP, [(f"{EVENT}.requester", "min=1"), (EVENT, "dom-3")]),
    ("evenement", ("status",), "actif", [(f"{EVENT}.status", "binding")]),
    ("ordre", ("basedOn",), DROP, [(f"{EVENT}.basedOn", "min=1")]),
    ("ordre", ("medium",), DROP, [(f"{EVENT}.medium", "min=1")]),
    ("ordre", ENDPOINT, "une adresse", [(f"{EVENT}.recipient[0].extension[0].value.ofType(url)", "type:url")]),
    ("ordre", ("basedOn", 0, "reference"), "Task/1", [(f"{EVENT}.basedOn[0].reference", "reference")]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "path", "value", "expected"), ROWS)
def test_a_broken_element_is_said_at_its_place(
    name: str, path: Keys, value: object, expected: list[tuple[str, str]]
) -> None:
    assert broken(FOLDER, name, path, value) == expected


@pytest.mark.parametrize(
    ("element", "value", "severity"),
    [("system", "urn:oid:1.2.250.1.213.1.1.5.101", "error"), ("code", "CERCLE", "warning")],
)
@pytest.mark.parametrize("name", ["abonnement", "evenement", "ordre"])
def test_the_event_type_is_of_the_list(name: str, element: str, value: str, severity: str) -> None:
    """Another system is refused; an unknown code of the right one may be in a later edition of J46."""
    resource = example(FOLDER, name)
    (coded,) = [e for e in resource["extension"] if e["url"].endswith("/event-type")]
    coded["valueCodeableConcept"]["coding"][0][element] = value
    (issue,) = validate(resource, resource["meta"]["profile"][0])
    assert issue.severity == severity
    assert "JDV-J46-TypeEvenementNotification-CISIS" in issue.message
    assert value in issue.message


@pytest.mark.parametrize("url", ["start", "subject", "declarant", "event-type", "subscriber"])
def test_a_subscription_wants_five_extensions(url: str) -> None:
    resource = example(FOLDER, "abonnement")
    resource["extension"] = [e for e in resource["extension"] if not e["url"].endswith(f"/{url}")]
    assert ("Subscription.extension", "min=1") in errors(resource, resource["meta"]["profile"][0])


def test_the_date_of_the_request_is_optional() -> None:
    resource = spoiled(example(FOLDER, "abonnement"), ("extension", 0), DROP)
    assert errors(resource, resource["meta"]["profile"][0]) == []


def test_a_subscription_may_have_no_end() -> None:
    """The functional volume wants one; the profile does not: NDE-004 judges it."""
    resource = spoiled(example(FOLDER, "abonnement"), ("end",), DROP)
    assert errors(resource, resource["meta"]["profile"][0]) == []


def test_an_event_is_about_its_subject_only() -> None:
    resource = spoiled(example(FOLDER, "evenement"), ("about",), [{"reference": "Patient/p7"}])
    (issue,) = [i for i in validate(resource, resource["meta"]["profile"][0]) if i.severity == "error"]
    assert (issue.expression, issue.rule) == (EVENT, "event-subject")
    assert "subject ou about, un seul des deux" in issue.message


@pytest.mark.parametrize(
    ("name", "path"), [("evenement", ("subject",)), ("evenement", ("requester",)), ("ordre", ("recipient", 0))]
)
def test_who_is_cited_is_contained(name: str, path: Keys) -> None:
    resource = example(FOLDER, name)
    kind = {"subject": "Patient/p7", "requester": "Organization/o1", "recipient": "Practitioner/d3"}[str(path[0])]
    spoilt = spoiled(resource, (*path, "reference"), kind)
    spoilt["contained"][0]["link"] = [
        {"other": {"reference": f"#{c['id']}"}, "type": "seealso"} for c in spoilt["contained"]
    ]
    found = errors(spoilt, resource["meta"]["profile"][0])
    assert any("reference" in expression and rule.startswith("reference") for expression, rule in found), found


def test_a_subscription_contains_no_other_resource() -> None:
    resource = example(FOLDER, "abonnement")
    resource["contained"].append(
        {"resourceType": "Location", "id": "lieu", "managingOrganization": {"reference": "#structure"}}
    )
    assert errors(resource, resource["meta"]["profile"][0]) != []


@pytest.mark.parametrize("name", ["abonnement", "evenement", "ordre"])
def test_an_extension_without_value_breaks_r4(name: str) -> None:
    """The profiles leave value[x] optional; ext-1 of R4 does not."""
    resource = example(FOLDER, name)
    resource["extension"][0] = {"url": resource["extension"][0]["url"]}
    found = [i for i in validate(resource, resource["meta"]["profile"][0]) if i.severity == "error"]
    assert [(i.expression, i.rule) for i in found] == [(f"{resource['resourceType']}.extension[0]", "ext-1")]


def test_an_order_may_contain_another_resource() -> None:
    """Unlike the subscription, the event and the order do not restrict what is contained."""
    resource = example(FOLDER, "ordre")
    resource["contained"].append({"resourceType": "Location", "id": "lieu", "managingOrganization": {"reference": "#"}})
    assert errors(resource, resource["meta"]["profile"][0]) == []
