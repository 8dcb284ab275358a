"""Tables of rules/third_party_writes.py and third_party_slots.py."""

from __future__ import annotations

from typing import Any

from tests.rules.cases import Case
from tests.rules.cases.third_party import (
    BASE,
    LATER,
    LATER_END,
    ONE,
    OTHER_SYSTEM,
    OURS,
    OUTCOME,
    ROLE,
    START,
    STRANGER,
    TWO,
    event,
    found,
    participant,
    posted,
    pushed,
    slot,
    slots,
)
from tests.rules.journal import Entry, action, http

ELSEWHERE = event(identifier=[{"system": OTHER_SYSTEM, "value": "e1"}])
ON_SLOT = event(slot=[{"reference": "Slot/s1"}])
RIVAL = event("e2", slot=[{"reference": "Slot/s1"}])
CANCELLED = {**ON_SLOT, "status": "cancelled"}
NAIVE = event(start="2024-10-28T09:00:00")
WRONG = [
    event(status=None),
    event(status="reserve"),
    event(participant=None),
    event(participant=[{"status": "accepted"}]),
    event(participant=[participant(status="oui")]),
    event(end=None),
    event(start=None, end=None),
    event(resourceType="Slot"),
]


def etag(version: int) -> dict[str, Any]:
    return {"answer_headers": (("ETag", f'W/"{version}"'),)}


def matching(version: int, status: int, **more: Any) -> Entry:
    """Update under the condition of a version."""
    return pushed(status=status, headers=(("If-Match", f'W/"{version}"'),), **more)


def closed(status: int = 204) -> Entry:
    return http("serveur.agenda_tiers.schedule.delete", "DELETE", f"{BASE}/Schedule/a1", status=status, **ROLE)


def at_once(*creates: Entry, ms: int = 200) -> list[Entry]:
    """Creations sent at the same moment."""
    sent = {"envoye_a": "2024-10-20T08:00:00.000Z"}
    return [{**one, "context": {**one["context"], **sent}, "duration_ms": ms} for one in creates]


def receives(*openings: dict[str, Any]) -> list[Entry]:
    """Our professional is declared, and when she receives."""
    made = action("declarer_professionnel", {"professionnel": "p1"}, identifiant_national=OURS)
    return [made, action("declarer_disponibilites", professionnel="p1", disponibilites=list(openings))]


MONDAY = {"debut": "2024-10-28T09:00", "fin": "2024-10-28T10:00"}
DAILY = {"debut": "2024-10-21T09:00", "fin": "2024-10-21T10:00", "frequence": "DAILY"}
AWAY = {"debut": "2024-10-28T00:00", "fin": "2024-10-29T00:00", "type": "busy-unavailable"}
NIGHT = {"debut": "2024-10-20T02:00", "fin": "2024-10-20T03:00", "frequence": "DAILY"}
TWICE = (
    slot("n1", "2024-10-27T02:00:00+02:00", "2024-10-27T02:30:00+02:00"),
    slot("n2", "2024-10-27T02:00:00+01:00", "2024-10-27T02:30:00+01:00"),
)
TOO_LATE = slot(start="2024-10-28T10:00:00+01:00", end="2024-10-28T10:30:00+01:00")
TOO_EARLY = slot(start="2024-10-28T08:30:00+01:00", end=START)
AT_THE_FIRST = ["3 Bundle.entry[0].resource.start"]

WRITES = [
    Case(
        "AGD-055",
        accepted=[
            [pushed()],
            [pushed(), pushed(status=200)],
            [posted(), posted(name="2"), pushed(status=412)],
            [pushed(), pushed(status=None), pushed(status=201)],
        ],
        refused=[
            ([pushed(status=404, answer=OUTCOME)], ["1 statut HTTP"]),
            ([pushed(), pushed(status=201, name="2")], ["2 statut HTTP"]),
            ([pushed(), pushed(status=412, answer=OUTCOME)], ["2 statut HTTP"]),
            ([posted(), posted(name="2"), pushed(status=200)], ["3 statut HTTP"]),
        ],
        silent=[[], [pushed(status=422, answer=OUTCOME)], [pushed(status=None), pushed(status=200)]],
    ),
    Case(
        "AGD-056",
        accepted=[[pushed(), pushed(ELSEWHERE, name="2")]],
        refused=[
            ([pushed(), pushed(ELSEWHERE, 200)], ["2 Appointment.identifier"]),
            ([pushed(), pushed(ELSEWHERE, 412, answer=OUTCOME)], ["2 Appointment.identifier"]),
        ],
        silent=[[], [pushed(), pushed(status=200)], [pushed(), pushed(event("e2"), name="2")]],
    ),
    Case(
        "AGD-060",
        accepted=[[posted(), posted(status=409, answer=OUTCOME)], [posted(), posted(status=200)]],
        refused=[([posted(), posted(name="2")], ["2 Appointment"])],
        silent=[[], [posted()], [posted(), posted(event("e2"), name="2")]],
    ),
    Case(
        "AGD-062",
        accepted=[[posted(one, 422, answer=OUTCOME)] for one in WRONG] + [[posted("{", 400, answer=OUTCOME)]],
        refused=[([posted(one)], ["1 statut HTTP"]) for one in WRONG]
        + [
            ([posted("{", 500, answer="")], ["1 statut HTTP"]),
            ([posted(WRONG[0], 400, answer="non")], ["1 resourceType"]),
        ],
        silent=[[], [posted()], [posted(NAIVE)], [posted(WRONG[0], 401)], [posted(WRONG[0], **STRANGER)]],
    ),
    Case(
        "AGD-063",
        accepted=[
            [pushed(**etag(1)), pushed(status=200, **etag(2)), matching(1, 412, answer=OUTCOME)],
            [pushed(**etag(1)), matching(1, 200, **etag(2))],
        ],
        refused=[
            ([pushed(answer_headers=())], ["1 ETag"]),
            ([pushed(**etag(1)), pushed(status=200, **etag(2)), matching(1, 200, **etag(3))], ["3 If-Match"]),
        ],
        silent=[[], [pushed(status=422, answer=OUTCOME)]],
    ),
    Case(
        "AGD-066",
        accepted=[[posted(NAIVE, 400, answer=OUTCOME)], [posted(NAIVE, 422, answer=OUTCOME)]],
        refused=[
            ([posted(NAIVE)], ["1 Appointment.start"]),
            ([posted(event(end="2024-10-28T09:30"), 500, answer="")], ["1 Appointment.end"]),
        ],
        silent=[[], [posted()], [posted(NAIVE, 429, answer=OUTCOME)]],
    ),
]

TIMES = [
    Case(
        "AGD-057",
        accepted=[at_once(posted(ON_SLOT), posted(RIVAL, 409, answer=OUTCOME))],
        refused=[
            (at_once(posted(ON_SLOT), posted(RIVAL, name="2")), ["2 statut HTTP"]),
            (at_once(posted(ON_SLOT), posted(RIVAL, 500, answer="")), ["2 statut HTTP"]),
            (at_once(*[posted(one, 409, answer=OUTCOME) for one in (ON_SLOT, RIVAL)]), ["2 statut HTTP"]),
        ],
        silent=[
            [],
            at_once(posted(ON_SLOT)),
            at_once(posted(ON_SLOT), posted(RIVAL, name="2"), ms=0),
            at_once(posted(event()), posted(event("e2"), name="2")),
        ],
    ),
    Case(
        "AGD-058",
        accepted=[
            [posted(ON_SLOT), slots(found(TWO))],
            [posted(ON_SLOT), pushed(CANCELLED, 200), slots(found(ONE, TWO))],
        ],
        refused=[
            ([posted(ON_SLOT), slots(found(ONE, TWO))], ["2 Bundle.entry[0].resource"]),
            ([posted(ON_SLOT), pushed(CANCELLED, 200), slots(found(TWO))], ["3 Bundle.entry"]),
        ],
        silent=[
            [],
            [posted(), slots(found(ONE))],
            [posted(ON_SLOT, 409, answer=OUTCOME), slots(found(ONE))],
            [posted(ON_SLOT), pushed(CANCELLED, 200), pushed(event("e3"), name="3"), slots(found(TWO))],
        ],
    ),
    Case(
        "AGD-059",
        accepted=[
            [pushed(), slots(found(TWO))],
            [pushed(), pushed(event(start=LATER, end=LATER_END), 200), slots(found(ONE))],
            [pushed(), slots(found(slot(overbooked=True)))],
        ],
        refused=[
            ([pushed(), slots(found(ONE, TWO))], ["2 Bundle.entry[0].resource"]),
            ([pushed(event(status="proposed")), slots(found(ONE, TWO))], ["2 Bundle.entry[0].resource (banc)"]),
            (
                [pushed(), pushed(event(start=LATER, end=LATER_END), 200), slots(found(ONE, TWO))],
                ["3 Bundle.entry[1].resource"],
            ),
        ],
        silent=[
            [],
            [pushed(), pushed(event(status="cancelled"), 200), slots(found(ONE))],
            [pushed(event(participant=[participant("899990000002")])), slots(found(ONE))],
            [pushed(), slots(OUTCOME, status=400)],
        ],
    ),
    Case(
        "AGD-061",
        accepted=[[closed()], [closed(200), slots(found())]],
        refused=[
            ([closed(405)], ["1 statut HTTP"]),
            ([closed(), slots(found(ONE))], ["2 Bundle.entry[0].resource"]),
        ],
        silent=[[], [slots(found(ONE))], [closed(403)]],
    ),
    Case(
        "AGD-064",
        accepted=[
            [*receives(MONDAY), slots(found(ONE, TWO))],
            [*receives(DAILY), slots(found(ONE, TWO))],
            [*receives(DAILY, AWAY), slots(found())],
            [*receives(NIGHT), slots(found(TWICE[0]))],
        ],
        refused=[
            (
                [*receives(MONDAY), slots(found(TOO_LATE))],
                AT_THE_FIRST,
            ),
            (
                [*receives(DAILY), slots(found(TOO_EARLY))],
                AT_THE_FIRST,
            ),
            ([*receives(MONDAY, AWAY), slots(found(ONE))], AT_THE_FIRST),
            ([*receives(NIGHT), slots(found(*TWICE))], ["3 Bundle.entry[1].resource.start"]),
        ],
        silent=[
            [],
            [slots(found(ONE))],
            [*receives(MONDAY), action("retirer_disponibilite", professionnel="p1"), slots(found(ONE))],
        ],
    ),
]

CASES = WRITES + TIMES
