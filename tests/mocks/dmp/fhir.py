"""A DUI that speaks FHIR to the DMP, for tests: httpx and JSON, nothing of the mock."""

from __future__ import annotations

import base64
import hashlib
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import Dui
from tests.mocks.dmp.documents import Document

Resource = dict[str, Any]
RFC = "urn:ietf:rfc:3986"
PDSM = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-"
MHD = "https://profiles.ihe.net/ITI/MHD/"
NOS = "https://mos.esante.gouv.fr/NOS"
MASKING = f"{NOS}/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument"
ARCHIVED = f"{PDSM}ext-is-archived"
INS = f"urn:oid:{docs.TEST_OID}"


def concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def master(unique_id: str) -> Resource:
    return {"use": "usual", "system": RFC, "value": f"urn:oid:{unique_id}"}


@dataclass
class Mobile:
    """The FHIR client of a DUI, about the same person with the same VIHF."""

    dui: Dui

    @property
    def url(self) -> str:
        return f"{self.dui.url}/fhir"

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        named = {"Content-Type": "application/fhir+json", "Authorization": self.authorization()}
        content = None if body is None else httpx.Request("POST", "http://x", json=body).content
        url = path if path.startswith("http") else self.url + path
        return self.dui.http.request(method, url, content=content, headers={**named, **headers})

    def authorization(self) -> str:
        return f"IHE-SAML {base64.b64encode(self.dui.vihf().encode()).decode()}"

    def search(self, type_: str = "DocumentReference", **criteria: str) -> list[Resource]:
        """Matches of a search about the person."""
        named = {name.replace("__", "-").replace("_", "."): value for name, value in criteria.items()}
        asked = {"patient.identifier": f"{INS}|{self.dui.ins}", "status": "current", **named}
        answer = self.send("GET", f"/{type_}?{urlencode(asked)}")
        assert answer.status_code == 200, answer.text
        bundle = answer.json()
        assert bundle["total"] == len(bundle.get("entry", []))
        return [one["resource"] for one in bundle.get("entry", [])]

    def found(self, **criteria: str) -> set[str]:
        """The uniqueIds that ITI-67 gives."""
        return {one["masterIdentifier"]["value"].removeprefix("urn:oid:") for one in self.search(**criteria)}

    def lots(self) -> list[Resource]:
        return self.search("List", code="submissionset")

    def subject(self) -> Resource:
        return {"reference": f"Patient?identifier={INS}|{self.dui.ins}"}

    def provide(self, *documents: Document, **changes: Any) -> httpx.Response:
        """ITI-65."""
        return self.send("POST", "", self.bundle(*documents, **changes))

    def bundle(self, *documents: Document, replaces: str = "", patch: bool = True) -> Resource:
        """A Bundle of documents; replaces: uniqueId of what the first one replaces."""
        entries = []
        for rank, one in enumerate(documents):
            names = (f"urn:uuid:{uuid.uuid4()}", f"urn:uuid:{uuid.uuid4()}")
            resource = self.reference(one, names[1])
            if replaces and rank == 0:
                resource["relatesTo"] = [{"code": "replaces", "target": {"reference": self.address(replaces)}}]
            data = base64.b64encode(one.octets).decode()
            entries += [
                _entry(resource, "DocumentReference", names[0]),
                _entry({"resourceType": "Binary", "contentType": one.mime, "data": data}, "Binary", names[1]),
            ]
        members = [one["fullUrl"] for one in entries if one["request"]["url"] == "DocumentReference"]
        entries.insert(0, _entry(self.lot(members), "List", f"urn:uuid:{uuid.uuid4()}"))
        if replaces and patch:
            address = f"DocumentReference?identifier={RFC}|urn:oid:{replaces}"
            change = operation("replace", "DocumentReference.status", valueCode="superseded")
            entries.append({**_entry(change, address, f"urn:uuid:{uuid.uuid4()}", "PATCH")})
        profile = f"{PDSM}comprehensive-provide-document-bundle"
        return {"resourceType": "Bundle", "meta": {"profile": [profile]}, "type": "transaction", "entry": entries}

    def address(self, unique_id: str) -> str:
        (found,) = self.search(identifier=f"{RFC}|urn:oid:{unique_id}")
        return f"DocumentReference/{found['id']}"

    def reference(self, document: Document, url: str) -> Resource:
        """The DocumentReference of a document."""
        octets = document.octets
        attachment = {
            "contentType": document.mime,
            "language": "fr-FR",
            "url": url,
            "size": len(octets),
            "hash": base64.b64encode(hashlib.sha1(octets).digest()).decode(),
            "title": document.title,
            "creation": "2026-01-15T10:15:00+01:00",
        }
        loinc, classes = "http://loinc.org", f"{NOS}/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument"
        formats = "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode"
        return {
            "resourceType": "DocumentReference",
            "meta": {"profile": [f"{PDSM}comprehensive-document-reference"]},
            "contained": [*self.people(), {"resourceType": "Patient", "id": "source", **self.source()}],
            "masterIdentifier": master(document.unique_id),
            "status": "current",
            "type": concept(loinc, document.type[0]),
            "category": [concept(classes, document.kind[0])],
            "subject": self.subject(),
            "date": "2026-01-15T10:15:00+01:00",
            "author": [{"reference": "#auteur"}],
            "authenticator": {"reference": "#auteur"},
            "custodian": {"reference": "#structure"},
            "securityLabel": [
                concept("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code)
                if code in ("N", "R", "V")
                else concept(MASKING, code)
                for code, *_ in document.confidentiality
            ],
            "content": [
                {"attachment": attachment, "format": {"system": formats, "code": "urn:ihe:iti:xds-sd:pdf:2008"}}
            ],
            "context": {
                "period": {"start": "2026-01-10T09:00:00+01:00"},
                "facilityType": concept(f"{NOS}/TRE_R02-SecteurActivite/FHIR/TRE-R02-SecteurActivite", "SA16"),
                "practiceSetting": concept(f"{NOS}/TRE_A01-CadreExercice/FHIR/TRE-A01-CadreExercice", "ETABLISSEMENT"),
                "sourcePatientInfo": {"reference": "#source"},
            },
        }

    def people(self) -> list[Resource]:
        kind = concept("https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203", "IDNPS")
        professional = {"use": "official", "type": kind, "system": "urn:oid:1.2.250.1.71.4.2.1", "value": docs.PS}
        structure = {"system": "urn:oid:1.2.250.1.71.4.2.2", "value": self.dui.structure}
        name = [{"family": "MARTIN", "given": ["ALICE"]}]
        return [
            {"resourceType": "Practitioner", "id": "auteur", "identifier": [professional], "name": name},
            {"resourceType": "Organization", "id": "structure", "identifier": [structure], "name": "IME Les Tilleuls"},
        ]

    def source(self) -> Resource:
        person = self.dui.person
        name = [{"family": person["nom"], "given": person["prenoms"][:1]}]
        return {"identifier": [{"system": "urn:oid:1.2.3.4", "value": "U-0042"}], "name": name}

    def lot(self, members: list[str]) -> Resource:
        role = {
            "resourceType": "PractitionerRole",
            "id": "role",
            "practitioner": {"identifier": {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": docs.PS}},
        }
        return {
            "resourceType": "List",
            "meta": {"profile": [f"{PDSM}submissionset-comprehensive"]},
            "contained": [role],
            "extension": [
                {
                    "url": f"{MHD}StructureDefinition/ihe-designationType",
                    "valueCodeableConcept": concept("urn:oid:1.2.250.1.213.2.2", "07"),
                },
                {
                    "url": f"{MHD}StructureDefinition/ihe-sourceId",
                    "valueIdentifier": {"system": RFC, "value": "urn:oid:1.2.3.4.5"},
                },
            ],
            "identifier": [master(docs.new_oid())],
            "status": "current",
            "mode": "working",
            "code": concept(f"{MHD}CodeSystem/MHDlistTypes", "submissionset"),
            "subject": self.subject(),
            "date": "2026-01-15T11:00:00+01:00",
            "source": {"reference": "#role"},
            "entry": [{"item": {"reference": name}} for name in members],
        }

    def publish(self, document: Document, **changes: Any) -> httpx.Response:
        """ITI-105."""
        return self.send("POST", "/DocumentReference", {**self.simplified(document), **changes})

    def simplified(self, document: Document) -> Resource:
        data = base64.b64encode(document.octets).decode()
        return {
            "resourceType": "DocumentReference",
            "meta": {"profile": [f"{PDSM}simplified-publish"]},
            "contained": self.people(),
            "masterIdentifier": master(document.unique_id),
            "status": "current",
            "subject": self.subject(),
            "date": "2026-01-15T10:15:00+01:00",
            "author": [{"reference": "#auteur"}],
            "custodian": {"reference": "#structure"},
            "content": [{"attachment": {"contentType": document.mime, "data": data, "title": document.title}}],
        }

    def patch(self, unique_id: str, *operations: Resource, kind: str = "application/json-patch+json") -> httpx.Response:
        query = urlencode({"identifier": f"{RFC}|urn:oid:{unique_id}"})
        body: Any = operations[0] if kind == "application/fhir+json" else list(operations)
        return self.send("PATCH", f"/DocumentReference?{query}", body, **{"Content-Type": kind})


def operation(kind: str, path: str, **more: Any) -> Resource:
    """Parameters of a FHIRPath Patch."""
    value = {name: one for name, one in more.items() if name.startswith("value")}
    parts = [{"name": "type", "valueCode": kind}, {"name": "path", "valueString": path}]
    parts += [{"name": "name", "valueString": more["name"]}] if "name" in more else []
    parts += [{"name": "value", **value}] if value else []
    return {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}


def mask(code: str = "MASQUE_PS") -> Resource:
    return {"op": "add", "path": "/securityLabel/-", "value": concept(MASKING, code)}


def _entry(resource: Resource, url: str, full_url: str, method: str = "POST") -> Resource:
    return {"fullUrl": full_url, "resource": resource, "request": {"method": method, "url": url}}
