"""The login page of a provider."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from mocks.call import Call, current_call
from mocks.journal import fingerprint
from mocks.oidc import model_clients, model_requests, model_sessions, redirects
from mocks.oidc.errors import PageError, gone
from mocks.oidc.model_requests import Pending
from mocks.oidc.provider import OidcProvider, SignInError, current_provider
from mocks.oidc.secrets import equal
from mocks.oidc.views_authorize import cookie

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
DECISIONS = ("continuer", "annuler")


def login(request_id: str) -> Response:
    """Show the login page, or do what the person decided there."""
    call, provider = current_call(), current_provider()
    pending = _pending(call, provider, request_id)
    if request.method != "POST":
        return page("connexion.html", pending=pending, client=_name(call, pending))
    _check_form(pending)
    decision = call.context["decision"] = request.form.get("decision", "")
    if decision not in DECISIONS:
        raise PageError(400, "Choix incomplet", "Revenez à la page précédente, puis connectez-vous ou annulez.")
    if decision == "annuler":
        _end(call, pending)
        return redirects.refused(call, provider, pending.params, "access_denied", provider.abandoned)
    return _sign_in(call, provider, pending)


def page(template: str, status: int = 200, **shown: object) -> Response:
    """A page of the service, that no cache keeps and no other site frames."""
    base = current_call().base_url
    response = make_response(render_template(template, base=base, provider=current_provider(), **shown), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _sign_in(call: Call, provider: OidcProvider, pending: Pending) -> Response:
    try:
        who = provider.sign_in(call)
    except SignInError as error:
        return page("connexion.html", 401, pending=pending, client=_name(call, pending), error=str(error))
    level = pending.params["acr_values"]
    call.context |= {"subject": who.person, "level": level}
    call.identify(who.person)
    _end(call, pending)
    session = model_sessions.begin(call, who.person, level, who.means, request.cookies[cookie(provider)])
    call.context["session"] = fingerprint(session.id)
    return redirects.granted(call, provider, pending.params, session)


def _pending(call: Call, provider: OidcProvider, request_id: str) -> Pending:
    """The request, if this browser began it and there is time left. Raises PageError."""
    pending = model_requests.find(call.session, call.tenant.name, call.service.name, request_id)
    if pending is None or call.now.timestamp() >= pending.expires:
        raise gone()
    if not pending.is_of(request.cookies.get(cookie(provider), "")):
        text = "Cette demande a été commencée dans un autre navigateur. Recommencez depuis votre logiciel."
        raise PageError(403, "Demande d'un autre navigateur", text)
    call.client_id = call.context["client_id"] = pending.client_id
    call.context["request"] = fingerprint(pending.id)
    return pending


def _check_form(pending: Pending) -> None:
    if not equal(request.form.get("csrf", ""), pending.csrf):
        raise PageError(403, "Formulaire refusé", "Ce formulaire ne vient pas de la page affichée. Rechargez la page.")


def _end(call: Call, pending: Pending) -> None:
    """Close the request: of two answers at once, one wins. Raises PageError."""
    call.session.begin()
    if not model_requests.end(call.session, call.tenant.name, call.service.name, pending.id):
        raise gone()


def _name(call: Call, pending: Pending) -> str:
    client = model_clients.find(call.session, call.tenant.name, call.service.name, pending.client_id)
    return pending.client_id if client is None else str(client.sheet.get("nom") or client.client_id)
