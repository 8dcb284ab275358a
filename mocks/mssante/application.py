"""The HTTP side of the service: what clients read to find their server."""

from __future__ import annotations

from flask import Flask


def build() -> Flask:
    """Make the application. Mail itself is not spoken here (`ports`)."""
    app = Flask("mocks.mssante", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    return app
