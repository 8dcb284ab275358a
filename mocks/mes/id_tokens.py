"""The id_token: signed by the sandbox's key, checked on every business call."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey
from sqlalchemy import insert, select

from mocks.mes.model_pairings import Pairing
from mocks.mes.model_services import Snr
from mocks.mes.tables import KEYS
from mocks.store import Session, Statement

ALGORITHM = "RS256"
KEY_BITS = 2048

_KEY = Statement(select(KEYS.c.pem).where(KEYS.c.id == 1))


def signing_key(session: Session) -> RSAKey:
    """The key of the sandbox, made the first time that it is needed."""
    return _parsed(_pem(session))


def _pem(session: Session) -> str:
    known = session.store.constants.get("mes.signing_key")
    if known is None:
        row = session.first(_KEY)
        if row is None:
            return _made(session)
        known = session.store.constants["mes.signing_key"] = row.pem
    return str(known)


def _made(session: Session) -> str:
    """The key, made now unless another call has made it meanwhile. Not kept in memory before it is committed."""
    session.begin()
    row = session.first(_KEY)
    if row is not None:
        return str(row.pem)
    pem = RSAKey.generate_key(KEY_BITS).as_pem(private=True).decode()
    session.execute(insert(KEYS).values(id=1, pem=pem))
    return pem


def jwks(session: Session) -> dict[str, Any]:
    """The public key set."""
    return dict(KeySet([signing_key(session)]).as_dict(private=False))


def claims(*, issuer: str, snr: Snr, pairing: Pairing, now: int, lifetime_s: int, nonce: str) -> dict[str, Any]:
    """What an id_token says. now: seconds. nonce: the one of the authorisation request, empty on a refresh."""
    said = {
        "iss": issuer,
        "aud": snr.client_id,
        "sub": pairing.idpe,
        "exp": now + lifetime_s,
        "iat": now,
        "jti": secrets.token_urlsafe(12),
        "oid": snr.oid,
        "idPe": pairing.idpe,
        "assignAuth": pairing.assign_auth,
    }
    return {**said, "nonce": nonce} if nonce else said


def sign(session: Session, said: Mapping[str, Any], fault: str = "") -> str:
    """The id_token that says this.

    fault: `jeton_mal_signe` (another key under the same kid), `jeton_expire`, `mauvais_nonce` or `oid_different`.
    """
    key = signing_key(session)
    header = {"alg": ALGORITHM, "kid": key.kid}
    if fault == "jeton_mal_signe":
        key = RSAKey.generate_key(KEY_BITS)
    return jwt.encode(header, _spoilt(said, fault), key, algorithms=[ALGORITHM])


def read(session: Session, token: str, *, issuer: str, client_id: str | None, now: int) -> tuple[str, dict[str, Any]]:
    """(state, claims) of an id_token that a service presents; state: valid, invalid, expired or absent.

    issuer: base URL of the service; only its path is compared, since a machine has several names. client_id: who
    presents it, None when that is not known.
    """
    if not token:
        return "absent", {}
    try:
        said = _signed(token, _pem(session))
        intended = urlsplit(str(said["iss"])).path == urlsplit(issuer).path and client_id in (None, said["aud"])
        expired = int(said["exp"]) <= now
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        return "invalid", {}
    if not intended:
        return "invalid", said
    return ("expired" if expired else "valid"), said


def _spoilt(said: Mapping[str, Any], fault: str) -> dict[str, Any]:
    spoilt = {
        "jeton_expire": {"exp": said["iat"] - 60, "iat": said["iat"] - 3600},
        "mauvais_nonce": {"nonce": secrets.token_urlsafe(12)},
        "oid_different": {"oid": f"{said['oid']}.999"},
    }
    return {**said, **spoilt.get(fault, {})}


@lru_cache(maxsize=1024)
def _signed(token: str, pem: str) -> dict[str, Any]:
    """Claims of a token whose signature is right; a product shows the same token many times. Raises JoseError."""
    return dict(jwt.decode(token, _parsed(pem), algorithms=[ALGORITHM]).claims)


@lru_cache(maxsize=32)
def _parsed(pem: str) -> RSAKey:
    key = RSAKey.import_key(pem)
    key.ensure_kid()
    return key
