"""The agenda API, as data. Its text is not public: GAP (CI-SIS) stands in for it (fact sheet §7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import g

import profiles
from mocks.call import Call
from mocks.fhir import (
    CONDITIONAL_CREATE,
    CONDITIONAL_UPDATE,
    CREATE,
    HISTORY,
    READ,
    SEARCH,
    UPDATE,
    VREAD,
    Demand,
    FhirEndpoint,
    FhirError,
    OutcomeIssue,
    Query,
    Resource,
    date,
    identifier_of,
    token,
)
from mocks.mes import guard, model_agenda, subject

FR_CORE_APPOINTMENT = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-appointment"
SUBJECT = ("patient.identifier", "patient:identifier")
SEARCH_PARAMS = (
    token("identifier"),
    token("status", system=model_agenda.STATUS_SYSTEM),
    date("date", "start"),
    identifier_of("patient", "Patient", path="participant.actor"),
)


def asked(demand: Demand) -> guard.Asked:
    """Whom a demand names: in its query, and as participants of what it sends."""
    return [*asked_in_query(demand.query, SUBJECT), *model_agenda.patients(demand.resource)]


def asked_in_query(query: Query, names: Sequence[str]) -> guard.Asked:
    """Whom a query names."""
    return guard.identifiers(value for name, value in query if name in names)


def require_subject(query: Query, names: Sequence[str]) -> Query:
    """The query without the subject, once it is known to be well named. Raises FhirError 400.

    The compartment already holds the search to the profile; the events of other sources do not bear the reader's idPe.
    """
    pairs = asked_in_query(query, names)
    if not pairs:
        raise FhirError(400, f"Le paramètre « {names[0]} » est obligatoire : AssignAuth%7CidPe.", code="required")
    if any(not system or not value for system, value in pairs):
        raise FhirError(400, f"« {names[0]} » doit porter l'AssignAuth et l'idPe : AssignAuth%7CidPe.", code="value")
    return [(name, value) for name, value in query if name not in names]


def _on_search(_call: Call, query: Query) -> Query:
    return require_subject(query, SUBJECT)


def _on_write(call: Call, old: Resource | None, new: Resource) -> None:
    if not model_agenda.patients(new):
        at = "Appointment.participant.actor.identifier"
        raise FhirError(
            422, "L'usager doit être un participant, désigné par AssignAuth et idPe.", code="required", at=at
        )
    settle(call, old, new, g.mes_access.snr.oid)


def settle(
    call: Call, old: Resource | None, new: Resource, source: str, structure: Mapping[str, str] | None = None
) -> None:
    """What the agenda does with an event that may be written, by whichever API. Raises FhirError 422.

    source: OID of the solution that writes. structure: `finess`, `nom`, where the API knows it.
    """
    if not new.get("identifier"):
        call.note("identifiant-absent", "rendez-vous sans identifiant métier : il ne pourra pas être reconnu")
    before, after = (old or new).get("status", ""), new.get("status", "")
    if not model_agenda.may_become(before, after):
        text = f"Un rendez-vous « {before} » ne peut pas devenir « {after} »."
        if call.setting("transitions_agenda") == "strict":
            raise FhirError(422, text, code="business-rule", at="Appointment.status")
        call.note("transition-interdite", text)
    model_agenda.name_patients(new, call.person or "")
    model_agenda.stamp(new, source, structure)


def _present(_call: Call, text: str) -> str:
    pairing = g.mes_access.pairing
    return subject.shown_to(text, pairing.person, pairing.assign_auth, pairing.idpe)


def judge(call: Call, resource: Resource) -> list[OutcomeIssue]:
    """Issues of an event, as the setting `profil_agenda` wants them."""
    issues = [
        OutcomeIssue(issue.code, issue.message, issue.severity, issue.expression)
        for issue in profiles.validate(resource, FR_CORE_APPOINTMENT)
    ]
    # A body that is not a FHIR resource cannot be kept, whatever the setting.
    if call.setting("profil_agenda") != "accepter" or any(issue.code == "structure" for issue in issues):
        return issues
    for issue in issues:
        call.note("profil-non-respecte", f"{issue.at} : {issue.text}")
    return []


def on_same_identifier(call: Call) -> str:
    """What a second POST of an identifier does (setting `doublon_identifiant`)."""
    return "reject" if call.setting("doublon_identifiant") == "refuser" else "merge"


AGENDA = FhirEndpoint(
    "Appointment",
    profile=FR_CORE_APPOINTMENT,
    interactions=(CREATE, CONDITIONAL_CREATE, UPDATE, CONDITIONAL_UPDATE, READ, VREAD, HISTORY, SEARCH),
    search=SEARCH_PARAMS,
    guard=guard.requires("agenda", asked),
    on_search=_on_search,
    on_write=_on_write,
    present=_present,
    validate=judge,
    duplicates=on_same_identifier,
    scoped=True,
)
