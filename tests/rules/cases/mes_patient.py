"""Tables of rules/mes_patient.py."""

from tests.rules.cases import Case
from tests.rules.journal import (
    ASSIGN,
    INS,
    action,
    appointment,
    create,
    http,
    measures,
    pairing_request,
    patient,
    practitioner,
    search,
    valid,
)

SUBJECT = {"system": ASSIGN, "value": "u-1"}
OBSERVATION = {"resourceType": "Observation", "subject": {"identifier": SUBJECT}}
DECLARED = action(
    "declarer_usager", {"usager": "u1"}, nom="TEST", ins={"matricule": INS, "oid": "1.2.250.1.213.1.4.10"}
)
LOG = action("lire_journal_technique", {"texte": f"GET /mes/fhir/Appointment {INS}\nouverture du dossier"})
LOG_ELSEWHERE = action("lire_journal_technique", {"texte": f"ouverture du dossier {INS}"})


def of_patient(**actor: object) -> dict[str, object]:
    return appointment(participant=[practitioner(), {"actor": {"type": "Patient", **actor}, "status": "accepted"}])


CASES = [
    Case(
        "MES-18",
        accepted=[[create()], [search()], [measures("_sort=-date&_count=1")]],
        refused=[
            (
                [create(appointment(participant=[patient(value=INS)]))],
                ["1 Appointment.participant[0].actor.identifier"],
            ),
            (
                [create(appointment(participant=[practitioner(), patient("urn:oid:1.2.250.1.213.1.4.8", "x")]))],
                ["1 Appointment.participant[1].actor.identifier"],
            ),
            ([create(of_patient(display="Ana TEST"))], ["1 Appointment.participant[1].actor.identifier"]),
            ([create(of_patient(reference="Patient/12"))], ["1 Appointment.participant[1].actor.identifier"]),
            ([search(f"patient.identifier={ASSIGN}%7C{INS}")], ["1 patient.identifier"]),
            ([search(status=403, refusal="IDPE_MISMATCH", **valid())], ["1 identifiant du patient"]),
            ([search("patient.name=TEST")], ["1 patient.name"]),
            ([search("patient=Patient/12")], ["1 patient"]),
        ],
        silent=[[http("mes.fhir.appointment.read", target="/mes/fhir/Appointment/1")], [create("{")]],
    ),
    Case(
        "MES-19",
        accepted=[[pairing_request()]],
        refused=[
            ([pairing_request(user={"id": INS})], ["1 external_user.id"]),
            ([pairing_request(user={"id": "279062A00401734"})], ["1 external_user.id"]),
            ([pairing_request(user={"id": "2790351215189"})], ["1 external_user.id"]),
            ([pairing_request(user={"id": "ana@exemple.test"})], ["1 external_user.id"]),
        ],
        silent=[[pairing_request(external_user="{")], [pairing_request(external_user=None)]],
    ),
    Case(
        "MES-20",
        accepted=[[search()], [DECLARED, search("identifier=urn:x%7C190122B03300472")], [LOG_ELSEWHERE]],
        refused=[
            ([search(f"patient.identifier={ASSIGN}%7C{INS}")], ["1 adresse"]),
            ([DECLARED, create(headers=[("X-Request-ID", f"req-{INS}")])], ["2 en-tête X-Request-ID"]),
            ([DECLARED, LOG], ["2 lire_journal_technique.texte"]),
        ],
        silent=[[DECLARED]],
    ),
    Case(
        "MES-21",
        accepted=[
            [measures("_sort=-date&_count=1")],
            [http("mes.fhir.observation.create", "POST", "/mes/fhir", {"entry": [{"resource": OBSERVATION}]})],
        ],
        refused=[
            ([measures("code=29463-7", subject="subject.identifier=u-1&")], ["1 subject.identifier"]),
            ([measures("code=29463-7", subject="subject.identifier=1.2.250%7Cu-1&")], ["1 subject.identifier"]),
            (
                [
                    http(
                        "mes.fhir.observation.create",
                        "POST",
                        "/mes/fhir",
                        {"entry": [{}, {"resource": {**OBSERVATION, "subject": {"identifier": {"value": "u-1"}}}}]},
                    )
                ],
                ["1 Bundle.entry[1].resource.subject.identifier.system"],
            ),
        ],
        silent=[[measures("", subject="patient=u-1")], [create()]],
    ),
    Case(
        "MES-22",
        accepted=[[measures("_sort=-date&_count=1")]],
        refused=[([measures("_sort=-date", subject="patient=u-1&")], ["1 patient"])],
        silent=[[search("patient=u-1")]],
    ),
    Case(
        "MES-23",
        accepted=[[search()]],
        refused=[([search(f"patient.identifier={ASSIGN}|u-1")], ["1 adresse"])],
        silent=[[search("date=ge2024-10-01")], [create()]],
    ),
]
