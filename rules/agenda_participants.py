"""AGD rules on who takes part in an Appointment, and who asked for it; MES-61."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rules.agenda_schedules import SCHEDULES
from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.gap import APPOINTMENTS, GAP, GAP_APPOINTMENTS, MES_APPOINTMENTS, R4, SAS_APPOINTMENTS, gap_authority
from rules.identifiers import (
    PROFESSIONAL_SYSTEMS,
    STRUCTURE_SYSTEMS,
    ins_in,
    is_ins,
    is_ins_system,
    looks_like_finess,
    looks_like_rpps,
)
from rules.mes_patient import patients
from rules.reading import dig, objects, shown, strings, text
from rules.selectors import APPOINTMENT_CREATES, MES, On, having, http
from rules.visits import visits

SPECIALTIES = "https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale"
PARTICIPATION = frozenset(("accepted", "declined", "tentative", "needs-action"))
OPERATOR = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-appointment-operator"
SAS_OPERATOR = "http://interopsante.org/fhir/StructureDefinition/FrAppointmentOperator"
_OPERATORS = ("Patient", "RelatedPerson", "Practitioner", "Organization")
_PERSONS, _PLACES = ("Practitioner", "PractitionerRole"), ("HealthcareService", "Organization", "Location")
_SLOT_SEARCHES = http("*.fhir.slot.search")
_REQUESTS = GAP_APPOINTMENTS & APPOINTMENT_CREATES & On(lambda e: e.resource.get("status") == "proposed")
_ROLES = http("*.fhir.practitionerrole.create", "*.fhir.practitionerrole.update")


def kind(resource: Mapping[str, Any], reference: Any) -> str:
    """Type of resource that a Reference points to: by `type`, by its path, or by the contained resource."""
    if text(dig(reference, "type")):
        return text(dig(reference, "type"))
    target = text(dig(reference, "reference"))
    if target.startswith("#"):
        return text(_contained(resource, reference).get("resourceType"))
    return target.split("/")[-2] if "/" in target else ""


def _contained(resource: Mapping[str, Any], reference: Any) -> Mapping[str, Any]:
    wanted = text(dig(reference, "reference")).removeprefix("#")
    return next((item for _, item in objects(resource.get("contained")) if item.get("id") == wanted), {})


def _operators(resource: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for place, extension in objects(resource.get("extension")):
        url = text(extension.get("url")).lower().replace("-", "")
        if "appointmentoperator" in url:
            yield place, extension


@rule(
    "AGD-012",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{R4}, Appointment, app-1 ; {GAP}, §5.14.1 (deux participants)",
    title="Chaque participant a un acteur ou un type, et un statut ; un rendez-vous réunit au moins deux participants.",
    on=APPOINTMENTS,
)
def participants_are_whole(exchange: Exchange) -> Iterator[Finding]:
    found = list(objects(exchange.resource.get("participant")))
    for place, participant in found:
        at = f"Appointment.participant[{place}]"
        if not participant.get("actor") and not participant.get("type"):
            yield Finding(at, "un acteur ou un type (app-1)", shown(participant))
        if text(participant.get("status")) not in PARTICIPATION:
            yield Finding(f"{at}.status", ", ".join(sorted(PARTICIPATION)), shown(participant.get("status")))
    if not found:
        yield Finding("Appointment.participant", "au moins un participant", "aucun")
    # The profile asks for one: two is the functional definition of GAP. That of the SAS is of one.
    elif len(found) == 1 and not SAS_APPOINTMENTS(exchange):
        authority = gap_authority(exchange)
        yield Finding(
            "Appointment.participant", "deux participants", "un seul", level=Level.SHOULD, authority=authority
        )


@rule(
    "AGD-013",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, flux de gestion des ressources",
    title="Un professionnel en exercice est référencé par son PractitionerRole et son Practitioner, liés entre eux.",
    on=((GAP_APPOINTMENTS | SCHEDULES) & On(lambda e: bool(set(_PERSONS) & set(_kinds(e.resource))))) | _ROLES,
)
def role_and_practitioner(exchange: Exchange) -> Iterator[Finding]:
    """The link is read where the role is in this exchange: alone, or contained in an appointment."""
    found, authority = _kinds(exchange.resource), gap_authority(exchange)
    if _ROLES(exchange) and not exchange.resource.get("practitioner"):
        yield Finding("PractitionerRole.practitioner", "le Practitioner", "rien", authority=authority)
    for wanted in set(_PERSONS) - set(found) if found else ():
        at = "Schedule.actor" if SCHEDULES(exchange) else "Appointment.participant.actor"
        yield Finding(at, f"un {wanted} aussi", ", ".join(found), authority=authority)
    for place, item in objects(exchange.resource.get("contained")):
        if item.get("resourceType") == "PractitionerRole" and not item.get("practitioner"):
            at = f"Appointment.contained[{place}].practitioner"
            yield Finding(at, "le Practitioner", "rien", authority=gap_authority(exchange))


def _kinds(resource: Mapping[str, Any]) -> list[str]:
    """Of the participants of an appointment, or of those whose agenda it is."""
    actors = [item.get("actor") for _, item in objects(resource.get("participant"))]
    return [kind(resource, actor) for actor in (*actors, *(owner for _, owner in objects(resource.get("actor"))))]


@rule(
    "AGD-014",
    Level.SHOULD,
    Authority.DEDUITE,
    f"{GAP}, règle C1",
    title="Le demandeur est donné (appointmentOperator) : patient, proche, professionnel ou organisation.",
    on=GAP_APPOINTMENTS,
)
def requester_is_given(exchange: Exchange) -> Iterator[Finding]:
    found, authority = list(_operators(exchange.resource)), gap_authority(exchange)
    if not found:
        yield Finding("Appointment.extension", "appointmentOperator", "rien", authority=authority)
    for place, extension in found:
        seen = kind(exchange.resource, extension.get("valueReference"))
        if seen not in _OPERATORS:
            at = f"Appointment.extension[{place}].valueReference"
            yield Finding(at, " ou ".join(_OPERATORS), shown(seen), authority=authority)


@rule(
    "AGD-015",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP} ; SAS, FrAppointmentSAS",
    title="L'extension appointmentOperator porte l'URL de la bonne génération.",
    on=APPOINTMENTS & On(lambda e: any(_operators(e.resource))),
)
def operator_url(exchange: Exchange) -> Iterator[Finding]:
    expected = SAS_OPERATOR if SAS_APPOINTMENTS(exchange) else OPERATOR
    for place, extension in _operators(exchange.resource):
        if extension.get("url") != expected:
            at, seen = f"Appointment.extension[{place}].url", shown(extension.get("url"))
            official = SAS_APPOINTMENTS(exchange)
            yield Finding(at, expected, seen, authority=None if official else gap_authority(exchange))


@rule(
    "AGD-016",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, règle C2",
    title="Une demande faite après lecture de créneaux désigne le créneau ; une demande directe désigne les acteurs.",
    over="scenario",
)
def request_names_slot_or_actors(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Whether slots were read for it: what was asked of the product says so, else a search for the same person."""
    chosen = {
        write.id: bool(step.params.get("creneau"))
        for visit in visits(exchanges)
        for step in visit.steps
        if step.name == "demander_rendez_vous"
        for write in step.writes
    }
    read: set[tuple[str, str]] = set()
    for e in exchanges:
        whose = (e.service, e.person or "")
        if _SLOT_SEARCHES(e) and e.person:
            read.add(whose)
        elif _REQUESTS(e):
            yield _judged_request(e, on_slot=chosen.get(e.id, whose in read))


def _judged_request(e: Exchange, *, on_slot: bool) -> Finding | Examined:
    usagers = {place for place, _ in patients(e.resource)}
    asked = [item for place, item in objects(e.resource.get("participant")) if place not in usagers]
    actors = [item for item in asked if item.get("actor")]
    if e.resource.get("slot") or (not on_slot and actors):
        return Examined(e.id)
    at, expected = ("slot", "le créneau lu") if on_slot else ("participant.actor", "les acteurs demandés")
    return Finding(f"Appointment.{at}", expected, "rien", exchange=e.id, authority=gap_authority(e))


@rule(
    "AGD-017",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, correspondance (INS)",
    title="Le patient est identifié par l'INS avec son système national, et le matricule n'est jamais en texte libre.",
    on=APPOINTMENTS,
)
def ins_in_its_place(exchange: Exchange) -> Iterator[Finding]:
    """On MES no INS belongs at all (MES-18); free text and path are advice of the bench everywhere."""
    for place, actor in patients(exchange.resource) if not MES(exchange) else ():
        system, value = (text(dig(actor, "identifier", part)) for part in ("system", "value"))
        if is_ins(value) and not is_ins_system(system):
            at = f"Appointment.participant[{place}].actor.identifier.system"
            yield Finding(at, "urn:oid:1.2.250.1.213.1.4.8, .9 ou .10", shown(system))
    places = [("chemin", exchange.path)]
    places += [
        (f"Appointment.{at}", said) for at, said in strings(exchange.json) if at.rsplit(".", 1)[-1] in _FREE_TEXT
    ]
    for at, said in places:
        if any(ins_in(said)):
            yield Finding(at, "aucun matricule INS", "un matricule INS", level=Level.SHOULD, authority=Authority.BANC)


_FREE_TEXT = frozenset(("description", "comment", "patientInstruction", "text", "display", "div"))


@rule(
    "AGD-024",
    Level.SHOULD,
    Authority.BANC,
    "Convention du banc (cycle de vie d'un rendez-vous)",
    title="booked n'est pas envoyé tant qu'un participant requis n'a pas accepté.",
    on=APPOINTMENTS & On(lambda e: e.resource.get("status") == "booked"),
)
def required_participants_agree(exchange: Exchange) -> Iterator[Finding]:
    for place, participant in objects(exchange.resource.get("participant")):
        status = participant.get("status")
        if participant.get("required") == "required" and status in ("needs-action", "declined"):
            yield Finding(f"Appointment.participant[{place}].status", "accepted", shown(status))


@rule(
    "AGD-030",
    Level.SHALL,
    Authority.OFFICIELLE,
    "FR Core 2.0.1, fr-core-vs-practitioner-specialty (TRE_R38)",
    title="La spécialité est un code de la TRE_R38.",
    on=APPOINTMENTS & having("specialty"),
)
def specialty_of_tre_r38(exchange: Exchange) -> Iterator[Finding]:
    """Whether the code is in the list is for the profile; a text without a code is advice (SAS, faq)."""
    for place, specialty in objects(exchange.resource.get("specialty")):
        systems = [text(coding.get("system")) for _, coding in objects(specialty.get("coding"))]
        if SPECIALTIES not in systems:
            at, level = f"Appointment.specialty[{place}].coding", None if systems else Level.SHOULD
            seen = shown(", ".join(systems))
            yield Finding(f"{at}.system", SPECIALTIES, seen, level=level, authority=gap_authority(exchange))


@rule(
    "MES-61",
    Level.SHALL,
    Authority.DEDUITE,
    "Application mobile Mon espace santé (AppointmentViewModel)",
    title="Le professionnel ou l'établissement est nommé, et son identifiant RPPS ou FINESS convient à son type.",
    on=MES_APPOINTMENTS,
)
def somebody_is_named(exchange: Exchange) -> Iterator[Finding]:
    """A wrong key is advice: published test numbers fail theirs (ANN-13, ANN-16)."""
    resource, named = exchange.resource, False
    for place, participant in objects(resource.get("participant")):
        actor = participant.get("actor")
        seen = kind(resource, actor)
        contained = _contained(resource, actor)
        named = named or (seen != "Patient" and bool(text(dig(actor, "display")).strip() or contained.get("name")))
        if seen not in _PERSONS + _PLACES:
            continue
        at = f"Appointment.participant[{place}].actor.identifier"
        for identifier in [dig(actor, "identifier"), *(item for _, item in objects(contained.get("identifier")))]:
            yield from _judged_number(at, seen in _PERSONS, identifier)
    if not named:
        at = "Appointment.participant.actor.display"
        yield Finding(at, "le nom d'un professionnel ou d'un établissement", "rien")


def _judged_number(at: str, person: bool, identifier: Any) -> Iterator[Finding]:
    system, value = text(dig(identifier, "system")), text(dig(identifier, "value"))
    if system in (STRUCTURE_SYSTEMS if person else PROFESSIONAL_SYSTEMS):
        wanted = "un RPPS pour un professionnel" if person else "un FINESS pour une structure"
        yield Finding(f"{at}.system", wanted, shown(system))
    elif (system.endswith("rpps.esante.gouv.fr") and not looks_like_rpps(value)) or (
        system.endswith("finess.esante.gouv.fr") and not looks_like_finess(value)
    ):
        yield Finding(f"{at}.value", "un numéro dont la clé est juste", shown(value), level=Level.SHOULD)
