"""The one way out of the product: every request to a service passes here, where outgoing defects are applied."""

from __future__ import annotations

import ssl
import time
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from lxml import etree

from reference.config import CertificateSettings
from reference.defects import Defects
from reference.dmp.soap import packed
from reference.journal import TechnicalLog
from reference.refusal import Refusal
from reference.spoil import Outgoing
from reference.trust import TLS_FAULTS, mutual, unnamed

SLOW_EVERY, SLOW_S = 25, 4.0


class Wire:
    """HTTP client of the product. Redirections are not followed: the services' APIs have none."""

    def __init__(self, defects: Defects, log: TechnicalLog, timeout_s: float) -> None:
        self._defects = defects
        self._log = log
        self._timeout_s = timeout_s
        self._sent = count(1)
        self._certificates: CertificateSettings | None = None
        self._presented: tuple[bytes, ...] = ()
        self._plain = self._opened(_authorities())
        self._mutual: dict[tuple[str, ...], httpx.Client] = {}

    def present(self, certificates: CertificateSettings | None) -> None:
        """From now on present these certificates (TLS 1.2 at least), and trust these authorities only.

        Refusal when a file cannot be read or does not hold what it should.
        """
        files = certificates.files() if certificates else ()
        try:
            presented = tuple(Path(name).read_bytes() for name in files)
            if presented == self._presented:
                return
            if certificates is not None:
                for pair in certificates.pairs().values():
                    mutual(certificates, pair)
        except (OSError, ssl.SSLError) as error:
            raise Refusal("certificats_illisibles", f"Les certificats ne peuvent pas être lus : {error}.") from error
        self._forget()
        self._certificates, self._presented = certificates, presented

    def _opened(self, trusted: ssl.SSLContext) -> httpx.Client:
        return httpx.Client(timeout=self._timeout_s, follow_redirects=False, verify=trusted)

    def _client_for(self, request: Outgoing) -> httpx.Client:
        """The client that presents the certificate of this request, opened when it is first needed."""
        if self._certificates is None or not request.origin.startswith("https:"):
            return self._plain
        faults = frozenset(name for name in (*TLS_FAULTS, "tls_ou_faux") if self._defects.has(name))
        key = (request.certificate, *sorted(faults))
        if key not in self._mutual:
            pairs = self._certificates.pairs()
            pair = pairs.get(request.certificate) or pairs[""]
            if request.certificate and request.certificate in pairs and "tls_ou_faux" in faults:
                pair = unnamed(pair)
            self._mutual[key] = self._opened(mutual(self._certificates, pair, faults))
        return self._mutual[key]

    def _forget(self) -> None:
        for client in self._mutual.values():
            client.close()
        self._mutual.clear()

    def send(self, request: Outgoing) -> httpx.Response:
        """Send; httpx.TransportError when no answer came. The log keeps method, path and status only."""
        self._defects.apply(request)
        if self._defects.has("un_appel_sur_vingt_cinq_lent") and next(self._sent) % SLOW_EVERY == 0:
            time.sleep(SLOW_S)
        line = f"{request.method} {request.path}"
        if self._defects.has("jeton_dans_le_journal"):
            line += f" {request.headers.get('Authorization', '')}"
        if self._defects.has("ins_dans_le_journal"):
            line += f" INS {request.about.get('ins', '')}"
        try:
            response = self._client_for(request).send(self._built(request))
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
        elif request.parts:
            root = etree.tostring(request.xml, encoding="UTF-8")
            content, headers["Content-Type"] = packed(root, request.parts, request.action)
        elif request.xml is not None:
            content = etree.tostring(request.xml, xml_declaration=True, encoding="UTF-8")
        elif request.json is not None:
            content = httpx.Response(200, json=request.json).content
        return self._plain.build_request(request.method, url, content=content, headers=headers)

    def close(self) -> None:
        self._forget()
        self._plain.close()


@cache
def _authorities() -> ssl.SSLContext:
    """Certification authorities, read once per process: it takes longer than all the rest of a product."""
    return httpx.create_ssl_context()


def request_to(method: str, url: str, **parts: Any) -> Outgoing:
    """A request for an absolute address, whose raw query is kept as it is."""
    split = urlsplit(url)
    return Outgoing(method, f"{split.scheme}://{split.netloc}", split.path, split.query, **parts)


def query_of(*pairs: tuple[str, str]) -> str:
    """Query with `|`, `+` and `/` of the values percent-encoded (RFC 3986); the colon stays readable."""
    return "&".join(f"{quote(name)}={quote(value, safe=':')}" for name, value in pairs)
