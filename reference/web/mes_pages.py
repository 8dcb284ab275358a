"""Pages about Mon espace santé: state of the pairing, start, return, unpairing, and the way in from the catalogue."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from reference.config import CALLBACK_PATH, FINALITY_LABELS, SYNCHRONISATION_PATH
from reference.people import COOKIE
from reference.records import Usager
from reference.web.session import current, logged, product

routes = Blueprint("mes", __name__)


@routes.get("/appariement-mes")
@logged
def state(person: Usager) -> Any:
    minors = [usager for usager in product().store.all(Usager) if usager.representant == person.id]
    shown = [(usager, product().lire_appariement(usager.id)) for usager in (person, *minors)]
    leaked = product().pairings.of(person.id).access_token if product().defects.has("jeton_dans_la_page") else ""
    asked = product().defects.has("demande_le_mot_de_passe_mes") and product().settings.mes
    return render_template(
        "appariement.html",
        usager=person,
        appariements=shown,
        libelles=FINALITY_LABELS,
        jeton=leaked,
        saisie_mes=f"{asked.base_url}/connexion" if asked else "",
    )


@routes.post("/appariement-mes")
@logged
def start(person: Usager) -> Any:
    return _towards_mes(person, request.form.get("pour") or None)


@routes.post("/appariement-mes/rompre")
@logged
def unpair(person: Usager) -> Any:
    product().desapparier_mes(_subject(person))
    return redirect(url_for("mes.state"))


@routes.post("/appariement-mes/actualiser")
@logged
def relearn(person: Usager) -> Any:
    product().pairings.relearn(product().pairings.of(_subject(person)))
    return redirect(url_for("mes.state"))


@routes.get(SYNCHRONISATION_PATH)
@logged
def synchronise(person: Usager) -> Any:
    """Where the catalogue of MES sends its user: the pairing begins; parameters unknown to us do no harm."""
    if product().defects.has("synchronisation_impasse"):
        abort(404, "Cette page n'existe pas.")
    return _towards_mes(person, request.args.get("pour"))


@routes.get(CALLBACK_PATH)
def come_back() -> Any:
    """Return of the browser; the code leaves the address at once (redirection)."""
    product().pairings.come_back(current(), request.args)
    return redirect(url_for("mes.state"))


def _towards_mes(person: Usager, minor: str | None) -> Any:
    session = {"cookies": {COOKIE: request.cookies.get(COOKIE, "")}}
    return redirect(product().apparier_mes(person.id, session=session, pour=minor)["url"])


def _subject(person: Usager) -> str:
    """The usager herself, or the minor whom she represents."""
    wanted = request.form.get("pour") or person.id
    if wanted != person.id and product().people.usager(wanted).representant != person.id:
        abort(403)
    return wanted
