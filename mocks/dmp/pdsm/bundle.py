"""ITI-65: a lot in a transaction Bundle, all or nothing (PDSm 3.1.1, comprehensive-provide-document-bundle)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response

from mocks.call import Call
from mocks.dmp import submissions
from mocks.dmp.deposit import Attached
from mocks.dmp.model_documents import Entry
from mocks.dmp.pdsm import deposits, guard, patching, reading
from mocks.dmp.pdsm.judging import judge
from mocks.dmp.pdsm.names import LIST_TYPES, PROVIDE, Resource, bare, first
from mocks.dmp.pdsm.publishing import last
from mocks.dmp.pdsm.refusal import told
from mocks.dmp.pdsm.repository import document
from mocks.dmp.transaction import Transaction
from mocks.fhir import FhirError
from mocks.fhir.bundle import MOST
from mocks.fhir.negotiation import etag
from mocks.fhir.web import answer, check_accept, read_body
from mocks.fhir.writes import atomic

_POSTED = ("List", "DocumentReference", "Binary", "Patient")
Facts = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One entry of the Bundle."""

    rank: int
    method: str
    url: str
    full_url: str
    resource: Resource

    @property
    def at(self) -> str:
        """FHIRPath of the entry."""
        return f"Bundle.entry[{self.rank}]"

    @property
    def symbol(self) -> str:
        """Its id in the lot."""
        return f"Entree{self.rank}"

    @property
    def kind(self) -> str:
        """`List`, `DocumentReference`, `Binary`, `Patient`, or `PATCH`."""
        return self.method if self.method == "PATCH" else str(self.resource.get("resourceType"))


def transact(call: Call) -> Response:
    """POST of a Bundle."""
    call.context["transaction"] = "ITI-65"
    bundle, refusal = read_body(call)
    tx = guard.opened(call, "alimentation")
    check_accept(call)
    if bundle is None:
        raise refusal or FhirError(400)
    parts = _parts(bundle)
    judge(call, bundle, PROVIDE)
    places = {part.symbol: f"{part.at}.resource" for part in parts}
    with told(call, places), atomic(call.session):
        submitted = Submitted(tx, parts)
        submitted.register()
        entries = [submitted.answered(part) for part in parts]
    return answer(200, {"resourceType": "Bundle", "type": "transaction-response", "entry": entries}, {})


@dataclass(frozen=True)
class Submitted:
    """A Bundle being registered."""

    tx: Transaction
    parts: Sequence[Part]

    def register(self) -> None:
        """Store the lot, then change what is patched. Raises RefusedError, FhirError."""
        others, documents = self._others(), self._of("DocumentReference")
        facts = [self._document(part, others) for part in documents]
        lots = [self._lot(part, others) for part in self._of("List")]
        links = [(part.symbol, old.uuid) for part in documents for old in deposits.replaced(self.tx, part.resource)]
        deposits.register(self.tx, facts, lots, links, self._contents())
        gone = {uuid for _, uuid in links}
        for part in self._of("PATCH"):
            self._patch(part, gone)
        if gone and not self._of("PATCH"):
            self.tx.call.note("remplacement-sans-patch", "le Bundle ne change pas le statut de la fiche remplacée")

    def answered(self, part: Part) -> Facts:
        """The entry of the answer."""
        status = "200 OK" if part.kind in ("PATCH", "Patient") else "201 Created"
        return {"response": {"status": status, **self._place(part)}}

    def _of(self, kind: str) -> list[Part]:
        return [part for part in self.parts if part.kind == kind]

    def _others(self) -> dict[str, Resource]:
        """What references may lead to: entries by fullUrl, and by address."""
        addressed = {f"{one.kind}/{one.resource.get('id')}": one.resource for one in self.parts if "id" in one.resource}
        return {**addressed, **{part.full_url: part.resource for part in self.parts if part.full_url}}

    def _document(self, part: Part, others: Mapping[str, Resource]) -> Facts:
        patient = deposits.patient_of(self.tx, part.resource, others)
        return deposits.completed(self.tx, reading.document(part.resource, part.symbol, patient, others))

    def _lot(self, part: Part, others: Mapping[str, Resource]) -> Facts:
        coded = part.resource.get("code", {}).get("coding", [])
        if not any(one.get("code") == "submissionset" for one in coded):
            raise FhirError(422, "Les classeurs ne sont pas offerts.", code="not-supported", at=part.at)
        if any(one.get("system") == LIST_TYPES.replace("https:", "http:") for one in coded):
            self.tx.call.note("systeme-http", "List.code : le système MHDlistTypes s'écrit en https")
        patient = deposits.patient_of(self.tx, part.resource, others)
        members = [one.get("item", {}).get("reference", "") for one in part.resource.get("entry", [])]
        documents = {name: one.symbol for one in self._of("DocumentReference") for name in _names(one)}
        return {
            **reading.lot(part.resource, part.symbol, patient, others),
            "members": [documents.get(name, name) for name in members],
        }

    def _contents(self) -> dict[str, Attached]:
        """The octets by symbol of their document; those that no document wants, under their own."""
        wanted = {_url(part): part.symbol for part in self._of("DocumentReference")}
        found = {}
        for part in self._of("Binary"):
            content = reading.decoded(part.resource.get("data"))
            if content is None:
                raise FhirError(422, "Le contenu n'est pas du base64.", at=f"{part.at}.resource.data")
            symbol = next((wanted[name] for name in _names(part) if name in wanted), part.symbol)
            found[symbol] = submissions.attached(content)
        return found

    def _patch(self, part: Part, gone: set[str]) -> None:
        entry = self._patched(part)
        operations = patching.from_parameters(self.tx.call, part.resource)
        if entry.uuid not in gone:  # else the replacement has done it
            patching.apply(self.tx, entry, operations)
        elif [one.get("path") for one in operations] != ["/status"]:
            raise FhirError(422, "La fiche remplacée ne change que de statut.", code="business-rule", at=part.at)

    def _patched(self, part: Part) -> Entry:
        entry = deposits.find(self.tx, {"reference": part.url})
        if entry is None or self.tx.person is None or entry.person != self.tx.person.id:
            raise FhirError(404, f"« {part.url} » ne désigne aucune fiche.", at=part.at)
        return entry

    def _place(self, part: Part) -> Facts:
        """Where what an entry asked for now is."""
        if part.kind == "List":
            unique_id = str(reading.lot(part.resource, "", None, {})["unique_id"])
            for lot in self.tx.registry.lots("unique_id", unique_id):
                return {"location": f"List/{bare(lot.uuid)}/_history/1", "etag": etag(1), "lastModified": lot.updated}
            return {}  # its documents were all there already: nothing was stored
        if part.kind == "Patient":
            assert self.tx.person is not None
            return {"location": f"Patient/{self.tx.person.id}"}
        entry = self._patched(part) if part.kind == "PATCH" else self._entry_of(part)
        shown = document(self.tx, entry)
        version, meta = int(shown["meta"]["versionId"]), shown["meta"]
        if part.kind == "Binary":
            return {"location": f"Binary/{shown['id']}"}
        location = f"DocumentReference/{shown['id']}/_history/{version}"
        return {"location": location, "etag": etag(version), "lastModified": meta["lastUpdated"]}

    def _entry_of(self, part: Part) -> Entry:
        """The document that an entry is, or whose content it is."""
        owner = part
        if part.kind == "Binary":
            owner = next(one for one in self._of("DocumentReference") if _url(one) in _names(part))
        return last(self.tx, str(reading.document(owner.resource, "", None, {})["unique_id"]))


def _parts(bundle: Resource) -> list[Part]:
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "transaction":
        raise FhirError(400, "Un Bundle de type « transaction » est attendu.", at="Bundle.type")
    entries = bundle.get("entry", [])
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST:
        raise FhirError(400, f"« entry » est une liste d'au plus {MOST} éléments.", code="structure", at="Bundle.entry")
    return [_part(rank, raw) for rank, raw in enumerate(entries)]


def _part(rank: int, raw: Any) -> Part:
    at = f"Bundle.entry[{rank}]"
    asked = raw.get("request") if isinstance(raw, dict) else None
    method, url = (asked.get("method"), asked.get("url")) if isinstance(asked, dict) else (None, None)
    resource = raw.get("resource") if isinstance(raw, dict) else None
    if not isinstance(method, str) or not isinstance(url, str) or not isinstance(resource, dict):
        raise FhirError(400, "Une entrée porte une ressource et « request » (method, url).", code="required", at=at)
    full_url = raw.get("fullUrl")
    part = Part(rank, method, url, full_url if isinstance(full_url, str) else "", resource)
    if method == "PATCH" and url.startswith("DocumentReference"):
        return part
    if method != "POST" or part.kind not in _POSTED or url != part.kind:
        raise FhirError(422, f"« {method} {url} » n'est pas proposé ici.", code="not-supported", at=at)
    return part


def _names(part: Part) -> list[str]:
    """How others may name an entry."""
    return [name for name in (part.full_url, f"{part.kind}/{part.resource.get('id', '')}") if name.rpartition("/")[2]]


def _url(part: Part) -> str:
    return str(first(part.resource.get("content")).get("attachment", {}).get("url", ""))
