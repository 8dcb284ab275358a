"""The DMP as the bench sees it, who else acts there, and what the product is asked to do with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from harness.actors.person import Person
from harness.actors.professional import Professional
from harness.errors import NotTestableHere
from harness.expectations import expect

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.sandbox_client import TenantClient
    from harness.scene import Scene

Shown = Mapping[str, Any]
PROFESSIONS_OID = "1.2.250.1.71.1.2.7"
LABELS = {"10": "Médecin", "60": "Infirmier", "94": "Ergothérapeute", "96": "Psychomotricien"}
PPA = {"code": "80788-3", "systeme": "2.16.840.1.113883.6.1"}
PPA_TYPE = "80788-3"
SIGNATURE_TYPE = "E1762"
APPROVED, DEPRECATED, ARCHIVED, DELETED = "Approved", "Deprecated", "Archived", "Deleted"
PROVIDE, QUERY = "dmp.xds.provide_and_register", "dmp.xds.registry_stored_query"
RETRIEVE, UPDATE = "dmp.xds.retrieve_document_set", "dmp.xds.update_document_set"


class DmpActor:
    """The service, by the admin API. structure: Struct_IdNat of the product's, empty when nothing says it."""

    def __init__(self, tenant: TenantClient, *, structure: str) -> None:
        self._tenant = tenant
        self._structure = structure

    @property
    def structure(self) -> str:
        """Struct_IdNat of the product. Raises NotTestableHere when nothing says it."""
        if not self._structure:
            raise NotTestableHere("cible.toml ne dit pas la structure du produit (clé dmp.structure)")
        return self._structure

    def change(self, person: Person, **what: Any) -> None:
        """Change the DMP of a person (keys of the admin API: statut, fermeture, medecins_traitants...)."""
        self._tenant.call("PUT", f"/dmp/personnes/{quote(person.id)}", what)

    def authorise(self, person: Person, status: str) -> None:
        """What the structure of the product may do there: `valide`, `expiree`, `aucune`."""
        told = {"titulaire": self.structure, "statut": status}
        self._tenant.call("PUT", f"/dmp/personnes/{quote(person.id)}/autorisations", told)

    def authorisation(self, person: Person) -> str:
        """The same, as it is now."""
        told = self._tenant.call("GET", f"/dmp/personnes/{quote(person.id)}")["autorisations"]
        return next((str(one["statut"]) for one in told if one["titulaire"] == self.structure), "aucune")

    def act(self, person: Person, deed: str, **what: Any) -> None:
        """What the usager does in Mon espace santé (acts of the contract)."""
        self._tenant.call("POST", f"/dmp/personnes/{quote(person.id)}/actes", {"acte": deed, **what})

    def put(self, person: Person, **what: Any) -> Shown:
        """A document that somebody else puts there (keys of the admin API); as it is shown."""
        told = {"origine": "autre_structure", **what}
        found: Shown = self._tenant.call("POST", f"/dmp/personnes/{quote(person.id)}/documents", told)
        return found

    def documents(self, person: Person, view: str = "tout", **who: str) -> list[Shown]:
        """What is there, in the eyes of somebody (views of the contract); signatures of lots are left out."""
        query = {"vue": view, **who}
        told = self._tenant.call("GET", f"/dmp/personnes/{quote(person.id)}/documents", query=query)["documents"]
        return [one for one in told if one["type"]["code"] != SIGNATURE_TYPE]

    def current(self, person: Person) -> list[Shown]:
        """Last versions of the documents in force."""
        return [one for one in self.documents(person) if one["statut"] == APPROVED]

    def only(self, person: Person) -> Shown:
        """Her only document in force. Raises AssertionError in French."""
        found = self.current(person)
        titles = ", ".join(one["titre"] for one in found) or "aucun"
        expect(len(found) == 1, "un seul document en vigueur dans le DMP de l'usager", titles)
        return found[0]

    def last(self, person: Person, unique_id: str) -> Shown:
        """The last version of a document, whatever its status, with its content."""
        found: Shown = self._tenant.call("GET", f"/dmp/personnes/{quote(person.id)}/documents/{quote(unique_id)}")
        return found

    def other(self) -> Professional:
        """A fresh fictitious professional of another structure."""
        return Professional.from_json(self._tenant.call("POST", "/professionnels", {}))


def account(scene: Scene, professional: Professional, **more: Any) -> str:
    """Declare a professional to the product with her profession; her account there."""
    code = professional.profession or "60"
    told = {"code": code, "systeme": PROFESSIONS_OID, "libelle": LABELS.get(code, "Professionnel")}
    return scene.account(professional, profession=told, **more)


def professional(scene: Scene) -> Professional:
    """A professional of the product who may go to the DMP, which nothing feeds by itself."""
    made = scene.dmp.other()
    account(scene, made)
    feed(scene, made)
    return made


def feed(scene: Scene, by: Professional, *kinds: str) -> None:
    """Have the product send these kinds of documents by itself, and no other, if it can."""
    if kinds or scene.product.offers("regler_alimentation_dmp"):
        done(scene.product.act("regler_alimentation_dmp", par=by, types=list(kinds)))


def connected(scene: Scene) -> Professional:
    """The same, signed in by Pro Santé Connect."""
    made = scene.psc.professional()
    account(scene, made)
    scene.psc.log_in(made)
    return made


def callers(scene: Scene, person: Person) -> list[str]:
    """Who called the DMP for a person, as the assertions say: national identifiers, each once."""
    told = [one.context.get("vihf", {}).get("name_id") for one in scene.exchanges(service="dmp", person=person)]
    return sorted({str(one) for one in told if one})


def usager(scene: Scene, by: Professional) -> Person:
    """A person of the product who lets it feed her DMP, and read it."""
    made = scene.person()
    scene.usager(made)
    chosen(scene, made, by, alimentation="accepte", consultation="accepte")
    return made


def chosen(scene: Scene, person: Person, by: Professional, **choices: str) -> None:
    """Have the product note what the usager says (parameters of `noter_choix_dmp`)."""
    done(scene.product.act("noter_choix_dmp", usager=person, par=by, **choices))


def done(outcome: Outcome) -> Outcome:
    """The same outcome. Raises AssertionError in French when the product refused."""
    expect(not outcome.refused, "une action que le produit fait", f"un refus : {outcome.message}")
    return outcome
