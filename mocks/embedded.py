"""httpx requests answered by a WSGI application in the same process, as a real server would hand them over."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

import httpx
from werkzeug.test import run_wsgi_app

from mocks.recorder import ConnectionCutError


def answer_with(application: WSGIApplication) -> Callable[[httpx.Request], httpx.Response]:
    """What answers an httpx request with this application (httpx's own transport takes ASCII only).

    What it gives raises httpx.RemoteProtocolError where the bench cuts the connection.
    """

    def answer(request: httpx.Request) -> httpx.Response:
        try:
            chunks, status, headers = run_wsgi_app(application, _environ(request), buffered=True)
        except ConnectionCutError as error:
            raise httpx.RemoteProtocolError("connexion coupée par le banc", request=request) from error
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return httpx.Response(int(status[:3]), headers=raw, content=b"".join(chunks))

    return answer


def _environ(request: httpx.Request) -> WSGIEnvironment:
    # httpx cleans what it sends; its `target` extension is how a client sends a target as it stands.
    target: bytes = request.extensions.get("target", request.url.raw_path)
    path, _, query = target.partition(b"?")
    https = request.url.scheme == "https"
    environ: WSGIEnvironment = {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.url.scheme,
        "wsgi.input": io.BytesIO(request.read()),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "SERVER_NAME": request.url.host,
        "SERVER_PORT": str(request.url.port or (443 if https else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "banc.target": target.decode("latin-1"),
    }
    return {**environ, **dict(_header(name, value) for name, value in request.headers.raw)}


def _header(name: bytes, value: bytes) -> tuple[str, str]:
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}", value.decode("latin-1")
