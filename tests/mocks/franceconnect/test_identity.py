"""What FranceConnect says of a person: pivot identity, its special cases, scopes, sub."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks.franceconnect import identity
from mocks.world import Birth
from mocks.world.people import make
from tests.mocks.franceconnect.portal import Browser, Portal

PIVOT = {"given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry"}
PROTOCOL = {"sub", "iss", "aud"}
BIRTHS = st.builds(
    Birth,
    abroad=st.booleans(),
    corsica=st.sampled_from([None, "2A", "2B"]),
    day_unknown=st.booleans(),
    composed=st.booleans(),
)


@given(number=st.integers(1, 5000), day=st.dates(date(1910, 1, 1), date(2026, 12, 31)), birth=BIRTHS)
def test_every_pivot_identity_has_the_form_of_the_documentation(number: int, day: date, birth: Birth) -> None:
    said = identity.traits(make(number, day, birth=birth))
    assert said["family_name"] == said["family_name"].upper()
    assert said["given_name"].split(" ")
    assert said["gender"] in ("male", "female")
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", said["birthdate"])
    assert re.fullmatch(r"99[0-9]{3}", said["birthcountry"])
    assert (said["birthplace"] == "") == (said["birthcountry"] != "99100")
    assert re.fullmatch(r"|[0-9][0-9AB][0-9]{3}", said["birthplace"])
    assert {name.removeprefix("rnipp_") for name in said if name.startswith("rnipp_")} == PIVOT


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ({}, {"birthplace": "99999", "birthcountry": "99100", "birthdate": "1948-02-17"}),
        ({"ne_a_l_etranger": True}, {"birthplace": "", "birthcountry": "99998"}),
        ({"corse": "2A"}, {"birthplace": "2A999", "birthcountry": "99100"}),
        ({"corse": "2B"}, {"birthplace": "2B999", "birthcountry": "99100"}),
        ({"jour_inconnu": True}, {"birthdate": "1948-02-01"}),
    ],
)
def test_special_births(portal: Portal, wishes: dict[str, Any], expected: dict[str, str]) -> None:
    born = portal.admin("POST", "personnes", date_naissance="1948-02-17", **wishes)
    said = portal.identity(born)
    assert {name: said[name] for name in expected} == expected
    assert portal.last("oidc.userinfo")["context"]["identity"]["pivot"] == {name: said[name] for name in PIVOT}


def test_all_first_names_are_given_composed_ones_whole(portal: Portal) -> None:
    born = portal.admin("POST", "personnes", prenoms_composes=True)
    assert len(born["prenoms"]) == 2
    assert portal.identity(born)["given_name"] == " ".join(born["prenoms"])


@pytest.mark.parametrize(
    ("scope", "claims"),
    [
        ("openid", set()),
        ("openid identite_pivot", PIVOT),
        ("openid family_name gender", {"family_name", "gender"}),
        ("openid birth", {"birthplace", "birthcountry"}),
        ("openid profile", {"given_name", "family_name", "birthdate", "gender"}),
        ("openid email", {"email"}),
        ("openid rnipp_identite_pivot", {f"rnipp_{name}" for name in PIVOT}),
        ("openid preferred_username", set()),
    ],
)
def test_a_scope_opens_its_claims_and_no_other(
    portal: Portal, person: dict[str, Any], scope: str, claims: set[str]
) -> None:
    said = portal.identity(person, scope=scope)
    assert said.keys() - {"iat", "exp", "jti"} == PROTOCOL | claims
    assert not [name for name in said if "nir" in name or "ins" in name]


def test_an_unknown_scope_is_refused(portal: Portal) -> None:
    browser = Browser()
    browser.open(portal, scope="openid nir")
    assert browser.returned()["error"] == "invalid_scope"


def test_the_sub_is_one_for_a_person_and_a_client_and_another_elsewhere(portal: Portal, person: dict[str, Any]) -> None:
    sub = portal.identity(person)["sub"]
    assert re.fullmatch("[0-9a-f]{64}v1", sub)
    assert portal.identity(person)["sub"] == sub
    other_client, somebody_else = portal.register("autre-portail"), portal.admin("POST", "personnes")
    others = {other_client.identity(person)["sub"], portal.identity(somebody_else)["sub"]}
    assert len(others | {sub}) == 3


@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9)), unique=True, max_size=20))
def test_two_subjects_are_never_one(whos: list[tuple[str, str, str]]) -> None:
    clean = {tuple(part.replace("\0", "") for part in who) for who in whos}
    assert len({identity.subject(*who) for who in clean}) == len(clean)
