"""Identities that other domains send: verified before their INS is believed, never qualified by hearsay (R30, R51)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reference.defects import Defects
from reference.identity.answers import AGAIN, Found
from reference.identity.client import Insi
from reference.identity.life import Identities
from reference.identity.traits import UNKNOWN_PLACE, Traits, filled, missing, same_person, traits_from, traits_of
from reference.people import People
from reference.records import Usager
from reference.refusal import Refusal
from reference.store import Store

Result = dict[str, Any]
REFUSED = "L'INSi ne confirme pas l'INS reçue : elle n'est pas enregistrée, l'identité est à revoir."
UNVERIFIED = f"L'INS reçue n'a pas pu être vérifiée. {AGAIN}"
WITHOUT_INS = "L'identité reçue n'est pas qualifiée : elle est enregistrée sans INS."


@dataclass(frozen=True)
class Incoming:
    """An identity received. ins: matricule and OID, None unless its sender calls it qualified."""

    origin: str
    traits: Traits
    ins: tuple[str, str] | None
    used: Mapping[str, str]
    document: bool


class Reception:
    """What comes in from other domains."""

    def __init__(self, store: Store, people: People, insi: Insi, identities: Identities, defects: Defects) -> None:
        self._store, self._people, self._insi = store, people, insi
        self._identities, self._defects = identities, defects

    def receive(
        self, origin: str, status: str, ins: tuple[str, str] | None, traits: Mapping[str, Any], document: bool
    ) -> Result:
        """Take an identity in. status: the one its sender gives. Refusal when a trait is missing."""
        told = traits_from(traits)
        told = replace(told, lieu_naissance=told.lieu_naissance or UNKNOWN_PLACE)
        if lacking := missing(told):
            raise Refusal("identite_incomplete", f"L'identité reçue n'a pas de {', '.join(lacking)}.")
        used = {name: str(traits[name]) for name in ("nom_utilise", "prenom_utilise") if traits.get(name)}
        if status != "qualifiee" and not (ins and self._defects.has("recue_provisoire_avec_ins")):
            ins = None
        incoming = Incoming(origin, told, ins, used, document)
        known = self._known(incoming)
        if incoming.ins is None:
            return self._without_ins(incoming, known)
        if known is not None and (known.ins or {}).get("matricule") == incoming.ins[0]:
            return self._answer(known, "rapprochee", incoming, filed=True)
        return self._with_ins(incoming, incoming.ins, known, believed=status != "qualifiee")

    def _with_ins(
        self, incoming: Incoming, ins: tuple[str, str], known: Usager | None, believed: bool = False
    ) -> Result:
        self._insi.ready()
        usager = known or self._created(incoming)
        outcome, author = "creee" if known is None else "rapprochee", f"Reçu de {incoming.origin}"
        found = Found(*ins, incoming.traits, ())
        if believed or self._defects.has("recue_qualifiee_telle_quelle"):
            return self._believed(usager, found, incoming, outcome, author, qualified=not believed)
        answer = self._insi.verify(usager, ins, incoming.traits, author)
        if answer.code == "OK":
            self._identities.attach(usager, found, filled(traits_of(usager), incoming.traits), author, author)
            return self._answer(usager, outcome, incoming, filed=True)
        message = REFUSED if answer.code == "KO" else UNVERIFIED
        if known is None and answer.code == "KO" and self._defects.has("recue_ko_avec_ins"):
            self._identities.attach(usager, found, incoming.traits, author, author)
        if known is not None and answer.code == "KO" and self._defects.has("recue_ko_modifie"):
            self._use(usager, incoming)
        self._identities.review(usager, message)
        filed = incoming.document and self._defects.has("document_ko_classe")
        return self._answer(usager, "creee" if known is None else "inchangee", incoming, filed, message)

    def _believed(
        self, usager: Usager, found: Found, incoming: Incoming, outcome: str, author: str, qualified: bool
    ) -> Result:
        """As somebody does who takes the sender's word for it."""
        self._identities.attach(usager, found, incoming.traits, author, author)
        if qualified:
            self._identities.prove(usager, "passeport", author)
        return self._answer(usager, outcome, incoming, filed=True)

    def _without_ins(self, incoming: Incoming, known: Usager | None) -> Result:
        if known is not None:
            return self._answer(known, "rapprochee", incoming, filed=False, message=WITHOUT_INS)
        return self._answer(self._created(incoming), "creee", incoming, filed=False, message=WITHOUT_INS)

    def _created(self, incoming: Incoming) -> Usager:
        traits = incoming.traits
        usager = self._people.declare(
            nom=traits.nom_naissance,
            prenoms=list(traits.prenoms),
            sexe=traits.sexe,
            date_naissance=traits.date_naissance,
            lieu_naissance=traits.lieu_naissance,
            courriel="",
            **incoming.used,
        )
        self._identities.open(usager, f"Reçu de {incoming.origin}")
        return usager

    def _use(self, usager: Usager, incoming: Incoming) -> None:
        usager.nom_utilise = incoming.used.get("nom_utilise", usager.nom_utilise)
        usager.prenom_utilise = incoming.used.get("prenom_utilise", usager.prenom_utilise)
        self._store.save(usager)

    def _known(self, incoming: Incoming) -> Usager | None:
        """The only file with this INS, or else the only one with these traits that has no other INS."""
        files = self._store.all(Usager)
        by_ins = [one for one in files if incoming.ins and one.ins and one.ins["matricule"] == incoming.ins[0]]
        free = [one for one in files if not (incoming.ins and one.ins)]
        alike = by_ins or [one for one in free if same_person(traits_of(one), incoming.traits)]
        return alike[0] if len(alike) == 1 else None

    def _answer(
        self, usager: Usager, outcome: str, incoming: Incoming, filed: bool = False, message: str = ""
    ) -> Result:
        document = {"document_classe": filed} if incoming.document else {}
        said = {"message": message} if message else {}
        return {
            "usager": usager.id,
            "resultat": outcome,
            "statut": self._identities.status(usager),
            **document,
            **said,
        }
