"""The authorization endpoint: judges the request, then hands the browser to the login page or back to the client."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from authlib.oauth2 import OAuth2Error
from flask import Response, redirect, request

from mocks.call import Call, current_call
from mocks.journal import fingerprint
from mocks.oidc import levels, model_clients, model_requests, model_sessions, redirects
from mocks.oidc.errors import PageError
from mocks.oidc.model_sessions import SignedIn
from mocks.oidc.oauth_server import SERVER
from mocks.oidc.provider import OidcProvider, current_provider

PKCE = ("S256", "plain")


def authorize() -> Response:
    """Authorization request (OpenID Connect Core 1.0 §3.1.2.1), by GET or POST."""
    call, provider = current_call(), current_provider()
    params = request.form if request.method == "POST" else request.args
    _describe(call, provider, params)
    malformed = provider.malformed(call, params)
    if malformed:
        raise PageError(400, "Demande refusée", malformed, provider.malformed_code)
    try:
        grant = SERVER.get_consent_grant()
        level = _level(call, provider, params)
    except OAuth2Error as error:
        return _refused(call, provider, params, error)
    return _go_on(call, provider, params, grant.request.client.get_client_id(), level)


def _go_on(call: Call, provider: OidcProvider, params: Mapping[str, str], client_id: str, level: str) -> Response:
    """Answer at once from the browser's session, or show the login page."""
    kept = {**params, "acr_values": level}
    browser = request.cookies.get(cookie(provider), "")
    session = model_sessions.of_browser(call, browser) if call.setting("authentification_unique") == "session" else None
    if session is not None and session.level == level and params.get("prompt") != "login":
        call.context |= {"session": fingerprint(session.id), "level": level}
        call.identify(session.person)
        model_sessions.touch(call, session.id)
        return redirects.granted(call, provider, kept, session)
    if params.get("prompt") == "none":
        return redirects.refused(call, provider, kept, "login_required", "The user must sign in.")
    browser = browser or secrets.token_urlsafe(24)
    expires = int(call.now.timestamp()) + call.setting("login_lifetime_s")
    pending = model_requests.begin(call.session, call.tenant.name, call.service.name, client_id, kept, browser, expires)
    call.context["authorization"]["request"] = fingerprint(pending.id)
    response = redirect(f"{call.base_url}/{provider.paths.login}/{pending.id}", provider.redirect_status)
    assert isinstance(response, Response)
    return _with_cookie(response, provider, browser)


def cookie(provider: OidcProvider) -> str:
    """Name of the cookie of browsers."""
    return f"{provider.name}_navigateur"


def session_of(call: Call, provider: OidcProvider) -> SignedIn | None:
    """The live session of the running browser, or None."""
    return model_sessions.of_browser(call, request.cookies.get(cookie(provider), ""))


def _level(call: Call, provider: OidcProvider, params: Mapping[str, str]) -> str:
    """The level that the request gets. Raises OAuth2Error, for the client."""
    try:
        level = levels.chosen(call, provider, params.get("acr_values", ""), acr=params.get("acr", ""))
    except OAuth2Error as error:
        error.redirect_uri, error.state = params["redirect_uri"], params.get("state")
        raise
    call.context["level"] = level
    for name in ("state", "nonce"):
        if not params.get(name):
            call.note(f"{name}-absent", f"demande d'autorisation sans « {name} »")
    if "openid" not in params.get("scope", "").split():
        call.note("scope-sans-openid", "demande d'autorisation sans le scope « openid »")
    return level


def _refused(call: Call, provider: OidcProvider, params: Mapping[str, str], error: OAuth2Error) -> Response:
    """Told to the client when its address is registered, else to the person in front of the browser."""
    call.context["refusal"] = error.error
    if not error.redirect_uri:
        raise PageError(400, "Demande refusée", _why(call, error), provider.malformed_code) from error
    return redirects.refused(call, provider, params, error.error, error.description or "")


def _why(call: Call, error: OAuth2Error) -> str:
    if call.client_id is None:
        return "Le logiciel qui vous a conduit ici n'est pas connu (client_id absent ou inconnu)."
    if "redirect_uri" in (error.description or ""):
        return "L'adresse de retour demandée n'est pas enregistrée pour ce logiciel (redirect_uri)."
    return "La demande du logiciel est mal formée."


def _describe(call: Call, provider: OidcProvider, params: Mapping[str, str]) -> None:
    """Tell the journal what is asked, before it is judged (contract of identity, §1)."""
    client = model_clients.find(call.session, call.tenant.name, call.service.name, params.get("client_id", ""))
    if client is not None:
        call.client_id = call.context["client_id"] = client.client_id
    state, nonce, uri = (params.get(name, "") for name in ("state", "nonce", "redirect_uri"))
    method = params.get("code_challenge_method", "plain") if params.get("code_challenge") else None
    call.context["authorization"] = {
        "request": None,
        "state": fingerprint(state) if state else None,
        "state_length": len(state),
        "nonce": fingerprint(nonce) if nonce else None,
        "nonce_length": len(nonce),
        "scopes": params.get("scope", "").split(),
        "acr_values": params.get("acr_values"),
        "acr": params.get("acr"),
        "pkce": method if method in PKCE else None,
        "redirect_uri": uri,
        "registered": client is not None and uri in client.sheet["redirect_uris"],
    }


def _with_cookie(response: Response, provider: OidcProvider, value: str) -> Response:
    secure, path = request.scheme == "https", request.script_root or "/"
    response.set_cookie(cookie(provider), value, path=path, httponly=True, samesite="Lax", secure=secure)
    response.headers["Cache-Control"] = "no-store"
    return response
