"""Actions of the vocabulary that go by the FHIR face of the DMP: a part of `Product`."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Protocol

from reference.dmp.desk import DmpDesk
from reference.dmp.records import Document
from reference.pdsm import mapping
from reference.pdsm.mobile import MobileDmp

Result = dict[str, Any]


class _Parts(Protocol):
    documents: DmpDesk
    mobile_dmp: MobileDmp


class PdsmActions:
    """What professionals do with documents by FHIR. `par`: account of the professional who acts."""

    def deposer_document_fhir(self: _Parts, document: str, par: str, simplifie: bool = False) -> Result:
        """Send a valid document, in a lot or alone."""
        found = self.documents.drafts.get(document)
        return _sent(self.mobile_dmp.send(found, self.documents.who(found.usager, par), simply=simplifie))

    def remplacer_document_fhir(self: _Parts, document: str, par: str, texte: str, titre: str = "") -> Result:
        """Make a new version of a valid document and send it in the place of the one before."""
        before = self.documents.drafts.get(document)
        who = self.documents.who(before.usager, par)
        made = self.documents.drafts.next_version(before, titre or before.title, texte, who.account.id, "")
        return {"document": made.id, **_sent(self.mobile_dmp.send(made, who, simply=False))}

    def rechercher_documents_fhir(self: _Parts, usager: str, par: str, type: Mapping[str, str] | None = None) -> Result:
        """Look into the DMP."""
        found = self.mobile_dmp.find(self.documents.who(usager, par), [type] if type else [])
        return {"documents": [mapping.shown(one) for one in found]}

    def ouvrir_document_fhir(self: _Parts, usager: str, par: str, unique_id: str) -> Result:
        """Open a document."""
        title, content = self.mobile_dmp.open(self.documents.who(usager, par), unique_id)
        return {"titre": title, "contenu_base64": base64.b64encode(content).decode()}

    def masquer_document_fhir(self: _Parts, usager: str, par: str, unique_id: str, masquer: bool = True) -> Result:
        """Hide a document from professionals, or show it."""
        self.mobile_dmp.hide(self.documents.who(usager, par), unique_id, hidden=masquer)
        return {}


def _sent(document: Document) -> Result:
    message = {"message": document.message} if document.message else {}
    return {"envoi": document.sending, "unique_id": document.unique_id, **message}
