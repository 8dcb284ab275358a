"""What must be seen of the agendas that the product shares: events read, slots left, refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from harness.actors.appointments import accepted
from harness.actors.third_party_agenda import INCLUDES, Event, ThirdPartyAgenda, resources, start_of, window
from harness.dates import PARIS, instant, said
from harness.expectations import expect, expect_equal
from rules import Exchange
from rules.reading import text
from rules.third_party import held

if TYPE_CHECKING:
    from harness.scene import Scene


@dataclass(frozen=True)
class Free:
    """Free slots of a day, as they begin. answer: the search."""

    starts: tuple[datetime, ...]
    answer: Exchange


def free_on(agenda: ThirdPartyAgenda, day: date, *more: str) -> Free:
    """Free slots of that day, all pages."""
    pages = agenda.all_pages(agenda.slots(_day(day), "status=free", *INCLUDES, *more))
    found = [start_of(one) for page in pages for one in resources(page)]
    return Free(tuple(sorted(found)), pages[0])


def offers(agenda: ThirdPartyAgenda, day: date, hours: Sequence[time]) -> None:
    """That day, the free slots begin at these hours (Paris), and at no other."""
    expected = [said(instant(datetime.combine(day, hour))) for hour in hours]
    expect_equal("les créneaux libres", expected, [said(start) for start in free_on(agenda, day).starts])


def slot_at(agenda: ThirdPartyAgenda, start: datetime) -> Mapping[str, Any]:
    """The free slot that begins at this instant. Raises AssertionError (French)."""
    day = start.astimezone(ZoneInfo(PARIS)).date()
    found = [one for one in resources(free_on(agenda, day).answer) if start_of(one) == start]
    expect(len(found) == 1, f"un créneau libre le {said(start)}", f"{len(found)}")
    return found[0]


def reads(search: Exchange, expected: Iterable[tuple[datetime, str]]) -> None:
    """The answer holds the events that begin then, with these statuses, and no other."""
    found = sorted((said(start_of(one)), text(one.get("status"))) for one in resources(search))
    expect_equal("les événements lus", sorted((said(start), status) for start, status in expected), found)


def same_set(one: Exchange, other: Exchange) -> None:
    """Both searches gave the same resources."""
    expect_equal("les créneaux", *(sorted(str(found.get("id")) for found in resources(each)) for each in (one, other)))


def refused(answer: Exchange, *statuses: int) -> None:
    """A refusal under one of these HTTP statuses, with an OperationOutcome."""
    expect(answer.status in statuses, f"HTTP {' ou '.join(map(str, statuses))}", f"HTTP {answer.status}")
    expect_equal("la ressource du refus", "OperationOutcome", answer.answer_resource.get("resourceType"))


def written(answer: Exchange, status: int = 0) -> Exchange:
    """A write that succeeded, with this status where it matters."""
    wanted = (status,) if status else (200, 201)
    expect(answer.status in wanted, f"HTTP {' ou '.join(map(str, wanted))}", f"HTTP {answer.status}")
    return answer


def condition_held(known: int, answer: Exchange) -> None:
    """One event that meets the condition is changed; between several nothing is chosen (R4, conditional update)."""
    expect_equal(f"la réponse pour {known} événement(s)", 200 if known == 1 else 412, answer.status)


def shown_in_the_product(scene: Scene, event: Event, count: int = 1) -> None:
    """The professional sees so many events at that time in the DUI, under this status."""
    day = event.start.astimezone(ZoneInfo(PARIS)).date().isoformat()
    told = {"professionnel": event.professional, "du": day, "au": day}
    found = accepted(scene.product.act("lire_agenda_professionnel", **told))["evenements"]
    seen = [(said(datetime.fromisoformat(one["debut"])), one["statut"]) for one in found]
    expect_equal("les événements montrés au professionnel", [(said(event.start), event.status)] * count, seen)


def slots_begin(search: Exchange, starts: Iterable[datetime]) -> None:
    """The answer holds the slots that begin at these instants, and no other."""
    found = sorted(start_of(one) for one in resources(search))
    expect_equal("les créneaux lus", [said(start) for start in starts], [said(start) for start in found])


def same_set_or_refused(one: Exchange, other: Exchange) -> None:
    """The second search is refused, or gave the same resources as the first."""
    if other.status == 400:
        refused(other, 400)
    else:
        same_set(one, other)


def each_once(hours: Sequence[str]) -> None:
    """No hour comes twice on the clock of Paris."""
    expect_equal("les créneaux de la nuit", sorted(set(hours)), list(hours))


def same_hours(eve: Sequence[datetime], morrow: Sequence[datetime]) -> None:
    """Slots of the day before a change of hour and of the day after are at the same hours of Paris."""
    expect(bool(eve), "des créneaux la veille du changement d'heure", "aucun")
    expect_equal("les heures du lendemain", in_paris(eve), in_paris(morrow))


def refused_by_size(answer: Exchange) -> None:
    """A refusal of a request that is too large: HTTP 4xx, or the connection closed before all of it was sent."""
    cut = answer.context.get("silence") == "coupure"
    expect(cut or 400 <= answer.status < 500, "un refus (HTTP 4xx, 413 par exemple)", f"HTTP {answer.status}")


def one_winner(answers: Sequence[Exchange]) -> None:
    """Of these bookings exactly one was made, and the others refused."""
    made = [answer.status for answer in answers if 200 <= answer.status < 300]
    expect(len(made) == 1, "une seule réservation faite", f"{sorted(answer.status for answer in answers)}")
    others = [answer.status for answer in answers if answer.status not in made]
    expect(all(400 <= status < 500 for status in others), "un refus (HTTP 4xx) pour les autres", f"{others}")


def whole_once(pages: Sequence[Exchange], events: Iterable[Event]) -> None:
    """These pages hold each of these events, and nothing twice."""
    values = [value for page in pages for one in resources(page) for _, value in held(one)]
    expect(len(values) == len(set(values)), "chaque événement une fois", sorted(values))
    expect_equal("les événements qui manquent", [], sorted({event.value for event in events} - set(values)))


def includes_once(answer: Exchange) -> None:
    """Schedule, Practitioner and PractitionerRole come with the slots, none twice; a Location may come too."""
    found = [(str(one.get("resourceType")), str(one.get("id"))) for one in resources(answer, "include")]
    expect(len(found) == len(set(found)), "chaque ressource incluse une fois", sorted(found))
    missing = sorted({"Practitioner", "PractitionerRole", "Schedule"} - {kind for kind, _ in found})
    expect_equal("ce qui manque aux ressources incluses", [], missing)


def describes_itself(answer: Exchange) -> None:
    """A CapabilityStatement of FHIR R4."""
    told = (answer.status, answer.answer_resource.get("resourceType"), answer.answer_resource.get("fhirVersion"))
    expect_equal("la description", (200, "CapabilityStatement", "4.0.1"), told)


def in_paris(starts: Iterable[datetime]) -> list[str]:
    """What the clocks of Paris show at these instants."""
    return [start.astimezone(ZoneInfo(PARIS)).strftime("%H:%M") for start in starts]


def _day(day: date) -> tuple[str, str]:
    start = instant(datetime.combine(day, time()))
    return window(start, (start.astimezone(UTC) + timedelta(hours=23)))
