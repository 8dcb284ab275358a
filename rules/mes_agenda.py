"""MES-56 to MES-60, MES-62, MES-63: the agenda of the usager in Mon espace santé."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.foreign import foreign_events
from rules.gap import APPOINTMENTS, GAP, MES_APPOINTMENTS, R4
from rules.instants import is_trap_day, parse_instant
from rules.mes_patient import patients
from rules.reading import dig, shown, text
from rules.selectors import APPOINTMENT_DELETES, APPOINTMENT_UPDATES, DONE, MES, USAGER_AGENDA, action
from rules.sent import is_judged, missing_write
from rules.transitions import FINAL, transitions
from rules.visits import Visit, identifiers, strangers, visits

CATALOGUE_APP = "Application mobile Mon espace santé"


def incomplete_identifiers(write: Exchange) -> Iterator[tuple[str, str]]:
    """Places of an Appointment where an identifier lacks its system or value, and what is there."""
    held = write.resource.get("identifier")
    if not isinstance(held, list) or not held:
        yield "Appointment.identifier", shown(held)
        return
    for place, item in enumerate(held):
        for part in ("system", "value"):
            if not text(dig(item, part)):
                yield f"Appointment.identifier[{place}].{part}", shown(dig(item, part))


def changed_identifiers(found: Sequence[Visit]) -> Iterator[tuple[Visit, Exchange]]:
    """Writes that answer a change of a rendez-vous under an identifier that nothing else carries."""
    for visit in found:
        for step in visit.steps[1:]:
            carried = [w for w in step.writes if visit.keys & set(identifiers(w.json))]
            if step.action.status == 200 and not carried:
                yield from ((visit, write) for write in strangers(found, step)[:1])


@rule(
    "MES-56",
    Level.SHALL,
    Authority.BANC,
    f"{GAP}, flux 6b (convention du banc pour Mon espace santé)",
    title="Chaque événement a un identifiant métier stable, le même pour le modifier et pour l'annuler.",
    over="scenario",
)
def stable_identifier(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    changed = {write.id: visit for visit, write in changed_identifiers(visits(exchanges)) if MES(write)}
    for write in filter(MES_APPOINTMENTS, exchanges):
        wrong = list(incomplete_identifiers(write))
        for at, seen in wrong:
            yield Finding(at, "un système et une valeur", seen, exchange=write.id)
        if write.id in changed:
            expected, seen = shown(sorted(changed[write.id].keys)), shown(identifiers(write.json))
            yield Finding("Appointment.identifier", expected, seen, exchange=write.id)
        elif not wrong:
            yield Examined(write.id)


@rule(
    "MES-57",
    Level.SHALL,
    Authority.BANC,
    f"Cadre d'urbanisation axe 1.1 (doublons) ; {GAP}",
    title="Un rendez-vous envoyé deux fois donne un seul événement.",
    over="scenario",
)
def sent_twice_is_one_event(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    found = visits(exchanges)
    for visit in found:
        again = [w for step in visit.steps[1:] for w in strangers(found, step)]
        writes = sorted([w for w in visit.writes + again if MES(w)], key=lambda w: w.id)
        made = {text(dig(w.context, "stored", "id")): w for w in writes if dig(w.context, "stored", "created") is True}
        if len(made) > 1:
            last = max(w.id for w in made.values())
            yield Finding("Appointment.identifier", "un seul événement", f"{len(made)} événements", exchange=last)
        elif len(writes) > 1:
            yield Examined(writes[-1].id)


@rule(
    "MES-58",
    Level.SHALL,
    Authority.DEDUITE,
    f"{CATALOGUE_APP} (l'usager ne modifie pas les événements d'un service)",
    title="Un rendez-vous annulé dans le produit passe au statut cancelled dans Mon espace santé.",
    over="scenario",
)
def cancellation_is_sent(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for visit in visits(exchanges):
        for place, step in enumerate(visit.steps):
            held = any(MES(write) for write in visit.writes)
            if step.name != "annuler_rendez_vous" or not held or not is_judged(visit, step, exchanges):
                continue
            erased = _erased(visit, exchanges)
            if erased:
                yield Finding("méthode", "PUT avec le statut cancelled", "DELETE", exchange=erased.id)
            elif missing_write(visit, place):
                seen = shown(", ".join(text(w.resource.get("status")) for w in visit.writes))
                yield Finding("Appointment.status", "cancelled", seen, exchange=step.action.id)
            else:
                yield Examined(step.action.id)


def _erased(visit: Visit, exchanges: Sequence[Exchange]) -> Exchange | None:
    """The DELETE, if any, of an event that this visit stored."""
    stored = {text(dig(w.context, "stored", "id")) for w in visit.writes} - {""}
    keys = {f"{system}|{value}" for system, value in visit.keys}
    for e in filter(APPOINTMENT_DELETES & MES, exchanges):
        if e.path.rsplit("/", 1)[-1] in stored or keys & set(e.values("identifier")):
            return e
    return None


@rule(
    "MES-59",
    Level.SHALL,
    Authority.BANC,
    f"{R4}, Appointment.status (convention du banc)",
    title="Un événement annulé ou terminé ne redevient pas réservé sous le même identifiant.",
    over="person",
)
def no_way_back(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Correcting fulfilled and noshow by each other is let through, as in AGD-023."""
    for write, before, wanted in transitions([e for e in exchanges if MES(e)]):
        corrected = {before, wanted} == {"fulfilled", "noshow"}
        if before in FINAL and wanted not in (before, "entered-in-error") and not corrected:
            yield Finding("Appointment.status", f"{before} ou entered-in-error", wanted, exchange=write.id)
        else:
            yield Examined(write.id)


@rule(
    "MES-60",
    Level.SHALL,
    Authority.DEDUITE,
    f"{R4}, type instant ; {CATALOGUE_APP} (heure locale)",
    title="Les instants de l'agenda portent un décalage, juste aussi au changement d'heure et un 29 février.",
    over="scenario",
)
def instants_on_trap_days(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for write in filter(MES_APPOINTMENTS, exchanges):
        for element in ("start", "end"):
            seen = write.resource.get(element)
            if seen is not None and parse_instant(seen) is None:
                yield Finding(f"Appointment.{element}", "un instant avec décalage", shown(seen), exchange=write.id)
            elif seen is not None:
                yield Examined(write.id)
    for visit in visits(exchanges):
        for write in filter(MES_APPOINTMENTS, visit.writes):
            wished = visit.wished_starts(write)[-1]
            expected = visit.expected_start(write) if is_trap_day(wished, visit.zone) else ""
            if expected:
                yield Finding("Appointment.start", expected, shown(write.resource.get("start")), exchange=write.id)


@rule(
    "MES-62",
    Level.SHALL,
    Authority.DEDUITE,
    f"{CATALOGUE_APP} (auteur d'un événement)",
    title="Le produit ne modifie jamais un événement créé par l'usager ou par un autre service.",
    over="person",
)
def foreign_events_untouched(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    foreign = foreign_events(exchanges)
    tried = action("modifier_evenement_recu")
    for e in exchanges:
        known = [event for event in foreign if event.exchange < e.id]
        if tried(e) and e.status == 422:
            yield Examined(e.id)
        elif (APPOINTMENT_UPDATES(e) or APPOINTMENT_DELETES(e)) and USAGER_AGENDA(e) and known:
            aimed = e.path.rsplit("/", 1)[-1]
            keys = {f"{system}|{value}" for event in known for system, value in event.keys}
            touched = aimed in {event.id for event in known if event.id} or keys & set(e.values("identifier"))
            if touched:
                expected = "aucune modification d'un événement venu d'ailleurs"
                yield Finding("adresse", expected, f"{e.method} {shown(e.target)}", exchange=e.id)
            else:
                yield Examined(e.id)


def wrong_person(visit: Visit) -> Iterator[tuple[Exchange, str]]:
    """Accepted writes of a rendez-vous that concern another person, and where; a refused mix-up is MES-10 or MES-15."""
    asked = visit.created.action.person
    for write in filter(APPOINTMENTS & USAGER_AGENDA & DONE, visit.writes):
        if asked and write.person and write.person != asked:
            place = next((f"[{place}]" for place, _ in patients(write.resource)), "")
            yield write, f"Appointment.participant{place}.actor.identifier"


@rule(
    "MES-63",
    Level.SHALL,
    Authority.DEDUITE,
    f"{CATALOGUE_APP} (profil d'un enfant)",
    title="L'événement va dans le bon profil : celui de l'enfant ou celui de son représentant.",
    over="scenario",
)
def right_profile(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Judged for the usagers between whom somebody represents somebody."""
    related: set[str] = set()
    for e in exchanges:
        if action("declarer_usager")(e) and text(e.resource.get("representant")):
            related |= {text(dig(e.answer_json, "usager")), text(e.resource.get("representant"))}
        elif action("apparier_mes")(e) and text(e.resource.get("pour")):
            related |= {text(e.resource.get("usager")), text(e.resource.get("pour"))}
    for visit in visits(exchanges):
        if text(visit.created.params.get("usager")) in related - {""}:
            wrong = list(wrong_person(visit))
            for write, at in wrong:
                yield Finding(at, "l'usager du rendez-vous", "une autre personne de la famille", exchange=write.id)
            if visit.writes and not wrong:
                yield Examined(visit.writes[-1].id)
