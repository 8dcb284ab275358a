"""The admin API against its own OpenAPI document, with data drawn from it and around it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.test import Client

from mocks.admin.operations import OPERATIONS, TENANT
from mocks.gap import GAP
from mocks.gap.admin import OPERATIONS as OF_GAP
from mocks.insi import INSI
from mocks.insi.admin import OPERATIONS as OF_INSI
from mocks.mes import MES
from mocks.mes.admin import OPERATIONS as OF_MES
from mocks.mssante import MSSANTE
from mocks.mssante.admin import OPERATIONS as OF_MSSANTE
from mocks.rdv import RDV
from mocks.rdv.admin import OPERATIONS as OF_RDV
from mocks.sandbox import Sandbox
from mocks.sas import SAS
from mocks.sas.admin import OPERATIONS as OF_SAS

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# A long poll waits as it is told; constats answers 501 without a judge, as its document says.
LEFT_OUT = {"echanges", "constats"}
OF_SERVICES = {"mes": OF_MES, "insi": OF_INSI, "gap": OF_GAP, "rdv": OF_RDV, "sas": OF_SAS, "mssante": OF_MSSANTE}
ALL = (
    *OPERATIONS,
    *(
        replace(operation, path=f"{TENANT}/{service}{operation.path}", name=f"{service}.{operation.name}")
        for service, operations in OF_SERVICES.items()
        for operation in operations
    ),
)
OPEN = {operation.name: operation for operation in ALL if operation.name not in LEFT_OUT}
CASES = [(name, GenerationMode.POSITIVE) for name in OPEN] + [
    (name, GenerationMode.NEGATIVE) for name, operation in OPEN.items() if operation.body is not None
]
OID = "1.2.250.1.999.31"
APPOINTMENT = {
    "resourceType": "Appointment",
    "status": "proposed",
    "participant": [{"actor": {"display": "Essai"}, "status": "accepted"}],
}
REQUEST = {
    **APPOINTMENT,
    "identifier": [{"system": "urn:oid:1.2.250.1.999.7", "value": "1"}],
    "reasonCode": [{"text": "Essai"}],
    "start": "2026-03-02T09:00:00+01:00",
    "end": "2026-03-02T09:30:00+01:00",
    "participant": [
        {
            "actor": {"identifier": {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "899990000000"}},
            "status": "needs-action",
        }
    ],
}
EVENT = {"debut": "2026-03-02T09:00:00+01:00", "libelle": "Radio"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(services=[MES, INSI, GAP, RDV, SAS, MSSANTE])
    yield made
    made.close()


@pytest.fixture(scope="module")
def known(sandbox: Sandbox) -> dict[str, str]:
    """Values of the names in paths for which there is something to act on."""
    client = Client(on_loopback(sandbox))

    def post(path: str, **body: Any) -> Any:
        return client.post(f"/_banc/tenants/defaut/{path}", json=body).json

    person = post("personnes")["id"]
    post("mes/services", oid=OID, nom="Essai")
    post(f"mes/usagers/{person}/appariements", finalites=["AGENDA_ECRITURE"])
    event = post(f"mes/usagers/{person}/evenements", **EVENT)["id"]
    hours = {"debut": EVENT["debut"], "fin": "2026-03-02T12:00:00+01:00"}
    agenda = post("gap/agendas", disponibilites=[hours])["schedule"]
    token = post("gap/clients", client_id="essai")["jeton"]
    made = client.post("/gap/fhir/Appointment", json=APPOINTMENT, headers={"Authorization": f"Bearer {token}"}).json
    asked = post("rdv/logiciels", client_id="essai")["jeton"]
    request = client.post("/rdv/fhir/Appointment", json=REQUEST, headers={"Authorization": f"Bearer {asked}"}).json
    regulator = post("sas/regulateurs")["id"]
    boxes = [f"{name}@ems.test.mssante.fr" for name in ("a", "b")]
    for box in boxes:
        post("mssante/boites", adresse=box, type="APP")
    letter = post("mssante/messages", de=boxes[0], a=boxes[1:], contenu_base64="U3ViamVjdDogYQ0KDQpiDQo=")["id"]
    written = {"adresse": boxes[1], "numero": str(letter)}
    acted_on = {**written, "agenda": agenda, "rdv": made["id"], "demande": request["id"], "regulateur": regulator}
    return {"tenant": "defaut", "personne": person, "oid": OID, "id_": event, **acted_on}


def on_loopback(sandbox: Sandbox) -> WSGIApplication:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return sandbox.wsgi({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)

    return application


@pytest.mark.parametrize(("name", "mode"), CASES)
def test_every_answer_is_a_documented_one(
    sandbox: Sandbox, known: dict[str, str], name: str, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_wsgi("/_banc/openapi.json", on_loopback(sandbox))
    operation = schema[f"/_banc{OPEN[name].path}"][OPEN[name].method]

    @given(data=st.data())
    @settings(
        max_examples=20, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    def run(data: st.DataObject) -> None:
        case: Case = data.draw(operation.as_strategy(generation_mode=mode))
        for part in case.path_parameters:
            if part in known and data.draw(st.integers(0, 3)):
                case.path_parameters[part] = known[part]
        case.call_and_validate(checks=CHECKS)

    run()
