"""What a rule sees of a journal entry.

The journal is written by `mocks`; a rule reads it only through this view, so an old
journal, or one recorded by somebody else, can be judged against today's rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Exchange:
    """One recorded exchange: an HTTP call, an act on the national side, or an action of the product.

    `entry` is a journal entry as `mocks/journal/exchange.schema.json` describes it.
    """

    entry: Mapping[str, Any]

    @property
    def id(self) -> int:
        return int(self.entry["id"])

    @cached_property
    def instant(self) -> datetime:
        """Instant of the tenant's clock when the exchange was received."""
        return datetime.fromisoformat(str(self.entry["instant"]))

    @cached_property
    def protocol(self) -> str:
        return str(self.entry.get("protocol", "http"))

    @cached_property
    def service(self) -> str:
        return str(self.entry.get("service", ""))

    @cached_property
    def operation(self) -> str:
        return str(self.entry.get("operation", ""))

    @property
    def person(self) -> str | None:
        person = self.entry.get("person")
        return None if person is None else str(person)

    @property
    def context(self) -> Mapping[str, Any]:
        """What the service recognised: token states, pairing, resource stored (architecture §3)."""
        return self.entry.get("context") or {}

    @property
    def request(self) -> Mapping[str, Any]:
        return self.entry.get("request") or {}

    @property
    def answer(self) -> Mapping[str, Any]:
        return self.entry.get("answer") or {}

    @property
    def method(self) -> str:
        return str(self.request.get("method", ""))

    @property
    def path(self) -> str:
        return str(self.request.get("path", ""))

    @property
    def target(self) -> str:
        """Path and query exactly as received, before any decoding."""
        return str(self.request.get("target", ""))

    @property
    def status(self) -> int:
        """HTTP status of the answer; 0 when the connection was cut before an answer."""
        return int(self.answer.get("status", 0))

    @cached_property
    def query(self) -> tuple[tuple[str, str], ...]:
        return tuple((str(name), str(value)) for name, value in self.request.get("query", ()))

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a query parameter, decoded, in order."""
        return tuple(value for key, value in self.query if key == name)

    def header(self, name: str) -> str | None:
        """First request header of that name, whatever its case."""
        return _header(self.request.get("headers", ()), name)

    def answer_header(self, name: str) -> str | None:
        """First answer header of that name, whatever its case."""
        return _header(self.answer.get("headers", ()), name)

    @property
    def body(self) -> str:
        return str(self.request.get("body") or "")

    @property
    def answer_body(self) -> str:
        return str(self.answer.get("body") or "")

    @cached_property
    def form(self) -> Mapping[str, str]:
        """Fields of a form-encoded request body (last value of each name)."""
        return dict(parse_qsl(self.body, keep_blank_values=True))

    @cached_property
    def json(self) -> Any:
        """Request body as JSON, or None when it is not JSON."""
        return _json(self.body)

    @cached_property
    def answer_json(self) -> Any:
        """Answer body as JSON, or None when it is not JSON."""
        return _json(self.answer_body)

    @cached_property
    def resource(self) -> Mapping[str, Any]:
        """FHIR resource of the request; empty when there is none."""
        return self.json if isinstance(self.json, dict) else {}

    @cached_property
    def answer_resource(self) -> Mapping[str, Any]:
        """FHIR resource of the answer; empty when there is none."""
        return self.answer_json if isinstance(self.answer_json, dict) else {}


def _header(headers: Iterable[Any], name: str) -> str | None:
    wanted = name.lower()
    return next((str(value) for key, value in headers if str(key).lower() == wanted), None)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # a product may send anything, also ten thousand brackets
        return None
