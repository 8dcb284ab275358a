"""Changes of documents that the DMP has: masked, shown, archived, deleted (TD3.3; sheet DMP §4.5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from lxml import etree

from reference.defects import Defects
from reference.dmp import ebxml, hl7v2, messages, registry
from reference.dmp.access import NO_ANSWER, Access
from reference.dmp.client import Dmp, LostError, Order, RejectedError, Who, signer
from reference.dmp.deposit import Deposits
from reference.dmp.ebxml import By
from reference.dmp.names import APPROVED, ARCHIVED, DELETED, HIDDEN_FROM_REPRESENTATIVES
from reference.dmp.registry import Found
from reference.refusal import Refusal


class Changes:
    """What a professional changes of a document. Each method raises Refusal when it is not done."""

    def __init__(
        self, dmp: Dmp, access: Access, deposits: Deposits, defects: Defects, now: Callable[[], datetime]
    ) -> None:
        self._dmp, self._access, self._deposits, self._defects, self._now = dmp, access, deposits, defects, now
        self._first: dict[str, str] = {}  # entryUUID that each document had first: of a defect

    def hide(self, who: Who, unique_id: str, code: str, *, hidden: bool, confirmed: bool) -> None:
        """Hide a document from somebody, or show it. code: visibility code. confirmed: asked where it is final."""
        final = code == HIDDEN_FROM_REPRESENTATIVES and not hidden
        if final and not confirmed and not self._defects.has("visible_sans_confirmation"):
            text = "Un document rendu visible aux représentants légaux ne peut plus leur être caché : confirmez."
            raise Refusal("a_confirmer", text)
        found = self._current(who, unique_id)
        element = etree.fromstring(found.xml)
        if (code in found.confidentiality) == hidden:
            return
        (ebxml.hide if hidden else ebxml.show)(element, code)
        stubborn = self._defects.has("changement_reessaye_tel_quel")
        version = "1" if self._defects.has("version_precedente_figee") or stubborn else found.version
        try:
            self._done(who, messages.metadata_update(self._lot(who), element, version))
        except Refusal:
            if stubborn:
                self._done(who, messages.metadata_update(self._lot(who), element, version))
            raise

    def archive(self, who: Who, unique_id: str, *, archived: bool) -> None:
        """Archive a document, or take it out of the archives."""
        found = self._current(who, unique_id)
        wanted = ARCHIVED if archived else APPROVED
        if found.status != wanted:
            uuid = self._first.setdefault(unique_id, found.uuid) if self._defects.has("entree_perimee") else found.uuid
            self._done(who, messages.status_update(self._lot(who), uuid, found.status, wanted))

    def delete(self, who: Who, unique_id: str, *, confirmed: bool) -> None:
        """Delete a document: its author only, and once she has confirmed."""
        if not confirmed and not self._defects.has("suppression_sans_confirmation"):
            raise Refusal("a_confirmer", "Confirmez la suppression du document dans le DMP.")
        found = self._current(who, unique_id)
        if not self._is_author(who, found) and not self._defects.has("suppression_par_un_autre"):
            raise Refusal("non_auteur", "Seul l'auteur d'un document peut le supprimer du DMP.")
        self._done(who, messages.status_update(self._lot(who), found.uuid, found.status, DELETED))

    def _is_author(self, who: Who, found: Found) -> bool:
        return who.account.identifiant_national in found.persons or self._dmp.structure().id in found.institutions

    def _current(self, who: Who, unique_id: str) -> Found:
        """The entry as it is now (TD3.1b)."""
        try:
            self._access.open(who)
            found = self._deposits.local(who, unique_id)
        except LostError:
            raise Refusal("dmp_sans_reponse", NO_ANSWER) from None
        except RejectedError as error:
            raise Refusal("dmp_refuse", f"Le DMP refuse la demande : {error}") from error
        if found is None:
            raise Refusal("document_inconnu", "Le DMP n'a pas, ou n'a plus, ce document.")
        return found

    def _lot(self, who: Who) -> Any:
        by = By(signer(who.account), self._dmp.structure())
        return ebxml.lot(hl7v2.cx(who.ins), by, self._now())

    def _done(self, who: Who, body: Any) -> None:
        try:
            outcome = registry.verdict(self._dmp.call(who, Order("TD3.3", body)))
        except LostError:
            raise Refusal("dmp_sans_reponse", NO_ANSWER) from None
        except RejectedError as error:
            raise Refusal("dmp_refuse", f"Le DMP refuse le changement : {error}") from error
        if outcome.status != "Success" and not self._defects.has("echec_de_changement_tu"):
            raise Refusal("changement_refuse", f"Le DMP n'a pas fait le changement. {outcome.said()}")
