"""The agenda that a professional chose, as a client of the product: what it reads there, what it writes (flow C)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit
from zoneinfo import ZoneInfo

from harness.actors.person import Person
from harness.actors.product_api import Caller, ProductApi
from harness.actors.professional import Professional
from harness.dates import PARIS
from harness.expectations import expect
from rules import Exchange
from rules.instants import parse_instant
from rules.paging import next_link
from rules.reading import dig, shown
from rules.third_party import PRACTITIONERS, entries, matches

if TYPE_CHECKING:
    from harness.scene import Scene

SECTION, ROLE, STRANGER = "agenda_tiers", "agenda-tiers", "inconnu"
SYSTEM, OTHER_SYSTEM = "urn:oid:1.2.250.1.999.41.1", "urn:oid:1.2.250.1.999.41.2"
LENGTH = timedelta(minutes=30)
TITLE = "Consultation au cabinet"
INCLUDES = ("_include=Slot:schedule", "_include:iterate=Schedule:actor")
MANY_PAGES = 20


@dataclass(frozen=True)
class Event:
    """An event of the third-party agenda. elements: of the Appointment, besides what the other fields say."""

    professional: Professional
    start: datetime
    status: str = "booked"
    system: str = SYSTEM
    value: str = field(default_factory=lambda: f"evt-{secrets.token_hex(6)}")
    elements: dict[str, Any] = field(default_factory=dict)

    def resource(self) -> dict[str, Any]:
        """The Appointment, on the clock of Paris."""
        begin = self.start.astimezone(ZoneInfo(PARIS))
        end = (self.start.astimezone(UTC) + LENGTH).astimezone(ZoneInfo(PARIS))
        identifier = {"system": PRACTITIONERS, "value": self.professional.national_id}
        name = f"{self.professional.given_name} {self.professional.family_name}"
        person = {"type": "Practitioner", "identifier": identifier, "display": name}
        place = {"type": "Location", "display": "Cabinet de ville"}
        actors = [{"actor": actor, "required": "required", "status": "accepted"} for actor in (person, place)]
        usual = {
            "resourceType": "Appointment",
            "identifier": [{"system": self.system, "value": self.value}],
            "status": self.status,
            "description": TITLE,
            "start": begin.isoformat(timespec="seconds"),
            "end": end.isoformat(timespec="seconds"),
            "participant": actors,
        }
        return {name: value for name, value in {**usual, **self.elements}.items() if value is not None}


class ThirdPartyAgenda:
    """The agenda of a professional.

    token: what it shows to the product, its own by default; empty for nothing. With another one it is a stranger.
    """

    def __init__(self, scene: Scene, professional: Professional, token: str | None = None) -> None:
        self._professional = professional
        scene.require_api(SECTION)
        shown = str(scene.facts(SECTION)["jeton"]) if token is None else token
        headers = {"Authorization": f"Bearer {shown}"} if shown else {}
        self._api: ProductApi = scene.api(SECTION, Caller(ROLE if token is None else STRANGER, headers))

    # -- reading

    def metadata(self) -> Exchange:
        """The CapabilityStatement of the product."""
        return self._api.call("capabilities", "GET", "/metadata")

    def events(self, *more: str) -> Exchange:
        """Events of the professional (4b). more: other parameters, raw."""
        whose = f"practitioner.identifier={_token(PRACTITIONERS, self._professional.national_id)}"
        return self.search("appointment", [whose, *more])

    def events_of(self, person: Person) -> Exchange:
        """Events of a usager, under the INS."""
        return self.search("appointment", [f"patient.identifier={_token(f'urn:oid:{person.ins_oid}', person.ins)}"])

    def event(self, event: Event) -> Exchange:
        """The event that bears this identifier."""
        return self.search("appointment", [f"identifier={_token(event.system, event.value)}"])

    def slots(self, bounds: Sequence[str], *more: str) -> Exchange:
        """Slots of the professional (4a) in this window. more: other parameters, raw."""
        whose = f"schedule.actor:Practitioner.identifier={_token(PRACTITIONERS, self._professional.national_id)}"
        return self.search("slot", [whose, *(f"start={bound}" for bound in bounds), *more])

    def search(self, what: str, parameters: Sequence[str]) -> Exchange:
        """A search as it stands. what: `slot`, `appointment`."""
        return self._api.call(f"{what}.search", "GET", f"/{what.capitalize()}?{'&'.join(parameters)}")

    def next_page(self, page: Exchange) -> Exchange:
        """The page that follows, by the link as it stands. Raises AssertionError (French) without a link."""
        link = next_link(page)
        expect(bool(link), "un lien vers la page suivante", "aucun")
        following = _joined(self._api.base, link)
        expect(bool(following), "un lien vers la même adresse du produit", link)
        return self._api.call(page.operation.removeprefix(f"serveur.{SECTION}."), "GET", following)

    def all_pages(self, first: Exchange) -> list[Exchange]:
        """A search and the pages that follow it."""
        pages = [first]
        while next_link(pages[-1]) and len(pages) < MANY_PAGES:
            pages.append(self.next_page(pages[-1]))
        return pages

    # -- writing

    def push(self, event: Event, *, if_match: str = "") -> Exchange:
        """Conditional update on the identifier (6b): made when it is new."""
        target = f"/Appointment?identifier={_token(event.system, event.value)}"
        headers = {"If-Match": if_match} if if_match else {}
        return self._api.call("appointment.update", "PUT", target, body=event.resource(), headers=headers)

    def post(self, event: Event, together: Barrier | None = None) -> Exchange:
        """Plain creation (6a)."""
        return self._api.call("appointment.create", "POST", "/Appointment", body=event.resource(), together=together)

    def post_text(self, body: str) -> Exchange:
        """A creation whose body is this text."""
        return self._api.call("appointment.create", "POST", "/Appointment", body=body)

    def at_once(self, events: Sequence[Event]) -> list[Exchange]:
        """Creations sent at the same time."""
        ready = Barrier(len(events))
        with ThreadPoolExecutor(len(events)) as pool:
            return list(pool.map(lambda event: self.post(event, ready), events))

    def read(self, written: Exchange) -> Exchange:
        """The event that this write made, by its id."""
        return self._api.call("appointment.read", "GET", f"/Appointment/{written.answer_resource.get('id')}")

    def close_agenda(self, schedule: str) -> Exchange:
        """Delete an agenda (2c). schedule: its id."""
        return self._api.call("schedule.delete", "DELETE", f"/Schedule/{schedule}")


def followed(scene: Scene) -> Professional:
    """A professional of the product, who has an agenda elsewhere. Raises ServiceNotClaimed, ApiNotExposed."""
    scene.require_api(SECTION)
    made = Professional.from_json(scene.tenant.call("POST", "/professionnels", {}))
    scene.account(made)
    return made


def window(start: datetime, end: datetime, writing: str = "decalage") -> tuple[str, str]:
    """Bounds of a search: with the offset of Paris encoded, raw (`brut`), or in universal time (`universel`)."""
    return f"ge{_written(start, writing)}", f"le{_written(end, writing)}"


def booked_on(event: Event, slot: str) -> Event:
    """The same event, on that slot (id)."""
    return replace(event, elements={**event.elements, "slot": [{"reference": f"Slot/{slot}"}]})


def resources(search: Exchange, mode: str = "match") -> list[dict[str, Any]]:
    """What a search found, or what was added to it (`include`).

    Raises AssertionError (French) for another answer than a bundle.
    """
    said = f"{search.context.get('silence') or f'HTTP {search.status}'} {search.answer_body[:200]}"
    expect(search.status == 200 and search.answer_resource.get("resourceType") == "Bundle", "un Bundle", said)
    if mode == "match":
        return [dict(one) for _, one in matches(search)]
    return [dict(one) for _, entry, one in entries(search) if dig(entry, "search", "mode") == mode]


def start_of(resource: Mapping[str, Any]) -> datetime:
    """When a slot or an event begins. Raises AssertionError (French) when it does not say it as an instant."""
    found = parse_instant(resource.get("start"))
    if found is None:
        raise AssertionError(f"Attendu : un début avec décalage horaire. Vu : {shown(resource.get('start'))}")
    return found


def _joined(base: str, link: str) -> str:
    """The address that a link means; empty for none, or for another host: the token is nobody else's business."""
    try:
        found = urljoin(f"{base}/", link)
        return found if urlsplit(found)[:2] == urlsplit(base)[:2] else ""
    except ValueError:
        return ""


def _written(instant: datetime, writing: str) -> str:
    if writing == "universel":
        return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    local = instant.astimezone(ZoneInfo(PARIS)).isoformat(timespec="seconds")
    return local if writing == "brut" else quote(local, safe=":")


def _token(system: str, value: str) -> str:
    return f"{system}%7C{quote(value, safe='')}"
