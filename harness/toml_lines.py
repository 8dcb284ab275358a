"""At which line of a TOML text a key stands; `tomllib` does not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TABLE = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_ENTRY = re.compile(r"""^\s*([A-Za-z0-9_.\-"' ]+?)\s*=""")


def line_of(text: str, path: str) -> int:
    """Line (from 1) of a dotted key or table, else of the closest enclosing table; 0 when none is there."""
    places = dict(reversed(list(_places(text))))
    while path:
        if path in places:
            return places[path]
        path = path.rpartition(".")[0]
    return 0


def error_line(message: str) -> int:
    """Line named at the end of a `tomllib.TOMLDecodeError`; 0 when it names none."""
    found = re.search(r"at line (\d+)", message)
    return int(found[1]) if found else 0


def _places(text: str) -> Iterator[tuple[str, int]]:
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            table = _plain(header[1])
            yield table, number
        elif entry := _ENTRY.match(line):
            key = _plain(entry[1])
            yield f"{table}.{key}" if table else key, number


def _plain(key: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in key.split("."))
