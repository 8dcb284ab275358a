"""Pages of the portal: login (two factors), home, summary, contract, calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reference import contents
from reference.clock import zone
from reference.people import COOKIE
from reference.records import Session, Usager
from reference.refusal import Refusal
from reference.web.login_page import login_page
from reference.web.session import current, local, logged, open_when, product, professional, with_cookie

routes = Blueprint("portal", __name__)
_LINK = "connexion_portail"


def protect(response: Response) -> Response:
    """Headers of every answer: no cache for health data, no script, no frame."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self' *")
    return response


@routes.app_errorhandler(Refusal)
def refused(refusal: Refusal) -> tuple[str, int]:
    """A page, where the driver would give the code and the message."""
    return render_template("refus.html", message=refusal.message), 400


@routes.app_context_processor
def around() -> dict[str, Any]:
    session = current()
    working = professional()
    ours = working if request.blueprint in ("dui", "pro", "pro_inside") else session
    return {
        "connecte": session is not None and ours is session,
        "professionnel": working is not None and ours is working,
        "anti_csrf": ours.csrf if ours else "",
    }


@routes.get("/style.css")
def style() -> Response:
    return make_response(render_template("style.css"), {"Content-Type": "text/css; charset=utf-8"})


@routes.get("/")
def home() -> Any:
    session = current()
    if session is None:
        return redirect(url_for("portal.login"))
    person = product().people.usager(session.usager)
    return render_template(
        "accueil.html", usager=person, espace=contents.space(person, "", product().defects, person.id)
    )


@routes.get("/connexion")
def login() -> Any:
    suite = local(request.args.get("suite", "/"))
    if current() is not None:
        return redirect(suite)
    if product().defects.has("portail_par_mes_seulement"):
        return render_template("refus.html", message="Connectez-vous depuis Mon espace santé."), 403
    return login_page(suite, "Vous avez renoncé à la connexion." if request.args.get("motif") == "abandon" else "")


@routes.post("/connexion")
def first_factor() -> Any:
    suite = local(request.form.get("suite", "/"))
    typed = request.form.get("identifiant", ""), request.form.get("mot_de_passe", "")
    tries, door = product().desk.tries, f"portail:{typed[0]}"
    if tries.closed(door):
        return login_page(suite, "Trop d'essais ont échoué : réessayez dans un quart d'heure."), 429
    link = "" if product().defects.has("portail_par_mes_seulement") else product().people.first_factor(*typed, suite)
    if not link:
        tries.failed(door)
        return login_page(suite, "Identifiant ou mot de passe inconnu."), 401
    tries.succeeded(door)
    response = make_response(render_template("code.html", erreur=""))
    response.set_cookie(_LINK, link, httponly=True, samesite="Strict", secure=request.is_secure)
    return response


@routes.post("/connexion/code")
def second_factor() -> Any:
    opened = product().people.second_factor(request.cookies.get(_LINK, ""), request.form.get("code", ""))
    if opened is None:
        return render_template("code.html", erreur="Ce code n'est pas le bon."), 401
    cookie, suite = opened
    response = with_cookie(make_response(redirect(suite)), cookie)
    response.delete_cookie(_LINK)
    return response


@routes.post("/deconnexion")
@logged
def logout(person: Usager) -> Any:
    session = {"cookies": {COOKIE: request.cookies.get(COOKIE, "")}}
    elsewhere = product().deconnecter_usager(session).get("url")
    response = make_response(redirect(elsewhere or url_for("portal.login")))
    response.delete_cookie(COOKIE)
    return response


def summary(person: Usager) -> Any:
    return _content(person, "Synthèse de mon dossier", "synthese")


@routes.get("/espace/contrat")
@logged
def contract(person: Usager) -> Any:
    return _content(person, "Mon contrat", "contrat")


def calendar(person: Usager) -> Any:
    if product().defects.has("portail_sans_agenda"):
        return render_template("refus.html", message="Cette page n'existe pas."), 404
    first, last = period()
    events = product().lire_agenda(_subject(person).id, "portail", first, last)["evenements"]
    minor = request.args.get("personne", "")
    return render_template("calendrier.html", evenements=events, du=first, au=last, personne=minor)


@routes.post("/espace/calendrier/actualiser")
@logged
def refresh_calendar(person: Usager) -> Any:
    first, last = period()
    subject = _subject(person)
    product().synchroniser_agenda(subject.id, first, last)
    minor = None if subject.id == person.id else subject.id
    return redirect(url_for("portal.calendar", du=first, au=last, personne=minor))


def period() -> tuple[str, str]:
    """Days asked for, or the thirty days to come at the place of the establishment."""
    today = datetime.now(zone(product().settings.fuseau)).date()
    first = request.values.get("du") or today.isoformat()
    return first, request.values.get("au") or (date.fromisoformat(first) + timedelta(days=30)).isoformat()


def _subject(reader: Usager) -> Usager:
    """Whose pages are asked for: the reader's, or those of the minor whom she represents."""
    if product().defects.has("dossier_de_la_derniere_session") and "personne" not in request.values:
        return product().people.usager(product().store.all(Session)[-1].usager)
    subject = product().people.usager(request.values.get("personne") or reader.id)
    if not product().people.may_read(reader.id, subject):
        abort(403)
    return subject


def _content(person: Usager, title: str, name: str) -> Any:
    text = contents.space(_subject(person), "", product().defects, person.id).get(name)
    if text is None:
        return render_template("refus.html", message="Cette page n'existe pas."), 404
    return render_template("contenu.html", titre=title, texte=text)


routes.add_url_rule("/espace/synthese", "summary", open_when("synthese_sans_session", summary))
routes.add_url_rule("/espace/calendrier", "calendar", open_when("calendrier_sans_session", calendar))
