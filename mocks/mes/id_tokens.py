"""The id_token: signed by the sandbox's key, checked on every business call."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from mocks.mes.model_pairings import Pairing
from mocks.mes.model_services import Snr
from mocks.oidc import keys
from mocks.store import Session

ALGORITHM = "RS256"
RING = f"mes:{ALGORITHM}"


def jwks(session: Session) -> dict[str, Any]:
    """The public key set."""
    return keys.public_keys(session, [RING])


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
    return keys.sign(session, RING, _spoilt(said, fault), spoilt=fault)


def read(session: Session, token: str, *, issuer: str, client_id: str | None, now: int) -> tuple[str, dict[str, Any]]:
    """(state, claims) of an id_token that a service presents; state: valid, invalid, expired or absent.

    issuer: base URL of the service; only its path is compared, since a machine has several names. client_id: who
    presents it, None when that is not known.
    """
    if not token:
        return "absent", {}
    said = keys.read(session, RING, token)
    if said is None:
        return "invalid", {}
    try:
        intended = urlsplit(str(said["iss"])).path == urlsplit(issuer).path and client_id in (None, said["aud"])
        expired = int(said["exp"]) <= now
    except (ValueError, TypeError, KeyError):
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
