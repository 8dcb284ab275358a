"""Appointments of a FHIR agenda as the load writes them: what MES, the agenda manager and a product have in common."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import gevent

from load import resources
from load.ledger import Entry, Outcome, instant
from load.users.caller import Caller, Reply

FHIR = "application/fhir+json"
SYSTEM = "urn:oid:1.2.250.1.999.12.1"
"""System of the appointments that the generator makes (fictitious branch)."""
TRIES = 200  # of one appointment that the server asks to send later
PAGES = 50


@dataclass(frozen=True)
class Agenda:
    """One agenda that is written to.

    end: service. base: its FHIR address. owner: whose agenda, for the reconciliation. headers: of the calls.
    participants: FHIR actors of its appointments. search: query that finds them, without the dates.
    """

    end: str
    base: str
    owner: str
    headers: Mapping[str, str]
    participants: Sequence[Mapping[str, Any]]
    search: str


def read(caller: Caller, action: str, agenda: Agenda) -> None:
    """A search of thirty days, page by page, as `next` says."""
    low, high = caller.book.window()
    url = f"{agenda.base}/Appointment?{agenda.search}&date=ge{instant(low)}&date=lt{instant(high)}"
    for _ in range(PAGES):
        reply = caller.call(action, "GET", url, expect=(200,), headers={**agenda.headers, "Accept": FHIR})
        url = next((link["url"] for link in reply.body.get("link", ()) if link.get("relation") == "next"), "")
        if not url:
            return


def create(caller: Caller, action: str, agenda: Agenda) -> None:
    """A new appointment, by POST."""
    entry = _new(caller, agenda)
    reply = _write(caller, action, "POST", agenda, entry, expect=(201,))
    _keep(caller, replace(entry, outcome=_outcome(reply, 201)))


def bring(caller: Caller, action: str, agenda: Agenda) -> None:
    """A new appointment by conditional PUT, as a synchronisation sends it: again when asked to wait, or unanswered.

    Sent again under the same identifier: a lost answer can be made up for (FHIR R4, http, conditional update).
    """
    entry = _new(caller, agenda)
    for _ in range(TRIES):
        reply = _write(caller, action, "PUT", agenda, entry, expect=(200, 201, 429, 503))
        if caller.book.over or (reply.status not in (429, 503) and not reply.lost):
            break
        gevent.sleep(reply.wait_s)
    _keep(caller, replace(entry, outcome=_outcome(reply, 200, 201)))


def change(caller: Caller, action: str, agenda_of: Any) -> None:
    """Move an appointment of this process, or cancel it; a first one is made when there is none.

    agenda_of: the agenda of an owner (by its name), or any when it is None.
    """
    own = caller.book.own[action.partition(".")[0]]
    if not own:
        create(caller, action, agenda_of(None))
        return
    entry = own.popleft()
    agenda = agenda_of(entry.owner)
    cancelled = caller.book.random.random() < 0.2
    wanted = (
        replace(entry, status="cancelled")
        if cancelled
        else replace(entry, start=instant(caller.book.new_start(entry.owner)))
    )
    reply = _write(caller, action, "PUT", agenda, wanted, expect=(200,))
    if reply.status == 200:
        _keep(caller, wanted)
    else:
        caller.book.note(entry.unsure() if reply.lost else entry)


def _new(caller: Caller, agenda: Agenda) -> Entry:
    start = instant(caller.book.new_start(agenda.owner))
    return Entry(f"{SYSTEM}|{uuid.uuid4()}", agenda.end, agenda.owner, start, "booked", "incertain")


def _write(caller: Caller, action: str, method: str, agenda: Agenda, entry: Entry, *, expect: Any) -> Reply:
    when = datetime.fromisoformat(entry.start).astimezone(UTC)
    body = resources.appointment(entry.key, when, agenda.participants, status=entry.status)
    query = f"?identifier={quote(entry.key, safe='')}" if method == "PUT" else ""
    headers = {**agenda.headers, "Content-Type": FHIR, "Accept": FHIR}
    return caller.call(action, method, f"{agenda.base}/Appointment{query}", expect=expect, body=body, headers=headers)


def _outcome(reply: Reply, *done: int) -> Outcome:
    if reply.status in done:
        return "accepte"
    return "incertain" if reply.lost else "refuse"


def _keep(caller: Caller, entry: Entry) -> None:
    """Write it in the ledger; what is made and still stands may be changed later."""
    caller.book.note(entry)
    if entry.outcome == "accepte" and entry.status == "booked":
        caller.book.own[entry.end].append(entry)
