"""AGD rules that read one Appointment at a time: its identifiers, times and status."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from rules.core import Authority, Finding, Level, rule
from rules.exchange import Exchange
from rules.gap import APPOINTMENTS, GAP, R4, gap_authority
from rules.identifiers import is_absolute_uri
from rules.instants import parse_instant
from rules.reading import dig, objects, shown, text
from rules.selectors import (
    APPOINTMENT_CREATES,
    APPOINTMENT_DELETES,
    APPOINTMENT_UPDATES,
    FHIR_SEARCHES,
    On,
    having,
)
from rules.visits import identifiers

_USUAL = ("proposed", "pending", "booked", "arrived", "checked-in", "fulfilled", "noshow", "cancelled")
STATUSES = frozenset((*_USUAL, "waitlist", "entered-in-error"))
_FHIR_TYPES = {"application/fhir+json": "{", "application/fhir+xml": "<"}
# The guide of the SAS prints the first of these for Accept, its test kit sends the second.
_SAS_TYPES = ("application/json+fhir", "application/json")
_BARE_PLUS = re.compile(r"T\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?\+\d{2}:?\d{2}")
_LIST_PARAMETER = re.compile(r"(?:^|[&?])([^=&]*identifier|status)=([^&]*)")
_WORTH_A_LOOK = re.compile(r"\||%7c|,|%2c|T\d{2}(:|%3a)\d{2}", re.IGNORECASE)


@rule(
    "AGD-001",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, flux 6a ; {R4}, http.html#mime-type",
    title="Un rendez-vous est créé par POST [base]/Appointment, en FHIR R4, avec le type de contenu FHIR qui convient.",
    on=APPOINTMENT_CREATES,
)
def creation_is_a_fhir_post(exchange: Exchange) -> Iterator[Finding]:
    content_type = (exchange.header("Content-Type") or "").split(";")[0].strip().lower()
    opening = _FHIR_TYPES.get(content_type)
    if opening is None:
        level = Level.SHOULD if exchange.service == "sas" and content_type in _SAS_TYPES else None
        yield Finding("en-tête Content-Type", " ou ".join(_FHIR_TYPES), shown(content_type), level=level)
    body = exchange.body.lstrip("\ufeff \t\r\n")
    is_json, is_xml = exchange.resource.get("resourceType") == "Appointment", "<Appointment" in body[:2000]
    if not (is_json or (is_xml and opening == "<")):
        yield Finding("corps", "une ressource Appointment bien formée", shown(body))
    elif opening and not body.startswith(opening):
        yield Finding("en-tête Content-Type", "le type du corps envoyé", shown(content_type))


@rule(
    "AGD-004",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{R4}, datatypes.html#Identifier ; FAQ SAS",
    title="Le système d'un identifiant est une URI absolue (urn:oid: ou http), jamais un OID nu.",
    on=APPOINTMENTS & (having("identifier") | having("participant")),
)
def identifier_system_is_a_uri(exchange: Exchange) -> Iterator[Finding]:
    found = [(f"Appointment.identifier[{i}]", item) for i, item in objects(exchange.resource.get("identifier"))]
    for i, participant in objects(exchange.resource.get("participant")):
        actor = dig(participant, "actor", "identifier")
        found += [(f"Appointment.participant[{i}].actor.identifier", actor)] if isinstance(actor, dict) else []
    for at, identifier in found:
        system = identifier.get("system")
        if system is not None and not is_absolute_uri(text(system)):
            yield Finding(f"{at}.system", "une URI absolue, par exemple urn:oid:…", shown(system))


@rule(
    "AGD-005",
    Level.SHOULD,
    Authority.BANC,
    "Convention du banc (mise à jour conditionnelle)",
    title="L'identifiant de l'adresse d'une mise à jour est l'un de ceux du rendez-vous envoyé.",
    on=APPOINTMENT_UPDATES & On(lambda e: bool(e.values("identifier"))),
)
def query_identifier_is_in_the_body(exchange: Exchange) -> Iterator[Finding]:
    held = {f"{system}|{value}" for system, value in identifiers(exchange.json)}
    for value in exchange.values("identifier"):
        if value not in held:
            yield Finding("identifier", shown(", ".join(sorted(held))), shown(value))


@rule(
    "AGD-007",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{R4}, Appointment, app-2 et app-3",
    title="Le début et la fin vont ensemble, et ne manquent que pour proposed, cancelled ou waitlist.",
    on=APPOINTMENTS,
)
def start_and_end_together(exchange: Exchange) -> Iterator[Finding]:
    status = exchange.resource.get("status")
    missing = [name for name in ("start", "end") if exchange.resource.get(name) is None]
    if len(missing) == 1:
        yield Finding(f"Appointment.{missing[0]}", "un instant, puisque l'autre borne est donnée (app-2)", "rien")
    elif missing and text(status) in STATUSES - {"proposed", "cancelled", "waitlist"}:
        yield Finding("Appointment.start", f"un début et une fin pour {status} (app-3)", "rien")


@rule(
    "AGD-008",
    Level.SHALL,
    Authority.DEDUITE,
    f"{R4}, Appointment.start, end, minutesDuration",
    title="La fin suit le début, et la durée en minutes est celle de l'intervalle.",
    on=APPOINTMENTS
    & On(lambda e: bool(parse_instant(e.resource.get("start")) and parse_instant(e.resource.get("end")))),
)
def end_after_start(exchange: Exchange) -> Iterator[Finding]:
    start, end = parse_instant(exchange.resource.get("start")), parse_instant(exchange.resource.get("end"))
    if start is None or end is None:
        return
    if end <= start:
        yield Finding("Appointment.end", f"après {exchange.resource['start']}", shown(exchange.resource["end"]))
    minutes = exchange.resource.get("minutesDuration")
    if minutes is not None and end > start and minutes != (end - start) / timedelta(minutes=1):
        expected = f"{(end - start) / timedelta(minutes=1):g}"
        yield Finding("Appointment.minutesDuration", expected, shown(minutes), level=Level.SHOULD)


@rule(
    "AGD-009",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{R4}, type instant",
    title="Début et fin portent décalage et secondes ; sans décalage, la visite se déplace d'une ou deux heures.",
    on=APPOINTMENTS & (having("start") | having("end")),
)
def start_and_end_are_instants(exchange: Exchange) -> Iterator[Finding]:
    for element in ("start", "end"):
        seen = exchange.resource.get(element)
        if seen is not None and parse_instant(seen) is None:
            yield Finding(f"Appointment.{element}", "un instant avec décalage et secondes", shown(seen))


@rule(
    "AGD-011",
    Level.SHOULD,
    Authority.OFFICIELLE,
    f"{GAP}, correspondance 6a (0..1 dans le volet fonctionnel)",
    title="La date de prise du rendez-vous (created) est donnée à la création.",
    on=APPOINTMENTS & APPOINTMENT_CREATES,
)
def created_is_given(exchange: Exchange) -> Iterator[Finding]:
    if exchange.resource.get("created") is None:
        yield Finding("Appointment.created", "une date", "rien", authority=gap_authority(exchange))


@rule(
    "AGD-019",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{R4}, Appointment, app-4",
    title="Un motif d'annulation n'accompagne que les statuts cancelled et noshow.",
    on=APPOINTMENTS & having("cancelationReason"),
)
def reason_only_when_cancelled(exchange: Exchange) -> Iterator[Finding]:
    """The R4 expression of app-4 says `no-show`, which is no code: strict validators refuse a reason on `noshow`."""
    status = exchange.resource.get("status")
    if status != "cancelled":
        level = Level.SHOULD if status == "noshow" else None
        yield Finding("Appointment.cancelationReason", "absent", f"présent avec {shown(status)}", level=level)


@rule(
    "AGD-020",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, GAP-DeclarantRDV",
    title="Un rendez-vous s'annule par son statut, jamais par DELETE.",
    on=APPOINTMENT_DELETES
    | (APPOINTMENTS & APPOINTMENT_UPDATES & On(lambda e: e.resource.get("status") == "cancelled")),
)
def no_delete(exchange: Exchange) -> Iterator[Finding]:
    if APPOINTMENT_DELETES(exchange):
        yield Finding("méthode", "PUT avec le statut cancelled", "DELETE", authority=gap_authority(exchange))


@rule(
    "AGD-022",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{R4}, appointmentstatus|4.0.1",
    title="Le statut est un code FHIR R4, en minuscules (noshow, non no-show ni NOSHOW).",
    on=APPOINTMENTS,
)
def status_is_an_r4_code(exchange: Exchange) -> Iterator[Finding]:
    status = exchange.resource.get("status")
    if text(status) not in STATUSES:
        yield Finding("Appointment.status", "un code appointmentstatus", shown(status))


@rule(
    "AGD-032",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"RFC 3986 §2 ; {R4}, search.html",
    title="Dans une adresse, le + d'un décalage s'écrit %2B : nu, il devient une espace et l'instant se décale.",
    on=FHIR_SEARCHES & On(lambda e: bool(_WORTH_A_LOOK.search(e.target))),
)
def search_is_encoded(exchange: Exchange) -> Iterator[Finding]:
    query = exchange.target.partition("?")[2]
    for seen in _BARE_PLUS.findall(query.replace("%3A", ":").replace("%3a", ":")):
        yield Finding("adresse", seen.replace("+", "%2B"), seen)
    if "|" in query:
        yield Finding("adresse", "%7C", "|", level=Level.SHOULD)
    for name, value in _LIST_PARAMETER.findall(query):
        if re.search(r"(,|%2c)(\+|%20| )|(\+|%20| )(,|%2c)", value, re.IGNORECASE):
            yield Finding(name, "une liste sans espace", shown(value))
