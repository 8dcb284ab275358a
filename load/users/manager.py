"""An agenda manager under load: the sandbox's (`gap`), or the product's own agenda API (`agenda`)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from load import resources
from load.ledger import Entry, instant
from load.users import fhir
from load.users.caller import Caller

PROFESSIONALS = "urn:oid:1.2.250.1.71.4.2.1"
REFUSALS = (409, 412, 422)


def read(caller: Caller, action: str) -> None:
    fhir.read(caller, action, _agenda(caller, action))


def create(caller: Caller, action: str) -> None:
    fhir.create(caller, action, _agenda(caller, action))


def change(caller: Caller, action: str) -> None:
    fhir.change(caller, action, lambda owner: _agenda(caller, action, owner))


def slots(caller: Caller, action: str) -> None:
    """Free slots of several professionals over four days, as an aggregator asks for them."""
    scene = caller.book.plan.scene[action.partition(".")[0]]
    url = f"{scene['base']}/Slot?{slot_search(caller, [one['identifier'] for one in scene['agendas']])}"
    caller.call(action, "GET", url, expect=(200,), headers={**scene["headers"], "Accept": fhir.FHIR})


def slot_search(caller: Caller, known: list[str], days: int = 4) -> str:
    """Query of INT_R01 (fact sheet agenda-sas §2.3); unknown identifiers are well made, and nobody's."""
    draw, plan = caller.book.random, caller.book.plan
    least, median, most = plan.identifiers
    number = draw.randint(least, median) if draw.random() < 0.5 else draw.randint(median, most)
    asked = [
        f"8980{draw.randrange(10**8):08d}" if draw.random() < plan.unknown else draw.choice(known)
        for _ in range(number)
    ]
    who = quote(",".join(f"{PROFESSIONALS}|{one}" for one in dict.fromkeys(asked)), safe=",:")
    now = datetime.now(UTC)
    until = now.replace(hour=22, minute=0, second=0, microsecond=0) + timedelta(days=days - 1)
    return (
        f"start=ge{instant(now)}&start=le{instant(until)}&schedule.actor:Practitioner.identifier={who}"
        "&status=free&_include=Slot:schedule&_include:iterate=Schedule:actor"
    )


def race(caller: Caller, action: str) -> None:
    """One client of a round: ask for each slot of that round, each client beginning with another one."""
    end = action.partition(".")[0]
    scene, clients = caller.book.plan.scene[end], caller.book.plan.arrivals.clients
    turn, client = divmod(caller.rank, clients)
    wanted = scene["rounds"][turn]
    person = scene["people"][client % len(scene["people"])]
    for rank in range(len(wanted)):
        slot = wanted[(client + rank) % len(wanted)]
        _book(caller, action, scene, slot, person)


def _book(caller: Caller, action: str, scene: Mapping[str, Any], slot: Mapping[str, str], person: Any) -> None:
    end = action.partition(".")[0]
    start = datetime.fromisoformat(slot["start"])
    entry = Entry(
        f"{fhir.SYSTEM}|{uuid.uuid4()}", end, slot["schedule"], instant(start), "booked", "incertain", slot["id"]
    )
    actors = (resources.patient(person), _professional(slot["identifier"]))
    body = resources.appointment(entry.key, start, actors)
    body |= {"end": slot["end"], "slot": [{"reference": f"Slot/{slot['id']}"}]}
    body["minutesDuration"] = int((datetime.fromisoformat(slot["end"]) - start).total_seconds() // 60)
    headers = {**scene["headers"], "Content-Type": fhir.FHIR, "Accept": fhir.FHIR}
    reply = caller.call(
        action, "POST", f"{scene['base']}/Appointment", expect=(201, *REFUSALS), body=body, headers=headers
    )
    outcome = "accepte" if reply.status == 201 else "incertain" if reply.lost else "refuse"
    caller.book.note(replace(entry, outcome=outcome))  # type: ignore[arg-type]  # three of its values


def _agenda(caller: Caller, action: str, owner: str | None = None) -> fhir.Agenda:
    end = action.partition(".")[0]
    scene = caller.book.plan.scene[end]
    agendas: list[Mapping[str, Any]] = scene["agendas"]
    one = next((a for a in agendas if a["schedule"] == owner), None) or caller.book.random.choice(agendas)
    person = caller.book.random.choice(scene["people"])
    subject = quote(f"{person['system']}|{person['value']}", safe="")
    return fhir.Agenda(
        end=end,
        base=scene["base"],
        owner=one["schedule"],
        headers=scene["headers"],
        participants=(resources.patient(person), _professional(one["identifier"])),
        search=f"patient.identifier={subject}",
    )


def _professional(number: str) -> resources.Resource:
    return {"type": "Practitioner", "identifier": {"system": PROFESSIONALS, "value": number}}


_VERBS = {"lire": read, "creer": create, "modifier": change, "creneaux": slots, "course": race}
ACTIONS = {f"{end}.{verb}": play for end in ("gap", "agenda") for verb, play in _VERBS.items()}
