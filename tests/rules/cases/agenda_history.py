"""Tables of rules/agenda_history.py."""

from collections.abc import Mapping
from typing import Any

from tests.rules.cases import Case
from tests.rules.cases.mes_agenda import CANCELLED, MADE, OTHER_KEY
from tests.rules.journal import (
    KEY,
    KEY_QUERY,
    Entry,
    act,
    action,
    appointment,
    began,
    create,
    followed,
    http,
    search,
    typed,
    update,
)

SUMMER = appointment(start="2024-07-10T12:00:00Z", end="2024-07-10T12:30:00Z")
MOVED = update(appointment(start="2024-10-29T14:00:00+01:00", end="2024-10-29T14:30:00+01:00"))
MOVE = action(
    "deplacer_rendez_vous", {"envoi": {"etat": "envoye"}}, rendez_vous="r1", debut="2024-10-29T14:00", usager="u1"
)
FULFILLED = update(appointment(status="fulfilled"))
SEEN = action("constater_rendez_vous", {"envoi": {"etat": "envoye"}}, rendez_vous="r1", constat="honore")
SECOND = action(
    "creer_rendez_vous",
    {"rendez_vous": "r2", "identifiant": KEY, "envoi": {"etat": "envoye"}},
    usager="u1",
    debut="2024-10-28T11:00",
)
GAP_MADE = create(service="gap")


def answered(etat: str) -> Entry:
    return typed(result={"envoi": {"etat": etat}})


TAKEN = create(status=409, service="gap", refusal="creneau-pris")


def wished(etat: str, more: Mapping[str, Any] | None = None) -> Entry:
    result = {"envoi": {"etat": etat}, **(more or {})}
    return began(action("demander_rendez_vous", result, usager="u1", creneau="Slot/1"), 0)


CASES = [
    Case(
        "AGD-002",
        accepted=[[create(), update(appointment(status="fulfilled"))]],
        refused=[
            ([create(), create(appointment(status="cancelled"))], ["2 méthode (banc)"]),
            ([GAP_MADE, create(appointment(status="cancelled"), service="gap")], ["2 méthode"]),
            ([update(target="/mes/fhir/Appointment/1")], ["1 adresse (SHOULD) (banc)"]),
        ],
        silent=[[create(), create()], [create(status=422), create(appointment(status="proposed"))]],
    ),
    Case(
        "AGD-003",
        accepted=[[MADE, typed(), CANCELLED, followed("annuler")]],
        refused=[
            ([create(appointment(identifier=[]))], ["1 Appointment.identifier (banc)"]),
            (
                [create(appointment(identifier=[KEY, {"system": "urn:x"}]), service="gap")],
                ["1 Appointment.identifier[1].value"],
            ),
            (
                [MADE, typed(), update(appointment(identifier=[OTHER_KEY])), followed("annuler")],
                ["3 Appointment.identifier (banc)"],
            ),
            (
                [MADE, typed(), MADE, SECOND],
                ["1 Appointment.identifier (banc)", "3 Appointment.identifier (banc)"],
            ),
        ],
        silent=[[search()]],
    ),
    Case(
        "AGD-006",
        accepted=[
            [MADE, typed()],
            [create(appointment(status="proposed")), typed(etat="demande")],
        ],
        refused=[
            ([MADE, typed(etat="demande")], ["1 Appointment.status (banc)"]),
            ([create(appointment(status="proposed"), service="gap"), typed()], ["1 Appointment.status"]),
        ],
        silent=[[MADE], [typed()]],
    ),
    Case(
        "AGD-010",
        accepted=[
            [MADE, typed()],
            [create(SUMMER), typed("2024-07-10T14:00")],
            [create(SUMMER), typed("2024-07-10T16:00", fuseau="Indian/Reunion")],
            [MADE, typed(), MOVED, MOVE],
            [typed(), MOVE, create(), MOVED],  # sent late, in order
        ],
        refused=[
            ([create(SUMMER), typed("2024-07-10T13:00")], ["1 Appointment.start"]),
            ([MADE, typed(), create(appointment(start="2024-10-29T14:00:00+02:00")), MOVE], ["3 Appointment.start"]),
        ],
        silent=[[MADE], [create(appointment(start="2024-10-28T09:00:00")), typed()], [MADE, typed("demain")]],
    ),
    Case(
        "AGD-018",
        accepted=[[MADE, typed()]],
        refused=[
            ([create(person="p2"), typed()], ["1 Appointment.participant[0].actor.identifier"]),
            ([create(person="p2", service="bsp"), typed()], ["1 Appointment.participant[0].actor.identifier"]),
        ],
        silent=[[typed()], [create(person="p2")]],
    ),
    Case(
        "AGD-021",
        accepted=[
            [MADE, typed(), MOVED, MOVE],
            [MADE, typed(), FULFILLED, SEEN],
            [MADE, typed(), followed("annuler"), CANCELLED],
            [
                MADE,
                typed(),
                followed("annuler", "en_attente"),
                CANCELLED,
                action("reprendre_envois", {"envoyes": 1, "en_attente": 0}),
            ],
        ],
        refused=[
            ([MADE, typed(), MOVE], ["3 deplacer_rendez_vous.envoi (banc)"]),
            ([GAP_MADE, typed(), FULFILLED, SEEN, followed("annuler")], ["5 annuler_rendez_vous.envoi"]),
            (
                [
                    MADE,
                    typed(),
                    followed("annuler", "en_attente"),
                    action("reprendre_envois", {"envoyes": 1, "en_attente": 0}),
                ],
                ["3 annuler_rendez_vous.envoi (banc)"],
            ),
            (
                [create(service="bsp"), typed(), followed("annuler", session={"cookies": {}})],
                ["3 annuler_rendez_vous.envoi (banc)"],
            ),
            (
                [MADE, typed(), followed("annuler"), update(appointment(status="cancelled"), after=120)],
                ["3 annuler_rendez_vous.envoi (SHOULD) (banc)"],
            ),
        ],
        silent=[
            [MADE, typed()],
            [MADE, typed(), followed("annuler", "refuse")],
            [MADE, typed(), act("usager.desappariement"), followed("annuler", "sans_objet")],
            # her opposition was met meanwhile
            [
                create(service="bsp"),
                typed(),
                create(appointment(identifier=[OTHER_KEY]), 403, "bsp", refusal="OPPOSITION"),
                followed("annuler", "sans_objet"),
            ],
        ],
    ),
    Case(
        "AGD-023",
        accepted=[[create(), update(), FULFILLED], [create(appointment(status="proposed")), CANCELLED]],
        refused=[
            ([create(), CANCELLED, update()], ["3 Appointment.status"]),
            (
                [create(appointment(status="entered-in-error")), update(query=KEY_QUERY)],
                ["2 Appointment.status"],
            ),
            ([create(), update(appointment(status="proposed"))], ["2 Appointment.status"]),
        ],
        silent=[[create()], [CANCELLED, update(appointment(identifier=[OTHER_KEY]))]],
    ),
    Case(
        "AGD-040",
        accepted=[
            [create(status=422), answered("refuse")],
            [MADE, typed(), update(status=422), followed("annuler", "refuse")],
            [TAKEN, wished("refuse", {"autres_creneaux": [{"creneau": "Slot/2"}]})],
            [TAKEN, http("gap.fhir.slot.search"), wished("refuse")],
        ],
        refused=[
            ([create(status=409), answered("envoye")], ["2 creer_rendez_vous.envoi.etat"]),
            ([TAKEN, wished("envoye", {"rendez_vous": "r1"})], ["2 demander_rendez_vous.envoi.etat"]),
            ([TAKEN, wished("refuse")], ["2 demander_rendez_vous.autres_creneaux (SHOULD) (banc)"]),
            ([MADE, typed(), update(status=422), MOVE], ["4 deplacer_rendez_vous.envoi.etat"]),
        ],
        silent=[
            [MADE, create(status=409), answered("envoye")],
            [create(status=409, refusal="OID_MISMATCH"), answered("envoye")],
            [create(status=500), answered("envoye")],
        ],
    ),
]
