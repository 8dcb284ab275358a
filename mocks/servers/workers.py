"""What each worker process of a sandbox of several processes runs; settings come by the environment."""

from __future__ import annotations

import os
from wsgiref.types import WSGIApplication

from mocks.sandbox import Sandbox


def make() -> WSGIApplication:
    """The sandbox without a judge: BANC_BASE (store URL), BANC_JETON_ADMIN (admin token, optional)."""
    token = os.environ.get("BANC_JETON_ADMIN")
    return Sandbox(os.environ["BANC_BASE"], admin_token=token, listens=False).wsgi
