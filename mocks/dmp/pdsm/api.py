"""The FHIR API as data: what PDSm 3.1.1 has a manager of documents offer (CapabilityStatement, sheet DMP §9.5)."""

from __future__ import annotations

from mocks.call import Call
from mocks.dmp.pdsm import bundle, contents, guard, patching, patients, publishing
from mocks.dmp.pdsm.names import COMPREHENSIVE, SUBMISSION_SET
from mocks.dmp.pdsm.repository import RegistryView
from mocks.fhir import (
    CONDITIONAL_PATCH,
    CREATE,
    READ,
    SEARCH,
    TRANSACTION,
    FhirEndpoint,
    FhirError,
    FhirServer,
    Query,
    date,
    reference,
    string,
    token,
)

_PATIENT = ("patient", "patient.identifier", "patient:identifier")


def _complete(query: Query, needed: tuple[str, ...]) -> None:
    """Raises FhirError 400 for a search that does not say of whom, or not what PDSm wants said."""
    named = {name.partition(":")[0] for name, value in query if value}
    if not any(name in _PATIENT and value for name, value in query):
        raise FhirError(400, "« patient » ou « patient.identifier » est obligatoire.", code="required")
    missing = [name for name in needed if name not in named]
    if missing:
        raise FhirError(400, f"Paramètre obligatoire absent : {', '.join(missing)}.", code="required")


def _documents(call: Call, query: Query) -> Query:
    """ITI-67; by a business identifier alone as well (PDSm4DMP, TD3.1b). Archived documents only when asked."""
    local = any(name == "identifier" and value for name, value in query)
    call.context["transaction"] = "ITI-67"
    if not local:
        _complete(query, ("status",))
    if local or any(name == "isArchived" for name, _ in query):
        return query
    return [*query, ("isArchived", "false")]


def _lots(call: Call, query: Query) -> Query:
    call.context["transaction"] = "ITI-66"
    _complete(query, ("code", "status"))
    return query


DOCUMENTS = FhirEndpoint(
    "DocumentReference",
    profile=COMPREHENSIVE,
    interactions=(READ, SEARCH, CREATE, CONDITIONAL_PATCH),
    search=(
        token("identifier", "masterIdentifier", "identifier"),
        token("status"),
        token("type"),
        token("category"),
        token("setting", "context.practiceSetting"),
        token("facility", "context.facilityType"),
        token("security-label", "securityLabel"),
        token("format", "content.format"),
        token("event", "context.event"),
        token("isArchived", "extension.valueBoolean"),
        date("date"),
        date("creation", "content.attachment.creation"),
        date("period", "context.period"),
        date("period-start", "context.period.start"),
        date("period-end", "context.period.end"),
        reference("patient", "Patient", path="subject"),
        reference("author", "Practitioner", "PractitionerRole", "Device", "Patient"),
        string("author.given"),
        string("author.family"),
        reference("relatesto", "DocumentReference", path="relatesTo.target"),
    ),
    guard=guard.reading,
    on_search=_documents,
    views={CREATE: publishing.create, CONDITIONAL_PATCH: patching.patch},
)
LISTS = FhirEndpoint(
    "List",
    profile=SUBMISSION_SET,
    search=(
        token("identifier"),
        token("code"),
        token("status"),
        token("designationType", "extension.valueCodeableConcept"),
        token("sourceId", "extension.valueIdentifier"),
        token("isArchived", "extension.valueBoolean"),
        string("title"),
        date("date"),
        reference("patient", "Patient", path="subject"),
        reference("source", "PractitionerRole", "Device", "Patient"),
    ),
    guard=guard.reading,
    on_search=_lots,
)
BINARIES = FhirEndpoint("Binary", interactions=(READ,), guard=guard.reading, views={READ: contents.read})
PATIENTS = FhirEndpoint("Patient", interactions=(SEARCH,), search=(token("identifier"),), guard=patients.searching)
_TYPES = (DOCUMENTS, LISTS, BINARIES, PATIENTS)
FHIR = FhirServer(
    "dmp",
    _TYPES,
    system_interactions=(TRANSACTION,),
    transact=bundle.transact,
    repository=RegistryView("dmp", _TYPES),
    title="DMP, face FHIR (banc) : PDSm 3.1.1 ; expérimentale, ce que le DMP offrira n'est pas publié",
    version="3.1.1",
)
