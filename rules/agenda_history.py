"""AGD rules over the life of a rendez-vous: what was asked of the product, next to what it wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.agenda_slots import SLOT_TAKEN, other_slots_offered
from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.gap import APPOINTMENTS, GAP, R4, gap_authority
from rules.mes_agenda import changed_identifiers, incomplete_identifiers, wrong_person
from rules.reading import dig, shown, text
from rules.selectors import APPOINTMENT_CREATES, APPOINTMENT_UPDATES, DONE, refusal
from rules.sent import is_judged, write_of
from rules.transitions import NEXT, transitions
from rules.visits import Key, identifiers, visits

DELAY_S = 60  # agenda-sas.md, AGD-021: default of the bench, no text gives a delay
_WANTED = {"demande": "proposed", "confirme": "booked"}
_USUAL = {"creer_rendez_vous": "confirme", "demander_rendez_vous": "demande"}
_CONTENT = ("status", "start", "end", "description", "comment", "participant")


@rule(
    "AGD-002",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, flux 6b",
    title="Un rendez-vous déclaré se modifie par PUT Appointment?identifier=système|valeur, non par un second POST.",
    on=APPOINTMENTS,
    over="person",
)
def change_is_a_conditional_put(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """The same content posted again is a retry (AGD-039), not a change. A PUT by id is an update of GAP too: advice."""
    declared: dict[Key, list[object]] = {}
    for e in exchanges:
        content = [e.resource.get(name) for name in _CONTENT]
        known = [key for key in identifiers(e.json) if key in declared]
        if APPOINTMENT_CREATES(e) and known and all(declared[key] != content for key in known):
            expected = f"PUT Appointment?identifier={'%7C'.join(known[0])}"
            yield Finding("méthode", expected, "un second POST", exchange=e.id, authority=gap_authority(e))
        elif APPOINTMENT_UPDATES(e) and not e.values("identifier"):
            authority = gap_authority(e)
            at, expected = "adresse", "Appointment?identifier=système|valeur"
            yield Finding(at, expected, shown(e.path), exchange=e.id, level=Level.SHOULD, authority=authority)
        elif APPOINTMENT_UPDATES(e):
            yield Examined(e.id)
        if DONE(e):
            declared |= dict.fromkeys(identifiers(e.json), content)


@rule(
    "AGD-003",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, flux 6b et idRDV 1..1",
    title="Le rendez-vous porte un identifiant (système et valeur), propre à l'événement et inchangé ensuite.",
    over="scenario",
)
def identifier_is_given_and_kept(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    found = visits(exchanges)
    changed = {write.id: visit for visit, write in changed_identifiers(found)}
    for write in filter(APPOINTMENTS, exchanges):
        authority = gap_authority(write)
        wrong = list(incomplete_identifiers(write))
        for at, seen in wrong:
            yield Finding(at, "un système et une valeur", seen, exchange=write.id, authority=authority)
        sharing = {visit.id for visit in found if visit.keys & set(identifiers(write.json))}
        at, seen = "Appointment.identifier", shown(identifiers(write.json))
        if write.id in changed:
            expected = shown(sorted(changed[write.id].keys))
            yield Finding(at, expected, seen, exchange=write.id, authority=authority)
        elif len(sharing) > 1:
            yield Finding(at, "un identifiant propre à l'événement", seen, exchange=write.id, authority=authority)
        elif not wrong:
            yield Examined(write.id)


@rule(
    "AGD-006",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, correspondance 6a",
    title="Une demande de rendez-vous porte proposed, un rendez-vous pris porte booked.",
    over="scenario",
)
def first_status(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Read on the write that answers the creation: one that leaves a queue later may carry a later status."""
    for visit in visits(exchanges):
        near = {w.id for w in visit.created.writes}
        wanted = _WANTED.get(text(visit.created.params.get("etat")) or _USUAL[visit.created.name])
        for write in [w for w in visit.writes if w.id in near and APPOINTMENTS(w) and wanted][:1]:
            seen = write.resource.get("status")
            if seen == wanted:
                yield Examined(write.id)
            else:
                at, authority = "Appointment.status", gap_authority(write)
                yield Finding(at, str(wanted), shown(seen), exchange=write.id, authority=authority)


@rule(
    "AGD-010",
    Level.SHALL,
    Authority.DEDUITE,
    f"{R4}, type instant ; heure locale du lieu",
    title="L'instant envoyé est l'heure saisie, dans le fuseau du lieu, en hiver comme en été.",
    over="scenario",
)
def instant_is_the_typed_time(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for visit in visits(exchanges):
        for write in filter(APPOINTMENTS, visit.writes):
            seen, expected = write.resource.get("start"), visit.expected_start(write)
            if expected:
                yield Finding("Appointment.start", expected, shown(seen), exchange=write.id)
            elif expected is not None:
                yield Examined(write.id)


@rule(
    "AGD-018",
    Level.SHALL,
    Authority.BANC,
    "Convention du banc (confusion entre deux dossiers)",
    title="Le patient du rendez-vous envoyé est l'usager pour qui il a été saisi.",
    over="scenario",
)
def patient_is_the_usager(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for visit in visits(exchanges):
        wrong = list(wrong_person(visit))
        for write, at in wrong:
            yield Finding(at, "l'usager du rendez-vous", "une autre personne", exchange=write.id)
        if visit.writes and not wrong:
            yield Examined(visit.writes[-1].id)


@rule(
    "AGD-021",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, flux de gestion des agendas et §0.1",
    title="Chaque étape d'un rendez-vous (déplacé, annulé, honoré, non honoré) est envoyée sans tarder.",
    over="scenario",
)
def every_step_is_sent(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """See `sent.is_judged` for when silence is held against the product; the delay is advice."""
    for visit in visits(exchanges):
        for place, step in enumerate(visit.steps):
            if not is_judged(visit, step, exchanges):
                continue
            write, authority = write_of(visit, place), gap_authority(visit.writes[0])
            late = (write.instant - step.action.instant).total_seconds() if write else 0.0
            at, exchange = f"{step.name}.envoi", step.action.id
            if write is None:
                yield Finding(at, "un envoi", "rien", exchange=exchange, authority=authority)
            elif late > DELAY_S:
                seen = f"{late:.0f} s"
                yield Finding(
                    at, f"au plus {DELAY_S} s", seen, exchange=exchange, level=Level.SHOULD, authority=authority
                )
            else:
                yield Examined(write.id)


@rule(
    "AGD-023",
    Level.SHOULD,
    Authority.BANC,
    "Convention du banc (cycle de vie d'un rendez-vous)",
    title="Le statut suit un chemin permis : rien après entered-in-error, pas de retour de cancelled à booked.",
    over="person",
)
def allowed_transition(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for write, before, wanted in transitions(exchanges):
        if wanted == before or wanted in NEXT[before]:
            yield Examined(write.id)
        else:
            expected = ", ".join([before, *sorted(NEXT[before])])
            yield Finding("Appointment.status", expected, wanted, exchange=write.id)


@rule(
    "AGD-040",
    Level.SHALL,
    Authority.DEDUITE,
    f"{GAP}, §2.1.5",
    title="Un rendez-vous refusé par le service (409, 412, 422) n'est pas montré comme pris.",
    over="scenario",
)
def refused_is_not_shown_as_sent(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Judged for the creation and for each change.

    A refusal with a code of MES (OID, consent) is not about the slot; a 409 on a known event says it is there. That
    other slots are offered is advice: the guide foresees a new search, and does not say who begins it.
    """
    yield from other_slots_offered(exchanges)
    for visit in visits(exchanges):
        for step in visit.steps:
            writes = [w for w in step.writes if w.id < step.action.id and visit.keys & set(identifiers(w.json))]
            if not writes or any(DONE(w) for w in writes) or refusal(writes[-1]) not in ("", SLOT_TAKEN):
                continue
            if writes[-1].status in (409, 412, 422):
                said = dig(step.action.answer_json, "envoi", "etat")
                if said == "envoye":
                    yield Finding(f"{step.name}.envoi.etat", "refuse ou en_attente", said, exchange=step.action.id)
                else:
                    yield Examined(step.action.id)
