"""What an Appointment received must be, before anything is kept of it: R4, its invariants, and what we need of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from reference import clock
from reference.planning.slots import Period
from reference.server.fhir import FhirError

_USUAL = ("proposed", "pending", "booked", "arrived", "checked-in", "fulfilled", "noshow", "cancelled")
STATUSES = frozenset((*_USUAL, "waitlist", "entered-in-error"))
ANSWERS = frozenset({"accepted", "declined", "tentative", "needs-action"})
WITHOUT_TIME = frozenset({"proposed", "cancelled", "waitlist"})
"""Statuses of an appointment that may have neither start nor end (R4, app-3)."""

NEXT: Mapping[str, frozenset[str]] = {
    "cancelled": frozenset({"cancelled", "entered-in-error"}),
    "entered-in-error": frozenset({"entered-in-error"}),
}
"""What may follow a status that ends an event; anything may follow the others."""

Resource = Mapping[str, Any]


def check(resource: Resource, *, lenient_times: bool = False) -> None:
    """Go on only with an Appointment that can be kept. lenient_times: do not look at its instants.

    Raises FhirError: 400 for what is not R4, 422 for what cannot be understood as an appointment.
    """
    _is_r4(_timeless(resource) if lenient_times else resource)
    _has_times(resource)
    _has_people(resource)
    if resource["status"] not in STATUSES:
        raise FhirError(422, "code-invalid", "Le statut n'est pas un code FHIR.", at="Appointment.status")
    for identifier in resource.get("identifier", ()):
        if not identifier.get("value") or not urlsplit(identifier.get("system", "")).scheme:
            says = "Un identifiant a une valeur et un système, qui est une URI absolue."
            raise FhirError(422, "required", says, at="Appointment.identifier")
    if not resource.get("identifier"):
        raise FhirError(422, "required", "Un identifiant est nécessaire pour suivre l'événement.", at="identifier")


def check_follows(before: Resource, after: Resource) -> None:
    """Go on only if this status may follow. Raises FhirError 422."""
    if after["status"] not in NEXT.get(before["status"], STATUSES):
        says = f"Un événement à l'état {before['status']} ne passe pas à {after['status']}."
        raise FhirError(422, "business-rule", says, at="Appointment.status")


def period(resource: Resource) -> Period | None:
    """Start and end; None without them."""
    start, end = (clock.parsed(resource.get(name), "Europe/Paris") for name in ("start", "end"))
    return None if start is None or end is None else (start, end)


def _timeless(resource: Resource) -> Resource:
    return {name: value for name, value in resource.items() if name not in ("start", "end")}


def _is_r4(resource: Resource) -> None:
    from fhir.resources.R4B.appointment import Appointment  # half a second to import: only when something comes
    from pydantic import ValidationError

    for name in ("start", "end", "created"):
        if not isinstance(resource.get(name, ""), str):
            raise FhirError(400, "structure", f"L'élément {name} est un texte.", at=f"Appointment.{name}")
    try:
        Appointment.model_validate(resource)
    except (ValidationError, RecursionError) as error:
        at = ".".join(map(str, error.errors()[0]["loc"])) if isinstance(error, ValidationError) else ""
        raise FhirError(400, "structure", f"Ce n'est pas un Appointment R4 ({at}).", at=f"Appointment.{at}") from error


def _has_times(resource: Resource) -> None:
    """R4, app-2 and app-3; an end comes after its start."""
    given = [name for name in ("start", "end") if name in resource]
    if len(given) == 1 or (not given and resource["status"] not in WITHOUT_TIME):
        raise FhirError(422, "required", "Le début et la fin vont ensemble.", at="Appointment.start")
    found = period(resource)
    if given and (found is None or found[0] >= found[1]):
        raise FhirError(422, "business-rule", "La fin suit le début.", at="Appointment.end")


def _has_people(resource: Resource) -> None:
    """R4, participant 1..* and app-1."""
    for participant in resource.get("participant", ()):
        if not ("actor" in participant or "type" in participant) or participant["status"] not in ANSWERS:
            says = "Un participant a un acteur ou un rôle, et une réponse."
            raise FhirError(422, "business-rule", says, at="Appointment.participant")
    if not resource.get("participant"):
        raise FhirError(422, "required", "Un événement a au moins un participant.", at="Appointment.participant")
