"""Pages of the DUI, for the professionals of the establishment.

Their login is out of the scope of the bench: the pages open with the professional cookie of the product,
which is drawn at its start (`product.professional_key`).
"""

from __future__ import annotations

import hmac
from typing import Any

from flask import Blueprint, abort, render_template, request

from reference.records import Usager
from reference.web.portal import period
from reference.web.session import product

routes = Blueprint("dui", __name__, url_prefix="/dui")
PROFESSIONAL_COOKIE = "session_dui"


@routes.before_request
def professional_only() -> None:
    if not hmac.compare_digest(request.cookies.get(PROFESSIONAL_COOKIE, ""), product().professional_key):
        abort(401)


@routes.get("/personnes")
def persons() -> Any:
    return render_template("personnes.html", personnes=product().store.all(Usager))


@routes.get("/personnes/<usager>")
def person(usager: str) -> Any:
    first, last = period()
    found = product().people.usager(usager)
    events = product().lire_agenda(usager, "dui", first, last)["evenements"]
    return render_template(
        "dossier.html",
        usager=found,
        evenements=events,
        appariement=product().lire_appariement(usager),
        du=first,
        au=last,
    )
