"""A FHIR package read from its archive (.tgz), within limits: what comes from outside is not trusted.

FHIR NPM package specification: everything is under `package/`; the definitions stand directly there, examples and
other material in folders below; `package/package.json` is the manifest.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from profiles.guides import PACKAGE_MANIFEST
from profiles.library import KINDS
from profiles.model import UnusableDefinition

MEGA = 1_000_000
MAX_ARCHIVE = 60 * MEGA
MAX_CONTENT = 400 * MEGA  # all members, decompressed
MAX_RATIO = 200  # decompressed to compressed; published packages stand between 7 and 40
MAX_MEMBERS = 30_000
MAX_MEMBER = 20 * MEGA


def read_package(path: Path | str) -> dict[str, bytes]:
    """Return the manifest and the definition files of a package, by name.

    Raises UnusableDefinition when it is no archive, is larger than the limits, or holds a link, a device or a member
    whose name leads out of it (examples and folders below `package/` are only counted).
    """
    try:
        size = Path(path).stat().st_size
        if size > MAX_ARCHIVE:
            raise UnusableDefinition(f"{path} est trop gros : {size // MEGA} Mo, au plus {MAX_ARCHIVE // MEGA}")
        with gzip.open(path) as stream:
            limited = io.BufferedReader(Limited(stream, min(MAX_CONTENT, max(MEGA, size * MAX_RATIO)), f"{path}"))
            with tarfile.open(fileobj=limited, mode="r|") as archive:
                return dict(definitions_in(archive, f"{path}"))
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise UnusableDefinition(f"{path} n'est pas un paquet FHIR lisible : {error}") from error


class Limited(io.RawIOBase):
    """A stream that stops with UnusableDefinition when more than `limit` bytes come out of it."""

    def __init__(self, stream: BinaryIO | gzip.GzipFile, limit: int, origin: str) -> None:
        self._stream = stream
        self._left = limit
        self._origin = origin

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        content = self._stream.read(len(buffer))
        self._left -= len(content)
        if self._left < 0:
            raise UnusableDefinition(f"{self._origin} se décompresse au-delà des limites")
        buffer[: len(content)] = content
        return len(content)


def definitions_in(archive: tarfile.TarFile, origin: str) -> Iterator[tuple[str, bytes]]:
    """Yield the manifest and the definition files of an archive. Raises UnusableDefinition."""
    for number, member in enumerate(archive, start=1):
        if number > MAX_MEMBERS:
            raise UnusableDefinition(f"{origin} contient plus de {MAX_MEMBERS} fichiers")
        refuse_unsafe(member, origin)
        path = PurePosixPath(member.name)
        wanted = path.name == PACKAGE_MANIFEST or (path.suffix == ".json" and path.name.partition("-")[0] in KINDS)
        if str(path.parent) == "package" and wanted and member.isfile():
            if member.size > MAX_MEMBER:
                raise UnusableDefinition(f"{origin} : {path.name} dépasse {MAX_MEMBER // MEGA} Mo")
            stream = archive.extractfile(member)
            if stream:
                yield path.name, stream.read()


def refuse_unsafe(member: tarfile.TarInfo, origin: str) -> None:
    """Raise UnusableDefinition for a member that has no place in a package.

    Nothing is ever extracted to the disk, so such a member could do no harm here; it says that the archive is not what
    it claims to be.
    """
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts:
        raise UnusableDefinition(f"{origin} : le nom « {member.name[:80]} » sort du paquet")
    if not (member.isfile() or member.isdir()):
        raise UnusableDefinition(f"{origin} : « {member.name[:80]} » est un lien ou un fichier spécial")
