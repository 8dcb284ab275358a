"""Pages that the usager sees: login, consent, catalogue."""

from __future__ import annotations

import secrets
from typing import Any

from authlib.oauth2 import OAuth2Error
from flask import Response, make_response, redirect, render_template, request

from mocks import world
from mocks.call import Call, current_call
from mocks.journal import events
from mocks.mes import guard, model_attempts, model_consent, model_pairings, model_services
from mocks.mes.errors import PageError
from mocks.mes.model_attempts import Attempt
from mocks.mes.model_services import Snr
from mocks.mes.views_oauth import COOKIE, SERVER
from mocks.world import Person

REFUSED = "Identifiant ou mot de passe incorrect."
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
CHILD = "Ce profil est rattaché au compte de son représentant légal : c'est lui qui se connecte."


def login() -> Response:
    """Login page of a pairing that a service began."""
    call, attempt = current_call(), _attempt(request.values.get("appariement", ""))
    if request.method != "POST":
        return page("connexion.html", attempt=attempt, snr=_snr(attempt))
    _check_csrf(attempt)
    person = _authenticated(call)
    if isinstance(person, str):
        return page("connexion.html", 401, attempt=attempt, snr=_snr(attempt), error=person)
    model_attempts.log_in(call.session, call.tenant.name, attempt, person.id)
    call.identify(person.id)
    return _see_other(f"{call.base_url}/appariement/{attempt.id}")


def pairing(pairing_id: str) -> Response:
    """Consent page, then the decision."""
    call, attempt = current_call(), _attempt(pairing_id)
    if attempt.holder is None:
        return _see_other(f"{call.base_url}/connexion?appariement={attempt.id}")
    holder = world.person(call.session, call.tenant.name, attempt.holder)
    profiles = model_consent.profiles_of(call.session, call.tenant.name, holder, call.now)
    if request.method == "POST":
        _check_csrf(attempt)
        return _decided(call, attempt, holder, profiles)
    call.identify(holder.id)
    user = attempt.external_user
    warn = model_consent.differs(user, profiles)
    return page("appariement.html", attempt=attempt, snr=_snr(attempt), user=user, profiles=profiles, warn=warn)


def catalogue(oid: str | None = None) -> Response:
    """Catalogue of services; with an OID, the sheet of one of them."""
    call = current_call()
    listed = [s for s in model_services.all_services(call.session, call.tenant.name) if s.permits.listed]
    if oid is None:
        return page("catalogue.html", services=listed)
    snr = next((service for service in listed if service.oid == oid), None)
    if snr is None:
        raise PageError(404, "Service introuvable", "Ce service n'est pas au catalogue de Mon espace santé.")
    return page("fiche.html", snr=snr)


def page(template: str, status: int = 200, **shown: Any) -> Response:
    """A page of the service, that no cache keeps and no other site frames."""
    response = make_response(render_template(template, base=current_call().base_url, **shown), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _decided(call: Call, attempt: Attempt, holder: Person, profiles: list[Person]) -> Response:
    """What the usager's decision does; the service may have lost its right to pair meanwhile."""
    call.session.begin()
    profile = next((one for one in profiles if one.id == request.form.get("profil", holder.id)), None)
    decision, snr = request.form.get("decision"), _snr(attempt)
    codes = [f["codeFinalite"] for f in snr.finalities if f["codeFinalite"] in request.form.getlist("finalite")]
    if profile is None or decision not in ("autoriser", "refuser"):
        raise PageError(400, "Choix incomplet", "Revenez à la page précédente, choisissez un profil, puis validez.")
    call.identify(profile.id)
    if not model_attempts.end(call.session, call.tenant.name, attempt):
        raise _gone()
    try:
        grant = SERVER.get_consent_grant(attempt.params)
    except OAuth2Error as error:
        return _redirected(SERVER.handle_error_response(None, error))
    made = None
    if decision == "autoriser" and guard.is_test_account(call, snr, profile.id):
        made = model_pairings.create(
            call.session, call.tenant.name, call.now, snr, profile, holder.id, attempt.external_user, codes
        )
        call.context |= {"pairing": made.id, "idpe": made.idpe}
        details = {"pairing": made.id, "oid": snr.oid, "finalites": codes, "autorise_par": holder.id}
        events.act(call.session, call.tenant, "mes.usager.appariement_autorise", profile.id, details)
    else:
        events.act(call.session, call.tenant, "mes.usager.appariement_refuse", profile.id, {"oid": snr.oid})
    return _redirected(SERVER.create_authorization_response(grant.request, made, grant))


def _attempt(pairing_id: str) -> Attempt:
    """The attempt, if this browser began it and there is time left. Raises PageError."""
    call = current_call()
    attempt = model_attempts.find(call.session, call.tenant.name, pairing_id)
    if attempt is None or call.now.timestamp() >= attempt.expires:
        raise _gone()
    if not attempt.is_of(request.cookies.get(COOKIE, "")):
        text = "Cette demande a été commencée dans un autre navigateur. Recommencez depuis le service."
        raise PageError(403, "Demande d'un autre navigateur", text)
    call.context["oid"] = attempt.oid
    return attempt


def _gone() -> PageError:
    text = "Cette demande n'existe pas, a déjà été traitée ou a expiré. Recommencez depuis le service."
    return PageError(404, "Demande introuvable", text)


def _check_csrf(attempt: Attempt) -> None:
    given = request.form.get("csrf", "")
    if not secrets.compare_digest(given.encode(), attempt.csrf.encode()):
        raise PageError(403, "Formulaire refusé", "Ce formulaire ne vient pas de la page affichée. Rechargez la page.")


def _authenticated(call: Call) -> Person | str:
    """Who logs in, or why nobody does."""
    identifier, password = request.form.get("identifiant", "").strip(), request.form.get("mot_de_passe", "")
    person = None if "\x00" in identifier else world.by_login(call.session, call.tenant.name, identifier)
    if person is None or not secrets.compare_digest(person.password.encode(), password.encode()):
        return REFUSED
    return person if model_consent.may_log_in(person, call.now) else CHILD


def _snr(attempt: Attempt) -> Snr:
    call = current_call()
    snr = model_services.by_oid(call.session, call.tenant.name, attempt.oid)
    if snr is None:
        raise _gone()
    return snr


def _see_other(location: str) -> Response:
    return _redirected(redirect(location, 303))


def _redirected(response: Any) -> Response:
    assert isinstance(response, Response)
    return response
