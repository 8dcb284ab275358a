"""Whatever is sent, the answer is an OperationOutcome and never a crash."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from mocks.sandbox import Sandbox
from tests.mocks.fhir.toy import SERVER, TOY, appointment

TYPE = "application/fhir+json"
LIMITS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
elements = st.sampled_from(
    ["identifier", "status", "start", "participant", "specialty", "slot", "meta", "id", "contained"]
)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    sandbox = Sandbox(services=[TOY])
    yield Client(sandbox.wsgi)
    sandbox.close()


def dumped(content: Any) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS, default=str) if encodable(content) else b"\xff"


def encodable(content: Any) -> bool:
    try:
        orjson.dumps(content)
    except TypeError:  # lone surrogates, integers of more than 64 bits
        return False
    return True


@LIMITS
@given(st.sampled_from(["POST", "PUT"]), st.binary(max_size=60) | anything.map(dumped))
def test_any_body(client: Client, method: str, body: bytes) -> None:
    path = "/toy/fhir/Appointment" + ("?identifier=x" if method == "PUT" else "")
    answer = client.open(path, method=method, data=body, content_type=TYPE)
    assert 400 <= answer.status_code < 500
    assert answer.json is not None
    assert answer.json["resourceType"] == "OperationOutcome"


@LIMITS
@given(st.dictionaries(elements, anything, max_size=3))
def test_a_resource_with_any_element(client: Client, changes: dict[str, Any]) -> None:
    body = dumped({**appointment(), **changes})
    assert client.post("/toy/fhir/Appointment", data=body, content_type=TYPE).status_code < 500


@LIMITS
@given(st.dictionaries(elements, anything, max_size=3), anything)
def test_unjudged_resources_and_bundles_of_anything(client: Client, content: dict[str, Any], entry: Any) -> None:
    basic = dumped({**content, "resourceType": "Basic"})
    assert client.post("/toy/fhir/Basic", data=basic, content_type=TYPE).status_code < 500
    bundle = dumped({"resourceType": "Bundle", "type": "transaction", "entry": [entry]})
    assert client.post("/toy/fhir", data=bundle, content_type=TYPE).status_code < 500


NAMES = [
    *SERVER.endpoints["Appointment"].params,
    "_count",
    "_sort",
    "_include",
    "_page",
    "_summary",
    "_lastUpdated",
    "_id",
]


@LIMITS
@given(st.sampled_from(NAMES), st.sampled_from(["", ":not", ":missing", ":exact", ".identifier"]), st.text(max_size=12))
def test_any_search(client: Client, name: str, suffix: str, value: str) -> None:
    text = quote(value.encode("utf-8", "surrogatepass"))
    assert client.get(f"/toy/fhir/Appointment?{name}{suffix}={text}").status_code < 500


@LIMITS
@given(
    st.sampled_from(["If-Match", "If-None-Match", "If-None-Exist", "Prefer", "Accept"]),
    st.text('abc"W/*;=,é&%1', max_size=12),
)
def test_any_header(client: Client, name: str, value: str) -> None:
    body = dumped(appointment())
    answer = client.post("/toy/fhir/Appointment", data=body, content_type=TYPE, headers={name: value})
    assert answer.status_code < 500
