"""The admin API under `/_banc` and the index page at `/`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from wsgiref.types import WSGIApplication

from flask import Flask

if TYPE_CHECKING:
    from mocks.sandbox import Sandbox


def make_app(sandbox: Sandbox) -> WSGIApplication:
    """The admin application of a sandbox."""
    app = Flask("banc")
    app.config["SANDBOX"] = sandbox
    return app.wsgi_app
