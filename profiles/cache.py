"""What compiling a profile gives, kept from one start to the next.

Entries stand in `$BANC_CACHE`, or `banc/profils` of the user's cache folder (`$XDG_CACHE_HOME`, else `~/.cache`). Their
key is the content: of all the definitions of the registry, and of the code that compiles them. So an entry is never out
of date, only unused. Two processes may fill it at once: each writes a file of its own, then gives it its name. Whatever
cannot be read or written is compiled again; the cache never fails. `BANC_CACHE=` (empty) does without.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import importlib.resources
import json
import os
import shutil
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from profiles.model import Json

KEPT = 24  # sets of definitions whose entries are kept, the last used ones


@dataclass(frozen=True, slots=True)
class Plan:
    """A profile compiled, as plain data: its type, what is not judged, the invariants of its root, its JSON Schema.

    The schema comes twice, compressed: `bare` for the engine, `noted` with the notes that only a report reads.
    """

    type: str
    limits: tuple[str, ...]
    invariants: tuple[str, ...]
    bare: bytes
    noted: bytes


def packed_text(schema: Json) -> bytes:
    """Return the JSON text of a schema, compressed."""
    return zlib.compress(json.dumps(schema, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def text_of(packed: bytes) -> str:
    """Return the JSON text of a compressed schema."""
    return zlib.decompress(packed).decode()


class Cache:
    """Plans by digest of a registry and canonical; without a folder it keeps nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._opened: set[str] = set()

    def get(self, digest: str, canonical: str) -> Plan | None:
        """Return a plan, None when it is not there or damaged."""
        if self._folder is None:
            return None
        try:
            return unpacked(self._place(digest, canonical).read_bytes())
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, digest: str, canonical: str, kept: Plan) -> None:
        """Keep a plan; nothing happens where it cannot be written."""
        if self._folder is None:
            return
        with contextlib.suppress(OSError):
            place = self._place(digest, canonical)
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".", delete=False) as temporary:
                temporary.write(packed(kept))
            Path(temporary.name).replace(place)

    def _place(self, digest: str, canonical: str) -> Path:
        assert self._folder is not None
        key = hashlib.sha256(f"{code_version()} {digest}".encode()).hexdigest()[:32]
        if key not in self._opened:
            self._opened.add(key)
            self._mark_used(self._folder / key)
        return self._folder / key / hashlib.sha256(canonical.encode()).hexdigest()[:32]

    def _mark_used(self, opened: Path) -> None:
        with contextlib.suppress(OSError):
            opened.mkdir(parents=True, exist_ok=True)
            os.utime(opened)
            folders = sorted(opened.parent.iterdir(), key=lambda f: f.stat().st_mtime, reverse=True)
            for each in folders[KEPT:]:
                shutil.rmtree(each, ignore_errors=True)


def packed(kept: Plan) -> bytes:
    """Return an entry: the digest of what follows, then the plan."""
    head = {"type": kept.type, "limits": kept.limits, "invariants": kept.invariants, "bare": len(kept.bare)}
    body = json.dumps(head).encode() + b"\n" + kept.bare + kept.noted
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def unpacked(entry: bytes) -> Plan:
    """Return the plan of an entry. Raises ValueError, KeyError or TypeError when it is damaged."""
    digest, _, body = entry.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise ValueError("damaged")
    head, _, schemas = body.partition(b"\n")
    found: dict[str, Any] = json.loads(head)
    cut = int(found["bare"])
    return Plan(found["type"], tuple(found["limits"]), tuple(found["invariants"]), schemas[:cut], schemas[cut:])


@functools.cache
def code_version() -> str:
    """Return a digest of all that turns definitions into plans."""
    digest = hashlib.sha256(importlib.metadata.version("fhirpathpy").encode())
    room = importlib.resources.files("profiles")
    for folder in (room, room.joinpath("base")):
        for file in sorted(folder.iterdir(), key=lambda f: f.name):
            if file.name.endswith((".py", "r4.json")):
                digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def user_cache() -> Cache:
    """Return the cache of the user who runs the bench."""
    stated = os.environ.get("BANC_CACHE")
    if stated is not None:
        return Cache(Path(stated)) if stated else Cache()
    home = os.environ.get("XDG_CACHE_HOME")
    try:
        return Cache((Path(home) if home else Path.home() / ".cache") / "banc" / "profils")
    except RuntimeError:  # nobody's home
        return Cache()
