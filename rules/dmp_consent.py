"""DMP-013, DMP-037, DMP-043, DMP-069 to DMP-071: what was asked of the product about a document, and what it sends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import time
from zoneinfo import ZoneInfo

from rules.core import Authority, Examined, Finding, Level, rule
from rules.dmp import (
    DEPOSITS,
    HIDDEN_FROM_PATIENT,
    HIDDEN_FROM_REPRESENTATIVES,
    HOMO,
    MASKED,
    P4D,
    Document,
    code,
    codes,
    entries,
    texts,
)
from rules.dmp_lot import utc_time
from rules.exchange import Exchange
from rules.instants import PARIS, wall_clock
from rules.reading import dig, shown, text
from rules.selectors import DONE, action
from rules.windows import during

CHOOSES = action("noter_choix_dmp") & DONE
_WRITES = action("ecrire_document") & DONE
_VALIDATES = action("valider_document") & DONE
_REPLACES = action("remplacer_document")
_SENDS = action("deposer_document", "remplacer_document")
_IMPORTS = action("importer_document") & DONE
_CHANGES = action("modifier_document")
_PPA = ("80788-3", "2.16.840.1.113883.6.1")
_CODES = {"professionnels": MASKED, "patient": HIDDEN_FROM_PATIENT, "representants": HIDDEN_FROM_REPRESENTATIVES}
CU1 = "Cadre d'urbanisation, coordination et gestion du parcours 1.0"


@rule(
    "DMP-013",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D}, TD0.2 (non-opposition, gardée par le logiciel)",
    title="L'usager qui refuse l'alimentation de son DMP n'y voit rien arriver.",
    on=CHOOSES | DEPOSITS,
    over="person",
)
def opposition_stops_the_feeding(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A choice that the bench never noted may have been noted otherwise."""
    said = ""
    for e in exchanges:
        if CHOOSES(e):
            said = text(e.resource.get("alimentation")) or said
            if said == "refuse":
                yield Examined(e.id)
        elif said == "refuse":
            yield Finding("dépôt", "aucun : l'usager s'oppose à l'alimentation de son DMP", "un dépôt", exchange=e.id)
        elif said:
            yield Examined(e.id)


@dataclass
class _Asked:
    """What the actions say of documents, by the name that the product gives them."""

    kinds: dict[str, str] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    drafts: set[str] = field(default_factory=set)

    def learn(self, e: Exchange) -> None:
        name = text(dig(e.answer_json, "document")) or text(e.resource.get("document"))
        if _WRITES(e):
            self.kinds[name], self.days[name] = text(e.resource.get("type")), text(e.resource.get("date_acte"))
            self.drafts.add(name)
        elif _VALIDATES(e):
            self.drafts.discard(name)
        elif _REPLACES(e) and DONE(e):
            before = text(e.resource.get("document"))
            self.kinds[name] = self.kinds.get(before, "")
            self.days[name] = text(e.resource.get("date_acte"))


def _sendings(exchanges: Sequence[Exchange]) -> Iterator[tuple[Exchange, Exchange, Document, _Asked]]:
    """Each document that an action deposits: the action, the deposit, the entry, what was asked before."""
    asked = _Asked()
    for e in exchanges:
        if _SENDS(e):
            for call in filter(DEPOSITS, during(e, exchanges)):
                yield from ((e, call, one, asked) for one in entries(call))
        asked.learn(e)


@rule(
    "DMP-037",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D}, annexe des dates",
    title="serviceStartTime est la date de l'acte que le document rapporte, non celle de l'envoi.",
    over="scenario",
)
def start_is_the_day_of_the_act(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """The act is what the bench gave; where it gave a day, either will do around midnight and overseas."""
    for e, call, one, asked in _sendings(exchanges):
        asked_for = text(e.resource.get("date_acte")) or ("" if _REPLACES(e) else asked.days.get(_named(e), ""))
        written = text(one.entry.get("service_start_time"))
        if not asked_for or len(written) < 8:
            continue
        if _is_the_act(asked_for, written):
            yield Examined(call.id)
        else:
            yield Finding(one.at("serviceStartTime"), f"l'acte : {asked_for}", shown(written), exchange=call.id)


def _is_the_act(asked: str, written: str) -> bool:
    """Whether a DTM is the act, to the minute when its time was given; a product may keep days only."""
    instant = utc_time(written)
    if instant is None or instant.astimezone(ZoneInfo(PARIS)).time() == time():
        return asked[:10].replace("-", "") in _days(written)
    if len(asked) == 10:
        return asked.replace("-", "") in _days(written)
    return instant.replace(second=0) in [one.replace(second=0) for one in wall_clock(asked)]


def _days(written: str) -> set[str]:
    """The days that a DTM may mean: as it is written, in Paris, and where the day begins earlier or later."""
    instant, zones = utc_time(written), (PARIS, "UTC", "Indian/Reunion", "America/Cayenne")
    if instant is None:
        return {written[:8]}
    return {f"{instant.astimezone(ZoneInfo(zone)):%Y%m%d}" for zone in zones}


def _named(e: Exchange) -> str:
    return text(e.resource.get("document"))


@rule(
    "DMP-043",
    Level.SHALL,
    Authority.DEDUITE,
    f"Ségur vague 2, DMP/va1.04, .14 et .17 ; {HOMO}",
    title="Le document part avec la visibilité que l'utilisateur a choisie.",
    over="scenario",
)
def visibility_is_that_chosen(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A structure may have a rule that hides more: only what was chosen and does not leave accuses."""
    for e, call, one, _ in _sendings(exchanges):
        wanted = {_CODES[name] for name in texts(e.resource.get("cache_a")) if name in _CODES}
        sent = {name for name, _ in codes(one)}
        if wanted - sent:
            expected = ", ".join(sorted(wanted))
            yield Finding(one.at("confidentialityCode"), expected, shown(", ".join(sorted(sent))), exchange=call.id)
        elif wanted:
            yield Examined(call.id)


@rule(
    "DMP-069",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{CU1}, UC1 ; JDV_J07 (typeCode)",
    title="Un projet personnalisé d'accompagnement est déposé avec le typeCode 80788-3 (LOINC).",
    over="scenario",
)
def plan_has_its_type(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for e, call, one, asked in _sendings(exchanges):
        if asked.kinds.get(_named(e)) != "ppa":
            continue
        if code(one.entry.get("type")) == _PPA:
            yield Examined(call.id)
        else:
            seen = "^".join(code(one.entry.get("type")))
            yield Finding(one.at("typeCode"), "^".join(_PPA), shown(seen), exchange=call.id)


@rule(
    "DMP-070",
    Level.SHOULD,
    Authority.DEDUITE,
    f"{CU1}, UC1'",
    title="Un document qui n'est pas validé n'est pas déposé.",
    over="scenario",
)
def only_valid_documents_leave(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for e, call, one, asked in _sendings(exchanges):
        if _named(e) in asked.drafts:
            yield Finding(one.at("uniqueId"), "aucun dépôt avant la validation", "un brouillon", exchange=call.id)
        elif _named(e) in asked.kinds:
            yield Examined(call.id)


@rule(
    "DMP-071",
    Level.SHOULD,
    Authority.DEDUITE,
    f"{CU1}, UC2",
    title="Un document importé du DMP n'est pas modifiable.",
    over="scenario",
)
def imported_documents_are_read_only(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """That objectives become events of an agenda is seen by the scenarios."""
    imported: set[str] = set()
    for e in exchanges:
        if _IMPORTS(e):
            imported |= {text(dig(e.answer_json, "document"))} - {""}
        elif _CHANGES(e) and _named(e) in imported:
            if DONE(e):
                yield Finding("modifier_document", "un refus", "le document modifié", exchange=e.id)
            elif e.status == 422:
                yield Examined(e.id)
