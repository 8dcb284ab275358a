"""What the product answers to the SAS platform: searches, what is shown, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from profiles import validate
from reference.product import Product, Refusal

NOW = datetime(2027, 3, 26, 12, tzinfo=UTC)
MES = {"base_url": "https://mes.test", "client_id": "c", "client_secret": "s", "oid": "1.2.3", "redirect_uri": "/r"}
SAS = {"variantes": ["ps", "cpts", "sos"], "oid": "1.2.250.1.999.1"}
NUMBER, ADELI = "99990000053", "990000017"
RPPS, STRUCTURE = "urn:oid:1.2.250.1.71.4.2.1|", "urn:oid:1.2.250.1.71.4.2.2|"
PLACE = {"nom": "Cabinet", "voie": "1 rue des Essais", "code_postal": "00100", "commune": "Essai-Ville"}
HOUSE = {"type": "finess", "numero": "009000017"}
OPEN = {"lieu": 0, "debut": "2027-03-29T09:00", "duree_minutes": 20, "publics": ["PUBLIC"], "consultations": ["AMB"]}
DOCTOR = {"nom": "Martin-Fictif", "prenom": "Zoé", "identifiant": NUMBER, "specialites": ["SM54"]}


@pytest.fixture
def product() -> Iterator[Product]:
    made = Product(now=lambda: NOW)
    made.configurer(mes=MES, sas=SAS)
    yield made
    made.close()


def opened(product: Product, *slots: dict[str, Any], **more: Any) -> list[str]:
    told = {"praticien": DOCTOR, "lieux": [{**PLACE, "structure": HOUSE}], **more}
    found: list[str] = product.ouvrir_creneaux_sas(creneaux=[{**OPEN, **slot} for slot in slots], **told)["creneaux"]
    return found


def get(product: Product, path: str) -> Any:
    return product.application.test_client().get("/sas/fhir" + path)


def search(product: Product, *numbers: str, start: str = "", end: str = "", more: str = "", cpts: bool = False) -> Any:
    start, end = start or "2027-03-26T13:00:00+01:00", end or "2027-03-31T00:00:00+02:00"
    tokens = quote(",".join(numbers or (RPPS + "8" + NUMBER,)))
    query = f"start=ge{quote(start)}&start=le{quote(end)}&status=free&schedule.actor:Practitioner.identifier={tokens}"
    query += "&_include=Slot:schedule&_include:iterate=Schedule:actor"
    if cpts:
        query += "&_include=Slot:service-type-reference&_include:iterate=HealthcareService:organization"
    return get(product, f"/Slot?{query}{more}")


def of_type(bundle: Any, kind: str) -> list[Any]:
    found = (entry["resource"] for entry in bundle.get("entry", ()))
    return [resource for resource in found if resource["resourceType"] == kind]


def starts(answer: Any) -> list[str]:
    return [slot["start"] for slot in of_type(answer.get_json(), "Slot")]


def test_a_search_gives_the_slot_its_agenda_and_whose_it_is(product: Product) -> None:
    opened(product, {"publics": ["PUBLIC", "SNP"], "motif": "Visite de contrôle"})
    bundle = search(product).get_json()
    assert bundle["total"] == 1
    assert [len(of_type(bundle, kind)) for kind in ("Slot", "Schedule", "Practitioner", "PractitionerRole")] == [1] * 4
    assert of_type(bundle, "Practitioner")[0]["identifier"][0]["value"] == "8" + NUMBER
    assert of_type(bundle, "PractitionerRole")[0]["organization"]["identifier"]["value"] == "1009000017"
    assert validate(bundle, bundle["meta"]["profile"][0], declared=True) == []


def test_wall_clock_time_is_kept_across_the_change_of_hour(product: Product) -> None:
    opened(product, {"debut": "2027-03-27T09:00"}, {"debut": "2027-03-28T09:00"})
    assert starts(search(product)) == ["2027-03-27T09:00:00.000+01:00", "2027-03-28T09:00:00.000+02:00"]


@pytest.mark.parametrize("asked", ["8" + NUMBER, NUMBER])
@pytest.mark.parametrize("kept", ["8" + NUMBER, NUMBER])
def test_a_number_is_found_and_answered_prefixed_however_it_is_kept(product: Product, kept: str, asked: str) -> None:
    opened(product, {}, praticien={**DOCTOR, "identifiant": kept})
    (found,) = of_type(search(product, RPPS + asked).get_json(), "Practitioner")
    assert found["identifier"][0]["value"] == "8" + NUMBER


def test_an_adeli_number_is_found(product: Product) -> None:
    opened(product, {}, praticien={**DOCTOR, "identifiant": ADELI})
    (found,) = of_type(search(product, RPPS + "0" + ADELI).get_json(), "Practitioner")
    assert found["identifier"][0]["value"] == "0" + ADELI


def test_unknown_numbers_take_nothing_away(product: Product) -> None:
    opened(product, {})
    unknown = [f"{RPPS}8{98_000_000_000 + number}" for number in range(24)]
    assert search(product, *unknown, RPPS + "8" + NUMBER).get_json()["total"] == 1


def test_a_number_under_another_system_is_not_found(product: Product) -> None:
    opened(product, {})
    assert search(product, "urn:oid:1.2.3|8" + NUMBER).get_json()["total"] == 0


def test_nothing_found_is_an_empty_searchset(product: Product) -> None:
    answer = search(product)
    assert answer.status_code == 200
    bundle = answer.get_json()
    assert (bundle["type"], bundle["total"], "entry" in bundle) == ("searchset", 0, False)


def test_only_what_the_platform_may_see_is_shown(product: Product) -> None:
    taken, *_ = opened(
        product,
        {"debut": "2027-03-29T09:00"},
        {"debut": "2027-03-29T10:00", "reserve_patientele": True},
        {"debut": "2027-03-29T11:00"},
        {"debut": "2027-03-26T08:00"},  # past
        {"debut": "2027-04-05T08:00"},  # after the window
        {"debut": "2027-03-29T12:00", "publics": ["CPTS"]},
    )
    product.occuper_creneau_sas(taken)
    assert starts(search(product, start="2027-03-25T00:00:00Z")) == ["2027-03-29T11:00:00.000+02:00"]


def test_a_slot_is_taken_once(product: Product) -> None:
    (slot,) = opened(product, {})
    product.occuper_creneau_sas(slot)
    with pytest.raises(Refusal) as refused:
        product.occuper_creneau_sas(slot)
    assert refused.value.code == "creneau_pris"


@pytest.mark.parametrize(
    "bounds",
    [
        ("2027-03-29T07:00:00Z", "2027-03-29T07:00:00Z"),
        ("2027-03-29T09:00:00.000+02:00", "2027-03-29T09:00:00.000+02:00"),
        ("2027-03-29T09:00:00", "2027-03-29T09:00:00"),
        ("2027-03-29", "2027-03-29"),
    ],
)
def test_bounds_are_instants_and_are_included(product: Product, bounds: tuple[str, str]) -> None:
    opened(product, {})
    assert len(starts(search(product, start=bounds[0], end=bounds[1]))) == 1


def test_a_raw_plus_means_an_offset(product: Product) -> None:
    opened(product, {})
    query = "start=ge2027-03-29T09:00:00+02:00&start=le2027-03-29T09:30:00+02:00&status=free"
    found = get(product, f"/Slot?{query}&schedule.actor:Practitioner.identifier={RPPS}8{NUMBER}")
    assert len(starts(found)) == 1


@pytest.mark.parametrize(
    "query",
    [
        "",
        "start=ge2027-03-29&status=free&schedule.actor:Practitioner.identifier=x",
        "start=ge2027-03-29&start=le2027-13-45&status=free&schedule.actor:Practitioner.identifier=x",
        "start=gt2027-03-29&start=le2027-03-30&status=free&schedule.actor:Practitioner.identifier=x",
        "start=ge2027-03-29&start=le2027-03-30&status=busy&schedule.actor:Practitioner.identifier=x",
        "start=ge2027-03-29&start=le2027-03-30&status=free",
        "start=ge2027-03-29&start=le2027-03-30&status=free&schedule.actor:Practitioner.identifier="
        + ",".join("a" * 26),
    ],
)
def test_what_cannot_be_searched_is_refused_with_a_reason(product: Product, query: str) -> None:
    answer = get(product, f"/Slot?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["issue"][0]["diagnostics"]


def test_each_place_has_its_agenda(product: Product) -> None:
    opened(product, {}, {"lieu": 1}, lieux=[PLACE, {**PLACE, "nom": "Autre cabinet"}])
    bundle = search(product).get_json()
    kinds = ("Practitioner", "PractitionerRole", "Schedule", "Slot")
    assert [len(of_type(bundle, kind)) for kind in kinds] == [1, 2, 2, 2]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [("01 93 24 67 89", "+33193246789"), ("0262123456", "+262262123456"), ("poste 12", None), ("", None)],
)
def test_a_telephone_is_whole_or_absent(product: Product, typed: str, sent: str | None) -> None:
    opened(product, {}, praticien={**DOCTOR, "telephone": typed})
    (role,) = of_type(search(product).get_json(), "PractitionerRole")
    assert [one["value"] for one in role.get("telecom", ())] == ([sent] if sent else [])


def test_communities_are_named_where_the_platform_asks_for_them(product: Product) -> None:
    both = [{"nom": "CPTS Une", "finess": "009000025"}, {"nom": "CPTS Deux", "finess": "1009000033"}]
    shared = {"publics": ["CPTS"], "cpts": ["009000025", "1009000033"]}
    opened(product, shared, {"debut": "2027-03-29T10:00"}, cpts=both)
    bundle = search(product, cpts=True).get_json()
    assert [len(of_type(bundle, kind)) for kind in ("Slot", "HealthcareService", "Organization")] == [2, 2, 2]
    assert validate(bundle, bundle["meta"]["profile"][0], declared=True) == []


def sites(product: Product, more: str = "") -> Any:
    window = "_has:Slot:schedule:start=ge2027-03-26T13:00:00%2B01:00&_has:Slot:schedule:start=le2027-03-31"
    asked = (
        f"_revinclude=Slot:schedule&_include=Schedule:actor:Location&_include:iterate=Location:organization&{window}"
    )
    who = f"actor:Location.organization.identifier={STRUCTURE}300001234500017"
    return get(product, f"/Schedule?{asked}&_has:Slot:schedule:status=free&{who}{more}")


def test_fixed_sites_show_their_free_slots_of_the_window_only(product: Product) -> None:
    association = {"nom": "SOS Médecins fictif", "siret": "00001234500017"}
    taken, *_ = opened(
        product,
        {},
        {"debut": "2027-03-29T10:00"},
        {"debut": "2027-04-20T10:00"},
        praticien=None,
        association=association,
        lieux=[PLACE, {**PLACE, "nom": "Site sans créneau"}],
    )
    product.occuper_creneau_sas(taken)
    bundle = sites(product).get_json()
    assert [len(of_type(bundle, kind)) for kind in ("Schedule", "Slot", "Location", "Organization")] == [1] * 4
    assert validate(bundle, bundle["meta"]["profile"][0], declared=True) == []


def test_slots_belong_to_a_practitioner_or_to_an_association(product: Product) -> None:
    with pytest.raises(Refusal):
        product.ouvrir_creneaux_sas([PLACE], [OPEN])


def test_the_statement_says_what_is_served(product: Product) -> None:
    statement = get(product, "/metadata").get_json()
    assert validate(statement) == []
    assert [resource["type"] for resource in statement["rest"][0]["resource"]] == ["Slot", "Schedule", "Practitioner"]


def test_a_product_that_is_not_connected_to_the_sas_answers_nothing(product: Product) -> None:
    product.configurer(mes=MES)
    assert get(product, "/metadata").status_code == 404


def test_the_booking_page_sends_a_regulator_to_pro_sante_connect(product: Product) -> None:
    opened(product, {})
    (slot,) = of_type(search(product).get_json(), "Slot")
    path = slot["comment"].removeprefix(product.url)
    pages = product.application.test_client()
    assert pages.get(path).status_code == 200
    assert "/connexion/psc" in pages.get(path + "?origin=sas-preprod").headers["Location"]
