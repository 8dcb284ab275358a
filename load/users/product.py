"""The product driven as a client: the load asks it to act, and the sandbox sees what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from load.ledger import Entry, instant
from load.users.caller import Caller, Reply

PARIS = ZoneInfo("Europe/Paris")
_SAID = {"envoye": "accepte", "en_attente": "attente"}


def read(caller: Caller, action: str) -> None:
    """A family opens the agenda: the product reads Mon espace santé, then shows thirty days."""
    usager = caller.book.random.choice(_scene(caller)["usagers"])
    low, high = caller.book.window()
    days = {"du": low.date().isoformat(), "au": high.date().isoformat()}
    for name, more in (("synchroniser_agenda", {}), ("lire_agenda", {"vue": "portail"})):
        if name in _scene(caller)["actions"]:
            _act(caller, action, name, {"usager": usager["usager"], **days, **more})


def create(caller: Caller, action: str) -> None:
    """A professional types an appointment."""
    usager = caller.book.random.choice(_scene(caller)["usagers"])
    start = caller.book.new_start(usager["person"])
    asked = {"usager": usager["usager"], "debut": _typed(start), "intitule": "Séance de kinésithérapie"}
    reply = _act(caller, action, "creer_rendez_vous", {**asked, "saisi_dans": "dui"})
    named = reply.body.get("identifiant") or {}
    key = f"{named.get('system')}|{named.get('value')}" if named else f"@{usager['person']}@{instant(start)}"
    entry = Entry(key, "mes", usager["person"], instant(start), "booked", "incertain")
    if reply.status == 200:
        said = str(reply.body.get("envoi", {}).get("etat"))
        entry = replace(entry, outcome=_SAID.get(said, "refuse"), local_id=str(reply.body.get("rendez_vous", "")))  # type: ignore[arg-type]
    elif not reply.lost:
        entry = replace(entry, outcome="refuse")
    _keep(caller, entry)


def change(caller: Caller, action: str) -> None:
    """The appointment is moved, or cancelled."""
    own = caller.book.own["pilote"]
    if not own:
        create(caller, action)
        return
    entry = own.popleft()
    if caller.book.random.random() < 0.2:
        wanted = replace(entry, status="cancelled")
        reply = _act(caller, action, "annuler_rendez_vous", {"rendez_vous": entry.local_id})
    else:
        start = caller.book.new_start(entry.owner)
        wanted = replace(entry, start=instant(start))
        reply = _act(caller, action, "deplacer_rendez_vous", {"rendez_vous": entry.local_id, "debut": _typed(start)})
    if reply.status == 200:
        said = str(reply.body.get("envoi", {}).get("etat"))
        _keep(caller, replace(wanted, outcome=_SAID.get(said, wanted.outcome)))  # type: ignore[arg-type]
    else:
        caller.book.note(entry.unsure() if reply.lost else entry)


def _act(caller: Caller, action: str, name: str, parameters: Mapping[str, Any]) -> Reply:
    return caller.call(action, "POST", f"{_scene(caller)['url']}/actions/{name}", expect=(200, 422), body=parameters)


def _typed(start: datetime) -> str:
    """The hour as it is read on the clock of the place."""
    return start.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M")


def _keep(caller: Caller, entry: Entry) -> None:
    caller.book.note(entry)
    if entry.local_id and entry.status == "booked" and entry.outcome != "refuse":
        caller.book.own["pilote"].append(entry)


def _scene(caller: Caller) -> Mapping[str, Any]:
    return caller.book.plan.scene["pilote"]


ACTIONS = {"pilote.lire": read, "pilote.creer": create, "pilote.modifier": change}
