"""The login page of the portal: every way in that is configured."""

from __future__ import annotations

from flask import render_template

from reference.login.kinds import PSC
from reference.web.session import product


def login_page(suite: str, error: str = "") -> str:
    """The page. suite: page of ours to go on with. error: French sentence, "" when nothing went wrong."""
    providers = [kind for kind in product().desk.offered() if kind is not PSC]
    return render_template("connexion.html", suite=suite, erreur=error, fournisseurs=providers)
