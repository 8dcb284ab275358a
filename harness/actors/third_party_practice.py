"""What scenarios have the professional, the product and the third-party agenda do (flow C)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from harness.actors import appointments, third_party_checks
from harness.actors.appointments import Appointment, accepted
from harness.actors.meetings import Day
from harness.actors.person import Person
from harness.actors.professional import Professional
from harness.actors.third_party_agenda import (
    OTHER_SYSTEM,
    SECTION,
    Event,
    ThirdPartyAgenda,
    booked_on,
    followed,
    resources,
    window,
)
from harness.dates import asked, instant
from harness.errors import NotTestableHere
from harness.expectations import expect_equal
from rules import Exchange

if TYPE_CHECKING:
    from harness.scene import Scene

ENORMOUS = 2_000_000
"""Characters of a comment: R4 allows a text of one million (datatypes.html#string)."""
MINUTES = 30


def agenda(scene: Scene, professional: Professional) -> ThirdPartyAgenda:
    """The agenda that this professional chose."""
    return ThirdPartyAgenda(scene, professional)


def new_professional(scene: Scene) -> Professional:
    """A professional of the product, who has an agenda elsewhere. Raises ServiceNotClaimed, ApiNotExposed."""
    return followed(scene)


# -- in the product


def opening(start: datetime, end: datetime, **more: Any) -> dict[str, Any]:
    """An availability (wall clock of Paris), as the vocabulary takes it."""
    return {"debut": asked(start), "fin": asked(end), **more}


def declare(scene: Scene, professional: Professional, *openings: Mapping[str, Any]) -> None:
    """Have the product keep when a professional receives, and when she is away; appointments of half an hour."""
    told = {"disponibilites": list(openings), "duree_minutes": MINUTES}
    accepted(scene.product.act("declarer_disponibilites", professionnel=professional, **told))


def receives(scene: Scene, professional: Professional, day: Day, start: time, end: time) -> None:
    """She receives that day only."""
    declare(scene, professional, opening(day.at(scene, start), day.at(scene, end)))


def receives_daily(scene: Scene, professional: Professional, start: time, end: time, away: Day | None = None) -> None:
    """She receives every day from tomorrow on, but on one where she is away."""
    openings = [opening(Day(1).at(scene, start), Day(1).at(scene, end), frequence="DAILY")]
    if away is not None:
        midnight = away.at(scene, time())
        openings.append(opening(midnight, midnight + timedelta(days=1), type="busy-unavailable"))
    declare(scene, professional, *openings)


def typed(scene: Scene, usager: Person, professional: Professional, day: Day, hour: time) -> Appointment:
    """An appointment of this usager with this professional, typed in the DUI."""
    named = {"nom": professional.family_name, "prenom": professional.given_name, "rpps": professional.national_id[1:]}
    return appointments.create(scene, usager, day.at(scene, hour), professionnel=named, saisi_dans="dui")


def next_autumn(scene: Scene) -> datetime:
    """Midnight (naive, Paris) of the next day that has an hour twice, in two days at the earliest."""
    day = Day(2).at(scene, time())
    while _offset(day) <= _offset(day + timedelta(days=1)):
        day += timedelta(days=1)
    return day


def _offset(day: datetime) -> timedelta:
    return instant(day).utcoffset() or timedelta()


def require_slots(starts: Sequence[datetime]) -> None:
    """Go on only if the product offers slots as far as that. Raises NotTestableHere."""
    if not starts:
        raise NotTestableHere("le produit n'offre pas de créneaux aussi loin dans l'avenir")


# -- by the third-party agenda


def at(scene: Scene, professional: Professional, day: Day, hour: time, **elements: Any) -> Event:
    """A new event of this professional. elements: of the Appointment, besides what is usual."""
    return Event(professional, instant(day.at(scene, hour)), elements=elements)


def push_new(scene: Scene, event: Event) -> Event:
    """Send an event that the product does not know yet."""
    third_party_checks.written(agenda(scene, event.professional).push(event), 201)
    return event


def push_known(scene: Scene, event: Event) -> Event:
    """Send the new state of an event that the product knows."""
    third_party_checks.written(agenda(scene, event.professional).push(event), 200)
    return event


def push_under_other_system(scene: Scene, event: Event) -> Event:
    """Send another event, two hours later, whose identifier has the same value under another system."""
    return push_new(scene, replace(event, system=OTHER_SYSTEM, start=event.start + timedelta(hours=2)))


def push_stale(scene: Scene, event: Event) -> Exchange:
    """Change an event from the version before the last: the answer."""
    with_agenda = agenda(scene, event.professional)
    known = with_agenda.read(third_party_checks.written(with_agenda.push(event)))
    third_party_checks.written(with_agenda.push(replace(event, start=event.start + timedelta(hours=1))))
    return with_agenda.push(event, if_match=known.answer_header("ETag") or 'W/"1"')


def post_twice(scene: Scene, event: Event) -> Event:
    """Create the same event twice, without a condition; the second time may be refused."""
    with_agenda = agenda(scene, event.professional)
    third_party_checks.written(with_agenda.post(event), 201)
    with_agenda.post(event)
    return event


def push_once_more(scene: Scene, event: Event) -> tuple[int, Exchange]:
    """Send the same event once more; how many events bore its identifier before, and the answer."""
    with_agenda = agenda(scene, event.professional)
    return len(resources(with_agenda.event(event))), with_agenda.push(event)


def on_slot(scene: Scene, professional: Professional, day: Day, hour: time) -> Event:
    """A new event on the free slot that begins then."""
    start = instant(day.at(scene, hour))
    slot = third_party_checks.slot_at(agenda(scene, professional), start)
    return booked_on(Event(professional, start), str(slot.get("id")))


def book(scene: Scene, event: Event) -> Event:
    """Book the slot of this event."""
    third_party_checks.written(agenda(scene, event.professional).post(event), 201)
    return event


def book_at_once(scene: Scene, event: Event) -> list[Exchange]:
    """Book the slot of this event twice at the same time, for two events: the answers."""
    return agenda(scene, event.professional).at_once([event, replace(event, value=f"{event.value}-bis")])


def enormous(event: Event) -> Event:
    """The same event, with a comment beyond all measure."""
    return replace(event, elements={**event.elements, "comment": "a" * ENORMOUS})


def close_agenda(scene: Scene, professional: Professional, day: date) -> None:
    """Delete the agenda of a professional, who has slots that day."""
    with_agenda = agenda(scene, professional)
    found = resources(third_party_checks.free_on(with_agenda, day).answer, "include")
    ids = [str(one.get("id")) for one in found if one.get("resourceType") == "Schedule"]
    expect_equal("les agendas du professionnel", 1, len(ids))
    answer = with_agenda.close_agenda(ids[0])
    expect_equal("la suppression acceptée (HTTP 200 ou 204)", True, answer.status in (200, 204))


def span_of(scene: Scene, day: Day, start: time, end: time, writing: str = "decalage") -> tuple[str, str]:
    """Bounds of a search (see `window`)."""
    return window(instant(day.at(scene, start)), instant(day.at(scene, end)), writing)


def stranger(scene: Scene, professional: Professional, token: str = "") -> ThirdPartyAgenda:
    """Somebody else, who shows this token or none."""
    scene.require_api(SECTION)
    return ThirdPartyAgenda(scene, professional, token)
