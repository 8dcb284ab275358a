"""What the bench issues and only the holder knows: in the store there is its SHA-256."""

from __future__ import annotations

import hashlib
import secrets


def new(kind: str) -> str:
    """A new secret with the prefix of its kind, by which the journal hides it.

    kind: `at` (access token), `rt` (refresh token), `ac` (authorization code), `cs` (client secret) or `aq`
    (auth_req_id).
    """
    return f"banc-{kind}-{secrets.token_urlsafe(32)}"


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def equal(one: str, other: str) -> bool:
    """Compare in constant time."""
    return secrets.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
