"""FranceConnect v2 and FranceConnect+ as data (fact sheet identity-security, §3): one module, two declarations."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mocks import world
from mocks.call import Call
from mocks.franceconnect import accounts, identity, requests
from mocks.oidc import OidcProvider, Paths, Subject, settings

PATHS = Paths(
    issuer="api/v2",
    discovery=".well-known/openid-configuration",
    authorize="api/v2/authorize",
    login="api/v2/interaction",
    jwks="jwks",
    token="token",
    userinfo="userinfo",
    end_session="session/end",
    revocation="revocation",
)
# Of no use without refresh tokens nor CIBA.
_NOT_OFFERED = ("refresh_token_lifetime_s", "ciba_lifetime_s", "ciba_interval_s")
_LIFETIMES = {"code_lifetime_s": 30, "access_token_lifetime_s": 60, "id_token_lifetime_s": 60}
_OWN = {"etat_court": "refuse"}  # a state or nonce of less than 32 characters: Y000400, or a note in the journal
_OWN_CHOICES = {"etat_court": ("refuse", "note")}


def subject(call: Call, person: str, client_id: str) -> str:
    """The `sub` of a person for a client."""
    return identity.subject(call.tenant.name, client_id, person)


def userinfo(call: Call, asked: Subject) -> Mapping[str, Any]:
    """The claims that the scopes open."""
    known = identity.traits(world.person(call.session, call.tenant.name, asked.person))
    opened = identity.allowed(asked.scopes)
    return {name: value for name, value in known.items() if name in opened}


def witness(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the journal keeps of a UserInfo answer: the pivot identity as sent."""
    return {"pivot": {name: said[name] for name in identity.PIVOT if name in said}}


def _settings(**own: Any) -> dict[str, Any]:
    common = settings.defaults(acr_values="strict", algorithme="ES256", userinfo_signe=True, **_LIFETIMES, **own)
    return {**{key: value for key, value in common.items() if key not in _NOT_OFFERED}, **_OWN}


def _declared(**own: Any) -> OidcProvider:
    """What the two have in common, and what is of one of them."""
    return OidcProvider(
        paths=PATHS,
        pages=Path(__file__).parent / "pages",
        scopes=identity.SCOPES,
        grants=("authorization_code",),
        choices={**settings.choices(), **_OWN_CHOICES},
        subject=subject,
        userinfo=userinfo,
        witness=witness,
        malformed=requests.malformed,
        malformed_code=requests.CODE,
        redirect_status=303,
        userinfo_refusal=400,
        logout_needs=("state", "post_logout_redirect_uri"),
        abandoned="User auth aborted",
        discovery={
            "claims_supported": ["sub", *identity.PIVOT, *identity.OTHERS, *identity.RNIPP, "acr", "amr", "auth_time"],
            "claims_parameter_supported": False,
            "subject_types_supported": ["pairwise"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        },
        **own,
    )


FRANCECONNECT_PROVIDER = _declared(
    name="franceconnect",
    title="FranceConnect",
    specification="DINUM, documentation des fournisseurs de services de FranceConnect",
    version="v2",
    national_urls=("https://fcp-low.integ01.dev-franceconnect.fr",),
    levels=("eidas1",),
    settings=_settings(),
    sign_in=accounts.by_password,
)
FRANCECONNECT_PLUS_PROVIDER = _declared(
    name="franceconnect-plus",
    title="FranceConnect+",
    specification="DINUM, documentation des fournisseurs de services de FranceConnect+",
    version="v2 (2023)",
    national_urls=("https://auth.integ01.dev-franceconnect.fr", "https://auth.franceconnect.gouv.fr"),
    levels=("eidas2", "eidas3"),
    lesser_level="eidas1",
    # At substantial and high levels the real one asks each time (technique-sessions).
    settings=_settings(authentification_unique="aucune"),
    sign_in=accounts.by_two_factors,
)
