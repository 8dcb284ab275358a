"""The DMP by FHIR: a document deposited, replaced, looked for, opened, hidden (PDSm 3.1.1)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx
from lxml import etree

from reference.defects import Defects
from reference.dmp.client import Who
from reference.dmp.desk import DmpDesk
from reference.dmp.records import REFUSED, SENT, VALID, WAITING, Document
from reference.documents.cda import cda, octets
from reference.gateway import diagnostics, resource_of
from reference.pdsm import mapping
from reference.refusal import Refusal
from reference.wire import Wire, query_of, request_to

LATER = "Le DMP n'a pas répondu : le document partira au prochain essai."
FHIR, PATCH = "application/fhir+json", "application/json-patch+json"
_PDF = ".//{urn:hl7-org:v3}nonXMLBody/{urn:hl7-org:v3}text"
Json = Mapping[str, Any]


class MobileDmp:
    """What the product asks of the FHIR face. desk: documents of the file, and who speaks for the structure."""

    def __init__(self, desk: DmpDesk, wire: Wire, defects: Defects, now: Callable[[], datetime]) -> None:
        self._desk, self._wire, self._defects, self._now = desk, wire, defects, now

    def send(self, document: Document, who: Who, *, simply: bool) -> Document:
        """Deposit a valid document: in a lot (ITI-65), or alone (ITI-105). Refusal when it must not leave."""
        if document.state != VALID:
            raise Refusal("document_non_valide", "Seul un document validé se dépose au DMP.")
        if self._desk.access.choice(who.usager.id).feeding != "accepte":
            raise Refusal("accord_absent", "L'accord de l'usager à l'alimentation de son DMP n'est pas noté.")
        sheet = self._desk.deposits.sheet(document, who)
        if not document.octets:
            document.octets = base64.b64encode(octets(cda(sheet))).decode()
        content = base64.b64decode(document.octets)
        try:
            if simply:
                answer = self._call(who, "POST", "/DocumentReference", body=mapping.simplified(sheet, content))
            else:
                replaced = self._address(who, sheet.replaces) if sheet.replaces else ""
                answer = self._call(who, "POST", "", body=mapping.bundle(sheet, content, replaced))
        except httpx.TransportError:
            return self._noted(document, WAITING, LATER)
        if answer.is_success or self._defects.has("fhir_refus_montre_depose"):
            return self._noted(document, SENT, "")
        return self._noted(document, REFUSED, f"Le DMP n'a pas pris le document. {_said(answer)}")

    def find(self, who: Who, types: Sequence[Mapping[str, str]]) -> list[Json]:
        """Documents in force, of these types (all when there is none). Refusal."""
        named = [("patient.identifier", f"urn:oid:{who.ins[1]}|{who.ins[0]}"), ("status", "current")]
        codes = ",".join(f"{_system(one)}|{one['code']}" for one in types)
        return self._search(who, [*named, *([("type", codes)] if codes else [])])

    def open(self, who: Who, unique_id: str) -> tuple[str, bytes]:
        """Title of a document, and the PDF that it shows (the file itself when it shows none). Refusal."""
        found = self._one(who, unique_id)
        held = mapping.attachment(found)
        answer = self._answered(who, "GET", self._absolute(str(held.get("url", ""))), accept="*/*")
        brought = answer.content if self._defects.has("fhir_contenu_brut") else _pdf(answer.content)
        return str(held.get("title", "")), brought

    def hide(self, who: Who, unique_id: str, *, hidden: bool) -> None:
        """Hide a document from professionals, or show it. Refusal."""
        operations = mapping.labels(self._one(who, unique_id), "MASQUE_PS", hidden=hidden)
        if not operations:
            return
        if self._defects.has("fhir_titre_change_aussi"):
            operations.append({"op": "add", "path": "/description", "value": "Document masqué"})
        query = query_of(("identifier", f"{mapping.RFC3986}|urn:oid:{unique_id}"))
        path = f"/DocumentReference?{query}"
        if self._defects.has("fhir_change_par_adresse"):
            path = f"/{self._address(who, unique_id)}"
        self._answered(who, "PATCH", path, body=operations, kind=PATCH)

    def _one(self, who: Who, unique_id: str) -> Json:
        found = self._search(who, [("identifier", f"{mapping.RFC3986}|urn:oid:{unique_id}")])
        if not found:
            raise Refusal("document_inconnu", "Ce document ne se trouve pas dans le DMP.")
        return found[0]

    def _address(self, who: Who, unique_id: str) -> str:
        return f"DocumentReference/{self._one(who, unique_id).get('id')}"

    def _search(self, who: Who, pairs: Sequence[tuple[str, str]]) -> list[Json]:
        answer = self._answered(who, "GET", f"/DocumentReference?{query_of(*pairs)}")
        listed = [one.get("resource") or {} for one in resource_of(answer).get("entry") or []]
        return [one for one in listed if one.get("resourceType") == "DocumentReference"]

    def _absolute(self, url: str) -> str:
        """The address of a content, absolute or relative to the base (PDSm4DMP, TD3.2)."""
        if self._defects.has("fhir_adresse_prise_telle_quelle") and not url.startswith("http"):
            return f"{self._desk.dmp.address()}/{url}"
        made = url if url.startswith("http") else f"{self._base}/{url}"
        if not made.startswith(f"{self._base}/"):
            raise Refusal("document_ailleurs", "L'adresse du document n'est pas celle du DMP.")
        return made

    @property
    def _base(self) -> str:
        return f"{self._desk.dmp.address()}/fhir"

    def _answered(self, who: Who, method: str, path: str, **more: Any) -> httpx.Response:
        """The answer of a call that must be done. Refusal."""
        try:
            answer = self._call(who, method, path, **more)
        except httpx.TransportError:
            raise Refusal("dmp_sans_reponse", "Le DMP ne répond pas.") from None
        if not answer.is_success:
            raise Refusal("dmp_refuse", f"Le DMP refuse la demande : {_said(answer)}")
        return answer

    def _call(
        self, who: Who, method: str, path: str, *, body: Any = None, kind: str = FHIR, accept: str = FHIR
    ) -> httpx.Response:
        request = request_to(method, path if path.startswith("http") else f"{self._base}{path}")
        token = base64.b64encode(etree.tostring(self._desk.dmp.assertion(who))).decode()
        request.headers = {"Authorization": f"IHE-SAML {token}", "Accept": accept}
        if body is not None:
            request.json = body
            request.headers["Content-Type"] = kind
        request.about = {"ins": who.ins[0], "nom": who.usager.nom}
        return self._wire.send(request)

    def _noted(self, document: Document, sending: str, message: str) -> Document:
        document.sending, document.message = sending, message
        if sending == SENT and document.replaces:
            before = self._desk.drafts.get(document.replaces)
            before.replaced_by = document.id
            self._desk.drafts.save(before)
        self._desk.drafts.save(document)
        return document


def _system(told: Mapping[str, str]) -> str:
    return "http://loinc.org" if told["systeme"] == "2.16.840.1.113883.6.1" else f"urn:oid:{told['systeme']}"


def _said(answer: httpx.Response) -> str:
    return diagnostics(resource_of(answer)) or f"statut {answer.status_code}"


def _pdf(content: bytes) -> bytes:
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        return content
    held = root.find(_PDF)
    return content if held is None else base64.b64decode("".join((held.text or "").split()))
