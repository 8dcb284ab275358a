"""TLS of the mail ports: the suites that are admitted, and handshakes that fail (ECO.1.1.1 to 1.1.3)."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import tempfile
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from cryptography import x509

from mocks.pki import Pki
from mocks.servers.tls import Demand, Refusal, Tls, first_certificate, make_context, refusal_of, shown

# 0xC030, 0xC02F, 0xC028, 0xC027. The two others, 0x009F and 0x009E, want a DH group of a size that clients check:
# they may be offered by a real operator, none of whose clients needs them.
SUITES = "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256"
_CERTIFICATE_MESSAGE = 11  # handshake type (RFC 8446 §4)


class MailTls:
    """TLS of one port. client: whether a certificate is asked for. weak: TLS 1.1, for clients that must refuse it."""

    def __init__(self, pki: Pki, client: Demand, server: str, *, weak: bool = False) -> None:
        self.server = server
        self._seen: WeakKeyDictionary[Any, x509.Certificate | None] = WeakKeyDictionary()
        with tempfile.TemporaryDirectory(prefix="banc-tls-") as name:
            pki.write(Path(name), [server])
            self.context = make_context(Tls(pki, client, server, SUITES, weak), Path(name))
        # Not a public hook: the only way in this library to see a certificate that is about to be refused.
        with contextlib.suppress(AttributeError):
            self.context._msg_callback = self._watch  # type: ignore[attr-defined]

    def refusal(self, error: ssl.SSLError, secured: Any, address: str) -> Refusal | None:
        """What was refused. secured: the SSLObject of the handshake, None when it is not known."""
        seen = None if secured is None else self._seen.get(secured)
        return refusal_of(error, seen, address, self.server)

    def _watch(self, secured: Any, direction: str, version: Any, _content: Any, kind: Any, data: bytes) -> None:
        if direction == "read" and int(kind) == _CERTIFICATE_MESSAGE:
            self._seen[secured] = first_certificate(data, tls13=int(version) >= ssl.TLSVersion.TLSv1_3)


def tls_of(transport: asyncio.BaseTransport, server: str) -> dict[str, Any] | None:
    """What TLS came to on a connection, as `context.tls`; None without."""
    secured = transport.get_extra_info("ssl_object")
    return None if secured is None else shown(secured, server)
