"""The official packages loaded beside our guides: they compile, and judge as our own profiles do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from profiles import default_registry, validate
from profiles.elements import base
from profiles.model import FHIR
from tests.profiles import official
from tests.profiles.cases import cases
from tests.profiles.judged import excused, judged
from tests.profiles.parity import OUT_OF_SCOPE
from tests.profiles.verdicts import errors, loaded, table

pytestmark = pytest.mark.skipif(not official.packages(), reason=official.ABSENT)

WITH_PROFILES = [package for package in official.packages() if official.profiles(package)]
OURS_TOO = [package for package in WITH_PROFILES if package not in OUT_OF_SCOPE]
ONE_IN = 20  # of the mutants: those of every profile are judged, by a sample that is always the same


@pytest.mark.parametrize("package", WITH_PROFILES)
def test_every_official_profile_compiles(package: str) -> None:
    registry = loaded(package)
    for url, definition in official.profiles(package).items():
        canonical = f"{url}|{definition['version']}"
        assert registry.profile(canonical) == definition
        if definition["type"] != "Extension":  # extensions are compiled within each of the others
            assert registry.compiled(canonical).type == definition["type"]


@pytest.mark.parametrize("package", OURS_TOO)
def test_official_and_our_profiles_give_examples_the_same_errors(package: str) -> None:
    rows = [row for row in table() if row.package == package and default_registry().knows(row.profile)]
    for row in rows:
        theirs = errors(validate(row.resource, row.profile, registry=loaded(package)))
        assert theirs == errors(validate(row.resource, row.profile)), (row.file, row.profile)
    assert rows or not official.examples(package) or package.startswith("ans.fhir.fr.mss")


@pytest.mark.parametrize("package", OURS_TOO)
def test_official_and_our_profiles_refuse_the_same_mutants(package: str) -> None:
    canonicals = {f"{url}|{d['version']}" for url, d in official.profiles(package).items()}
    asked = sorted({case.profile for case in cases()} & canonicals)
    compared = 0
    for profile in asked:
        for row in [row for row in judged(profile)[::ONE_IN] if excused(row.mutant) is None]:
            theirs = errors(validate(row.mutant.resource, profile, registry=loaded(package)))
            assert bool(theirs) == bool(row.errors), (row.mutant.operation, row.mutant.element, theirs)
            compared += 1
    assert compared > 5


def base_rows() -> Iterator[tuple[str, str, official.Json]]:
    """Yield type, element and row of the R4 elements behind the official snapshots (logical models left out)."""
    for package in official.packages():
        for definition in official.profiles(package).values():
            for row in definition["snapshot"]["element"]:
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
        stated = {t.partition("|")[0] for ref in row.get("type", []) for t in ref.get("targetProfile", [])}
        in_r4 = {t for t in stated if base().is_resource(t.removeprefix(FHIR))}
        assert not targets or in_r4 <= targets, (owner, name)
        if ours.binding and "binding" in row:
            assert row["binding"]["strength"] == "required", (owner, name)
