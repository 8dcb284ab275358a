"""What is around a value while it is judged: the resources that hold it, and the extensions of the guide followed.

A judgment runs in one scope, which the judges of `profiles.keywords` read. A reference leads only where the scope
reaches: contained resources, entries of a Bundle around. What it does not reach is not known, and never accused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar

from profiles.library import Definition
from profiles.model import Json

VERSION = re.compile(r"/_history/[A-Za-z0-9.\-]{1,64}$")


class Scope:
    """The scope of one judgment; `stack` holds the resources around, the outermost first."""

    __slots__ = ("_bundles", "extensions", "running", "stack", "valid", "verdicts")

    def __init__(self, extensions: Mapping[str, tuple[Definition, ...]]) -> None:
        """`extensions` maps the url of an extension to its definition, in the versions that may be meant."""
        self.extensions = extensions
        self.stack: list[Json] = []
        self.valid: dict[tuple[int, str], bool] = {}
        self.verdicts: dict[tuple[int, str], bool] = {}
        self.running: set[tuple[int, str]] = set()
        self._bundles: dict[int, dict[str, Json | None]] = {}

    def target(self, reference: str) -> Json | None:
        """Return the resource that a reference leads to, None when it is out of reach (or leads to several)."""
        if reference.startswith("#"):
            return self.local(reference[1:])
        plain = VERSION.sub("", reference)
        for around in reversed(self.stack):
            if around.get("resourceType") == "Bundle":
                return self._entries(around).get(plain)
        return None

    def local(self, identifier: str) -> Json | None:
        """Return a contained resource by its id; an empty id is the resource that contains."""
        inner = self.stack[-1] if self.stack else {}
        holder = self.stack[-2] if len(self.stack) > 1 and any(c is inner for c in contained(self.stack[-2])) else inner
        if not identifier:
            return holder
        return next((c for c in contained(holder) if c.get("id") == identifier), None)

    def _entries(self, bundle: Json) -> dict[str, Json | None]:
        key = id(bundle)
        if key not in self._bundles:
            self._bundles[key] = entries_by_name(bundle)
        return self._bundles[key]


def contained(resource: Json) -> list[Json]:
    """Return the contained resources, whatever else stands there left out."""
    found = resource.get("contained")
    return [c for c in found if isinstance(c, dict)] if isinstance(found, list) else []


def entries_by_name(bundle: Json) -> dict[str, Json | None]:
    """Return the resources of a Bundle by fullUrl and, for those of a server, by `Type/id`; None for a double name."""
    found: dict[str, Json | None] = {}
    entries = bundle.get("entry")
    for entry in entries if isinstance(entries, list) else []:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict):
            continue
        url, kind, identifier = entry.get("fullUrl"), resource.get("resourceType"), resource.get("id")
        names = {url} if isinstance(url, str) else set()
        if isinstance(kind, str) and isinstance(identifier, str) and not str(url).startswith("urn:"):
            names.add(f"{kind}/{identifier}")
        for name in names:
            found[name] = resource if name not in found else None
    return found


NOWHERE = Scope({})
"""The scope outside any judgment: nothing is remembered there."""

CURRENT: ContextVar[Scope] = ContextVar("scope", default=NOWHERE)
