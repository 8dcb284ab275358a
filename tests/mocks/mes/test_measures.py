"""The measures API, read side: two modes, and everything else refused (fact sheet §5.6, §13)."""

from typing import Any

import pytest

from tests.mocks.mes.product import ASSIGN_AUTH, Product, Tokens

WEIGHT, HEIGHT, BMI = "29463-7", "8302-2", "39156-5"
YEAR = [("date", "ge2024-01-01"), ("date", "lt2025-01-01")]


def note(product: Product, person: dict[str, Any], code: str, value: Any, instant: str, **more: Any) -> dict[str, Any]:
    body = {"code": code, "valeur": value, "instant": instant, **more}
    made: dict[str, Any] = product.admin("POST", f"mes/usagers/{person['id']}/mesures", **body)
    return made


def read(product: Product, tokens: Tokens, code: str, *more: tuple[str, str]) -> dict[str, Any]:
    params = [("subject.identifier", tokens.subject), ("code", code), *(more or YEAR)]
    answer = product.fhir("GET", "Observation", tokens, params=params)
    assert answer.status_code == 200, answer.text
    bundle: dict[str, Any] = answer.json()
    return bundle


def values(bundle: dict[str, Any]) -> list[float]:
    return [
        entry["resource"]["valueQuantity"]["value"]
        for entry in bundle.get("entry", [])
        if entry["search"]["mode"] == "match"
    ]


def test_all_measures_of_all_sources_between_two_bounds(
    product: Product, person: dict[str, Any], tokens: Tokens
) -> None:
    note(product, person, WEIGHT, 62.4, "2024-07-10T08:15:00+02:00")
    note(product, person, WEIGHT, 63, "2024-08-10T08:15:00+02:00", source="1.2.250.1.999.55")
    note(product, person, WEIGHT, 70, "2025-01-01T00:30:00+01:00")
    bundle = read(product, tokens, WEIGHT)
    assert values(bundle) == [62.4, 63]
    resources = [entry["resource"] for entry in bundle["entry"]]
    assert [r["meta"]["source"] for r in resources] == ["urn:banc:usager", "urn:oid:1.2.250.1.999.55"]
    assert [r["subject"]["identifier"] for r in resources] == [
        {"system": f"urn:oid:{ASSIGN_AUTH}", "value": tokens.idpe}
    ] * 2
    quantity = {"value": 62.4, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}
    assert resources[0]["valueQuantity"] == quantity


def test_the_last_measure(product: Product, person: dict[str, Any], tokens: Tokens) -> None:
    for day, value in ((1, 60), (9, 64), (5, 62)):
        note(product, person, WEIGHT, value, f"2024-07-0{day}T08:00:00+02:00")
    assert values(read(product, tokens, WEIGHT, ("_sort", "-date"), ("_count", "1"))) == [64]


def test_a_blood_pressure_has_components_and_no_value(product: Product, person: dict[str, Any], tokens: Tokens) -> None:
    note(product, person, "85354-9", {"systolique": 128, "diastolique": 79}, "2024-07-10T08:15:00+02:00")
    [entry] = read(product, tokens, "85354-9")["entry"]
    parts = {c["code"]["coding"][0]["code"]: c["valueQuantity"]["value"] for c in entry["resource"]["component"]}
    assert (parts, "valueQuantity" in entry["resource"]) == ({"8480-6": 128, "8462-4": 79}, False)


@pytest.mark.parametrize(
    "params",
    [
        [("code", WEIGHT)],
        [("code", WEIGHT), ("date", "ge2024-03-01")],
        [("code", WEIGHT), ("date", "le2024-03-01")],
        [("code", WEIGHT), ("date", "2024-03-01")],
        [("code", WEIGHT), ("date", "ge2024-03-01"), ("date", "gt2024-03-01")],
        [("code", WEIGHT), *YEAR, ("date", "le2024-02-01")],
        [("code", WEIGHT), *YEAR, ("_count", "101")],
        [("code", WEIGHT), *YEAR, ("_count", "0")],
        [("code", WEIGHT), *YEAR, ("_count", "dix")],
        [("code", WEIGHT), *YEAR, ("_offset", "-1")],
        [("code", WEIGHT), *YEAR, ("_offset", "é")],
        [("code", WEIGHT), *YEAR, ("_sort", "-date"), ("_count", "1")],
        [("code", WEIGHT), ("_sort", "-date")],
        [("code", WEIGHT), ("_sort", "date"), ("_count", "1")],
        [("code", WEIGHT), ("_sort", "-date"), ("_count", "2")],
        [("code", WEIGHT), ("_sort", "-date"), ("_count", "1"), ("_offset", "0")],
        [("code", "1234-5"), *YEAR],
        [("code", f"{WEIGHT},{HEIGHT}"), *YEAR],
        [("code", WEIGHT), ("code", HEIGHT), *YEAR],
        [*YEAR],
    ],
)
def test_a_search_in_no_mode_is_refused(product: Product, tokens: Tokens, params: list[tuple[str, str]]) -> None:
    answer = product.fhir("GET", "Observation", tokens, params=[("subject.identifier", tokens.subject), *params])
    assert (answer.status_code, answer.json()["resourceType"]) == (400, "OperationOutcome")


@pytest.mark.parametrize("subject", ["", "subject.identifier={idpe}&", "patient={idpe}&", "subject.identifier=&"])
def test_the_subject_is_named_by_authority_and_idpe(product: Product, tokens: Tokens, subject: str) -> None:
    query = f"{subject.format(idpe=tokens.idpe)}code={WEIGHT}&date=ge2024-01-01&date=lt2025-01-01"
    assert product.fhir("GET", f"Observation?{query}", tokens).status_code == 400


def test_the_retired_parameter_is_refused_beside_the_new_one(product: Product, tokens: Tokens) -> None:
    params = [("subject.identifier", tokens.subject), ("patient", tokens.idpe), ("code", WEIGHT), *YEAR]
    assert product.fhir("GET", "Observation", tokens, params=params).status_code == 400


def test_measures_are_not_fed_here(product: Product, tokens: Tokens) -> None:
    for method, path in (("POST", "Observation"), ("PUT", "Observation/x"), ("DELETE", "Observation/x")):
        assert product.fhir(method, path, tokens, json={"resourceType": "Observation"}).status_code == 405


@pytest.mark.check("MES-78")
def test_bmi_follows_from_weight_and_height_and_is_never_typed(
    product: Product, person: dict[str, Any], tokens: Tokens
) -> None:
    note(product, person, WEIGHT, 70, "2024-03-01T08:00:00+01:00")
    assert values(read(product, tokens, BMI)) == []
    note(product, person, HEIGHT, 170, "2024-02-01T08:00:00+01:00")
    assert values(read(product, tokens, BMI)) == [24.2]
    note(product, person, HEIGHT, 175, "2024-06-01T08:00:00+02:00")
    note(product, person, WEIGHT, 70, "2024-06-02T08:00:00+02:00")
    assert values(read(product, tokens, BMI)) == [24.2, 22.9]
    refused = product.admin.client.post(
        f"mes/usagers/{person['id']}/mesures", json={"code": BMI, "valeur": 24, "instant": "2024-06-02T08:00:00Z"}
    )
    assert refused.status_code == 400


@pytest.mark.check("MES-79")
@pytest.mark.parametrize("include", ["Observation:device", "Observation.device"])
def test_devices_come_once_and_do_not_count(
    product: Product, person: dict[str, Any], tokens: Tokens, include: str
) -> None:
    device = {"systeme": "urn:oid:1.2.250.1.999.10.1.3", "valeur": "AA-10-BB-20"}
    for day in range(1, 6):
        note(product, person, WEIGHT, 60 + day, f"2024-07-0{day}T08:00:00+02:00", appareil=device)
    seen: list[float] = []
    for number, relations in ((0, {"self", "next"}), (1, {"self", "next", "previous"}), (2, {"self", "previous"})):
        more = [*YEAR, ("_include", include), ("_count", "2"), ("_offset", str(number))]
        bundle = read(product, tokens, WEIGHT, *more)
        devices = [e["resource"]["id"] for e in bundle["entry"] if e["search"]["mode"] == "include"]
        assert (bundle["total"], len(devices)) == (5, 1)
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        assert set(links) == relations
        if "next" in links:
            assert f"_offset={number + 1}" in links["next"]
            following = product.http.get(links["next"], headers=tokens.headers())
            assert following.status_code == 200, following.text
        seen += values(bundle)
    assert seen == [61, 62, 63, 64, 65]


def test_reading_measures_asks_its_own_consent(product: Product, person: dict[str, Any]) -> None:
    tokens = product.pair(person, "AGENDA_LECTURE")
    params = [("subject.identifier", tokens.subject), ("code", WEIGHT), *YEAR]
    assert product.fhir("GET", "Observation", tokens, params=params).status_code == 403
    assert product.admin.last()["context"]["refusal"] == "CONSENT_REQUIRED"
