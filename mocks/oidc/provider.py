"""An identity provider as data: what makes Pro Santé Connect or FranceConnect of the one engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import current_app

from mocks.call import Call

EXTENSION = "banc.oidc"


class SignInError(Exception):
    """Nobody is signed in with what was typed; the text is the French sentence that the page shows."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who signed in. person: id in the fictitious world. means: authentication methods (`amr`, RFC 8176)."""

    person: str
    means: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """For whom and for what a token or an answer is made. level: the acr reached."""

    person: str
    client_id: str
    scopes: Sequence[str]
    level: str


@dataclass(frozen=True, slots=True)
class Paths:
    """Addresses under the base of the service. issuer: the part that the issuer adds, without slash at its ends.

    authorize, login: from the base of the service; all the others: from the issuer. "" when it is not offered.
    """

    issuer: str
    discovery: str
    authorize: str
    login: str
    jwks: str
    token: str
    userinfo: str
    end_session: str
    revocation: str
    introspection: str = ""
    ciba: str = ""


Claims = Callable[[Call, Subject], Mapping[str, Any]]
Spoil = Callable[[dict[str, Any]], dict[str, Any]]


def _nothing_malformed(_call: Call, _params: Mapping[str, str]) -> str:
    return ""


def _no_claims(_call: Call, _subject: Subject) -> Mapping[str, Any]:
    return {}


def _no_witness(_said: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class OidcProvider:
    """One identity provider.

    name, title, specification, version, national_urls: as in `mocks.service.Service`.
    paths: its addresses. pages: folder of its templates (`connexion.html`; those of the engine are the others').
    levels: acr values that may be asked, the usual one first. lesser_level: what the fault `niveau_inferieur` says.
    scopes: scope values that may be asked. grants: values of grant_type. settings, choices: see `mocks.service`.
    sign_in: from the call (its form), who signs in; raises SignInError.
    subject: the `sub` of a person for a client. userinfo: claims of UserInfo but `sub`. identity: claims that the
    id_token holds besides those of OpenID Connect Core. spoils: by name of fault, what it does to UserInfo.
    find_hint: the person of a login_hint (CIBA), None when unknown.
    malformed: why a request of authorization gets a page 400 and no redirection (French), "" when it does not.
    malformed_code: the official code that this page shows. redirect_status: of redirections of the browser.
    userinfo_refusal: HTTP status of a refusal of UserInfo. logout_needs: parameters without which, besides
    id_token_hint, the end of a session is refused. witness: from the claims of a UserInfo answer, what the journal
    keeps of them (contract of identity, `identity`). abandoned: error_description of who gives up.
    discovery: what the discovery document says besides what the engine knows.
    """

    name: str
    title: str
    specification: str
    version: str
    national_urls: tuple[str, ...]
    paths: Paths
    pages: Path
    levels: tuple[str, ...]
    scopes: tuple[str, ...]
    grants: tuple[str, ...]
    settings: Mapping[str, Any]
    sign_in: Callable[[Call], SignIn]
    subject: Callable[[Call, str, str], str]
    userinfo: Claims
    identity: Claims = _no_claims
    choices: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    lesser_level: str = "0"  # below any level: OpenID Connect Core 1.0 §2, acr
    spoils: Mapping[str, Spoil] = field(default_factory=dict)
    find_hint: Callable[[Call, str], str | None] | None = None
    malformed: Callable[[Call, Mapping[str, str]], str] = _nothing_malformed
    malformed_code: str = ""
    redirect_status: int = 302
    userinfo_refusal: int = 401
    logout_needs: tuple[str, ...] = ()
    witness: Callable[[Mapping[str, Any]], Mapping[str, Any]] = _no_witness
    abandoned: str = "The resource owner or authorization server denied the request"
    discovery: Mapping[str, Any] = field(default_factory=dict)

    def operation(self, what: str) -> str:
        """Name in the journal of an operation of this provider: `psc.oidc.token`."""
        return f"{self.name}.oidc.{what}"


def current_provider() -> OidcProvider:
    """The provider that the running view belongs to."""
    provider: OidcProvider = current_app.extensions[EXTENSION]
    return provider


def issuer_of(call: Call, provider: OidcProvider) -> str:
    """The issuer, at the address by which the sandbox was reached."""
    return f"{call.base_url}/{provider.paths.issuer}" if provider.paths.issuer else call.base_url
