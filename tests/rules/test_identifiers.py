import pytest

from rules.identifiers import (
    ins_in,
    is_absolute_uri,
    is_email,
    is_ins,
    is_ins_system,
    is_nir_without_key,
    looks_like_finess,
    looks_like_rpps,
)


@pytest.mark.parametrize("value", ["279035121518989", "279062A00401734", "190122B03300472", "279062a00401734"])
def test_ins(value: str) -> None:
    assert is_ins(value)
    assert list(ins_in(f"/Patient/{value}?a")) == [value]


@pytest.mark.parametrize(
    "value", ["279035121518988", "123456789012345", "27903512151898", "esms-u-00042", "279062C00401734"]
)
def test_not_an_ins(value: str) -> None:
    assert not is_ins(value)
    assert list(ins_in(f"1{value}")) == []


def test_nir_without_key() -> None:
    assert is_nir_without_key("2790351215189")
    assert not is_nir_without_key("1729930000000")  # a time in milliseconds


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("urn:oid:1.2.250.1", True),
        ("https://produit.test/rdv", True),
        ("1.2.250.1", False),
        ("urn:oid:x", False),
        ("", False),
    ],
)
def test_absolute_uri(value: str, right: bool) -> None:
    assert is_absolute_uri(value) is right


def test_numbers_of_professionals_and_structures() -> None:
    assert looks_like_rpps("19999000011")
    assert looks_like_rpps("819999000011")
    assert not looks_like_rpps("19999000012")
    assert looks_like_finess("990000028")
    assert looks_like_finess("1990000028")
    assert not looks_like_finess("990000011")


def test_ins_systems() -> None:
    assert is_ins_system("urn:oid:1.2.250.1.213.1.4.8")
    assert is_ins_system("1.2.250.1.213.1.4.10")
    assert not is_ins_system("urn:oid:1.2.250.1.999.77")


def test_email() -> None:
    assert is_email("ana@exemple.test")
    assert not is_email("ana")
