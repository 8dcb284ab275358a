"""Pro Santé Connect as data (fact sheet on identity and security, §2)."""

from __future__ import annotations

from pathlib import Path

from flask import request

from mocks.call import Call
from mocks.oidc import OidcProvider, Paths, SignIn, SignInError, settings
from mocks.psc import claims
from mocks.world import professionals

CIBA = "urn:openid:params:grant-type:ciba"
# Authentication methods (RFC 8176) of each means; what Pro Santé Connect itself says is not published (banc).
MEANS = {"CPS": ("mfa", "pin", "sc"), "ECPS": ("mfa", "swk")}
UNKNOWN = "Aucun professionnel n'a cet identifiant. Vérifiez-le, puis recommencez."
NO_MEANS = "Choisissez un moyen d'identification : carte CPS ou e-CPS."
_PROTOCOL = "protocol/openid-connect"


def sign_in(call: Call) -> SignIn:
    """Who shows a card or accepts on the telephone: the sandbox asks for no code. Raises SignInError."""
    means = MEANS.get(request.form.get("moyen", ""))
    if means is None:
        raise SignInError(NO_MEANS)
    person = find(call, request.form.get("identifiant", "").strip())
    if person is None:
        raise SignInError(UNKNOWN)
    return SignIn(person, means)


def find(call: Call, identifier: str) -> str | None:
    """The professional of an identifier of Pro Santé Connect or national identifier, or None."""
    who = professionals.by_login(call.session, call.tenant.name, identifier)
    return None if who is None else who.id


PROVIDER = OidcProvider(
    name="psc",
    title="Pro Santé Connect",
    specification="ANS, Pro Santé Connect (documentation technique publique) ; OpenID Connect Core 1.0, CIBA Core 1.0",
    version="Référentiel PSC 1.8.4",
    national_urls=(
        "https://auth.bas.psc.esante.gouv.fr",
        "https://wallet.bas.psc.esante.gouv.fr",
        "https://auth.esw.esante.gouv.fr",
        "https://wallet.esw.esante.gouv.fr",
    ),
    paths=Paths(
        issuer="auth/realms/esante-wallet",
        discovery=".well-known/wallet-openid-configuration",
        authorize="auth",
        login="connexion",
        jwks=f"{_PROTOCOL}/certs",
        token=f"{_PROTOCOL}/token",
        userinfo=f"{_PROTOCOL}/userinfo",
        end_session=f"{_PROTOCOL}/logout",
        revocation=f"{_PROTOCOL}/revoke",
        introspection=f"{_PROTOCOL}/token/introspect",
        ciba=f"{_PROTOCOL}/ext/ciba/auth",
    ),
    pages=Path(__file__).parent / "pages",
    levels=("eidas1",),
    scopes=("openid", "scope_all", "identity", "rpps", "referentiel", "profile", "email", "acr", "offline_access"),
    grants=("authorization_code", "refresh_token", CIBA),
    settings=settings.defaults(),
    choices={**settings.choices(), "algorithme": ("RS256",)},
    sign_in=sign_in,
    subject=claims.subject,
    identity=claims.identity,
    userinfo=claims.userinfo,
    witness=claims.witness,
    spoils={"sans_exercice": claims.without_practice, "finess_vide": claims.without_finess},
    find_hint=find,
    discovery={
        "claims_supported": [
            *("aud", "sub", "iss", "auth_time", "name", "given_name", "family_name", "preferred_username", "acr"),
            *("SubjectNameID", "SubjectRole", "SubjectOrganization", "Secteur_Activite", "SubjectRefPro"),
        ],
        "tls_client_certificate_bound_access_tokens": False,
    },
)
