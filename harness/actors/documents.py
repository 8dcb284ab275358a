"""Documents of the product and of the DMP as scenarios speak of them: what is asked, and what must be seen."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from harness.actors import dmp
from harness.actors.appointments import Appointment
from harness.actors.dmp import Shown, done
from harness.actors.person import Person
from harness.actors.professional import Professional
from harness.dates import PARIS, asked, instant, said
from harness.expectations import expect, expect_equal, expect_none

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.scene import Scene

TEXT = "Ce que la personne souhaite.\nCe qui est fait avec elle."
GOALS = ["Prendre le bus seul", "Préparer un repas"]
TITLES = {"ppa": "Projet personnalisé", "avenant": "Avenant au projet personnalisé"}
OTHERS_PPA = {
    "titre": "Projet personnalisé d'une autre structure",
    "type": {"code": dmp.PPA["code"], "systeme": dmp.PPA["systeme"], "libelle": "Projet personnalisé d'accompagnement"},
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A document of the product. id: there; acted: the time of its act, on the wall."""

    id: str
    person: Person
    by: Professional
    title: str
    acted: datetime


def write(scene: Scene, person: Person, by: Professional, *, acted: datetime | None = None, **more: Any) -> Draft:
    """Have the product write a draft. acted: time of the wall, an hour ago by default. more: `type`, `titre`…"""
    kind = more.pop("type", "ppa")
    at = acted or _paris_now(scene) - timedelta(hours=1)
    title = TITLES.get(kind, "Document")
    told = {"titre": title, "texte": TEXT, "date_acte": asked(at), **more}
    if kind == "ppa":
        told.setdefault("objectifs", GOALS)
    outcome = done(scene.product.act("ecrire_document", usager=person, par=by, type=kind, **told))
    return Draft(outcome["document"], person, by, title, at)


def valid(scene: Scene, person: Person, by: Professional, **more: Any) -> Draft:
    """The same, validated (arguments of `write`)."""
    made = write(scene, person, by, **more)
    done(scene.product.act("valider_document", document=made.id, par=by))
    return made


def validate(scene: Scene, draft: Draft, **more: Any) -> Outcome:
    """Have the product validate a draft. more: `deposer`."""
    return done(scene.product.act("valider_document", document=draft.id, par=draft.by, **more))


def deposit(scene: Scene, draft: Draft, **more: Any) -> Outcome:
    """Have the product deposit a document. more: `cache_a`."""
    return scene.product.act("deposer_document", document=draft.id, par=draft.by, **more)


def replace(scene: Scene, draft: Draft) -> Outcome:
    """Have the product make a new version of a document and deposit it."""
    told = {"texte": f"{TEXT}\nRevu.", "titre": draft.title, "date_acte": asked(draft.acted)}
    return scene.product.act("remplacer_document", document=draft.id, par=draft.by, **told)


def deposited(outcome: Outcome) -> Outcome:
    """The product says that the document is in the DMP. Raises AssertionError in French."""
    told = f"un refus : {outcome.message}" if outcome.refused else f"{outcome['envoi']} {outcome.get('message', '')}"
    expect(not outcome.refused and outcome["envoi"] == "depose", "un document que le produit montre déposé", told)
    return outcome


def not_deposited(outcome: Outcome) -> None:
    """The product does not show the document as deposited, and says why. Raises AssertionError in French."""
    shown = outcome.get("envoi", "refuse")
    expect(shown != "depose", "un document que le produit ne montre pas déposé", shown)
    warned(outcome)


def warned(outcome: Outcome) -> None:
    """The product says something to its user. Raises AssertionError in French."""
    told = outcome.message if outcome.refused else outcome.get("message", "")
    expect(bool(told.strip()), "un message du produit à son utilisateur", "aucun")


def is_the_only_one(scene: Scene, person: Person, unique_id: str) -> Shown:
    """The DMP has one document in force, that one, a PPA. Raises AssertionError in French."""
    found = scene.dmp.only(person)
    expect_equal("L'identifiant du document en vigueur", unique_id, found["unique_id"])
    expect_equal("Le type du document en vigueur", dmp.PPA_TYPE, found["type"]["code"])
    return found


def is_signed_by(scene: Scene, found: Shown, by: Professional) -> None:
    """The document is of the structure of the product, and of this professional by her national identifier."""
    expect_equal("La structure du document", scene.dmp.structure, (found["structure"] or "").split("^")[-1])
    authors = [str(one).split("^")[0] for one in found["auteurs"]]
    expect_equal("Les auteurs du document", [by.national_id], authors)


def is_dated(found: Shown, draft: Draft) -> None:
    """The DMP dates the act of the instant that the professional said. Raises AssertionError in French."""
    seen = datetime.strptime(str(found["date_acte"]), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    expect_equal("L'instant de l'acte", said(instant(draft.acted)), said(seen))


def sent(scene: Scene, count: int) -> None:
    """That many lots left for the DMP since the scenario began. Raises AssertionError in French."""
    expect_equal("Le nombre d'envois de documents au DMP", count, len(scene.exchanges(operation=dmp.PROVIDE)))


def in_the_file(scene: Scene, draft: Draft) -> Mapping[str, Any]:
    """A document as the product shows it in the file. Raises AssertionError in French."""
    listed = scene.product.act("lire_documents", usager=draft.person)["documents"]
    found = [one for one in listed if one["document"] == draft.id]
    expect(len(found) == 1, "ce document parmi ceux que le produit montre", f"{len(found)} sur {len(listed)}")
    shown: Mapping[str, Any] = found[0]
    return shown


def is_shown_deposited(scene: Scene, draft: Draft) -> None:
    """The product shows, in the file, that the document is in the DMP. Raises AssertionError in French."""
    expect_equal("L'état du dépôt que montre le produit", "depose", in_the_file(scene, draft).get("envoi", "aucun"))


def nothing_read(scene: Scene) -> None:
    """No document of the DMP was looked for or read. Raises AssertionError in French."""
    asked = [*scene.exchanges(operation=dmp.QUERY), *scene.exchanges(operation=dmp.RETRIEVE)]
    expect_none("recherches et consultations de documents dans le DMP", [one.id for one in asked])


def put_ppa(scene: Scene, person: Person, **more: Any) -> Shown:
    """Another structure puts a PPA in the DMP (keys of the admin API)."""
    return scene.dmp.put(person, **{**OTHERS_PPA, **more})


def put_aged(scene: Scene, person: Person, years: int) -> Shown:
    """The same, of an act of that many years ago."""
    return put_ppa(scene, person, date_acte=(scene.now() - timedelta(days=366 * years)).isoformat())


def search(scene: Scene, person: Person, by: Professional, **more: Any) -> Outcome:
    """Have the product look into the DMP (parameters of `rechercher_documents`)."""
    return scene.product.act("rechercher_documents", usager=person, par=by, **more)


def found_only(outcome: Outcome, *expected: Shown) -> None:
    """The product shows these documents, and no other. Raises AssertionError in French."""
    wanted, seen = _titles(expected), _titles(outcome["documents"])
    ids = {one["unique_id"] for one in expected}
    expect({one["unique_id"] for one in outcome["documents"]} == ids, f"ces documents trouvés : {wanted}", seen)


def one_found(outcome: Outcome, document: Shown) -> Mapping[str, Any]:
    """That document as the product shows it. Raises AssertionError in French."""
    found = [one for one in outcome["documents"] if one["unique_id"] == document["unique_id"]]
    expect(len(found) == 1, f"le document « {document['titre']} » parmi ceux que le produit montre", _titles(found))
    shown: Mapping[str, Any] = found[0]
    return shown


def open_(scene: Scene, person: Person, by: Professional, document: Shown, **more: Any) -> Outcome:
    """Have the product open a document of the DMP. more: `motif_acces`."""
    return scene.product.act("ouvrir_document", usager=person, par=by, unique_id=document["unique_id"], **more)


def shows(outcome: Outcome, document: Shown) -> None:
    """The product shows that document and its PDF. Raises AssertionError in French."""
    expect_equal("Le titre du document ouvert", document["titre"], outcome["titre"])
    content = base64.b64decode(outcome["contenu_base64"])
    expect(content.startswith(b"%PDF-"), "le PDF du document", f"{outcome['type_media']}, {len(content)} octets")


def _titles(documents: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"« {one['titre']} »" for one in documents) or "aucun"


def _paris_now(scene: Scene) -> datetime:
    return scene.now().astimezone(ZoneInfo(PARIS)).replace(tzinfo=None, second=0, microsecond=0)


def take(scene: Scene, person: Person, by: Professional, document: Shown) -> Draft:
    """Have the product import a document of the DMP into the file."""
    told = {"usager": person, "par": by, "unique_id": document["unique_id"]}
    made = done(scene.product.act("importer_document", **told))["document"]
    return Draft(made, person, by, document["titre"], _paris_now(scene))


def change(scene: Scene, draft: Draft, action: str, **more: Any) -> Outcome:
    """Have the product change, in the DMP, a document that it deposited. action: of the vocabulary."""
    unique_id = in_the_file(scene, draft)["unique_id"]
    return scene.product.act(action, usager=draft.person, par=draft.by, unique_id=unique_id, **more)


def plan(scene: Scene, draft: Draft, goal: str, wall: datetime) -> Appointment:
    """Have the product make an objective of a project an appointment. Raises AssertionError in French."""
    told = {"document": draft.id, "par": draft.by, "objectif": goal, "debut": asked(wall)}
    made = done(scene.product.act("planifier_objectif", **told))
    return Appointment(draft.person, made["rendez_vous"], instant(wall), goal, PARIS, made.get("identifiant"))


def file_of(scene: Scene, person: Person) -> Sequence[Mapping[str, Any]]:
    """The documents that the product shows in the file."""
    shown: Sequence[Mapping[str, Any]] = scene.product.act("lire_documents", usager=person)["documents"]
    return shown


def versions(scene: Scene, person: Person) -> list[int]:
    """Versions of the documents of the file, in order."""
    return sorted(one["version"] for one in file_of(scene, person))


def months_ago(count: int) -> datetime:
    """A time of the wall, that many months ago (of 30 days and a half)."""
    now = datetime.now(ZoneInfo(PARIS)).replace(tzinfo=None, second=0, microsecond=0)
    return now - timedelta(days=30.5 * count)
