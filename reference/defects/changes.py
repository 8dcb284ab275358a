"""Changes made by the declarative defects: wrong instants, wrong codes, raw queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta, timezone
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from reference.spoil import Outgoing

OTHER_AGENDAS = ("/rdv/", "/gap/", "/sas/", "/bsp/")
"""Services whose appointments do not come from the portal: their defects are their own."""


def not_for_the_agenda(request: Outgoing) -> bool:
    """An exchange of tokens for another API than that of the agenda."""
    return "agenda." not in (request.form or {}).get("scope", "")


def drop_offset(instant: str) -> str:
    """Local time, without offset."""
    return datetime.fromisoformat(instant).replace(tzinfo=None).isoformat()


def local_as_z(instant: str) -> str:
    """Local time, labelled as UTC."""
    return drop_offset(instant) + "Z"


def without_seconds(instant: str) -> str:
    """Cut to the minute: not an instant any more."""
    return datetime.fromisoformat(instant).isoformat(timespec="minutes")


def local_with_offset(hours: int) -> Callable[[str], str]:
    """Local time labelled with one offset, whatever the season."""
    return lambda instant: datetime.fromisoformat(instant).replace(tzinfo=timezone(timedelta(hours=hours))).isoformat()


def offset_of_midnight(instant: str) -> str:
    """The offset of the morning is kept all day, also on the days when clocks change (Paris)."""
    read = datetime.fromisoformat(instant)
    midnight = datetime(read.year, read.month, read.day, tzinfo=ZoneInfo("Europe/Paris"))
    return read.replace(tzinfo=timezone(midnight.utcoffset() or timedelta())).isoformat()


def leap_day_is_lost(instant: str) -> str:
    """The day after: 29 February becomes 1 March."""
    return (datetime.fromisoformat(instant) + timedelta(days=1)).isoformat()


def without_accents(title: str) -> str:
    """Letters lose their accents, and others become question marks."""
    return normalize("NFD", title).encode("ascii", "replace").decode()


def nameless_professional(request: Outgoing) -> None:
    """The professional is there, without a name."""
    for participant in request.json["participant"]:
        if str(participant["actor"].get("type", "")).startswith("Practitioner"):
            participant["actor"]["display"] = "Professionnel"
    for resource in request.json.get("contained", []):
        if resource["resourceType"] == "Practitioner":
            resource["name"] = [{"text": "Professionnel"}]


def shifted(hours: int) -> Callable[[str], str]:
    """The instant, so many hours later, written in the same offset."""
    return lambda instant: (datetime.fromisoformat(instant) + timedelta(hours=hours)).isoformat()


def before_start(request: Outgoing) -> None:
    """End an hour before the start; minutesDuration still says the right length."""
    if "start" in request.json:
        request.json["end"] = shifted(-1)(request.json["start"])


def as_delete(request: Outgoing) -> None:
    """The event is deleted, without a word on what became of it."""
    request.method, request.json = "DELETE", None
    request.headers.pop("Content-Type", None)


def has_status(*statuses: str) -> Callable[[Outgoing], bool]:
    """True for an Appointment of one of these statuses."""
    return lambda request: isinstance(request.json, dict) and request.json.get("status") in statuses


def for_a_minor(request: Outgoing) -> bool:
    """True for the pairing of a minor, asked by the legal representative."""
    return bool(request.about.get("mineur"))


def at_home(request: Outgoing) -> bool:
    """True for an Appointment at the home of the usager."""
    contained = (request.json or {}).get("contained") or []
    return any(r["resourceType"] == "Location" and r.get("name") == "Domicile" for r in contained)


def starts(pattern: str) -> Callable[[Outgoing], bool]:
    """True for an Appointment whose start, as it is written, begins with this regular expression."""
    return lambda request: bool(re.match(pattern, str((request.json or {}).get("start", ""))))


def with_professional(request: Outgoing) -> bool:
    """True for an Appointment where a professional takes part."""
    return any(p["actor"].get("type") == "Practitioner" for p in (request.json or {}).get("participant", []))


def is_search(request: Outgoing) -> bool:
    """True for the search of an agenda, not for one page that follows."""
    return request.query.startswith("patient.identifier=") and "_page" not in request.query


def ins_as_patient(request: Outgoing) -> None:
    """The patient of the event is named by the INS."""
    ins = {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": request.about["ins"] or "255069999999934"}
    request.json["participant"][0]["actor"]["identifier"] = ins


def name_as_patient(request: Outgoing) -> None:
    """The patient of the event is named by a name."""
    request.json["participant"][0]["actor"] = {"type": "Patient", "display": request.about["nom"]}


def ins_in_query(request: Outgoing) -> None:
    """The INS travels in the address of a search."""
    request.query += f"&_security={request.about['ins'] or '255069999999934'}"


def ins_in_header(request: Outgoing) -> None:
    """The INS travels in a header."""
    request.headers["X-Patient-INS"] = request.about["ins"] or "255069999999934"


def ins_in_text(request: Outgoing) -> None:
    """The INS is written in the title of the event."""
    request.json["description"] += f" (INS {request.about['ins'] or '255069999999934'})"


def token_in_query(request: Outgoing) -> None:
    """The access token travels in the address (RFC 6750 §2.3, forbidden by §5.3)."""
    glue = "&" if request.query else ""
    request.query += f"{glue}access_token={request.about['jeton']}"


def decoded(*signs: str) -> Callable[[str], str]:
    """Leave these signs bare in the query (`|`, `+`)."""

    def undo(query: str) -> str:
        for sign in signs:
            query = query.replace(f"%{ord(sign):02X}", sign)
        return query

    return undo


def only(*names: str) -> Callable[[str], str]:
    """Drop the parameters of these names (`name` or `name=beginning of the value`)."""
    return lambda query: "&".join(part for part in query.split("&") if not part.startswith(names))


def replaced(old: str, new: str) -> Callable[[str], str]:
    """Replace a text of the query."""
    return lambda query: query.replace(old, new)


def another_value(query: str) -> str:
    """Identifier of the query that is not the one of the body."""
    return query + "-bis"


def bare_value(query: str) -> str:
    """Patient named without the system: a bare value."""
    name, _, rest = query.partition("=")
    value, _, others = rest.partition("&")
    return f"{name}={unquote(value).partition('|')[2]}&{others}"


def of_actor(*kinds: str) -> Callable[[Any], Any]:
    """Participants without those whose actor is of these types."""
    return lambda participants: [p for p in participants if p.get("actor", {}).get("type") not in kinds]


def only_patient(request: Outgoing) -> None:
    """Nobody but the usager in the event: no name of a professional or of an establishment."""
    request.json["participant"] = of_actor("Practitioner", "PractitionerRole", "HealthcareService", "Location")(
        request.json["participant"]
    )
    request.json.pop("contained", None)


def roles_without_person(request: Outgoing) -> None:
    """The person of the professional disappears: only the role is referenced."""
    request.json["participant"] = of_actor("Practitioner")(request.json["participant"])
    for resource in request.json.get("contained", []):
        resource.pop("practitioner", None)
    request.json["contained"] = [r for r in request.json["contained"] if r["resourceType"] != "Practitioner"]


def finess_as_practitioner(request: Outgoing) -> None:
    """The establishment is declared as a professional, with a FINESS."""
    for participant in request.json["participant"]:
        if participant["actor"].get("type") == "HealthcareService":
            participant["actor"]["type"] = "Practitioner"


def without_actors(request: Outgoing) -> None:
    """A request that names nobody: types of participant, no actor but the usager."""
    usager, *others = request.json["participant"]
    attendee = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "ATND"}]}
    request.json["participant"] = [usager] + [{"type": [attendee], "status": p["status"]} for p in others]
    request.json.pop("contained", None)


def cancellation_reason(request: Outgoing) -> None:
    """A reason of cancellation on an event that is not cancelled."""
    request.json["cancelationReason"] = {"text": "sans objet"}


def nobody_answers(participants: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The professionals have not answered, though the event is confirmed."""
    changed = deepcopy(participants)
    for participant in changed[1:]:
        participant["status"] = "needs-action"
    return changed
