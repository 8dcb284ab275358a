"""MES-18 to MES-23: how the patient is named in calls to Mon espace santé."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.identifiers import ins_in, is_absolute_uri, is_email, is_ins, is_ins_system, is_nir_without_key
from rules.mes_pairing import PAIRING_REQUESTS, external_user
from rules.mes_tokens import MESURES
from rules.reading import dig, objects, shown, text
from rules.selectors import (
    APPOINTMENT_SEARCHES,
    MES,
    MES_AGENDA_WRITES,
    MES_API,
    MES_BUSINESS,
    MES_MEASURE_SEARCHES,
    On,
    action,
    refusal,
)

_PATIENT_PARAMETERS = ("patient.identifier", "actor:Patient.identifier", "subject.identifier")
_BY_OTHER_MEANS = re.compile(r"^(patient|subject|actor)(:Patient)?(\.(name|family|given|birthdate|telecom))?$")
_MES_LINE = re.compile(r"\bmes\b|/fhir|oauth2|espace sant", re.IGNORECASE)
_TOKEN_PIPE = re.compile(r"identifier(:\w+)?=[^&]*?(\||%7c)", re.IGNORECASE)


def patients(resource: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Position and actor of each participant of an Appointment that is a patient."""
    for place, participant in objects(dig(resource, "participant")):
        actor = participant.get("actor")
        if isinstance(actor, dict):
            reference = text(actor.get("reference"))
            if actor.get("type") == "Patient" or re.search(r"(^|/)Patient/", reference):
                yield place, actor


def names_the_person(system: str, value: str) -> bool:
    """Whether an identifier is an INS, a NIR or an e-mail address instead of an idPe."""
    return is_ins_system(system) or is_ins(value) or is_nir_without_key(value) or is_email(value)


@rule(
    "MES-18",
    Level.SHALL,
    Authority.DEDUITE,
    f"{MESURES} §2.3.1.1",
    title="Le patient est désigné par l'OID AssignAuth et l'idPe, jamais par un INS, un NIR ou un nom.",
    on=(MES_AGENDA_WRITES | MES_MEASURE_SEARCHES | (APPOINTMENT_SEARCHES & MES))
    & On(lambda e: bool(list(patients(e.json)) or e.query)),
)
def patient_by_idpe(exchange: Exchange) -> Iterator[Finding]:
    for place, actor in patients(exchange.json):
        at = f"Appointment.participant[{place}].actor.identifier"
        system = text(dig(actor, "identifier", "system"))
        value = text(dig(actor, "identifier", "value"))
        if not (system and value) or names_the_person(system, value):
            yield Finding(at, "urn:oid:<AssignAuth> et l'idPe", shown(actor.get("identifier") or actor))
    # The idPe is right and MES still refuses it: the assigning authority is another one.
    asked, owner = exchange.context.get("requested_idpe"), dig(exchange.context, "id_token", "idpe")
    if refusal(exchange) == "IDPE_MISMATCH" and asked and asked == owner == dig(exchange.context, "token", "idpe"):
        yield Finding("identifiant du patient", "l'AssignAuth reçu à l'appariement", "un autre système")
    for name, value in exchange.query:
        if name in _PATIENT_PARAMETERS:
            system, _, bare = value.rpartition("|")
            if names_the_person(system, bare):
                yield Finding(name, "<AssignAuth>|<idPe>", shown(value))
        elif _BY_OTHER_MEANS.match(name) and not (name == "patient" and MES_MEASURE_SEARCHES(exchange)):
            yield Finding(name, "une recherche par identifiant <AssignAuth>|<idPe>", shown(value))


@rule(
    "MES-19",
    Level.SHOULD,
    Authority.DEDUITE,
    "Déduit de l'API Mesures ; RGPD, article 5 (minimisation)",
    title="L'idPe confié à Mon espace santé est opaque : ni INS, ni NIR, ni adresse électronique.",
    on=PAIRING_REQUESTS & On(lambda e: bool(external_user(e).get("id"))),
)
def opaque_idpe(exchange: Exchange) -> Iterator[Finding]:
    value = str(external_user(exchange).get("id"))
    if names_the_person("", value):
        yield Finding("external_user.id", "un identifiant opaque", shown(value))


@rule(
    "MES-20",
    Level.SHALL,
    Authority.DEDUITE,
    f"{MESURES} §2.3 (le patient est l'idPe)",
    title="Aucun INS ne figure dans l'adresse, les en-têtes ou le journal des appels à Mon espace santé.",
    on=MES_API | action("declarer_usager", "lire_journal_technique"),
    over="scenario",
)
def no_ins_in_urls_headers_logs(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Where the bench declared the INS itself, only those are looked for: a number may have a right key by chance."""
    known = {text(dig(e.json, "ins", "matricule")).upper() for e in exchanges if action("declarer_usager")(e)} - {""}
    for e in exchanges:
        if action("declarer_usager")(e):
            continue
        places: dict[str, str] = {}
        if e.protocol == "action":
            lines = text(dig(e.answer_json, "texte")).splitlines()
            places["lire_journal_technique.texte"] = "\n".join(line for line in lines if _MES_LINE.search(line))
        else:
            places["adresse"] = f"{e.target} {' '.join(value for _, value in e.query)}"
            for name, value in _pairs(e.request.get("headers")):
                places[f"en-tête {name}"] = value
        guilty = [at for at, content in places.items() if _holds_ins(content, known)]
        for at in guilty:
            yield Finding(at, "aucun INS", "un INS", exchange=e.id)
        if not guilty:
            yield Examined(e.id)


def _holds_ins(content: str, known: set[str]) -> bool:
    found = {word.upper() for word in ins_in(content)}
    return bool(found & known if known else found)


def _pairs(value: Any) -> Iterator[tuple[str, str]]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, list | tuple) and len(item) == 2:
            yield str(item[0]), str(item[1])


def _observations(resource: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if resource.get("resourceType") == "Observation":
        yield "Observation", resource
    for place, entry in objects(resource.get("entry")):
        if dig(entry, "resource", "resourceType") == "Observation":
            yield f"Bundle.entry[{place}].resource", entry["resource"]


@rule(
    "MES-21",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"ANS, flux d'alimentation des mesures, erreurs ; {MESURES}",
    title="subject.identifier porte un système et une valeur.",
    on=MES_MEASURE_SEARCHES & On(lambda e: bool(e.values("subject.identifier")))
    | (MES_BUSINESS & On(lambda e: any(_observations(e.resource)))),
)
def subject_identifier_is_whole(exchange: Exchange) -> Iterator[Finding]:
    """A next link is built by MES: it is whole, so the pages of a search pass here too."""
    for value in exchange.values("subject.identifier"):
        system, _, bare = value.partition("|")
        if not bare or not is_absolute_uri(system):
            yield Finding("subject.identifier", "urn:oid:<AssignAuth>|<idPe>", shown(value))
    for at, observation in _observations(exchange.resource):
        for part in ("system", "value"):
            if not text(dig(observation, "subject", "identifier", part)):
                seen = shown(observation.get("subject"))
                yield Finding(f"{at}.subject.identifier.{part}", "une valeur", seen)


@rule(
    "MES-22",
    Level.SHALL,
    Authority.DEDUITE,
    f"{MESURES}, suivi des versions 1.5.1",
    title="La recherche de mesures emploie subject.identifier ; le paramètre patient est retiré.",
    on=MES_MEASURE_SEARCHES & On(lambda e: bool(e.values("patient") or e.values("subject.identifier"))),
)
def no_retired_parameter(exchange: Exchange) -> Iterator[Finding]:
    for value in exchange.values("patient"):
        yield Finding("patient", "subject.identifier=<AssignAuth>%7C<idPe>", f"patient={shown(value)}")


@rule(
    "MES-23",
    Level.SHOULD,
    Authority.DEDUITE,
    "RFC 3986 §2 ; API Mesures §2.3.2",
    title="La barre verticale est encodée (%7C) dans les adresses.",
    on=MES_BUSINESS & On(lambda e: bool(_TOKEN_PIPE.search(e.target))),
)
def encoded_pipe(exchange: Exchange) -> Iterator[Finding]:
    if "|" in exchange.target:
        yield Finding("adresse", "%7C", "|")
