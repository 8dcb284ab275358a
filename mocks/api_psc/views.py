"""Endpoints of the authorization server and of the resource, which says back what it was asked."""

from __future__ import annotations

from authlib.oauth2 import OAuth2Error
from flask import Response, jsonify, request

from mocks.api_psc import exchange, resource
from mocks.call import Call, current_call
from mocks.oidc import keys


def token() -> Response:
    """Token exchange."""
    call = current_call()
    call.session.begin()
    try:
        answer = exchange.exchange(call, request.form)
    except OAuth2Error as error:
        return _refused(call, error)
    return _uncached(jsonify(answer))


def introspection() -> Response:
    """Introspection of a token of the API (RFC 7662)."""
    call = current_call()
    try:
        exchange.authenticate(call, request.form)
    except OAuth2Error as error:
        return _refused(call, error)
    said = resource.look(call, request.form.get("token", ""), "body")
    active = call.context["token"]["state"] == "valid"
    return _uncached(jsonify({"active": True, "token_type": "Bearer", **said} if active else {"active": False}))


def jwks() -> Response:
    """Public keys of the API's tokens."""
    call = current_call()
    return jsonify(keys.public_keys(call.session, [exchange.RING], call.tenant.name))


def read(document: str) -> Response:
    """A document of the API, for the professional whose token it is. It holds nothing but what was asked."""
    call = current_call()
    try:
        said = resource.admit(call, call.setting("scope_lecture"))
    except resource.TokenRefusedError as error:
        return _unauthorized(call, error)
    return jsonify(id=document, lecteur=said["sub"], client=said["client_id"], droits=str(said["scope"]).split())


def _refused(call: Call, error: OAuth2Error) -> Response:
    call.context["refusal"] = error.error
    response = jsonify(error=error.error, error_description=error.description or "")
    response.status_code = error.status_code
    return _uncached(response)


def _unauthorized(call: Call, error: resource.TokenRefusedError) -> Response:
    call.context["refusal"] = error.code
    response = jsonify(error=error.code, error_description=error.text)
    response.status_code = error.status
    response.headers["WWW-Authenticate"] = error.challenge
    return response


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache, no-store"
    return response
