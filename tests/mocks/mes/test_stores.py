"""The same journeys on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from mocks.mes import MES
from mocks.sandbox import Sandbox
from tests.mocks.mes.direct import Direct
from tests.mocks.mes.product import Product, appointment
from tests.mocks.mes.test_concurrency import THREADS, all_at_once


@pytest.fixture
def stored(store_url: str) -> Iterator[Sandbox]:
    made = Sandbox(store_url, services=[MES])
    with made.embedded():
        yield made
    made.close()


def test_a_journey(stored: Sandbox) -> None:
    product = Product.registered()
    person = product.admin("POST", "personnes")
    child = product.admin("POST", "personnes", age=8, enfant_de=person["id"])
    tokens = product.pair(person)
    assert product.put_appointment(tokens).status_code == 201
    assert product.put_appointment(tokens, status="cancelled").status_code == 200
    for_child = product.pair(person, "AGENDA_LECTURE", profile=child["id"])
    assert product.fhir("GET", f"Appointment?patient.identifier={for_child.subject}", for_child).json()["total"] == 0
    assert product.refresh(tokens.refresh).status_code == 200
    assert product.refresh(tokens.refresh).json()["error"] == "invalid_grant"
    [event] = product.admin("GET", f"mes/usagers/{person['id']}/agenda")["evenements"]
    assert (event["statut"], event["version"]) == ("cancelled", 2)
    product.admin.act(person["id"], "desappariement")
    product.admin("POST", "remise-en-scene")
    assert product.http.delete(f"https://banc.test/_banc/tenants/{product.admin.tenant}").status_code == 204


@pytest.mark.parametrize("text", ["\x00", "é\x00" * 90])
def test_texts_that_a_database_does_not_take(stored: Sandbox, text: str) -> None:
    product = Product.registered()
    person = product.admin("POST", "personnes")
    product.admin.set(pkce="ignore")
    tokens = product.exchange(product.code_for(person, nonce=text, state=text, code_challenge=text, scope=text))
    assert tokens.status_code == 200
    assert product.exchange(text).status_code == 400
    assert Direct(stored, product).call("GET", "/oauth2/authorize", query_string={"client_id": text}).status_code == 400


def test_writers_at_once(stored: Sandbox) -> None:
    product = Product.registered()
    tokens = product.pair(product.admin("POST", "personnes"))
    direct = Direct(stored, product)
    headers = tokens.headers()
    made = all_at_once(lambda: direct.post("/fhir/Appointment", json=appointment(tokens), headers=headers, auth=None))
    assert sorted(answer.status_code for answer in made) == [200] * (THREADS - 1) + [201]
    form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
    renewed = all_at_once(lambda: direct.post("/oauth2/token", data=form))
    assert sorted(answer.status_code for answer in renewed) == [200] + [400] * (THREADS - 1)
