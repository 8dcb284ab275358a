"""Endpoints of the authorization server."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError
from flask import Response, jsonify, redirect, request

from mocks.call import current_call
from mocks.mes import id_tokens, model_attempts
from mocks.mes.errors import PageError
from mocks.mes.oauth_grants import AUTH_METHODS
from mocks.mes.oauth_server import make_server
from mocks.mes.settings import FINALITIES
from mocks.oidc.oauth_request import OAuthRequest

SERVER = make_server()
COOKIE = "mes_navigateur"


def discovery() -> Response:
    """OpenID Connect Discovery 1.0, with the metadata of RFC 8414 and RFC 9126."""
    base = current_call().base_url
    return jsonify(
        issuer=base,
        authorization_endpoint=f"{base}/oauth2/authorize",
        token_endpoint=f"{base}/oauth2/token",
        revocation_endpoint=f"{base}/oauth2/revoke",
        pushed_authorization_request_endpoint=f"{base}/oauth2/par",
        jwks_uri=f"{base}/oauth2/jwks",
        scopes_supported=["openid", *FINALITIES],
        response_types_supported=["code"],
        response_modes_supported=["query"],
        grant_types_supported=["authorization_code", "refresh_token"],
        subject_types_supported=["pairwise"],
        id_token_signing_alg_values_supported=[id_tokens.ALGORITHM],
        token_endpoint_auth_methods_supported=AUTH_METHODS,
        revocation_endpoint_auth_methods_supported=AUTH_METHODS,
        code_challenge_methods_supported=["S256"],
        claims_supported=["iss", "aud", "sub", "exp", "iat", "jti", "nonce", "oid", "idPe", "assignAuth"],
    )


def jwks() -> Response:
    """Public keys of the id_tokens."""
    return jsonify(id_tokens.jwks(current_call().session))


def pushed_request() -> Response:
    """Pushed authorization request (RFC 9126)."""
    call, asked = current_call(), OAuthRequest()
    try:
        client = SERVER.authenticate_client(asked, AUTH_METHODS, "par")
        params = _pushed_params(client.get_client_id())
        SERVER.get_consent_grant(params)
    except OAuth2Error as error:
        error.redirect_uri = None  # whoever pushes is told, not the browser
        return _answered(SERVER.handle_error_response(asked, error))
    lifetime = call.setting("par_lifetime_s")
    expires = int(call.now.timestamp()) + lifetime
    uri = model_attempts.push(call.session, call.tenant.name, client.get_client_id(), params, expires)
    response = jsonify(request_uri=uri, expires_in=lifetime)
    response.headers["Cache-Control"] = "no-store"
    response.status_code = 201
    return response


def authorize() -> Response:
    """Authorisation endpoint: hands the usager to the login page."""
    call = current_call()
    try:
        grant = SERVER.get_consent_grant(_authorize_params())
    except OAuth2Error as error:
        if not error.redirect_uri:
            raise PageError(400, "Demande refusée", _why(error)) from error
        return _answered(SERVER.handle_error_response(None, error))
    _notice(grant.request)
    browser = request.cookies.get(COOKIE) or secrets.token_urlsafe(24)
    pairing_id = model_attempts.begin(
        call.session,
        call.tenant.name,
        grant.request.client.snr.oid,
        grant.request.payload.data,
        browser,
        int(call.now.timestamp()) + call.setting("appariement_lifetime_s"),
    )
    response = _answered(redirect(f"{call.base_url}/connexion?appariement={quote(pairing_id)}", 303))
    secure = request.scheme == "https"
    path = request.script_root or "/"
    response.set_cookie(COOKIE, browser, path=path, httponly=True, samesite="Lax", secure=secure)
    return response


def token() -> Response:
    """Token endpoint. The transaction opens first: of two calls with one token, one wins."""
    current_call().session.begin()
    if not request.form.get("grant_type"):
        missing = InvalidRequestError("Missing 'grant_type' in the form.")
        return _answered(SERVER.handle_error_response(None, missing))
    return _answered(SERVER.create_token_response())


def revoke() -> Response:
    """Revocation endpoint (RFC 7009)."""
    current_call().session.begin()
    return _answered(SERVER.create_endpoint_response("revocation"))


def _pushed_params(client_id: str) -> dict[str, str]:
    """The form of a pushed request, without the secret. Raises OAuth2Error."""
    for _name, values in request.form.lists():
        if len(values) > 1:
            raise InvalidRequestError("A parameter is given more than once.")
    if "request_uri" in request.form:
        raise InvalidRequestError("The 'request_uri' parameter cannot be pushed.")
    if request.form.get("client_id", client_id) != client_id:
        raise InvalidRequestError("The 'client_id' is not the authenticated one.")
    kept = {name: value for name, value in request.form.items() if name != "client_secret"}
    return {**kept, "client_id": client_id}


def _authorize_params() -> Any:
    """Parameters of the request: pushed before, or None for those of the query. Raises PageError."""
    uri = request.args.get("request_uri")
    if uri is None:
        return None
    call, client_id = current_call(), request.args.get("client_id", "")
    params = model_attempts.take_pushed(call.session, call.tenant.name, uri, client_id, call.now.timestamp())
    if params is None:
        text = "La demande transmise par le service est inconnue, a déjà servi ou a expiré. Recommencez depuis lui."
        raise PageError(400, "Demande expirée", text)
    return params


def _notice(asked: OAuthRequest) -> None:
    call, data = current_call(), asked.payload.data
    if not data.get("state"):
        call.note("state-absent", "demande d'autorisation sans « state »")
    if "openid" not in (data.get("scope") or "").split():
        call.note("scope-sans-openid", "demande d'autorisation sans le scope « openid »")
    if not data.get("external_user"):
        call.note("external-user-absent", "l'identité du compte au service n'a pas été transmise")


def _why(error: OAuth2Error) -> str:
    known = current_call().client_id is not None
    if not known:
        return "Le service qui vous a conduit ici n'est pas connu de Mon espace santé (client_id inconnu)."
    if "redirect_uri" in (error.description or ""):
        return "L'adresse de retour demandée n'est pas enregistrée pour ce service (redirect_uri)."
    return "La demande du service est mal formée."


def _answered(response: Any) -> Response:
    assert isinstance(response, Response)
    return response
