"""Endpoints that clients call: token, introspection, revocation, UserInfo, CIBA, discovery, keys."""

from __future__ import annotations

import re
from typing import Any

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError, InvalidScopeError, UnauthorizedClientError
from flask import Response, jsonify, request

from mocks.call import Call, current_call
from mocks.journal import fingerprint
from mocks.oidc import id_tokens, keys, levels, model_ciba, model_clients
from mocks.oidc.endpoints import presented
from mocks.oidc.model_tokens import Held
from mocks.oidc.oauth_client import CIBA_GRANT, METHODS, OAuthClient, certificate_is_asked, shows_certificate_of
from mocks.oidc.oauth_request import OAuthRequest
from mocks.oidc.oauth_server import SERVER
from mocks.oidc.provider import OidcProvider, current_provider

CHANNELS = ("CARD", "MOBILE")
USERINFO_FAULTS = ("userinfo_autrui", "userinfo_mal_signe")
_TWO_DIGITS = re.compile(r"[0-9]{2}")


class UnknownUserIdError(OAuth2Error):  # type: ignore[misc]
    """The login_hint is nobody's (CIBA Core §13)."""

    error = "unknown_user_id"


class InvalidBindingMessageError(OAuth2Error):  # type: ignore[misc]
    """The binding_message is not two digits (CIBA Core §13)."""

    error = "invalid_binding_message"


def jwks() -> Response:
    """Public keys (RFC 7517)."""
    call = current_call()
    return jsonify(keys.public_keys(call.session, id_tokens.rings(current_provider()), call.tenant.name))


def token() -> Response:
    """Token endpoint. The transaction opens first: of two calls with one code, one wins."""
    call = current_call()
    call.session.begin()
    call.context["grant"] = {"type": request.form.get("grant_type"), "auth": "aucune"}
    if not request.form.get("grant_type"):
        return _answered(SERVER.handle_error_response(None, InvalidRequestError("Missing 'grant_type' in the form.")))
    return _answered(SERVER.create_token_response())


def revocation() -> Response:
    """Revocation endpoint (RFC 7009)."""
    current_call().session.begin()
    return _answered(SERVER.create_endpoint_response("revocation"))


def introspection() -> Response:
    """Introspection endpoint (RFC 7662)."""
    return _answered(SERVER.create_endpoint_response("introspection"))


def userinfo() -> Response:
    """UserInfo (OpenID Connect Core 1.0 §5.3), as JSON or as a signed JWT."""
    call, provider = current_call(), current_provider()
    held = _bearer(call)
    if held is None or held.kind != "access" or held.state(call) != "valid" or not _certificate_fits(call, held):
        call.context["refusal"] = "invalid_token"
        return _invalid_token(provider)
    subject = held.family.subject
    said: dict[str, Any] = {"sub": provider.subject(call, subject.person, subject.client_id)}
    said |= provider.userinfo(call, subject)
    signed = call.setting("userinfo_signe")
    fault = call.play((*(USERINFO_FAULTS if signed else USERINFO_FAULTS[:1]), *provider.spoils))
    spoilt = "" if fault is None else str(fault["nature"])
    if spoilt == "userinfo_autrui":
        said = {**said, "sub": _other(said["sub"])}
    if spoilt in provider.spoils:
        said = provider.spoils[spoilt](said)
    call.context["identity"] = {"sub": fingerprint(str(said["sub"])), **provider.witness(said)}
    if signed:
        content = id_tokens.signed_userinfo(call, provider, said, subject.client_id, spoilt)
        return Response(content, content_type="application/jwt")
    return jsonify(said)


def ciba() -> Response:
    """Authentication request of CIBA (CIBA Core §7), as Pro Santé Connect profiles it."""
    call, asked = current_call(), OAuthRequest()
    call.session.begin()
    try:
        client = SERVER.authenticate_client(asked, METHODS, "ciba")
        made, value = _begin_ciba(call, current_provider(), client)
    except OAuth2Error as error:
        return _answered(SERVER.handle_error_response(asked, error))
    call.context["ciba"]["request"] = fingerprint(value)
    response = jsonify(auth_req_id=value, expires_in=made.expires - made.issued, interval=made.interval)
    response.headers["Cache-Control"] = "no-store"
    return response


def _begin_ciba(call: Call, provider: OidcProvider, client: OAuthClient) -> tuple[model_ciba.Asked, str]:
    """Judge the request and keep it. Raises OAuth2Error."""
    form = request.form
    hint, message, channel = (form.get(name, "") for name in ("login_hint", "binding_message", "channel"))
    person = provider.find_hint(call, hint) if provider.find_hint and hint else None
    described = {"request": None, "login_hint_known": person is not None, "binding_message": message}
    call.context["ciba"] = {**described, "channel": channel or None}
    if not client.check_grant_type(CIBA_GRANT):
        raise UnauthorizedClientError("CIBA is not enabled for this client.")
    scope = form.get("scope", "")
    if "openid" not in scope.split():
        raise InvalidScopeError("The scope must contain openid.")
    SERVER.validate_requested_scope(scope)
    level = levels.chosen(call, provider, form.get("acr_values", ""), acr=form.get("acr", ""))
    call.context["level"] = level
    if not hint:
        raise InvalidRequestError("Missing 'login_hint' in request.")
    if not _TWO_DIGITS.fullmatch(message):
        raise InvalidBindingMessageError("The binding_message must be two digits.")
    if channel and channel not in CHANNELS:
        raise InvalidRequestError("The channel must be CARD or MOBILE.")
    if not channel:
        call.note("channel-absent", "demande CIBA sans « channel »")
    if person is None:
        raise UnknownUserIdError("The login_hint is not known.")
    call.identify(person)
    details = {"scope": scope, "level": level, "binding_message": message, "channel": channel}
    return model_ciba.begin(call, client.get_client_id(), person, details)


def _bearer(call: Call) -> Held | None:
    """The access token presented; one that is not in the header is looked at, and not accepted (RFC 6750 §2)."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value:
        return presented(call, value.strip(), "header")
    for place, where in (("query", request.args), ("body", request.form)):
        if where.get("access_token"):
            presented(call, where["access_token"], place)
            return None
    return presented(call, "", "header")


def _certificate_fits(call: Call, held: Held) -> bool:
    """In the Espace de Confiance UserInfo too is behind mutual TLS (ANS, FAQ Pro Santé Connect)."""
    client = model_clients.find(call.session, call.tenant.name, call.service.name, held.family.client_id)
    if client is None:
        return False
    model_clients.tell(call, client)
    return not client.trusted or not certificate_is_asked() or shows_certificate_of(client)


def _other(sub: str) -> str:
    """A sub of the same form, of somebody else."""
    return sub[:-1] + ("1" if sub.endswith("0") else "0")


def _invalid_token(provider: OidcProvider) -> Response:
    response = jsonify(error="invalid_token", error_description="The access token is missing, expired or revoked.")
    response.status_code = provider.userinfo_refusal
    response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return response


def _answered(response: Any) -> Response:
    assert isinstance(response, Response)
    return response
