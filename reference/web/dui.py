"""Pages of the DUI, for the professionals of the establishment who are logged in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from reference.identity import sheet
from reference.professionals import Professional
from reference.records import Usager
from reference.refusal import Refusal
from reference.secrecy import IdleDelay
from reference.web.portal import period
from reference.web.session import product, professional, professional_only

routes = Blueprint("dui", __name__, url_prefix="/dui")
routes.before_request(professional_only)


@routes.before_request
def rights() -> None:
    """The files need the right `dossier`, the settings the right `administration` (and no file: SC.SSI/GEN.16)."""
    needed = "administration" if request.path.startswith("/dui/administration") else "dossier"
    if not _account().may(needed):
        abort(403, "Votre compte n'a pas ce droit.")


@routes.get("/personnes")
def persons() -> Any:
    return render_template("personnes.html", personnes=product().store.all(Usager))


@routes.get("/personnes/<usager>")
def person(usager: str) -> Any:
    first, last = period()
    found, reader = product().people.usager(usager), _account()
    events = product().lire_agenda(usager, "dui", first, last)["evenements"]
    return render_template(
        "dossier.html",
        usager=found,
        identite=product().lire_identite(usager, par=reader.id),
        evenements=events,
        appariement=product().lire_appariement(usager),
        du=first,
        au=last,
    )


@routes.get("/personnes/<usager>/identite")
def identity(usager: str) -> Any:
    """The sheet to print: the INS stands on it only when the identity is qualified (R28, R32)."""
    found = product().people.usager(usager)
    printed = product().office.life.status(found) == "qualifiee" and _account().may("ins")
    code = sheet.datamatrix(sheet.payload(found)) if printed else ""
    return render_template("identite.html", lignes=sheet.lines(found, with_ins=printed), datamatrix=code)


def _account() -> Professional:
    session = professional()
    assert session is not None
    return product().professionals.get(session.professionnel)


@routes.get("/rapprochements")
def waiting() -> Any:
    """Identities of FranceConnect whose file a person must designate."""
    demands = [
        (one, [product().people.usager(usager) for usager in one.candidats])
        for one in product().desk.france_connect.waiting()
    ]
    return render_template("rapprochements.html", demandes=demands)


@routes.post("/rapprochements")
def designate() -> Any:
    product().desk.france_connect.confirm(request.form.get("demande", ""), request.form.get("usager") or None)
    return redirect(url_for("dui.waiting"))


@routes.get("/administration")
def administration() -> Any:
    delay = product().store.get(IdleDelay, "inactivite") or IdleDelay()
    return render_template("administration.html", minutes=delay.minutes)


@routes.post("/administration")
def set_idle_delay() -> Any:
    try:
        minutes = float(request.form.get("minutes", ""))
    except ValueError as error:
        raise Refusal("delai_illisible", "Donnez un nombre de minutes.") from error
    if not 1 <= minutes <= 240:
        raise Refusal("delai_hors_bornes", "Le délai va de 1 à 240 minutes.")
    product().store.save(IdleDelay(minutes))
    return redirect(url_for("dui.administration"))
