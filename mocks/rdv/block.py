"""What the block does by itself: conclude, write in the agendas, cancel what nobody answered in time (banc)."""

from __future__ import annotations

from mocks.agendas import State, model_actors, model_booking
from mocks.fhir import Resource
from mocks.journal import events
from mocks.rdv import model_deliveries, model_requests, model_software, usagers
from mocks.rdv.participants import invited

TOO_LATE = {"text": "Délai de réponse dépassé"}


def concluded(state: State, id_: str, old: Resource | None, new: Resource) -> bool:
    """Have an appointment written in every agenda when it becomes booked, or is cancelled after; whether it does."""
    before, after = (old or {}).get("status"), new["status"]
    if after in (*model_requests.OVER, "booked"):
        model_requests.close(state, id_)
    undone = after == "cancelled" and before not in (None, *model_requests.OPEN)
    if before == after or not (after == "booked" or undone):
        return False
    model_deliveries.want(state.session, state.tenant.name, id_, _agendas(state, id_, new))
    usagers.write(state, id_, new)
    return True


def close_late(state: State) -> None:
    """Cancel the requests whose deadline has passed; each is an act."""
    for id_ in model_requests.late(state):
        state.session.begin()
        model_requests.close(state, id_)
        stored = state.get("Appointment", id_)
        if stored is None or stored.resource["status"] not in model_requests.OPEN:
            continue
        before = stored.resource
        after = {**before, "status": "cancelled", "cancelationReason": TOO_LATE}
        model_booking.book(state, id_, after, before, exclusive=False)
        state.put(after, stored)
        person = next(iter(model_actors.persons_of(state, after)), None)
        events.act(state.session, state.tenant, "rdv.bloc.delai_depasse", person, {"rendez_vous": id_})


def _agendas(state: State, id_: str, appointment: Resource) -> list[str]:
    """The software of everybody invited, and of who asked, that has an agenda where to write."""
    request = model_requests.of(state, id_)
    clients = {request.client_id} if request is not None else set()
    for name in invited(state, appointment):
        clients |= set(model_software.holders(state.session, state.tenant.name, name))
    known = {one.client_id for one in model_software.all_of(state.session, state.tenant.name) if one.agenda}
    return sorted(clients & known)
