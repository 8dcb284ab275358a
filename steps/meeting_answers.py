"""Answers to appointments between professionals, and what the block concludes."""

from __future__ import annotations

from datetime import time
from typing import Any

from pytest_bdd import given, then, when

from harness.actors import meetings, views
from harness.actors.meetings import LENGTH, TITLE, Day
from harness.dates import asked, instant, said
from harness.expectations import expect, expect_equal
from harness.scene import Outcome, Person, Professional, Scene
from steps.words import sentence


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
