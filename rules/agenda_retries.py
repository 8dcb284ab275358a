"""AGD-039, AGD-041, AGD-042, MES-42: trying again after a lost answer, a conflict, a refusal, or a request to wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.gap import APPOINTMENTS, R4
from rules.reading import dig, shown
from rules.selectors import (
    APPOINTMENT_CREATES,
    APPOINTMENT_WRITES,
    MES_API,
    MES_BUSINESS,
    UNCERTAIN,
    On,
    http,
)
from rules.visits import identifiers, visits

_READS = http("*.fhir.appointment.read", "*.fhir.appointment.vread", "*.fhir.appointment.search")
_AGENDA_READS = http("*.fhir.schedule.read", "*.fhir.schedule.vread", "*.fhir.schedule.search")
_AGENDA_WRITES = http("*.fhir.schedule.update", "*.fhir.schedule.patch")
_SAME = ("start", "end", "description")


@rule(
    "AGD-039",
    Level.SHALL,
    Authority.DEDUITE,
    f"{R4}, http.html#ccreate",
    title="Après une réponse perdue, le nouvel essai garde l'identifiant et ne crée pas un second événement.",
    over="scenario",
)
def retry_makes_no_second_event(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Two rendez-vous that the product itself tells apart are two events, however alike."""
    owners = {key: visit.id for visit in visits(exchanges) for key in visit.keys}
    writes = [e for e in exchanges if APPOINTMENTS(e)]
    for lost in (e for e in writes if APPOINTMENT_CREATES(e) and UNCERTAIN(e)):
        retry = next((e for e in writes if e.id > lost.id and _alike(lost, e)), None)
        if retry is None:
            continue
        mine, later = set(identifiers(lost.json)), set(identifiers(retry.json))
        apart = _apart({owners.get(key, "") for key in mine}, {owners.get(key, "") for key in later})
        made = [dig(e.context, "stored", "id") for e in (lost, retry) if dig(e.context, "stored", "created") is True]
        doubled = len(made) == 2 and made[0] != made[1]
        if not apart and (doubled or (mine and later and mine.isdisjoint(later))):
            yield Finding("Appointment.identifier", shown(sorted(mine)), shown(sorted(later)), exchange=retry.id)
        elif not apart:
            yield Examined(retry.id)


def _apart(one: set[str], other: set[str]) -> bool:
    """Both are rendez-vous that the product named, and not the same: an identifier that nobody knows tells nothing."""
    return bool(one - {""} and other - {""}) and one.isdisjoint(other)


def _alike(one: Exchange, other: Exchange) -> bool:
    same = all(one.resource.get(name) == other.resource.get(name) for name in _SAME)
    # A call that failed before MES knew whom it was about has no person.
    mine = one.person == other.person or None in (one.person, other.person)
    return mine and same and one.resource.get("start") is not None


@rule(
    "AGD-041",
    Level.SHOULD,
    Authority.DEDUITE,
    f"{R4}, http.html#concurrency",
    title="Après un 412 pour une version périmée, le produit relit avant d'écrire de nouveau.",
    over="scenario",
)
def reads_again_after_conflict(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Of an appointment, or of an agenda."""
    yield from _read_again(exchanges, APPOINTMENT_WRITES, _READS)
    yield from _read_again(exchanges, _AGENDA_WRITES, _AGENDA_READS)


def _read_again(exchanges: Sequence[Exchange], writes: On, reads: On) -> Iterator[Finding | Examined]:
    for place, refused in enumerate(exchanges):
        if not (writes(refused) and refused.status == 412 and refused.header("If-Match")):
            continue
        after = exchanges[place + 1 :]
        again = next((e for e in after if writes(e) and e.target == refused.target), None)
        if again is None:
            continue
        if any(reads(e) and e.id < again.id for e in after):
            yield Examined(again.id)
        else:
            yield Finding("en-tête If-Match", "une lecture avant ce nouvel essai", "aucune", exchange=again.id)


@rule(
    "AGD-042",
    Level.SHOULD,
    Authority.BANC,
    "Convention du banc ; RFC 9110 §10.2.3",
    title="Après un 429 ou un 503, le produit attend au moins le délai de Retry-After.",
    on=MES_API | On(lambda e: e.protocol == "http" and ".fhir." in e.operation),
    over="scenario",
)
def waits_as_asked(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A retry is the same call again. With a clock that stands still two instants are equal: nothing can be said."""
    for place, refused in enumerate(exchanges):
        wait = _retry_after(refused) if refused.status in (429, 503) else None
        again = next((e for e in exchanges[place + 1 :] if _repeats(refused, e)), None)
        if wait is None or again is None or again.instant == refused.instant:
            continue
        waited = (again.instant - refused.instant).total_seconds()
        if waited >= wait:
            yield Examined(again.id)
        else:
            yield Finding("en-tête Retry-After", f"{wait:.0f} s", f"{waited:.1f} s", exchange=again.id)


def _repeats(one: Exchange, other: Exchange) -> bool:
    """The same call, or the same event written again (a POST may be tried again as a PUT)."""
    if APPOINTMENT_WRITES(one) and APPOINTMENT_WRITES(other):
        return bool(set(identifiers(one.json)) & set(identifiers(other.json)))
    return (one.operation, one.target, one.body) == (other.operation, other.target, other.body)


@rule(
    "MES-42",
    Level.SHALL,
    Authority.DEDUITE,
    "CNAM, API Mesures de santé v1.5.2, 422",
    title="Un contenu refusé (422) n'est pas renvoyé sans changement.",
    on=MES_BUSINESS,
    over="person",
)
def refused_content_is_not_repeated(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """The text is that of the measures: on the agenda it is a convention of the bench."""
    for place, refused in enumerate(exchanges):
        if refused.status != 422:
            continue
        call = (refused.method, refused.target, refused.body)
        again = next((e for e in exchanges[place + 1 :] if (e.method, e.target, e.body) == call), None)
        if again is None:
            yield Examined(refused.id)
        else:
            authority = Authority.BANC if APPOINTMENT_WRITES(again) else None
            yield Finding("corps", "un contenu corrigé", "le même contenu", exchange=again.id, authority=authority)


def _retry_after(answer: Exchange) -> float | None:
    """Seconds to wait, from a number or an HTTP date."""
    said = (answer.answer_header("Retry-After") or "").strip()
    if said.isascii() and said.isdecimal():
        return float(said[:9])
    try:
        until = parsedate_to_datetime(said)
        return (until.replace(tzinfo=until.tzinfo or UTC) - answer.instant).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
