"""Actions of the vocabulary that are about identities: a part of `Product`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from reference.defects import Defects
from reference.identity.client import AUTOMATIC
from reference.identity.life import CONFIDENCE
from reference.identity.office import IdentityOffice
from reference.identity.soap import Card
from reference.identity.traits import traits_of
from reference.login.desk import Desk
from reference.login.sessions import COOKIE
from reference.people import People
from reference.professionals import Professional, Professionals
from reference.refusal import Refusal

Result = dict[str, Any]
SOMEBODY = "Professionnel de l'établissement"
"""Who acts when the bench does not say who: a professional with all everyday rights."""


class _Parts(Protocol):
    defects: Defects
    people: People
    professionals: Professionals
    desk: Desk
    office: IdentityOffice


class IdentityActions:
    """INS, statuses, traits, searches. `par`: account of the professional who acts."""

    def recuperer_ins(
        self: _Parts,
        usager: str,
        mode: str = "traits",
        par: str | None = None,
        session: Mapping[str, Any] | None = None,
        automatique: bool = False,
        carte: Mapping[str, Any] | None = None,
    ) -> Result:
        """Ask INSi for the INS, by the traits of the file or by what the reader found on the card."""
        author = AUTOMATIC if automatique else _author(self, par, session, "ins")
        person = self.people.usager(usager)
        blocked = self.office.retrieval.blocked(person)
        if blocked is not None:
            return blocked
        if mode == "traits":
            return self.office.retrieval.by_traits(person, author)
        if not carte:
            raise Refusal("carte_absente", "Aucune carte Vitale n'est dans le lecteur.")
        return self.office.retrieval.by_card(person, Card(**carte), author)

    def confirmer_ins(self: _Parts, usager: str, accepter: bool) -> Result:
        """Accept or refuse the identity that INSi gave."""
        return {"statut": self.office.retrieval.confirm(self.people.usager(usager), accepter, SOMEBODY)}

    def verifier_ins(self: _Parts, usager: str, par: str | None = None, automatique: bool = False) -> Result:
        """Verify the INS of a file."""
        author = AUTOMATIC if automatique else _author(self, par, None, "ins")
        return self.office.retrieval.verify(self.people.usager(usager), author)

    def enregistrer_justificatif(self: _Parts, usager: str, type: str, par: str | None = None) -> Result:
        """Note that a paper of this kind was checked."""
        author = _author(self, par, None, "dossier")
        if type not in CONFIDENCE:
            raise Refusal("justificatif_inconnu", "Ce type de justificatif n'est pas reconnu.")
        return {"statut": self.office.life.prove(self.people.usager(usager), type, author)}

    def modifier_identite(self: _Parts, usager: str, traits: Mapping[str, Any], par: str | None = None) -> Result:
        """Change traits of a file; a locked one only by who has the right `identite`."""
        ruler = par is not None and self.professionals.get(par).may("identite")
        author = _author(self, par, None, "identite" if ruler else "dossier")
        return {"statut": self.office.change(self.people.usager(usager), traits, author, ruler=ruler)}

    def marquer_identite(self: _Parts, usager: str, attribut: str, valeur: bool) -> Result:
        """Give an identity an attribute (`douteuse`, `fictive`, `homonyme`), or take it away."""
        return {"statut": self.office.life.mark(self.people.usager(usager), attribut, valeur, SOMEBODY)}

    def lire_identite(self: _Parts, usager: str, par: str | None = None) -> Result:
        """The identity as its reader sees it: without the right `ins`, no matricule is shown (R4)."""
        _author(self, par, None, "dossier")
        person = self.people.usager(usager)
        identity, used = self.office.life.of(person), {}
        for name in ("nom_utilise", "prenom_utilise"):
            if getattr(person, name):
                used[name] = getattr(person, name)
        status = self.office.life.status(person)
        unseen = status == "provisoire" and not self.office.insi.calls_of(person.id)
        if unseen and self.defects.has("creee_montree_validee"):
            status = "validee"
        return {
            "statut": status,
            "attributs": identity.attributes,
            **(dict(person.ins) if person.ins and _sees_ins(self, par) else {}),
            "traits": {**traits_of(person).told(), **used},
            "verrouilles": self.office.locked(person),
            "historique": identity.history,
            "liste_de_travail": bool(identity.to_review),
        }

    def lire_traces_ins(self: _Parts, usager: str | None = None, par: str | None = None) -> Result:
        """Traces of the calls to INSi, with what came back."""
        _author(self, par, None, "ins")
        calls = self.office.insi.calls_of(None if usager is None else self.people.usager(usager).id)
        names = ("mode", "code", "instant", "auteur", "donnees")
        return {"appels": [{name: getattr(call, name) for name in names if getattr(call, name)} for call in calls]}

    def recevoir_identite(
        self: _Parts,
        origine: str,
        traits: Mapping[str, Any],
        statut: str = "provisoire",
        matricule: str = "",
        oid: str = "",
        document: str = "",
    ) -> Result:
        """Take in the identity that another domain sends, and its document."""
        ins = (matricule, oid) if matricule and oid else None
        return self.office.reception.receive(origine, statut, ins, traits, bool(document))

    def rechercher_identite(
        self: _Parts, matricule: str = "", date_naissance: str = "", debut: str = "", par: str | None = None
    ) -> Result:
        """Find files by the whole matricule, or by the birth date and the beginning of a name."""
        _author(self, par, None, "ins" if matricule else "dossier")
        if matricule:
            return {"usagers": self.office.search.by_matricule(matricule)}
        if not date_naissance:
            raise Refusal("recherche_vide", "Cherchez par le matricule, ou par la date de naissance et le nom.")
        return {"usagers": self.office.search.by_birth(date_naissance, debut)}


def _author(product: _Parts, par: str | None, session: Mapping[str, Any] | None, right: str) -> str:
    """Who acts, as traces and history name her. Refusal without the right."""
    account = _account(product, par, session)
    if account is None:
        return SOMEBODY
    if not account.may(right) and not (right == "ins" and product.defects.has("insi_sans_droit")):
        raise Refusal("droit_absent", "Ce professionnel n'a pas le droit de le faire.")
    return f"{account.prenom} {account.nom} ({account.identifiant_national or account.identifiant_local})"


def _account(product: _Parts, par: str | None, session: Mapping[str, Any] | None) -> Professional | None:
    if session is not None:
        alive = product.desk.sessions.alive(str((session.get("cookies") or {}).get(COOKIE, "")))
        if alive is None:
            raise Refusal("session_absente", "Le professionnel doit d'abord se connecter.")
        return product.professionals.get(alive.professionnel)
    return None if par is None else product.professionals.get(par)


def _sees_ins(product: _Parts, par: str | None) -> bool:
    account = _account(product, par, None)
    return account is None or account.may("ins") or product.defects.has("ins_visible_sans_droit")
