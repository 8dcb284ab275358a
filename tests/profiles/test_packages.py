"""Packages on the disk: dropped into the bench, installed by a user, each after those that it rests on."""

from __future__ import annotations

from pathlib import Path

import pytest

from profiles import UnusableDefinition, default_registry, registry, validate
from profiles.packages import dependencies_first, install, package_at, packages_in
from tests.harness.package_server import package, profile

BASE = profile(
    "base",
    "http://hl7.org/fhir/StructureDefinition/Patient",
    {"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1},
)
ON_IT = profile("dessus", BASE["url"], {"id": "Patient.gender", "path": "Patient.gender", "min": 1})


@pytest.fixture
def dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of dropped packages, an empty one of the test's own; `fresh` reads the registry again."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.setattr(registry, "DROPPED", folder)
    return folder


fresh = default_registry.__wrapped__


def test_a_package_dropped_into_the_bench_judges(dropped: Path) -> None:
    (dropped / "a-dessus.tgz").write_bytes(package("test.dessus", "1.0.0", ON_IT, dependencies={"test.base": "1.0.0"}))
    (dropped / "b-base.tgz").write_bytes(package("test.base", "1.0.0", BASE))
    issues = validate({"resourceType": "Patient"}, ON_IT["url"], registry=fresh())
    assert {issue.expression for issue in issues} == {"Patient.birthDate", "Patient.gender"}


def test_one_that_cannot_be_read_stops_the_start_and_is_named(dropped: Path) -> None:
    (dropped / "abime.tgz").write_bytes(b"")
    with pytest.raises(UnusableDefinition, match=r"abime\.tgz"):
        fresh()


def test_dependencies_come_first(tmp_path: Path) -> None:
    rests = {"a": {"b": "1", "c": "1"}, "b": {"c": "1"}, "c": {}, "d": {"e": "1"}, "e": {"d": "1"}}
    for name, on in rests.items():
        (tmp_path / f"{name}.tgz").write_bytes(package(name, "1", dependencies=on))
    ordered = [each.guide.id for each in dependencies_first(packages_in(tmp_path))]
    assert sorted(ordered) == ["a", "b", "c", "d", "e"]
    assert ordered.index("c") < ordered.index("b") < ordered.index("a")


def test_installing_twice_leaves_one_file(tmp_path: Path) -> None:
    source, folder = tmp_path / "x.tgz", tmp_path / "profils"
    source.write_bytes(package("test.base", "1.0.0", BASE))
    for _ in range(2):
        assert install(source, folder).name == "test.base@1.0.0"
    assert [path.name for path in folder.iterdir()] == ["test.base-1.0.0.tgz"]


def test_old_packages_say_their_fhir_version_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "x.tgz"
    path.write_bytes(package("test.vieux", "1.0.0", fhirVersions=None, **{"fhir-version-list": ["3.0.2"]}))
    with pytest.raises(UnusableDefinition, match=r"FHIR 3\.0\.2"):
        package_at(path)
    path.write_bytes(package("test.muet", "1.0.0", fhirVersions=None))
    assert package_at(path).guide.fhir == ()
