"""Endpoints of the authorization server and of the resource, which says back what it was asked."""

from __future__ import annotations

from typing import Any

from authlib.oauth2 import OAuth2Error
from flask import Response, jsonify, request

from mocks.api_psc import exchange
from mocks.call import Call, current_call
from mocks.journal import fingerprint
from mocks.oidc import keys
from mocks.world import professionals


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
    said = _read(call, request.form.get("token", ""), "body")
    active = call.context["token"]["state"] == "valid"
    return _uncached(jsonify({"active": True, "token_type": "Bearer", **said} if active else {"active": False}))


def jwks() -> Response:
    """Public keys of the API's tokens."""
    call = current_call()
    return jsonify(keys.public_keys(call.session, [exchange.RING], call.tenant.name))


def read(document: str) -> Response:
    """A document of the API, for the professional whose token it is. It holds nothing but what was asked."""
    call = current_call()
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    place = "header"
    if scheme.lower() != "bearer" or not value:
        value, place = request.args.get("access_token", ""), "query" if request.args.get("access_token") else "header"
    said = _read(call, value.strip(), place)
    if said and call.play(("jeton_expire",)) is not None:
        call.context["token"]["state"] = "expired"
    if place != "header" or call.context["token"]["state"] != "valid":
        return _unauthorized(call, 401, "invalid_token", "Le jeton d'accès est absent, inconnu ou expiré.")
    bound, shown = (said.get("cnf") or {}).get("x5t#S256"), exchange.presented_thumbprint()
    if shown:
        call.context["exchange"] = {"cnf_matches": bound == shown}
    if shown and bound != shown:
        return _unauthorized(call, 401, "invalid_token", "Le jeton n'est pas lié au certificat présenté.")
    if call.setting("scope_lecture") not in str(said["scope"]).split():
        return _unauthorized(call, 403, "insufficient_scope", "Le jeton ne donne pas le droit de lire ce document.")
    return jsonify(id=document, lecteur=said["sub"], client=said["client_id"], droits=str(said["scope"]).split())


def _read(call: Call, value: str, place: str) -> dict[str, Any]:
    """Claims of a token of the API, empty when it is none; tells the journal of it."""
    said = keys.read(call.session, exchange.RING, value, tenant=call.tenant.name) if value else None
    if said is not None and said.get("aud") != exchange.AUDIENCE:
        said = None
    expired = said is not None and int(said["exp"]) <= call.now.timestamp()
    state = "absent" if not value else "unknown" if said is None else "expired" if expired else "valid"
    call.context["token"] = {"fingerprint": fingerprint(value) if value else None, "state": state, "place": place}
    if said is None:
        return {}
    call.client_id = call.context["client_id"] = said["client_id"]
    who = professionals.by_login(call.session, call.tenant.name, said["sub"])
    call.identify(None if who is None else who.id)
    return said


def _refused(call: Call, error: OAuth2Error) -> Response:
    call.context["refusal"] = error.error
    response = jsonify(error=error.error, error_description=error.description or "")
    response.status_code = error.status_code
    return _uncached(response)


def _unauthorized(call: Call, status: int, code: str, text: str) -> Response:
    call.context["refusal"] = code
    response = jsonify(error=code, error_description=text)
    response.status_code = status
    response.headers["WWW-Authenticate"] = f'Bearer error="{code}"'
    return response


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache, no-store"
    return response
