"""What is done at the manager by the admin API: agendas, acts on appointments, the integrity report."""

import pytest
from sqlalchemy import Delete, Update, delete, update

from mocks.agendas.tables import OCCUPATIONS, SLOTS
from mocks.sandbox import Sandbox
from tests.mocks.gap.manager import MONDAY, Manager, appointment, by_identifier, on_slot, opening, with_professional


def acts(manager: Manager) -> list[tuple[str, object]]:
    told = manager.admin("GET", "echanges?service=gap&limite=5000")["echanges"]
    return [(one["operation"], one["person"]) for one in told if one["protocol"] == "acte"]


def act(manager: Manager, id_: str, name: str, status: int = 200, **more: str) -> dict[str, object]:
    told: dict[str, object] = manager.admin("POST", f"gap/rendez-vous/{id_}/actes", {"acte": name, **more}, status)
    return told


def test_an_agenda_of_a_known_professional(manager: Manager) -> None:
    known = manager.admin("POST", "professionnels", {})
    agenda = manager.agenda(opening("09:00", "10:00"), professionnel=known["id"])
    assert agenda["identifiant_national"] == known["identifiant_national"]
    [told] = manager.admin("GET", "gap/agendas")["agendas"]
    assert (told["schedule"], told["creneaux"]) == (agenda["schedule"], {"free": 2})
    assert acts(manager) == [("gap.gestionnaire.agenda_ouvert", None)]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"disponibilites": []}, 400),
        ({"disponibilites": [opening("10:00", "09:00")]}, 400),
        ({"disponibilites": [{"debut": f"{MONDAY}T09:00:00", "fin": f"{MONDAY}T10:00:00"}]}, 400),
        ({"disponibilites": [opening("09:00", "10:00")], "professionnel": "inconnu"}, 404),
    ],
)
def test_an_agenda_that_makes_no_sense(manager: Manager, body: dict[str, object], status: int) -> None:
    manager.admin("POST", "gap/agendas", body, status)
    assert manager.admin("GET", "gap/agendas") == {"agendas": []}
    assert manager.admin("GET", "professionnels")["professionnels"] == []


def test_the_life_of_an_appointment_at_the_manager(manager: Manager) -> None:
    person, patient = manager.patient()
    slot = manager.slots(manager.agenda()["schedule"])[0]
    someone = {"actor": {"reference": f"Patient/{patient['id']}"}, "required": "required", "status": "needs-action"}
    made = manager.made(on_slot(slot, status="proposed", participant=[someone]))
    told = act(manager, made["id"], "confirmer")
    assert (told["statut"], told["version"], told["personnes"]) == ("booked", 2, [person["id"]])
    assert manager.read(f"Appointment/{made['id']}")["participant"][0]["status"] == "accepted"
    assert manager.read(f"Slot/{slot['id']}")["status"] == "busy"
    act(manager, made["id"], "annuler")
    assert manager.read(f"Slot/{slot['id']}")["status"] == "free"
    act(manager, made["id"], "honorer", 409)
    act(manager, made["id"], "saisie_erronee")
    names = [f"gap.gestionnaire.rendez_vous_{name}" for name in ("confirmer", "annuler", "saisie_erronee")]
    assert acts(manager)[1:] == [(name, person["id"]) for name in names]


def test_a_move_at_the_manager(manager: Manager) -> None:
    agenda = manager.agenda()
    made = manager.made(with_professional(agenda, minutesDuration=30))
    manager.made(with_professional(agenda, "rdv-2", start=f"{MONDAY}T10:00:00+01:00", end=f"{MONDAY}T10:30:00+01:00"))
    times = {"debut": f"{MONDAY}T11:00:00+01:00", "fin": f"{MONDAY}T11:30:00+01:00"}
    told = act(manager, made["id"], "deplacer", **times)
    assert (told["debut"], told["fin"]) == (times["debut"], times["fin"])
    busy = [slot["start"][11:16] for slot in manager.slots(agenda["schedule"], "busy")]
    assert busy == ["10:00", "11:00"]
    taken = {"debut": f"{MONDAY}T10:15:00+01:00", "fin": f"{MONDAY}T10:45:00+01:00"}
    act(manager, made["id"], "deplacer", 409, **taken)
    act(manager, made["id"], "deplacer", 400)
    act(manager, made["id"], "deplacer", 400, debut=times["fin"], fin=times["debut"])
    act(manager, "inconnu", "annuler", 404)
    assert manager.read(f"Appointment/{made['id']}")["meta"]["versionId"] == "2"


def test_the_report_says_what_does_not_hold(manager: Manager) -> None:
    agenda = manager.agenda()
    manager.made(with_professional(agenda))
    whole = manager.admin("GET", "gap/bilan")
    nothing = {"doubles_reservations": [], "identifiants_en_double": [], "creneaux_incoherents": []}
    assert whole == {"rendez_vous": 1, "par_statut": {"booked": 1}, **nothing}
    manager.set(doublon_identifiant="accepter", double_reservation="accepter")
    manager.made(with_professional(agenda))
    manager.made(appointment("rdv-2", status="cancelled"))
    report = manager.admin("GET", "gap/bilan")
    assert report["par_statut"] == {"booked": 2, "cancelled": 1}
    assert len(report["doubles_reservations"]) == 1
    [double] = report["identifiants_en_double"]
    assert (double["identifiant"].endswith("|rdv-1"), len(double["rendez_vous"])) == (True, 2)


@pytest.mark.parametrize("broken", [update(SLOTS).values(status="free"), delete(OCCUPATIONS)])
def test_the_report_sees_slots_that_do_not_say_what_takes_them(
    sandbox: Sandbox, manager: Manager, broken: Update | Delete
) -> None:
    agenda = manager.agenda()
    manager.made(with_professional(agenda))
    [taken] = manager.slots(agenda["schedule"], "busy")
    with sandbox.store.session(manager.tenant) as session:
        session.execute(broken.where(broken.table.c.space == f"{manager.tenant}/gap"))
        session.commit()
    assert manager.admin("GET", "gap/bilan")["creneaux_incoherents"] == [taken["id"]]


def test_a_tenant_forgotten_leaves_nothing(manager: Manager) -> None:
    manager.made(with_professional(manager.agenda()))
    root = f"{manager.root}/_banc/tenants"
    assert manager.http.delete(f"{root}/{manager.tenant}").status_code == 204
    manager.http.post(root, json={"nom": manager.tenant})
    manager.token = manager.register()
    assert manager.found(by_identifier()) == []
    assert manager.admin("GET", "gap/bilan")["rendez_vous"] == 0


def test_a_client_may_choose_its_token_and_change_it(manager: Manager) -> None:
    for token in ("jeton-choisi-0001", "jeton-choisi-0002"):
        given = manager.admin("POST", "gap/clients", {"client_id": "choisi", "jeton": token})
        assert given["jeton"] == token
    manager.token = "jeton-choisi-0001"
    assert manager.fhir("GET", "Slot").status_code == 401
    manager.token = "jeton-choisi-0002"
    assert manager.fhir("GET", "Slot").status_code == 200
    manager.admin("POST", "gap/clients", {"client_id": "autre", "jeton": "jeton-choisi-0002"}, 409)
    manager.admin("POST", "gap/clients", {"client_id": "autre", "jeton": "court"}, 400)


def test_somebody_else_takes_time_of_an_agenda(manager: Manager) -> None:
    agenda = manager.agenda(opening("09:00", "10:00"))
    path = f"gap/agendas/{agenda['schedule']}"
    times = {"debut": f"{MONDAY}T08:30:00Z", "fin": f"{MONDAY}T09:00:00Z"}
    made = manager.admin("POST", f"{path}/rendez-vous", {**times, "libelle": "Pris ailleurs"}, 201)
    assert (made["statut"], made["resource"]["description"]) == ("booked", "Pris ailleurs")
    slots = manager.admin("GET", f"{path}/creneaux")["creneaux"]
    assert [(slot["debut"], slot["statut"]) for slot in slots] == [
        (f"{MONDAY}T09:00:00+01:00", "free"),
        (f"{MONDAY}T09:30:00+01:00", "busy"),
    ]
    assert acts(manager)[-1] == ("gap.gestionnaire.rendez_vous_pris_ailleurs", None)


@pytest.mark.parametrize(
    ("times", "status"),
    [
        ({"debut": f"{MONDAY}T09:30:00+01:00", "fin": f"{MONDAY}T10:00:00+01:00"}, 409),
        ({"debut": f"{MONDAY}T10:00:00+01:00", "fin": f"{MONDAY}T09:00:00+01:00"}, 400),
        ({"debut": f"{MONDAY}T10:00:00", "fin": f"{MONDAY}T10:30:00"}, 400),
        ({}, 400),
    ],
)
def test_time_that_nobody_can_take(manager: Manager, times: dict[str, str], status: int) -> None:
    path = f"gap/agendas/{manager.agenda(opening('09:00', '10:00'))['schedule']}/rendez-vous"
    first = {"debut": f"{MONDAY}T09:30:00+01:00", "fin": f"{MONDAY}T10:00:00+01:00"}
    manager.admin("POST", path, first, 201)
    manager.admin("POST", path, times, status)
    assert len(manager.admin("GET", "gap/rendez-vous")["rendez_vous"]) == 1


def test_an_agenda_that_is_not_there(manager: Manager) -> None:
    for path in ("gap/agendas/absent/creneaux", "gap/agendas/a%00b/creneaux"):
        manager.admin("GET", path, None, 404)
