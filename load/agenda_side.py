"""The product as the server of an agenda, around a load: agendas opened beforehand, what they hold when it is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from math import ceil
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx

from harness.actors.professional import Professional
from harness.dates import PARIS, asked
from harness.errors import ProductUnreachable, SetUpError
from harness.registrations import Registration
from harness.scene import Scene
from load.ledger import Entry, same_instant
from load.profile import Profile
from load.reconcile import Seen
from load.sandbox_stage import ins

SECTION = "agenda_tiers"
NEEDED = frozenset({"declarer_professionnel", "declarer_disponibilites"})
"""Actions without which the agenda of a product is not loaded: its slots would be those of real life."""
PROFESSIONALS = "urn:oid:1.2.250.1.71.4.2.1"
OPENS, CLOSES, MINUTES = time(8), time(18), 30
SLOTS_A_DAY = 20
PAGES = 500

Told = Mapping[str, Any]


def agenda_scene(scene: Scene, registration: Registration, profile: Profile) -> dict[str, Any]:
    """Fresh professionals of the product and when they receive; how the generator calls their agenda as a third party.

    An agenda is named by the national identifier of its professional. Raises SetUpError when the product offers fewer
    slots than a race needs, ProductUnreachable.
    """
    fought = profile.arrivals.shape == "vagues"
    days = ceil(profile.arrivals.rounds / SLOTS_A_DAY) if fought else 1
    numbers = [_opened(scene, days) for _ in range(max(1, profile.professionals))]
    told: dict[str, Any] = {
        "base": registration.api.rstrip("/"),
        "headers": {"Authorization": f"Bearer {registration.facts['jeton']}"},
        "agendas": [{"identifier": number, "schedule": number} for number in numbers],
        "people": [ins(scene.tenant.new_person()) for _ in range(max(1, profile.people))],
    }
    if fought:
        told["rounds"] = _rounds(told, profile.arrivals.rounds)
    return told


def _opened(scene: Scene, days: int) -> str:
    """A professional who receives on the coming days; her national identifier."""
    made = Professional.from_json(scene.tenant.call("POST", "/professionnels", {}))
    today = scene.now().astimezone(ZoneInfo(PARIS)).date()
    dates = [today + timedelta(days=rank) for rank in range(1, days + 1)]
    openings = [
        {"debut": asked(datetime.combine(date, OPENS)), "fin": asked(datetime.combine(date, CLOSES))} for date in dates
    ]
    told = {"disponibilites": openings, "duree_minutes": MINUTES}
    done = scene.product.act("declarer_disponibilites", professionnel=made, **told)
    if done.refused:
        raise SetUpError(f"le produit refuse des disponibilités : {done.message} ({done.error}).")
    return made.national_id


def _rounds(told: Told, rounds: int) -> list[list[dict[str, str]]]:
    """The slots of each round: one of each agenda, at the same rank."""
    offered = [_free(told, one["identifier"]) for one in told["agendas"]]
    least = min(map(len, offered))
    if least < rounds:
        raise SetUpError(f"la course demande {rounds} créneaux libres par professionnel ; le produit en offre {least}.")
    return [[slots[turn] for slots in offered] for turn in range(rounds)]


def _free(told: Told, number: str) -> list[dict[str, str]]:
    """Free slots of a professional, by start."""
    whose = f"schedule.actor:Practitioner.identifier={_token(number)}"
    found = list(_search(told, f"Slot?{whose}&start=ge{_today()}&status=free&_count=100"))
    return [
        {"id": slot["id"], "start": slot["start"], "end": slot["end"], "identifier": number, "schedule": number}
        for slot in sorted(found, key=lambda slot: datetime.fromisoformat(slot["start"]))
    ]


def held(told: Told) -> list[Seen]:
    """Every event of these professionals, as the product shows it to their agenda. Raises ProductUnreachable."""
    found: list[Seen] = []
    for one in told["agendas"]:
        number = one["identifier"]
        query = f"Appointment?practitioner.identifier={_token(number)}&date=ge{_today()}&_count=100"
        found += [_seen(event, number) for event in _search(told, query)]
    return found


def offered_still(told: Told, entries: Sequence[Entry]) -> list[str]:
    """Slots fought for and won that the product still offers. Raises ProductUnreachable."""
    won = {entry.slot for entry in entries if entry.slot and entry.outcome == "accepte"}
    free = {slot["id"] for one in told["agendas"] for slot in _free(told, one["identifier"])} if won else set()
    return sorted(won & free)


def _seen(event: Mapping[str, Any], number: str) -> Seen:
    named: Mapping[str, str] = next(iter(event.get("identifier") or ()), {})
    key = f"{named.get('system', '')}|{named.get('value', '')}" if named else ""
    return Seen(key, number, same_instant(event.get("start", "")), str(event.get("status", "")))


def _search(told: Told, query: str) -> Iterator[dict[str, Any]]:
    """What was searched for, from every page; not what comes with it."""
    kind = query.partition("?")[0]
    url = f"{told['base']}/{query}"
    with httpx.Client(headers=told["headers"], timeout=60, trust_env=False) as http:
        for _ in range(PAGES):
            page = _page(http, url)
            resources = (entry["resource"] for entry in page.get("entry", ()))
            yield from (one for one in resources if one["resourceType"] == kind)
            url = next((link["url"] for link in page.get("link", ()) if link.get("relation") == "next"), "")
            if not url:
                return


def _page(http: httpx.Client, url: str) -> dict[str, Any]:
    try:
        answer = http.get(url)
        answer.raise_for_status()
        page: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProductUnreachable(f"L'agenda du produit ne se lit pas à {url} : {error}.") from error
    return page


def _token(number: str) -> str:
    return quote(f"{PROFESSIONALS}|{number}", safe="")


def _today() -> str:
    """Midnight in Paris, as a bound of a search."""
    return quote(datetime.combine(datetime.now(ZoneInfo(PARIS)).date(), time(), ZoneInfo(PARIS)).isoformat(), safe="")
