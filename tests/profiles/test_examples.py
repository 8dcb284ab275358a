"""Each official example gets the verdict of `exemples.csv`, against the R4 type and against each profile it claims."""

from __future__ import annotations

import pytest

from profiles import validate
from tests.profiles import official
from tests.profiles.verdicts import Expected, errors, table

pytestmark = pytest.mark.skipif(not official.packages(), reason=official.ABSENT)


def name(row: Expected) -> str:
    return f"{row.package.removeprefix('ans.fhir.fr.')}/{row.file}-{row.profile.rpartition('/')[2] or 'R4'}"


@pytest.mark.parametrize("row", table(), ids=name)
def test_example_gets_its_verdict(row: Expected) -> None:
    issues = validate(row.resource, row.profile or None, registry=row.registry)
    assert errors(issues) == row.broken, [i.message for i in issues]
    assert row.verdict == ("invalide" if row.broken else "valide")
    assert bool(row.reason) == bool(row.broken)


def test_every_example_of_every_package_is_in_the_table() -> None:
    expected = {(row.package, row.file, row.profile.partition("|")[0]) for row in table()}
    found = set()
    for package in official.packages():
        for file, resource in official.examples(package).items():
            claimed = [str(c).partition("|")[0] for c in resource.get("meta", {}).get("profile", [])]
            found |= {(package, file, canonical) for canonical in ["", *claimed]}
    assert found == expected
