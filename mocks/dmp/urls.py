"""Addresses of the service: three for messages, where the message names the operation, and a few pages."""

from __future__ import annotations

from flask import Flask

from mocks.dmp import views, views_web
from mocks.dmp.names import WAYS


def add_routes(app: Flask) -> None:
    """Add every route; the view of messages renames its call once it has read the action."""
    way = f"/xds/<any({', '.join(WAYS)}):way>"
    app.add_url_rule(way, "dmp.inconnue", views.message, methods=["POST"])
    app.add_url_rule(way, "dmp.wsdl", views.description, methods=["GET"])
    app.add_url_rule("/web/dmp/documents/param-lps", "dmp.param_lps", views_web.moved, methods=["GET"])
    app.add_url_rule("/parametres/param-lps.xml", "dmp.param_lps.fichier", views_web.parameters, methods=["GET"])
    app.add_url_rule("/web-ps/<path:rest>", "dmp.page.web_ps", views_web.web_ps, methods=["GET", "POST"])
