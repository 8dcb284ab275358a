"""Appointments between professionals: availabilities, requests, answers, what the block concludes."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from pytest_bdd import given, then, when

from harness.actors import appointments, meetings, views
from harness.actors.meetings import LENGTH, REASON, TITLE, Day
from harness.dates import asked, instant, said
from harness.expectations import expect, expect_equal
from harness.scene import Outcome, Person, Professional, Scene
from steps.words import sentence

# -- who is there


@given("un professionnel de la structure", target_fixture="professionnel")
def our_professional(scene: Scene) -> Professional:
    scene.block.write_on_demand()
    made = scene.block.professional()
    scene.account(made)
    return made


@given(
    sentence("un médecin d'une autre structure, libre {jour:Futur} de {debut:Heure} à {fin:Heure}"),
    target_fixture="medecin",
)
@given(
    sentence("une assistante sociale d'une autre structure, libre {jour:Futur} de {debut:Heure} à {fin:Heure}"),
    target_fixture="assistante",
)
def neighbour(scene: Scene, jour: Day, debut: time, fin: time) -> Professional:
    return scene.block.neighbour(instant(jour.at(scene, debut)), instant(jour.at(scene, fin)))


@given(sentence("un rendez-vous de l'usager avec ce professionnel {jour:Futur} à {heure:Heure}"))
@when(sentence("le produit crée un rendez-vous de l'usager avec ce professionnel {jour:Futur} à {heure:Heure}"))
def our_appointment(scene: Scene, usager: Person, professionnel: Professional, jour: Day, heure: time) -> None:
    named = {
        "nom": professionnel.family_name,
        "prenom": professionnel.given_name,
        "rpps": professionnel.national_id[1:],
    }
    appointments.create(scene, usager, jour.at(scene, heure), professionnel=named)


@given(sentence("l'usager a déjà « {libelle} » dans son Mon espace santé {jour:Futur} à {heure:Heure}"))
def her_own_event(scene: Scene, usager: Person, libelle: str, jour: Day, heure: time) -> None:
    scene.mes.add_event(usager, instant(jour.at(scene, heure)), libelle)


@given("l'usager accepte que le bloc de rendez-vous lise et alimente son agenda")
def agrees(scene: Scene, usager: Person) -> None:
    scene.block.agreement(usager, given=True)


@given("l'usager refuse que le bloc de rendez-vous lise son agenda")
def does_not_agree(scene: Scene, usager: Person) -> None:
    scene.block.agreement(usager, given=False)


@given(sentence("le bloc laisse {heures:d} heures pour répondre"))
def deadline(scene: Scene, heures: int) -> None:
    scene.block.answer_within(heures)


@given("le bloc de rendez-vous coupe la connexion après avoir enregistré la demande")
def cut(scene: Scene) -> None:
    scene.fault("rdv.fhir.appointment.create", "coupure_apres")


@given("le professionnel ne veut pas être averti de ses rendez-vous entre professionnels")
def no_notices(scene: Scene, professionnel: Professional) -> None:
    scene.product.act("regler_notifications", professionnel=professionnel, rendez_vous_pro=False)


# -- availabilities


@given(sentence("le professionnel a publié ses disponibilités {jour:Futur} de {debut:Heure} à {fin:Heure}"))
@when(
    sentence("le professionnel publie ses disponibilités {jour:Futur} de {debut:Heure} à {fin:Heure}"),
    target_fixture="reponse",
)
def publish(scene: Scene, professionnel: Professional, jour: Day, debut: time, fin: time) -> Outcome:
    return meetings.publish(scene, professionnel, jour.at(scene, debut), jour.at(scene, fin))


@when("le professionnel publie des disponibilités d'hier à demain", target_fixture="reponse")
def publish_past(scene: Scene, professionnel: Professional) -> Outcome:
    openings = [
        {"debut": asked(Day(day).at(scene, time(9))), "fin": asked(Day(day).at(scene, time(10)))} for day in (-1, 1)
    ]
    return scene.product.act("publier_disponibilites", professionnel=professionnel, disponibilites=openings)


@then(sentence("le bloc offre le professionnel {jour:Futur} à {heures:Heures}, et à aucune autre heure"))
def offered(scene: Scene, professionnel: Professional, jour: Day, heures: list[time]) -> None:
    meetings.free_at(scene, professionnel, [instant(jour.at(scene, hour)) for hour in heures])


@when(sentence("le professionnel cherche quand le médecin est libre {jour:Futur}"), target_fixture="reponse")
def look_up(scene: Scene, medecin: Professional, jour: Day) -> Outcome:
    day = {"debut": asked(jour.at(scene, time(8))), "fin": asked(jour.at(scene, time(19)))}
    return scene.product.act("lire_disponibilites_professionnel", identifiant_national=medecin.national_id, **day)


@then(sentence("le produit montre le médecin libre {jour:Futur} à {heures:Heures}, et à aucune autre heure"))
def shown_free(scene: Scene, reponse: Outcome, jour: Day, heures: list[time]) -> None:
    expected = [said(instant(jour.at(scene, hour))) for hour in heures]
    seen = [said(datetime.fromisoformat(slot["debut"])) for slot in reponse["creneaux"]]
    expect_equal("Les créneaux montrés par le produit", expected, sorted(seen))


@then("seules les disponibilités à venir sont publiées")
def only_to_come(scene: Scene, reponse: Outcome) -> None:
    seen = [said(datetime.fromisoformat(period["debut"])) for period in reponse["publiees"]]
    expect_equal("Les périodes publiées", [said(instant(Day(1).at(scene, time(9))))], seen)


# -- requests


@given(
    sentence("le professionnel a demandé une réunion de synthèse au médecin {jour:Futur} à {heure:Heure}"),
    target_fixture="reponse",
)
@when(
    sentence("le professionnel demande une réunion de synthèse au médecin {jour:Futur} à {heure:Heure}"),
    target_fixture="reponse",
)
def ask_at(scene: Scene, professionnel: Professional, medecin: Professional, jour: Day, heure: time) -> Outcome:
    return meetings.ask(scene, professionnel, [medecin], debut=asked(jour.at(scene, heure)))


@given(
    sentence("le professionnel a demandé une réunion avec l'usager au médecin {jour:Futur} à {heure:Heure}"),
    target_fixture="reponse",
)
def ask_with_usager(
    scene: Scene, professionnel: Professional, medecin: Professional, usager: Person, jour: Day, heure: time
) -> Outcome:
    return meetings.ask(scene, professionnel, [medecin], debut=asked(jour.at(scene, heure)), usager=usager)


@given(
    sentence("le professionnel a demandé une réunion de synthèse au médecin et à l'assistante sociale {jour:Futur}"),
    target_fixture="reponse",
)
@when(
    sentence("le professionnel demande une réunion de synthèse au médecin et à l'assistante sociale {jour:Futur}"),
    target_fixture="reponse",
)
def ask_both(
    scene: Scene, professionnel: Professional, medecin: Professional, assistante: Professional, jour: Day
) -> Outcome:
    return meetings.ask(scene, professionnel, [medecin, assistante], periode=_day(scene, jour))


@when(
    sentence("le professionnel demande une réunion de synthèse au médecin au premier créneau commun {jour:Futur}"),
    target_fixture="reponse",
)
def ask_common(scene: Scene, professionnel: Professional, medecin: Professional, jour: Day) -> Outcome:
    return meetings.ask(scene, professionnel, [medecin], periode=_day(scene, jour))


@when(
    sentence("le professionnel demande une réunion avec l'usager et le médecin au premier créneau commun {jour:Futur}"),
    target_fixture="reponse",
)
def ask_common_with_usager(
    scene: Scene, professionnel: Professional, medecin: Professional, usager: Person, jour: Day
) -> Outcome:
    return meetings.ask(scene, professionnel, [medecin], periode=_day(scene, jour), usager=usager)


def _day(scene: Scene, day: Day) -> dict[str, str]:
    return {"debut": asked(day.at(scene, time(8))), "fin": asked(day.at(scene, time(19)))}


@given(
    sentence(
        "le professionnel a demandé une réunion au sujet de l'usager, sans lui, au médecin {jour:Futur} à {heure:Heure}"
    ),
    target_fixture="reponse",
)
def ask_about_usager(
    scene: Scene, professionnel: Professional, medecin: Professional, usager: Person, jour: Day, heure: time
) -> Outcome:
    about = {"usager": usager, "usager_participe": False}
    return meetings.ask(scene, professionnel, [medecin], debut=asked(jour.at(scene, heure)), **about)


@then("le produit dit la demande partie")
def said_sent(reponse: Outcome) -> None:
    expect(not reponse.refused, "une demande que le produit dit partie", dict(reponse))


@then("le bloc a reçu une seule demande, avec son motif, qui invite le médecin")
def received(scene: Scene, professionnel: Professional, medecin: Professional) -> None:
    meetings.names_everybody(scene.block.request_to(medecin), [professionnel, medecin], REASON)


@then("le bloc a reçu une seule demande, avec son motif, qui invite le médecin et l'assistante sociale")
def received_both(scene: Scene, professionnel: Professional, medecin: Professional, assistante: Professional) -> None:
    meetings.names_everybody(scene.block.request_to(medecin), [professionnel, medecin, assistante], REASON)


@then(sentence("cette demande est pour {jour:Futur} à {heure:Heure}"))
def asked_at(scene: Scene, medecin: Professional, jour: Day, heure: time) -> None:
    seen = datetime.fromisoformat(scene.block.request_to(medecin)["debut"])
    expect_equal("L'horaire de la demande", said(instant(jour.at(scene, heure))), said(seen))


@then("le bloc n'a reçu aucune demande")
def none_received(scene: Scene, medecin: Professional) -> None:
    expect_equal("Nombre de demandes reçues par le bloc", 0, len(scene.block.requests_to(medecin)))


# -- answers


@given(sentence("le médecin {reponse_du_medecin:Reponse}"))
@when(sentence("le médecin {reponse_du_medecin:Reponse}"))
def doctor_answers(scene: Scene, medecin: Professional, reponse_du_medecin: str) -> None:
    scene.block.reply(medecin, reponse_du_medecin)


@when(sentence("le médecin propose {jour:Futur} à {heure:Heure}"))
@given(sentence("le médecin a proposé {jour:Futur} à {heure:Heure}"))
def doctor_proposes(scene: Scene, medecin: Professional, jour: Day, heure: time) -> None:
    start = instant(jour.at(scene, heure))
    scene.block.reply(medecin, "proposer", debut=start.isoformat(), fin=(start + LENGTH).isoformat())


@given("l'assistante sociale accepte")
@when("l'assistante sociale accepte")
def social_worker_accepts(scene: Scene, assistante: Professional) -> None:
    scene.block.reply(assistante, "accepter")


@given(sentence("le médecin a demandé une réunion de synthèse au professionnel {jour:Futur} à {heure:Heure}"))
def doctor_asks(scene: Scene, medecin: Professional, professionnel: Professional, jour: Day, heure: time) -> None:
    scene.block.ask(medecin, professionnel, instant(jour.at(scene, heure)))


@when(sentence("le professionnel {reponse_donnee:Reponse} dans le produit"), target_fixture="reponse")
def answer(scene: Scene, professionnel: Professional, reponse_donnee: str) -> Outcome:
    more: dict[str, Any] = {"motif": "Formation"} if reponse_donnee == "annuler" else {}
    return meetings.reply(scene, professionnel, reponse_donnee, **more)


@when(sentence("le professionnel propose {jour:Futur} à {heure:Heure} dans le produit"), target_fixture="reponse")
def propose(scene: Scene, professionnel: Professional, jour: Day, heure: time) -> Outcome:
    return meetings.reply(scene, professionnel, "proposer", debut=asked(jour.at(scene, heure)))


@then(sentence("le bloc a la réponse du professionnel : {connue:ReponseMontree}"))
def own_answer_held(scene: Scene, professionnel: Professional, connue: str) -> None:
    seen = scene.block.request_to(professionnel)["reponses"][professionnel.national_id]
    expect_equal("La réponse du professionnel au bloc", meetings.CODES[connue], seen)


@given("le professionnel a lu la demande dans le produit", target_fixture="lue")
def has_read(scene: Scene, professionnel: Professional) -> meetings.Meeting:
    return meetings.meeting(scene, professionnel)


@when("le professionnel accepte la demande qu'il a lue", target_fixture="reponse")
def accept_read(scene: Scene, professionnel: Professional, lue: meetings.Meeting) -> Outcome:
    asked_for = {"demande": lue.reference, "reponse": "accepter"}
    return scene.product.act("repondre_rendez_vous_pro", professionnel=professionnel, **asked_for)


@when(sentence("{heures:d} heures passent"))
def hours_pass(scene: Scene, heures: int) -> None:
    scene.advance(hours=heures)


@then(sentence("le bloc tient ce rendez-vous pour {etat:EtatDemande}"))
def held(scene: Scene, medecin: Professional, etat: str) -> None:
    expect_equal("L'état du rendez-vous au bloc", etat, scene.block.request_to(medecin)["statut"])


@then("la réponse de l'assistante sociale est gardée")
def answer_kept(scene: Scene, medecin: Professional, assistante: Professional) -> None:
    seen = scene.block.request_to(medecin)["reponses"][assistante.national_id]
    expect_equal("La réponse de l'assistante sociale au bloc", "accepted", seen)


@then(sentence("le produit montre ce rendez-vous {etat:EtatReunion}"))
def shown_state(scene: Scene, professionnel: Professional, etat: str) -> None:
    expect_equal("L'état montré par le produit", etat, meetings.meeting(scene, professionnel).status)


@then(sentence("le produit montre la réponse du médecin : {montree:ReponseMontree}"))
def shown_answer(scene: Scene, professionnel: Professional, medecin: Professional, montree: str) -> None:
    seen = meetings.meeting(scene, professionnel).answers.get(medecin.national_id)
    expect_equal("La réponse du médecin montrée par le produit", montree, seen)


@then(sentence("le produit montre ce rendez-vous {jour:Futur} à {heure:Heure}"))
def shown_time(scene: Scene, professionnel: Professional, jour: Day, heure: time) -> None:
    seen = meetings.meeting(scene, professionnel).start
    expect_equal("L'horaire montré par le produit", said(instant(jour.at(scene, heure))), said(seen))


# -- what is concluded


@when("le bloc écrit le rendez-vous dans les agendas")
@when("le bloc écrit l'annulation dans les agendas")
def written(scene: Scene) -> None:
    meetings.written(scene)


@when("le bloc, qui n'a pas reçu la réponse, l'écrit de nouveau")
def written_again(scene: Scene) -> None:
    meetings.written(scene, again=True)


@then("le rendez-vous est une seule fois à l'agenda du professionnel")
def in_agenda(scene: Scene, professionnel: Professional) -> None:
    seen = [one.in_agenda for one in meetings.meetings(scene, professionnel)]
    expect_equal("À l'agenda du professionnel, pour chaque rendez-vous montré", [True], seen)


@then("le rendez-vous n'est pas à l'agenda du professionnel")
def not_in_agenda(scene: Scene, professionnel: Professional) -> None:
    expect(not meetings.meeting(scene, professionnel).in_agenda, "un rendez-vous absent de l'agenda", "il y est")


@then(sentence("l'agenda de Mon espace santé de l'usager montre un seul événement {jour:Futur} à {heure:Heure}"))
def one_event(scene: Scene, usager: Person, jour: Day, heure: time) -> None:
    views.mes_agenda(scene, usager).at(instant(jour.at(scene, heure)))


@then(sentence("l'agenda de Mon espace santé de l'usager est vide {jour:Futur} à {heure:Heure}"))
def no_event(scene: Scene, usager: Person, jour: Day, heure: time) -> None:
    views.mes_agenda(scene, usager).nothing_at(instant(jour.at(scene, heure)))


@then("le professionnel est averti de la réponse du médecin")
def told(scene: Scene, professionnel: Professional) -> None:
    seen = meetings.notices(scene, professionnel)
    expect(any(TITLE in text for text in seen), f"un avertissement sur « {TITLE} »", seen)


@then("le professionnel n'est averti de rien")
def told_nothing(scene: Scene, professionnel: Professional) -> None:
    meetings.no_notice(scene, professionnel)
