"""Tables of rules/agenda.py. On MES, what only GAP says is a convention of the bench: "(banc)"."""

from tests.rules.cases import Case
from tests.rules.journal import KEY, appointment, create, http, patient, search, update

XML = '<Appointment xmlns="http://hl7.org/fhir"><status value="booked"/></Appointment>'
NAIVE = {"start": "2024-10-28T09:00:00", "end": "2024-10-28T09:30+01:00"}
CANCELLED = appointment(status="cancelled", cancelationReason={"text": "malade"})
DELETED = "mes.fhir.appointment.delete"

CASES = [
    Case(
        "AGD-001",
        accepted=[
            [create()],
            [create(headers=[("content-type", "application/fhir+json; charset=utf-8")])],
            [create(XML, headers=[("Content-Type", "application/fhir+xml")])],
        ],
        refused=[
            ([create(headers=[("Content-Type", "application/json")])], ["1 en-tête Content-Type"]),
            ([create(headers=[])], ["1 en-tête Content-Type"]),
            (
                [create(headers=[("Content-Type", "application/json+fhir")], service="sas")],
                ["1 en-tête Content-Type (SHOULD)"],
            ),
            ([create(headers=[("Content-Type", "text/plain")], service="sas")], ["1 en-tête Content-Type"]),
            ([create("{", status=400)], ["1 corps"]),
            ([create({"resourceType": "Patient"}, status=400)], ["1 corps"]),
            ([create(XML)], ["1 corps"]),
            ([create(headers=[("Content-Type", "application/fhir+xml")])], ["1 en-tête Content-Type"]),
        ],
        silent=[[update()], [search()]],
    ),
    Case(
        "AGD-004",
        accepted=[[create()], [update(appointment(identifier=[{"system": "https://produit.test/rdv", "value": "1"}]))]],
        refused=[
            (
                [create(appointment(identifier=[KEY, {"system": "1.2.250.1.999", "value": "1"}]))],
                ["1 Appointment.identifier[1].system"],
            ),
            (
                [create(appointment(participant=[patient(system="urn:oid:esms")]))],
                ["1 Appointment.participant[0].actor.identifier.system"],
            ),
        ],
        silent=[[create(appointment(identifier=None, participant=None))], [create("[]")]],
    ),
    Case(
        "AGD-005",
        accepted=[[update()]],
        refused=[([update(query="identifier=urn:x%7Crdv-1")], ["1 identifier"]), ([update("{")], ["1 identifier"])],
        silent=[[update(target="/mes/fhir/Appointment/1")], [create()]],
    ),
    Case(
        "AGD-007",
        accepted=[[create()], [create(appointment(start=None, end=None, status="cancelled"))]],
        refused=[
            ([create(appointment(end=None))], ["1 Appointment.end"]),
            ([create(appointment(start=None, status="proposed"))], ["1 Appointment.start"]),
            ([create(appointment(start=None, end=None))], ["1 Appointment.start"]),
        ],
        silent=[[create("null")]],
    ),
    Case(
        "AGD-008",
        accepted=[[create()], [create(appointment(minutesDuration=30))]],
        refused=[
            ([create(appointment(end="2024-10-28T07:30:00Z"))], ["1 Appointment.end"]),
            ([create(appointment(end="2024-10-28T08:00:00Z"))], ["1 Appointment.end"]),
            ([create(appointment(minutesDuration=45))], ["1 Appointment.minutesDuration (SHOULD)"]),
        ],
        silent=[[create(appointment(**NAIVE))], [create(appointment(start=None))]],
    ),
    Case(
        "AGD-009",
        accepted=[[create()], [create(appointment(start="2024-10-28T08:00:00.000Z", end=None))]],
        refused=[
            ([create(appointment(**NAIVE))], ["1 Appointment.end", "1 Appointment.start"]),
            ([update(appointment(start="2024-10-28"))], ["1 Appointment.start"]),
            ([update(appointment(start="2023-02-29T09:00:00+01:00"))], ["1 Appointment.start"]),
            ([create(appointment(end=1730100600))], ["1 Appointment.end"]),
        ],
        silent=[[create(appointment(start=None, end=None))]],
    ),
    Case(
        "AGD-011",
        accepted=[[create()]],
        refused=[
            ([create(appointment(created=None))], ["1 Appointment.created (banc)"]),
            ([create(appointment(created=None), service="gap")], ["1 Appointment.created"]),
        ],
        silent=[[update(appointment(created=None))]],
    ),
    Case(
        "AGD-019",
        accepted=[[update(CANCELLED)]],
        refused=[
            ([update({**CANCELLED, "status": "booked"})], ["1 Appointment.cancelationReason"]),
            ([update({**CANCELLED, "status": "noshow"})], ["1 Appointment.cancelationReason (SHOULD)"]),
        ],
        silent=[[create()]],
    ),
    Case(
        "AGD-020",
        accepted=[[update(CANCELLED)]],
        refused=[
            ([http(DELETED, "DELETE", "/mes/fhir/Appointment/1", status=204)], ["1 méthode (banc)"]),
            ([http("gap.fhir.appointment.delete", "DELETE", "/gap/fhir/Appointment/1")], ["1 méthode"]),
        ],
        silent=[[update()]],
    ),
    Case(
        "AGD-022",
        accepted=[[create(appointment(status=status))] for status in ("booked", "noshow", "entered-in-error")],
        refused=[
            ([create(appointment(status="no-show"))], ["1 Appointment.status"]),
            ([create(appointment(status="BOOKED"))], ["1 Appointment.status"]),
            ([create(appointment(status=None))], ["1 Appointment.status"]),
            ([create(appointment(status=["booked"]))], ["1 Appointment.status"]),
        ],
        silent=[[create("")]],
    ),
    Case(
        "AGD-032",
        accepted=[
            [search("date=ge2024-10-27T00:00:00%2B02:00")],
            [search("date=ge2024-10-27T00:00:00Z&status=booked,fulfilled")],
        ],
        refused=[
            ([search("date=ge2024-10-27T00:00:00+02:00&date=lt2024-10-28T00%3A00+0100")], ["1 adresse", "1 adresse"]),
            ([search("patient.identifier=urn:x|1")], ["1 adresse (SHOULD)"]),
            ([search("status=booked,+fulfilled")], ["1 status"]),
            ([search("identifier=urn:x%7C1,%20urn:x%7C2")], ["1 identifier"]),
        ],
        silent=[[search("date=ge2024-10-27")], [create()]],
    ),
]
