"""authlib's grants, told where this bench keeps codes, tokens and pairings."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge

from mocks.call import current_call
from mocks.journal import fingerprint
from mocks.mes import model_pairings, model_tokens
from mocks.mes.model_pairings import Pairing
from mocks.mes.model_tokens import Code, Token
from mocks.mes.oauth_client import OAuthClient
from mocks.mes.oauth_request import external_user_problem
from mocks.oidc.oauth_request import OAuthRequest
from mocks.oidc.secrets import new

AUTH_METHODS = ["client_secret_basic", "client_secret_post"]


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """Authorisation code (RFC 6749 §4.1), for one use."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    @staticmethod
    def validate_authorization_redirect_uri(request: OAuthRequest, client: OAuthClient) -> str:
        """The redirect_uri, which must be one that the service registered, to the letter (MES-04)."""
        uri: str = request.payload.redirect_uri
        if not client.check_redirect_uri(uri):
            raise InvalidRequestError("The redirect_uri is missing or not registered.")
        return uri

    def validate_authorization_request(self) -> str:
        """Also looks at external_user, that the consent page will show."""
        uri: str = super().validate_authorization_request()
        problem = external_user_problem(self.request.payload.data.get("external_user"))
        if problem:
            raise InvalidRequestError(problem, redirect_uri=uri)
        return uri

    def generate_authorization_code(self) -> str:
        """A code that the journal recognises and hides."""
        return new("ac")

    def save_authorization_code(self, code: str, request: OAuthRequest) -> None:
        """Keep a code; the pairing was made by the consent page."""
        call, data = current_call(), request.payload.data
        model_tokens.add_code(
            call.session,
            call.tenant.name,
            code,
            client_id=request.client.snr.client_id,
            pairing=request.user.id,
            redirect_uri=request.payload.redirect_uri,
            nonce=data.get("nonce", "").replace("\x00", ""),  # PostgreSQL has no such text
            challenge="" if call.setting("pkce") == "ignore" else data.get("code_challenge", ""),
            expires=int(call.now.timestamp()) + call.setting("code_lifetime_s"),
        )
        call.context["grant"] = {"type": "code", "code": fingerprint(code)}

    def query_authorization_code(self, code: str, client: OAuthClient) -> Code | None:
        """The code, if it still serves. A code that served revokes what it gave (RFC 6749 §4.1.2)."""
        call = current_call()
        found = model_tokens.find_code(call.session, call.tenant.name, code)
        grant = call.context["grant"] = {"type": self.GRANT_TYPE, "code": fingerprint(code), "reused": False}
        if found is None or found.client_id != client.snr.client_id:
            return None
        grant["family"] = found.family
        _concern(found.pairing)
        if found.used:
            grant["reused"] = True
            model_tokens.revoke_family(call.session, call.tenant.name, found.family)
            return None
        return found if call.now.timestamp() < found.expires else None

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """A code serves once."""
        call = current_call()
        model_tokens.use_code(call.session, call.tenant.name, authorization_code)

    def authenticate_user(self, authorization_code: Code) -> Pairing | None:
        """The pairing that the code stands for."""
        return _usable_pairing(authorization_code.pairing)


class RefreshGrant(RefreshTokenGrant):  # type: ignore[misc]
    """Refresh (RFC 6749 §6) with rotation; a refresh token shown twice revokes its family."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    @property
    def INCLUDE_NEW_REFRESH_TOKEN(self) -> bool:  # noqa: N802  (authlib's name)
        """Whether refresh tokens rotate."""
        return bool(current_call().setting("rotation_refresh"))

    def authenticate_refresh_token(self, refresh_token: str) -> IssuedToken | None:
        """The refresh token, if it still serves."""
        call = current_call()
        found = model_tokens.find_token(call.session, call.tenant.name, refresh_token)
        grant = call.context["grant"] = {
            "type": self.GRANT_TYPE,
            "refresh": fingerprint(refresh_token),
            "reused": False,
        }
        if found is None or found.kind != "refresh" or found.client_id != self.request.client.snr.client_id:
            return None
        grant["family"] = found.family
        _concern(found.pairing)
        if found.used:
            grant["reused"] = True
            model_tokens.revoke_family(call.session, call.tenant.name, found.family)
        return IssuedToken(found) if found.state(call.now) == "valid" and _usable_pairing(found.pairing) else None

    def authenticate_user(self, refresh_token: IssuedToken) -> Pairing | None:
        """The pairing that the token stands for."""
        return _usable_pairing(refresh_token.token.pairing)

    def revoke_old_credential(self, refresh_token: IssuedToken) -> None:
        """A rotated token has served."""
        call = current_call()
        if self.INCLUDE_NEW_REFRESH_TOKEN:
            model_tokens.use_refresh(call.session, call.tenant.name, refresh_token.token)


class IssuedToken:
    """A token as authlib looks at it."""

    def __init__(self, token: Token) -> None:
        self.token = token

    def check_client(self, client: OAuthClient) -> bool:
        """True when the token was issued to this service."""
        return self.token.client_id == client.snr.client_id

    def get_scope(self) -> str:
        """What the token may be refreshed for: what is granted now."""
        call = current_call()
        pairing = model_pairings.by_id(call.session, call.tenant.name, self.token.pairing)
        return "" if pairing is None else scope_of(pairing)


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    """Revocation (RFC 7009): a refresh token takes its family with it."""

    CLIENT_AUTH_METHODS = AUTH_METHODS

    def check_params(self, request: OAuthRequest, _client: OAuthClient) -> None:
        """The token must be there; a hint that is not understood is ignored (RFC 7009 §2.2)."""
        if "token" not in request.form:
            raise InvalidRequestError("Missing 'token' in the form.")

    def query_token(self, token_string: str, token_type_hint: str | None) -> IssuedToken | None:
        """The token; the hint is not needed."""
        call = current_call()
        found = model_tokens.find_token(call.session, call.tenant.name, token_string)
        if found is None:
            return None
        _concern(found.pairing)
        return IssuedToken(found)

    def revoke_token(self, token: IssuedToken, request: OAuthRequest) -> None:
        """Revoke."""
        call = current_call()
        if token.token.kind == "refresh":
            model_tokens.revoke_family(call.session, call.tenant.name, token.token.family)
        else:
            model_tokens.revoke(call.session, call.tenant.name, token.token)


class Pkce(CodeChallenge):  # type: ignore[misc]
    """PKCE (RFC 7636), S256 only, as the setting says: requis, accepte or ignore."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        """Judge the authorization request."""
        data, mode = grant.request.payload.data, current_call().setting("pkce")
        if mode == "ignore":
            return
        if mode == "requis" and not data.get("code_challenge"):
            raise InvalidRequestError("Missing 'code_challenge'")
        super().validate_code_challenge(grant, redirect_uri)
        if data.get("code_challenge") and data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("The 'code_challenge_method' must be S256.")

    def validate_code_verifier(self, grant: CodeGrant, result: Any) -> None:
        """Judge the token request."""
        if current_call().setting("pkce") != "ignore":
            super().validate_code_verifier(grant, result)

    def get_authorization_code_challenge(self, authorization_code: Code) -> str:
        """The challenge kept with the code."""
        return authorization_code.challenge

    def get_authorization_code_challenge_method(self, authorization_code: Code) -> str:
        """The only method accepted."""
        return "S256"


def scope_of(pairing: Pairing) -> str:
    """The scope that MES answers: openid and the finalities granted."""
    return " ".join(("openid", *pairing.consents))


def _concern(pairing_id: str) -> None:
    """Tell the journal whose tokens these are."""
    call = current_call()
    pairing = model_pairings.by_id(call.session, call.tenant.name, pairing_id)
    if pairing is not None:
        call.context |= {"pairing": pairing.id, "idpe": pairing.idpe}
        call.identify(pairing.person)


def _usable_pairing(pairing_id: str) -> Pairing | None:
    """The pairing, unless it was ended."""
    call = current_call()
    pairing = model_pairings.by_id(call.session, call.tenant.name, pairing_id)
    if pairing is None:
        return None
    state = pairing.state(call.now, call.setting("reapprobation_delai_j"))
    return pairing if state in ("actif", "a_reapprouver") else None
