"""The ceiling of `make bench`: bare Flask routes that insert one row in the same SQLite mode as the sandbox."""

from __future__ import annotations

import os
import sqlite3
import threading
from wsgiref.types import WSGIApplication

from flask import Flask, request


def make() -> WSGIApplication:
    """The application; its database file is named by the environment variable BANC_NU."""
    app = Flask(__name__)
    local = threading.local()
    path = os.environ["BANC_NU"]

    def connection() -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(local, "connection", None)
        if found is None:
            found = local.connection = sqlite3.connect(path, isolation_level=None, timeout=30)
            found.execute("PRAGMA journal_mode=WAL")
            found.execute("PRAGMA synchronous=NORMAL")
            found.execute("CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, body TEXT)")
        return found

    @app.post("/rows")
    def add() -> tuple[dict[str, bool], int]:
        connection().execute("INSERT INTO rows (body) VALUES (?)", (request.get_data(as_text=True),))
        return {"ok": True}, 201

    @app.post("/octets")
    def add_octets() -> tuple[dict[str, bool], int]:
        connection().execute("INSERT INTO rows (body) VALUES (?)", (request.get_data(),))
        return {"ok": True}, 201

    wsgi: WSGIApplication = app.wsgi_app
    return wsgi
