"""The documents of a profile: those of the DMP, as its holder or legal representative sees them (one store)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mocks.dmp import hl7, model_records, shown, submissions
from mocks.dmp.foreign import new_oid
from mocks.dmp.model_documents import Entry, Registry
from mocks.dmp.names import CONFIDENTIALITY_SYSTEM, HIDDEN_FROM_REPRESENTATIVES, MASKED, VISIBILITY_SYSTEM
from mocks.dmp.pdsm.names import bare
from mocks.dmp.pdsm.shown import instant
from mocks.dmp.settings import DEFAULTS
from mocks.fhir import Resource
from mocks.mes.document_types import CATEGORIES, CATEGORY_SYSTEM, category_of
from mocks.store import Session
from mocks.tenants import Tenant
from mocks.world import Person
from profiles.keys import TEST_INS_OID

PORTAL = "portail"  # origin of what a referenced service adds
BY_USAGER = "urn:banc:usager"
VISIBLE_CODES = ("N", MASKED, HIDDEN_FROM_REPRESENTATIVES)  # all that the API shows (ENS-MOB)
_AUTHORS = {"usager": "PATIENT", "messagerie": "PATIENT", "profil_medical": "PATIENT", PORTAL: "ORGANISATION"}


@dataclass(frozen=True)
class Shelf:
    """The documents of one profile. view: `usager`, or `representant` of a minor."""

    tenant: Tenant
    session: Session
    person: Person
    view: str
    now: datetime

    @property
    def registry(self) -> Registry:
        """The registry of the DMP."""
        return Registry(self.session, self.tenant.name, self.now)

    @property
    def is_open(self) -> bool:
        """Whether the DMP is active and attached to Mon espace santé."""
        initial = self.setting("statut_initial")
        record = model_records.record(self.session, self.tenant.name, self.person.id, initial)
        return record.status == model_records.ACTIVE and record.mes

    def setting(self, key: str) -> Any:
        """A setting of the DMP."""
        return self.tenant.settings.get(f"dmp.{key}", DEFAULTS[key])

    def documents(self) -> list[Entry]:
        """What is seen, the newest first."""
        found = shown.visible(self.registry.entries("person", self.person.id), self.view) if self.is_open else []
        return sorted(found, key=lambda one: (one.updated, one.uuid), reverse=True)

    def document(self, id_: str) -> Entry | None:
        """The document that bears this FHIR id, when it is seen."""
        return next((one for one in self.documents() if bare(one.lid) == id_), None)

    def holds(self, sha1: str) -> Entry | None:
        """The document of the profile, seen or not, that has these very bytes."""
        entries = self.registry.entries("person", self.person.id)
        return next((one for one in entries if one.latest and one.facts["hash"] == sha1), None)

    def add(self, wish: Mapping[str, Any], content: bytes, source: str) -> Entry:
        """Add a document. wish: as `documents.read` gives it; source: OID of the service. Raises RefusedError."""
        oid = new_oid()
        facts = _facts(self.person, wish, oid, self.now)
        lot = {
            "symbol": "Lot",
            "submitted": hl7.now_time(self.now),
            "title": wish["title"],
            "comments": None,
            "authors": facts["authors"],
            "content_type": {"code": "07", "system": "1.2.250.1.213.2.2", "label": "Consultation"},
            "patient_id": facts["patient_id"],
            "source_id": source,
            "unique_id": oid,
            "members": ["Document"],
        }
        asked = submissions.written([facts], [lot], [], {"Document": submissions.attached(content)})
        submissions.register(self.registry, asked, self.person.id, PORTAL, self.setting)
        return next(one for one in self.registry.entries("unique_id", oid) if one.latest)

    def source(self, entry: Entry) -> str | None:
        """OID of the service that added a document, None for one that no service added."""
        lots = self.registry.lots("uuid", entry.lot)
        first = [one for lid in [entry.lid] for one in self.registry.entries("lid", lid) if one.version == 1]
        lots = [lot for one in first for lot in self.registry.lots("uuid", one.lot)] or lots
        return lots[0].facts["source_id"] if entry.origin == PORTAL and lots else None


def as_resource(shelf: Shelf, entry: Entry, subject: Resource, url: str) -> Resource:
    """A document as the API shows it. subject: identifier of the profile, as the caller knows it."""
    facts, category = entry.facts, category_of(entry.facts)
    source = shelf.source(entry)
    codes = [one for one in facts["confidentiality"] if one["code"] in VISIBLE_CODES]
    attachment = {
        "contentType": facts["mime_type"],
        "url": url,
        "size": int(facts["size"]),
        "hash": base64.b64encode(bytes.fromhex(facts["hash"])).decode(),
        "title": facts["title"],
        "creation": instant(facts["creation_time"]),
    }
    return {
        "resourceType": "DocumentReference",
        "id": bare(entry.lid),
        "meta": {
            "versionId": str(entry.version),
            "lastUpdated": entry.updated,
            "source": f"urn:oid:{source}"
            if source
            else BY_USAGER
            if author_kind(entry) == "PATIENT"
            else "urn:banc:dmp",
            "tag": [{"system": "https://banc.test/mes/auteur", "code": author_kind(entry)}],
        },
        "status": "current",
        "category": [
            {"coding": [{"system": CATEGORY_SYSTEM, "code": category, "display": CATEGORIES[category]["libelle"]}]}
        ],
        "subject": {"type": "Patient", "identifier": subject},
        "date": instant(facts["creation_time"]),
        "author": [{"display": _author_label(one)} for one in facts["authors"]],
        "description": facts["title"],
        "securityLabel": [{"coding": [{"code": one["code"]}]} for one in codes],
        "content": [{"attachment": attachment}],
        "context": {"period": {"start": instant(facts["service_start_time"])}},
    }


def told(shelf: Shelf, entry: Entry) -> dict[str, Any]:
    """A document as the admin API tells what the usager sees."""
    facts = entry.facts
    return {
        "id": bare(entry.lid),
        "unique_id": entry.unique_id,
        "titre": facts["title"],
        "categorie": category_of(facts),
        "type_auteur": author_kind(entry),
        "auteur": [_author_label(one) for one in facts["authors"]],
        "source": shelf.source(entry),
        "origine": entry.origin,
        "confidentialite": [one["code"] for one in facts["confidentiality"]],
        "date_acte": instant(facts["service_start_time"]),
        "type_media": facts["mime_type"],
        "taille": int(facts["size"]),
        "sha1": facts["hash"],
    }


def author_kind(entry: Entry) -> str:
    """`PATIENT`, `ORGANISATION`, or `PRACTITIONER` (SourceAuthor of ENS-MOB)."""
    return _AUTHORS.get(entry.origin, "PRACTITIONER")


def _author_label(author: Mapping[str, Any]) -> str:
    parts = [*(author["person"] or "").split("^"), "", ""]
    name = " ".join(part for part in (parts[2], parts[1]) if part)
    structure = next(iter(author["institutions"]), "").partition("^")[0]
    return ", ".join(part for part in (name, structure) if part) or "Auteur"


def _facts(person: Person, wish: Mapping[str, Any], unique_id: str, now: datetime) -> dict[str, Any]:
    """A document added by a service for its user, who is its author (banc)."""
    row = CATEGORIES[wish["category"]]
    xcn = f"{person.ins}^{person.family}^{person.given[0]}^^^^^^&{TEST_INS_OID}&ISO^D^^^NH"
    patient = hl7.written_cx(person.ins, TEST_INS_OID)
    created = wish["created"] or hl7.now_time(now)
    patient_word = {"label": "Expression du patient", "code": "EXP_PATIENT"}
    codes: list[tuple[str, dict[str, str]]] = [
        ("class", {"code": row["classe"], "system": "1.2.250.1.213.1.1.4.1", "label": row["libelle"]}),
        ("type", {"code": row["type"][0], "system": row["type"][1], "label": row["libelle"]}),
        ("confidentiality", {"code": "N", "system": CONFIDENTIALITY_SYSTEM, "label": "Normal"}),
        *(("confidentiality", {"code": one, "system": VISIBILITY_SYSTEM, "label": one}) for one in wish["hidden"]),
        (
            "format",
            {"code": "urn:ihe:iti:xds:2017:mimeTypeSufficient", "system": "1.3.6.1.4.1.19376.1.2.3", "label": "type"},
        ),
        ("facility", {**patient_word, "system": "1.2.250.1.213.1.1.4.6"}),
        ("practice", {**patient_word, "system": "1.2.250.1.213.1.1.4.9"}),
    ]
    return {
        "symbol": "Document",
        "mime_type": wish["media_type"],
        "slots": {
            "creationTime": [created],
            "languageCode": ["fr-FR"],
            "legalAuthenticator": [xcn],
            "serviceStartTime": [wish["started"] or created],
            "sourcePatientId": [patient],
            "sourcePatientInfo": [f"PID-5|{person.family}^{person.given[0]}"],
        },
        "title": wish["title"],
        "comments": None,
        "authors": [{"person": xcn, "institutions": []}],
        "codes": codes,
        "patient_id": patient,
        "unique_id": unique_id,
    }
