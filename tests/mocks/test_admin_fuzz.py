"""The admin API against its own OpenAPI document, with data drawn from it and around it."""

from collections.abc import Iterable, Iterator
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mocks.admin.operations import OPERATIONS
from mocks.sandbox import Sandbox
from tests.mocks.toy import TOY

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# A long poll waits as it is told; constats answers 501 without a judge, as its document says.
LEFT_OUT = {"echanges", "constats"}
OPEN = [operation for operation in OPERATIONS if operation.name not in LEFT_OUT]
CASES = [(operation.name, GenerationMode.POSITIVE) for operation in OPEN] + [
    (operation.name, GenerationMode.NEGATIVE) for operation in OPEN if operation.body is not None
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(services=[TOY])
    yield made
    made.close()


def on_loopback(sandbox: Sandbox) -> WSGIApplication:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return sandbox.wsgi({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)

    return application


@pytest.mark.parametrize(("name", "mode"), CASES)
def test_every_answer_is_a_documented_one(sandbox: Sandbox, name: str, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_wsgi("/_banc/openapi.json", on_loopback(sandbox))
    row = next(o for o in OPERATIONS if o.name == name)
    operation = schema[f"/_banc{row.path}"][row.method]

    @given(data=st.data())
    @settings(
        max_examples=20, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    def run(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        if "tenant" in case.path_parameters and data.draw(st.booleans()):
            case.path_parameters["tenant"] = "defaut"
        case.call_and_validate(checks=CHECKS)

    run()
