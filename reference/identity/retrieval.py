"""Retrieval of the INS, its acceptance, and its verification: what the product makes of each answer of INSi."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reference.defects import Defects
from reference.identity import attempts
from reference.identity.answers import Answer, Found
from reference.identity.attempts import Attempt
from reference.identity.client import Insi
from reference.identity.life import Identities
from reference.identity.soap import Card
from reference.identity.traits import LABELS, Traits, differences, filled, traits_from, traits_of
from reference.records import Usager
from reference.refusal import Refusal

Result = dict[str, Any]
NOBODY = "L'INSi n'a trouvé personne : vérifiez les traits saisis d'après une pièce d'identité."
SEVERAL = "L'INSi a trouvé plusieurs personnes : ajoutez les autres prénoms ou le lieu de naissance, puis recommencez."
DOUBTFUL = "L'identité est notée douteuse ou fictive : l'INSi n'est pas appelé."
TO_VERIFY = "L'INSi ne confirme plus cette identité : l'INS est retirée, l'identité est à revoir."
_UNFIT = {
    "jour_nul_accepte": "L'INSi rend une date de naissance incomplète : cette identité ne peut pas être enregistrée.",
    "trait_vide_accepte": "L'INSi rend une identité à laquelle un trait manque : elle ne peut pas être enregistrée.",
}
"""Why an answer 00 is not stored (R11, R12), by the defect that stores it."""


class Retrieval:
    """INSi's answers, applied to the files."""

    def __init__(self, insi: Insi, identities: Identities, defects: Defects) -> None:
        self._insi, self._identities, self._defects = insi, identities, defects

    def by_traits(self, usager: Usager, author: str) -> Result:
        """Search with the traits of the file, made more precise by its other traits when it has some."""
        return self._applied(usager, self._searched(usager, author), author)

    def by_card(self, usager: Usager, card: Card, author: str) -> Result:
        """Search with what the reader found on the card."""
        return self._applied(usager, self._insi.search_card(usager, card, author), author)

    def blocked(self, usager: Usager) -> Result | None:
        """The answer to whom asks for a call that must not be made; None when it may."""
        if not self._identities.is_blocked(usager):
            return None
        return {"code": "bloque", "statut": self._identities.status(usager), "message": DOUBTFUL}

    def confirm(self, usager: Usager, accept: bool, author: str) -> str:
        """Accept or refuse the identity that INSi gave. Returns the status; Refusal when none is waiting."""
        pending = self._identities.of(usager).pending
        if pending is None:
            raise Refusal("rien_a_confirmer", "Aucune identité rendue par l'INSi n'attend une confirmation.")
        if not accept:
            self._identities.wait(usager, None)
            return self._identities.status(usager)
        traits = traits_from(pending["traits"])
        found = Found(pending["matricule"], pending["oid"], traits, tuple(pending["historique"]))
        return self._identities.attach(usager, found, filled(traits_of(usager), traits), author)

    def verify(self, usager: Usager, author: str) -> Result:
        """Verify the INS of a file (R49): a KO takes it away and puts the identity on the worklist."""
        blocked = self.blocked(usager)
        if usager.ins is None or blocked is not None:
            message = DOUBTFUL if blocked else "Cette identité n'a pas d'INS à vérifier."
            return {"resultat": "bloque", "statut": self._identities.status(usager), "message": message}
        if self._defects.has("verifie_par_une_recherche"):
            self._insi.search_card(usager, Card(usager.ins["matricule"]), author)
        answer = self._insi.verify(usager, (usager.ins["matricule"], usager.ins["oid"]), traits_of(usager), author)
        if answer.code == "erreur" and self._defects.has("panne_vaut_ko"):
            answer = Answer("KO", "KO")
        status = self._verified(usager, answer, author)
        known = answer.code if answer.code in ("OK", "KO") else "erreur"
        said = TO_VERIFY if known == "KO" else self._excuse(answer)
        return {"resultat": known, "statut": status, **({"message": said} if said else {})}

    def _verified(self, usager: Usager, answer: Answer, author: str) -> str:
        if answer.code == "KO" and not self._defects.has("verification_ko_sans_effet"):
            hidden = self._defects.has("verification_ko_hors_liste")
            return self._identities.detach(usager, author, "" if hidden else TO_VERIFY)
        if answer.code == "OK":
            identity = self._identities.of(usager)
            identity.to_review = ""
            if not identity.proof and self._defects.has("verification_qualifie"):
                identity.proof = "aucun"
            return self._identities.keep(usager, identity, author)
        return self._identities.status(usager)

    def _searched(self, usager: Usager, author: str) -> Answer:
        traits = traits_of(usager)
        answer = self._insi.search(usager, attempts.first(traits), author)
        for attempt in self._others(answer.code, traits):
            next_answer = self._insi.search(usager, attempt, author)
            if next_answer.code in ("00", "erreur"):
                return next_answer
            if answer.code == "02" and next_answer.code == "01":
                return answer
        return answer

    def _others(self, code: str, traits: Traits) -> Iterator[Attempt]:
        if code == "01":
            yield from attempts.when_nobody(traits)
            if self._defects.has("traits_inventes"):
                yield attempts.made_up(traits)
        elif code == "02":
            yield from attempts.when_several(traits)

    def _applied(self, usager: Usager, answer: Answer, author: str) -> Result:
        if answer.found is None:
            message = {"01": NOBODY, "02": SEVERAL}.get(answer.code) or self._excuse(answer)
            if answer.code == "02" and self._defects.has("plusieurs_sans_invitation"):
                message = ""
            if answer.code == "01" and self._defects.has("personne_sans_explication"):
                message = ""
            said = {"message": message} if message else {}
            return {"code": answer.code, "statut": self._identities.status(usager), **said}
        return {"code": "00", **self._compared(usager, answer.found, author)}

    def _compared(self, usager: Usager, found: Found, author: str) -> Result:
        """Take the identity when it is that of the file; else somebody has to accept it (R6)."""
        local, unfit = traits_of(usager), _unfit(found.traits)
        if unfit and not self._defects.has(unfit):
            return {"statut": self._identities.status(usager), "message": _UNFIT[unfit]}
        changed = [] if unfit else differences(local, found.traits)
        if not changed or self._defects.has("accepte_sans_comparer"):
            return {"statut": self._identities.attach(usager, found, filled(local, found.traits), author)}
        self._identities.wait(usager, found.told())
        labels = ", ".join(LABELS[name] for name in changed)
        message = f"L'INSi rend d'autres traits que ceux du dossier ({labels}) : confirmez qu'il s'agit de la personne."
        status = self._identities.status(usager)
        return {"statut": status, "a_confirmer": found.traits.told(), "message": message}

    def _excuse(self, answer: Answer) -> str:
        if answer.code != "erreur":
            return ""
        return "" if self._defects.has("panne_insi_muette") else answer.message


def _unfit(traits: Traits) -> str:
    """Why these traits must not be stored: a key of `_UNFIT`, "" when they may."""
    if "00" in traits.date_naissance.split("-")[1:]:
        return "jour_nul_accepte"
    whole = traits.nom_naissance and traits.prenoms and traits.sexe and traits.date_naissance
    return "" if whole else "trait_vide_accepte"
