"""Certification authorities of the HTTP clients of the bench."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def authorities() -> ssl.SSLContext:
    """Those that httpx trusts, read once per process: reading them takes longer than a scenario has calls."""
    return httpx.create_ssl_context(trust_env=False)
