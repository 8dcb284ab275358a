"""An API that the product exposes, called by the bench as another system would (third-party agenda, SAS platform).

Each call enters the journal as the product's answer to the bench: service `serveur`, operation `serveur.<api>.<what>`.
Rules on what products send never read these (`rules/served.py` has the selectors of those that do).
"""

from __future__ import annotations

import base64
import contextlib
import json
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Barrier
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from harness.actors.person import Person
from harness.errors import ProductUnreachable
from harness.sandbox_client import TenantClient
from harness.tls import authorities
from rules import Exchange

PATIENCE_S = 30.0
MAX_ANSWER = 50_000_000  # bytes; what is longer is cut there
FHIR_JSON = "application/fhir+json"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who the bench is for the product.

    role: what the journal says (`agenda-tiers`, `plateforme-sas`). headers: sent with every call (`Authorization`…).
    trust: TLS context, with the client certificate where there is one; certificate: its name in the journal. about:
    what else the journal says of each call.
    """

    role: str
    headers: Mapping[str, str]
    trust: ssl.SSLContext | None = None
    certificate: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)


class ProductApi:
    """One API of the product.

    name: middle of the operations (`sas`, `agenda`). base: its address. transport: httpx transport, for tests.
    """

    def __init__(
        self,
        journal: TenantClient,
        name: str,
        base: str,
        caller: Caller,
        *,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.name = name
        self.base = base.rstrip("/")
        self.caller = caller
        self._journal = journal
        self._client = httpx.Client(transport=transport, trust_env=False, verify=caller.trust or authorities())

    def call(
        self,
        operation: str,
        method: str,
        target: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        person: Person | None = None,
        patience_s: float = PATIENCE_S,
        remark: Callable[[Exchange], Iterable[Mapping[str, str]]] = lambda _: (),
        together: Barrier | None = None,
    ) -> Exchange:
        """One call; the exchange, also journaled (there its secrets are masked).

        operation: end of its name (`slot.search`). target: path under the base and raw query, sent as it stands; or a
        whole address, that of a link that the product gave.
        body: a FHIR resource, or text sent as it stands. patience_s: after that the bench hangs up, or drops what came
        later: the exchange has no answer, and `context.silence` says why (`delai`, `coupure`, `tls`).
        remark: what the journal notes of the exchange (`notes`). together: leave when the others are ready too, so that
        the journal shows all of them under way at one moment. Raises ProductUnreachable when nobody listens at the
        address, or when the bench does not trust the certificate shown there.
        """
        content = body if isinstance(body, str) or body is None else json.dumps(body, ensure_ascii=False)
        sent = self._built(method, target, content, headers or {}, patience_s)
        started, began = time.monotonic(), datetime.now(UTC)
        if together is not None:
            together.wait(patience_s)
        response, silence = self._answer(sent, started + patience_s)
        entry = self._entry(operation, sent, content, response, silence)
        entry["context"]["envoye_a"] = began.isoformat(timespec="milliseconds")
        if silence == "delai":
            entry["context"]["delai_s"] = patience_s
        entry["person"] = None if person is None else person.id
        entry["duration_ms"] = round((time.monotonic() - started) * 1000, 1)
        entry["notes"] = [dict(note) for note in remark(Exchange(entry))]
        return Exchange({**entry, "id": self._journal.record(entry)})

    def close(self) -> None:
        self._client.close()

    def _built(
        self, method: str, target: str, content: str | None, headers: Mapping[str, str], patience_s: float
    ) -> httpx.Request:
        address = target if urlsplit(target).scheme else self.base + target
        usual = {"Accept": FHIR_JSON, **({} if content is None else {"Content-Type": FHIR_JSON})}
        request = self._client.build_request(
            method,
            address.partition("?")[0],
            content=None if content is None else content.encode(),
            headers={**usual, **self.caller.headers, **headers},
            timeout=patience_s,
        )
        # httpx cleans what it sends; this is how it takes a target as it stands (`+`, `|`).
        raw = address if address == target else urlsplit(self.base).path + target
        request.extensions["target"] = raw.removeprefix(_origin(raw)).encode()
        return request

    def _answer(self, request: httpx.Request, deadline: float) -> tuple[httpx.Response | None, str]:
        """The whole answer, or why there is none. httpx counts its patience anew at each piece: a slow one adds up."""
        try:
            response = self._client.send(request, stream=True)
            with contextlib.closing(response):
                content = bytearray()
                for piece in response.iter_bytes():
                    content += piece
                    if len(content) > MAX_ANSWER or time.monotonic() > deadline:
                        break
        except httpx.ConnectError as error:
            if _broken_off(request, _root(error)):
                return None, "tls"
            raise ProductUnreachable(_unreachable(request, _root(error))) from error
        except httpx.TimeoutException:
            return None, "delai"
        except httpx.TransportError as error:
            return None, "tls" if isinstance(_root(error), ssl.SSLError) else "coupure"
        if time.monotonic() > deadline:
            return None, "delai"
        headers = [pair for pair in response.headers.multi_items() if pair[0].lower() != "content-encoding"]
        return httpx.Response(response.status_code, headers=headers, content=bytes(content)), ""

    def _entry(
        self, operation: str, sent: httpx.Request, content: str | None, response: httpx.Response | None, silence: str
    ) -> dict[str, Any]:
        target = sent.extensions["target"].decode()
        path, _, query = target.partition("?")
        context = {
            **self.caller.about,
            "role": self.caller.role,
            "certificat": self.caller.certificate or None,
            "silence": silence or None,
        }
        return {
            "protocol": "http",
            "service": "serveur",
            "operation": f"serveur.{self.name}.{operation}",
            "request": {
                "method": sent.method,
                "target": target,
                "path": path,
                "query": [list(pair) for pair in parse_qsl(query, keep_blank_values=True)],
                "headers": [list(pair) for pair in sent.headers.multi_items()],
                "body": content or "",
            },
            "context": {key: value for key, value in context.items() if value is not None},
            **({} if response is None else {"answer": _answered(response)}),
        }


def _origin(address: str) -> str:
    """Scheme and host of an address, empty for a path."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _answered(response: httpx.Response) -> dict[str, Any]:
    headers = [list(pair) for pair in response.headers.multi_items()]
    try:
        text = response.content.decode(response.encoding or "utf-8")
    except (UnicodeDecodeError, LookupError):
        coded = base64.b64encode(response.content).decode("ascii")
        return {"status": response.status_code, "headers": headers, "body_base64": coded}
    return {"status": response.status_code, "headers": headers, "body": text}


def _broken_off(request: httpx.Request, cause: BaseException) -> bool:
    """Whether it is the product that ended the handshake, by an alert or by hanging up."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        return False
    hung_up = request.url.scheme == "https" and isinstance(cause, ConnectionResetError)
    return hung_up or isinstance(cause, ssl.SSLError)


def _unreachable(request: httpx.Request, cause: BaseException) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"Le banc ne reconnaît pas le certificat présenté à {request.url} : {cause.verify_message}."
    return f"Personne ne répond à {request.url} : {cause}."


def _root(error: BaseException) -> BaseException:
    """The first cause of an error."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return error
