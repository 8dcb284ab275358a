"""A registry is what was loaded, and says what it lacks; an unknown canonical never passes."""

from __future__ import annotations

import json
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from profiles import Registry, UnknownProfile, UnusableDefinition, default_registry, outcome, validate
from tests.profiles import examples as ex

PROFILE: dict[str, Any] = {
    "resourceType": "StructureDefinition",
    "url": "https://exemple.test/StructureDefinition/creneau",
    "version": "1.0.0",
    "type": "Slot",
    "baseDefinition": ex.FR + "fr-core-slot",
    "differential": {
        "element": [
            {"id": "Slot.comment", "path": "Slot.comment", "min": 1},
            {
                "id": "Slot.appointmentType",
                "path": "Slot.appointmentType",
                "binding": {"strength": "required", "valueSet": "https://exemple.test/ValueSet/absent"},
            },
        ]
    },
}


def package(folder: Path, files: dict[str, Any]) -> Path:
    path = folder / "paquet.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            data = json.dumps(content).encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, BytesIO(data))
    return path


def test_unknown_canonical_raises() -> None:
    with pytest.raises(UnknownProfile):
        validate(ex.SLOT, "https://exemple.test/StructureDefinition/inconnu")


@pytest.mark.parametrize(
    "canonical", [ex.FR + "fr-core-slot|9.9.9", ex.HL7 + "Inconnu", ex.HL7 + "Slot|5.0.0", "Slot", ""]
)
def test_near_canonicals_raise(canonical: str) -> None:
    assert not default_registry().knows(canonical)
    with pytest.raises(UnknownProfile):
        validate(ex.SLOT, canonical)


@pytest.mark.parametrize("canonical", [ex.FR + "fr-core-slot", ex.HL7 + "Slot", ex.HL7 + "Slot|4.0.1"])
def test_known_canonicals_judge(canonical: str) -> None:
    assert default_registry().knows(canonical)
    assert validate(ex.SLOT, canonical) == []


def test_known_version_is_accepted() -> None:
    assert validate(ex.SLOT, ex.FR + "fr-core-slot|2.0.1") == []


def test_another_type_than_the_profile_is_said() -> None:
    issues = validate(ex.SLOT, ex.FR + "fr-core-appointment")
    assert ("Slot.resourceType", "structure", "type") in [(i.expression, i.code, i.rule) for i in issues]


def test_loading_gives_a_new_registry(tmp_path: Path) -> None:
    (tmp_path / "creneau.json").write_text(json.dumps(PROFILE))
    before = default_registry()
    loaded = before.load_folder(tmp_path)
    assert PROFILE["url"] in loaded.canonicals()
    assert PROFILE["url"] not in before.canonicals()
    assert set(before.canonicals()) <= set(loaded.canonicals())


def test_profile_over_ours_from_a_package(tmp_path: Path) -> None:
    registry = default_registry().load_package(package(tmp_path, {"package/StructureDefinition-creneau.json": PROFILE}))
    issues = validate(ex.SLOT, PROFILE["url"], registry=registry)
    assert [(i.expression, i.rule, i.profile) for i in issues] == [("Slot.comment", "min=1", f"{PROFILE['url']}|1.0.0")]


def test_only_the_root_of_a_package_counts(tmp_path: Path) -> None:
    path = package(tmp_path, {"package/example/StructureDefinition-creneau.json": PROFILE, "x/y.json": {}})
    assert Registry().load_package(path).canonicals() == ()


def test_missing_names_what_cannot_be_judged(tmp_path: Path) -> None:
    path = package(tmp_path, {"package/StructureDefinition-creneau.json": PROFILE})
    alone = Registry().load_package(path)
    assert f"{PROFILE['url']}|1.0.0 : base absente {ex.FR}fr-core-slot" in alone.missing
    assert not alone.knows(PROFILE["url"])
    with pytest.raises(UnknownProfile):
        validate(ex.SLOT, PROFILE["url"], registry=alone)
    whole = default_registry().load_package(path)
    assert f"{PROFILE['url']}|1.0.0 : jeu de valeurs absent https://exemple.test/ValueSet/absent" in whole.missing


# Slices of the published guides that say nothing by which an item could be told to be in them.
UNTOLD = {
    "CodeableConcept.coding:headCircumCode": "mesures 3.0.1 : ni code ni valeur imposés dans la découpe",
    "DocumentReference.context.related:referenceIdList": "PDSm 3.1.1 découpe sur type, que la découpe ne fixe pas",
    "Organization.identifier:identifierOI": "CDS 2.0.1 découpe sur system et type, et ne fixe que type",
    "Organization.type:organizationType": "FR Core 2.1.0 découpe sur coding.system, qu'il ne fixe pas",
    "Organization.type:secteurActiviteRASS": "FR Core 2.1.0 découpe sur coding.system, qu'il ne fixe pas",
    "Organization.type:categorieEtablissementRASS": "FR Core 2.1.0 découpe sur coding.system, qu'il ne fixe pas",
    "Patient.contact.relationship:Role": "FR Core 2.1.0 découpe sur coding.system, qu'il ne fixe pas",
    "Patient.contact.relationship:RelationType": "FR Core 2.1.0 découpe sur coding.system, qu'il ne fixe pas",
}


def test_our_own_guides_lack_nothing_else() -> None:
    registry = default_registry()
    for canonical in registry.versions():
        registry.compiled(canonical)
    assert set(registry.missing) == {f"découpe non jugée : {each}" for each in UNTOLD}


def test_unreadable_package_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "paquet.tgz"
    path.write_bytes(b"pas une archive")
    with pytest.raises(UnusableDefinition):
        Registry().load_package(path)


def test_unreadable_definition_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{")
    with pytest.raises(UnusableDefinition):
        Registry().load_folder(tmp_path)


def test_differential_on_an_unknown_element_is_an_error(tmp_path: Path) -> None:
    wrong = {**PROFILE, "differential": {"element": [{"id": "Slot.inconnu", "path": "Slot.inconnu"}]}}
    registry = default_registry().load_package(package(tmp_path, {"package/StructureDefinition-creneau.json": wrong}))
    with pytest.raises(UnusableDefinition):
        validate(ex.SLOT, PROFILE["url"], registry=registry)


@pytest.mark.parametrize(
    ("content", "severity", "code"),
    [({}, "fatal", "structure"), ([], "fatal", "structure"), ({"resourceType": "Rendezvous"}, "fatal", "structure"),
     ({"resourceType": "DomainResource"}, "fatal", "structure"), ({"resourceType": None}, "fatal", "structure"),
     ({"resourceType": "MedicinalProduct"}, "warning", "not-supported")],
)  # fmt: skip
def test_what_is_not_a_judgeable_resource(content: Any, severity: str, code: str) -> None:
    assert [(i.severity, i.code) for i in validate(content)] == [(severity, code)]


def test_outcome_is_a_valid_resource() -> None:
    issues = validate(ex.spoiled(ex.APPOINTMENT, ("status",), "no-show"), ex.FR + "fr-core-appointment")
    result = outcome(issues)
    assert validate(result) == []
    assert result["issue"][0]["expression"] == ["Appointment.status"]
    assert result["issue"][0]["details"]["text"] == issues[0].message


def test_outcome_of_nothing_says_so() -> None:
    assert validate(outcome([])) == []
    assert outcome([])["issue"][0]["severity"] == "information"
