"""Annuaire 1.2.0-snapshot-2, FR Core 2.2.0 and the mailboxes: our examples hold, what each view forbids is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from profiles import default_registry, validate
from tests.profiles.examples import DROP, Resource, spoiled

EXAMPLES = Path(__file__).parent.parent / "examples"
AS = "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/"
MSS = "https://banc.invalid/fhir/mss/StructureDefinition/"
NOS = "https://mos.esante.gouv.fr/NOS/"
G15 = f"{NOS}TRE_G15-ProfessionSante/FHIR/TRE-G15-ProfessionSante"
R85 = f"{NOS}TRE_R85-RolePriseCharge/FHIR/TRE-R85-RolePriseCharge"
R256 = f"{NOS}TRE_R256-TypeMessagerie/FHIR/TRE-R256-TypeMessagerie"
FILES = [path for guide in ("annuaire", "mss") for path in sorted((EXAMPLES / guide).glob("*.json"))]
PHONE = {"system": "phone", "value": "0599000001"}


def example(name: str) -> Resource:
    """Return one of our examples."""
    resource: Resource = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return resource


def found(resource: Resource, profile: str, *severities: str) -> list[tuple[str, str]]:
    """Return the place and rule of each issue of some severities."""
    return [(i.expression, i.rule) for i in validate(resource, profile) if i.severity in severities]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_our_examples_hold(path: Path) -> None:
    resource = json.loads(path.read_text("utf-8"))
    for profile in resource["meta"]["profile"]:
        assert found(resource, profile, "fatal", "error", "warning") == []


P, R, O, S, D, PR = (  # noqa: E741
    ("annuaire/practitioner-public", AS + "as-dp-practitioner"),
    ("annuaire/practitionerrole-public", AS + "as-dp-practitionerrole"),
    ("annuaire/organization-public", AS + "as-dp-organization"),
    ("annuaire/equipement-social-public", AS + "as-dp-healthcareservice-social-equipment"),
    ("annuaire/device-public", AS + "as-dp-device"),
    ("annuaire/practitioner-restreint", AS + "as-dr-practitioner"),
)
M = ("mss/maj-liste-rouge", MSS + "parameters-maj-bal")
BOX = ("telecom", 0, "extension", 1, "extension")
Row = tuple[tuple[str, str], tuple[str | int, ...], Any, list[tuple[str, str]]]
ROWS: list[Row] = [
    # what the open view hides
    (P, ("gender",), "female", [("Practitioner.gender", "max=0")]),
    (P, ("birthDate",), "1985-03-14", [("Practitioner.birthDate", "max=0")]),
    (P, ("address",), [{"city": "VILLE-TEST"}], [("Practitioner.address", "max=0")]),
    (P, ("identifier", 1, "period"), {"start": "2020-01-01"}, [("Practitioner.identifier[1].period", "max=0")]),
    (P, (*BOX, 3), {"url": "listeRouge", "valueBoolean": True},
     [("Practitioner.telecom[0].extension[1].extension", "max=0")]),
    (P, (*BOX, 3), {"url": "responsible", "valueString": "Léa"},
     [("Practitioner.telecom[0].extension[1].extension", "max=0")]),
    (R, ("period",), {"start": "2020-01-01"}, [("PractitionerRole.period", "max=0")]),
    (R, ("healthcareService",), [{"reference": "HealthcareService/1"}],
     [("PractitionerRole.healthcareService", "max=0")]),
    (O, ("contact",), [{"telecom": [PHONE]}], [("Organization.contact", "max=0")]),
    (S, ("identifier",), [{"system": "https://arhgos.ars.sante.fr/", "value": "1"}],
     [("HealthcareService.identifier", "max=0")]),
    (S, ("category",), [{"text": "x"}], [("HealthcareService.category", "max=0")]),
    (D, ("version",), [{"value": "1"}], [("Device.version", "max=0")]),
    # closed telecom of professionals: mailboxes only
    (P, ("telecom", 1), PHONE, [("Practitioner.telecom[1]", "slicing=closed")]),
    (R, ("telecom", 1), PHONE, [("PractitionerRole.telecom[1]", "slicing=closed")]),
    (P, ("telecom", 0, "extension", 0), DROP, [("Practitioner.telecom[0]", "slicing=closed")]),
    (O, ("telecom", 3), PHONE, []),
    # a mailbox is one of MSSanté, of a known kind
    (P, ("telecom", 0, "extension", 0, "valueCoding", "code"), "AUTRE",
     [("Practitioner.telecom[0].extension[0].value.ofType(Coding).code", "pattern")]),
    (P, (*BOX, 0, "valueCodeableConcept", "coding", 0, "system"), R256,
     [("Practitioner.telecom[0].extension[1].extension[0].value.ofType(CodeableConcept)", "binding")]),
    (O, (*BOX, 0, "valueCodeableConcept"), DROP, [("Organization.telecom[0].extension[1].extension[0]", "ext-1")]),
    # identifiers, canonicals and source
    (P, ("identifier", 0, "system"), "urn:oid:1.2.3", [("Practitioner.identifier", "min=1")]),
    (R, ("identifier", 0, "system"), "https://exemple.test", [("PractitionerRole.identifier", "min=1")]),
    (D, ("identifier", 0, "system"), "https://arhgos.ars.sante.fr/", [("Device.identifier", "min=1")]),
    (O, ("identifier", 0, "use"), "usual", [("Organization.identifier[0].use", "pattern")]),
    (P, ("meta", "profile", 2), DROP, [("Practitioner.meta.profile", "min=1")]),
    (P, ("meta", "source"), "https://annuaire.sante.fr", [("Practitioner.meta.source", "pattern")]),
    (R, ("active",), DROP, [("PractitionerRole.active", "min=1")]),
    (R, ("practitioner",), DROP, [("PractitionerRole.practitioner", "min=1")]),
    (R, ("organization",), DROP, []),
    (R, ("organization", "reference"), "Location/1", [("PractitionerRole.organization.reference", "reference")]),
    (S, ("providedBy", "reference"), "Practitioner/1", [("HealthcareService.providedBy.reference", "reference")]),
    # codes told apart by their lists
    (R, ("code", 7), {"coding": [{"system": f"{NOS}TRE_R23-ModeExercice/FHIR/TRE-R23-ModeExercice", "code": "L"}]},
     [("PractitionerRole.code", "max=1")]),
    (O, ("type", 6), {"coding": [{"system": f"{NOS}TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement",
                                  "code": "183"}]}, [("Organization.type", "max=1")]),
    (O, ("type", 1, "extension"), DROP, [("Organization.type[1].extension", "min=1")]),
    (P, ("qualification", 3), {"code": {"coding": [{"system": G15, "code": "21"}]}},
     [("Practitioner.qualification", "max=1")]),
    (P, ("qualification", 1, "code", "coding", 2), {"system": R85, "code": "313"},
     [("Practitioner.qualification[1].code.coding[2]", "slicing=closed")]),
    # values of extensions
    (S, ("extension", 3, "extension", 0), {"url": "capacityAvailable", "valueInteger": "80"},
     [("HealthcareService.extension[3].extension[0].value.ofType(integer)", "type:integer")]),
    (PR, ("extension", 0, "extension", 5, "valueBoolean"), "oui",
     [("Practitioner.extension[0].extension[5].value.ofType(boolean)", "type:boolean")]),
    # updates of mailboxes
    (M, ("parameter", 0, "part", 0, "valueCode"), "add",
     [("Parameters.parameter[0].part[0].value.ofType(code)", "binding")]),
    (M, ("parameter", 0, "part", 2), DROP, [("Parameters.parameter[0]", "mss-maj-valeur")]),
    (M, ("parameter", 0, "part", 1), DROP, [("Parameters.parameter[0].part", "min=1")]),
    (M, ("parameter", 0, "name"), "op", [("Parameters.parameter[0]", "slicing=closed")]),
]  # fmt: skip


@pytest.mark.parametrize(("of", "path", "value", "expected"), ROWS)
def test_a_broken_element_is_said_at_its_place(
    of: tuple[str, str], path: tuple[str | int, ...], value: Any, expected: list[tuple[str, str]]
) -> None:
    name, profile = of
    assert found(spoiled(example(name), path, value), profile, "error") == expected


def test_message_is_in_french_and_names_the_slice() -> None:
    name, profile = P
    broken = spoiled(example(name), ("telecom", 0, "extension", 0, "valueCoding", "code"), "AUTRE")
    (issue,) = [i for i in validate(broken, profile) if i.severity == "error"]
    assert "La valeur est imposée" in issue.message
    assert "emailType" in issue.message


def test_closed_records_keep_their_identifiers_only() -> None:
    """The service shows id, identifiers and active of a closed record: that is valid."""
    for name, profile in (("practitioner-ferme", "as-dp-practitioner"), ("organization-fermee", "as-dp-organization")):
        assert found(example(f"annuaire/{name}"), AS + profile, "error", "warning") == []


@pytest.mark.parametrize(("code", "doubts"), [("98", 1), ("09", 0)])
def test_an_unknown_code_of_an_ans_list_accuses_nobody(code: str, doubts: int) -> None:
    """The lists are republished several times a year: a code that ours lacks is at most a doubt."""
    name, profile = O
    resource = spoiled(example(name), ("extension", 2, "valueCodeableConcept", "coding", 0, "code"), code)
    assert found(resource, profile, "error") == []
    assert len(found(resource, profile, "warning")) == doubts


def test_a_former_role_accuses_nobody() -> None:
    """Role 318 left JDV_J108: no slice is for it, and the slicing is open."""
    name, profile = R
    resource = spoiled(example(name), ("code", 5, "coding", 0), {"system": R85, "code": "318"})
    assert found(resource, profile, "error") == []


def test_a_diploma_of_another_nomenclature_accuses_nobody() -> None:
    """We are not sure of the systems of JDV_J105, which closes the slicing of a diploma."""
    name, profile = P
    other = spoiled(example(name), ("qualification", 0, "code", "coding", 1, "system"), f"{NOS}TRE_R999-Diplome")
    assert found(other, profile, "error", "warning") == []


def test_a_reason_for_opening_and_one_for_closing() -> None:
    """Reading: both extensions have one url, so two notes are right, and a third is not."""
    name, profile = O
    notes = [e for e in example(name)["extension"] if e["url"].endswith("/note")]
    assert len(notes) == 2
    third = {**example(name), "extension": [*example(name)["extension"], notes[0]]}
    assert {rule for _, rule in found(third, profile, "error")} == {"max=2"}


def test_type_of_a_reference_to_an_organization_is_a_fhir_type() -> None:
    """Reading: FR Core binds partOf.type to kinds of structures, where FHIR wants a resource name."""
    name, profile = O
    assert found(spoiled(example(name), ("partOf", "type"), "Organization"), profile, "error", "warning") == []


def test_a_certificate_is_allowed_on_a_practitioner() -> None:
    """Reading: the published context forgets Practitioner, where as-practitioner uses the extension."""
    name, profile = PR
    certificate = example(name)["extension"][3]
    assert certificate["url"] == AS + "as-ext-digital-certificate"
    assert ("Practitioner.extension[3].url", "context") not in found(example(name), profile, "error")
    misplaced = spoiled(example("annuaire/device-public"), ("extension", 1), certificate)
    assert ("Device.extension[1].url", "context") in found(misplaced, AS + "as-dp-device", "error")


BAL = ("practitioner-public", "practitionerrole-public", "organization-public")


@pytest.mark.parametrize("name", BAL)
def test_a_mailbox_of_the_bearer_and_of_the_domain(name: str) -> None:
    resource = example(f"annuaire/{name}")
    bearer = resource["resourceType"]
    profile = f"{MSS}bal-mss-{bearer.lower()}"
    elsewhere = spoiled(resource, ("telecom", 0, "value"), "lea.essai@mssante.fr")
    assert found(elsewhere, profile, "error") == [(f"{bearer}.telecom[0]", "mss-adresse")]
    kind = "PER" if bearer == "Organization" else "APP"
    misplaced = spoiled(resource, (*BOX, 0, "valueCodeableConcept", "coding", 0, "code"), kind)
    place = f"{bearer}.telecom[0].extension[1].extension[0].value.ofType(CodeableConcept)"
    assert found(misplaced, profile, "error") == [(place, "binding")]
    assert found(misplaced, f"{AS}as-{bearer.lower()}", "error") == []


def test_other_guides_read_the_directory_in_its_own_version() -> None:
    """Guides that cite the directory 1.0.1 or 1.1.0 are served by this version, but for what CDS derives from."""
    library = default_registry().library
    for url in (AS + "as-dp-practitionerrole", AS + "as-dp-practitioner", AS + "as-mailbox-mss"):
        for name, version in (("ans.fhir.fr.cds", "2.0.1"), ("ans.fhir.fr.gap", "3.0.0")):
            guide = library.guide(name, version)
            assert guide is not None
            served = library.cited("StructureDefinition", f"{url}|1.0.1", guide)
            assert served is not None
            assert served.version == "1.2.0-snapshot-2"
