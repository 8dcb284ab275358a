"""Bookings of regulators, and what the platform is told of them (INT_R03): order, identifier, outages, refusals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
import respx

from profiles import validate
from reference.product import Product, Refusal
from reference.sas.regulators import NATIONAL, PLATFORM, TYPE_SYSTEM

NOW = datetime(2027, 3, 26, 12, tzinfo=UTC)
MES = {"base_url": "https://mes.test", "client_id": "c", "client_secret": "s", "oid": "1.2.3", "redirect_uri": "/r"}
SAS = {"variantes": ["ps", "sos"], "oid": "1.2.250.1.999.1", "base_url": "https://sas.test/sas/fhir"}
PLACE = {"nom": "Cabinet", "voie": "1 rue des Essais", "code_postal": "00100", "commune": "Essai-Ville"}
SLOT = {"lieu": 0, "debut": "2027-03-29T09:00", "duree_minutes": 15, "publics": ["SNP"], "consultations": ["AMB"]}
DOCTOR = {"nom": "Martin-Fictif", "prenom": "Zoé", "identifiant": "99990000053"}
ASSOCIATION = {"nom": "SOS Médecins des Essais", "siret": "99999000900011"}
UUID = "0b8c2f2d-3a54-4a0e-9a6e-7f0c1d529e11"
REGULATOR = {"system": PLATFORM, "value": UUID}
PATIENT = {"nom": "Fictif-Durand", "prenom": "Ada", "telephone": "+33199001234"}
OK = (201, 200)


@dataclass
class FakePlatform:
    """The platform: what it was told, and its next answers (0: the connection breaks)."""

    answers: list[int] = field(default_factory=list)
    told: list[tuple[str, str, Any]] = field(default_factory=list)

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.told.append((request.method, unquote(request.url.query.decode()), json.loads(request.content)))
        status = self.answers.pop(0) if self.answers else OK[request.method == "PUT"]
        if status == 0:
            raise httpx.ReadTimeout("sans réponse", request=request)
        return httpx.Response(status, json={})

    @property
    def methods(self) -> list[str]:
        return [method for method, _, _ in self.told]

    @property
    def statuses(self) -> list[str]:
        return [resource["status"] for _, _, resource in self.told]

    @property
    def last(self) -> dict[str, Any]:
        resource: dict[str, Any] = self.told[-1][2]
        return resource


@dataclass
class Office:
    """A product whose regulator has an account, in front of a platform."""

    product: Product
    platform: FakePlatform

    def slot(self, *, sos: bool = False, zone: str = "", **changes: Any) -> str:
        whose: dict[str, Any] = {"association": ASSOCIATION} if sos else {"praticien": DOCTOR}
        place = {**PLACE, **({"fuseau": zone} if zone else {})}
        opened = self.product.ouvrir_creneaux_sas(lieux=[place], creneaux=[{**SLOT, **changes}], **whose)
        return str(opened["creneaux"][0])

    def book(self, slot: str = "", **details: Any) -> dict[str, Any]:
        return self.product.reserver_creneau_sas(slot or self.slot(), REGULATOR, patient=PATIENT, **details)


@contextmanager
def office(*defects: str) -> Iterator[Office]:
    product, platform = Product(now=lambda: NOW, defects=defects), FakePlatform()
    product.configurer(mes=MES, sas=SAS)
    product.regulators.create(regulator(PLATFORM, "INTRN", UUID))
    with respx.mock(assert_all_called=False) as router:
        router.route(host="sas.test").mock(side_effect=platform.handle)
        yield Office(product, platform)
    product.close()


@pytest.fixture
def sas() -> Iterator[Office]:
    with office() as made:
        yield made


def regulator(system: str, code: str, value: str) -> dict[str, Any]:
    identifier = {"type": {"coding": [{"system": TYPE_SYSTEM, "code": code}]}, "system": system, "value": value}
    return {
        "resourceType": "Practitioner",
        "identifier": [identifier],
        "active": True,
        "name": [{"family": "Martin-Fictif", "given": ["Zoé"]}],
        "telecom": [{"system": "email", "value": "zoe@regulation.test"}],
    }


def operator(resource: Any) -> Any:
    return resource["extension"][0]["valueReference"]["identifier"]


def test_a_booking_is_posted_then_each_step_is_put_under_its_identifier(sas: Office) -> None:
    made = sas.book()
    sas.product.deplacer_rendez_vous(made["rendez_vous"], "2027-03-30T10:00")
    sas.product.constater_rendez_vous(made["rendez_vous"], "honore")
    assert (sas.platform.methods, sas.platform.statuses) == (["POST", "PUT", "PUT"], ["booked", "booked", "fulfilled"])
    identifier = made["identifiant"]
    assert [resource["identifier"] for _, _, resource in sas.platform.told] == [[identifier]] * 3
    assert sas.platform.told[1][1] == f"identifier={identifier['system']}|{identifier['value']}"


@pytest.mark.parametrize("sos", [False, True])
def test_what_is_told_follows_its_profile_and_says_nothing_of_the_patient(sas: Office, sos: bool) -> None:
    sas.book(sas.slot(sos=sos))
    assert validate(sas.platform.last, sas.platform.last["meta"]["profile"][0], declared=True) == []
    said = json.dumps(sas.platform.last, ensure_ascii=False)
    assert not any(word in said for word in (*PATIENT.values(), "Patient"))


def test_it_names_the_regulator_and_the_practitioner_with_her_prefix(sas: Office) -> None:
    sas.book()
    assert operator(sas.platform.last) | {"type": ""} == {"type": "", **REGULATOR}
    assert sas.platform.last["participant"][0]["actor"]["identifier"]["value"] == "8" + DOCTOR["identifiant"]


def test_after_a_change_of_identifier_the_regulator_is_named_by_the_new_one(sas: Office) -> None:
    made = sas.book()
    sas.product.regulators.update((PLATFORM, UUID), regulator(NATIONAL, "IDNPS", "3990000010/REG00001"))
    sas.product.annuler_rendez_vous(made["rendez_vous"])
    assert (operator(sas.platform.last)["system"], operator(sas.platform.last)["value"]) == (
        NATIONAL,
        "3990000010/REG00001",
    )


@pytest.mark.parametrize(
    ("debut", "zone", "start"),
    [
        ("2027-03-29T09:00", "", "2027-03-29T09:00:00+02:00"),
        ("2027-01-29T09:00", "", "2027-01-29T09:00:00+01:00"),
        ("2027-03-29T09:00", "Indian/Reunion", "2027-03-29T09:00:00+04:00"),
    ],
)
def test_the_hour_is_that_of_the_place(sas: Office, debut: str, zone: str, start: str) -> None:
    sas.book(sas.slot(debut=debut, zone=zone))
    assert sas.platform.last["start"] == start


def test_cancelled_it_keeps_its_hours_and_gives_its_slot_back(sas: Office) -> None:
    slot = sas.slot()
    made = sas.book(slot)
    sas.product.annuler_rendez_vous(made["rendez_vous"], "patient rétabli")
    assert (sas.platform.last["status"], bool(sas.platform.last["end"])) == ("cancelled", True)
    assert sas.book(slot)["rendez_vous"] != made["rendez_vous"]
    with pytest.raises(Refusal, match="ne peut pas devenir"):
        sas.product.constater_rendez_vous(made["rendez_vous"], "honore")
    assert len(sas.platform.told) == 3


def test_a_slot_given_back_twice_is_not_taken_from_who_has_it_next(sas: Office) -> None:
    slot = sas.slot()
    first = sas.book(slot)
    sas.product.annuler_rendez_vous(first["rendez_vous"])
    sas.book(slot)
    sas.product.annuler_rendez_vous(first["rendez_vous"])
    with pytest.raises(Refusal, match="plus libre"):
        sas.book(slot)


def test_at_sos_medecins_it_waits_for_the_association(sas: Office) -> None:
    made = sas.book(sas.slot(sos=True))
    assert (sas.platform.last["status"], sas.platform.last["participant"][0]["status"]) == ("pending", "needs-action")
    sas.product.confirmer_rendez_vous(made["rendez_vous"])
    assert (sas.platform.last["status"], "actor" in sas.platform.last["participant"][0]) == ("booked", False)


def test_one_of_many_wins_the_slot(sas: Office) -> None:
    slot = sas.slot()

    def tried(_: int) -> bool:
        try:
            return bool(sas.book(slot))
        except Refusal:
            return False

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(tried, range(20))) == 1
    assert sas.platform.methods == ["POST"]


@pytest.mark.parametrize(
    ("details", "code"),
    [({"origine": "directe"}, "hors_sas"), ({"creneau": "autre"}, "creneau_inconnu")],
)
def test_a_refused_booking_tells_nothing(sas: Office, details: dict[str, Any], code: str) -> None:
    asked = {"creneau": sas.slot(), "regulateur": REGULATOR, **details}
    with pytest.raises(Refusal) as caught:
        sas.product.reserver_creneau_sas(**asked)
    assert (caught.value.code, sas.platform.told) == (code, [])


def test_an_unknown_regulator_books_nothing(sas: Office) -> None:
    with pytest.raises(Refusal, match="Aucun compte"):
        sas.product.reserver_creneau_sas(sas.slot(), {"system": NATIONAL, "value": UUID})


@pytest.mark.parametrize("outage", [503, 500, 429])
def test_during_an_outage_steps_are_kept_then_told_in_order(sas: Office, outage: int) -> None:
    sas.platform.answers = [outage, outage]
    made = sas.book()
    assert made["envoi"]["etat"] == "en_attente"
    assert sas.product.annuler_rendez_vous(made["rendez_vous"])["envoi"]["etat"] == "en_attente"
    assert sas.product.reprendre_envois() == {"envoyes": 2, "en_attente": 0}
    assert sas.platform.statuses[2:] == ["booked", "cancelled"]


def test_after_a_lost_answer_the_same_appointment_is_an_update(sas: Office) -> None:
    sas.platform.answers = [0]
    made = sas.book()
    sas.product.reprendre_envois()
    assert sas.platform.methods == ["POST", "PUT"]
    assert [one["identifier"] for _, _, one in sas.platform.told] == [[made["identifiant"]]] * 2
    assert sas.product.reprendre_envois() == {"envoyes": 0, "en_attente": 0}


@pytest.mark.parametrize(
    ("answers", "methods"),
    [
        pytest.param([0, 404, 201], ["POST", "PUT", "POST"], id="it never came"),
        pytest.param([409, 200], ["POST", "PUT"], id="it had come"),
    ],
)
def test_what_the_platform_does_not_say_of_unknown_and_doubled_ones(
    sas: Office, answers: list[int], methods: list[str]
) -> None:
    sas.platform.answers = answers
    sas.book()
    sas.product.reprendre_envois()
    assert (sas.platform.methods, sas.platform.answers) == (methods, [])
    assert sas.product.reprendre_envois() == {"envoyes": 0, "en_attente": 0}


def test_a_refusal_of_the_platform_is_told_and_not_repeated(sas: Office) -> None:
    sas.platform.answers = [422]
    assert sas.book()["envoi"] == {"etat": "refuse", "message": "La plateforme du SAS refuse ce rendez-vous (422)."}
    assert sas.product.reprendre_envois() == {"envoyes": 0, "en_attente": 0}
    assert len(sas.platform.told) == 1


def test_without_a_platform_nothing_is_sent(sas: Office) -> None:
    sas.product.configurer(mes=MES, sas={**SAS, "base_url": ""})
    assert sas.book()["envoi"]["etat"] == "sans_objet"
    assert sas.platform.told == []


def moved(sas: Office) -> None:
    made = sas.book()
    sas.product.deplacer_rendez_vous(made["rendez_vous"], "2027-03-30T10:00")


def lost(sas: Office) -> None:
    sas.platform.answers = [0]
    sas.book()
    sas.product.reprendre_envois()


@pytest.mark.parametrize(
    ("defect", "journey"),
    [
        ("sas-identifiant-nouveau", moved),
        ("sas-modification-par-post", moved),
        ("sas-deplacement-tu", moved),
        ("sas-patient-en-commentaire", moved),
        ("sas-regulateur-du-produit", moved),
        ("sas-reessai-en-double", lost),
        ("sas-abandonne-en-panne", lost),
    ],
)
def test_a_defect_changes_what_the_platform_is_told(defect: str, journey: Callable[[Office], None]) -> None:
    told = []
    for defects in ((), (defect,)):
        with office(*defects) as sas:
            journey(sas)
            told.append(comparable(sas.platform))
    assert told[0] != told[1]


def comparable(platform: FakePlatform) -> list[Any]:
    """What it was told; identifiers are drawn anew each time: their rank stands for them."""
    seen = list(dict.fromkeys(resource["identifier"][0]["value"] for _, _, resource in platform.told))
    ranks = [seen.index(resource["identifier"][0]["value"]) for _, _, resource in platform.told]
    return [(m, rank, {**one, "identifier": ""}) for (m, _, one), rank in zip(platform.told, ranks, strict=True)]
