"""Addresses of the service: one, where the message names the operation."""

from __future__ import annotations

from flask import Flask

from mocks.insi import views


def add_routes(app: Flask) -> None:
    """Add every route; the view of messages renames its call once it has read the action."""
    app.add_url_rule("/lps", "insi.inconnue", views.message, methods=["POST"])
    app.add_url_rule("/lps", "insi.wsdl", views.description, methods=["GET"])
