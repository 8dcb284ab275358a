"""The table of profiles: what it holds, and what is said when it is wrong."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from harness.errors import SetUpError
from load.profile import load_table
from rules import Authority

SHIPPED = resources.files("load").joinpath("profils.toml").read_text(encoding="utf-8")


def test_the_profiles_of_the_fact_sheet_are_there_for_both_aims() -> None:
    table = load_table()
    assert list(table.profiles) == ["L1", "L2", "L3", "L4", "L5", "L6", "L7"]
    assert all(profile.mix("produit") and profile.mix("bac-a-sable") for profile in table.profiles.values())


def test_only_the_limit_that_is_published_is_official() -> None:
    """Seven seconds for a search of the SAS platform (SAS annexes); every other number is a convention."""
    official = [
        (profile.id, one.measure, one.limit, one.on)
        for profile in load_table().profiles.values()
        for one in profile.thresholds
        if one.authority is Authority.OFFICIELLE
    ]
    assert official == [("L1", "max", 7, "sas.creneaux"), ("L2", "max", 7, "sas.creneaux")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("duree_s = 600", "duree = 600", "duree"),
        ("debit = 0.85", "debit = -1", "debit"),
        ('forme = "constante", debit = 0.85', 'forme = "carre"', "forme"),
        ("[limites]", "[limites", "TOML"),
    ],
)
def test_a_wrong_table_is_refused_by_its_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SetUpError, match=said):
        load_table(path)


@pytest.mark.parametrize(
    ("profile", "asked", "said"),
    [
        ("L3", {"duration_s": 86_400.0}, "limites.duree_s"),
        ("L3", {"rate": 5000.0}, "limites"),
        ("L3", {"rate": 500.0}, "limites.arrivees"),
        ("L8", {}, "L8"),
    ],
)
def test_no_load_is_beyond_the_limits(profile: str, asked: dict[str, float], said: str) -> None:
    with pytest.raises(SetUpError, match=said):
        load_table().profile(profile, **asked)
