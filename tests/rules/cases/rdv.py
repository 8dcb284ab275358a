"""Tables of rules/rdv_requests.py and rules/rdv_outcome.py."""

from typing import Any

from tests.rules.cases import Case
from tests.rules.journal import Entry, action, appointment, began, create, http, update

IDNPS = "urn:oid:1.2.250.1.71.4.2.1"
ONE, OTHER, THIRD = "899990000001", "899990000002", "899990000003"
KEY = {"system": "urn:oid:1.2.250.1.999.7", "value": "reunion-1"}
BY_KEY = "identifier=urn:oid:1.2.250.1.999.7%7Creunion-1"
START, END = "2024-10-28T09:00:00+01:00", "2024-10-28T09:30:00+01:00"
LATER = "2024-10-28T11:00:00+01:00"


def guest(number: str, status: str = "needs-action") -> dict[str, Any]:
    actor = {"type": "Practitioner", "identifier": {"system": IDNPS, "value": number}}
    return {"actor": actor, "status": status}


def role(number: str) -> dict[str, Any]:
    """A second place of the same professional, whose role is contained."""
    return {"actor": {"reference": f"#r-{number}"}, "status": "needs-action"}


def contained(number: str) -> dict[str, Any]:
    practitioner = {"identifier": {"system": IDNPS, "value": number}}
    return {"resourceType": "PractitionerRole", "id": f"r-{number}", "practitioner": practitioner}


def request(*guests: dict[str, Any], **elements: Any) -> dict[str, Any]:
    right = {
        "identifier": [KEY],
        "status": "proposed",
        "description": "Synthèse",
        "reasonCode": [{"text": "Préparer le retour"}],
        "start": START,
        "end": END,
        "participant": list(guests) or [guest(ONE, "accepted"), guest(OTHER)],
    }
    return appointment(**{**right, **elements})


def asks(resource: Any = None, status: int | None = 201, kept: str = "proposed", **more: Any) -> Entry:
    told = {"stored": {"id": "b-1", "created": True}, "rendez_vous_pro": {"statut": kept}, **more}
    return create(resource or request(), status, service="rdv", **told)


def answers(resource: Any = None, query: str = BY_KEY, status: int = 200, kept: str = "proposed", **more: Any) -> Entry:
    told = {"stored": {"id": "b-1", "created": False}, "rendez_vous_pro": {"statut": kept}, **more}
    return update(resource or request(), query, status, service="rdv", **told)


def pushes(status: int | None = 200, **elements: Any) -> Entry:
    body = request(guest(ONE, "accepted"), guest(OTHER, "accepted"), **{"status": "booked", **elements})
    return http("serveur.rdv.appointment.update", "PUT", f"/agenda/Appointment?{BY_KEY}", body, status)


CALLED_OFF = http(
    "serveur.rdv.appointment.update",
    "PUT",
    f"/agenda/Appointment?{BY_KEY}",
    request(guest(ONE, "accepted"), guest(OTHER, "accepted"), status="cancelled"),
)


def replies(reponse: str, statut: str, **more: Any) -> Entry:
    body = {"rendez_vous": "b-1", "professionnel": OTHER, "reponse": reponse, "statut": statut, **more}
    return {**http("rdv.professionnel.repond", body=body), "protocol": "acte"}


def shows(reponse: str = "en_attente", statut: str = "demande", *, agenda: Any = False, debut: str = START) -> Entry:
    return action("lire_rendez_vous_pro", {"rendez_vous": [shown(reponse, statut, agenda, debut)]}, professionnel="p")


def shown(reponse: str, statut: str, agenda: Any, debut: str) -> dict[str, Any]:
    said = [{"identifiant_national": OTHER, "reponse": reponse}]
    return {"intitule": "Synthèse", "debut": debut, "statut": statut, "a_l_agenda": agenda, "reponses": said}


TWICE = action("lire_rendez_vous_pro", {"rendez_vous": [shown("acceptee", "conclu", True, START)] * 2})


def period(start: str, end: str, kind: str = "free", **more: Any) -> dict[str, Any]:
    parts = [
        {"url": "type", "valueCoding": {"code": kind}},
        {"url": "start", "valueDateTime": start},
        {"url": "end", "valueDateTime": end},
        *({"url": name, **value} for name, value in more.items()),
    ]
    url = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-schedule-availability-time"
    return {"url": url, "extension": parts}


def publishes(*periods: dict[str, Any], status: int = 201) -> Entry:
    body = {"resourceType": "Schedule", "extension": list(periods)}
    told = {"agenda": {"professionnels": [ONE]}}
    return http("rdv.fhir.schedule.create", "POST", "/rdv/fhir/Schedule", body, status, **told)


def typed(number: str = ONE[1:]) -> Entry:
    who = {"nom": "Test", "rpps": number}
    return action("creer_rendez_vous", {"rendez_vous": "r1"}, debut="2024-10-28T09:00", professionnel=who)


def common(at: str = START) -> Entry:
    slot = {"name": "creneau", "valueReference": {"reference": "Slot/s-1"}}
    found = [{"name": "horaire", "part": [{"name": "debut", "valueInstant": at}, slot]}]
    answer = {"resourceType": "Parameters", "parameter": found}
    return http("rdv.fhir.creneaux_communs", target="/rdv/fhir/$creneaux-communs", answer=answer)


ASKED = action("demander_rendez_vous_pro", invites=[{"identifiant_national": OTHER}, {"identifiant_national": THIRD}])
REPLIED = action("repondre_rendez_vous_pro", demande="d")
ON_SLOT = request(slot=[{"reference": "Slot/s-1"}])
MINE = appointment(description="Synthèse", start=START, end=END)
FREE = period("2024-10-28T10:00:00+01:00", "2024-10-28T12:00:00+01:00")
OVER = period("2024-10-28T08:00:00+01:00", "2024-10-28T12:00:00+01:00")
PAST = period("2024-10-18T08:00:00+01:00", "2024-10-18T12:00:00+01:00")
RULE = {"extension": [{"url": "freq", "valueCoding": {"code": "DAILY"}}]}
BOTH = request(guest(OTHER), role(OTHER), contained=[contained(OTHER)])

CASES = [
    Case(
        "AGD-045",
        accepted=[
            [asks()],
            [asks(BOTH)],
            [asks(request(reasonCode=None, comment="Préparer le retour"))],
            [asks(request(guest(OTHER), guest(THIRD))), began(ASKED, 0)],
        ],
        refused=[
            ([asks(request(reasonCode=None), 422)], ["1 Appointment.reasonCode"]),
            ([asks(request(guest(OTHER), guest(OTHER)))], ["1 Appointment.participant[1]"]),
            ([asks(), began(ASKED, 0)], ["1 Appointment.participant"]),
        ],
        silent=[[answers()], [asks({"resourceType": "Schedule"})], [create()]],
    ),
    Case(
        "AGD-046",
        accepted=[[answers()], [answers(status=409, refusal="demande-close")]],
        refused=[([answers(status=403, refusal="reponse-d-autrui")], ["1 Appointment.participant.status"])],
        silent=[[asks(status=403, refusal="reponse-d-autrui")]],
    ),
    Case(
        "AGD-047",
        accepted=[
            [pushes()],
            [asks(), replies("accepter", "booked"), pushes()],
            # another appointment of the usager, at another time
            [pushes(), create(appointment(description="Synthèse", start=LATER))],
        ],
        refused=[
            ([pushes(422)], ["1 réponse du produit"]),
            ([pushes(500)], ["1 réponse du produit"]),
            ([asks(), replies("accepter", "booked"), create(MINE)], ["3 Appointment.identifier"]),
            ([asks(), answers(kept="booked"), create(appointment(identifier=[KEY]))], ["3 Appointment.identifier"]),
        ],
        silent=[[pushes(None)], [asks(), create(MINE)]],
    ),
    Case(
        "RDV-001",
        accepted=[
            [typed(), publishes(FREE)],
            # somebody else's appointment, a closed period, a recurrence that the block unrolls
            [typed("99990000009"), publishes(OVER)],
            [typed(), publishes(period(START, END, "busy-unavailable"), period(START, END, rrule=RULE))],
            [typed(), action("annuler_rendez_vous", rendez_vous="r1"), publishes(OVER)],
            [pushes(), CALLED_OFF, publishes(OVER)],
        ],
        refused=[
            ([typed(), publishes(OVER)], ["2 Schedule.extension[0]"]),
            ([pushes(), publishes(FREE, OVER)], ["2 Schedule.extension[1]"]),
            ([publishes(PAST)], ["1 Schedule.extension[0].end"]),
        ],
        silent=[[publishes(PAST, status=422)], [typed()]],
    ),
    Case(
        "RDV-002",
        accepted=[[asks()], [asks(status=409, refusal="creneau-pris")]],
        refused=[
            ([asks(request(reasonCode=None), 422, refusal="motif-absent")], ["1 Appointment.reasonCode"]),
            ([asks(status=422, refusal="invites-absents")], ["1 Appointment.participant"]),
            ([asks(ON_SLOT, 422, refusal="creneau-inconnu")], ["1 Appointment.slot"]),
        ],
        silent=[[answers()]],
    ),
    Case(
        "RDV-003",
        accepted=[[asks(), answers(), began(REPLIED, 1)]],
        refused=[
            ([asks(), began(REPLIED, 0)], ["1 méthode HTTP"]),
            ([answers(query="")], ["1 adresse"]),
            ([answers(request(identifier=[{**KEY, "value": "autre"}]))], ["1 Appointment.identifier"]),
            ([answers(stored={"id": "b-2", "created": True})], ["1 Appointment.identifier"]),
        ],
        silent=[[asks()]],
    ),
    Case(
        "RDV-004",
        accepted=[
            [replies("accepter", "booked"), shows("acceptee", "conclu")],
            [replies("proposer", "proposed", debut=LATER), shows("autre_horaire", debut=LATER)],
            [replies("annuler", "cancelled"), shows(statut="annule")],
        ],
        refused=[
            ([replies("refuser", "proposed"), shows()], ["2 lire_rendez_vous_pro.rendez_vous[0].reponses"]),
            (
                [replies("proposer", "proposed", debut=LATER), shows("autre_horaire")],
                ["2 lire_rendez_vous_pro.rendez_vous[0].debut"],
            ),
            ([replies("annuler", "cancelled"), shows()], ["2 lire_rendez_vous_pro.rendez_vous[0].statut"]),
        ],
        silent=[
            [shows()],
            [replies("refuser", "proposed"), answers(), shows()],
            [replies("accepter", "booked"), TWICE],
        ],
    ),
    Case(
        "RDV-005",
        accepted=[[asks(), create(appointment())], [asks(), replies("accepter", "booked"), create(MINE)]],
        refused=[([asks(), create(MINE)], ["2 Appointment"])],
        silent=[[create(MINE)], [asks(status=422), create(MINE)]],
    ),
    Case(
        "RDV-007",
        accepted=[
            [pushes(), shows("acceptee", "conclu", agenda=True)],
            [pushes(), CALLED_OFF, shows(statut="annule", agenda=False)],
        ],
        refused=[
            (
                [pushes(), shows("acceptee", "conclu", agenda=False)],
                ["2 lire_rendez_vous_pro.rendez_vous[0].a_l_agenda"],
            ),
            ([pushes(), CALLED_OFF, shows(agenda=True)], ["3 lire_rendez_vous_pro.rendez_vous[0].a_l_agenda"]),
            ([pushes(), TWICE], ["2 lire_rendez_vous_pro.rendez_vous"]),
        ],
        silent=[[pushes(422), shows()], [pushes(), shows(debut=LATER)]],
    ),
    Case(
        "RDV-008",
        accepted=[[asks()], [common(), asks(ON_SLOT)], [common("2024-10-28T08:00:00Z"), asks(ON_SLOT)]],
        refused=[
            ([common(LATER), asks(ON_SLOT)], ["2 Appointment.start"]),
            ([asks(request(start="2024-10-28T09:00:00"))], ["1 Appointment.start"]),
        ],
        silent=[[asks(request(start=None, end=None))], [answers()]],
    ),
]
