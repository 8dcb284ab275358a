"""The listener where the SAS platform comes: mutual TLS, one client only (SAS 1.2.0, sécurité)."""

from __future__ import annotations

import ssl
import threading
import warnings
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server

from reference.defects import Defects

if TYPE_CHECKING:
    from reference.product import Product

HANDSHAKE_S = 5
LISTENER_FAULTS = (
    "sas_tls_ancien",
    "sas_revocation_non_verifiee",
    "sas_certificat_non_exige",
    "sas_client_non_verifie",
    "sas_tls_1_2_refuse",
)
"""Switches of the defects read here."""


class Listener:
    """A TLS server on loopback in front of the pages of the product; at most one at a time. path: of its API."""

    def __init__(self, product: Product, path: str) -> None:
        self._product, self._path = product, path
        self._files: Mapping[str, str] | None = None
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    def open(self, files: Mapping[str, str] | None) -> str:
        """Listen with these files (`SasSettings.serveur`), or no more; the address of the API, empty without one.

        What already listens with the same files goes on.
        """
        if files != self._files:
            self.close()
            self._files = files
            if files is not None:
                self._serve(files)
        return "" if self._server is None else f"https://127.0.0.1:{self._server.bind_addr[1]}{self._path}"

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join()
        self._server = self._thread = self._files = None

    def _serve(self, files: Mapping[str, str]) -> None:
        server = Server(("127.0.0.1", 0), self._product.application, numthreads=8)
        server.ssl_adapter = self._adapter(files)
        server.shutdown_timeout = 2
        server.error_log = _say_nothing  # type: ignore[method-assign]
        server.prepare()
        self._server = server
        self._thread = threading.Thread(target=server.serve, name="reference-sas", daemon=True)
        self._thread.start()

    def _adapter(self, files: Mapping[str, str]) -> BuiltinSSLAdapter:
        return _Adapter(files, self._product.defects)


class _Adapter(BuiltinSSLAdapter):
    """cheroot's TLS, which waits for a silent client a few seconds only."""

    def __init__(self, files: Mapping[str, str], defects: Defects) -> None:
        self._files, self._defects = files, defects
        super().__init__(files["certificat"], files["cle"])
        self._made = cache(lambda faults: _context(files, faults))

    def wrap(self, sock: Any) -> Any:
        sock.settimeout(HANDSHAKE_S)
        self.context = self._made(frozenset(name for name in LISTENER_FAULTS if self._defects.has(name)))
        return super().wrap(sock)  # type: ignore[no-untyped-call]


def _context(files: Mapping[str, str], faults: frozenset[str]) -> ssl.SSLContext:
    """TLS 1.2 or 1.3; the client's certificate is required, its authority and its revocation are checked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3 if "sas_tls_1_2_refuse" in faults else ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(files["certificat"], files["cle"])
    context.load_verify_locations(files["autorites"])
    context.verify_mode = _asked_of_clients(faults)
    if "sas_revocation_non_verifiee" not in faults:
        context.load_verify_locations(files["revocations"])
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    if "sas_tls_ancien" in faults:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
    return context


def _asked_of_clients(faults: frozenset[str]) -> ssl.VerifyMode:
    if "sas_client_non_verifie" in faults:
        return ssl.CERT_NONE
    return ssl.CERT_OPTIONAL if "sas_certificat_non_exige" in faults else ssl.CERT_REQUIRED


def _say_nothing(*_: Any, **__: Any) -> None:
    """Handshakes that are refused are no news."""
