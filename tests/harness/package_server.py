"""A registry of FHIR packages on a loopback socket, and packages made for it."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Files = dict[str, Any]


def archive(files: Files) -> bytes:
    """A .tgz with these members; a content that is no bytes is written as JSON."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as package:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            package.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def package(name: str, version: str, *definitions: dict[str, Any], **manifest: Any) -> bytes:
    """A package with its manifest and definitions."""
    files: Files = {"package/package.json": {"name": name, "version": version, "fhirVersions": ["4.0.1"], **manifest}}
    for definition in definitions:
        files[f"package/{definition['resourceType']}-{definition['id']}.json"] = definition
    return archive(files)


def profile(identifier: str, base: str, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A StructureDefinition on Patient, by its differential."""
    return {
        "resourceType": "StructureDefinition",
        "id": identifier,
        "url": f"https://exemple.test/StructureDefinition/{identifier}",
        "type": "Patient",
        "baseDefinition": base,
        "differential": {"element": list(rows)},
        **more,
    }


class Server:
    """What the registry answers: `packages` maps name -> version -> archive; `asked` are the paths it received."""

    def __init__(self) -> None:
        self.packages: dict[str, dict[str, bytes]] = {}
        self.raw: dict[str, tuple[int, bytes]] = {}
        self.asked: list[str] = []
        self.url = ""
        self.wrong_sum = False

    def add(self, name: str, version: str, content: bytes) -> None:
        """Publish a version."""
        self.packages.setdefault(name, {})[version] = content

    def answer(self, path: str) -> tuple[int, bytes]:
        """Status and body for a path."""
        self.asked.append(path)
        if path in self.raw:
            return self.raw[path]
        name, _, version = path.strip("/").partition("/")
        versions = self.packages.get(name, {})
        if version:
            return (200, versions[version]) if version in versions else (404, b"")
        return (200, json.dumps(self._listing(name, versions)).encode()) if versions else (404, b"")

    def _listing(self, name: str, versions: dict[str, bytes]) -> dict[str, Any]:
        rows = {}
        for version, content in versions.items():
            shasum = "0" * 40 if self.wrong_sum else hashlib.sha1(content, usedforsecurity=False).hexdigest()
            tarball = f"{self.url}/{name}/{version}"
            rows[version] = {"name": name, "version": version, "dist": {"shasum": shasum, "tarball": tarball}}
        return {"_id": name, "name": name, "dist-tags": {"latest": list(versions)[-1]}, "versions": rows}


@contextmanager
def serving() -> Iterator[Server]:
    """The registry on a free port of the loopback."""
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = server.answer(self.path)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", body.decode())
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is written."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.url = f"http://127.0.0.1:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
