import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks.journal.masking import fingerprint, mask, mask_header

TOKEN = "banc-at-abcdefghijklmnop"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"a={TOKEN}&b=1", f"a=‹at:{fingerprint(TOKEN)}›&b=1"),
        (f'{{"id_token": "{JWT}"}}', f'{{"id_token": "‹jwt:{fingerprint(JWT)}›"}}'),
        ("identifiant=u&mot_de_passe=secret", f"identifiant=u&mot_de_passe=‹masqué:{fingerprint('secret')}›"),
        ('{"client_secret": "s3cret"}', f'{{"client_secret": "‹masqué:{fingerprint("s3cret")}›"}}'),
        ("rien à cacher", "rien à cacher"),
    ],
)
def test_secrets_become_fingerprints(text: str, expected: str) -> None:
    assert mask(text) == expected


@pytest.mark.parametrize(
    ("name", "value", "hidden"),
    [
        ("Authorization", "Basic dXNlcjpzZWNyZXQ=", "dXNlcjpzZWNyZXQ="),
        ("authorization", f"Bearer {TOKEN}", TOKEN),
        ("Authorization", "Bearer un-jeton-etranger", "un-jeton-etranger"),
        ("ID_TOKEN", JWT, JWT),
        ("Cookie", "session=abcdefgh; autre=ijklmnop", "abcdefgh"),
        ("Set-Cookie", "session=abcdefgh; Path=/portail-usager", "abcdefgh"),
        ("Location", f"https://p.test/retour?code={TOKEN.replace('-at-', '-ac-')}", "abcdefghijklmnop"),
    ],
)
def test_headers_are_masked(name: str, value: str, hidden: str) -> None:
    assert hidden not in mask_header(name, value)


def test_cookie_attributes_stay_readable() -> None:
    assert mask_header("Set-Cookie", "session=abcdefgh; Path=/portail-usager").endswith("; Path=/portail-usager")


def test_equal_secrets_have_equal_fingerprints() -> None:
    assert mask(TOKEN) == mask(TOKEN)
    assert mask(TOKEN) != mask(TOKEN + "q")


@given(st.text(), st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEF0123456789_-", min_size=8))
def test_no_issued_token_survives(around: str, tail: str) -> None:
    token = f"banc-rt-{tail}"
    assert token not in mask(f"{around} {token} {around}")


@given(st.text())
def test_masking_twice_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)
