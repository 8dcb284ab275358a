"""AGD rules on what a product publishes of an agenda: durations, availabilities, and how it changes one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.gap import GAP, gap_authority
from rules.instants import parse_instant
from rules.reading import dig, objects, shown, text
from rules.selectors import DONE, SPOILED, On, action, began_after, http

CORE = "FR Core 2.0.1"
AVAILABILITY = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-schedule-availability-time"
DURATION = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-service-type-duration"
RULES = "https://www.ietf.org/rfc/rfc2445"
KINDS = ("free", "busy-unavailable")
PATCHES = http("*.fhir.schedule.patch")
REPLACED = http("*.fhir.schedule.update")
SCHEDULES = (http("*.fhir.schedule.create") | REPLACED) & On(lambda e: e.resource.get("resourceType") == "Schedule")
_ANSWERED = http("*.fhir.schedule.create", "*.fhir.schedule.read") | REPLACED | PATCHES
_WRITTEN = SCHEDULES | PATCHES
_NO_PATCH = (405, 501)  # 422 may be about the content

Place = tuple[str, Mapping[str, Any]]


def availabilities(exchange: Exchange) -> Iterator[Place]:
    """Where each availability of a write stands, and its extension: in a Schedule, or in an operation of a PATCH."""
    for place, extension in objects(exchange.resource.get("extension")):
        if extension.get("url") == AVAILABILITY:
            yield f"Schedule.extension[{place}]", extension
    for place, operation in objects(exchange.json):
        if dig(operation, "value", "url") == AVAILABILITY:
            yield f"[{place}].value", operation["value"]


def _parts(extension: Mapping[str, Any], url: str) -> list[Mapping[str, Any]]:
    return [part for _, part in objects(extension.get("extension")) if part.get("url") == url]


def _rrules(exchange: Exchange) -> Iterator[Place]:
    for at, extension in availabilities(exchange):
        for part in _parts(extension, "rrule"):
            yield f"{at}.extension('rrule')", part


_HAS_AVAILABILITY = On(lambda e: _WRITTEN(e) and any(availabilities(e)))


@rule(
    "AGD-025",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{CORE}, fr-core-schedule",
    title="Un agenda ne porte pas de serviceType : chaque prestation et sa durée sont dans serviceTypeDuration.",
    on=SCHEDULES,
)
def service_types_are_in_the_extension(exchange: Exchange) -> Iterator[Finding]:
    authority = gap_authority(exchange)
    seen = exchange.resource.get("serviceType")
    if seen is not None:
        yield Finding("Schedule.serviceType", "rien", shown(seen), authority=authority)
    for place, extension in objects(exchange.resource.get("extension")):
        if extension.get("url") == DURATION and len(_parts(extension, "serviceType")) != 1:
            at = f"Schedule.extension[{place}].extension('serviceType')"
            yield Finding(at, "une prestation", shown(extension), authority=authority)


@rule(
    "AGD-026",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{CORE}, fr-core-schedule-availability-time",
    title="Une disponibilité a un type, un début, une fin et au moins un identifiant, qui sert à la changer plus tard.",
    on=_HAS_AVAILABILITY,
)
def availability_is_whole(exchange: Exchange) -> Iterator[Finding]:
    """Types other than those of FR Core are allowed (extensible binding): they are advice."""
    authority = gap_authority(exchange)
    for at, extension in availabilities(exchange):
        for name in ("type", "start", "end", "identifier"):
            if not _parts(extension, name):
                yield Finding(f"{at}.extension('{name}')", "présent", "rien", authority=authority)
        for part in _parts(extension, "type"):
            seen = text(dig(part, "valueCoding", "code"))
            if seen not in KINDS:
                where, expected = f"{at}.extension('type')", " ou ".join(KINDS)
                yield Finding(where, expected, shown(seen), level=Level.SHOULD, authority=authority)


@rule(
    "AGD-027",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{CORE}, fr-core-schedule-availability-time (rrule)",
    title="Une récurrence dit sa fréquence dans le système de la RFC 2445, et ni heure 0 ni minute 0 (positiveInt).",
    on=On(lambda e: _WRITTEN(e) and any(_rrules(e))),
)
def recurrence_is_of_rfc_2445(exchange: Exchange) -> Iterator[Finding]:
    authority = gap_authority(exchange)
    for at, part in _rrules(exchange):
        frequencies = [text(dig(one, "valueCoding", "system")) for one in _parts(part, "freq")]
        if frequencies != [RULES]:
            yield Finding(f"{at}.extension('freq')", RULES, shown(", ".join(frequencies)), authority=authority)
        for name in ("byHour", "byMinute", "bySecond"):
            for one in _parts(part, name):
                seen = one.get("valuePositiveInt")
                if not isinstance(seen, int) or seen < 1:
                    where = f"{at}.extension('{name}')"
                    yield Finding(where, "un entier d'au moins 1", shown(one), authority=authority)


@rule(
    "AGD-028",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, flux 3b et 3c",
    title="Changer une disponibilité garde son identifiant ; en retirer une ne touche pas aux autres.",
    over="scenario",
)
def one_availability_changes_alone(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Read in the agenda that the manager answered last before the action, and in the one that it answered then."""
    for asked in filter(action("modifier_disponibilite", "retirer_disponibilite"), exchanges):
        began = began_after(asked)
        if asked.status != 200 or began is None:
            continue
        written = [e for e in exchanges if began < e.id < asked.id and _WRITTEN(e) and DONE(e)]
        for last in written[-1:]:
            known = _known_before(exchanges, written[0])
            if known is None or not _answer_of(last):
                continue
            faults = list(_beyond_the_change(_content(known), _content(_answer_of(last)), asked))
            for at, expected, seen in faults:
                yield Finding(at, expected, seen, exchange=last.id, authority=gap_authority(last))
            if not faults:
                yield Examined(last.id)


def _answer_of(exchange: Exchange) -> Mapping[str, Any]:
    answered = exchange.answer_resource
    return answered if answered.get("resourceType") == "Schedule" else exchange.resource


def _known_before(exchanges: Sequence[Exchange], write: Exchange) -> Mapping[str, Any] | None:
    """The agenda that a write changes, as the manager last answered it."""
    mine = _answer_of(write).get("id")
    seen = [_answer_of(e) for e in exchanges if e.id < write.id and _ANSWERED(e) and DONE(e)]
    return next((one for one in reversed(seen) if mine and one.get("id") == mine), None)


def _content(schedule: Mapping[str, Any]) -> dict[str, Any]:
    """What each availability says, by its identifiers; how an instant is written does not count."""
    found = {}
    for _, extension in objects(schedule.get("extension")):
        if extension.get("url") != AVAILABILITY:
            continue
        names = sorted(f"{dig(p, 'valueIdentifier', 'value')}" for p in _parts(extension, "identifier"))
        bounds = [
            parse_instant(part.get("valueDateTime")) or part.get("valueDateTime")
            for name in ("start", "end")
            for part in _parts(extension, name)
        ]
        kinds = [dig(part, "valueCoding", "code") for part in _parts(extension, "type")]
        found[", ".join(names)] = (kinds, bounds, _parts(extension, "rrule"))
    return found


def _beyond_the_change(
    before: Mapping[str, Any], after: Mapping[str, Any], asked: Exchange
) -> Iterator[tuple[str, str, str]]:
    """What one change, or one withdrawal, does not explain: place, expected, seen."""
    removal = asked.operation.endswith("retirer_disponibilite")
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    changed = [name for name in before.keys() & after.keys() if before[name] != after[name]]
    at = "Schedule.extension('availabilityTime')"
    if len(gone) > removal or new:
        expected = "une disponibilité de moins" if removal else "les mêmes identifiants"
        yield f"{at}.identifier", expected, shown(sorted(after))
    if len(changed) > (not removal):
        yield at, "les autres disponibilités inchangées", shown(sorted(changed))


@rule(
    "AGD-029",
    Level.SHOULD,
    Authority.OFFICIELLE,
    f"{GAP}, flux de gestion des disponibilités",
    title="Quand le gestionnaire n'offre pas PATCH, l'agenda entier est envoyé par PUT.",
    over="scenario",
)
def falls_back_to_put(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Judged once the action that sent the PATCH is over."""
    for refused in filter(PATCHES & ~SPOILED, exchanges):
        asked = next((e for e in exchanges if e.id > refused.id and e.protocol == "action"), None)
        if refused.status not in _NO_PATCH or asked is None:
            continue
        if any(REPLACED(e) and e.id > refused.id and e.path == refused.path for e in exchanges):
            yield Examined(refused.id)
        else:
            at, expected = "méthode", f"PUT {refused.path}"
            yield Finding(at, expected, "rien après le PATCH", exchange=refused.id, authority=gap_authority(refused))
