"""GET /fhir/$creneaux-communs: when are all these professionals free together (banc: no text has this operation)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, request

from mocks.agendas import State, guard, model_actors, model_slots
from mocks.call import current_call
from mocks.fhir import FhirError
from mocks.fhir.dates import micros
from mocks.fhir.web import answer, check_accept, query_of, refusal
from mocks.rdv import block, usagers
from mocks.rdv.common import Common, Free, common
from mocks.rdv.errors import refusal as refused
from mocks.rdv.fhir_api import MANAGER

MOST_PROFESSIONALS, MOST_DAYS, MOST_FOUND = 25, 62, 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = 60_000_000


def common_slots() -> Response:
    """The times found, as Parameters; none is no error."""
    call = current_call()
    try:
        guard.authenticate(call)
        check_accept(call)
        state = MANAGER.state_of(call)
        block.close_late(state)
        asked = query_of(call, request.query_string.decode("latin-1"))
        usager = next((value for name, value in asked if name == "usager"), "")
        person = model_actors.person_named(state, [usager]) if usager else None
        call.identify(person)
        found = _found(state, asked, _busy(state, usager, person))
        call.context["creneaux_communs"] = {"trouves": len(found), "usager": person}
    except FhirError as error:
        call.context["refusal"] = error.issues[0].details[1] if error.issues[0].details else ""
        return refusal(error)
    return answer(200, {"resourceType": "Parameters", "parameter": [_shown(state, one) for one in found]}, {})


def _found(state: State, asked: Sequence[tuple[str, str]], busy: Sequence[tuple[int, int]]) -> list[Common]:
    names = [value for name, value in asked if name == "professionnel"]
    if not 1 <= len(names) <= MOST_PROFESSIONALS or len(set(names)) < len(names):
        raise refused("parametres", f"« professionnel » : de 1 à {MOST_PROFESSIONALS} identifiants, chacun une fois.")
    since, until = _instant(asked, "debut"), _instant(asked, "fin")
    since = max(since, state.now)
    if until - since > timedelta(days=MOST_DAYS):
        raise refused("parametres", f"La fenêtre est d'au plus {MOST_DAYS} jours.")
    minutes, most = _whole(asked, "duree", 30, 1440), _whole(asked, "maximum", 5, MOST_FOUND)
    agendas = [_free(state, name, micros(since), micros(until)) for name in names]
    return common(agendas, busy, minutes * _MINUTE, most)


def _free(state: State, name: str, low: int, high: int) -> list[Free]:
    schedules = model_actors.schedules_known_by(state, name) if "\x00" not in name else []
    if not schedules:
        raise refused("professionnel-inconnu", f"Identifiant demandé : « {name} ».")
    rows = [row for schedule in schedules for row in model_slots.free(state, schedule, low, high)]
    return [Free(row.low, row.high, row.id) for row in rows]


def _busy(state: State, usager: str, person: str | None) -> list[tuple[int, int]]:
    """When the usager is taken, which only she may let us know."""
    if not usager:
        return []
    if person is None or not usagers.agreed(state, person):
        raise refused("accord-requis")
    return usagers.busy(state, person)


def _instant(asked: Sequence[tuple[str, str]], wanted: str) -> datetime:
    text = next((value for name, value in asked if name == wanted), "")
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise refused(
            "parametres", f"« {wanted} » est un instant avec décalage (le + s'écrit %2B) ; reçu : « {text} »."
        )
    return read


def _whole(asked: Sequence[tuple[str, str]], wanted: str, usual: int, most: int) -> int:
    text = next((value for name, value in asked if name == wanted), str(usual))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= most:
        raise refused("parametres", f"« {wanted} » est un nombre entier de 1 à {most} ; reçu : « {text} ».")
    return int(text)


def _shown(state: State, time: Common) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [
        {"name": name, "valueInstant": (_EPOCH + timedelta(microseconds=at)).astimezone(state.zone).isoformat()}
        for name, at in (("debut", time.low), ("fin", time.high))
    ]
    slots = [slot for chain in time.slots for slot in chain]
    parts += [{"name": "creneau", "valueReference": {"reference": f"Slot/{slot}"}} for slot in slots]
    return {"name": "horaire", "part": parts}
