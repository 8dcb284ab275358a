"""The manager of shared agendas as the bench sees it, what others do there, and what the product does with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from harness.actors.appointments import Appointment
from harness.actors.meetings import Day
from harness.actors.person import Person
from harness.actors.professional import Professional
from harness.dates import PARIS, asked, instant, said
from harness.expectations import expect, expect_equal

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.sandbox_client import TenantClient
    from harness.scene import Scene

NATIONAL = "urn:oid:1.2.250.1.71.4.2.1"
TITLE = "Consultation de suivi"
LENGTH = timedelta(minutes=30)
A_YEAR = 400
"""Days of slots that the manager makes where a scenario looks past the next change of season."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A time of a day to come, as a scenario writes it. absent: the professional is away."""

    day: Day
    start: time
    end: time
    absent: bool = False

    def told(self, scene: Scene) -> dict[str, Any]:
        """As `declarer_disponibilites` takes it."""
        kind = {"type": "busy-unavailable"} if self.absent else {}
        return {"debut": asked(self.day.at(scene, self.start)), "fin": asked(self.day.at(scene, self.end)), **kind}


@dataclass(frozen=True, slots=True)
class Declared:
    """What a professional of the product has declared. references: ids of the availabilities, in their order."""

    references: Sequence[str]
    outcome: Outcome


class SharedAgendaActor:
    """The manager, by the admin API: what it holds, and what others do there."""

    def __init__(self, tenant: TenantClient) -> None:
        self._tenant = tenant

    def professional(self) -> Professional:
        """A fresh fictitious professional."""
        return Professional.from_json(self._tenant.call("POST", "/professionnels", {}))

    def open(self, start: datetime, end: datetime) -> Professional:
        """A professional of another structure, whose agenda is open at the manager then (instants)."""
        made = self.professional()
        opening = {"debut": start.isoformat(), "fin": end.isoformat()}
        self._tenant.call("POST", "/gap/agendas", {"professionnel": made.id, "disponibilites": [opening]})
        return made

    def agenda_of(self, professional: Professional) -> str:
        """Id of her only Schedule. Raises AssertionError in French."""
        found = self._agendas_of(professional)
        expect(len(found) == 1, "un seul agenda de ce professionnel chez le gestionnaire", f"{len(found)}")
        return found[0]

    def free(self, professional: Professional) -> list[datetime]:
        """When the free slots of a professional begin, in all her agendas."""
        slots = [slot for agenda in self._agendas_of(professional) for slot in self._slots(agenda)]
        return sorted(datetime.fromisoformat(slot["debut"]) for slot in slots if slot["statut"] == "free")

    def take(self, professional: Professional, start: datetime) -> None:
        """Another client of the manager takes that time of her agenda, and writes it in universal time."""
        body = {
            "debut": start.astimezone(UTC).isoformat(),
            "fin": (start + LENGTH).astimezone(UTC).isoformat(),
            "libelle": TITLE,
        }
        self._tenant.call("POST", f"/gap/agendas/{self.agenda_of(professional)}/rendez-vous", body)

    def held(self, person: Person) -> list[Mapping[str, Any]]:
        """Appointments of a person."""
        found: list[Mapping[str, Any]] = self._tenant.call("GET", "/gap/rendez-vous", query={"personne": person.id})[
            "rendez_vous"
        ]
        return found

    def only(self, person: Person) -> Mapping[str, Any]:
        """Her only appointment. Raises AssertionError in French."""
        found = self.held(person)
        expect(len(found) == 1, "un seul rendez-vous de l'usager dans l'agenda partagé", f"{len(found)}")
        return found[0]

    def move(self, person: Person, start: datetime) -> None:
        """Somebody moves, at the manager, the only appointment of a person."""
        body = {"acte": "deplacer", "debut": start.isoformat(), "fin": (start + LENGTH).isoformat()}
        self._tenant.call("POST", f"/gap/rendez-vous/{self.only(person)['id']}/actes", body)

    def without_patch(self) -> None:
        """The manager does not offer PATCH."""
        self._tenant.change_settings(gap__patch="refuse")

    def small_pages(self, size: int) -> None:
        """The manager answers searches by pages of that many results."""
        self._tenant.change_settings(gap__fhir_page_default=size, gap__fhir_page_maximum=size)

    def far_sighted(self) -> None:
        """The manager makes slots over more than a year."""
        self._tenant.change_settings(gap__horizon_jours=A_YEAR)

    def _slots(self, agenda: str) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = self._tenant.call("GET", f"/gap/agendas/{agenda}/creneaux")["creneaux"]
        return found

    def _agendas_of(self, professional: Professional) -> list[str]:
        wanted = f"{NATIONAL}|{professional.national_id}"
        found = self._tenant.call("GET", "/gap/agendas")["agendas"]
        return [one["schedule"] for one in found if wanted in one["identifiants"]]


def declare(scene: Scene, professional: Professional, *openings: Mapping[str, Any]) -> Declared:
    """Have the product keep, and publish, when one of its professionals receives (parameters of the vocabulary)."""
    outcome = scene.product.act("declarer_disponibilites", professionnel=professional, disponibilites=list(openings))
    return Declared([one["disponibilite"] for one in outcome["disponibilites"]], outcome)


def search(scene: Scene, professional: Professional, day: Day) -> Outcome:
    """Have the product look for the free slots of a professional on a day."""
    wanted = day.at(scene, time()).date().isoformat()
    return scene.product.act("rechercher_creneaux", identifiant_national=professional.national_id, du=wanted, au=wanted)


def ask(scene: Scene, usager: Person, found: Outcome, start: datetime, **more: Any) -> Outcome:
    """Have the product ask for the slot that it found at that instant. more: `etat`."""
    slot = next((s for s in found["creneaux"] if datetime.fromisoformat(s["debut"]) == start), None)
    expect(slot is not None, f"un créneau le {said(start)} parmi ceux que le produit montre", _begin(found["creneaux"]))
    assert slot is not None
    return scene.product.act("demander_rendez_vous", usager=usager, creneau=slot["creneau"], intitule=TITLE, **more)


def appointment_of(usager: Person, outcome: Outcome, start: datetime) -> Appointment:
    """The appointment that the product says it asked for. Raises AssertionError in French when it does not."""
    made = "rendez_vous" in outcome
    expect(made, "un rendez-vous que le produit dit demandé", "un refus" if outcome.refused else outcome["envoi"])
    return Appointment(usager, outcome["rendez_vous"], start, TITLE, PARIS, outcome.get("identifiant"))


def start_at(found: Outcome, hour: time) -> datetime:
    """Instant of the slot that the product shows at that hour of Paris. Raises AssertionError in French."""
    starts = [datetime.fromisoformat(slot["debut"]) for slot in found["creneaux"]]
    wanted = [start for start in starts if start.astimezone(ZoneInfo(PARIS)).time() == hour]
    expect(len(wanted) == 1, f"un créneau à {hour:%H:%M} parmi ceux que le produit montre", list(map(said, starts)))
    return wanted[0]


def is_held(scene: Scene, usager: Person, status: str, start: datetime) -> None:
    """The manager holds one appointment of this person, of that status, at that instant."""
    seen = scene.agendas.only(usager)
    expect_equal("L'état du rendez-vous", status, seen["statut"])
    expect_equal("L'horaire du rendez-vous", said(start), said(datetime.fromisoformat(seen["debut"])))


def events(scene: Scene, professional: Professional, day: Day) -> Outcome:
    """Have the product show a professional her agenda of a day."""
    wanted = day.at(scene, time()).date().isoformat()
    return scene.product.act("lire_agenda_professionnel", professionnel=professional, du=wanted, au=wanted)


def offered(scene: Scene, professional: Professional, expected: Sequence[datetime]) -> None:
    """The manager offers these times of a professional (instants), and no other."""
    seen = scene.agendas.free(professional)
    expect_equal("Les créneaux offerts par le gestionnaire d'agendas", list(map(said, expected)), list(map(said, seen)))


def shows_times(what: str, slots: Sequence[Mapping[str, Any]], expected: Sequence[datetime]) -> None:
    """The product shows slots or events that begin then (instants), each at the hour of the place, and no other."""
    expect_equal(what, list(map(said, expected)), _begin(slots))
    displayed = [start.astimezone(ZoneInfo(PARIS)).strftime("%d/%m/%Y %H:%M") for start in expected]
    expect_equal("Les heures affichées", displayed, [slot["debut_affiche"] for slot in slots])


def _begin(slots: Sequence[Mapping[str, Any]]) -> list[str]:
    return [said(datetime.fromisoformat(slot["debut"])) for slot in slots]


def mondays_around_the_change(scene: Scene) -> tuple[datetime, datetime]:
    """09:00 of the Mondays before and after the clocks of Paris next change, on the wall, at least a week from now."""
    first = scene.now().astimezone(UTC) + timedelta(days=8)
    zone = ZoneInfo(PARIS)
    changed = next(
        day
        for day in (first + timedelta(days=rank) for rank in range(A_YEAR))
        if day.astimezone(zone).utcoffset() != (day + timedelta(days=1)).astimezone(zone).utcoffset()
    )
    before = changed.date() - timedelta(days=changed.weekday())
    at = time(9)
    return datetime.combine(before, at), datetime.combine(before + timedelta(days=7), at)


def weekly(first: datetime, last: datetime) -> dict[str, Any]:
    """An hour each week at that time of the wall, from the first to the last."""
    return {
        "debut": asked(first),
        "fin": asked(first + timedelta(hours=1)),
        "frequence": "WEEKLY",
        "jusqu_au": last.date().isoformat(),
    }


def each_half_hour(*starts: datetime) -> list[datetime]:
    """Instants at which the two slots of each of these hours of the wall begin."""
    return [instant(start + rank * LENGTH) for start in starts for rank in range(2)]
