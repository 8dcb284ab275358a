"""Rings of signing keys: shared at first, renewed by tenant, in both stores, by several callers at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from mocks.oidc import keys
from mocks.store import Store

RINGS = ("essai:RS256", "essai:ES256")
SAID = {"iss": "https://banc.test", "sub": "x"}


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    made = Store(store_url)
    yield made
    made.close()


@pytest.mark.parametrize("ring", RINGS)
def test_what_is_signed_is_read_with_the_published_keys(store: Store, ring: str) -> None:
    with store.session() as session:
        token = keys.sign(session, ring, SAID)
        session.commit()
        published = keys.public_keys(session, [ring])
        assert keys.read(session, ring, token) == SAID
    assert dict(jwt.decode(token, KeySet.import_key_set(published), algorithms=[ring[6:]]).claims) == SAID
    assert not {"d", "p", "q"} & published["keys"][0].keys()


def test_a_tenant_renews_its_own_keys_only(store: Store) -> None:
    ring = RINGS[1]
    with store.session() as session:
        before = keys.sign(session, ring, SAID, tenant="a")
        keys.renew(session, ring, "a")
        after = keys.sign(session, ring, SAID, tenant="a")
        session.commit()
        assert keys.read(session, ring, before, tenant="a") == keys.read(session, ring, after, tenant="a") == SAID
        assert keys.read(session, ring, after, tenant="b") is None
        assert len(keys.public_keys(session, [ring], "a")["keys"]) == 2
        assert len(keys.public_keys(session, [ring], "b")["keys"]) == 1
        keys.forget(session, "essai", "a")
        session.commit()
        assert keys.read(session, ring, after, tenant="a") is None
        assert keys.read(session, ring, before, tenant="a") == SAID


def test_a_key_that_was_undone_signs_nothing_more(store: Store) -> None:
    with store.session() as session:
        lost = keys.sign(session, RINGS[1], SAID)
        session.rollback()
        assert keys.read(session, RINGS[1], keys.sign(session, RINGS[1], SAID)) == SAID
        assert keys.read(session, RINGS[1], lost) is None
        session.commit()


def test_callers_at_once_make_one_key(store: Store) -> None:
    def sign(_: int) -> str:
        with store.session() as session:
            token = keys.sign(session, RINGS[1], SAID)
            session.commit()
            return token

    with ThreadPoolExecutor(6) as pool:
        tokens = list(pool.map(sign, range(12)))
    with store.session() as session:
        assert len(keys.public_keys(session, [RINGS[1]])["keys"]) == 1
        assert all(keys.read(session, RINGS[1], token) == SAID for token in tokens)


@pytest.mark.parametrize("spoilt", ["jeton_mal_signe", "kid_inconnu", "alg_none"])
@pytest.mark.parametrize("ring", RINGS)
def test_what_is_spoilt_is_not_believed(store: Store, ring: str, spoilt: str) -> None:
    with store.session() as session:
        token = keys.sign(session, ring, SAID, spoilt=spoilt)
        assert keys.read(session, ring, token) is None
        published = KeySet.import_key_set(keys.public_keys(session, [ring]))
    with pytest.raises((JoseError, ValueError)):
        jwt.decode(token, published, algorithms=["RS256", "ES256"])


@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA", "é.é.é"]
)
def test_what_nobody_signed_is_not_read(store: Store, token: str) -> None:
    with store.session() as session:
        assert keys.read(session, RINGS[0], token) is None
