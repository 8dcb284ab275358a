"""Each official profile says what ours says, element by element, or the difference stands in `exceptions.csv`."""

from __future__ import annotations

import functools

import pytest

from profiles import default_registry
from profiles.model import FHIR
from tests.profiles import official, parity

pytestmark = pytest.mark.skipif(not official.packages(), reason=official.ABSENT)
CDL = "https://interop.esante.gouv.fr/ig/fhir/cdl/StructureDefinition/cdl-document-reference"


@functools.cache
def compared(package: str, canonical: str) -> parity.Parity:
    return parity.compare(package, canonical)


@pytest.mark.parametrize(
    ("package", "canonical"), parity.scope(), ids=lambda text: text.removeprefix("ans.fhir.fr.").rpartition("/")[2]
)
def test_profile_says_what_the_official_one_says(package: str, canonical: str) -> None:
    result = compared(package, canonical)
    assert result.compared > result.elements
    assert [str(difference) for difference in result.different] == []


def test_every_exception_is_of_use() -> None:
    used = {row for package, canonical in parity.scope() for _, row in compared(package, canonical).excepted}
    assert [row for row in parity.exceptions() if row not in used] == []
    assert all(row.reason.strip() for row in parity.exceptions())


def test_a_difference_is_seen() -> None:
    """The walker itself: an official definition differs from the base type that it constrains, in every way it does."""
    definition = official.definitions("ans.fhir.fr.cdl-3.0.0")[CDL]
    base, registry = default_registry().snapshot(FHIR + "DocumentReference"), default_registry()
    assert base is not None
    differences = parity.snapshot_differences(
        parity.Parity("", ""), definition["snapshot"]["element"], base.copy(), registry
    )
    assert {aspect for _, aspect, _, _ in differences} >= {"min", "max", "binding", "slices", "élément"}
