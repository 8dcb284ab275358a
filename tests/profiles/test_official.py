"""Our definitions against the official packages of the ANS, an oracle that the product does not contain."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from profiles import default_registry
from profiles.differential import locate
from profiles.elements import Element, base
from tests.profiles import examples as ex

OFFICIAL = Path(__file__).parents[2].parent / "shared" / "official"
pytestmark = pytest.mark.skipif(not OFFICIAL.is_dir(), reason="paquets officiels absents (dossier ../shared/official)")

# Bindings of R4 that our base data does not carry: HL7 terminology that we do not ship (never judged).
NOT_CARRIED = {"http://hl7.org/fhir/ValueSet/security-labels", "http://hl7.org/fhir/ValueSet/encounter-participant-type",
               "http://hl7.org/fhir/ValueSet/identifier-type"}  # fmt: skip


def packages() -> list[Path]:
    return sorted(OFFICIAL.glob("*.tgz")) if OFFICIAL.is_dir() else []


def members(path: Path, folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    with tarfile.open(path) as archive:
        for member in archive:
            parent, _, name = member.name.rpartition("/")
            stream = archive.extractfile(member) if parent == folder and name.endswith(".json") else None
            if stream:
                yield name, json.load(stream)


def of(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", packages(), ids=of)
def test_every_official_profile_compiles(path: Path) -> None:
    registry = default_registry().load_package(path)
    fresh = set(registry.canonicals()) - set(default_registry().canonicals())
    for canonical in sorted(fresh):
        if registry.profile(canonical)["type"] != "Extension":  # extensions are compiled within each of the others
            assert registry.compiled(canonical).type


SNAPSHOTS = ["gap-fr-appointment", "gap-fr-slot", "gap-fr-schedule"]


def rows(profile: str) -> list[dict[str, Any]]:
    for name, resource in members(OFFICIAL / "ans.fhir.fr.gap-3.0.0.tgz", "package"):
        if name == f"StructureDefinition-{profile}.json":
            return list(resource["snapshot"]["element"])
    raise AssertionError(profile)


@pytest.mark.parametrize("profile", SNAPSHOTS)
def test_snapshot_equals_the_official_one(profile: str) -> None:
    registry = default_registry()
    root = registry.snapshot(ex.GAP + profile)
    assert root is not None
    copy = root.copy()
    differences = []
    for row in rows(profile)[1:]:
        ours = locate(copy, row["id"], registry.snapshot, "")
        if (mine := seen(ours, row)) != (theirs := official(row)):
            differences.append((row["id"], mine, theirs))
    assert differences == []


# Profiles derived from ours by a published guide: a derived profile may only be tighter. Where ours is the tighter one,
# the version differs (ours reads FR Core 2.0.1, the annuaire derives from 2.2.0) and the reason is given.
DERIVED = {
    "fr-core-practitioner-role": ("ans.fhir.fr.annuaire-1.2.0-snapshot-2", "as-practitionerrole"),
    "fr-core-practitioner": ("ans.fhir.fr.annuaire-1.2.0-snapshot-2", "as-practitioner"),
    "fr-core-organization": ("ans.fhir.fr.annuaire-1.2.0-snapshot-2", "as-organization"),
    "fr-core-related-person": ("ans.fhir.fr.cds-2.0.1", "cds-fr-related-person"),
}
LOOSENED_SINCE = {
    "Practitioner.identifier.system": "1..1 jusqu'à 2.1, porté par chaque tranche en 2.2",
    "Practitioner.identifier.value": "idem",
    "Organization.identifier.system": "1..1 dans la source lue, 0..1 en 2.2",
    "Organization.identifier.value": "idem",
}


@pytest.mark.parametrize("profile", DERIVED)
def test_never_tighter_than_a_published_profile_derived_from_it(profile: str) -> None:
    package, derived = DERIVED[profile]
    found = dict(members(OFFICIAL / f"{package}.tgz", "package"))[f"StructureDefinition-{derived}.json"]
    theirs = {row["id"]: row for row in found["snapshot"]["element"]}
    registry = default_registry()
    root = registry.snapshot(ex.FR + profile)
    assert root is not None
    compared = 0
    for row in registry.profile(ex.FR + profile)["differential"]["element"][1:]:
        ours, other = locate(root.copy(), row["id"], registry.snapshot, ""), theirs.get(row["id"])
        if other is None or row["id"] in LOOSENED_SINCE:
            continue
        assert ours.min <= other["min"], row["id"]
        assert ours.max == "*" or (other["max"] != "*" and int(ours.max) >= int(other["max"])), row["id"]
        if ours.binding and ours.binding.strength == "required":
            assert other["binding"]["strength"] == "required", row["id"]
            assert plain(ours.binding.value_set) in ("", plain(other["binding"]["valueSet"]))
        compared += 1
    assert compared > 5


def base_rows() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield type, element and row of the R4 elements behind the official snapshots (logical models left out)."""
    for path in packages():
        for name, resource in members(path, "package"):
            if name.startswith("StructureDefinition-") and resource["type"] in base():
                for row in resource["snapshot"]["element"]:
                    owner, _, element = row.get("base", {}).get("path", "").rpartition(".")
                    if owner[:1].isupper():
                        yield owner, element, row


def test_base_cardinalities_equal_the_official_ones() -> None:
    compared = set()
    for owner, name, row in base_rows():
        ours = base().elements(owner)[name]
        assert (ours.min, ours.base_max) == (row["base"]["min"], row["base"]["max"]), (owner, name)
        compared.add((owner, name))
    assert len(compared) > 400


def test_base_targets_and_code_lists_contain_the_official_ones() -> None:
    for owner, name, row in base_rows():
        ours = base().elements(owner)[name]
        targets = {t for ref in ours.types for t in ref.targets}
        stated = {plain(t) for ref in row.get("type", []) for t in ref.get("targetProfile", [])}
        in_r4 = {t for t in stated if base().is_resource(t.removeprefix(ex.HL7))}
        assert not targets or in_r4 <= targets, (owner, name)
        if ours.binding and "binding" in row:
            assert row["binding"]["strength"] == "required", (owner, name)


def official(row: dict[str, Any]) -> dict[str, Any]:
    types = row.get("type", [])
    result: dict[str, Any] = {
        "min": row["min"],
        "max": row["max"],
        "codes": codes(types),
        "targets": set(),
        "profiles": set(),
    }
    for each in types:
        result["targets"] |= {plain(t) for t in each.get("targetProfile", [])} - {ex.HL7 + "Resource"}
        result["profiles"] |= {plain(p) for p in each.get("profile", [])}
    binding = row.get("binding", {})
    if binding.get("strength") in ("required", "extensible") and plain(binding["valueSet"]) not in NOT_CARRIED:
        result["binding"] = binding["strength"]
    return {**result, "pattern": row.get("patternCanonical")}


def codes(types: list[dict[str, Any]]) -> set[str]:
    return {t["code"] for t in types} - {"BackboneElement"} if not any("System" in t["code"] for t in types) else set()


def seen(element: Element, row: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "min": element.min,
        "max": element.max,
        "codes": {t.code for t in element.types if "." not in t.code} if codes(row.get("type", [])) else set(),
        "targets": {plain(t) for ref in element.types for t in ref.targets},
        "profiles": {plain(p) for ref in element.types for p in ref.profiles},
    }
    if element.binding and element.binding.strength in ("required", "extensible"):
        result["binding"] = element.binding.strength
    return {**result, "pattern": element.pattern}


def plain(canonical: str) -> str:
    return canonical.partition("|")[0]
