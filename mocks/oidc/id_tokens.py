"""What an identity provider signs: id_token and signed UserInfo, right or spoilt by a fault."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from mocks.call import Call
from mocks.journal import fingerprint
from mocks.oidc import keys
from mocks.oidc.model_tokens import Family
from mocks.oidc.provider import OidcProvider, issuer_of

# Faults of the token endpoint; the first three are played by the signature.
FAULTS = (
    "jeton_mal_signe",
    "alg_none",
    "kid_inconnu",
    "mauvais_emetteur",
    "mauvaise_audience",
    "mauvais_nonce",
    "jeton_expire",
    "niveau_inferieur",
    "cle_renouvelee",
)


def ring(call: Call, provider: OidcProvider) -> str:
    """The ring of keys with which the provider signs now."""
    return f"{provider.name}:{call.setting('algorithme')}"


def rings(provider: OidcProvider) -> list[str]:
    """All the rings of keys of a provider."""
    algorithms = provider.choices.get("algorithme") or (provider.settings["algorithme"],)
    return [f"{provider.name}:{algorithm}" for algorithm in algorithms]


def issue(call: Call, provider: OidcProvider, family: Family) -> str:
    """The id_token of an authorization; tells the journal which one, and how it was spoilt."""
    fault = call.play(FAULTS)
    spoilt = "" if fault is None else str(fault["nature"])
    if spoilt == "cle_renouvelee":
        keys.renew(call.session, ring(call, provider), call.tenant.name)
    said = _spoilt(provider, claims(call, provider, family), spoilt)
    token = keys.sign(call.session, ring(call, provider), said, tenant=call.tenant.name, spoilt=spoilt)
    call.context["id_token"] = {"fingerprint": fingerprint(token), "spoilt": spoilt or None}
    return token


def claims(call: Call, provider: OidcProvider, family: Family) -> dict[str, Any]:
    """What an id_token says (OpenID Connect Core 1.0 §2)."""
    now, session, subject = int(call.now.timestamp()), family.session, family.subject
    said = {
        "iss": issuer_of(call, provider),
        "sub": provider.subject(call, session.person, family.client_id),
        "aud": family.client_id,
        "azp": family.client_id,
        "exp": now + call.setting("id_token_lifetime_s"),
        "iat": now,
        "auth_time": session.started,
        "jti": secrets.token_urlsafe(12),
        "acr": family.level,
        "sid": session.id,
        **provider.identity(call, subject),
    }
    if session.means:
        said["amr"] = list(session.means)
    return {**said, "nonce": family.nonce} if family.nonce else said


def signed_userinfo(call: Call, provider: OidcProvider, said: Mapping[str, Any], client_id: str, spoilt: str) -> str:
    """UserInfo as a JWT (OpenID Connect Core 1.0 §5.3.2)."""
    whole = {"iss": issuer_of(call, provider), "aud": client_id, **said}
    nature = "jeton_mal_signe" if spoilt == "userinfo_mal_signe" else ""
    return keys.sign(call.session, ring(call, provider), whole, tenant=call.tenant.name, spoilt=nature)


def read(call: Call, provider: OidcProvider, token: str) -> dict[str, Any] | None:
    """Claims of an id_token that this provider signed for this tenant, whatever its dates; None for any other."""
    found = (keys.read(call.session, name, token, tenant=call.tenant.name) for name in rings(provider))
    return next((said for said in found if said is not None), None)


def _spoilt(provider: OidcProvider, said: dict[str, Any], fault: str) -> dict[str, Any]:
    changes: Mapping[str, Mapping[str, Any]] = {
        "mauvais_emetteur": {"iss": "https://autre-fournisseur.banc.test"},
        "mauvaise_audience": {"aud": f"autre-{said['aud']}", "azp": f"autre-{said['aud']}"},
        "mauvais_nonce": {"nonce": secrets.token_urlsafe(24)},
        "jeton_expire": {"exp": said["iat"] - 3600, "iat": said["iat"] - 7200},
        "niveau_inferieur": {"acr": provider.lesser_level},
    }
    return {**said, **changes.get(fault, {})}
