"""AGD rules on how the product takes what a third-party agenda writes (flow C, FC-PUSH)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.gap import GAP, R4
from rules.reading import objects, shown, text
from rules.selectors import DONE, On
from rules.third_party import CREATES, JUDGED, READS, UPDATES, WRITES, Json, keys_asked, written_id
from rules.third_party_events import Diary, conditional_updates, followed

STATUSES = frozenset(
    {"proposed", "pending", "booked", "arrived", "checked-in", "fulfilled", "noshow", "cancelled", "waitlist"}
    | {"entered-in-error"}
)
ANSWERS = frozenset({"accepted", "declined", "tentative", "needs-action"})
_WITHOUT_TIME = frozenset({"proposed", "cancelled", "waitlist"})
_NAIVE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?")


@rule(
    "AGD-055",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, flux 6b ; {R4}, http.html#cond-update",
    title="Une mise à jour par identifiant crée l'inconnu, change ce qui est connu, et refuse (412) le double.",
    over="scenario",
)
def updates_follow_their_condition(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for update, key, diary in conditional_updates(exchanges):
        known = diary.bearing(key)
        if not known and diary.homonyms(key):
            continue  # AGD-056
        right, wrong = _expected(len(known), update)
        if update.status in wrong:
            at, seen = "statut HTTP", f"HTTP {update.status}, pour {len(known)} événement(s) de cet identifiant"
            yield Finding(at, f"HTTP {right}", seen, exchange=update.id)
        elif update.status == right:
            yield Examined(update.id)


def _expected(known: int, update: Exchange) -> tuple[int, tuple[int, ...]]:
    """Status of a conditional update that meets so many events, and those that are wrong; others have other reasons."""
    if known == 0:
        return 201, (200, 204, 404, 405, 412)
    if known == 1:
        return 200, (201, 404, 405) if update.header("If-Match") else (201, 404, 405, 412)
    return 412, (200, 201, 204)


@rule(
    "AGD-056",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{R4}, http.html#cond-update, search.html#token",
    title="L'identifiant d'une mise à jour est système et valeur : le même numéro ailleurs est un autre événement.",
    over="scenario",
)
def condition_is_system_and_value(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for update, key, diary in conditional_updates(exchanges):
        others = diary.homonyms(key)
        if not others or diary.bearing(key):
            continue
        expected = f"un autre événement que celui de valeur {key[1]} sous un autre système"
        if written_id(update) in others or update.status in (200, 204, 412):
            yield Finding("Appointment.identifier", expected, f"HTTP {update.status}", exchange=update.id)
        elif update.status == 201:
            yield Examined(update.id)


@rule(
    "AGD-060",
    Level.SHOULD,
    Authority.BANC,
    "Convention du banc (doublons)",
    title="Le même événement créé deux fois n'en fait pas deux.",
    over="scenario",
)
def same_creation_makes_one_event(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    made: dict[str, str] = {}
    for create in filter(CREATES & JUDGED, exchanges):
        content = json.dumps(create.json, sort_keys=True)
        if content not in made:
            if DONE(create) and written_id(create):
                made[content] = written_id(create)
        elif DONE(create) and written_id(create) not in ("", made[content]):
            yield Finding("Appointment", "un seul événement", "un second", exchange=create.id)
        else:
            yield Examined(create.id)


@rule(
    "AGD-062",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{R4}, http.html#create, http.html#update, appointment.html",
    title="Un événement invalide est refusé (400 ou 422) avec un OperationOutcome qui dit pourquoi.",
    on=WRITES & JUDGED & On(lambda e: bool(fault_of(e)) and not naive_times(e.resource)),
)
def invalid_events_are_refused(write: Exchange) -> Iterator[Finding]:
    expected = f"un refus (HTTP 400 ou 422) : {fault_of(write)}"
    if write.status not in (400, 422):
        yield Finding("statut HTTP", expected, f"HTTP {write.status}")
    elif write.answer_resource.get("resourceType") != "OperationOutcome":
        yield Finding("resourceType", "OperationOutcome", shown(write.answer_resource.get("resourceType")))


@rule(
    "AGD-066",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{R4}, type instant",
    title="Un événement dont le début ou la fin n'a pas de décalage horaire est refusé.",
    on=WRITES & JUDGED & On(lambda e: bool(naive_times(e.resource))),
)
def naive_times_are_refused(write: Exchange) -> Iterator[Finding]:
    if not 400 <= write.status < 500:
        (element, *_) = naive_times(write.resource)
        expected, seen = "un refus (HTTP 400 ou 422)", f"HTTP {write.status} pour {shown(write.resource[element])}"
        yield Finding(f"Appointment.{element}", expected, seen)


@rule(
    "AGD-063",
    Level.SHOULD,
    Authority.OFFICIELLE,
    f"{R4}, http.html#versioning, http.html#concurrency",
    title="Un événement est rendu avec sa version (ETag), et une mise à jour d'une version dépassée est refusée (412).",
    over="scenario",
)
def versions_are_told_and_kept(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    current: dict[str, str] = {}
    for exchange, diary in followed(exchanges):
        asked = exchange.header("If-Match") if UPDATES(exchange) else None
        known = current.get(_meant(exchange, diary), "") if asked else ""
        if known and asked != known and DONE(exchange):
            yield Finding("If-Match", f"un refus (HTTP 412) : la version est {known}", str(asked), exchange=exchange.id)
        elif not (DONE(exchange) and (WRITES | READS)(exchange)):
            continue
        elif etag := exchange.answer_header("ETag"):
            current[written_id(exchange)] = etag
            yield Examined(exchange.id)
        else:
            yield Finding("ETag", "la version de l'événement", "rien", exchange=exchange.id)


def _meant(update: Exchange, diary: Diary) -> str:
    """Id of the only event that a conditional update is about; empty when that is not known."""
    keys = keys_asked(update, "identifier")
    found = diary.bearing(keys[0]) if len(keys) == 1 else set()
    return next(iter(found)) if len(found) == 1 else ""


def naive_times(event: Json) -> list[str]:
    """Elements of an event that should be instants, and have no offset."""
    return [name for name in ("start", "end") if _NAIVE.fullmatch(text(event.get(name)))]


def fault_of(write: Exchange) -> str:
    """Why this is no Appointment of R4, in French; empty when nothing is wrong that we look at."""
    event = write.resource
    if event.get("resourceType") != "Appointment":
        return "le corps n'est pas un Appointment"
    if text(event.get("status")) not in STATUSES:
        return "statut absent ou inconnu"
    people = [one for _, one in objects(event.get("participant"))]
    if not people or any(
        text(one.get("status")) not in ANSWERS or not ("actor" in one or "type" in one) for one in people
    ):
        return "participant absent, sans réponse, ou sans acteur ni rôle (app-1)"
    given = [name for name in ("start", "end") if name in event]
    if len(given) == 1 or (not given and text(event.get("status")) not in _WITHOUT_TIME):
        return "début et fin vont ensemble (app-2, app-3)"
    return ""
