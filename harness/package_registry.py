"""A registry of FHIR packages over HTTP (the protocol of packages.fhir.org, that of NPM).

`GET <base>/<name>` gives the versions of a package, `GET <base>/<name>/<version>` its archive. Nothing is asked for
that the user did not ask: a package by its name, and what its manifest says it rests on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from harness.errors import SetUpError
from profiles.archive import MAX_ARCHIVE, MEGA
from profiles.guides import satisfies, version_order
from profiles.packages import NAME

MAX_LISTING = 5 * MEGA


class Absent(SetUpError):  # noqa: N818
    """The registry does not have this package, or not in this version."""


class PackageRegistry:
    """A registry at a base address. Every failure is a SetUpError that says which address was asked."""

    def __init__(self, base: str, *, timeout: float = 30) -> None:
        self.base = base.rstrip("/")
        self._client = httpx.Client(timeout=timeout, follow_redirects=True, max_redirects=5)

    def __enter__(self) -> PackageRegistry:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def fetch(self, name: str, version: str, folder: Path) -> Path:
        """Write the archive of a package into a folder and return its path.

        version: exact, a wildcard (`2.0.x`), or `latest` (also for an empty one). Raises Absent, SetUpError.
        """
        if not NAME.fullmatch(name):
            raise SetUpError(f"« {name[:80]} » n'est pas un nom de paquet FHIR.")
        listing = self._listing(name)
        chosen = self._version(listing, name, version)
        row = listing["versions"][chosen]
        given = row.get("dist") if isinstance(row, dict) else None
        dist: dict[str, Any] = given if isinstance(given, dict) else {}
        path = self.download(f"{self.base}/{name}/{chosen}", folder / f"{name}-{chosen}.tgz")
        expected = dist.get("shasum")
        if expected and hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest() != str(expected).lower():
            path.unlink()
            raise SetUpError(f"{name}@{chosen} reçu de {self.base} n'a pas l'empreinte annoncée : il n'est pas gardé.")
        return path

    def download(self, address: str, path: Path) -> Path:
        """Write what an address gives into a file, up to the size allowed for an archive. Raises Absent, SetUpError."""
        size = 0
        with self._get(address) as answer, path.open("wb") as file:
            for block in answer.iter_bytes():
                size += len(block)
                if size > MAX_ARCHIVE:
                    raise SetUpError(f"{address} est trop gros : au plus {MAX_ARCHIVE // MEGA} Mo.")
                file.write(block)
        return path

    def _listing(self, name: str) -> dict[str, Any]:
        address = f"{self.base}/{name}"
        content = b""
        with self._get(address) as answer:
            for block in answer.iter_bytes():
                content += block
                if len(content) > MAX_LISTING:
                    raise SetUpError(f"{address} répond plus de {MAX_LISTING // MEGA} Mo : ce n'est pas un registre.")
        try:
            found = httpx.Response(200, content=content).json()
        except ValueError as error:
            raise SetUpError(f"{address} ne répond pas comme un registre de paquets FHIR : {error}.") from error
        if not isinstance(found, dict) or not isinstance(found.get("versions"), dict):
            raise SetUpError(f"{address} ne répond pas comme un registre de paquets FHIR : il manque « versions ».")
        return found

    def _version(self, listing: dict[str, Any], name: str, asked: str) -> str:
        known = [str(version) for version in listing["versions"] if NAME.fullmatch(str(version))]
        tags = listing.get("dist-tags")
        latest = tags.get("latest") if isinstance(tags, dict) else None
        if asked in ("", "latest") and latest in known:
            return str(latest)
        fitting = [version for version in known if satisfies(version, asked)]
        if not fitting:
            shown = ", ".join(sorted(known, key=version_order)[-8:]) or "aucune"
            raise Absent(f"{self.base} n'a pas {name} en version {asked} (versions connues : {shown}).")
        return max(fitting, key=version_order)

    @contextmanager
    def _get(self, address: str) -> Iterator[httpx.Response]:
        try:
            with self._client.stream("GET", address) as answer:
                if answer.status_code == 404:
                    raise Absent(f"{address} n'existe pas (404).")
                if not answer.is_success:
                    raise SetUpError(f"{address} a répondu {answer.status_code}.")
                yield answer
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SetUpError(f"{address} ne répond pas : {error or type(error).__name__}.") from error
