"""Deposits: a valid document goes to the DMP once, takes the place of the one before, is sent again if need be."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from reference.defects import Defects
from reference.dmp import ebxml, hl7v2, messages, registry, soap
from reference.dmp.access import Access
from reference.dmp.client import Dmp, LostError, Order, RejectedError, Who, signer
from reference.dmp.drafts import Drafts
from reference.dmp.ebxml import By
from reference.dmp.names import APPROVED, HIDDEN_FROM_PATIENT, MASKED, RPLC
from reference.dmp.parameters import Parameters
from reference.dmp.records import REFUSED, SENT, VALID, WAITING, Document
from reference.dmp.registry import Found
from reference.documents.cda import cda, octets
from reference.documents.kinds import kind_of
from reference.documents.sheet import Patient, Sheet
from reference.identity.traits import traits_of
from reference.refusal import Refusal
from reference.spoil import Written

DOUBLE = ("XDSDuplicateUniqueIdInRegistry", "XDSNonIdenticalHash")
LATER = "Le DMP n'a pas répondu : le document partira au prochain essai."


class Deposits:
    """What the product sends to the DMP."""

    def __init__(
        self,
        dmp: Dmp,
        access: Access,
        drafts: Drafts,
        parameters: Parameters,
        defects: Defects,
        now: Callable[[], datetime],
    ) -> None:
        self._dmp, self._access, self._drafts, self._parameters = dmp, access, drafts, parameters
        self._defects, self._now = defects, now

    def send(self, document: Document, who: Who, hidden: Sequence[str]) -> Document:
        """Deposit a document. hidden: visibility codes chosen by the user. Refusal when it must not leave."""
        if document.state != VALID and not self._defects.has("document_non_valide_depose"):
            raise Refusal("document_non_valide", "Seul un document validé se dépose au DMP.")
        if document.origin != "produit":
            raise Refusal("document_importe", "Ce document vient du DMP : il ne s'y dépose pas à nouveau.")
        if document.sending == SENT and not self._defects.has("redepose_sans_changement"):
            raise Refusal("deja_depose", "Ce document est déjà au DMP, et n'a pas changé.")
        if {MASKED, HIDDEN_FROM_PATIENT} <= set(hidden) and not self._may_hide_from_both():
            text = "Un document ne se cache pas à la fois à l'usager et aux professionnels : choisissez."
            raise Refusal("cumul_interdit", text)
        document.hidden = self._hidden(document, hidden)
        return self._sent(document, who)

    def _may_hide_from_both(self) -> bool:
        return self._parameters.hides_from_both() or self._defects.has("cumul_toujours_permis")

    def _hidden(self, document: Document, chosen: Sequence[str]) -> list[str]:
        if document.kind != "ppa" and not chosen and self._defects.has("document_cache_par_defaut"):
            return [HIDDEN_FROM_PATIENT]
        return list(chosen)

    def resume(self, document: Document, who: Who) -> Document:
        """Send again a document that waits, as it is."""
        if self._defects.has("redepot_nouvel_identifiant"):
            document.unique_id, document.octets = ebxml.new_oid(), ""
        return self._sent(document, who)

    def local(self, who: Who, unique_id: str) -> Found | None:
        """The entry of a document that we know by its uniqueId (TD3.1b); None when the DMP has none."""
        body = messages.stored_query("GetDocuments", {"XDSDocumentEntryUniqueId": [unique_id]})
        reply = self._dmp.call(who, Order("TD3.1b", body))
        return next(iter(registry.entries(reply)), None)

    def _sent(self, document: Document, who: Who) -> Document:
        try:
            self._access.fed(who)
            replaced = self._replaced(document, who)
            if not document.octets:
                self._write(document, who)
            outcome = self._provide(document, who, replaced)
        except LostError:
            return self._noted(document, REFUSED if self._defects.has("depot_perdu_abandonne") else WAITING, LATER)
        except RejectedError as error:
            hushed = self._defects.has("refus_de_message_tu")
            return self._noted(document, REFUSED, "" if hushed else f"Le DMP refuse la demande : {error}")
        except Refusal as refusal:
            if refusal.code == "dmp_sans_reponse":
                return self._noted(document, WAITING, LATER)
            raise
        return self._concluded(document, who, outcome)

    def _provide(self, document: Document, who: Who, replaced: Found | None) -> registry.Verdict:
        content = base64.b64decode(document.octets)
        signed = self._dmp.sign_lot(document.unique_id, content)
        contents = {ebxml.DOCUMENT: content, ebxml.SIGNATURE: signed}
        if self._defects.has("lot_non_signe"):
            del contents[ebxml.SIGNATURE]
        body, held = ebxml.provided(self._submission(document, who, replaced, contents), *contents)
        parts = {f"{name.lower()}@dui": one for name, one in contents.items()}
        if self._defects.has("document_en_base64"):
            for element, one in zip(held, contents.values(), strict=True):
                element.text = base64.b64encode(one).decode()
            return registry.verdict(self._dmp.call(who, Order("TD2.1", body)))
        for element, content_id in zip(held, parts, strict=True):
            soap.include(element, content_id)
        return registry.verdict(self._dmp.call(who, Order("TD2.1", body, parts)))

    def _submission(self, document: Document, who: Who, replaced: Found | None, contents: Mapping[str, bytes]) -> Any:
        sheet = self.sheet(document, who)
        entries = [ebxml.entry(sheet, contents[ebxml.DOCUMENT])]
        if ebxml.SIGNATURE in contents:
            entries.append(ebxml.signature_entry(sheet, contents[ebxml.SIGNATURE]))
        lot = ebxml.lot(hl7v2.cx(who.ins), By(sheet.signer, sheet.structure), self._now(), sheet.title)
        objects = [*entries, lot, *(ebxml.member(name) for name in contents)]
        if replaced is not None:
            objects.append(ebxml.association(RPLC, ebxml.DOCUMENT, replaced.uuid))
        return ebxml.submission(*objects)

    def _concluded(self, document: Document, who: Who, outcome: registry.Verdict) -> Document:
        if outcome.status == "Success" or self._defects.has("echec_pris_pour_succes"):
            return self._done(document)
        if outcome.busy and not self._defects.has("depot_occupe_abandonne"):
            return self._noted(document, WAITING, f"Le DMP est occupé, le document partira plus tard. {outcome.said()}")
        if any(code in DOUBLE for code in outcome.codes) and self._is_there(document, who):
            return self._done(document)
        return self._noted(document, REFUSED, f"Le DMP n'a pas pris le document. {outcome.said()}")

    def _is_there(self, document: Document, who: Who) -> bool:
        """Whether the DMP has this very document: an earlier try whose answer was lost."""
        try:
            found = self.local(who, document.unique_id)
        except (LostError, RejectedError):
            return False
        digest = hashlib.sha1(base64.b64decode(document.octets), usedforsecurity=False).hexdigest()
        return found is not None and found.hash.lower() == digest

    def _done(self, document: Document) -> Document:
        if document.replaces:
            before = self._drafts.get(document.replaces)
            before.replaced_by = document.id
            self._drafts.save(before)
        return self._noted(document, SENT, "")

    def _noted(self, document: Document, sending: str, message: str) -> Document:
        document.sending = sending
        document.message = message
        self._drafts.save(document)
        return document

    def _replaced(self, document: Document, who: Who) -> Found | None:
        """The entry that this document replaces, as the DMP has it now."""
        before = self._before(document)
        if before is None or self._defects.has("nouvelle_version_sans_remplacement"):
            return None
        found = self.local(who, before.unique_id)
        if found is not None and self._defects.has("version_perimee_remplacee"):
            return found
        if found is None or found.status != APPROVED:
            text = "Le document à remplacer n'est plus en vigueur dans le DMP : cherchez-y sa dernière version."
            raise Refusal("remplace_ailleurs", text)
        return found

    def _before(self, document: Document) -> Document | None:
        """The version before, if the DMP has it."""
        before = self._drafts.get(document.replaces) if document.replaces else None
        return before if before is not None and before.sending == SENT else None

    def _write(self, document: Document, who: Who) -> None:
        """Write the file, once: it is this one that is sent, and sent again."""
        made = cda(self.sheet(document, who))
        self._defects.apply(Written("CDA", document.kind, made))
        document.octets = base64.b64encode(octets(made)).decode()
        self._drafts.save(document)

    def sheet(self, document: Document, who: Who) -> Sheet:
        """What is known of a document before it is written."""
        kind, before = kind_of(document.kind, self._dmp.liaison_sheet()), self._before(document)
        objectives = [f"Objectif : {one}" for one in document.objectives]
        return Sheet(
            unique_id=document.unique_id,
            set_id=document.set_id,
            version=document.version,
            title=document.title,
            lines=[*document.lines, *objectives],
            type=kind.type,
            class_=kind.class_,
            made=datetime.fromisoformat(document.made or document.acted),
            acted=datetime.fromisoformat(document.acted),
            patient=Patient(who.ins, who.usager.id, traits_of(who.usager)),
            signer=signer(who.account),
            structure=self._dmp.structure(),
            hidden=document.hidden,
            replaces="" if before is None else before.unique_id,
        )
