"""Login and logout of professionals: Pro Santé Connect in the browser or by telephone, local account, situation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for

from reference.login.actions import PRO_LINK
from reference.login.ciba import CHANNELS
from reference.login.kinds import PSC
from reference.login.psc import GIVEN_UP
from reference.login.sessions import COOKIE
from reference.refusal import Refusal
from reference.web.session import local, product, professional, professional_only, with_cookie

routes = Blueprint("pro", __name__, url_prefix="/professionnel")
inside = Blueprint("pro_inside", __name__, url_prefix="/professionnel")
inside.before_request(professional_only)
HOME = "/dui/personnes"
_ASKED = "demande_ciba"


@routes.get("/connexion")
def login() -> Any:
    suite = local(request.args.get("suite", HOME), HOME)
    if professional() is not None:
        return redirect(suite)
    return _login_page(suite, GIVEN_UP if request.args.get("motif") == "abandon" else "")


@routes.post("/connexion")
def by_password() -> Any:
    suite = local(request.form.get("suite", HOME), HOME)
    desk = product().desk
    try:
        account = desk.by_password(request.form.get("identifiant", ""), request.form.get("mot_de_passe", ""))
    except Refusal as refusal:
        return _login_page(suite, refusal.message), 429 if refusal.code == "trop_d_essais" else 401
    return _logged_in(desk.log_in(account), suite)


@routes.get("/connexion/psc")
def towards_psc() -> Any:
    suite = request.args.get("suite", HOME)
    if not product().defects.has(PSC.switch("retour_ouvert")):
        suite = local(suite, HOME)
    try:
        browser, url = product().desk.psc.start(suite)
    except Refusal as refusal:
        return _login_page(local(suite, HOME), refusal.message)
    return with_cookie(make_response(redirect(url)), browser, PRO_LINK)


def come_back_from_psc() -> Any:
    """Return of the browser; the code leaves the address at once (redirection)."""
    try:
        cookie, suite = product().desk.psc.come_back(request.cookies.get(PRO_LINK, ""), request.args)
    except Refusal as refusal:
        if refusal.code == "abandon":
            return redirect(url_for("pro.login", motif="abandon"))
        return _login_page(HOME, refusal.message), _status(refusal)
    return _logged_in(cookie, suite)


@routes.post("/connexion/ciba")
def by_telephone() -> Any:
    suite = local(request.form.get("suite", HOME), HOME)
    try:
        asked = product().desk.ciba.ask(request.form.get("identifiant", "").strip(), request.form.get("canal", ""))
    except Refusal as refusal:
        return _login_page(suite, refusal.message), _status(refusal)
    response = make_response(redirect(url_for("pro.wait", suite=suite)))
    return with_cookie(response, asked.id, _ASKED)


@routes.get("/connexion/ciba")
def wait() -> Any:
    """The two digits, until somebody accepts on the telephone; the page asks again by itself."""
    suite = local(request.args.get("suite", HOME), HOME)
    asked, cookie = product().desk.ciba.read(request.cookies.get(_ASKED, ""))
    if cookie:
        return _logged_in(cookie, suite)
    if asked.state != "en_attente":
        return _login_page(suite, asked.message), 401
    return render_template("attente.html", code=asked.code, message=asked.message)


@inside.get("/situation")
def situations() -> Any:
    session = professional()
    assert session is not None
    suite = local(request.args.get("suite", HOME), HOME)
    return render_template("situation.html", situations=session.situations, choisie=session.situation, suite=suite)


@inside.post("/situation")
def choose() -> Any:
    session = professional()
    assert session is not None
    product().desk.psc.choose(session, request.form.get("situation", ""))
    return redirect(local(request.form.get("suite", HOME), HOME))


@inside.post("/deconnexion")
def logout() -> Any:
    session = professional()
    assert session is not None
    response = make_response(redirect(product().desk.psc.leave(session) or url_for("pro.login")))
    response.delete_cookie(COOKIE)
    return response


def left_psc() -> Any:
    """Return from the logout of PSC; Refusal (page) when nobody had asked for it."""
    product().desk.requests.left(PSC, request.args.get("state", ""))
    return redirect(url_for("pro.login"))


def _logged_in(cookie: str, suite: str) -> Any:
    """The session begins, first by the choice of a situation when there are several."""
    session = product().desk.sessions.find(cookie)
    if session is not None and len(session.situations) > 1 and not session.situation:
        suite = url_for("pro_inside.situations", suite=suite)
    response = with_cookie(make_response(redirect(suite)), cookie, COOKIE)
    for name in (PRO_LINK, _ASKED):
        response.delete_cookie(name)
    return response


def _login_page(suite: str, error: str) -> str:
    psc = PSC in product().desk.offered()
    return render_template("connexion_pro.html", suite=suite, erreur=error, psc=psc, canaux=CHANNELS)


def _status(refusal: Refusal) -> int:
    """An outage of PSC is not one of the product: its page is served, and says so."""
    return 200 if refusal.code == "psc_indisponible" else 403
