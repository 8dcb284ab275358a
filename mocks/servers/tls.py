"""TLS of the sandbox: handshakes accepted or refused, and what each shows of the client.

TLS 1.2 at least (ANS transport guide 1.2.0, principes_securisation); client certificates are checked against the
authorities and revocation lists of the test PKI.
"""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import tempfile
import threading
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cheroot import errors
from cheroot.ssl.builtin import BuiltinSSLAdapter
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from mocks.pki import Pki

Demand = Literal["exige", "admis", "aucun"]
HANDSHAKE_S = 5.0
_MODES = {"exige": ssl.CERT_REQUIRED, "admis": ssl.CERT_OPTIONAL, "aucun": ssl.CERT_NONE}
# X509_V_ERR_* of OpenSSL, and the alert of RFC 8446 §6.2 that it sends.
_REASONS = {
    9: ("certificat-pas-encore-valable", "bad_certificate"),
    10: ("certificat-expire", "certificate_expired"),
    18: ("autorite-inconnue", "unknown_ca"),
    19: ("autorite-inconnue", "unknown_ca"),
    20: ("autorite-inconnue", "unknown_ca"),
    21: ("autorite-inconnue", "unknown_ca"),
    23: ("certificat-revoque", "certificate_revoked"),
    3: ("autorite-inconnue", "unknown_ca"),  # no revocation list of that authority: it is none of ours
}
_VERSION_REASONS = ("UNSUPPORTED_PROTOCOL", "NO_SHARED_CIPHER", "VERSION_TOO_LOW", "WRONG_VERSION_NUMBER")
_CERTIFICATE_ALERTS = ("UNKNOWN_CA", "CERTIFICATE")  # alerts by which a client refuses a certificate (RFC 8446 §6.2)
_CERTIFICATE_MESSAGE = 11  # handshake type (RFC 8446 §4)


@dataclass(frozen=True)
class Tls:
    """How a listener does TLS.

    client: whether a client certificate is required (`exige`), looked at when there is one (`admis`), or not asked
    for. server: name of the server's certificate in the PKI. suites: those of TLS 1.2, in OpenSSL's words, empty for
    the usual ones. weak: TLS 1.1 and nothing else, which a client must refuse.
    """

    pki: Pki
    client: Demand = "exige"
    server: str = "serveur"
    suites: str = ""
    weak: bool = False


@dataclass(frozen=True)
class Refusal:
    """A handshake that the server broke off, or that the client did on seeing the server's certificate.

    client: what the client's certificate said, None when none was seen. server: name of the server's in the PKI.
    """

    reason: str
    alert: str
    client: Mapping[str, Any] | None
    address: str
    server: str


class Adapter(BuiltinSSLAdapter):
    """cheroot's TLS, with the client shown to the views and refusals told.

    on_refusal is called in the thread that accepts connections.
    """

    def __init__(self, tls: Tls, on_refusal: Callable[[Refusal], None]) -> None:
        self._tls = tls
        self._on_refusal = on_refusal
        self._seen = threading.local()
        with tempfile.TemporaryDirectory(prefix="banc-tls-") as name:
            folder = Path(name)
            tls.pki.write(folder, [tls.server])
            super().__init__(str(folder / f"{tls.server}.pem"), str(folder / f"{tls.server}.key.pem"))
            self.context = self._make_context(folder)

    def reload(self) -> None:
        """Take the PKI's revocation lists of now."""
        with tempfile.TemporaryDirectory(prefix="banc-tls-") as name:
            self._tls.pki.write(Path(name), [self._tls.server])
            self.context = self._make_context(Path(name))

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, Any]]:
        """Do the handshake; the environment gets `banc.tls` (contract of identity, §1)."""
        self._seen.certificate = None
        sock.settimeout(HANDSHAKE_S)
        address = _peer(sock)
        try:
            if sock.recv(1, socket.MSG_PEEK).isalpha():
                _tell_plain_client(sock)
            secured = self.context.wrap_socket(sock, server_side=True)
        except ssl.SSLError as error:
            refusal = self._refusal(error, address)
            if refusal is not None:
                self._on_refusal(refusal)
            raise errors.FatalSSLAlert(*error.args) from error
        except OSError as error:
            raise errors.FatalSSLAlert(*error.args) from error
        environ: dict[str, Any] = {"wsgi.url_scheme": "https", "HTTPS": "on"}
        return secured, {**environ, "banc.tls": shown(secured, self._tls.server)}

    def _make_context(self, folder: Path) -> ssl.SSLContext:
        context = make_context(self._tls, folder)
        # Not a public hook: the only way in this library to see a certificate that is about to be refused.
        with contextlib.suppress(AttributeError):
            context._msg_callback = self._watch  # type: ignore[attr-defined]
        return context

    def _watch(self, _conn: Any, direction: str, version: Any, _content: Any, kind: Any, data: bytes) -> None:
        if direction == "read" and int(kind) == _CERTIFICATE_MESSAGE:
            self._seen.certificate = first_certificate(data, tls13=int(version) >= ssl.TLSVersion.TLSv1_3)

    def _refusal(self, error: ssl.SSLError, address: str) -> Refusal | None:
        return refusal_of(error, getattr(self._seen, "certificate", None), address, self._tls.server)


def make_context(tls: Tls, folder: Path) -> ssl.SSLContext:
    """What a listener does TLS with. folder: where the PKI has written its certificate, authorities and lists."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if tls.suites:
        context.set_ciphers(tls.suites)
    if tls.weak:
        _weaken(context)
    context.load_cert_chain(folder / f"{tls.server}.pem", folder / f"{tls.server}.key.pem")
    context.verify_mode = _MODES[tls.client]
    if tls.client != "aucun":
        context.load_verify_locations(folder / "autorites.pem")
        context.load_verify_locations(folder / "revocations.crl.pem")
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    return context


def _weaken(context: ssl.SSLContext) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")


def shown(secured: ssl.SSLSocket | ssl.SSLObject, server: str) -> dict[str, Any]:
    """What TLS came to, as the journal keeps it (contract of identity, §1). server: name of the certificate."""
    der = secured.getpeercert(binary_form=True)
    cipher = secured.cipher()
    return {
        "version": secured.version(),
        "cipher": cipher[0] if cipher else None,
        "server": server,
        "client": None if not der else client_of(x509.load_der_x509_certificate(der)),
    }


def refusal_of(error: ssl.SSLError, seen: x509.Certificate | None, address: str, server: str) -> Refusal | None:
    """What was refused; None when the client broke off for a reason that is not our certificate.

    seen: the client's certificate. server: name of the server's.
    """
    client = None if seen is None else client_of(seen)
    reason = error.reason or ""
    if isinstance(error, ssl.SSLCertVerificationError):
        known = _REASONS.get(error.verify_code, ("autre", "bad_certificate"))
        return Refusal(*known, client, address, server)
    if reason == "PEER_DID_NOT_RETURN_A_CERTIFICATE":
        return Refusal("certificat-absent", "certificate_required", None, address, server)
    if any(word in reason for word in _VERSION_REASONS):
        return Refusal("version", "protocol_version", None, address, server)
    if "ALERT" in reason and any(word in reason for word in _CERTIFICATE_ALERTS):
        return Refusal("refus-du-client", reason.partition("ALERT_")[2].lower(), None, address, server)
    by_client = isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)) or "ALERT" in reason
    return None if by_client else Refusal("autre", "handshake_failure", client, address, server)


def client_of(certificate: x509.Certificate) -> dict[str, Any]:
    """What a client certificate says, as the journal keeps it.

    structure: its OU (Struct_IdNat). thumbprint: x5t#S256 (RFC 8705 §3.1).
    """
    subject = certificate.subject

    def part(oid: x509.ObjectIdentifier) -> str | None:
        found = subject.get_attributes_for_oid(oid)
        return str(found[0].value) if found else None

    unit = part(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return {
        "subject": subject.rfc4514_string(),
        "cn": part(NameOID.COMMON_NAME),
        "ou": unit,
        "serial": f"{certificate.serial_number:x}",
        "issuer": certificate.issuer.rfc4514_string(),
        "structure": unit,
        "not_after": certificate.not_valid_after_utc.isoformat().replace("+00:00", "Z"),
        "thumbprint": base64.urlsafe_b64encode(certificate.fingerprint(SHA256())).rstrip(b"=").decode(),
    }


def first_certificate(message: bytes, *, tls13: bool) -> x509.Certificate | None:
    """The first certificate of a handshake message (RFC 5246 §7.4.2, RFC 8446 §4.4.2), None if there is none.

    message: with its header of four bytes.
    """
    at = 4
    if tls13:
        at += 1 + message[at]  # certificate_request_context
    at += 3  # length of the list
    size = int.from_bytes(message[at : at + 3], "big")
    der = message[at + 3 : at + 3 + size]
    if not size or len(der) != size:
        return None
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError:
        return None


def _tell_plain_client(sock: socket.socket) -> None:
    """Answer 400 in words to who speaks plain HTTP here, and end the handshake."""
    text = "Ce port du bac à sable ne parle que HTTPS.".encode()
    head = f"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(text)}\r\n"
    with sock:
        sock.recv(65_536)  # what is unread when a socket is closed makes it a reset
        sock.sendall(f"{head}Connection: close\r\n\r\n".encode() + text)
    raise errors.FatalSSLAlert("plain HTTP")


def _peer(sock: socket.socket) -> str:
    with contextlib.suppress(OSError):
        return str(sock.getpeername()[0])
    return ""
