"""The agenda of a practitioner at one place, or of a fixed site, where a slot is booked: the SAS leads there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from reference.sas.records import Place
from reference.web.session import product, professional

routes = Blueprint("booking", __name__, url_prefix="/rendez-vous")


@routes.get("/<place>")
def agenda(place: str) -> Any:
    """Who comes from the SAS (`origin`) signs in by Pro Santé Connect first (SAS 1.2.0, connexion des régulateurs)."""
    found = product().store.get(Place, place)
    if found is None:
        abort(404, "Cet agenda n'existe pas.")
    if product().defects.has("sas_origin_refuse") and "origin" in request.args:
        abort(400, "Paramètre inconnu.")
    if request.args.get("origin", "").startswith("sas") and professional() is None:
        return redirect(url_for("pro.towards_psc", suite=request.full_path))
    return render_template("rendez_vous.html", lieu=found)
