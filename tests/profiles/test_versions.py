"""Several versions of one canonical live together; what a guide cites is read in the versions it rests on."""

from __future__ import annotations

import json
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from profiles import Registry, UnknownProfile, UnusableDefinition, default_registry, validate
from profiles.guides import Guide, from_manifest, satisfies, version_order
from profiles.library import Library, definition_of
from tests.profiles import examples as ex

URL = "https://exemple.test/StructureDefinition/"
SETS = "https://exemple.test/ValueSet/"


def slot(name: str, version: str, parent: str, *rows: dict[str, Any]) -> dict[str, Any]:
    base = parent if parent.startswith("http") else URL + parent
    return {
        "resourceType": "StructureDefinition",
        "url": URL + name,
        "version": version,
        "type": "Slot",
        "baseDefinition": base,
        "derivation": "constraint",
        "differential": {"element": [{"id": "Slot", "path": "Slot"}, *rows]},
    }


def required(name: str) -> dict[str, Any]:
    return {"id": f"Slot.{name}", "path": f"Slot.{name}", "min": 1}


def guide(folder: Path, id: str, version: str, dependencies: dict[str, str], *definitions: dict[str, Any]) -> None:
    where = folder / id / version
    where.mkdir(parents=True)
    manifest = {"id": id, "version": version, "title": id, "source": "test", "dependencies": dependencies}
    (where / "guide.json").write_text(json.dumps(manifest))
    for rank, each in enumerate(definitions):
        (where / f"{each['resourceType']}-{rank}.json").write_text(json.dumps(each))


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """Core 1.0.0 asks for a comment, core 2.0.0 for an appointmentType; guide old rests on the first one."""
    guide(tmp_path, "core", "1.0.0", {}, slot("creneau", "1.0.0", ex.HL7 + "Slot", required("comment")))
    guide(tmp_path, "core", "2.0.0", {}, slot("creneau", "2.0.0", ex.HL7 + "Slot", required("appointmentType")))
    guide(tmp_path, "old", "1.0.0", {"core": "1.0.0"}, slot("ancien", "1.0.0", "creneau"))
    guide(tmp_path, "older", "1.0.0", {"old": "1.0.0"}, slot("doyen", "1.0.0", "creneau"))
    guide(tmp_path, "new", "1.0.0", {"core": "2.0.x"}, slot("nouveau", "1.0.0", "creneau"))
    guide(tmp_path, "free", "1.0.0", {}, slot("libre", "1.0.0", "creneau"), slot("precis", "", "creneau|1.0.0"))
    return Registry().load_folder(tmp_path)


def asked(registry: Registry, canonical: str) -> list[tuple[str, str]]:
    issues = validate(ex.SLOT, canonical, registry=registry)
    return [(i.expression.removeprefix("Slot."), i.profile.removeprefix(URL)) for i in issues]


COMMENT, TYPE = [("comment", "creneau|1.0.0")], [("appointmentType", "creneau|2.0.0")]


@pytest.mark.parametrize(
    ("canonical", "issues"),
    [("creneau", TYPE), ("creneau|1.0.0", COMMENT), ("creneau|2.0.0", TYPE), ("ancien", COMMENT), ("doyen", COMMENT),
     ("nouveau", TYPE), ("libre", TYPE), ("precis", COMMENT)],
)  # fmt: skip
def test_a_canonical_is_read_in_the_guide_that_cites_it(
    registry: Registry, canonical: str, issues: list[tuple[str, str]]
) -> None:
    assert asked(registry, URL + canonical) == issues


def test_a_version_that_is_not_loaded_is_unknown(registry: Registry) -> None:
    assert not registry.knows(URL + "creneau|3.0.0")
    with pytest.raises(UnknownProfile, match=r"1\.0\.0, 2\.0\.0"):
        validate(ex.SLOT, URL + "creneau|3.0.0", registry=registry)


def test_a_definition_without_version_has_that_of_its_manifest(registry: Registry) -> None:
    assert URL + "precis|1.0.0" in registry.versions()
    assert registry.knows(URL + "precis|1.0.0")


def test_each_canonical_is_listed_once_and_each_version_too(registry: Registry) -> None:
    assert registry.canonicals().count(URL + "creneau") == 1
    assert {URL + "creneau|1.0.0", URL + "creneau|2.0.0"} <= set(registry.versions())
    assert registry.profile(URL + "creneau")["version"] == "2.0.0"


def test_a_package_manifest_gives_the_versions_of_its_dependencies(registry: Registry, tmp_path: Path) -> None:
    path = tmp_path / "paquet.tgz"
    files = {
        "package/package.json": {"name": "pkg", "version": "0.1.0", "dependencies": {"core": "1.0.0"}},
        "package/StructureDefinition-a.json": slot("du-paquet", "0.1.0", "creneau"),
    }
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            data = json.dumps(content).encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, BytesIO(data))
    assert asked(registry.load_package(path), URL + "du-paquet") == COMMENT


def test_value_sets_are_read_in_the_versions_of_their_guide(tmp_path: Path) -> None:
    def value_set(version: str, code: str) -> dict[str, Any]:
        concepts = [{"system": "https://exemple.test/cs", "concept": [{"code": code}]}]
        return {"resourceType": "ValueSet", "url": SETS + "vs", "version": version, "compose": {"include": concepts}}

    def bound(name: str) -> dict[str, Any]:
        binding = {"strength": "required", "valueSet": SETS + "vs"}
        row = {"id": "Slot.appointmentType", "path": "Slot.appointmentType", "binding": binding}
        return slot(name, "1.0.0", ex.HL7 + "Slot", row)

    guide(tmp_path, "terms", "1.0.0", {}, value_set("1.0.0", "un"))
    guide(tmp_path, "terms", "2.0.0", {}, value_set("2.0.0", "deux"))
    guide(tmp_path, "first", "1.0.0", {"terms": "1.0.0"}, bound("premier"))
    guide(tmp_path, "second", "1.0.0", {"terms": "2.0.0"}, bound("second"))
    registry = Registry().load_folder(tmp_path)
    resource = {**ex.SLOT, "appointmentType": {"coding": [{"system": "https://exemple.test/cs", "code": "un"}]}}
    assert validate(resource, URL + "premier", registry=registry) == []
    assert [i.rule for i in validate(resource, URL + "second", registry=registry)] == ["binding"]


@pytest.mark.parametrize(
    ("older", "newer"),
    [("1.9.0", "1.10.0"), ("1.2.0-snapshot-2", "1.2.0"), ("1.2.0-snapshot-2", "1.2.0-snapshot-10"), ("", "0.1.0"),
     ("1.2", "1.2.1"), ("20250101", "20260730120000"), ("1.2.0-ballot", "1.2.0-ballot-2")],
)  # fmt: skip
def test_order_of_versions(older: str, newer: str) -> None:
    assert version_order(older) < version_order(newer)


@pytest.mark.parametrize(
    ("version", "wanted", "fits"),
    [("2.0.1", "2.0.1", True), ("2.0.1", "2.0.x", True), ("2.1.0", "2.0.x", False), ("2.1.0", "current", True),
     ("2.1.0", "2.1", False)],
)  # fmt: skip
def test_versions_that_fit(version: str, wanted: str, fits: bool) -> None:
    assert satisfies(version, wanted) is fits


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"id": "x", "readings": [{"about": "y"}]}'])
def test_an_unusable_manifest_is_an_error(content: str) -> None:
    with pytest.raises(UnusableDefinition):
        from_manifest(content, "guide.json")


def test_an_aliased_dependency_counts_for_its_guide() -> None:
    manifest = {"name": "a", "dependencies": {"alias@npm:b": "2.0.0", "alias@npm:c": "1.0.0", "b": "1.0.0"}}
    assert from_manifest(json.dumps(manifest), "").dependencies == {"b": "1.0.0", "c": "1.0.0"}


def test_guides_that_rest_on_each_other_end() -> None:
    one, two = Guide("one", "1", dependencies={"two": "1"}), Guide("two", "1", dependencies={"one": "1"})
    library = Library([definition_of(slot("a", "1", "b"), one), definition_of(slot("b", "1", "a"), two)])
    assert [g.id for g in library.reach(one)] == ["one", "two"]
    registry = Registry(library)
    assert not registry.knows(URL + "a")


NOT_SHIPPED = {"ans.fhir.fr.annuaire#1.0.1": "le GAP 3.0.0 n'en cite que des cibles de référence, servies par 1.1.0"}


def test_our_guides_have_a_manifest_and_rest_on_loaded_versions() -> None:
    library = default_registry().library
    assert {"hl7.fhir.fr.core", "ans.fhir.fr.gap"} <= {g.id for g in library.guides}
    for each in library.guides:
        assert all((each.version, each.title, each.source)), each.key
        for name, version in each.dependencies.items():
            known = library.guide(name, version) or f"{name}#{version}" in NOT_SHIPPED
            assert known, f"{each.key} repose sur {name} {version}, absent"


def test_a_definition_is_written_once() -> None:
    seen: dict[tuple[str, str], Path] = {}
    for file in sorted((Path(__file__).parents[2] / "profiles").glob("*/*/*.json")):
        content = json.loads(file.read_text("utf-8"))
        if "url" in content:
            name = (content["url"], content.get("version", ""))
            assert name not in seen, f"{name} : {seen[name]} et {file}"
            seen[name] = file
