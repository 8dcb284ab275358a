"""An IHE_XDM archive, read in memory and within limits: it comes from a stranger (IHE ITI TF-2 3.32; sheet MSSanté §3).

Nothing is ever written to the disk. What could harm who unpacks it refuses the whole archive; what is only missing or
badly placed is for rules to judge.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

MEGA = 1_000_000
MAX_ARCHIVE = 40 * MEGA
MAX_FILES = 500
MAX_FILE = 30 * MEGA
MAX_CONTENT = 80 * MEGA  # all files, decompressed
MAX_RATIO = 200  # decompressed to compressed, of what is over one megabyte; text stands below 40
MAX_NAME = 255
FOLDER, METADATA, INDEX, README = "IHE_XDM", "METADATA.XML", "INDEX.HTM", "README.TXT"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_CHUNK = 65_536
_DRIVE = re.compile(r"[A-Za-z]:")
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class RefusedArchiveError(ValueError):
    """An archive that must not be unpacked. code: `bombe`, `chemin`… (contract of MSSanté §6)."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class File:
    """A file of the archive. name: with `/`."""

    name: str
    content: bytes

    @property
    def folder(self) -> str:
        """The folder that it stands in, empty at the root."""
        parent = str(PurePosixPath(self.name).parent)
        return "" if parent == "." else parent

    @property
    def base(self) -> str:
        """The name without its folder."""
        return PurePosixPath(self.name).name


@dataclass(frozen=True, slots=True)
class SubmissionSet:
    """A folder of IHE_XDM with its METADATA.XML. documents: the other files of that folder."""

    folder: str
    metadata: bytes
    documents: tuple[File, ...]

    def at(self, uri: str) -> File | None:
        """The document of a URI of the metadata, None when nothing is there. Case is kept."""
        return next((one for one in self.documents if one.name == f"{self.folder}/{uri.removeprefix('./')}"), None)


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive holds, in its order."""

    files: tuple[File, ...]

    def has(self, name: str) -> bool:
        """Whether a file of exactly this name is there."""
        return any(one.name == name for one in self.files)

    @property
    def sets(self) -> tuple[SubmissionSet, ...]:
        """The submission sets, whatever the case in which their metadata are named."""
        found = []
        for one in self.files:
            inside = PurePosixPath(one.name).parts
            if len(inside) == 3 and inside[0].upper() == FOLDER and one.base.upper() == METADATA:
                beside = tuple(
                    other for other in self.files if other.name.startswith(f"{one.folder}/") and other is not one
                )
                found.append(SubmissionSet(one.folder, one.content, beside))
        return tuple(found)


def read(content: bytes) -> Archive:
    """The archive of these bytes. Raises RefusedArchiveError."""
    if len(content) > MAX_ARCHIVE:
        raise RefusedArchiveError("trop-gros", f"l'archive dépasse {MAX_ARCHIVE // MEGA} Mo")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(archive.infolist())
            return Archive(tuple(_files(archive, entries)))
    except RefusedArchiveError:
        raise
    except _UNREADABLE as error:
        raise RefusedArchiveError("illisible", f"l'archive n'est pas un ZIP lisible : {error}") from error


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_FILES:
        raise RefusedArchiveError("trop-de-fichiers", f"l'archive contient plus de {MAX_FILES} fichiers")
    names = set()
    for entry in entries:
        _check_name(entry.filename)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise RefusedArchiveError("lien", f"« {entry.filename[:80]} » est un lien")
        if entry.flag_bits & _ENCRYPTED:
            raise RefusedArchiveError("chiffre", f"« {entry.filename[:80]} » est chiffré")
        if entry.compress_type not in _METHODS:
            raise RefusedArchiveError("compression", f"« {entry.filename[:80]} » n'est ni stocké ni « deflate »")
        folded = entry.filename.casefold()
        if folded in names:
            raise RefusedArchiveError("doublon", f"« {entry.filename[:80]} » est deux fois dans l'archive")
        names.add(folded)


def _check_name(name: str) -> None:
    """Refuse what could lead out of the folder in which somebody unpacks it."""
    path = PurePosixPath(name)
    out = path.is_absolute() or ".." in path.parts or "\\" in name or _DRIVE.match(name)
    if out or len(name) > MAX_NAME or not name.isprintable():
        raise RefusedArchiveError("chemin", f"le nom « {name[:80]} » sort de l'archive ou ne peut pas être écrit")


def _files(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> list[File]:
    left, found = MAX_CONTENT, []
    for entry in entries:
        content = _content(archive, entry, min(left, MAX_FILE))
        left -= len(content)
        found.append(File(entry.filename, content))
    return found


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """What a file decompresses to; what its entry says of its size is not believed."""
    allowed = min(most, max(MEGA, entry.compress_size * MAX_RATIO))
    kept = bytearray()
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            kept += chunk
            if len(kept) > allowed:
                raise RefusedArchiveError("bombe", f"« {entry.filename[:80]} » se décompresse au-delà des limites")
    return bytes(kept)
