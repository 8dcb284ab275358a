"""A toy agenda: the FHIR engine with persons told apart by a header, sources by another."""

from __future__ import annotations

from flask import Flask, request

from mocks.call import Call
from mocks.fhir import (
    CONDITIONAL_CREATE,
    CONDITIONAL_UPDATE,
    CREATE,
    DELETE,
    HISTORY,
    READ,
    SEARCH,
    TRANSACTION,
    UPDATE,
    VREAD,
    Demand,
    FhirEndpoint,
    FhirError,
    FhirServer,
    Resource,
    Scope,
    date,
    identifier_of,
    reference,
    string,
    token,
)
from mocks.service import Service

ALL = (CREATE, CONDITIONAL_CREATE, READ, VREAD, HISTORY, UPDATE, CONDITIONAL_UPDATE, DELETE, SEARCH)
ID_SYSTEM = "urn:oid:1.2.3"
REFUSED = "à refuser"


def guard(call: Call, demand: Demand) -> Scope:
    """`X-Personne` limits to a compartment, `X-Source` to an owner; `X-Jeton: faux` is refused."""
    if request.headers.get("X-Jeton") == "faux":
        raise FhirError(401, "Le jeton n'est pas valide.")
    call.context["demande"] = [demand.interaction, len(demand.query), demand.resource is not None]
    person = request.headers.get("X-Personne")
    call.identify(person)
    return Scope(compartment=person, owner=request.headers.get("X-Source"))


def on_write(call: Call, old: Resource | None, new: Resource) -> None:
    """Refuse on demand, and stamp the source."""
    if new.get("description") == REFUSED:
        raise FhirError(422, "Refusé par une règle.", at="Appointment.description")
    if old is not None and old["status"] == "entered-in-error":
        raise FhirError(422, "Une erreur de saisie ne change plus.", at="Appointment.status")
    new["meta"] = {**new.get("meta", {}), "source": request.headers.get("X-Source", "urn:x")}


def present(_call: Call, text: str) -> str:
    """Show a comment that is not stored."""
    return text.replace('"description":"à montrer"', '"description":"à montrer","comment":"montré"')


AGENDA = FhirEndpoint(
    "Appointment",
    interactions=ALL,
    search=(
        token("identifier"),
        token("status", system="http://hl7.org/fhir/appointmentstatus"),
        token("specialty"),
        string("description", "description", "comment"),
        date("date", "start"),
        date("asked", "requestedPeriod"),
        reference("actor", "Patient", "Practitioner", "Location", path="participant.actor"),
        identifier_of("patient", "Patient", path="participant.actor"),
        reference("slot", "Slot"),
    ),
    guard=guard,
    on_write=on_write,
    present=present,
    duplicates=lambda call: str(call.setting("doublons")),
    summary=("identifier", "status", "start", "participant"),
)
PATIENT = FhirEndpoint(
    "Patient",
    interactions=ALL,
    search=(
        token("identifier"),
        string("name"),
        date("birthdate", "birthDate"),
        reference("link", "Patient", path="link.other"),
    ),
    update_creates=True,
)
SCHEDULE = FhirEndpoint(
    "Schedule", interactions=(CREATE, READ, SEARCH), search=(reference("actor", "Patient", "Practitioner"),)
)
SLOT = FhirEndpoint(
    "Slot",
    interactions=(CREATE, READ, SEARCH),
    search=(reference("schedule", "Schedule"), date("start"), token("status")),
)
TASK = FhirEndpoint(
    "Basic", interactions=(CREATE, SEARCH), search=(token("code"),), page_parameter="_offset", validate="ignorer"
)
SERVER = FhirServer(
    "toy", (AGENDA, PATIENT, SCHEDULE, SLOT, TASK), system_interactions=(TRANSACTION,), title="Agenda d'essai"
)


def _make_app() -> Flask:
    app = Flask("toy")
    SERVER.register(app)
    return app


TOY = Service(
    name="toy",
    title="Agenda d'essai",
    specification="FHIR",
    version="4.0.1",
    national_urls=("https://toy.banc.test",),
    make_app=_make_app,
    settings={"doublons": "accept", "fhir_page_maximum": 100},
    forget_tenant=SERVER.repository.forget,
)


def appointment(**changes: object) -> Resource:
    """A valid appointment; None removes an element."""
    made: Resource = {
        "resourceType": "Appointment",
        "identifier": [{"system": ID_SYSTEM, "value": "rdv-1"}],
        "status": "booked",
        "description": "Visite",
        "start": "2026-07-06T14:00:00+02:00",
        "end": "2026-07-06T14:30:00+02:00",
        "participant": [
            {
                "actor": {"type": "Patient", "identifier": {"system": "urn:oid:9.9", "value": "idpe-1"}},
                "status": "accepted",
            }
        ],
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}
