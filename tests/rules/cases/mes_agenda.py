"""Tables of rules/mes_agenda.py."""

from typing import Any

from tests.rules.cases import Case
from tests.rules.journal import (
    KEY,
    OID,
    Entry,
    act,
    action,
    appointment,
    bundle,
    create,
    followed,
    http,
    search,
    stored,
    typed,
    update,
)

OTHER_KEY = {"system": KEY["system"], "value": "rdv-2"}
CANCELLED = update(appointment(status="cancelled"))
MADE = create(stored=stored("1"))
FOREIGN = {
    "resourceType": "Appointment",
    "id": "77",
    "meta": {"source": "urn:banc:usager"},
    "start": "2024-11-05T10:00:00+01:00",
    "description": "Dentiste",
}
OWN = {**appointment(), "id": "1", "meta": {"source": f"urn:oid:{OID}"}}
LISTED = search(answer=bundle(OWN, FOREIGN))
FROM_OTHER = search(answer=bundle({**FOREIGN, "meta": {"source": "urn:oid:1.2.250.1.888"}, "identifier": [OTHER_KEY]}))
UNNAMED = {"identifiant": None}  # the product does not say under which identifier it sends
LATER = action("creer_rendez_vous", {"rendez_vous": "r2", "envoi": {"etat": "en_attente"}}, debut="2024-10-28T11:00")
CHILD = action("declarer_usager", {"usager": "u1"}, representant="u9")


def deleted(target: str = "/mes/fhir/Appointment/1") -> Entry:
    return http("mes.fhir.appointment.delete", "DELETE", target, status=204)


def on(start: str, end: str, **more: Any) -> Entry:
    return create(appointment(start=start, end=end, **more))


CASES = [
    Case(
        "MES-56",
        accepted=[
            [MADE, typed(), CANCELLED, followed("annuler")],
            [typed(result=UNNAMED), MADE, followed("renvoyer")],
            [create(status=503), typed(result=UNNAMED), update(status=503), LATER, followed("annuler")],
        ],
        refused=[
            ([create(appointment(identifier=None))], ["1 Appointment.identifier"]),
            ([create(appointment(identifier=[KEY, {"value": "x"}]))], ["1 Appointment.identifier[1].system"]),
            (
                [MADE, typed(), update(appointment(identifier=[OTHER_KEY], status="cancelled")), followed("annuler")],
                ["3 Appointment.identifier"],
            ),
        ],
        silent=[[create(service="gap")], [search()]],
    ),
    Case(
        "MES-57",
        accepted=[[MADE, typed(), create(status=200, stored=stored("1", created=False)), followed("renvoyer")]],
        refused=[
            ([MADE, typed(), create(stored=stored("2")), followed("renvoyer")], ["3 Appointment.identifier"]),
            (
                [
                    MADE,
                    typed(),
                    create(appointment(identifier=[OTHER_KEY]), stored=stored("2")),
                    followed("renvoyer"),
                ],
                ["3 Appointment.identifier"],
            ),
        ],
        silent=[[MADE, typed()], [MADE, create(stored=stored("2"))]],
    ),
    Case(
        "MES-58",
        accepted=[
            [MADE, typed(), CANCELLED, followed("annuler")],
            [MADE, typed(), followed("annuler"), CANCELLED],
        ],
        refused=[
            ([MADE, typed(), followed("annuler")], ["3 Appointment.status"]),
            ([MADE, typed(), update(), followed("annuler")], ["4 Appointment.status"]),
            ([MADE, typed(), deleted(), followed("annuler")], ["3 méthode"]),
            ([MADE, typed(), followed("annuler", "sans_objet")], ["3 Appointment.status"]),
        ],
        silent=[
            [MADE, typed()],
            [typed(), followed("annuler")],  # MES never knew of it
            [MADE, typed(), followed("annuler", "en_attente")],
            [MADE, typed(), act("usager.consentement_retire"), followed("annuler", "sans_objet")],
        ],
    ),
    Case(
        "MES-59",
        accepted=[
            [create(), CANCELLED, CANCELLED],
            [create(), update(appointment(status="fulfilled")), update(appointment(status="noshow"))],
            [create(), CANCELLED, update(appointment(status="entered-in-error"))],
        ],
        refused=[
            ([create(), CANCELLED, update()], ["3 Appointment.status"]),
            ([create(), update(appointment(status="fulfilled")), CANCELLED], ["3 Appointment.status"]),
        ],
        silent=[
            [create()],
            [create(status=422), update()],
            [update(appointment(status="cancelled"), status=None), update()],
        ],
    ),
    Case(
        "MES-60",
        accepted=[
            [on("2024-10-27T09:00:00+01:00", "2024-10-27T09:30:00+01:00"), typed("2024-10-27T09:00")],
            # the hour shown twice: both instants are right
            [on("2024-10-27T02:30:00+02:00", "2024-10-27T03:00:00+02:00"), typed("2024-10-27T02:30")],
            [on("2024-10-27T01:30:00Z", "2024-10-27T02:00:00Z"), typed("2024-10-27T02:30")],
        ],
        refused=[
            (
                [on("2024-10-27T09:00:00+02:00", "2024-10-27T09:30:00+02:00"), typed("2024-10-27T09:00")],
                ["1 Appointment.start"],
            ),
            (
                [on("2024-03-01T09:00:00+01:00", "2024-03-01T09:30:00+01:00"), typed("2024-02-29T09:00")],
                ["1 Appointment.start"],
            ),
            ([on("2024-06-03T09:00:00", "2024-06-03T09:30:00+02:00")], ["1 Appointment.start"]),
        ],
        silent=[[create(appointment(start=None, end=None, status="cancelled"))], [create(service="gap")]],
    ),
    Case(
        "MES-62",
        accepted=[
            [LISTED, update()],
            [FROM_OTHER, action("modifier_evenement_recu", {"erreur": "interdit"}, 422)],
            [create(appointment(identifier=[OTHER_KEY])), FROM_OTHER, LISTED, update()],
        ],
        refused=[
            ([LISTED, update(target="/mes/fhir/Appointment/77")], ["2 adresse"]),
            ([LISTED, deleted("/mes/fhir/Appointment/77")], ["2 adresse"]),
            ([FROM_OTHER, update(query=f"identifier={KEY['system']}%7Crdv-2")], ["2 adresse"]),
            ([LISTED, update(target="/bsp/fhir/Appointment/77", service="bsp")], ["2 adresse (banc)"]),
        ],
        silent=[[update()], [LISTED]],
    ),
    Case(
        "MES-63",
        accepted=[[CHILD, MADE, typed()]],
        refused=[([CHILD, create(person="p9"), typed()], ["2 Appointment.participant[0].actor.identifier"])],
        silent=[[create(person="p9"), typed()], [CHILD, typed()]],
    ),
]
