"""Pairing by the pages, as a browser and a product see it."""

from typing import Any

import pytest

from tests.mocks.mes.product import Product, decoded


@pytest.fixture
def person(product: Product) -> dict[str, Any]:
    made: dict[str, Any] = product.admin("POST", "personnes")
    return made


def test_a_pairing_gives_the_tokens_of_what_was_granted(product: Product, person: dict[str, Any]) -> None:
    answer = product.exchange(product.code_for(person, "AGENDA_ECRITURE", idpe="esms-42"))
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["scope"]) == (200, "Bearer", "openid AGENDA_ECRITURE")
    assert body["access_token"].startswith("banc-at-")
    assert body["refresh_token"].startswith("banc-rt-")
    claims = decoded(body["id_token"])
    named = {name: claims[name] for name in ("iss", "aud", "oid", "idPe", "assignAuth", "nonce", "sub")}
    assert named == {
        "iss": "https://banc.test/mes",
        "aud": product.client_id,
        "oid": product.oid,
        "idPe": "esms-42",
        "assignAuth": "1.2.250.1.999.77",
        "nonce": "nonce-1",
        "sub": "esms-42",
    }
