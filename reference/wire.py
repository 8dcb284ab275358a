"""The one way out of the product: every request to a service passes here, where outgoing defects are applied."""

from __future__ import annotations

import ssl
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from lxml import etree

from reference.config import CertificateSettings
from reference.defects import Defects
from reference.journal import TechnicalLog
from reference.refusal import Refusal
from reference.spoil import Outgoing


class Wire:
    """HTTP client of the product. Redirections are not followed: the services' APIs have none."""

    def __init__(self, defects: Defects, log: TechnicalLog, timeout_s: float) -> None:
        self._defects = defects
        self._log = log
        self._timeout_s = timeout_s
        self._presented: tuple[bytes, ...] = ()
        self._clients = {"": self._opened(_authorities())}

    def present(self, certificates: CertificateSettings | None) -> None:
        """From now on present these certificates (TLS 1.2 at least), and trust these authorities only.

        Refusal when a file cannot be read or does not hold what it should.
        """
        pairs = certificates.pairs() if certificates else {}
        files = [name for pair in pairs.values() for name in pair] + ([certificates.autorites] if certificates else [])
        try:
            presented = (*map(str.encode, pairs), *(Path(name).read_bytes() for name in files))
            if presented == self._presented:
                return
            contexts = (
                {use: _mutual(*pair, certificates.autorites) for use, pair in pairs.items()} if certificates else {}
            )
        except (OSError, ssl.SSLError) as error:
            raise Refusal("certificats_illisibles", f"Les certificats ne peuvent pas être lus : {error}.") from error
        self.close()
        self._clients = {use: self._opened(context) for use, context in (contexts or {"": _authorities()}).items()}
        self._presented = presented

    def _opened(self, trusted: ssl.SSLContext) -> httpx.Client:
        return httpx.Client(timeout=self._timeout_s, follow_redirects=False, verify=trusted)

    def send(self, request: Outgoing) -> httpx.Response:
        """Send; httpx.TransportError when no answer came. The log keeps method, path and status only."""
        self._defects.apply(request)
        line = f"{request.method} {request.path}"
        if self._defects.has("jeton_dans_le_journal"):
            line += f" {request.headers.get('Authorization', '')}"
        if self._defects.has("ins_dans_le_journal"):
            line += f" INS {request.about.get('ins', '')}"
        try:
            client = self._clients.get(request.certificate) or self._clients[""]
            response = client.send(self._built(request))
        except httpx.TransportError as error:
            self._log.write(f"{line} : pas de réponse ({type(error).__name__})")
            raise
        self._log.write(f"{line} : {response.status_code}")
        return response

    def address(self, request: Outgoing) -> str:
        """Where to send a browser: the fields of `form` become the query; the defects of what leaves apply."""
        self._defects.apply(request)
        return f"{request.origin}{request.path}?{urlencode(request.form or {})}"

    def _built(self, request: Outgoing) -> httpx.Request:
        url = request.origin + request.path + (f"?{request.query}" if request.query else "")
        content: bytes | None = None
        headers = dict(request.headers)
        if request.form is not None:
            content = urlencode(request.form).encode()
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        elif request.xml is not None:
            content = etree.tostring(request.xml, xml_declaration=True, encoding="UTF-8")
        elif request.json is not None:
            content = httpx.Response(200, json=request.json).content
        return self._clients[""].build_request(request.method, url, content=content, headers=headers)

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


@cache
def _authorities() -> ssl.SSLContext:
    """Certification authorities, read once per process: it takes longer than all the rest of a product."""
    return httpx.create_ssl_context()


def _mutual(certificate: str, key: str, authorities: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=authorities)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context


def request_to(method: str, url: str, **parts: Any) -> Outgoing:
    """A request for an absolute address, whose raw query is kept as it is."""
    split = urlsplit(url)
    return Outgoing(method, f"{split.scheme}://{split.netloc}", split.path, split.query, **parts)


def query_of(*pairs: tuple[str, str]) -> str:
    """Query with `|`, `+` and `/` of the values percent-encoded (RFC 3986); the colon stays readable."""
    return "&".join(f"{quote(name)}={quote(value, safe=':')}" for name, value in pairs)
