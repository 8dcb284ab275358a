"""Before anything else: what the usager said, whether there is a DMP, and whether we may enter it (sheet DMP §2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from reference.defects import Defects
from reference.dmp import messages, registry
from reference.dmp.client import Dmp, LostError, Order, RejectedError, Who
from reference.dmp.records import Choice
from reference.dmp.registry import State
from reference.dmp.soap import Reply
from reference.identity.life import Identities
from reference.refusal import Refusal
from reference.store import Store

ACCEPTS, REFUSES = "accepte", "refuse"
_STATES = {"VALIDE": "valide", "EXPIREE": "expiree", "INEXISTANTE": "absente", "BLOQUE": "bloquee"}
NO_ANSWER = "Le DMP ne répond pas : réessayez plus tard."


class Access:
    """The way in."""

    def __init__(
        self, store: Store, dmp: Dmp, identities: Identities, defects: Defects, now: Callable[[], datetime]
    ) -> None:
        self._store, self._dmp, self._identities, self._defects, self._now = store, dmp, identities, defects, now

    def note(self, usager: str, feeding: str, reading: str, author: str) -> Choice:
        """Note what the usager says; "" leaves a choice as it is."""
        choice = self.choice(usager)
        choice.feeding, choice.reading = feeding or choice.feeding, reading or choice.reading
        choice.noted.append(f"{self._now().isoformat(timespec='seconds')} {author} {feeding} {reading}".strip())
        self._store.save(choice)
        return choice

    def choice(self, usager: str) -> Choice:
        """What the usager said."""
        return self._store.get(Choice, usager) or Choice(usager)

    def known(self, who: Who) -> None:
        """Refusal unless the identity is qualified: the INS of another never leaves."""
        qualified = self._identities.status(who.usager) == "qualifiee"
        if who.usager.ins is None or not (qualified or self._defects.has("dmp_identite_non_qualifiee")):
            raise Refusal("identite_non_qualifiee", "L'identité de l'usager n'est pas qualifiée : rien ne part au DMP.")

    def state(self, who: Who) -> State:
        """Ask for the state of the DMP (TD0.2); LostError, Refusal when no state comes back."""
        self.known(who)
        reply = self._call(who, "TD0.2", messages.td02(who.ins))
        found = registry.state(reply)
        if found is None:
            raise Refusal("dmp_sans_reponse", NO_ANSWER)
        return replace(found, named=self._names(reply))

    def _names(self, reply: Reply) -> str:
        """What defects show of the identity that the DMP tells."""
        birth = registry.name(reply, "BR") if self._defects.has("nom_du_dmp_montre") else ""
        usual = registry.name(reply, "SP") if self._defects.has("nom_utilise_du_dmp_montre") else ""
        return birth or usual

    def open(self, who: Who) -> State:
        """The state of a DMP that is there and open; Refusal for another, LostError."""
        if self._defects.has("dmp_etat_non_demande"):
            self.known(who)
            return State("actif", "VALIDE")
        found = self.state(who)
        if self._defects.has("dmp_ferme_ignore"):
            allowed = "VALIDE" if found.authorisation == "BLOQUE" else found.authorisation
            return replace(found, status="actif", authorisation=allowed)
        if found.status == "absent":
            raise Refusal("dmp_absent", "L'usager n'a pas de DMP.")
        if found.status == "ferme":
            raise Refusal("dmp_ferme", f"Le DMP de l'usager est fermé{_why(found)}.")
        if found.authorisation == "BLOQUE":
            raise Refusal("professionnel_bloque", "L'usager a bloqué l'accès à son DMP.")
        return found

    def fed(self, who: Who) -> None:
        """The DMP may be fed; Refusal, LostError."""
        if self.choice(who.usager.id).feeding != ACCEPTS and not self._defects.has("dmp_opposition_ignoree"):
            raise Refusal("non_opposition_absente", "La non-opposition de l'usager à l'alimentation n'est pas notée.")
        self.open(who)

    def read(self, who: Who) -> None:
        """The DMP may be read: authorisation set where it is missing and the usager agrees; Refusal, LostError."""
        found = self.open(who)
        if who.emergency:
            return
        agreed = self.choice(who.usager.id).reading == ACCEPTS
        if not agreed and not self._defects.has("dmp_lu_sans_accord"):
            raise Refusal("accord_absent", "L'accord de l'usager à la consultation de son DMP n'est pas noté.")
        if found.authorisation != "VALIDE" and not self._defects.has("dmp_autorisation_non_demandee"):
            self.authorise(who, "AJOUT")

    def authorise(self, who: Who, action: str) -> None:
        """Set or remove our authorisation (TD0.3). action: `AJOUT`, `SUPPRESSION`. Refusal, LostError."""
        if not registry.accepted(self._call(who, "TD0.3", messages.td03(who.ins, action))):
            raise Refusal("autorisation_refusee", "Le DMP refuse l'autorisation d'accès.")

    def told(self, found: State) -> str:
        """The authorisation, in the words of the vocabulary."""
        return _STATES.get(found.authorisation, "inconnue")

    def _call(self, who: Who, transaction: str, body: object) -> Reply:
        try:
            return self._dmp.call(who, Order(transaction, body))
        except RejectedError as error:
            raise Refusal("dmp_refuse", f"Le DMP refuse la demande : {error}") from error
        except LostError:
            raise Refusal("dmp_sans_reponse", NO_ANSWER) from None


def _why(found: State) -> str:
    return f" ({found.closing})" if found.closing else ""
