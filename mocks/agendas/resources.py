"""What the manager offers of each type, as data: interactions, profiles, search parameters (guide GAP 3.0.0).

Interactions are those of the actors GAP-GestionnaireRessources and GAP-GestionnaireAgenda, and the reads of
GAP-Consommateur. Search parameters: agenda-sas §1.5.
"""

from __future__ import annotations

from dataclasses import replace

from mocks.agendas.model_status import SYSTEM
from mocks.fhir import (
    CONDITIONAL_CREATE,
    CONDITIONAL_UPDATE,
    CREATE,
    DELETE,
    HISTORY,
    PATCH,
    READ,
    SEARCH,
    UPDATE,
    VREAD,
    Interaction,
    SearchParam,
    date,
    reference,
    string,
    token,
)

GAP = "https://interop.esante.gouv.fr/ig/fhir/gap"
CORE = "https://hl7.fr/ig/fhir/core/StructureDefinition"
_READS = (READ, VREAD, HISTORY, SEARCH)
INTERACTIONS: dict[str, tuple[Interaction, ...]] = {
    "Schedule": (CREATE, UPDATE, PATCH, DELETE, *_READS),
    "Slot": _READS,
    "Appointment": (CREATE, CONDITIONAL_CREATE, UPDATE, CONDITIONAL_UPDATE, *_READS),
}
RESOURCE = (CREATE, UPDATE, DELETE, *_READS)
# PractitionerRole and Device: R4 alone, for the guide names three profiles of the one and none of the other.
PROFILES: dict[str, str | None] = {
    "Patient": f"{CORE}/fr-core-patient",
    "RelatedPerson": f"{CORE}/fr-core-related-person",
    "Practitioner": f"{CORE}/fr-core-practitioner",
    "PractitionerRole": None,
    "Location": f"{CORE}/fr-core-location",
    "HealthcareService": f"{CORE}/fr-core-healthcare-service",
    "Organization": f"{CORE}/fr-core-organization",
    "Device": None,
    "Schedule": f"{GAP}/StructureDefinition/gap-fr-schedule",
    "Slot": f"{GAP}/StructureDefinition/gap-fr-slot",
    "Appointment": f"{GAP}/StructureDefinition/gap-fr-appointment",
}
ACTORS = (
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "RelatedPerson",
    "Location",
    "HealthcareService",
    "Device",
)


def _of_guide(param: SearchParam, id_: str, documentation: str = "") -> SearchParam:
    return replace(param, definition=f"{GAP}/SearchParameter/{id_}", documentation=documentation)


def _start(type_: str) -> SearchParam:
    latest = f"Aussi {GAP}/SearchParameter/GAP-{type_}-latestStart (lt, le), même nom."
    return _of_guide(date("start"), f"GAP-{type_}-earliestStart", latest)


_PERSON = (string("family", "name.family"), string("given", "name.given"), string("name"))
SEARCH_PARAMS: dict[str, tuple[SearchParam, ...]] = {
    "Patient": (token("identifier"), *_PERSON, date("birthdate", "birthDate"), token("telecom"), string("address")),
    "RelatedPerson": (
        token("identifier"),
        string("name"),
        string("address"),
        token("telecom"),
        reference("patient", "Patient"),
    ),
    "Practitioner": (token("identifier"), *_PERSON, token("telecom")),
    "PractitionerRole": (
        token("identifier"),
        token("role", "code"),
        token("specialty"),
        token("telecom"),
        reference("practitioner", "Practitioner"),
        reference("organization", "Organization"),
        reference("location", "Location"),
        reference("service", "HealthcareService", path="healthcareService"),
    ),
    "Location": (
        token("identifier"),
        string("name", "name", "alias"),
        string("address"),
        reference("organization", "Organization", path="managingOrganization"),
    ),
    "HealthcareService": (
        token("identifier"),
        string("name"),
        token("service-type", "type"),
        reference("organization", "Organization", path="providedBy"),
        reference("location", "Location"),
    ),
    "Organization": (token("identifier"), string("name", "name", "alias"), string("address")),
    "Device": (
        token("identifier"),
        token("type"),
        string("device-name", "deviceName.name"),
        string("model", "modelNumber"),
        reference("organization", "Organization", path="owner"),
    ),
    "Schedule": (
        token("identifier"),
        token("active"),
        token("specialty"),
        date("date", "planningHorizon"),
        reference("actor", *ACTORS),
    ),
    "Slot": (
        token("identifier"),
        token("status", system="http://hl7.org/fhir/slotstatus"),
        _start("Slot"),
        token("service-type", "serviceType"),
        token("specialty"),
        reference("schedule", "Schedule"),
    ),
    "Appointment": (
        token("identifier"),
        token("status", system=SYSTEM),
        date("date", "start"),
        _start("Appointment"),
        _of_guide(date("created"), "GAP-Appointment-created"),
        _of_guide(string("description", "description", "comment"), "GAP-Appointment-description"),
        _of_guide(token("priority"), "GAP-Appointment-priority"),
        token("service-type", "serviceType"),
        token("specialty"),
        reference("supporting-info", "DocumentReference", "Binary", path="supportingInformation"),
        reference("slot", "Slot"),
        reference("actor", *ACTORS, path="participant.actor"),
        reference("patient", "Patient", path="participant.actor"),
        reference("practitioner", "Practitioner", path="participant.actor"),
        reference("location", "Location", path="participant.actor"),
    ),
}
