"""Signing keys of the sandbox, in rings: the last key of a ring signs, all of them are published.

A ring is a provider and an algorithm. Its first key belongs to all tenants; a tenant that renews its keys adds keys
of its own, and the first one stays published, since tokens signed with it live on.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, RSAKey
from sqlalchemy import bindparam, delete, insert, select

from mocks.oidc.tables import KEYS
from mocks.store import Session, Statement

ALGORITHMS = ("RS256", "ES256")
RSA_BITS = 2048

_RING = (KEYS.c.ring == bindparam("ring")) & (KEYS.c.tenant == bindparam("tenant"))
_OF_RING = Statement(select(KEYS.c.number, KEYS.c.pem).where(_RING).order_by(KEYS.c.number))
_INSERT = Statement(insert(KEYS))


def signing_key(session: Session, ring: str, tenant: str = "") -> Key:
    """The key that signs now. ring: `<name>:<algorithm>`. tenant: "" for a ring that no tenant renews."""
    return _ring(session, ring, tenant)[-1]


def public_keys(session: Session, rings: Sequence[str], tenant: str = "") -> dict[str, Any]:
    """The JWK Set (RFC 7517) of these rings."""
    keys = [key for ring in rings for key in _ring(session, ring, tenant)]
    return dict(KeySet([_public(key) for key in keys]).as_dict(private=False))


def renew(session: Session, ring: str, tenant: str) -> None:
    """Give the tenant a new key, that signs from now on."""
    session.begin()
    _shared(session, ring)
    number = len(session.all(_OF_RING, ring=ring, tenant=tenant))
    session.write(_INSERT, ring=ring, tenant=tenant, number=number, pem=_new_pem(_algorithm(ring)))


def forget(session: Session, name: str, tenant: str) -> None:
    """Forget the keys that this tenant made for itself."""
    session.execute(delete(KEYS).where(KEYS.c.ring.startswith(f"{name}:"), KEYS.c.tenant == tenant))


def sign(session: Session, ring: str, said: Mapping[str, Any], *, tenant: str = "", spoilt: str = "") -> str:
    """A JWT that says this.

    spoilt: `jeton_mal_signe` (another key under the same kid), `kid_inconnu` (a key that is not published) or
    `alg_none` (no signature); anything else leaves the signature right.
    """
    key, algorithm = signing_key(session, ring, tenant), _algorithm(ring)
    header = {"alg": algorithm, "kid": key.kid, "typ": "JWT"}
    if spoilt == "alg_none":
        return ".".join((*(_base64url(orjson.dumps(part)) for part in ({"alg": "none", "typ": "JWT"}, said)), ""))
    if spoilt in ("jeton_mal_signe", "kid_inconnu"):
        key = new_key(algorithm)
    if spoilt == "kid_inconnu":
        header["kid"] = key.kid
    return jwt.encode(header, dict(said), key, algorithms=[algorithm])


def read(session: Session, ring: str, token: str, *, tenant: str = "") -> dict[str, Any] | None:
    """Claims of a JWT that a key of the ring signed, whatever its dates; None when none did."""
    pems = tuple(row.pem for row in _rows(session, ring, tenant))
    try:
        return _signed(token, pems, _algorithm(ring))
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        return None


def new_key(algorithm: str) -> Any:
    """A key that no ring holds."""
    return _parsed(_new_pem(algorithm), algorithm)


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _ring(session: Session, ring: str, tenant: str) -> list[Key]:
    return [_parsed(row.pem, _algorithm(ring)) for row in _rows(session, ring, tenant)]


def _rows(session: Session, ring: str, tenant: str) -> list[Any]:
    own = session.all(_OF_RING, ring=ring, tenant=tenant) if tenant else []
    return [_shared(session, ring), *own]


def _shared(session: Session, ring: str) -> Any:
    """The first key of a ring, which never changes; made now unless another call has made it meanwhile."""
    name = f"oidc.key.{ring}"
    known = session.store.constants.get(name)
    if known is not None:
        return known
    found = session.first(_OF_RING, ring=ring, tenant="")
    if found is not None:
        if not session.wrote:  # a key made in a transaction that may yet be undone is not kept in memory
            session.store.constants[name] = found
        return found
    session.begin()
    found = session.first(_OF_RING, ring=ring, tenant="")
    if found is None:
        session.write(_INSERT, ring=ring, tenant="", number=0, pem=_new_pem(_algorithm(ring)))
        found = session.first(_OF_RING, ring=ring, tenant="")
    return found


def _algorithm(ring: str) -> str:
    return ring.rpartition(":")[2]


def _new_pem(algorithm: str) -> str:
    key: ECKey | RSAKey = ECKey.generate_key("P-256") if algorithm == "ES256" else RSAKey.generate_key(RSA_BITS)
    return key.as_pem(private=True).decode()


@lru_cache(maxsize=1024)
def _signed(token: str, pems: Sequence[str], algorithm: str) -> dict[str, Any]:
    """Claims of a token whose signature is right; a product shows the same one many times. Raises JoseError."""
    return dict(jwt.decode(token, KeySet([_parsed(pem, algorithm) for pem in pems]), algorithms=[algorithm]).claims)


@lru_cache(maxsize=256)
def _parsed(pem: str, algorithm: str) -> Any:
    key: Key = ECKey.import_key(pem) if algorithm == "ES256" else RSAKey.import_key(pem)
    key.ensure_kid()
    return key


def _public(key: Any) -> Any:
    """The key as a JWK Set shows it: what it is for, and with which algorithm (RFC 7517 §4.2, §4.4)."""
    algorithm = "ES256" if isinstance(key, ECKey) else "RS256"
    return type(key).import_key({**key.as_dict(private=False), "use": "sig", "alg": algorithm})
