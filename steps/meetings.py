"""Appointments between professionals: who is there, availabilities, requests."""

from __future__ import annotations

from datetime import datetime, time

from pytest_bdd import given, then, when

from harness.actors import appointments, meetings
from harness.actors.meetings import REASON, Day
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
