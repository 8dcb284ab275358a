"""Appointments and the time of a Schedule as iCalendar (RFC 5545; correspondence: agenda-sas §1.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar, Event, FreeBusy, vCalAddress, vPeriod, vUri

from mocks.fhir import Resource, Stored

MEDIA_TYPE = "text/calendar; charset=utf-8"
_CONFIRMED, _TENTATIVE, _CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"
_STATUSES = {"proposed": _TENTATIVE, "pending": _TENTATIVE, "waitlist": _TENTATIVE, "cancelled": _CANCELLED}
_ROLES = {"required": "REQ-PARTICIPANT", "optional": "OPT-PARTICIPANT", "information-only": "NON-PARTICIPANT"}
_ANSWERS = {
    "accepted": "ACCEPTED",
    "declined": "DECLINED",
    "tentative": "TENTATIVE",
    "needs-action": "NEEDS-ACTION",
}
_FREE_BUSY = {
    "free": "FREE",
    "busy": "BUSY",
    "busy-tentative": "BUSY-TENTATIVE",
    "busy-unavailable": "BUSY-UNAVAILABLE",
}


def events(appointments: Iterable[Stored], base: str) -> bytes:
    """The calendar of these appointments. base: URL of the FHIR API, where participants have their address.

    Left out: those without time, and errors of entry, which never took place.
    """
    calendar = _calendar()
    for stored in appointments:
        resource = stored.resource
        if "start" in resource and "end" in resource and resource.get("status") != "entered-in-error":
            calendar.add_component(_event(stored, resource, base))
    return bytes(calendar.to_ical())


def free_busy(schedule: Stored, slots: Sequence[Stored], base: str) -> bytes:
    """The time of a Schedule, slot by slot."""
    calendar, component = _calendar(), FreeBusy()
    component.add("UID", f"{schedule.id}@{base}/Schedule")
    component.add("DTSTAMP", schedule.instant)
    shown = [stored.resource for stored in slots if stored.resource["status"] in _FREE_BUSY]
    if shown:
        component.add("DTSTART", min(_instant(slot["start"]) for slot in shown))
        component.add("DTEND", max(_instant(slot["end"]) for slot in shown))
    for slot in shown:
        period = vPeriod((_instant(slot["start"]), _instant(slot["end"])))
        period.params["FBTYPE"] = _FREE_BUSY[slot["status"]]
        component.add("FREEBUSY", period)
    calendar.add_component(component)
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", "-//banc//Gestion d'agendas partages//FR")
    calendar.add("VERSION", "2.0")
    return calendar


def _event(stored: Stored, resource: Resource, base: str) -> Event:
    event = Event()
    event.add("UID", _uid(stored, resource))
    event.add("DTSTAMP", stored.instant.replace(microsecond=0))
    event.add("LAST-MODIFIED", stored.instant.replace(microsecond=0))
    event.add("SEQUENCE", stored.version - 1)
    event.add("DTSTART", _instant(resource["start"]))
    event.add("DTEND", _instant(resource["end"]))
    event.add("STATUS", _STATUSES.get(resource["status"], _CONFIRMED))
    created = resource.get("created", "")
    if "T" in created:
        event.add("CREATED", _instant(created))
    if "description" in resource:
        event.add("SUMMARY", resource["description"])
        event.add("DESCRIPTION", resource["description"])
    if "comment" in resource:
        event.add("COMMENT", resource["comment"])
    if 0 <= resource.get("priority", -1) <= 9:
        event.add("PRIORITY", resource["priority"])
    for attached in resource.get("supportingInformation", ()):
        if "reference" in attached:
            event.add("ATTACH", vUri(_address(attached["reference"], base)))
    for participant in resource.get("participant", ()):
        _take_part(event, participant, base)
    return event


def _take_part(event: Event, participant: Mapping[str, Any], base: str) -> None:
    actor = participant.get("actor", {})
    reference, name = actor.get("reference", ""), actor.get("display", "")
    if reference.partition("/")[0] == "Location" or actor.get("type") == "Location":
        event.add("LOCATION", name or reference)
        return
    identifier = actor.get("identifier", {})
    address = _address(reference, base) if reference else f"urn:banc:{identifier.get('value', 'inconnu')}"
    attendee = vCalAddress(address)
    if name:
        attendee.params["CN"] = name.replace('"', "'")
    attendee.params["ROLE"] = _ROLES.get(participant.get("required", "required"), "REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = _ANSWERS.get(participant.get("status", ""), "NEEDS-ACTION")
    event.add("ATTENDEE", attendee)


def _uid(stored: Stored, resource: Resource) -> str:
    identifiers = resource.get("identifier") or [{}]
    value, system = identifiers[0].get("value"), identifiers[0].get("system")
    return f"{value}@{system}" if value and system else f"{value or stored.id}"


def _address(reference: str, base: str) -> str:
    return reference if ":" in reference else f"{base}/{reference}"


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)
