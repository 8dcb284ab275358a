"""Appointments between professionals, in the product alone: what is published, received, shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from reference.coordination.availability import without
from reference.coordination.records import Meeting
from reference.product import Product
from reference.refusal import Refusal

MES = {"base_url": "https://mes.test", "client_id": "c", "client_secret": "s", "oid": "1.2", "redirect_uri": "/r"}
RDV = {"base_url": "https://rdv.test/fhir", "jeton": "notre-jeton", "jeton_agenda": "jeton-du-bloc"}
OURS, THEIRS = "899990000001", "899990000002"
ADDRESS = "/agenda/fhir/Appointment?identifier=urn:oid:1.2.250.1.999.40.1%7Creunion-1"
HEADERS = {"Authorization": "Bearer jeton-du-bloc", "Content-Type": "application/fhir+json"}


@pytest.fixture
def product() -> Iterator[Product]:
    made = Product()
    made.configurer(MES, rdv=RDV)
    made.declarer_professionnel("DUSOIN", "Claude", identifiant_national=OURS)
    yield made
    made.close()


@pytest.fixture
def web(product: Product) -> FlaskClient:
    return product.application.test_client()


def guest(number: str, status: str = "accepted") -> dict[str, Any]:
    identifier = {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": number}
    return {"actor": {"type": "Practitioner", "identifier": identifier, "display": number}, "status": status}


def final(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "identifier": [{"system": "urn:oid:1.2.250.1.999.40.1", "value": "reunion-1"}],
        "status": "booked",
        "description": "Synthèse",
        "start": "2026-03-16T09:00:00+01:00",
        "end": "2026-03-16T09:30:00+01:00",
        "participant": [guest(OURS), guest(THEIRS)],
        **changes,
    }


def meetings(product: Product) -> list[Meeting]:
    return product.store.all(Meeting)


def test_what_the_block_writes_is_kept_once(product: Product, web: FlaskClient) -> None:
    assert [web.put(ADDRESS, json=final(), headers=HEADERS).status_code for _ in range(2)] == [200, 200]
    (kept,) = meetings(product)
    assert (kept.booked, kept.value) == (True, "reunion-1")


def test_a_cancelled_meeting_leaves_the_agenda(product: Product, web: FlaskClient) -> None:
    web.put(ADDRESS, json=final(), headers=HEADERS)
    web.put(ADDRESS, json=final(status="cancelled"), headers=HEADERS)
    assert [one.booked for one in meetings(product)] == [False]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"headers": {**HEADERS, "Authorization": "Bearer faux"}}, 401),
        ({"headers": {"Content-Type": "application/fhir+json"}}, 401),
        ({"headers": {**HEADERS, "Content-Type": "text/plain"}}, 415),
        ({"json": final(identifier=[{"system": "urn:x", "value": "autre"}])}, 400),
        ({"json": final(start=None)}, 422),
        ({"json": final(participant=[guest(THEIRS)])}, 422),
        ({"json": {"resourceType": "Patient"}}, 400),
    ],
)
def test_what_cannot_be_taken_is_refused(
    product: Product, web: FlaskClient, change: dict[str, Any], status: int
) -> None:
    answer = web.put(ADDRESS, **{"json": final(), "headers": HEADERS, **change})
    assert (answer.status_code, answer.json["resourceType"]) == (status, "OperationOutcome")  # type: ignore[index]
    assert [one for one in meetings(product) if one.booked] == []


def test_what_changes_is_told_once_to_those_of_ours(product: Product, web: FlaskClient) -> None:
    account = product.professionals.by_national_id(OURS)
    assert account is not None
    web.put(ADDRESS, json=final(participant=[guest(OURS), guest(THEIRS, "needs-action")]), headers=HEADERS)
    web.put(ADDRESS, json=final(start="2026-03-16T10:00:00+01:00", end="2026-03-16T10:30:00+01:00"), headers=HEADERS)
    told = [one["texte"] for one in product.coordination.notices.take(account.id)]
    assert told == [
        "« Synthèse » : un autre horaire est proposé, le 16/03/2026 10:00.",
        f"« Synthèse » : {THEIRS} accepte.",
    ]
    assert product.coordination.notices.take(account.id) == []


def test_a_request_says_why_and_when(product: Product) -> None:
    account = product.professionals.by_national_id(OURS)
    assert account is not None
    guests = [{"identifiant_national": THEIRS, "nom": "A", "prenom": "B"}]
    with pytest.raises(Refusal) as no_reason:
        product.demander_rendez_vous_pro(account.id, guests, "Synthèse", debut="2026-03-16T09:00")
    with pytest.raises(Refusal) as no_time:
        product.demander_rendez_vous_pro(account.id, guests, "Synthèse", "Projet")
    assert (no_reason.value.code, no_time.value.code) == ("motif_absent", "horaire_absent")


def test_without_the_block_nothing_is_asked() -> None:
    made = Product()
    account = made.declarer_professionnel("DUSOIN", "Claude", identifiant_national=OURS)["professionnel"]
    with pytest.raises(Refusal, match="bloc"):
        made.lire_rendez_vous_pro(account)
    made.close()


def test_what_remains_of_an_opening() -> None:
    nine = datetime(2026, 3, 16, 9, tzinfo=UTC)

    def at(minutes: int) -> datetime:
        return nine + timedelta(minutes=minutes)

    opening = (at(0), at(120))
    assert without([opening], [(at(30), at(60))]) == [(at(0), at(30)), (at(60), at(120))]
    assert without([opening], [(at(-30), at(10)), (at(110), at(200))]) == [(at(10), at(110))]
    assert without([opening], [(at(-30), at(0)), (at(120), at(150))]) == [opening]
    assert without([opening], [opening]) == []
