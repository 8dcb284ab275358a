"""Who may use the admin API: callers on loopback, or with the token."""

from __future__ import annotations

import hmac
import ipaddress
from urllib.parse import urlsplit

from flask import Request

from mocks.admin.errors import AdminError

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]", "banc.test")


def check(request: Request, token: str | None) -> None:
    """Raises AdminError 401 or 403 when this caller may not.

    A page of another site opened on the developer's machine also calls from loopback: its Origin, or the Host
    it makes the browser send, gives it away.
    """
    given = request.headers.get("Authorization", "")
    if token is not None and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return
    if not _loopback(request.remote_addr):
        raise AdminError(
            401, "jeton-requis", "Hors de la machine locale, l'API du banc demande le jeton BANC_JETON_ADMIN."
        )
    origin = request.headers.get("Origin")
    if request.host.rsplit(":", 1)[0] not in LOCAL_HOSTS or (origin and urlsplit(origin).netloc != request.host):
        raise AdminError(403, "origine-refusee", "L'API du banc ne répond pas aux pages d'un autre site.")


def _loopback(address: str | None) -> bool:
    try:
        return address is not None and ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
