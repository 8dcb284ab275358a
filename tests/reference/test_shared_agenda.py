"""The product alone in front of a manager of shared agendas that answers as it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import respx

from reference.product import Product
from reference.refusal import Refusal

BASE = "https://gap.test/t/essai/gap/fhir"
MES = {"base_url": "https://mes.test", "client_id": "c", "client_secret": "s", "oid": "1.2", "redirect_uri": "/r"}
AGENDA = {"base_url": BASE, "jeton": "jeton-de-seize-signes"}
RPPS = "899990000001"
DAY = "2026-03-16"
TAKEN = httpx.Response(409, json={"resourceType": "OperationOutcome", "issue": [{"code": "conflict"}]})
STALE = httpx.Response(412, json={"resourceType": "OperationOutcome", "issue": [{"code": "conflict"}]})
PERSON = {
    "nom": "TESTINI",
    "prenoms": ["Alba"],
    "sexe": "F",
    "date_naissance": "1950-01-02",
    "lieu_naissance": {"insee": "75056"},
    "courriel": "alba@exemple.test",
}
Reply = httpx.Response | Exception


class Manager:
    """Creates whatever comes, under an id of its own; `script` answers first, once each, by method and path."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, Any, httpx.Headers]] = []
        self.script: list[tuple[str, str, Reply]] = []
        self.slots: list[list[dict[str, Any]]] = [[]]
        owners = [{"reference": "PractitionerRole/8"}, {"reference": "Practitioner/9"}]
        self.beside = [{"resourceType": "Schedule", "id": "s", "actor": owners}]
        self._made = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/t/essai/gap/fhir")
        body = json.loads(request.content) if request.content else None
        self.seen.append((request.method, path, body, request.headers))
        for place, (method, ending, reply) in enumerate(self.script):
            if method == request.method and path.startswith(ending):
                del self.script[place]
                if isinstance(reply, Exception):
                    raise reply
                return reply
        return self._usual(request, path, body)

    def _usual(self, request: httpx.Request, path: str, body: Any) -> httpx.Response:
        if request.method == "GET":
            page = int(request.url.params.get("_page", "1"))
            entries = [{"resource": one, "search": {"mode": "match"}} for one in self.slots[page - 1]]
            entries += [{"resource": one, "search": {"mode": "include"}} for one in self.beside]
            more = [{"relation": "next", "url": f"{BASE}/Slot?_page={page + 1}"}] if page < len(self.slots) else []
            return httpx.Response(200, json={"resourceType": "Bundle", "entry": entries, "link": more})
        if request.method == "DELETE":
            return httpx.Response(204)
        self._made += 1
        resource = body if isinstance(body, dict) else {"resourceType": "Schedule", "id": "apres-patch"}
        made = {"id": f"r{self._made}", **resource}
        return httpx.Response(201, json=made, headers={"ETag": f'W/"{self._made}"'})

    def calls(self, type_: str) -> list[str]:
        return [method for method, path, _, _ in self.seen if path.startswith(f"/{type_}")]

    def bodies(self, method: str, type_: str) -> list[Any]:
        return [body for one, path, body, _ in self.seen if one == method and path.startswith(f"/{type_}")]


@pytest.fixture
def manager() -> Iterator[Manager]:
    made = Manager()
    with respx.mock(assert_all_called=False) as router:
        router.route(host="gap.test").mock(side_effect=made)
        yield made


@pytest.fixture
def product(manager: Manager) -> Iterator[Product]:
    made = Product(now=lambda: datetime(2026, 3, 15, 8, tzinfo=UTC))
    made.configurer(MES, agenda=AGENDA)
    yield made
    made.close()


@pytest.fixture
def professional(product: Product) -> str:
    return str(product.declarer_professionnel("DUSOIN", "Claude", identifiant_national=RPPS)["professionnel"])


@pytest.fixture
def usager(product: Product) -> str:
    return str(product.declarer_usager(**PERSON)["usager"])


def opening(start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"debut": f"{DAY}T{start}", "fin": f"{DAY}T{end}", **more}


def slot(id_: str, hour: str) -> dict[str, Any]:
    start, end = (f"{DAY}T{wall}:00+01:00" for wall in (hour, f"{hour[:3]}30"))
    return {"resourceType": "Slot", "id": id_, "schedule": {"reference": "Schedule/s"}, "start": start, "end": end}


def declared(product: Product, professional: str) -> list[str]:
    made = product.declarer_disponibilites(professional, [opening("09:00", "10:00"), opening("14:00", "15:00")])
    assert made["envoi"]["etat"] == "envoye"
    return [one["disponibilite"] for one in made["disponibilites"]]


def asked(product: Product, usager: str) -> dict[str, Any]:
    product.rechercher_creneaux(RPPS, DAY, DAY)
    return product.demander_rendez_vous(usager, "Suivi", creneau="Slot/1")


def test_professional_and_place_are_declared_once_before_the_agenda(
    product: Product, manager: Manager, professional: str
) -> None:
    declared(product, professional)
    declared(product, professional)
    paths = [path for method, path, _, _ in manager.seen]
    assert paths == ["/Organization", "/Location", "/Practitioner", "/PractitionerRole", "/Schedule", "/Schedule/r5"]
    (published,) = manager.bodies("POST", "Schedule")
    assert [actor["reference"] for actor in published["actor"]] == ["PractitionerRole/r4", "Practitioner/r3"]
    assert "serviceType" not in published


def test_one_availability_leaves_by_patch_on_the_version_known(
    product: Product, manager: Manager, professional: str
) -> None:
    second = declared(product, professional)[1]
    product.retirer_disponibilite(professional, second)
    method, path, body, headers = manager.seen[-1]
    assert (method, path, headers["If-Match"]) == ("PATCH", "/Schedule/r5", 'W/"5"')
    assert body == [{"op": "remove", "path": "/extension/2"}]


@pytest.mark.parametrize("status", [405, 501, 422])
def test_without_patch_the_whole_agenda_is_sent(
    product: Product, manager: Manager, professional: str, status: int
) -> None:
    first = declared(product, professional)[0]
    manager.script = [("PATCH", "/Schedule", httpx.Response(status))]
    assert product.retirer_disponibilite(professional, first)["envoi"]["etat"] == "envoye"
    (sent,) = manager.bodies("PUT", "Schedule")
    assert len(sent["extension"]) == 2  # the length of appointments, and the availability that stays


def test_an_agenda_changed_meanwhile_is_read_before_it_is_changed(
    product: Product, manager: Manager, professional: str
) -> None:
    first = declared(product, professional)[0]
    now = {**manager.bodies("POST", "Schedule")[0], "id": "r5", "comment": "changé ailleurs"}
    manager.script = [
        ("PATCH", "/Schedule", STALE),
        ("GET", "/Schedule", httpx.Response(200, json=now, headers={"ETag": 'W/"9"'})),
    ]
    product.retirer_disponibilite(professional, first)
    assert manager.calls("Schedule") == ["POST", "PATCH", "GET", "PATCH"]
    assert manager.seen[-1][3]["If-Match"] == 'W/"9"'


def test_an_agenda_that_could_not_leave_is_published_later(
    product: Product, manager: Manager, professional: str
) -> None:
    manager.script = [("POST", "/Schedule", httpx.Response(503))]
    made = product.declarer_disponibilites(professional, [opening("09:00", "10:00")])
    assert made["envoi"]["etat"] == "en_attente"
    assert product.reprendre_envois() == {"envoyes": 1, "en_attente": 0}


def test_without_a_manager_nothing_is_said_sent(professional: str, product: Product) -> None:
    product.configurer(MES, agenda=None)
    made = product.declarer_disponibilites(professional, [opening("09:00", "10:00")])
    assert made["envoi"]["etat"] == "sans_objet"
    with pytest.raises(Refusal):
        product.rechercher_creneaux(RPPS, DAY, DAY)


def test_all_pages_are_read_and_what_is_added_is_no_slot(product: Product, manager: Manager) -> None:
    manager.slots = [[slot("2", "10:00")], [slot("1", "09:00")]]
    found = product.rechercher_creneaux(RPPS, DAY, DAY)["creneaux"]
    assert [one["debut_affiche"] for one in found] == ["16/03/2026 09:00", "16/03/2026 10:00"]


@pytest.mark.parametrize("link", [f"{BASE}/Slot?_page=1", "https://ailleurs.test/Slot?_page=2"])
def test_a_next_page_that_leads_nowhere_is_told(product: Product, manager: Manager, link: str) -> None:
    looping = {"resourceType": "Bundle", "link": [{"relation": "next", "url": link}]}
    manager.script = [("GET", "/Slot", httpx.Response(200, json=looping)) for _ in range(2)]
    told = product.rechercher_creneaux(RPPS, DAY, DAY)
    assert told["creneaux"] == []
    assert told["message"]


def test_a_slot_that_somebody_took_is_not_shown_booked(product: Product, manager: Manager, usager: str) -> None:
    manager.slots = [[slot("1", "09:00"), slot("2", "10:00")]]
    manager.script = [("POST", "/Appointment", TAKEN)]
    told = asked(product, usager)
    assert "rendez_vous" not in told
    assert told["envoi"]["etat"] == "refuse"
    assert [other["creneau"] for other in told["autres_creneaux"]] == ["Slot/2"]


def test_a_lost_answer_is_followed_by_an_update_of_the_same_identifier(
    product: Product, manager: Manager, usager: str
) -> None:
    manager.slots = [[slot("1", "09:00")]]
    manager.script = [("POST", "/Appointment", httpx.ReadTimeout("coupé"))]
    assert asked(product, usager)["envoi"]["etat"] == "envoye"
    assert manager.calls("Appointment") == ["POST", "PUT"]
    first, second = (manager.bodies(method, "Appointment")[0]["identifier"] for method in ("POST", "PUT"))
    assert first == second


@pytest.mark.parametrize(
    ("then", "status", "answer"),
    [
        (lambda p, r: p.annuler_rendez_vous(r, "Absence"), "cancelled", "needs-action"),
        (lambda p, r: p.confirmer_rendez_vous(r), "booked", "accepted"),
        (lambda p, r: p.constater_rendez_vous(r, "saisi_par_erreur"), "entered-in-error", "needs-action"),
    ],
)
def test_each_step_is_an_update(
    product: Product,
    manager: Manager,
    usager: str,
    then: Callable[[Product, str], Any],
    status: str,
    answer: str,
) -> None:
    manager.slots = [[slot("1", "09:00")]]
    made = asked(product, usager)
    then(product, made["rendez_vous"])
    (sent,) = manager.bodies("PUT", "Appointment")
    assert (sent["status"], sent["identifier"][0]["value"]) == (status, made["identifiant"]["value"])
    assert {one["status"] for one in sent["participant"][1:]} == {answer}


def test_what_the_manager_refuses_is_not_kept(product: Product, manager: Manager, usager: str) -> None:
    manager.slots = [[slot("1", "09:00")]]
    made = asked(product, usager)
    manager.script = [("PUT", "/Appointment", TAKEN)]
    assert product.deplacer_rendez_vous(made["rendez_vous"], f"{DAY}T11:00")["envoi"]["etat"] == "refuse"
    product.confirmer_rendez_vous(made["rendez_vous"])
    assert manager.bodies("PUT", "Appointment")[-1]["start"] == f"{DAY}T09:00:00+01:00"


def test_the_delay_asked_for_is_waited_for(product: Product, manager: Manager, usager: str) -> None:
    manager.slots = [[slot("1", "09:00")]]
    manager.script = [("POST", "/Appointment", httpx.Response(429, headers={"Retry-After": "60"}))]
    assert asked(product, usager)["envoi"]["etat"] == "en_attente"
    assert product.reprendre_envois(usager) == {"envoyes": 0, "en_attente": 1}
    product.now = lambda: datetime(2026, 3, 15, 8, 2, tzinfo=UTC)
    product.shared.booking.now = product.now
    assert product.reprendre_envois(usager) == {"envoyes": 1, "en_attente": 0}
