"""WSGI layer around a service: opens the call, writes the journal with the state, commits, then answers."""

from __future__ import annotations

import base64
import io
import logging
import time
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from mocks import clock, faults, journal, real_people, tenants
from mocks.call import ENVIRON_KEY, Call, FaultPlayedError, current_call
from mocks.journal.masking import mask, mask_header, mask_tokens
from mocks.service import Service

if TYPE_CHECKING:
    from mocks.store import Store

DRAUGHT = 65_536  # bytes read at once of a body that is refused
log = logging.getLogger("banc.mocks")


class ConnectionCutError(Exception):
    """The server must drop the connection without an answer (faults `coupure_avant`, `coupure_apres`)."""


class Recorder:
    """One service of one sandbox as a WSGI application; `environ["banc.tenant"]` names the tenant."""

    def __init__(self, service: Service, store: Store) -> None:
        self._service = service
        self._store = store
        self._app: WSGIApplication = instrument(service.make_app()).wsgi_app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = time.perf_counter()
        name = environ["banc.tenant"]
        with self._store.session(name) as session:
            try:
                tenant = tenants.load(session, name)
            except tenants.UnknownTenantError:
                return _unknown_tenant(name, start_response)
            call = Call(
                tenant,
                session,
                self._service,
                _base_url(environ),
                tenant.now(),
                *_read_body(environ, self._service.max_body),
            )
            environ[ENVIRON_KEY] = call
            if real_people.seen_in(call.body, _heads(environ)):
                status, headers, body = _refuse_real_person(call, environ)
                kept = b""
            else:
                kept = self._service.journaled(call.body, environ.get("CONTENT_TYPE", ""))  # before the store is locked
                status, headers, body = _collect(self._app, environ)
            entry = _entry(call, environ, kept, status, headers, body, time.perf_counter() - started + call.late_s)
            journal.record(session, entry)
            session.commit()
        self._store.notify()
        for errand in call.errands:
            self._store.errands.submit(errand)
        if call.late_s:
            time.sleep(call.late_s)
        if call.cut:
            raise ConnectionCutError(call.operation)
        start_response(status, headers)
        return [body]


def instrument(app: Flask) -> Flask:
    """Add to a service's application what every service does: name the operation, play faults, undo on a crash."""
    # No view is a coroutine: no need to ask at each call.
    app.ensure_sync = lambda view: view  # type: ignore[assignment, method-assign]

    @app.before_request
    def _before() -> Response | None:
        call = current_call()
        call.operation = request.endpoint or f"{call.service.name}.inconnue"
        named_later = getattr(app.view_functions.get(request.endpoint or ""), "names_operation", False)
        known = call.too_large or not named_later
        fault = (call.limit() or call.play(faults.TRANSPORT)) if known else None
        if fault is not None:
            return _played(call, fault)
        if call.too_large:
            raise RequestEntityTooLarge
        return None

    @app.errorhandler(404)
    def _unplanned(_error: Exception) -> tuple[dict[str, str], int]:
        text = f"Le banc n'imite pas {request.method} {request.path} du service « {current_call().service.title} »."
        return {"erreur": "non-imite", "message": text}, 501

    @app.errorhandler(FaultPlayedError)
    def _late_fault(error: FaultPlayedError) -> Response:
        return _played(current_call(), error.fault) or Response(status=503)

    @app.after_request
    def _after(response: Response) -> Response:
        call = current_call()
        if response.status_code >= 500 and call.fault is None:
            call.session.rollback()  # a crash must leave the state whole
        if call.fault == "coupure_apres":
            call.cut = True
        return response

    return app


def _played(call: Call, fault: Any) -> Response | None:
    """The answer of a transport fault; None when the call goes on (slowed down, or cut only after commit)."""
    nature = str(fault["nature"])
    if nature in ("lenteur", "coupure_apres"):
        return None
    if nature == "coupure_avant":
        call.cut = True
        return Response(status=503)
    headers = {"Retry-After": str(fault["retry_after"])} if "retry_after" in fault else {}
    if nature == faults.RATE:
        nature, headers = "429", {"Retry-After": "1", **headers}
    return Response(
        "Panne demandée au banc", status=int(nature), headers=headers, content_type="text/plain; charset=utf-8"
    )


def _read_body(environ: WSGIEnvironment, most: int) -> tuple[bytes, bool]:
    """The body and whether it was too large (then it is empty). Leaves the service a body it can read again."""
    stream = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdigit() and int(length) > most:
        body, too_large = b"", True
    elif length.isdigit():
        body, too_large = stream.read(int(length)), False
    elif environ.get("HTTP_TRANSFER_ENCODING"):
        body = stream.read(most + 1)
        body, too_large = (b"", True) if len(body) > most else (body, False)
    else:
        body, too_large = b"", False
    while too_large and stream.read(DRAUGHT):  # who is still sending would not read the refusal
        pass
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return body, too_large


def _collect(app: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
    status_line, collected = "500 Internal Server Error", []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        nonlocal status_line, collected
        status_line, collected = status, headers
        return lambda data: None

    chunks = app(environ, start)
    try:
        return status_line, collected, b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()


def _heads(environ: WSGIEnvironment) -> list[bytes]:
    """What a client says before the body: target, values of headers."""
    said = [environ.get("banc.target") or environ["PATH_INFO"], environ.get("QUERY_STRING", "")]
    said += [value for key, value in environ.items() if key.startswith("HTTP_")]
    return [text.encode("latin-1", "replace") for text in said]


def _refuse_real_person(call: Call, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
    """The refusal, once the call and its environment hold nothing any more of what was sent."""
    path = environ["PATH_INFO"]
    for key in [key for key in environ if key.startswith("HTTP_")]:
        environ[key] = ""
    environ |= {"PATH_INFO": "/", "QUERY_STRING": "", "wsgi.input": io.BytesIO()}
    environ.pop("banc.target", None)
    call.body = b""
    call.operation = f"{call.service.name}.personne_reelle"
    call.note(real_people.CODE, "contenu qui peut être celui d'une vraie personne : refusé et non conservé")
    kind, body = call.service.refusal(path, real_people.STATUS, real_people.CODE, real_people.MESSAGE)
    headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
    return f"{real_people.STATUS} Unavailable For Legal Reasons", headers, body


def _base_url(environ: WSGIEnvironment) -> str:
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    return f"{environ['wsgi.url_scheme']}://{host}{environ['SCRIPT_NAME']}"


def _entry(
    call: Call,
    environ: WSGIEnvironment,
    kept: bytes,
    status: str,
    headers: list[tuple[str, str]],
    body: bytes,
    seconds: float,
) -> dict[str, Any]:
    """The exchange. kept: what the journal keeps of the request's body; seconds: how long it took."""
    path = environ["SCRIPT_NAME"] + environ["PATH_INFO"]
    query = environ.get("QUERY_STRING", "")
    raw = environ.get("banc.target") or quote(path.encode("latin-1"), safe="/:@!$&'()*+,;=~-._") + (
        f"?{query}" if query else ""
    )
    answer = None
    if not call.cut:
        shown = [[name, mask_header(name, value)] for name, value in headers]
        kind = next((value for name, value in headers if name == "Content-Type"), "")
        answer = {"status": int(status[:3]), "headers": shown, **_text(call.service.journaled(body, kind), kind)}
    received = environ.get("CONTENT_TYPE", "")
    request_ = {
        "method": environ["REQUEST_METHOD"],
        "target": mask(raw),
        "headers": [[name, mask_header(name, value)] for name, value in _headers(environ)],
        **_text(kept, received),
    }
    if call.too_large:
        call.note("corps-trop-grand", f"corps de plus de {call.service.max_body} octets, refusé et non conservé")
    return {
        "tenant": call.tenant.name,
        "instant": clock.rfc3339(call.now),
        "protocol": "http",
        "service": call.service.name,
        "operation": call.operation or f"{call.service.name}.inconnue",
        "person": call.person,
        "request": request_,
        "answer": answer,
        "client": {
            "client_id": call.client_id,
            "certificate": _certificate(environ),
            "address": environ.get("REMOTE_ADDR"),
        },
        "context": call.context if "banc.tls" not in environ else {**call.context, "tls": environ["banc.tls"]},
        "notes": call.notes,
        "fault": call.fault,
        "duration_ms": round(seconds * 1000, 3),
    }


def _certificate(environ: WSGIEnvironment) -> str | None:
    client = (environ.get("banc.tls") or {}).get("client")
    return None if client is None else str(client["subject"])


def _headers(environ: WSGIEnvironment) -> Iterable[tuple[str, str]]:
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            yield _header_name(key), value
    if environ.get("CONTENT_TYPE"):
        yield "Content-Type", environ["CONTENT_TYPE"]


@lru_cache(maxsize=256)
def _header_name(key: str) -> str:
    """WSGI loses case and underscores of a header's name."""
    return key[5:].replace("_", "-").title()


def _text(body: bytes, kind: str) -> dict[str, str]:
    hide = mask_tokens if kind.startswith("application/fhir+json") else mask
    try:
        return {"body": hide(body.decode())}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode()}


def _unknown_tenant(name: str, start_response: StartResponse) -> Iterable[bytes]:
    text = f'{{"erreur": "locataire-inconnu", "message": "Aucun locataire « {name} » dans ce bac à sable."}}'.encode()
    start_response(
        "404 Not Found", [("Content-Type", "application/json; charset=utf-8"), ("Content-Length", str(len(text)))]
    )
    return [text]
