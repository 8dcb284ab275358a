"""Tables of rules/agenda_participants.py."""

from typing import Any

from tests.rules.cases import Case
from tests.rules.journal import (
    INS,
    KEY,
    Entry,
    action,
    appointment,
    began,
    create,
    http,
    patient,
    practitioner,
    search,
    update,
)

OPERATOR = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-appointment-operator"
SAS_OPERATOR = "http://interopsante.org/fhir/StructureDefinition/FrAppointmentOperator"
SPECIALTIES = "https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale"
ROLE = practitioner("PractitionerRole")
LINKED = {"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "#p"}}
BY_REFERENCE = {"actor": {"reference": "#r"}, "status": "accepted"}
RPPS, FINESS = "https://rpps.esante.gouv.fr", "https://finess.esante.gouv.fr"


def asked_by(url: str = OPERATOR, reference: str = "Patient/1") -> dict[str, object]:
    return appointment(extension=[{"url": "urn:x"}, {"url": url, "valueReference": {"reference": reference}}])


def named(kind: str, system: str, value: str) -> dict[str, object]:
    return appointment(participant=[patient(), practitioner(kind, identifier={"system": system, "value": value})])


ON_A_SLOT = began(
    action("demander_rendez_vous", {"rendez_vous": "r1", "identifiant": KEY}, usager="u1", creneau="Slot/1"), 0
)


def declared(kind: str, resource: dict[str, Any]) -> Entry:
    body = {"resourceType": {"schedule": "Schedule"}.get(kind, "PractitionerRole"), **resource}
    return http(f"gap.fhir.{kind}.create", "POST", "/gap/fhir/x", body, 201, person=None)


def agenda_of(*references: str) -> dict[str, Any]:
    return {"actor": [{"reference": reference} for reference in references]}


CASES = [
    Case(
        "AGD-012",
        accepted=[[create()], [create(appointment(participant=[patient(), {"type": [{}], "status": "tentative"}]))]],
        refused=[
            (
                [create(appointment(participant=[patient(), {"status": "accepted"}]))],
                ["1 Appointment.participant[1]"],
            ),
            (
                [create(appointment(participant=[patient(status="ok"), practitioner()]))],
                ["1 Appointment.participant[0].status"],
            ),
            ([create(appointment(participant=[patient()]))], ["1 Appointment.participant (SHOULD) (banc)"]),
            ([create(appointment(participant=[patient()]), service="gap")], ["1 Appointment.participant (SHOULD)"]),
            ([create(appointment(participant=None))], ["1 Appointment.participant"]),
        ],
        silent=[[create("{}")], [search()]],
    ),
    Case(
        "AGD-013",
        accepted=[
            [create(appointment(participant=[practitioner(), ROLE]))],
            [declared("schedule", agenda_of("Practitioner/1", "PractitionerRole/2"))],
            [declared("practitionerrole", {"practitioner": {"reference": "Practitioner/1"}})],
        ],
        refused=[
            ([create()], ["1 Appointment.participant.actor (banc)"]),
            ([create(service="gap")], ["1 Appointment.participant.actor"]),
            (
                [
                    create(
                        appointment(
                            contained=[{**LINKED, "practitioner": None}], participant=[practitioner(), BY_REFERENCE]
                        ),
                        service="gap",
                    )
                ],
                ["1 Appointment.contained[0].practitioner"],
            ),
            ([declared("practitionerrole", {"active": True})], ["1 PractitionerRole.practitioner"]),
            ([declared("schedule", agenda_of("Practitioner/1"))], ["1 Schedule.actor"]),
        ],
        silent=[[create(appointment(participant=[patient()]))], [declared("schedule", agenda_of("Location/1"))]],
    ),
    Case(
        "AGD-014",
        accepted=[[create(asked_by())]],
        refused=[
            ([create()], ["1 Appointment.extension (banc)"]),
            ([create(asked_by(reference="Device/1"), service="gap")], ["1 Appointment.extension[1].valueReference"]),
        ],
        silent=[[create("{}")]],
    ),
    Case(
        "AGD-015",
        accepted=[[create(asked_by())], [create(asked_by(SAS_OPERATOR), service="sas")]],
        refused=[
            ([create(asked_by(SAS_OPERATOR))], ["1 Appointment.extension[1].url (banc)"]),
            ([create(asked_by(OPERATOR), service="sas")], ["1 Appointment.extension[1].url"]),
        ],
        silent=[[create()]],
    ),
    Case(
        "AGD-016",
        accepted=[
            [create(appointment(status="proposed"))],
            [
                http("gap.fhir.slot.search"),
                create(appointment(status="proposed", slot=[{"reference": "Slot/1"}]), service="gap"),
            ],
        ],
        refused=[
            (
                [http("gap.fhir.slot.search"), create(appointment(status="proposed"), service="gap")],
                ["2 Appointment.slot"],
            ),
            ([create(appointment(status="proposed"), service="gap"), ON_A_SLOT], ["1 Appointment.slot"]),
            (
                [create(appointment(status="proposed", participant=[{"type": [{}]}]))],
                ["1 Appointment.participant.actor (banc)"],
            ),
            (
                [create(appointment(status="proposed", participant=[patient(), {"status": "needs-action"}]))],
                ["1 Appointment.participant.actor (banc)"],
            ),
        ],
        silent=[[create()], [http("gap.fhir.slot.search")]],
    ),
    Case(
        "AGD-017",
        accepted=[
            [create()],
            [create(appointment(participant=[patient("urn:oid:1.2.250.1.213.1.4.10", INS)]), service="gap")],
        ],
        refused=[
            (
                [create(appointment(participant=[practitioner(), patient("urn:oid:1.2.3", INS)]), service="gap")],
                ["1 Appointment.participant[1].actor.identifier.system"],
            ),
            ([create(appointment(description=f"Vu {INS}"))], ["1 Appointment.description (SHOULD) (banc)"]),
            ([update(target=f"/mes/fhir/Appointment/{INS}")], ["1 chemin (SHOULD) (banc)"]),
        ],
        silent=[[create("{}")]],
    ),
    Case(
        "AGD-024",
        accepted=[[create()]],
        refused=[
            (
                [create(appointment(participant=[patient(), {**practitioner(), "status": "needs-action"}]))],
                ["1 Appointment.participant[1].status"],
            )
        ],
        silent=[[create(appointment(status="pending"))]],
    ),
    Case(
        "AGD-030",
        accepted=[[create(appointment(specialty=[{"coding": [{"system": SPECIALTIES, "code": "SM54"}]}]))]],
        refused=[
            (
                [create(appointment(specialty=[{"coding": [{"system": "urn:x"}]}]))],
                ["1 Appointment.specialty[0].coding.system (banc)"],
            ),
            (
                [create(appointment(specialty=[{"text": "kiné"}]), service="gap")],
                ["1 Appointment.specialty[0].coding.system (SHOULD)"],
            ),
        ],
        silent=[[create()]],
    ),
    Case(
        "MES-61",
        accepted=[
            [create()],
            [create(named("Practitioner", RPPS, "19999000011"))],
            [create(named("HealthcareService", FINESS, "990000028"))],
            [create(appointment(participant=[patient(), {"actor": {"display": "ESAT Test"}}]))],
        ],
        refused=[
            ([create(appointment(participant=[patient(display="Ana")]))], ["1 Appointment.participant.actor.display"]),
            (
                [create(named("Practitioner", FINESS, "990000028"))],
                ["1 Appointment.participant[1].actor.identifier.system"],
            ),
            (
                [create(named("HealthcareService", RPPS, "19999000011"))],
                ["1 Appointment.participant[1].actor.identifier.system"],
            ),
            (
                [create(named("Practitioner", RPPS, "19999000012"))],
                ["1 Appointment.participant[1].actor.identifier.value (SHOULD)"],
            ),
        ],
        silent=[[create(service="gap")]],
    ),
]
