"""Documents of Mon espace santé: what the usager sees, what others put there, what the portal is asked to do."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.actors.person import Person
from harness.expectations import expect, expect_equal

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.scene import Scene

CREATE = "mes.fhir.documentreference.create"
PDF, ZIP = "application/pdf", "application/zip"
OCTETS = b"%PDF-1.4\n%banc " + bytes(range(256)) + b"\n%%EOF\n"


@dataclass(frozen=True, slots=True)
class Added:
    """A document that the portal was asked to add."""

    title: str
    octets: bytes
    outcome: Outcome


def add(scene: Scene, person: Person, title: str, **more: Any) -> Added:
    """Ask the portal to add a document (more: parameters of `ajouter_document_mes`; `octets` of another content)."""
    octets = more.pop("octets", OCTETS + title.encode())
    told = {"titre": title, "categorie": "CPT_REND", "type_media": PDF, **more}
    data = base64.b64encode(octets).decode()
    return Added(title, octets, scene.product.act("ajouter_document_mes", usager=person, contenu_base64=data, **told))


def put(scene: Scene, person: Person, origin: str, **what: Any) -> None:
    """Somebody else puts a document into the DMP (keys of its admin API)."""
    scene.tenant.call("POST", f"/dmp/personnes/{person.id}/documents", {"origine": origin, **what})


def refuse_pdf(scene: Scene) -> None:
    """Mon espace santé takes no PDF any more, until the end of the scenario."""
    scene.tenant.call("PATCH", "/reglages", {"mes.documents_types": ["text/plain"]})


def seen(scene: Scene, person: Person) -> list[Mapping[str, Any]]:
    """What the person sees in Mon espace santé."""
    found: list[Mapping[str, Any]] = scene.tenant.call("GET", f"/mes/usagers/{person.id}/documents")["documents"]
    return found


def shows_once(scene: Scene, person: Person, title: str) -> None:
    """Mon espace santé shows one document, and it is this one, added by the product."""
    found = [(one["titre"], one["source"]) for one in seen(scene, person)]
    expect_equal("documents de Mon espace santé", [(title, scene.mes.oid)], found)


def shows_nothing(scene: Scene, person: Person) -> None:
    expect_equal("documents de Mon espace santé", [], [one["titre"] for one in seen(scene, person)])


def held_as_sent(scene: Scene, person: Person, added: Added) -> None:
    """A professional of another structure finds the document in the DMP, octet for octet."""
    query = {"vue": "professionnel", "titulaire": "899990000999", "structure": "1990009999"}
    told = scene.tenant.call("GET", f"/dmp/personnes/{person.id}/documents", query=query)["documents"]
    ids = [str(one["unique_id"]) for one in told if one["titre"] == added.title]
    expect_equal("nombre de documents trouvés dans le DMP", 1, len(ids))
    kept = scene.tenant.call("GET", f"/dmp/personnes/{person.id}/documents/{ids[0]}")["contenu_base64"]
    expect(base64.b64decode(kept) == added.octets, "le contenu du document, octet pour octet", "un autre contenu")


def listed(scene: Scene, person: Person, **criteria: str) -> Outcome:
    """Ask the portal for the list of documents (parameters of `lire_documents_mes`)."""
    return scene.product.act("lire_documents_mes", usager=person, **criteria)


def only(outcome: Outcome, titles: Sequence[str]) -> None:
    """The portal lists these documents, and nothing else."""
    expect_equal("documents montrés par le portail", sorted(titles), sorted(_titles(outcome)))


def comes_from(outcome: Outcome, title: str, author: str) -> None:
    """The portal says whose document this is."""
    found = [one.get("type_auteur") for one in outcome["documents"] if one["titre"] == title]
    expect_equal(f"auteur montré du document « {title} »", [author], found)


def opens(scene: Scene, person: Person, outcome: Outcome, added: Added) -> None:
    """Opened on the portal, a document is what was added."""
    ids = [one["document"] for one in outcome["documents"] if one["titre"] == added.title]
    expect_equal("nombre de documents de ce titre dans la liste", 1, len(ids))
    read = scene.product.act("ouvrir_document_mes", usager=person, document=ids[0])
    expect(not read.refused, "un document que le portail ouvre", f"un refus : {read.message}")
    same = base64.b64decode(read["contenu_base64"]) == added.octets
    expect(same, "le contenu du document, octet pour octet", "un autre contenu")


def sent(added: Added) -> None:
    """The product says that the document left."""
    state = "un refus" if added.outcome.refused else added.outcome["envoi"]["etat"]
    expect_equal("envoi du document, tel que le produit le dit", "envoye", state)


def not_sent(added: Added) -> None:
    """The product refuses the document, or says that it was not taken."""
    refused = added.outcome.refused or added.outcome["envoi"]["etat"] == "refuse"
    expect(refused, "un document que le produit dit refusé", dict(added.outcome))


def _titles(outcome: Outcome) -> list[str]:
    return [] if outcome.refused else [str(one["titre"]) for one in outcome["documents"]]
