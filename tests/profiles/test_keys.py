"""The keys of the national identifiers: what the sheets computed, and the properties that a key must have."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from profiles import keys
from profiles.keys import Wrong

# Computed by the agency or checked in the fact sheets (DMP §8, identity §5.4 and §11, ROR §8 and §12).
RIGHT = [
    (keys.wrong_ins, "279035121518989"),
    (keys.wrong_ins, "279062A00401734"),
    (keys.wrong_ins, "190122B03300472"),
    (keys.wrong_ins, "180069200012318"),
    (keys.wrong_ins, "236066322083656"),
    (keys.wrong_ins, "297022A02077878"),
    (keys.wrong_ins, "248022A00412325"),
    (keys.wrong_ins, "255069999999934"),
    (keys.wrong_nir, "279062A004017"),
    (keys.wrong_rpps, "10000001916"),
    (keys.wrong_rpps, "19999000011"),
    (keys.wrong_adeli, "919400001"),
    (keys.wrong_adeli, "2A9400001"),
    (keys.wrong_finess, "770816478"),
    (keys.wrong_finess, "010003820"),
    (keys.wrong_finess, "290004324"),
    (keys.wrong_finess, "2A0000001"),  # the key of Corsica is not judged
    (keys.wrong_siren, "263500076"),
    (keys.wrong_siret, "90000001900019"),
    (keys.wrong_siret, "35600000012345"),  # La Poste: not judged
    (keys.wrong_structure_id, "1990000010"),
    (keys.wrong_structure_id, "2900000019"),
    (keys.wrong_structure_id, "390000001900019"),
    (keys.wrong_structure_id, "4100000019160001"),
    (keys.wrong_structure_id, "0919400001"),
    (keys.wrong_professional_id, "819999000011"),
    (keys.wrong_professional_id, "0919400001"),
    (keys.wrong_professional_id, "3990000010/agent-7"),
    (keys.wrong_professional_id, "590000001900019/7"),
    (keys.wrong_oid, "1.2.250.1.213.1.4.10"),
    (keys.wrong_uuid, "123E4567-e89b-12d3-a456-426614174000"),
]
WRONG = [
    (keys.wrong_ins, "279035121518988", "key"),
    (keys.wrong_ins, "123456789012345", "key"),
    (keys.wrong_ins, "27903512151898", "shape"),
    (keys.wrong_ins, "2790351215189890", "shape"),
    (keys.wrong_ins, "279062C00401734", "shape"),
    (keys.wrong_ins, "279062a00401734", "shape"),
    (keys.wrong_ins, "2 79 03 51 215 189 89", "shape"),
    (keys.wrong_ins, "٢79035121518989", "shape"),
    (keys.wrong_ins, "27903512151898²", "shape"),
    (keys.wrong_ins, "", "shape"),
    (keys.wrong_nir, "2790351215189\n", "shape"),
    (keys.wrong_rpps, "19999000012", "key"),
    (keys.wrong_rpps, "819999000011", "shape"),
    (keys.wrong_adeli, "9194000010", "shape"),
    (keys.wrong_finess, "990000011", "key"),
    (keys.wrong_finess, "10003820", "shape"),
    (keys.wrong_siren, "921317258", "key"),
    (keys.wrong_siret, "92131725800020", "key"),
    (keys.wrong_siret, "9000000190001", "shape"),
    (keys.wrong_structure_id, "3990000010", "shape"),  # FINESS under the prefix of a SIRET
    (keys.wrong_structure_id, "1990000011", "key"),
    (keys.wrong_structure_id, "990000010", "shape"),
    (keys.wrong_structure_id, "4", "shape"),
    (keys.wrong_professional_id, "19999000011", "shape"),
    (keys.wrong_professional_id, "3990000010", "shape"),
    (keys.wrong_professional_id, "3990000011/agent-7", "key"),
    (keys.wrong_professional_id, "", "shape"),
    (keys.wrong_oid, "1", "shape"),
    (keys.wrong_oid, "1.02", "shape"),
    (keys.wrong_oid, "3.1", "shape"),
    (keys.wrong_oid, "urn:oid:1.2", "shape"),
    (keys.wrong_uuid, "123e4567e89b12d3a456426614174000", "shape"),
]
CHECKS = [value for name, value in vars(keys).items() if name.startswith("wrong_")]


@pytest.mark.parametrize(("check", "value"), RIGHT)
def test_right(check: keys.Check, value: str) -> None:
    assert check(value) is None


@pytest.mark.parametrize(("check", "value", "what"), WRONG)
def test_wrong(check: keys.Check, value: str, what: str) -> None:
    found = check(value)
    assert isinstance(found, Wrong)
    assert found.what == what
    assert found.reason


def test_every_check_is_held_by_the_tables() -> None:
    assert {check for check, _ in RIGHT} == set(CHECKS) == {check for check, _, _ in WRONG}


def test_a_wrong_key_says_the_right_one() -> None:
    found = keys.wrong_structure_id("1990000011")
    assert found
    assert found.reason == "après le préfixe 1, la clé du numéro FINESS est fausse : attendu 0, vu 1"


def spoiled(value: str, place: int, other: str) -> str:
    return value[:place] + other + value[place + 1 :]


DIGIT = st.sampled_from("0123456789")
NUMBERS: list[tuple[keys.Check, int]] = [(keys.wrong_rpps, 11), (keys.wrong_finess, 9), (keys.wrong_siren, 9),
                                         (keys.wrong_siret, 14)]  # fmt: skip


@pytest.mark.parametrize(("check", "length"), NUMBERS)
@given(data=st.data())
def test_luhn_finds_any_single_digit_change(check: keys.Check, length: int, data: st.DataObject) -> None:
    body = data.draw(st.text("0123456789", min_size=length - 1, max_size=length - 1))
    number = body + keys.luhn_key(body)
    assume(not number.startswith(keys.LA_POSTE))
    assert check(number) is None
    place, other = data.draw(st.integers(0, length - 1)), data.draw(DIGIT)
    assume(other != number[place])
    changed = spoiled(number, place, other)
    assume(not changed.startswith(keys.LA_POSTE))
    found = check(changed)
    assert found
    assert found.what == "key"


@given(body=st.text("0123456789", min_size=2, max_size=20), data=st.data())
def test_luhn_finds_neighbours_swapped_but_for_0_and_9(body: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body) - 2))
    first, second = body[place], body[place + 1]
    assume(first != second and {first, second} != {"0", "9"})
    swapped = body[:place] + second + first + body[place + 2 :]
    assert not keys.passes_luhn(swapped + keys.luhn_key(body))


DEPARTMENTS = st.sampled_from([*(f"{n:02d}" for n in range(100)), "2A", "2B"])
BODIES = st.builds(
    "{}{:02d}{:02d}{}{:06d}".format,
    st.sampled_from("123478"),
    st.integers(0, 99),
    st.integers(1, 12),
    DEPARTMENTS,
    st.integers(0, 999_999),
)


@given(body=BODIES, place=st.integers(0, 14), other=DIGIT)
def test_the_ins_key_finds_any_single_digit_change(body: str, place: int, other: str) -> None:
    matricule = body + keys.nir_key(body)
    assert keys.wrong_ins(matricule) is None
    assert 1 <= int(matricule[13:]) <= 97
    assume(other != matricule[place])
    assert keys.wrong_ins(spoiled(matricule, place, other)) is not None


@given(BODIES)
def test_corsica_counts_as_its_older_department(body: str) -> None:
    """INSEE gives the same rule twice: 2A is 19; or 2A is 20 and one million is taken off the number."""
    if body[5:7] in ("2A", "2B"):
        off = {"2A": 1_000_000, "2B": 2_000_000}[body[5:7]]
        number = int(body[:5] + "20" + body[7:]) - off
        assert keys.nir_key(body) == f"{97 - number % 97:02d}"
    else:
        assert (int(body) + int(keys.nir_key(body))) % 97 == 0


@pytest.mark.parametrize("check", CHECKS)
@given(value=st.text(max_size=20))
def test_no_text_makes_a_check_fall(check: Callable[[str], Wrong | None], value: str) -> None:
    assert check(value) is None or isinstance(check(value), Wrong)
