"""The life of an identity: its status follows from two facts, a checked paper and an INS taken from INSi (R20)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from reference.defects import Defects
from reference.identity.answers import Found
from reference.identity.records import Identity
from reference.identity.traits import Traits
from reference.records import Usager
from reference.store import Store

WITH_INS = ("recuperee", "qualifiee")
BLOCKING = {"douteuse": "douteuse_appelle_l_insi", "fictive": "fictive_appelle_l_insi"}
"""Attributes that forbid any call to INSi (R25), and the defects that call all the same."""

CONFIDENCE = {
    "passeport": "forte",
    "carte_identite": "forte",
    "titre_sejour": "forte",
    "livret_famille": "faible",
    "acte_naissance": "faible",
    "autre": "faible",
}
"""What each kind of paper is worth in this establishment (R19)."""

TAKEN_OVER = "reprise"
"""The proof of an INS that the file already had, qualified, when the DUI was put into service."""

_STATUSES = {
    (False, False): "provisoire",
    (True, False): "validee",
    (False, True): "recuperee",
    (True, True): "qualifiee",
}


def status_of(usager: Usager, identity: Identity) -> str:
    """Status of an identity: `provisoire`, `validee`, `recuperee` or `qualifiee`."""
    return _STATUSES[bool(identity.proof), usager.ins is not None]


class Identities:
    """All identities; each change of status enters the history with its date and author (R21)."""

    def __init__(self, store: Store, defects: Defects, now: Callable[[], datetime]) -> None:
        self._store, self._defects, self._now = store, defects, now

    def of(self, usager: Usager) -> Identity:
        """The identity of an usager; it begins when it is first asked for."""
        return self._store.get(Identity, usager.id) or self.open(usager, "DUI")

    def open(self, usager: Usager, author: str) -> Identity:
        """Begin an identity: provisional, or qualified when the file comes with its INS."""
        identity = Identity(usager.id)
        if usager.ins is not None:
            identity.proof = identity.source = TAKEN_OVER
            author = "Reprise des données"
        self.keep(usager, identity, author)
        return identity

    def status(self, usager: Usager) -> str:
        return status_of(usager, self.of(usager))

    def prove(self, usager: Usager, paper: str, author: str) -> str:
        """A paper was checked; one of high confidence validates the identity. Returns the status."""
        identity = self.of(usager)
        identity.papers.append(paper)
        strong = CONFIDENCE[paper] == "forte"
        late = usager.ins is not None and self._defects.has("justificatif_apres_insi_ignore")
        early = usager.ins is None and self._defects.has("justificatif_avant_insi_ignore")
        if (strong and not late and not early) or self._defects.has("tout_papier_qualifie"):
            identity.proof = paper
        return self.keep(usager, identity, author)

    def attach(self, usager: Usager, found: Found, traits: Traits, author: str, source: str = "INSi") -> str:
        """Take the INS and the traits that INSi gave. Returns the status."""
        identity = self.of(usager)
        former = found.former
        matricule, oid = found.matricule, found.oid
        if former and self._defects.has("ancienne_ins_prise"):
            matricule, oid = former[0]["matricule"], former[0]["oid"]
        if self._defects.has("oid_constant"):
            oid = "1.2.250.1.213.1.4.8"
        replaced = [usager.ins] if usager.ins is not None and usager.ins["matricule"] != matricule else []
        usager.ins = {"matricule": matricule, "oid": oid}
        self.write(usager, traits)
        identity.former = [*identity.former, *replaced, *(one for one in former if one not in identity.former)]
        identity.source, identity.pending, identity.to_review = source, None, ""
        if not identity.proof and self._defects.has("qualifiee_sans_justificatif"):
            identity.proof = "aucun"
        return self.keep(usager, identity, author)

    def detach(self, usager: Usager, author: str, review: str = "") -> str:
        """The INS is no longer that of this identity, which must be checked anew. Returns the status.

        review: why somebody has to look at it, in French, "" when nobody has.
        """
        identity = self.of(usager)
        if usager.ins is not None:
            identity.former = [*identity.former, {**usager.ins, "fin": self._now().date().isoformat()}]
            usager.ins = None
        identity.proof, identity.pending = "", None
        identity.to_review = review
        return self.keep(usager, identity, author)

    def write(self, usager: Usager, traits: Traits) -> None:
        """Put these strict traits into the file (to be kept by the caller)."""
        usager.nom, usager.prenoms, usager.sexe = traits.nom_naissance, list(traits.prenoms), traits.sexe
        usager.date_naissance, usager.lieu_naissance = traits.date_naissance, traits.lieu_naissance

    def mark(self, usager: Usager, attribute: str, value: bool, author: str) -> str:
        """Give the identity an attribute, or take it away. Returns the status."""
        identity = self.of(usager)
        kept = [one for one in identity.attributes if one != attribute]
        identity.attributes = [*kept, attribute] if value else kept
        return self.keep(usager, identity, author)

    def is_blocked(self, usager: Usager) -> bool:
        """Whether INSi must not be called for this identity."""
        blocking = [one for one in self.of(usager).attributes if one in BLOCKING]
        return any(not self._defects.has(BLOCKING[one]) for one in blocking)

    def wait(self, usager: Usager, pending: Mapping[str, Any] | None) -> None:
        """Keep, or forget, what INSi answered until somebody accepts it."""
        identity = self.of(usager)
        identity.pending = None if pending is None else dict(pending)
        self._store.save(identity)

    def review(self, usager: Usager, why: str) -> None:
        """Put the identity on the worklist; nothing else changes."""
        identity = self.of(usager)
        identity.to_review = why
        self._store.save(identity)

    def keep(self, usager: Usager, identity: Identity, author: str) -> str:
        """Keep file and identity; the status is noted when it changed. Returns it."""
        status = status_of(usager, identity)
        if not identity.history or identity.history[-1]["statut"] != status:
            line = {"statut": status, "date": self._now().isoformat(timespec="seconds"), "auteur": author}
            if self._defects.has("historique_sans_auteur"):
                line["auteur"] = ""
            identity.history = [line] if self._defects.has("historique_ecrase") else [*identity.history, line]
        self._store.save(usager)
        self._store.save(identity)
        return status
