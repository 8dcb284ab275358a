"""Login of usagers by FranceConnect or FranceConnect+, and return from it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for

from reference.login.actions import FC_LINK
from reference.login.franceconnect import TO_CONFIRM
from reference.login.kinds import FRANCECONNECT, FRANCECONNECT_PLUS, Kind
from reference.refusal import Refusal
from reference.web.login_page import login_page
from reference.web.session import local, product, with_cookie

routes = Blueprint("fc", __name__)
_PATHS = {"franceconnect": FRANCECONNECT, "franceconnect-plus": FRANCECONNECT_PLUS}


@routes.get("/connexion/<name>")
def towards(name: str) -> Any:
    kind = _PATHS.get(name)
    if kind is None:
        abort(404)
    suite = request.args.get("suite", "/")
    if not product().defects.has(kind.switch("retour_ouvert")):
        suite = local(suite)
    try:
        browser, url = product().desk.france_connect.start(kind, suite)
    except Refusal as refusal:
        return login_page(local(suite), refusal.message)
    return with_cookie(make_response(redirect(url)), browser, FC_LINK)


def come_back_from(kind: Kind) -> Any:
    """Return of the browser; the code leaves the address at once (redirection)."""
    try:
        link = request.cookies.get(FC_LINK, "")
        cookie, session, suite = product().desk.france_connect.come_back(kind, link, request.args)
    except Refusal as refusal:
        if refusal.code == "abandon" and not product().defects.has("fc_abandon_en_erreur"):
            return redirect(url_for("portal.login", motif="abandon"))
        # An outage of FranceConnect is not one of the portal: its page is served, and says so.
        status = {"fournisseur_indisponible": 200, "abandon": 500}.get(refusal.code, 403)
        return login_page("/", refusal.message), status
    page = redirect(suite) if session.usager else render_template("identite_recue.html", message=TO_CONFIRM)
    response = with_cookie(make_response(page), cookie)
    response.delete_cookie(FC_LINK)
    return response


def left(kind: Kind) -> Any:
    """Return from the logout of the provider; Refusal (page) when nobody had asked for it."""
    product().desk.requests.left(kind, request.args.get("state", ""))
    return redirect(url_for("portal.login"))
