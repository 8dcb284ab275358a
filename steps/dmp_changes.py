"""What the professional changes of documents: in the DMP, and in the file."""

from __future__ import annotations

from datetime import datetime

from pytest_bdd import given, then, when

from harness.actors import dmp, documents
from harness.actors.appointments import Appointment
from harness.actors.dmp import Shown
from harness.actors.documents import Draft
from harness.actors.views import MES_AGENDA
from harness.expectations import Agenda, expect_equal, expect_none
from harness.scene import Outcome, Person, Professional, Scene
from steps.words import sentence


@given(
    "un projet personnalisé que le produit a déposé dans le DMP, caché aux représentants légaux",
    target_fixture="projet",
)
def hidden_project(scene: Scene, usager: Person, professionnel: Professional) -> Draft:
    made = documents.valid(scene, usager, professionnel)
    documents.deposited(documents.deposit(scene, made, cache_a=["representants"]))
    return made


@given("l'usager a masqué ce projet aux professionnels, puis l'a montré")
def masked_by_usager(scene: Scene, usager: Person) -> None:
    unique_id = scene.dmp.only(usager)["unique_id"]
    scene.dmp.act(usager, "masquer", document=unique_id)
    scene.dmp.act(usager, "demasquer", document=unique_id)


@given("le registre du DMP est occupé à chaque changement")
def busy(scene: Scene, usager: Person) -> None:
    scene.fault(dmp.UPDATE, "registre_occupe", fois=0, person=usager)


@given(
    sentence("un projet personnalisé validé de l'usager, pour un acte vieux de {mois:d} mois"), target_fixture="projet"
)
def old_project(scene: Scene, usager: Person, professionnel: Professional, mois: int) -> Draft:
    return documents.valid(scene, usager, professionnel, acted=documents.months_ago(mois))


@when("le professionnel masque ce projet aux professionnels", target_fixture="changement")
def mask(scene: Scene, projet: Draft) -> Outcome:
    return documents.change(scene, projet, "masquer_document", a="professionnels", masquer=True)


@when("le professionnel le rend visible aux représentants légaux, sans confirmer", target_fixture="changement")
def show_unconfirmed(scene: Scene, projet: Draft) -> Outcome:
    return documents.change(scene, projet, "masquer_document", a="representants", masquer=False)


@when("le professionnel le rend visible aux représentants légaux, et confirme", target_fixture="changement")
def show(scene: Scene, projet: Draft) -> Outcome:
    return documents.change(scene, projet, "masquer_document", a="representants", masquer=False, confirmation=True)


@when("le professionnel archive ce projet", target_fixture="changement")
def archive(scene: Scene, projet: Draft) -> Outcome:
    return documents.change(scene, projet, "archiver_document", archiver=True)


@when("le professionnel supprime ce projet, sans confirmer", target_fixture="changement")
def delete_unconfirmed(scene: Scene, projet: Draft) -> Outcome:
    return documents.change(scene, projet, "supprimer_document")


@when("le professionnel supprime ce projet, et confirme", target_fixture="changement")
def delete(scene: Scene, projet: Draft) -> Outcome:
    return documents.change(scene, projet, "supprimer_document", confirmation=True)


@when("le professionnel supprime ce document, et confirme")
def delete_foreign(scene: Scene, usager: Person, professionnel: Professional, document: Shown) -> None:
    told = {"unique_id": document["unique_id"], "confirmation": True}
    scene.product.act("supprimer_document", usager=usager, par=professionnel, **told)


@when("le professionnel modifie le texte de ce projet", target_fixture="reponse")
def modify(scene: Scene, projet: Draft) -> Outcome:
    return scene.product.act("modifier_document", document=projet.id, par=projet.by, texte="Un autre texte.")


@when(sentence("le professionnel planifie l'objectif « {objectif} » le {moment:Moment}"), target_fixture="rendez_vous")
def plan(scene: Scene, usager: Person, projet: Draft, objectif: str, moment: datetime) -> Appointment:
    return documents.plan(scene, projet, objectif, moment)


@when("le professionnel écrit un avenant à ce projet, le valide et le dépose", target_fixture="depot")
def amend(scene: Scene, usager: Person, professionnel: Professional, projet: Draft) -> Outcome:
    amendment = documents.valid(scene, usager, professionnel, type="avenant", a_la_suite_de=projet.id)
    return documents.deposit(scene, amendment)


@then("le produit a fait le changement")
def changed(changement: Outcome) -> None:
    dmp.done(changement)


@then("le produit avertit que le changement n'est pas fait")
def warned(changement: Outcome) -> None:
    documents.warned(changement)


@then("aucun changement n'est envoyé au DMP")
def nothing_changed(scene: Scene) -> None:
    sent = [one.context.get("transaction") for one in scene.exchanges(operation=dmp.UPDATE)]
    expect_none("changements envoyés au DMP", sent)


@then("une autre structure ne voit pas ce projet dans le DMP")
def unseen_elsewhere(scene: Scene, usager: Person) -> None:
    other = scene.dmp.other()
    seen = scene.dmp.documents(usager, "professionnel", titulaire=other.national_id)
    expect_none("documents qu'une autre structure voit", [one["titre"] for one in seen])


@then("un représentant légal voit ce projet")
def seen_by_representative(scene: Scene, usager: Person, projet: Draft) -> None:
    seen = [one["titre"] for one in scene.dmp.documents(usager, "representant")]
    expect_equal("Les documents qu'un représentant légal voit", [projet.title], seen)


@then(sentence("le DMP garde ce projet comme {etat:EtatDocument}"))
def kept_as(scene: Scene, usager: Person, projet: Draft, etat: str) -> None:
    found = scene.dmp.last(usager, documents.in_the_file(scene, projet)["unique_id"])
    expect_equal("L'état du projet dans le DMP", etat, found["statut"])


@then(sentence("l'agenda de Mon espace santé montre l'objectif « {objectif} » à cet instant"))
def objective_shown(scene: Scene, usager: Person, rendez_vous: Appointment, objectif: str) -> None:
    Agenda(MES_AGENDA, scene.mes.agenda_of(usager)).titled(objectif, rendez_vous.start)


@then("le texte du projet n'a pas changé")
def same_text(scene: Scene, projet: Draft) -> None:
    expect_equal("Le texte du projet", documents.TEXT, documents.in_the_file(scene, projet).get("texte", ""))


@then("le DMP montre l'avenant à la place du projet")
def amendment_only(scene: Scene, usager: Person, depot: Outcome) -> None:
    documents.is_the_only_one(scene, usager, documents.deposited(depot)["unique_id"])


@then("le dossier garde les deux versions du projet")
def both_versions(scene: Scene, usager: Person) -> None:
    expect_equal("Les versions du projet dans le dossier", [1, 2], documents.versions(scene, usager))


@then("le produit signale que ce projet est à revoir")
def late(scene: Scene, projet: Draft) -> None:
    expect_equal("Le rappel de révision", True, documents.in_the_file(scene, projet)["a_reviser"])


@then("le produit ne signale pas ce projet")
def not_late(scene: Scene, projet: Draft) -> None:
    expect_equal("Le rappel de révision", False, documents.in_the_file(scene, projet)["a_reviser"])
