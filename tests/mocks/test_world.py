"""People who don't exist, with what is particular about their birth."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks import real_people, world
from mocks.sandbox import Sandbox
from mocks.world import Birth, places
from mocks.world.people import FAMILIES, NAMES, ORDINARY, Person, birth_date_at, make
from profiles.keys import wrong_ins

BIRTHS = st.builds(
    Birth,
    abroad=st.booleans(),
    corsica=st.sampled_from([None, "2A", "2B"]),
    day_unknown=st.booleans(),
    composed=st.booleans(),
)


@given(number=st.integers(1, 5000), day=st.dates(date(1910, 1, 1), date(2026, 12, 31)), birth=BIRTHS)
def test_whoever_is_born_is_nobody_and_has_a_right_matricule(number: int, day: date, birth: Birth) -> None:
    made = make(number, day, birth=birth)
    assert wrong_ins(made.ins) is None
    assert made.ins[5:10] == made.birth_place
    assert made.birth_place in places.NOWHERE
    assert not real_people.seen_in(f"1.2.250.1.213.1.4.8|{made.ins}".encode())
    assert Person.restored(made.stored()) == made
    if birth.day_unknown:
        assert (made.birth_date.day, made.day_unknown) == (1, True)


def test_a_person_stored_before_births_had_a_country_is_still_read() -> None:
    old = {k: v for k, v in make(1, date(1960, 5, 4)).stored().items() if k not in ("birth_country", "day_unknown")}
    assert Person.restored(old) == make(1, date(1960, 5, 4))


@pytest.mark.parametrize(
    ("wishes", "place", "country"),
    [
        ({}, "99999", "99100"),
        ({"ne_a_l_etranger": True}, "99998", "99998"),
        ({"corse": "2A", "age": 42.0}, "2A999", "99100"),
        ({"corse": "2B", "jour_inconnu": True}, "2B999", "99100"),
    ],
)
def test_births_by_the_admin_api(wishes: dict[str, Any], place: str, country: str) -> None:
    sandbox = Sandbox(services=[])
    with sandbox.embedded(), httpx.Client(base_url="https://banc.test/_banc/tenants/defaut") as client:
        born = client.post("/personnes", json={"date_naissance": "1948-02-17", **wishes}).json()
        assert client.get(f"/personnes/{born['id']}").json() == born
    sandbox.close()
    assert (born["commune_naissance"], born["pays_naissance"]) == (place, country)
    assert born["jour_naissance_inconnu"] == wishes.get("jour_inconnu", False)
    assert born["date_naissance"] == ("1948-02-01" if wishes.get("jour_inconnu") else "1948-02-17")


def test_an_account_of_france_connect_is_not_that_of_mon_espace_sante() -> None:
    sandbox = Sandbox(services=[])
    with sandbox.embedded(), httpx.Client(base_url="https://banc.test/_banc/tenants/defaut") as client:
        born = client.post("/personnes").json()
    with sandbox.store.session("defaut") as session:
        found = world.by_france_connect_login(session, "defaut", born["franceconnect"]["identifiant"])
        other = world.by_france_connect_login(session, "defaut", born["mes"]["identifiant"])
    sandbox.close()
    assert found is not None
    assert (found.id, found.france_connect_password) == (born["id"], born["franceconnect"]["mot_de_passe"])
    assert found.france_connect_password != found.password
    assert other is None


def test_composed_first_names_and_an_impossible_birth() -> None:
    sandbox = Sandbox(services=[])
    with sandbox.embedded(), httpx.Client(base_url="https://banc.test/_banc/tenants/defaut") as client:
        given_names = client.post("/personnes", json={"prenoms_composes": True}).json()["prenoms"]
        refused = client.post("/personnes", json={"ne_a_l_etranger": True, "corse": "2A"})
    sandbox.close()
    assert len(given_names) == 2
    assert all("-" in name for name in given_names)
    assert (refused.status_code, refused.json()["erreur"]) == (400, "naissance-impossible")


def test_nobody_has_an_unwanted_homonym() -> None:
    today, composed = date(2026, 3, 2), Birth(composed=True)
    everybody = [
        make(number, birth_date_at(42, today, number), birth=composed if number % 3 else ORDINARY)
        for number in range(1, 5001)
    ]
    assert len({(p.family, p.given[0], p.sex) for p in everybody}) == len(everybody)
    assert len({p.ins for p in everybody}) == len(everybody)
    assert {p.family for p in everybody} > set(FAMILIES)
    same_day = [make(number, date(1948, 2, 1), birth=Birth(day_unknown=True)) for number in range(NAMES)]
    assert len({(p.family, p.given[0], p.sex) for p in same_day}) == NAMES
    assert all(len(set(p.given)) == len(p.given) for p in everybody)
    firsts = {words for p in everybody for words in p.given[0].split("-")}
    assert not firsts & {name for p in everybody if "-" not in p.given[0] for name in p.given[1:]}


@given(age=st.integers(0, 110), today=st.dates(date(1990, 1, 1), date(2090, 1, 1)), number=st.integers(0, 20_000))
def test_the_age_asked_is_the_age_of_that_day_and_of_the_next_months(age: int, today: date, number: int) -> None:
    born = birth_date_at(age, today, number)
    for day in (today, today + timedelta(days=150)):
        assert day.year - born.year - ((day.month, day.day) < (born.month, born.day)) == age
