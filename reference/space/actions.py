"""The actions of the portal on documents of Mon espace santé."""

from __future__ import annotations

from typing import Any

from reference.space.reading import DocumentReading
from reference.space.sending import DocumentSending

Result = dict[str, Any]


class SpaceActions:
    """What the vocabulary asks of the portal about documents."""

    space_sending: DocumentSending
    space_reading: DocumentReading

    def ajouter_document_mes(
        self, usager: str, titre: str, categorie: str, type_media: str, contenu_base64: str, **details: Any
    ) -> Result:
        """Add a document of the portal to Mon espace santé."""
        return self.space_sending.add(usager, titre, categorie, type_media, contenu_base64, **details)

    def lire_documents_mes(self, usager: str, categorie: str | None = None, depuis: str | None = None) -> Result:
        """List the documents of Mon espace santé."""
        found, message = self.space_reading.documents(usager, categorie, depuis)
        return {"documents": found, **({"message": message} if message else {})}

    def ouvrir_document_mes(self, usager: str, document: str) -> Result:
        """Open a document that was listed."""
        return self.space_reading.open(usager, document)
