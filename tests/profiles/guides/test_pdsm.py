"""PDSm 3.1.1 and the IHE MHD profiles it rests on: our examples hold, each reading and invariant is broken once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from profiles import validate
from tests.profiles.examples import DROP, Resource, spoiled

EXAMPLES = Path(__file__).parent.parent / "examples" / "pdsm"
PDSM = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/"
MHD = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/"
RFC = "urn:ietf:rfc:3986"


def example(name: str) -> Resource:
    """Return one of our examples."""
    resource: Resource = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return resource


def errors(resource: Resource, profile: str) -> list[tuple[str, str]]:
    """Return the place and rule of each error."""
    return [(i.expression, i.rule) for i in validate(resource, profile) if i.severity == "error"]


@pytest.mark.parametrize("name", [path.stem for path in sorted(EXAMPLES.glob("*.json"))])
def test_our_examples_hold(name: str) -> None:
    resource = example(name)
    for profile in resource["meta"]["profile"]:
        assert validate(resource, profile) == []


DOC, ADD, LOT, FOLDER = (
    ("fiche-de-document", PDSM + "pdsm-comprehensive-document-reference"),
    ("depot-simplifie", PDSM + "pdsm-simplified-publish"),
    ("lot-de-soumission", PDSM + "pdsm-submissionset-comprehensive"),
    ("classeur", PDSM + "pdsm-folder-comprehensive"),
)
ATTACHMENT = ("content", 0, "attachment")
Row = tuple[tuple[str, str], tuple[str | int, ...], Any, list[tuple[str, str]]]
ROWS: list[Row] = [
    (DOC, ("masterIdentifier",), DROP, [("DocumentReference.masterIdentifier", "min=1")]),
    (DOC, ("masterIdentifier", "use"), "official", [("DocumentReference.masterIdentifier.use", "pattern")]),
    (DOC, ("identifier", 0, "value"), "urn:oid:1.2.3", [("DocumentReference.identifier[0]", "mhd-startswithuuid")]),
    (DOC, ("status",), "entered-in-error", [("DocumentReference.status", "binding")]),
    (DOC, ("docStatus",), "final", [("DocumentReference.docStatus", "max=0")]),
    (DOC, ("custodian",), DROP, [("DocumentReference.custodian", "min=1")]),
    (DOC, ("securityLabel",), DROP, [("DocumentReference.securityLabel", "min=1")]),
    (DOC, (*ATTACHMENT, "hash"), DROP, [("DocumentReference.content[0].attachment.hash", "min=1")]),
    (DOC, (*ATTACHMENT, "size"), DROP, [("DocumentReference.content[0].attachment.size", "min=1")]),
    (DOC, (*ATTACHMENT, "data"), "AAAA", [("DocumentReference.content[0].attachment.data", "max=0")]),
    (DOC, ("context", "period", "start"), DROP, [("DocumentReference.context.period.start", "min=1")]),
    (DOC, ("subject", "reference"), "Group/g-1", [("DocumentReference.subject.reference", "reference")]),
    (
        DOC,
        ("extension", 0, "valueBoolean"),
        "non",
        [("DocumentReference.extension[0].value.ofType(boolean)", "type:boolean")],
    ),
    (ADD, ("identifier",), [{"value": "1"}], [("DocumentReference.identifier", "max=0")]),
    (ADD, ("status",), "superseded", [("DocumentReference.status", "pattern")]),
    (ADD, (*ATTACHMENT, "url"), "Binary/1", [("DocumentReference.content[0].attachment.url", "max=0")]),
    (ADD, (*ATTACHMENT, "data"), DROP, [("DocumentReference.content[0].attachment.data", "min=1")]),
    (LOT, ("identifier", 0, "value"), "urn:uuid:1", [("List.identifier[0]", "mhd-startswithoid")]),
    (LOT, ("status",), "retired", [("List.status", "pattern")]),
    (LOT, ("source",), DROP, [("List.source", "min=1"), ("List", "dom-3")]),  # the role it contains is cited no more
    (LOT, ("date",), DROP, [("List.date", "min=1")]),
    (FOLDER, ("title",), DROP, [("List.title", "min=1")]),
    (FOLDER, ("entry",), DROP, [("List.entry", "min=1")]),
    (FOLDER, ("source",), {"reference": "Practitioner/p"}, [("List.source", "max=0")]),
    (FOLDER, ("entry", 0, "item", "reference"), "List/l-2", [("List.entry[0].item.reference", "reference")]),
]  # fmt: skip


@pytest.mark.parametrize(("of", "path", "value", "expected"), ROWS)
def test_a_broken_element_is_said_at_its_place(
    of: tuple[str, str], path: tuple[str | int, ...], value: Any, expected: list[tuple[str, str]]
) -> None:
    name, profile = of
    assert errors(spoiled(example(name), path, value), profile) == expected


def test_message_names_the_rule_in_french() -> None:
    name, profile = LOT
    broken = spoiled(example(name), ("identifier", 0, "value"), "urn:uuid:1")
    (issue,) = [i for i in validate(broken, profile) if i.severity == "error"]
    assert "attendu un OID écrit urn:oid:…" in issue.message
    assert "urn:uuid:1" in issue.message


def test_a_lot_needs_its_two_extensions() -> None:
    name, profile = LOT
    without = spoiled(example(name), ("extension", 1), DROP)  # sourceId
    assert errors(without, profile) == [("List.extension", "min=1")]


def test_unknown_confidentiality_accuses_nobody() -> None:
    """J08 is extensible and our list is an excerpt."""
    name, profile = DOC
    other = spoiled(example(name), ("securityLabel", 0, "coding", 0, "code"), "SECRET-MAISON")
    assert errors(other, profile) == []


def test_unslicable_reference_list_accuses_nobody() -> None:
    """The published slicing of context.related cannot tell its items apart: no item is judged by it."""
    name, profile = DOC
    other = spoiled(example(name), ("context", "related", 0), {"reference": "ServiceRequest/s-1"})
    assert errors(other, profile) == []


BUNDLE = ("depot-iti-65", PDSM + "pdsm-comprehensive-provide-document-bundle")


def test_a_deposit_without_its_lot_is_refused() -> None:
    name, profile = BUNDLE
    assert ("Bundle.entry", "min=1") in errors(spoiled(example(name), ("entry", 0), DROP), profile)


def test_a_deposit_has_no_foreign_entry() -> None:
    """The slicing is closed: a resource that no slice is for is refused, once, where it stands."""
    name, profile = BUNDLE
    stranger = {"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000099",
                "resource": {"resourceType": "Basic", "code": {"text": "note"}},
                "request": {"method": "POST", "url": "Basic"}}  # fmt: skip
    assert errors(spoiled(example(name), ("entry", 5), stranger), profile) == [("Bundle.entry[5]", "slicing=closed")]


def test_a_broken_document_of_a_deposit_is_said_in_its_entry() -> None:
    name, profile = BUNDLE
    found = errors(spoiled(example(name), ("entry", 1, "resource", "custodian"), DROP), profile)
    assert ("Bundle.entry[1].resource.custodian", "min=1") in found


def test_answer_to_a_search_says_its_total() -> None:
    resource = spoiled(example("recherche-de-fiches"), ("total",), DROP)
    assert errors(resource, PDSM + "pdsm-find-documentreferences-comprehensive-response") == [("Bundle.total", "min=1")]


def test_author_must_be_contained() -> None:
    """The published example of a document breaks this: the reading keeps the profile."""
    name, profile = DOC
    elsewhere = spoiled(example(name), ("author", 0, "reference"), "Practitioner/p-9")
    assert ("DocumentReference.author[0].reference", "aggregation") in errors(elsewhere, profile)
