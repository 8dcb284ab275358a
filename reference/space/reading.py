"""Documents of Mon espace santé on the portal: listed for the usager, opened when she asks, never sent back."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reference.config import FINALITY_LABELS
from reference.defects import Defects
from reference.gateway import Gateway, fhir_request
from reference.mapping import patient_identifier
from reference.paging import matches
from reference.pairing import MESSAGES, Pairings
from reference.people import People
from reference.refusal import Refusal
from reference.space import mapping
from reference.space.records import ShownDocument
from reference.space.sending import PATH, DocumentSending
from reference.store import Store
from reference.wire import query_of

READ = "DOCUMENTS_LECTURE"
Json = Mapping[str, Any]


@dataclass
class DocumentReading:
    """Reads for one usager at a time."""

    store: Store
    people: People
    pairings: Pairings
    gateway: Gateway
    sending: DocumentSending
    defects: Defects

    def documents(self, usager: str, categorie: str | None, depuis: str | None) -> tuple[list[Json], str]:
        """Documents as they are listed, and a message when there is something to say."""
        self.people.usager(usager)
        if not self.gateway.allows(usager, READ):
            return [], self._why_not(usager)
        answer = self.gateway.call(
            usager, READ, fhir_request("GET", self.gateway.fhir(PATH), self._query(usager, categorie, depuis))
        )
        if answer.kind != "ok":
            return [], answer.message
        found = self._kept(matches(answer.resource.get("entry") or [], "DocumentReference"))
        for one in found:
            url, media_type = mapping.address_of(one)
            line = mapping.shown(one)
            self.store.save(ShownDocument(line["document"], usager, line["titre"], url, media_type, line["categorie"]))
            self._echo(usager, one)
        return [self._line(one) for one in found], ""

    def open(self, usager: str, document: str) -> dict[str, Any]:
        """The content of a document that was listed. Refusal when it is not known, or cannot be had."""
        known = self.store.get(ShownDocument, f"{usager} {document}")
        if known is None:
            raise Refusal("document_inconnu", "Ce document n'est pas dans la liste de l'usager.")
        if not self.gateway.allows(usager, READ):
            raise Refusal("document_non_lu", self._why_not(usager))
        content = self._content(usager, known.url)
        if self.defects.has("document_ouvert_abime"):
            content = content.decode("latin-1").encode()
        return {"type_media": known.media_type, "contenu_base64": base64.b64encode(content).decode()}

    def _content(self, usager: str, url: str) -> bytes:
        if not self.gateway.same_server(url):
            raise Refusal("document_non_lu", "L'adresse du document n'est pas celle de Mon espace santé.")
        request = fhir_request("GET", url)
        request.headers["Accept"] = "*/*"
        answer = self.gateway.call(usager, READ, request)
        if answer.kind != "ok":
            raise Refusal("document_non_lu", answer.message)
        return answer.content

    def _query(self, usager: str, categorie: str | None, depuis: str | None) -> str:
        named = patient_identifier(self.pairings.of(usager), self.people.usager(usager))
        pairs = [("patient:identifier", f"{named['system'].removeprefix('urn:oid:')}|{named['value']}")]
        if categorie and not self.defects.has("document_categorie_ignoree"):
            pairs.append(("category", categorie))
        if depuis:
            pairs.append(("period-start", f"ge{depuis}"))
        return query_of(*pairs, ("_count", "100")).replace("patient%3Aidentifier", "patient:identifier")

    def _kept(self, found: list[Json]) -> list[Json]:
        if not self.defects.has("documents_des_autres_caches"):
            return found
        return [one for one in found if mapping.shown(one)["type_auteur"] == "service"]

    def _line(self, found: Json) -> Json:
        line = mapping.shown(found)
        if self.defects.has("auteur_du_document_efface"):
            return {**line, "auteur": "", "type_auteur": "service"}
        return line

    def _echo(self, usager: str, found: Json) -> None:
        """Nothing read is sent back; a defect does it."""
        if self.defects.has("document_lu_renvoye") and mapping.shown(found)["type_auteur"] != "service":
            self.sending.echo(usager, found, self._content(usager, mapping.address_of(found)[0]))

    def _why_not(self, usager: str) -> str:
        pairing = self.pairings.of(usager)
        if pairing.state == "apparie" and not pairing.alert:
            return f"L'usager n'a pas donné son accord pour : {FINALITY_LABELS[READ]} ({READ})."
        return pairing.alert or MESSAGES[pairing.state]
