"""Actions of the vocabulary that are about documents and the DMP: a part of `Product`."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from reference.defects import Defects
from reference.dmp.client import Who
from reference.dmp.desk import DmpDesk
from reference.dmp.names import ARCHIVED, HIDDEN_FROM_PATIENT, HIDDEN_FROM_REPRESENTATIVES, MASKED
from reference.dmp.records import DmpCall, Document, Seen
from reference.dmp.vihf import SOFTWARE, VERSION
from reference.people import People
from reference.professionals import Professionals
from reference.refusal import Refusal
from reference.store import Store

Result = dict[str, Any]
EMERGENCY = "bris_de_glace"
BANNER = "Accès au DMP en bris de glace"
HIDDEN_FROM = {
    "professionnels": MASKED,
    "patient": HIDDEN_FROM_PATIENT,
    "representants": HIDDEN_FROM_REPRESENTATIVES,
}
_STATES = {
    MASKED: "masque",
    HIDDEN_FROM_PATIENT: "invisible_patient",
    HIDDEN_FROM_REPRESENTATIVES: "invisible_representants",
    ARCHIVED: "archive",
}


class _Parts(Protocol):
    defects: Defects
    people: People
    professionals: Professionals
    store: Store
    documents: DmpDesk

    def creer_rendez_vous(self, usager: str, debut: str, intitule: str, **details: Any) -> Result: ...


class DmpActions:
    """What professionals do with documents. `par`: account of the professional who acts."""

    def ecrire_document(
        self: _Parts, usager: str, par: str, type: str, texte: str, titre: str = "", **more: Any
    ) -> Result:
        """Write a draft (parameters of the vocabulary)."""
        person, author = self.people.usager(usager), self.professionals.get(par)
        return {"document": self.documents.drafts.write(person.id, type, titre, texte, author.id, **more).id}

    def modifier_document(self: _Parts, document: str, par: str, texte: str) -> Result:
        """Change the text of a draft."""
        self.documents.drafts.change(self.documents.drafts.get(document), texte, self.professionals.get(par).id)
        return {}

    def valider_document(self: _Parts, document: str, par: str, deposer: bool = True) -> Result:
        """Validate a draft; one of a kind that feeds the DMP leaves for it, unless the user keeps it (`deposer`)."""
        found = self.documents.drafts.validate(self.documents.drafts.get(document))
        who = self.documents.who(found.usager, par)
        if not self.documents.feeding.concerns(found, wished=deposer):
            return {"etat": found.state}
        try:
            return {"etat": found.state, **_sent(self.documents.deposits.send(found, who, ()))}
        except Refusal as refusal:
            return {"etat": found.state, "envoi": "refuse", "message": refusal.message}

    def regler_alimentation_dmp(self: _Parts, par: str, types: Sequence[str]) -> Result:
        """Choose the kinds of documents that leave for the DMP by themselves."""
        self.professionals.get(par)
        self.documents.feeding.choose(types)
        return {}

    def lire_documents(self: _Parts, usager: str) -> Result:
        """The documents of the file."""
        drafts = self.documents.drafts
        listed = drafts.all(self.people.usager(usager).id)
        return {"documents": [_shown(one, late=drafts.late(one)) for one in listed]}

    def noter_choix_dmp(self: _Parts, usager: str, par: str, alimentation: str = "", consultation: str = "") -> Result:
        """Note what the usager says of the feeding and of the reading of her DMP."""
        author = self.professionals.get(par)
        self.documents.access.note(self.people.usager(usager).id, alimentation, consultation, author.id)
        return {}

    def verifier_dmp(self: _Parts, usager: str, par: str) -> Result:
        """Whether there is a DMP, and whether we may enter it."""
        found = self.documents.access.state(self.documents.who(usager, par))
        named = {"message": f"DMP de {found.named}"} if found.named else {}
        return {"statut": found.status, "autorisation": self.documents.access.told(found), **named}

    def autoriser_dmp(self: _Parts, usager: str, par: str, action: str) -> Result:
        """Set our authorisation, or remove it, at the wish of the usager."""
        who = self.documents.who(usager, par)
        if action == "ajout" and self.documents.access.choice(usager).reading != "accepte":
            raise Refusal("accord_absent", "L'accord de l'usager à la consultation de son DMP n'est pas noté.")
        self.documents.access.open(who)
        self.documents.access.authorise(who, action.upper())
        return {}

    def deposer_document(self: _Parts, document: str, par: str, cache_a: Sequence[str] = ()) -> Result:
        """Send a valid document to the DMP."""
        found = self.documents.drafts.get(document)
        who = self.documents.who(found.usager, par)
        return _sent(self.documents.deposits.send(found, who, [HIDDEN_FROM[name] for name in cache_a]))

    def remplacer_document(
        self: _Parts,
        document: str,
        par: str,
        texte: str,
        titre: str = "",
        date_acte: str = "",
        cache_a: Sequence[str] = (),
    ) -> Result:
        """Make a new version of a valid document and send it in the place of the one before."""
        before = self.documents.drafts.get(document)
        who = self.documents.who(before.usager, par)
        made = self.documents.drafts.next_version(before, titre, texte, who.account.id, date_acte)
        sent = self.documents.deposits.send(made, who, [HIDDEN_FROM[name] for name in cache_a])
        return {"document": made.id, **_sent(sent)}

    def rechercher_documents(
        self: _Parts,
        usager: str,
        par: str,
        mode: str = "automatique",
        types: Sequence[Mapping[str, str]] = (),
        depuis: str = "",
        archives: bool = False,
        motif_acces: str = "normal",
    ) -> Result:
        """Look into the DMP: what is new (`automatique`), or what the user asks for (`manuelle`)."""
        who, codes = _entering(self, usager, par, motif_acces), [_code(one) for one in types]
        if mode == "automatique":
            found, partial = self.documents.search.automatic(who, codes)
        else:
            found, partial = self.documents.search.manual(who, codes, depuis, archived=archives)
        filters = {"types": [one["code"] for one in types], **({"depuis": depuis} if depuis else {})}
        if self.defects.has("filtre_non_montre"):
            filters = {"types": []}
        shown = [_listed(one, self.defects) for one in found]
        more = {"message": partial} if partial else {}
        return {"documents": shown, "filtre": filters, **more, **_banner(self, who)}

    def ouvrir_document(self: _Parts, usager: str, par: str, unique_id: str, motif_acces: str = "normal") -> Result:
        """Open a document that was found."""
        who = _entering(self, usager, par, motif_acces)
        opened = self.documents.opening.open(who, unique_id)
        told = {"titre": opened.title, "type_media": opened.media_type, **_banner(self, who)}
        alert = {"alerte": opened.alert} if opened.alert else {}
        return {**told, **alert, "contenu_base64": base64.b64encode(opened.content).decode()}

    def importer_document(self: _Parts, usager: str, par: str, unique_id: str) -> Result:
        """Take a document that was found into the file."""
        return {"document": self.documents.opening.take(_entering(self, usager, par, "normal"), unique_id).id}

    def masquer_document(
        self: _Parts, usager: str, par: str, unique_id: str, a: str, masquer: bool = True, confirmation: bool = False
    ) -> Result:
        """Hide a document of the DMP from somebody, or show it again."""
        who = self.documents.who(usager, par)
        self.documents.changes.hide(who, unique_id, HIDDEN_FROM[a], hidden=masquer, confirmed=confirmation)
        return {}

    def archiver_document(self: _Parts, usager: str, par: str, unique_id: str, archiver: bool = True) -> Result:
        """Archive a document of the DMP, or take it out of the archives."""
        self.documents.changes.archive(self.documents.who(usager, par), unique_id, archived=archiver)
        return {}

    def supprimer_document(self: _Parts, usager: str, par: str, unique_id: str, confirmation: bool = False) -> Result:
        """Delete a document of the DMP."""
        self.documents.changes.delete(self.documents.who(usager, par), unique_id, confirmed=confirmation)
        return {}

    def planifier_objectif(self: _Parts, document: str, par: str, objectif: str, debut: str) -> Result:
        """Make an objective of a project an appointment of the usager; the project stays as it is."""
        found = self.documents.drafts.get(document)
        self.professionals.get(par)
        title = "Rendez-vous" if self.defects.has("objectif_sans_nom") else objectif
        return self.creer_rendez_vous(found.usager, debut, title)

    def lire_traces_dmp(self: _Parts, usager: str | None = None) -> Result:
        """Traces of the calls to the DMP."""
        calls = self.store.all(DmpCall, None if usager is None else self.people.usager(usager).id)
        return {"appels": [_traced(one) for one in calls]}

    def lire_a_propos(self: _Parts) -> Result:
        """The name and the version of the product, as its users read them."""
        return {"nom": SOFTWARE, "version": VERSION}


def _entering(product: _Parts, usager: str, par: str, reason: str) -> Who:
    return product.documents.who(usager, par, emergency=reason == EMERGENCY)


def _banner(product: _Parts, who: Who) -> Result:
    return {"bandeau": BANNER} if who.emergency and not product.defects.has("bris_de_glace_sans_bandeau") else {}


def _code(told: Mapping[str, str]) -> str:
    """A code as stored queries write it."""
    return f"{told['code']}^^{told['systeme']}"


def _sent(document: Document) -> Result:
    message = {"message": document.message} if document.message else {}
    return {"envoi": document.sending, "unique_id": document.unique_id, **message}


def _shown(document: Document, *, late: bool) -> Result:
    return {
        "document": document.id,
        "type": document.kind,
        "titre": document.title,
        "version": document.version,
        "etat": document.state,
        "unique_id": document.unique_id,
        "origine": document.origin,
        "texte": "\n".join(document.lines),
        "a_reviser": late,
        "auteur": document.author,
        **({"envoi": document.sending} if document.sending else {}),
        **({"remplace_par": document.replaced_by} if document.replaced_by else {}),
    }


def _listed(seen: Seen, defects: Defects) -> Result:
    states = [] if defects.has("etats_non_montres") else [*seen.confidentiality, seen.status]
    return {
        "unique_id": seen.unique_id,
        "titre": seen.title,
        "type": {"code": seen.type[0], "systeme": seen.type[1], "libelle": seen.type_label},
        "date_acte": seen.acted,
        "auteur": seen.author,
        "etats": [_STATES[one] for one in states if one in _STATES],
    }


def _traced(call: DmpCall) -> Result:
    return {
        "transaction": call.transaction,
        "instant": call.instant,
        "auteur": call.author,
        "structure": call.structure,
        "issue": call.outcome,
    }
