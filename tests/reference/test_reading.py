"""What is read in MES, and how it is shown."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from reference.product import Refusal
from tests.reference.bench import Bench
from tests.reference.fake_mes import ASSIGN_AUTH, BASE, event, refused

JULY = ("2026-07-01", "2026-07-31")
GET = ("GET", "/Appointment")


@pytest.fixture
def marie(bench: Bench) -> str:
    usager = bench.declare()
    bench.pair(usager)
    return usager


def shown(bench: Bench, usager: str, vue: str = "portail") -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = bench.product.lire_agenda(usager, vue, *JULY)["evenements"]
    return events


def test_the_search_names_the_patient_and_two_encoded_bounds(bench: Bench, marie: str) -> None:
    bench.product.synchroniser_agenda(marie, "2026-07-01", "2026-10-31")
    (call,) = bench.mes.business()
    patient, first, after = call.query.split("&")
    assert patient.startswith(f"patient.identifier=urn:oid:{ASSIGN_AUTH}%7Cpe-")
    assert first == "date=ge2026-07-01T00:00:00%2B02:00"
    assert after == "date=lt2026-11-01T00:00:00%2B01:00"


def test_every_page_is_read_by_its_link_as_it_is_given(bench: Bench, marie: str) -> None:
    bench.mes.pages = [[event(f"e{n}", f"2026-07-0{n}T10:00:00Z")] for n in (1, 2, 3)]
    assert bench.product.synchroniser_agenda(marie, *JULY) == {"recus": 3}
    assert [c.query for c in bench.mes.business()[1:]] == ["page=1&jeton=opaque%7C1", "page=2&jeton=opaque%7C1"]
    assert [e["intitule"] for e in shown(bench, marie)] == [f"Événement e{n}" for n in (1, 2, 3)]


@pytest.mark.parametrize("url", [f"{BASE}/fhir/Appointment?page=9", "https://ailleurs.test/fhir/Appointment?page=2"])
def test_a_loop_or_a_link_to_another_server_ends_the_reading(bench: Bench, marie: str, url: str) -> None:
    bundle = {
        "resourceType": "Bundle",
        "link": [{"relation": "next", "url": url}],
        "entry": [event("e1", "2026-07-01T10:00:00Z")],
    }
    bench.mes.next(*GET, httpx.Response(200, json=bundle), httpx.Response(200, json=bundle))
    read = bench.product.synchroniser_agenda(marie, *JULY)
    assert "s'est arrêtée" in read["message"]
    assert len(bench.mes.business()) <= 2
    assert len(shown(bench, marie)) == 1


def test_both_views_show_the_same_events_with_their_origin(bench: Bench, marie: str) -> None:
    bench.book(marie)
    bench.mes.pages = [
        [
            event("a", "2026-07-02T08:00:00+02:00"),
            event("b", "2026-07-03T08:00:00Z", author="EDITOR_SOLUTION", source="urn:oid:1.2.250.1.888.2"),
        ]
    ]
    bench.product.synchroniser_agenda(marie, *JULY)
    assert shown(bench, marie, "portail") == shown(bench, marie, "dui")
    assert [(e["origine"], e["modifiable"]) for e in shown(bench, marie)] == [
        ("usager", False),
        ("autre", False),
        ("produit", True),
    ]
    assert "1.2.250.1.888.2" in shown(bench, marie)[1]["origine_libelle"]


@pytest.mark.parametrize(
    ("start", "displayed"),
    [
        ("2026-07-02T12:00:00Z", "02/07/2026 14:00"),
        ("2026-07-02T12:00:00+02:00", "02/07/2026 12:00"),
        ("2026-07-02T08:00:00-04:00", "02/07/2026 14:00"),
        ("2026-06-30T22:30:00Z", "01/07/2026 00:30"),
    ],
)
def test_an_instant_is_shown_at_the_local_time(bench: Bench, marie: str, start: str, displayed: str) -> None:
    bench.mes.pages = [[event("a", start)]]
    bench.product.synchroniser_agenda(marie, *JULY)
    assert [e["debut_affiche"] for e in shown(bench, marie)] == [displayed]


def test_what_is_not_known_does_not_hide_the_event(bench: Bench, marie: str) -> None:
    strange = {
        "status": "réinventé",
        "extension": [{"url": "https://ailleurs.test/x", "valueString": "?"}],
        "participant": [{"type": [{"coding": [{"code": "INCONNU"}]}], "status": "accepted"}],
        "identifier": None,
    }
    bench.mes.pages = [[event("a", "2026-07-02T12:00:00Z", **strange), event("b", "bientôt")]]
    assert bench.product.synchroniser_agenda(marie, *JULY)["recus"] == 2
    (seen,) = shown(bench, marie)
    assert (seen["statut"], seen["statut_affiche"]) == ("inconnu", "État inconnu (réinventé)")


def test_included_resources_are_not_events(bench: Bench, marie: str) -> None:
    included = event("z", "2026-07-05T10:00:00Z")
    included["search"] = {"mode": "include"}
    bench.mes.pages = [[event("a", "2026-07-02T12:00:00Z"), included]]
    assert bench.product.synchroniser_agenda(marie, *JULY) == {"recus": 1}
    assert len(shown(bench, marie)) == 1


def test_our_own_events_come_back_without_being_doubled_or_sent_again(bench: Bench, marie: str) -> None:
    made = bench.book(marie)
    ours = event(
        "a", "2026-07-10T14:30:00+02:00", identifier=[made["identifiant"]], source="urn:oid:1.2.250.1.999.10.1"
    )
    bench.mes.pages = [[ours, event("b", "2026-07-11T10:00:00Z")]]
    bench.product.synchroniser_agenda(marie, *JULY)
    assert [e["origine"] for e in shown(bench, marie)] == ["produit", "usager"]
    bench.product.reprendre_envois()
    assert [c.method for c in bench.mes.business()] == ["POST", "GET"]


def test_an_event_deleted_in_mes_disappears_at_the_next_reading(bench: Bench, marie: str) -> None:
    bench.mes.pages = [[event("a", "2026-07-02T12:00:00Z"), event("b", "2026-07-03T12:00:00Z")]]
    bench.product.synchroniser_agenda(marie, *JULY)
    bench.mes.pages = [[event("b", "2026-07-03T12:00:00Z")]]
    bench.product.synchroniser_agenda(marie, *JULY)
    assert [e["intitule"] for e in shown(bench, marie)] == ["Événement b"]


def test_an_outage_while_reading_keeps_what_was_known(bench: Bench, marie: str) -> None:
    bench.mes.pages = [[event("a", "2026-07-02T12:00:00Z")]]
    bench.product.synchroniser_agenda(marie, *JULY)
    bench.mes.next(*GET, refused(503))
    assert bench.product.synchroniser_agenda(marie, *JULY)["recus"] == 0
    assert len(shown(bench, marie)) == 1


def test_a_withdrawn_consent_hides_what_had_been_read(bench: Bench, marie: str) -> None:
    bench.mes.pages = [[event("a", "2026-07-02T12:00:00Z")]]
    bench.product.synchroniser_agenda(marie, *JULY)
    bench.mes.next(*GET, refused(403, "CONSENT_REQUIRED"))
    assert bench.product.synchroniser_agenda(marie, *JULY)["recus"] == 0
    assert shown(bench, marie) == []
    reads = len(bench.mes.business())
    bench.product.synchroniser_agenda(marie, *JULY)
    assert len(bench.mes.business()) == reads


def test_an_event_of_elsewhere_cannot_be_changed(bench: Bench, marie: str) -> None:
    bench.mes.pages = [[event("a", "2026-07-02T12:00:00Z")]]
    bench.product.synchroniser_agenda(marie, *JULY)
    with pytest.raises(Refusal, match="vient d'ailleurs"):
        bench.product.modifier_evenement_recu(marie, "2026-07-02T14:00:00+02:00", "Autre titre")
    with pytest.raises(Refusal, match="Aucun événement"):
        bench.product.modifier_evenement_recu(marie, "2026-07-02T13:00:00+02:00", "Autre titre")
    assert len(bench.mes.business()) == 1


def observation(value: float, unit: str = "kg") -> dict[str, Any]:
    resource = {
        "resourceType": "Observation",
        "effectiveDateTime": "2026-07-10T08:15:00+02:00",
        "meta": {"source": "urn:oid:1.2.250.1.888.2"},
        "valueQuantity": {"value": value, "unit": unit},
    }
    return {"resource": resource}


def test_all_measures_have_two_bounds_and_pages(bench: Bench, marie: str) -> None:
    bench.mes.pages = [[observation(62.4)], [observation(62.9)]]
    read = bench.product.lire_mesures(marie, "29463-7", "toutes", du="2026-07-01", au="2026-07-31")
    assert [(m["valeur"], m["unite"], m["auteur"]) for m in read["mesures"]] == [
        (62.4, "kg", "Mon espace santé, autre service (urn:oid:1.2.250.1.888.2)"),
        (62.9, "kg", "Mon espace santé, autre service (urn:oid:1.2.250.1.888.2)"),
    ]
    first, second = bench.mes.business()
    assert first.query.startswith(f"subject.identifier=urn:oid:{ASSIGN_AUTH}%7Cpe-")
    assert first.query.endswith("&code=29463-7&date=ge2026-07-01&date=le2026-07-31&_offset=0&_count=50")
    assert second.query == "page=1&jeton=opaque%7C1"


def test_the_last_measure_is_sorted_and_alone(bench: Bench, marie: str) -> None:
    bench.mes.pages = [[observation(62.4)], [observation(62.9)]]
    assert len(bench.product.lire_mesures(marie, "8867-4", "derniere")["mesures"]) == 1
    (call,) = bench.mes.business()
    assert call.query.endswith("&code=8867-4&_sort=-date&_count=1")
    with pytest.raises(Refusal):
        bench.product.lire_mesures(marie, "8867-4", "toutes", du="2026-07-01")


def test_measures_without_consent_are_not_asked_for(bench: Bench) -> None:
    marie = bench.declare()
    bench.pair(marie, "openid AGENDA_LECTURE")
    read = bench.product.lire_mesures(marie, "29463-7", "derniere")
    assert read["mesures"] == []
    assert "MESURES_LECTURE" in read["message"]
    assert bench.mes.business() == []
