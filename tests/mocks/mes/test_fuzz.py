"""The FHIR API of the service with what its CapabilityStatement says, and around it.

Whatever is sent: no 5xx, a refusal is an OperationOutcome, and each call has its entry in the journal.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import orjson
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from mocks.mes.fhir_api import FHIR
from mocks.sandbox import Sandbox
from tests.mocks.mes.direct import Direct
from tests.mocks.mes.product import Product, Tokens, appointment

SOME = settings(
    max_examples=80,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TYPE = "application/fhir+json"
SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=20)
PARTS = st.sampled_from(["resourceType", "reference", "value", "system", "status", "url", "extension", "é"])
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PARTS | st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PARAMETERS = sorted(
    {name for endpoint in FHIR.endpoints.values() for name in endpoint.params}
    | {"_count", "_sort", "_include", "_revinclude", "_page", "_summary", "_elements", "_total", "_id", "_format"}
)
SUFFIXES = ["", ":not", ":missing", ":exact", ":identifier", ".identifier", ":Patient", ":of-type"]
VALUES = st.one_of(
    st.text(max_size=15),
    st.sampled_from(
        ["ge2024-10-27", "lt2024", "2024-02-30", "sa2024-10-27T09:00:00+25:00", "|", "a|b|c", ",,", "\\", "-date"]
    ),
    st.integers().map(str),
)
HEADERS = ["If-Match", "If-None-Match", "If-None-Exist", "If-Modified-Since", "Prefer", "Accept", "Content-Type"]
HEADERS += ["X-Request-ID", "Accept-Charset", "Range", "Content-Encoding", "X-HTTP-Method-Override"]
HEADER_VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20) | st.sampled_from(
    ['W/"1"', "*", "return=minimal", "identifier=x", "application/fhir+xml", "text/html;q=x", "Tue, 99 Foo 2024"]
)
PATHS = ["Appointment", "Appointment/_search", "Observation", "Device", "metadata", "", "Appointment/x/_history/9"]
Step = str | int


def places(node: Any, at: tuple[Step, ...] = ()) -> list[tuple[Step, ...]]:
    """The path of every element of a JSON document."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [at, *(place for key, value in inner for place in places(value, (*at, key)))]


def mutated(body: dict[str, Any], place: tuple[Step, ...], change: str, value: Any) -> dict[str, Any]:
    """A copy of the document with one element replaced, taken away, doubled or joined by another."""
    made = copy.deepcopy(body)
    holder: Any = made
    for step in place[:-1]:
        holder = holder[step]
    last = place[-1]
    if change == "remove":
        del holder[last]
    elif change == "double":
        holder[last] = [holder[last], holder[last]]
    elif change == "add" and isinstance(holder, dict):
        holder[f"{last}Autre"] = value
    else:
        holder[last] = value
    return made


def checked(product: Product, mark: int, answer: TestResponse) -> None:
    """What must hold of every answer; mark: last exchange before the call."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.json is not None
        assert answer.json["resourceType"] == "OperationOutcome"
        assert answer.json["issue"][0]["diagnostics"]
    (entry,) = product.admin("GET", f"echanges?apres={mark}")["echanges"]
    assert (entry["answer"]["status"], entry["service"]) == (answer.status_code, "mes")


def last(product: Product) -> int:
    """Id of the last exchange."""
    return int(product.admin("GET", "echanges?limite=1")["dernier"])


BASE = appointment(Tokens("", "", "", "", "IDPE"))


@SOME
@given(
    place=st.sampled_from(places(BASE)[1:]), change=st.sampled_from(["replace", "remove", "double", "add"]), value=JSON
)
def test_a_body_with_one_thing_changed(
    sandbox: Sandbox, product: Product, tokens: Tokens, place: tuple[Step, ...], change: str, value: Any
) -> None:
    mark = last(product)
    data = orjson.dumps(mutated(appointment(tokens), place, change, value))
    for_each = {"headers": tokens.headers(), "auth": None, "content_type": TYPE}
    checked(product, mark, Direct(sandbox, product).post("/fhir/Appointment", data=data, **for_each))


@SOME
@given(
    kind=st.sampled_from(["Appointment", "Observation", "Device"]),
    asked=st.lists(st.tuples(st.sampled_from(PARAMETERS), st.sampled_from(SUFFIXES), VALUES), max_size=3),
    mine=st.booleans(),
)
def test_a_search(
    sandbox: Sandbox, product: Product, tokens: Tokens, kind: str, asked: list[tuple[str, str, str]], mine: bool
) -> None:
    mark = last(product)
    who = {"Appointment": "patient.identifier", "Observation": "subject.identifier"}.get(kind)
    query = [f"{name}{suffix}={quote(value.encode('utf-8', 'replace'))}" for name, suffix, value in asked]
    query += [f"{who}={quote(tokens.subject)}"] if mine and who else []
    direct = Direct(sandbox, product)
    checked(product, mark, direct.call("GET", f"/fhir/{kind}", query_string="&".join(query), headers=tokens.headers()))


@SOME
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]),
    path=st.sampled_from(PATHS)
    | st.text(st.characters(blacklist_categories=["Cc", "Cs"], blacklist_characters="?#%/."), min_size=1, max_size=8),
    headers=st.dictionaries(st.sampled_from(HEADERS), HEADER_VALUES, max_size=3),
    valid=st.booleans(),
)
def test_a_call_with_any_method_path_and_headers(
    sandbox: Sandbox, product: Product, tokens: Tokens, method: str, path: str, headers: Mapping[str, str], valid: bool
) -> None:
    mark = last(product)
    data = orjson.dumps(appointment(tokens)) if valid else b""
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    kind = environ.pop("HTTP_CONTENT_TYPE", TYPE)
    more = {"headers": tokens.headers(), "data": data, "environ_overrides": {**environ, "CONTENT_TYPE": kind}}
    answer = Direct(sandbox, product).call(method, f"/fhir/{quote(path.encode('utf-8', 'replace'))}", **more)
    if method == "HEAD":
        assert (answer.status_code < 500, answer.data) == (True, b"")
    else:
        checked(product, mark, answer)
