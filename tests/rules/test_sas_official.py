"""The rules of the SAS on the examples of its guide (ans.fhir.fr.sas 1.2.0): they accuse none that is right."""

from __future__ import annotations

from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

import pytest

import rules
from rules.sas_profiles import faults
from tests.profiles import official
from tests.rules.cases.sas import STRUCTURES, found
from tests.rules.journal import Entry, http, journal

SAS = "ans.fhir.fr.sas-1.2.0"
RULES = [rules.load_all()[f"AGD-{number:03}"] for number in range(67, 79)]
pytestmark = pytest.mark.skipif(SAS not in official.packages(), reason=official.ABSENT)


def example(name: str) -> dict[str, Any]:
    return deepcopy(official.examples(SAS)[f"{name}.json"])


def answered(operation: str, target: str, bundle: Any, at: str) -> Entry:
    """A search made a moment before `at`, and this answer."""
    return http(operation, target=target, answer=bundle, person=None, envoye_a=at)


def practitioners() -> Entry:
    bundle = example("Bundle-ExampleBundlePSIndiv")
    asked = urlsplit(bundle["link"][0]["url"])
    # The guide writes its link with a raw `+`, which a query reads as a space.
    target = f"/Slot?{asked.query.replace('+', '%2B')}"
    return answered("serveur.sas.slot.search", target, bundle, "2021-11-04T14:19:35.760Z")


def communities() -> Entry:
    """The slot of two CPTS, with the parts that the package gives apart and those that it leaves out."""
    second = {**example("HealthcareService-ExampleHealthcareServiceCPTS1"), "id": "ExampleHealthcareServiceCPTS2"}
    second["providedBy"] = {"reference": "Organization/ExampleOrgaCPTS2"}
    bundle = found(
        example("Slot-ExampleSlotCPTS2"),
        example("HealthcareService-ExampleHealthcareServiceCPTS1"),
        second,
        example("Organization-ExampleOrgaCPTS1"),
        example("Organization-ExampleOrgaCPTS2"),
    )
    bounds = "start=ge2024-06-10T08:00:00%2B02:00&start=le2024-06-14T08:00:00%2B02:00&status=free"
    target = f"/Slot?_include=Slot:service-type-reference&{bounds}&schedule.actor:Practitioner.identifier="
    return answered(
        "serveur.sas.slot.search",
        f"{target}urn:oid:1.2.250.1.71.4.2.1%7C810002909371",
        bundle,
        "2024-06-10T06:00:00Z",
    )


def sites() -> Entry:
    parts = (
        "Schedule-ExampleScheduleSOS1",
        "Slot-ExampleSlotSOS1",
        "Location-1111111111",
        "Organization-ExampleOrgaSOS2",
    )
    bounds = "_has:Slot:schedule:start=ge2023-08-17T08:00:00Z&_has:Slot:schedule:start=le2023-08-19T08:00:00Z"
    who = f"actor:Location.organization.identifier={STRUCTURES}%7C392080466300010"
    target = f"/Schedule?{bounds}&_has:Slot:schedule:status=free&{who}"
    return answered("serveur.sas.schedule.search", target, found(*map(example, parts)), "2023-08-17T08:00:00Z")


EXAMPLES = [practitioners, communities, sites]


@pytest.mark.parametrize("made", EXAMPLES)
def test_no_rule_accuses_an_example_of_the_guide(made: Any) -> None:
    judged = rules.judge(journal(made()), RULES)
    assert [(one.rule, one.at, one.seen) for one in judged.findings] == []


@pytest.mark.parametrize(
    ("made", "examined"),
    [
        (practitioners, {"067", "068", "069", "070", "071", "072", "073", "074", "075"}),
        (communities, {"067", "068", "069", "070", "071", "072", "073", "074", "075", "076"}),
        (sites, {"067", "068", "069", "070", "071", "072", "074", "075", "077"}),
    ],
)
def test_these_rules_looked_at_it(made: Any, examined: set[str]) -> None:
    (entry,) = journal(made())
    assert {rule.id for rule in RULES if rule.run([entry]).examined} == {f"AGD-{number}" for number in examined}


def test_the_bundle_of_the_guide_follows_the_profiles() -> None:
    assert faults(journal(practitioners())[0]) == []


def test_the_same_bundle_spoilt_is_accused() -> None:
    entry = practitioners()
    bundle = example("Bundle-ExampleBundlePSIndiv")
    bundle["entry"][0]["resource"]["status"] = "busy"
    bundle["entry"][2]["resource"]["identifier"][0]["value"] = "10100050075"
    bundle["entry"][3]["resource"].pop("contained")
    spoilt = answered("serveur.sas.slot.search", entry["request"]["target"], bundle, "2021-11-04T14:19:35.760Z")
    judged = rules.judge(journal(spoilt), RULES)
    assert {one.rule for one in judged.findings} == {"AGD-070", "AGD-071", "AGD-073"}
    assert faults(journal(spoilt)[0]) != []
