"""Documents that the portal adds to Mon espace santé: checked first, sent once, taken up again when no answer came."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from reference.config import FINALITY_LABELS
from reference.defects import Defects
from reference.gateway import Answer, Gateway, fhir_request
from reference.mapping import patient_identifier
from reference.pairing import MESSAGES, Pairings
from reference.people import People
from reference.refusal import Refusal
from reference.space import mapping
from reference.space.records import SentDocument
from reference.store import Store

WRITE = "DOCUMENTS_ECRITURE"
LARGEST = 5_000_000
TYPES = ("application/pdf", "text/plain", "application/rtf", "image/jpeg", "image/tiff")
PATH = "/DocumentReference"
Result = dict[str, Any]


@dataclass
class DocumentSending:
    """Sends documents, for one usager at a time."""

    store: Store
    people: People
    pairings: Pairings
    gateway: Gateway
    defects: Defects
    now: Callable[[], datetime]

    def add(
        self, usager: str, titre: str, categorie: str, type_media: str, contenu_base64: str, **details: Any
    ) -> Result:
        """Take a document and send it. Refusal: too large, of another type, or no content."""
        self.people.usager(usager)
        self._check(type_media, contenu_base64)
        document = SentDocument(
            id=f"d-{secrets.token_hex(8)}",
            usager=usager,
            title=titre,
            category=categorie,
            media_type=type_media,
            content=contenu_base64,
            created=self.now().isoformat(timespec="seconds"),
            act=details.get("date", ""),
            hidden=["MASQUE_PS"] if details.get("masque") else [],
        )
        self.store.save(document)
        return {"document": document.id, "envoi": _told(self._sent(document))}

    def resume(self, usager: str) -> tuple[int, int]:
        """Send what waits for this usager; numbers sent, and still waiting."""
        waiting = [one for one in self.store.all(SentDocument, usager) if one.state == "en_attente"]
        states = [self._sent(self._again(one)).state for one in waiting]
        return states.count("envoye"), states.count("en_attente")

    def echo(self, usager: str, found: Mapping[str, Any], content: bytes) -> None:
        """Send a document that was read as if it were ours: only a defect does it."""
        copy = mapping.shown(found)
        data = base64.b64encode(content + b"\n").decode()
        self.add(usager, copy["titre"], copy["categorie"], "text/plain", data)

    def _check(self, media_type: str, data: str) -> None:
        if self.defects.has("document_sans_limite"):
            return
        try:
            size = len(base64.b64decode(data, validate=True))
        except (binascii.Error, ValueError):
            raise Refusal("document_illisible", "Le contenu du document ne peut pas être lu.") from None
        if not 0 < size <= LARGEST:
            raise Refusal("document_trop_grand", f"Un document fait au plus {LARGEST // 1_000_000} Mo.")
        if media_type not in TYPES:
            raise Refusal("document_de_type_refuse", "Un document est un PDF, un texte, un RTF, un JPEG ou un TIFF.")

    def _again(self, document: SentDocument) -> SentDocument:
        """The same document, octet for octet; a careless product makes it anew."""
        if not self.defects.has("document_refait_a_la_relance"):
            return document
        octets = base64.b64decode(document.content) + f"\n%{secrets.token_hex(4)}\n".encode()
        return replace(document, content=base64.b64encode(octets).decode())

    def _sent(self, document: SentDocument) -> SentDocument:
        if not self.gateway.allows(document.usager, WRITE):
            return self._settled(document, "refuse", self._why_not(document.usager))
        patient = patient_identifier(self.pairings.of(document.usager), self.people.usager(document.usager))
        made = mapping.resource(document, patient)
        answer = self.gateway.call(document.usager, WRITE, self._request("POST", "", made))
        if answer.kind == "ok" and self.defects.has("document_modifie_ensuite"):
            self.gateway.call(document.usager, WRITE, self._request("PUT", f"/{answer.resource.get('id')}", made))
        if answer.kind == "ok" or _is_there_already(answer):
            return self._settled(document, "envoye", "")
        if answer.kind in ("later", "lost"):
            return self._settled(document, "en_attente", answer.message)
        state = "envoye" if self.defects.has("document_refuse_montre_envoye") else "refuse"
        return self._settled(document, state, answer.message)

    def _request(self, method: str, rest: str, made: Mapping[str, Any]) -> Any:
        return fhir_request(method, self.gateway.fhir(PATH + rest), resource=made)

    def _settled(self, document: SentDocument, state: str, message: str) -> SentDocument:
        settled = replace(document, state=state, message=message)
        self.store.save(settled)
        return settled

    def _why_not(self, usager: str) -> str:
        pairing = self.pairings.of(usager)
        if pairing.state == "apparie" and not pairing.alert:
            return f"L'usager n'a pas donné son accord pour : {FINALITY_LABELS[WRITE]} ({WRITE})."
        return pairing.alert or MESSAGES[pairing.state]


def _is_there_already(answer: Answer) -> bool:
    """A document whose answer was lost was kept all the same: the same octets are refused as a duplicate."""
    issues = answer.resource.get("issue")
    return isinstance(issues, list) and any(one.get("code") == "duplicate" for one in issues if isinstance(one, dict))


def _told(document: SentDocument) -> Result:
    return {"etat": document.state, **({"message": document.message} if document.message else {})}
