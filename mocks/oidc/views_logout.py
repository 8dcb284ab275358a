"""The end of a session, asked by a client through the browser (OpenID Connect RP-Initiated Logout 1.0)."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request

from mocks.call import Call, current_call
from mocks.journal import fingerprint
from mocks.oidc import id_tokens, model_clients, model_sessions
from mocks.oidc.errors import PageError
from mocks.oidc.provider import OidcProvider, current_provider
from mocks.oidc.redirects import with_query
from mocks.oidc.views_pages import page

NO_HINT = "La déconnexion demande un id_token (id_token_hint) : le logiciel ne l'a pas transmis."
WRONG_HINT = "L'id_token transmis (id_token_hint) n'est pas de ce service."
INCOMPLETE = "La demande de déconnexion est incomplète : il manque {}."
WRONG_ADDRESS = "L'adresse de retour demandée (post_logout_redirect_uri) n'est pas enregistrée pour ce logiciel."


def end_session() -> Response:
    """End the session that the id_token_hint names, then send the browser back where the client registered.

    A hint that has expired still serves (RP-Initiated Logout §2).
    """
    call, provider, asked = current_call(), current_provider(), request.values
    hint, uri, state = (asked.get(name, "") for name in ("id_token_hint", "post_logout_redirect_uri", "state"))
    said = id_tokens.read(call, provider, hint) if hint else None
    client_id = asked.get("client_id", "") if said is None else str(said.get("aud"))
    known = model_clients.find(call.session, call.tenant.name, call.service.name, client_id)
    registered = known is not None and uri in known.sheet.get("post_logout_redirect_uris", ())
    shown = "absent" if not hint else "invalid" if said is None else "valid"
    call.context["logout"] = {
        "id_token_hint": shown,
        "redirect_uri": uri,
        "registered": registered,
        "state_given": bool(state),
    }
    if known is not None:
        call.client_id = call.context["client_id"] = known.client_id
    if said is None:
        raise PageError(400, "Déconnexion refusée", WRONG_HINT if hint else NO_HINT, provider.malformed_code)
    missing = [name for name in provider.logout_needs if not asked.get(name)]
    if missing:
        raise PageError(400, "Déconnexion refusée", INCOMPLETE.format(", ".join(missing)), provider.malformed_code)
    _end(call, said)
    if uri and not registered:
        raise PageError(400, "Retour refusé", WRONG_ADDRESS, provider.malformed_code)
    return _goodbye(provider, uri, state)


def _end(call: Call, said: dict[str, Any]) -> None:
    session = model_sessions.find(call, str(said.get("sid")))
    if session is not None:
        call.session.begin()
        model_sessions.end(call, session.id)
        call.context["session"] = fingerprint(session.id)
        call.identify(session.person)


def _goodbye(provider: OidcProvider, uri: str, state: str) -> Response:
    if not uri:
        return page("deconnexion.html")
    response = redirect(with_query(uri, {"state": state} if state else {}), provider.redirect_status)
    assert isinstance(response, Response)
    response.headers["Cache-Control"] = "no-store"
    return response
