"""Tables of rules/sas_appointments.py and sas_announced.py."""

from __future__ import annotations

from typing import Any

from tests.rules.cases import Case
from tests.rules.journal import Entry, action, http

NATIONAL, TECHNICAL = "urn:oid:1.2.250.1.71.4.2.1", "urn:oid:1.2.250.1.213.3.6"
TYPES = "http://interopsante.org/fhir/CodeSystem/fr-v2-0203"
OPERATOR = "http://interopsante.org/fhir/StructureDefinition/FrAppointmentOperator"
SOS = "https://interop.esante.gouv.fr/ig/fhir/sas/StructureDefinition/sas-sos-appointment"
KEY = {"system": "urn:oid:1.2.250.1.999.10.1", "value": "rdv-1"}
QUERY = "identifier=urn:oid:1.2.250.1.999.10.1%7Crdv-1"
OTHER_KEY = {**KEY, "value": "rdv-2"}
UUID, SLASHED = "7f0c1d52-3a54-4a0e-9a6e-0b8c2f2d9e11", "3990000010/REG00001"
REGULATOR = {"system": TECHNICAL, "value": UUID}
PATIENT = {"nom": "Durand", "prenom": "Anne-Lise", "telephone": "+33199001234"}
START, END = "2024-07-06T14:00:00.000+02:00", "2024-07-06T14:15:00.000+02:00"

Json = dict[str, Any]


def numbered(system: str, value: str, code: str = "") -> Json:
    code = code or {NATIONAL: "IDNPS", TECHNICAL: "INTRN"}.get(system, "")
    return {"type": {"coding": [{"system": TYPES, "code": code}]}, "system": system, "value": value}


def named(identifier: Json) -> list[Json]:
    return [{"url": OPERATOR, "valueReference": {"identifier": identifier}}]


def of(identifier: Json) -> list[Json]:
    return [{"actor": {"identifier": identifier}, "status": "accepted"}]


def told(**elements: Any) -> Json:
    """A right appointment of the SAS; an element given as None is left out."""
    right = {
        "resourceType": "Appointment",
        "extension": named(numbered(TECHNICAL, UUID)),
        "identifier": [KEY],
        "status": "booked",
        "start": START,
        "end": END,
        "participant": of(numbered(NATIONAL, "899990000001")),
    }
    return {name: value for name, value in {**right, **elements}.items() if value is not None}


def post(code: int | None = 201, context: Json | None = None, fault: str | None = None, **elements: Any) -> Entry:
    known = {"variante": "ps", **(context or {})}
    target = "/sas/fhir/Appointment"
    return http(
        "sas.fhir.appointment.create", "POST", target, told(**elements), code, person=None, fault=fault, **known
    )


def put(code: int | None = 200, query: str = QUERY, context: Json | None = None, **elements: Any) -> Entry:
    target, known = f"/sas/fhir/Appointment?{query}", {"variante": "ps", **(context or {})}
    return http("sas.fhir.appointment.update", "PUT", target, told(**elements), code, person=None, **known)


def opens(debut: str = "2024-07-06T14:00", zone: str = "", **more: Any) -> Entry:
    place = {"nom": "Cabinet", **({"fuseau": zone} if zone else {})}
    slot = {"lieu": 0, "debut": debut, "duree_minutes": 15, **more}
    return action("ouvrir_creneaux_sas", {"creneaux": ["c1"]}, person=None, lieux=[place], creneaux=[slot])


def books(regulator: Json = REGULATOR, after: int = 0, **more: Any) -> Entry:
    result = {"rendez_vous": "r1", "identifiant": KEY, "envoi": {"etat": "envoye"}, **more}
    made = action(
        "reserver_creneau_sas", result, person=None, creneau="c1", regulateur=regulator, patient=PATIENT, origine="sas"
    )
    return {**made, "context": {"apres": after}}


def follows(name: str, after: int, **params: Any) -> Entry:
    made = action(name, {"envoi": {"etat": "envoye"}}, person=None, rendez_vous="r1", **params)
    return {**made, "context": {"apres": after}}


def account(*identifiers: Json, query: str = "") -> Entry:
    method, what = ("PUT", "update") if query else ("POST", "create")
    body = {"resourceType": "Practitioner", "identifier": list(identifiers)}
    target = f"/sas/fhir/Practitioner{query}"
    return http(f"serveur.sas.practitioner.{what}", method, target, body, 200, person=None)


RESUMED = action("reprendre_envois", {"envoyes": 1, "en_attente": 0}, person=None)
GETS_NATIONAL = account(numbered(NATIONAL, SLASHED), query=f"?identifier={TECHNICAL}%7C{UUID}")
IN_SOS = {"variante": "sos"}
BY_SOS = {"participant": [{"type": [{"coding": [{"code": "ADM"}]}], "status": "needs-action"}], "context": IN_SOS}
PERSON = {"type": "Patient", "reference": "Patient/1"}

CASES = (
    Case(
        "AGD-085",
        accepted=[
            [post()],
            [post(), put()],
            # [ID], as the page of the guide has it
            [post(), put(query="identifier=rdv-1")],
            # lost, then tried again either way
            [post(None), post()],
            [post(503), put(201, context={"stored": {"created": True}})],
            # an answer that the bench spoilt: the product may not have had it
            [post(fault="lenteur"), post(409)],
            [opens(), post(), books(after=1), put(), follows("annuler_rendez_vous", 3)],
        ],
        refused=[
            ([post(identifier=None)], ["1 Appointment.identifier"]),
            ([post(identifier=[{"value": "x"}])], ["1 Appointment.identifier[0].system"]),
            ([post(identifier=[KEY, OTHER_KEY])], ["1 Appointment.identifier"]),
            ([post(), post(409)], ["2 méthode"]),
            ([post(), put(query="Identifier=urn:oid:1.2.250.1.999.10.1%7Crdv-1")], ["2 adresse (SHOULD)"]),
            ([post(), put(query="identifier=autre%7C1")], ["2 adresse"]),
            ([post(), put(query="")], ["2 adresse"]),
            ([put(201, context={"stored": {"created": True}})], ["1 méthode (banc)"]),
            (
                [opens(), post(), books(after=1), post(identifier=[OTHER_KEY]), follows("annuler_rendez_vous", 3)],
                ["4 Appointment.identifier"],
            ),
        ],
        silent=[(), [books()]],
    ),
    Case(
        "AGD-086",
        accepted=[
            [post()],
            [post(), books()],
            [post(extension=named(numbered(NATIONAL, SLASHED)), participant=of(numbered(NATIONAL, "0990000017")))],
            [
                GETS_NATIONAL,
                post(extension=named(numbered(NATIONAL, SLASHED))),
                books({"system": NATIONAL, "value": SLASHED}, 1),
            ],
            [GETS_NATIONAL, post(extension=named(numbered(NATIONAL, SLASHED))), books(after=1)],
            # told before the change, or kept in a queue since
            [post(), books(), GETS_NATIONAL, put()],
            [post(**BY_SOS)],
        ],
        refused=[
            ([post(extension=None)], ["1 Appointment.extension[appointmentOperator]"]),
            (
                [post(extension=named(numbered(TECHNICAL, UUID, "IDNPS")))],
                ["1 Appointment.extension[appointmentOperator].valueReference.identifier.type"],
            ),
            (
                [post(extension=named(numbered("urn:oid:1.2.3", "9", "INTRN")))],
                ["1 Appointment.extension[appointmentOperator].valueReference.identifier.system"],
            ),
            (
                [post(context={"regulateur": None})],
                ["1 Appointment.extension[appointmentOperator].valueReference.identifier"],
            ),
            (
                [post(extension=named(numbered(TECHNICAL, "autre"))), books()],
                ["1 Appointment.extension[appointmentOperator].valueReference.identifier"],
            ),
            (
                [GETS_NATIONAL, post(), books(after=1)],
                ["2 Appointment.extension[appointmentOperator].valueReference.identifier"],
            ),
            (
                [post(participant=of(numbered(NATIONAL, "99990000001")))],
                ["1 Appointment.participant[0].actor.identifier.value"],
            ),
            (
                [post(participant=of(numbered(NATIONAL, "899990000001", "RPPS")))],
                ["1 Appointment.participant[0].actor.identifier.type"],
            ),
            ([post(participant=of({"value": "8"}))], ["1 Appointment.participant[0].actor.identifier.system"]),
        ],
        silent=[(), [books()]],
    ),
    Case(
        "AGD-087",
        accepted=[[post()], [put(status="cancelled")], [post(status="pending", context=IN_SOS)]],
        refused=[
            ([post(status="proposed")], ["1 Appointment.status"]),
            ([post(status="pending")], ["1 Appointment.status"]),
            ([post(status="BOOKED")], ["1 Appointment.status"]),
            ([put(status="cancelled", start=None, end=None)], ["1 Appointment.start", "1 Appointment.end"]),
        ],
        silent=[(), [books()], [http("mes.fhir.appointment.create", "POST", "/", told(status="proposed"))]],
    ),
    Case(
        "AGD-088",
        accepted=[
            [opens(), post(), books(after=1)],
            [opens(), post(start="2024-07-06T12:00:00Z", end="2024-07-06T12:15:00Z"), books(after=1)],
            [
                opens(zone="Indian/Reunion"),
                post(start="2024-07-06T14:00:00+04:00", end="2024-07-06T14:15:00+04:00"),
                books(after=1),
            ],
            # moved, then a queue that sends the old time first
            [
                opens(),
                post(503),
                books(after=1),
                put(201),
                put(start="2024-07-07T15:00:00+02:00", end="2024-07-07T15:15:00+02:00"),
                follows("deplacer_rendez_vous", 3, debut="2024-07-07T15:00"),
            ],
        ],
        refused=[
            (
                [opens(), post(start="2024-07-06T14:00:00+01:00", end="2024-07-06T14:15:00+01:00"), books(after=1)],
                ["2 Appointment.start"],
            ),
            ([opens(), post(end="2024-07-06T14:15:00+01:00"), books(after=1)], ["2 Appointment.end"]),
            ([opens(), post(end="2024-07-06T14:45:00+02:00"), books(after=1)], ["2 Appointment.end (deduite)"]),
            (
                [opens(), post(start="2024-07-06T16:00:00+02:00", end="2024-07-06T16:15:00+02:00"), books(after=1)],
                ["2 Appointment.start (deduite)"],
            ),
            # the new time before the appointment was moved
            (
                [
                    opens(),
                    post(start="2024-07-07T15:00:00+02:00", end="2024-07-07T15:15:00+02:00"),
                    books(after=1),
                    follows("deplacer_rendez_vous", 3, debut="2024-07-07T15:00"),
                ],
                ["2 Appointment.start (deduite)"],
            ),
        ],
        silent=[(), [post(), books()], [opens(), post(start="2024-07-06"), books(after=1)]],
    ),
    Case(
        "AGD-089",
        accepted=[
            [post()],
            # a professional who has the surname of the patient
            [post(comment="Dr Durand"), books()],
        ],
        refused=[
            ([post(participant=[{"actor": PERSON, "status": "accepted"}])], ["1 Appointment.participant[0].actor"]),
            ([post(contained=[{"resourceType": "Patient"}])], ["1 Appointment.contained[0]"]),
            ([post(comment="INS 279035121518989")], ["1 Appointment.comment"]),
            ([post(comment="Pour Anne-Lise DURAND"), books()], ["1 Appointment.comment"]),
            ([post(comment="Rappeler le 01 99 00 12 34"), books()], ["1 Appointment.comment"]),
        ],
        silent=[(), [books()]],
    ),
    Case(
        "AGD-090",
        accepted=[
            [post(503), books(), put(201), RESUMED],
            [post(None), books(), post(409), put(), RESUMED],
            [post(503), books(), put(503), RESUMED],
        ],
        refused=[
            ([post(503), books(), RESUMED], ["1 envoi"]),
            ([post(503), books(), post(identifier=[OTHER_KEY]), RESUMED], ["3 Appointment.identifier"]),
            (
                [
                    post(503),
                    books(),
                    follows("annuler_rendez_vous", 2),
                    put(201, status="cancelled"),
                    put(),
                    RESUMED,
                ],
                ["5 Appointment.status"],
            ),
        ],
        silent=[(), [post(), books(), RESUMED], [post(503), books()]],
    ),
)
