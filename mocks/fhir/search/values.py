"""What a resource can be found by: the rows of `fhir_values`.

The column `param` holds the kind and the element path, so that parameters on one element share its rows:
`t:status`, `s:description`, `d:start`, `r:participant.actor` (system: type, value: id or address) and
`i:participant.actor#Patient` (logical identifier of a Patient in that reference; after `#` nothing when the
reference does not say its type).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from mocks.fhir.dates import FOREVER, interval
from mocks.fhir.declaration import FhirEndpoint, Resource

Value = tuple[str, str, str, int, int]  # param, system, value, low, high
_Row = dict[str, Any]
_Reader = Callable[[str, str, Any, Resource], Iterator[Value]]
_Source = tuple[str, _Reader, str, tuple[str, ...], str, int]  # first step, reader, path, other steps, system, sought


class Extractor:
    """Makes the rows of the resources of one endpoint."""

    def __init__(self, endpoint: FhirEndpoint) -> None:
        self._sources: dict[tuple[str, str], _Source] = {}
        for param in endpoint.search:
            for path in param.paths:
                first, *rest = path.split(".")
                sought = _sought_rows(endpoint, param.kind, path)
                source = (first, _READERS[param.kind], path, tuple(rest), param.system, int(sought))
                self._sources[param.kind, path] = source

    def rows(self, resource: Resource) -> list[_Row]:
        """Rows of `fhir_values` but the resource's key and space."""
        found: dict[Value, int] = {}
        for first, reader, path, steps, system, sought in self._sources.values():
            if first in resource:
                for element in elements(resource[first], steps):
                    for value in reader(path, system, element, resource):
                        found[value] = sought
        return [
            {"ordinal": ordinal, "param": row[0], "system": row[1], "value": row[2], "low": row[3], "high": row[4]}
            | {"sought": sought}
            for ordinal, (row, sought) in enumerate(found.items())
        ]


def _sought_rows(endpoint: FhirEndpoint, kind: str, path: str) -> bool:
    """Whether a search may start from one of the parameters on this element: then its rows are indexed by value."""
    return any(endpoint.indexes(param) and param.kind == kind and path in param.paths for param in endpoint.search)


def elements(node: Any, steps: tuple[str, ...]) -> Iterator[Any]:
    """The values at an element path; lists are gone through, what is missing gives nothing."""
    if isinstance(node, list):
        for item in node:
            yield from elements(item, steps)
    elif not steps:
        if node is not None:
            yield node
    elif isinstance(node, dict) and steps[0] in node:
        yield from elements(node[steps[0]], steps[1:])


def normalised(text: str) -> str:
    """Text as string search compares it: lower case, no accents, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return " ".join(bare.casefold().split())


def split_reference(text: str) -> tuple[str, str]:
    """(type, id) of `Type/id` (a version is left out); (type, address) of a URL; ("", text) otherwise."""
    parts = text.split("/_history/")[0].split("/")
    if len(parts) == 2 and parts[0][:1].isupper():
        return parts[0], parts[1]
    if len(parts) > 2 and parts[-2][:1].isupper():
        return parts[-2], "/".join(parts)
    return "", text


def _token(path: str, system: str, element: Any, _resource: Resource) -> Iterator[Value]:
    key = f"t:{path}"
    if isinstance(element, bool):
        yield key, system, "true" if element else "false", 0, 0
    elif isinstance(element, str | int):
        yield key, system, str(element), 0, 0
    elif isinstance(element, dict):
        codings = element.get("coding")
        for coding in codings if isinstance(codings, list) else [element]:
            if isinstance(coding, dict):
                value = coding.get("value", coding.get("code"))
                if isinstance(value, str):
                    yield key, _text(coding.get("system")), value, 0, 0


def _string(path: str, _system: str, element: Any, _resource: Resource) -> Iterator[Value]:
    """The column `system` keeps the exact text, for the modifier `:exact`."""
    if isinstance(element, str):
        yield f"s:{path}", element, normalised(element), 0, 0
    elif isinstance(element, dict):  # HumanName, Address: each of its texts
        for part in element.values():
            for text in part if isinstance(part, list) else [part]:
                if isinstance(text, str):
                    yield f"s:{path}", text, normalised(text), 0, 0


def _date(path: str, _system: str, element: Any, _resource: Resource) -> Iterator[Value]:
    try:
        if isinstance(element, str):
            low, high = interval(element)
        elif isinstance(element, dict) and ("start" in element or "end" in element):
            low = interval(element["start"])[0] if "start" in element else -FOREVER
            high = interval(element["end"])[1] if "end" in element else FOREVER
        else:
            return
    except (ValueError, TypeError):
        return  # not a date: the profile says so, the index has nothing to add
    yield f"d:{path}", "", "", low, high


def _reference(path: str, _system: str, element: Any, resource: Resource) -> Iterator[Value]:
    if not isinstance(element, dict):
        return
    declared = _text(element.get("type"))
    target = element.get("reference")
    if isinstance(target, str) and target.startswith("#"):
        yield from _contained(path, target[1:], resource)
    elif isinstance(target, str):
        type_, value = split_reference(target)
        yield f"r:{path}", type_ or declared, value, 0, 0
        declared = declared or type_
    yield from _logical(path, declared, element.get("identifier"))


def _contained(path: str, local_id: str, resource: Resource) -> Iterator[Value]:
    contained = resource.get("contained")
    for inner in contained if isinstance(contained, list) else ():
        if isinstance(inner, dict) and inner.get("id") == local_id:
            identifiers = inner.get("identifier")
            for identifier in identifiers if isinstance(identifiers, list) else [identifiers]:
                yield from _logical(path, _text(inner.get("resourceType")), identifier)


def _logical(path: str, type_: str, identifier: Any) -> Iterator[Value]:
    if isinstance(identifier, dict) and isinstance(identifier.get("value"), str):
        yield f"i:{path}#{type_}", _text(identifier.get("system")), identifier["value"], 0, 0


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


_READERS: dict[str, _Reader] = {"token": _token, "string": _string, "date": _date, "reference": _reference}
