"""Whether what was done in the product was sent, and when silence can be held against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rules.exchange import Exchange
from rules.instants import parse_instant, wall_clock
from rules.reading import dig, text
from rules.selectors import APPOINTMENT_WRITES, BSP_BUSINESS, DONE, MES_BUSINESS, action
from rules.visits import Step, Visit

_OBSERVED = {"honore": "fulfilled", "non_honore": "noshow", "saisi_par_erreur": "entered-in-error"}
_CALLS = MES_BUSINESS | BSP_BUSINESS | APPOINTMENT_WRITES
_RESUMED = action("reprendre_envois")


def _status(expected: str) -> Callable[[Exchange, Step, str], bool]:
    return lambda write, _step, _zone: write.resource.get("status") == expected


def _moved(write: Exchange, step: Step, zone: str) -> bool:
    return parse_instant(write.resource.get("start")) in wall_clock(text(step.params.get("debut")), zone)


def _observed(write: Exchange, step: Step, _zone: str) -> bool:
    return write.resource.get("status") == _OBSERVED.get(text(step.params.get("constat")))


# What a write must carry for a step to have been sent.
LATER: Mapping[str, Callable[[Exchange, Step, str], bool]] = {
    "annuler_rendez_vous": _status("cancelled"),
    "confirmer_rendez_vous": _status("booked"),
    "deplacer_rendez_vous": _moved,
    "constater_rendez_vous": _observed,
}


def write_of(visit: Visit, place: int) -> Exchange | None:
    """The first write that carries a step of a rendez-vous, after the step before it."""
    step, since = visit.steps[place], visit.steps[place - 1].action.id if place else 0
    carries = LATER[step.name]
    return next((w for w in visit.writes if w.id > since and carries(w, step, visit.zone)), None)


def missing_write(visit: Visit, place: int) -> bool:
    return write_of(visit, place) is None


def is_judged(visit: Visit, step: Step, exchanges: Sequence[Exchange]) -> bool:
    """Whether the absence of a write can be held against the product.

    The event must be known to the service. A product that says why it waits (en_attente, refuse) is believed until its
    queue is said to be empty; one that says "sans_objet" is believed when something stood in the way: a refusal,
    an outage, an act of the usager.
    """
    stored = [w for w in visit.writes if DONE(w)]
    if step.name not in LATER or step.action.status != 200 or not stored or stored[0].id > step.action.id:
        return False
    said = dig(step.action.answer_json, "envoi", "etat")
    if said == "en_attente":
        resumed = [e for e in exchanges if e.id > step.action.id and _RESUMED(e) and e.status == 200]
        return any(dig(e.answer_json, "en_attente") == 0 for e in resumed) and not _hindered(exchanges, stored[0].id)
    return said == "envoye" or (said != "refuse" and not _hindered(exchanges, stored[0].id))


def _hindered(exchanges: Sequence[Exchange], since: int) -> bool:
    return any(
        e.id > since and (e.protocol == "acte" or (_CALLS(e) and not DONE(e)) or bool(e.entry.get("fault")))
        for e in exchanges
    )
