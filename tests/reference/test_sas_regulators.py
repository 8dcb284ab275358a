"""Accounts of regulators in the product (INT_R02): what the platform may do, and what is refused, by name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest

from reference.product import Product, Refusal
from reference.sas.regulators import NATIONAL, PLATFORM, TYPE_SYSTEM
from tests.profiles import official

MES = {"base_url": "https://mes.test", "client_id": "c", "client_secret": "s", "oid": "1.2.3", "redirect_uri": "/r"}
SAS = {"variantes": ["ps"], "oid": "1.2.250.1.999.1"}
UUID, OTHER = "0b8c2f2d-3a54-4a0e-9a6e-7f0c1d529e11", "7f0c1d52-3a54-4a0e-9a6e-0b8c2f2d9e11"
SLASHED = "3990000010/REG00001"
JSON = "application/fhir+json"
GUIDE = "ans.fhir.fr.sas-1.2.0"


@pytest.fixture
def product() -> Iterator[Product]:
    made = Product()
    made.configurer(mes=MES, sas=SAS)
    yield made
    made.close()


def numbered(code: str, system: str, value: Any) -> dict[str, Any]:
    return {"type": {"coding": [{"system": TYPE_SYSTEM, "code": code}]}, "system": system, "value": value}


TECHNICAL, NATIONAL_ID = numbered("INTRN", PLATFORM, UUID), numbered("IDNPS", NATIONAL, SLASHED)


def account(**elements: Any) -> dict[str, Any]:
    """A right account; an element given as None is left out."""
    right = {
        "resourceType": "Practitioner",
        "meta": {"source": PLATFORM},
        "identifier": [TECHNICAL],
        "active": True,
        "name": [{"family": "Martin-Fictif", "given": ["Zoé"]}],
        "telecom": [{"system": "email", "value": "zoe@regulation.test"}],
    }
    return {name: value for name, value in {**right, **elements}.items() if value is not None}


def call(product: Product, method: str, path: str = "", body: Any = None, media_type: str = JSON) -> Any:
    data = body if isinstance(body, str) else json.dumps(body)
    client = product.application.test_client()
    return client.open(f"/sas/fhir/Practitioner{path}", method=method, data=data, content_type=media_type)


def put(product: Product, system: str = PLATFORM, value: str = UUID, **elements: Any) -> Any:
    return call(product, "PUT", f"?identifier={quote(f'{system}|{value}', safe='')}", account(**elements))


def known(product: Product) -> list[tuple[list[str], bool]]:
    """Identifiers and right of each account."""
    found = product.lire_comptes_regulateurs()["comptes"]
    return [([key["value"] for key in one["identifiants"]], one["actif"]) for one in found]


def test_an_account_is_created_then_changed(product: Product) -> None:
    made = call(product, "POST", "", account())
    assert (made.status_code, made.get_json()["identifier"]) == (201, [TECHNICAL])
    changed = put(product, name=[{"family": "Renommée", "given": ["Zoé", "Ada"]}])
    assert (changed.status_code, changed.headers["Location"]) == (200, made.headers["Location"])
    (one,) = product.lire_comptes_regulateurs()["comptes"]
    assert (one["nom"], one["prenom"], one["courriel"]) == ("Renommée", "Zoé Ada", "zoe@regulation.test")


def test_an_update_of_an_unknown_account_creates_it_and_again_changes_nothing(product: Product) -> None:
    assert [put(product).status_code for _ in range(3)] == [201, 200, 200]
    assert known(product) == [([UUID], True)]


def test_the_right_is_taken_and_given_back_in_the_same_account(product: Product) -> None:
    call(product, "POST", "", account())
    put(product, active=False)
    assert known(product) == [([UUID], False)]
    with pytest.raises(Refusal, match="retiré"):
        product.regulators.allowed(PLATFORM, UUID, from_sas=True)
    put(product)
    assert product.regulators.allowed(PLATFORM, UUID, from_sas=True).actif


def test_the_right_serves_from_the_sas_only(product: Product) -> None:
    call(product, "POST", "", account())
    with pytest.raises(Refusal, match="en arrivant"):
        product.regulators.allowed(PLATFORM, UUID, from_sas=False)
    with pytest.raises(Refusal, match="Aucun compte"):
        product.regulators.allowed(NATIONAL, UUID, from_sas=True)


def test_a_national_identifier_with_a_slash_replaces_the_technical_one(product: Product) -> None:
    call(product, "POST", "", account())
    assert put(product, identifier=[NATIONAL_ID]).status_code == 200
    assert known(product) == [([SLASHED], True)]
    assert put(product, NATIONAL, SLASHED, identifier=[NATIONAL_ID]).status_code == 200
    assert put(product).status_code == 201


@pytest.mark.parametrize(("active", "status"), [(True, 422), (False, 200)])
def test_an_identifier_passes_from_an_account_without_right_only(product: Product, active: bool, status: int) -> None:
    call(product, "POST", "", account(identifier=[NATIONAL_ID]))
    call(product, "POST", "", account())
    put(product, NATIONAL, SLASHED, identifier=[NATIONAL_ID], active=active)
    assert put(product, identifier=[NATIONAL_ID]).status_code == status
    bearers = [right for values, right in known(product) if SLASHED in values]
    assert bearers == [True]


def test_the_same_account_at_once_is_opened_once(product: Product) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: call(product, "POST", "", account()).status_code, range(32)))
    assert sorted(answers) == [201] + [409] * 31
    assert len(known(product)) == 1


def test_updates_of_an_unknown_account_at_once_open_it_once(product: Product) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: put(product).status_code, range(32)))
    assert sorted(answers) == [200] * 31 + [201]
    assert len(known(product)) == 1


WRONG: list[tuple[Any, int]] = [
    ("", 400),
    ("{", 400),
    ("\x00", 400),
    ("[" * 5000, 400),
    ([], 400),
    ({}, 400),
    ({"resourceType": "Patient"}, 400),
    (account(identifier=None), 422),
    (account(identifier="x"), 422),
    (account(identifier=[]), 422),
    (account(identifier=[1]), 422),
    (account(identifier=[{"system": PLATFORM}]), 422),
    (account(identifier=[numbered("INTRN", PLATFORM, "  ")]), 422),
    (account(identifier=[numbered("INTRN", PLATFORM, {"x": 1})]), 422),
    (account(identifier=[numbered("INTRN", PLATFORM, "a\x00b")]), 422),
    (account(identifier=[numbered("IDNPS", PLATFORM, UUID)]), 422),
    (account(identifier=[numbered("INTRN", "urn:oid:1.2.3", UUID)]), 422),
    (account(identifier=[{**TECHNICAL, "type": "INTRN"}]), 422),
    (account(active=None), 422),
    (account(active="true"), 422),
    (account(name=None), 422),
    (account(name="Martin"), 422),
    (account(name=[{"family": "Martin"}]), 422),
    (account(name=[{"family": "   ", "given": ["Zoé"]}]), 422),
    (account(name=[{"family": 3, "given": 5}]), 422),
    (account(name=[{"family": "Martin", "given": "Zoé"}]), 422),
    (account(telecom=None), 422),
    (account(telecom=[{"system": "phone", "value": "+33199000042"}]), 422),
    (account(telecom=[{"system": "email", "value": "zoe"}]), 422),
    (account(telecom=[{"system": "email", "value": ["zoe@regulation.test"]}]), 422),
]


@pytest.mark.parametrize(("body", "status"), WRONG)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_is_no_account_is_refused_by_name(product: Product, method: str, body: Any, status: int) -> None:
    query = f"?identifier={quote(f'{PLATFORM}|{UUID}')}" if method == "PUT" else ""
    answer = call(product, method, query, body)
    assert (answer.status_code, answer.get_json()["resourceType"]) == (status, "OperationOutcome")
    assert answer.get_json()["issue"][0]["diagnostics"]
    assert known(product) == []


def test_odd_metadata_is_no_reason_to_break(product: Product) -> None:
    assert call(product, "POST", "", account(meta="x")).status_code == 201


@pytest.mark.parametrize(
    "query", ["", "?identifier=", "?identifier=x", f"?identifier={PLATFORM}%7C", "?identifier=%7Cx"]
)
def test_an_update_says_whom_it_is_about(product: Product, query: str) -> None:
    assert call(product, "PUT", query, account()).status_code == 400
    assert known(product) == []


@pytest.mark.parametrize(
    ("method", "body", "media_type", "status"),
    [
        ("POST", account(), "text/plain", 415),
        ("POST", json.dumps(account(note="x" * 1_000_001)), JSON, 413),
    ],
)
def test_what_the_flow_does_not_have_is_refused(
    product: Product, method: str, body: Any, media_type: str, status: int
) -> None:
    answer = call(product, method, "", body, media_type)
    assert (answer.status_code, answer.get_json()["resourceType"]) == (status, "OperationOutcome")


@pytest.mark.parametrize("method", ["DELETE", "GET", "PATCH"])
def test_an_account_is_neither_deleted_nor_read_there(product: Product, method: str) -> None:
    call(product, "POST", "", account())
    assert call(product, method).status_code in (404, 405)
    assert known(product) == [([UUID], True)]


def test_the_old_spelling_of_the_media_type_is_read(product: Product) -> None:
    assert call(product, "POST", "", account(), "application/json+fhir").status_code == 201


@pytest.mark.skipif(GUIDE not in official.packages(), reason=official.ABSENT)
@pytest.mark.parametrize(("name", "right"), [("1", True), ("3", False)])
def test_the_accounts_of_the_guide_are_opened(product: Product, name: str, right: bool) -> None:
    example = official.examples(GUIDE)[f"Practitioner-ExamplePractitionerRegul{name}.json"]
    assert call(product, "POST", "", example).status_code == 201
    assert [active for _, active in known(product)] == [right]
