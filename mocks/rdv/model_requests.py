"""The life of a request (flows D(3) and D(4); banc, agenda-sas §4.2): asked, answered, agreed upon, cancelled.

Everything here runs in the write transaction, alone in its tenant: of two answers at once, the second sees the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from mocks.agendas import State
from mocks.fhir import Resource
from mocks.fhir.dates import interval, micros
from mocks.rdv import model_software
from mocks.rdv.errors import refusal
from mocks.rdv.model_software import Speaker
from mocks.rdv.participants import AGREED, Guest, agreed, answering, guests, invited
from mocks.rdv.tables import REQUESTS
from mocks.store import Statement

_R = REQUESTS.c
_ONE = Statement(select(REQUESTS).where(_R.tenant == bindparam("tenant"), _R.appointment == bindparam("wanted")))
_LATE = Statement(
    select(REQUESTS).where(_R.tenant == bindparam("tenant"), _R.deadline > 0, _R.deadline <= bindparam("now"))
)
_FORGET = Statement(delete(REQUESTS).where(_R.tenant == bindparam("where"), _R.appointment == bindparam("which")))
_INSERT = Statement(insert(REQUESTS))
OPEN = ("proposed", "pending")
OVER = ("cancelled", "entered-in-error")
_REASONS = ("reasonCode", "reasonReference", "comment")
Note = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What the block knows of a request besides its Appointment. client_id: who asked; proposer: whose time it is."""

    client_id: str
    proposer: str
    deadline: int


@dataclass(slots=True)
class Said:
    """What a write says, as the journal's context shows it. changed: answers that differ, by whom they are said."""

    what: str = "rien"
    changed: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self, appointment: Resource, by: str) -> dict[str, Any]:
        """For `context.rendez_vous_pro`."""
        return {"quoi": self.what, "par": by, "reponses": self.changed, "statut": appointment.get("status")}


def of(state: State, id_: str) -> Request | None:
    """The request behind an appointment, or None."""
    row = state.session.first(_ONE, tenant=state.tenant.name, wanted=id_)
    return None if row is None else Request(row.client_id, row.proposer, row.deadline)


def late(state: State) -> list[str]:
    """Ids of the appointments that nobody may answer any more."""
    return [row.appointment for row in state.session.all(_LATE, tenant=state.tenant.name, now=micros(state.now))]


def close(state: State, id_: str) -> None:
    """No deadline runs any more."""
    known = of(state, id_)
    if known is not None and known.deadline:
        _keep(state, id_, Request(known.client_id, known.proposer, 0))


def ask(state: State, id_: str, speaker: Speaker, new: Resource, note: Note) -> Said:
    """A request comes in; its status is set in place. Raises FhirError 403, 422."""
    _check_request(state, new, note)
    known = invited(state, new)
    for guest in known.values():
        _check_first_answer(state, speaker, guest)
    if not any(not speaker.holds(state, name) for name in known):
        raise refusal("invites-absents")
    _keep(state, id_, Request(speaker.client_id, "", _deadline(state)))
    new["status"] = _status(state, new, speaker.client_id, "")
    return Said("demande", [{"professionnel": name, "vers": guest.answer} for name, guest in known.items()])


def answer(state: State, id_: str, speaker: Speaker, old: Resource, new: Resource, note: Note) -> Said:
    """An answer comes in; what it may not change is put back in place. Raises FhirError 403, 409, 422."""
    request = of(state, id_) or Request(speaker.client_id, "", 0)
    before, after = invited(state, old), invited(state, new)
    asker = speaker.client_id == request.client_id and not speaker.alone
    own = [name for name in before if speaker.holds(state, name)]
    if not asker and not own:
        raise refusal("etranger")
    if old["status"] in OVER:
        raise refusal("demande-close")
    if not asker and before.keys() != after.keys():
        raise refusal("invites-changes")
    if new.get("status") in OVER:
        return _cancel(old, new)
    if not asker and _time(old) != _time(new) and any(_newly_accepts(before, after, name) for name in own):
        raise refusal("proposition-depassee")
    said = _answers(state, speaker, old, new, note, asker=asker)
    if old["status"] not in OPEN:
        return _after(old, new, said)
    proposer = request.proposer
    if said.what == "refuse" and not asker:
        _keep_time(old, new)  # a refusal may come with an old copy
    if _time(old) != _time(new):
        proposer = _other_time(state, new, said, own, asker=asker)
        if new.get("slot") == old.get("slot"):
            new.pop("slot", None)  # it is of the other time
        _keep(state, id_, Request(request.client_id, proposer, _deadline(state)))
    new["status"] = _status(state, new, request.client_id, proposer)
    if new["status"] == "booked":
        accepted = [place for guest in guests(state, new).values() if guest.needed for place in guest.places]
        new["participant"] = answering(new, dict.fromkeys(accepted, AGREED))
    return said


def _check_request(state: State, new: Resource, note: Note) -> None:
    if new.get("status") not in OPEN:
        raise refusal("statut-initial")
    if not any(one.get("system") and one.get("value") for one in new.get("identifier", ())):
        raise refusal("identifiant-absent")
    if _time(new) is None:
        raise refusal("horaire-absent")
    if not any(new.get(element) for element in _REASONS):
        if state.setting("motif") == "refuser":
            raise refusal("motif-absent")
        note("motif-absent", "la demande ne dit pas son motif")


def _check_first_answer(state: State, speaker: Speaker, guest: Guest) -> None:
    """The asker may say yes for her own; whoever is known to nobody yet becomes one of hers by that."""
    if guest.answer == "needs-action" or speaker.holds(state, guest.professional):
        return
    if model_software.holders(state.session, state.tenant.name, guest.professional):
        raise refusal("reponse-d-autrui")
    model_software.hold(state.session, state.tenant.name, speaker.client_id, [guest.professional])


def _answers(state: State, speaker: Speaker, old: Resource, new: Resource, note: Note, *, asker: bool) -> Said:
    """Compare the answers; one of somebody else that is merely older than ours is put back, another one is refused."""
    said, before = Said(), invited(state, old)
    back: dict[int, str] = {}
    for name, guest in invited(state, new).items():
        known = before.get(name)
        if known is None or known.answer == guest.answer:
            continue
        nobodys = asker and not model_software.holders(state.session, state.tenant.name, name)
        own = speaker.holds(state, name) or nobodys
        said.changed.append({"professionnel": name, "de": known.answer, "vers": guest.answer, "sienne": own})
        if own:
            said.what = {AGREED: "accepte", "declined": "refuse", "tentative": "reserve"}.get(guest.answer, "attend")
        elif guest.answer in _past(state, old, name):
            note("copie-perimee", f"réponse de {name} absente de la copie reçue : celle que le bloc a reçue est gardée")
            said.changed[-1]["perimee"] = True
            back |= dict.fromkeys(guest.places, known.answer)
        else:
            raise refusal("reponse-d-autrui")
    if back:
        new["participant"] = answering(new, back)
    return said


def _newly_accepts(before: Mapping[str, Guest], after: Mapping[str, Guest], name: str) -> bool:
    return name in after and after[name].answer == AGREED != before[name].answer


def _past(state: State, appointment: Resource, name: str) -> set[str]:
    """What a professional has answered since the beginning: an old copy may still say it."""
    repository, id_ = state.repository, str(appointment["id"])
    versions = repository.history(state.session, state.tenant.name, "Appointment", id_)
    found = [invited(state, version.resource).get(name) for version in versions if not version.deleted]
    return {guest.answer for guest in found if guest is not None}


def _cancel(old: Resource, new: Resource) -> Said:
    """Only the status and the reason are taken from the write."""
    if new["status"] == "cancelled" and not new.get("cancelationReason"):
        raise refusal("motif-annulation-absent")
    kept: Resource = {name: new[name] for name in ("status", "cancelationReason", "comment") if name in new}
    new.clear()
    new.update({**old, **kept})
    return Said("annule")


def _after(old: Resource, new: Resource, said: Said) -> Said:
    """A booked appointment is followed (arrived, fulfilled, noshow); neither its time nor its answers change."""
    if _time(old) != _time(new) or any(one["sienne"] for one in said.changed):
        raise refusal("rendez-vous-conclu")
    if new.get("status") in OPEN:  # a copy from before it was concluded
        new["status"] = old["status"]
    return said


def _keep_time(old: Resource, new: Resource) -> None:
    for element in ("start", "end", "minutesDuration", "slot"):
        new.pop(element, None)
        new.update({element: old[element]} if element in old else {})


def _other_time(state: State, new: Resource, said: Said, own: list[str], *, asker: bool) -> str:
    """Another time is proposed: everybody else must answer anew. Gives the professional whose time it is."""
    mine = {name: guest for name, guest in invited(state, new).items() if name in own}
    tentative = [name for name, guest in mine.items() if guest.answer == "tentative"]
    if not asker and not tentative:
        raise refusal("contre-proposition")
    said.what = "propose"
    others = [guest for name, guest in invited(state, new).items() if name not in own]
    again = {place: "needs-action" for guest in others for place in guest.places}
    new["participant"] = answering(new, again)
    return next(iter(tentative), next(iter(own), ""))


def _status(state: State, appointment: Resource, asker: str, proposer: str) -> str:
    """`booked` once everybody agrees, `pending` once somebody else than the asker does."""
    if agreed(state, appointment, proposer):
        return "booked"
    for name, guest in invited(state, appointment).items():
        hers = asker in model_software.holders(state.session, state.tenant.name, name)
        if guest.answer == AGREED and not hers:
            return "pending"
    return "proposed"


def _time(appointment: Resource) -> tuple[int, int] | None:
    try:
        return interval(appointment["start"])[0], interval(appointment["end"])[0]
    except (KeyError, ValueError, TypeError):
        return None


def _deadline(state: State) -> int:
    hours = float(state.setting("delai_reponse_h"))
    return micros(state.now + timedelta(hours=hours)) if hours > 0 else 0


def _keep(state: State, id_: str, request: Request) -> None:
    state.session.write(_FORGET, where=state.tenant.name, which=id_)
    told = {"client_id": request.client_id, "proposer": request.proposer, "deadline": request.deadline}
    state.session.write(_INSERT, tenant=state.tenant.name, appointment=id_, **told)
