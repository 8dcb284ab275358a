"""The product in front of the FHIR face of the DMP: what it is asked, and what must be seen."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from harness.actors import dmp, documents
from harness.actors.dmp import Shown, done
from harness.actors.documents import Draft
from harness.actors.person import Person
from harness.actors.professional import Professional
from harness.expectations import expect, expect_equal

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.scene import Scene

URLS = {"absolue": "absolue", "relative": "relative"}


def deposit(scene: Scene, draft: Draft, *, alone: bool = False) -> Outcome:
    """Have the product deposit a document by FHIR: in a lot, or alone."""
    return scene.product.act("deposer_document_fhir", document=draft.id, par=draft.by, simplifie=alone)


def replace(scene: Scene, draft: Draft) -> Outcome:
    """Have the product make a new version of a document and deposit it by FHIR."""
    told = {"texte": f"{documents.TEXT}\nRevu.", "titre": draft.title}
    return scene.product.act("remplacer_document_fhir", document=draft.id, par=draft.by, **told)


def search(scene: Scene, person: Person, by: Professional, **more: Any) -> Outcome:
    """Have the product look for documents by FHIR. more: `type`."""
    return scene.product.act("rechercher_documents_fhir", usager=person, par=by, **more)


def open_(scene: Scene, person: Person, by: Professional, document: Shown) -> Outcome:
    """Have the product open a document by FHIR."""
    told = {"usager": person, "par": by, "unique_id": document["unique_id"]}
    return scene.product.act("ouvrir_document_fhir", **told)


def mask(scene: Scene, draft: Draft) -> Outcome:
    """Have the product hide from professionals the only document of the DMP."""
    unique_id = scene.dmp.only(draft.person)["unique_id"]
    told = {"usager": draft.person, "par": draft.by, "unique_id": unique_id, "masquer": True}
    return scene.product.act("masquer_document_fhir", **told)


def addresses(scene: Scene, form: str) -> None:
    """How the DMP writes the addresses of contents, until the end of the scenario."""
    scene.tenant.call("PATCH", "/reglages", {"dmp.fhir_url": URLS[form]})


def shows(outcome: Outcome, document: Shown) -> None:
    """The product shows the PDF of that document. Raises AssertionError in French."""
    done(outcome)
    content = base64.b64decode(outcome["contenu_base64"])
    expect(content.startswith(b"%PDF-"), "le PDF du document", f"{len(content)} octets d'autre chose")
    expect_equal("Le titre du document ouvert", document["titre"], outcome.get("titre", document["titre"]))


def is_masked(scene: Scene, person: Person) -> None:
    """The DMP has the document, hidden from professionals and still under its base code."""
    expect_equal("La confidentialité du document", ["N", "MASQUE_PS"], scene.dmp.only(person)["confidentialite"])


def found_only(outcome: Outcome, document: Shown) -> None:
    """The product shows that document, and no other."""
    seen = [one["unique_id"] for one in done(outcome)["documents"]]
    expect_equal("Les documents trouvés", [document["unique_id"]], seen)


def ppa_type() -> dict[str, str]:
    """The type of a PPA, as actions say it."""
    return dict(dmp.PPA)
