"""Documents and lots as a correct product makes them; tests spoil them by replacing text."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import escape, quoteattr

TEST_OID = "1.2.250.1.213.1.4.10"
PS = "899990000053"
XCN = f"{PS}^MARTIN^ALICE^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
PPA = ("80788-3", "2.16.840.1.113883.6.1", "Projet personnalisé d'accompagnement")
PLAN = ("44", "1.2.250.1.213.1.1.4.1", "Plan de soins")
NORMAL = ("N", "2.16.840.1.113883.5.25", "Normal")
HIDING = "1.2.250.1.213.1.1.4.13"
PDF = b"%PDF-1.4\n%essai\n" + bytes(range(256)) * 4
ENTRY = {
    "author": "93606bcf-9494-43ec-9b4e-a7748d1a838d",
    "class": "41a5887f-8865-4c09-adf7-e362475b143a",
    "confidentiality": "f4f85eac-e6cb-4883-b524-f2705394840f",
    "format": "a09d5840-386c-46f2-b5ad-9c3699a4309d",
    "facility": "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1",
    "practice": "cccf5598-8b07-4b77-a05e-ae952c785ead",
    "type": "f0306f51-975f-434e-a61c-c59651d33983",
}
RIM = 'xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"'
APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"
DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted"
HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
RPLC = "urn:ihe:iti:2007:AssociationType:RPLC"


def new_oid() -> str:
    return f"2.25.{uuid.uuid4().int}"


def visibility(*codes: str) -> tuple[tuple[str, str, str], ...]:
    return tuple((code, HIDING, code) for code in codes)


@dataclass(frozen=True)
class Document:
    """A PPA of a person. content: other octets than its own CDA; given_hash, given_size: as sent, None for none.

    cda_id, cda_ins: what the CDA says otherwise than the metadata; empty for the same.
    """

    person: dict[str, Any]
    structure: str
    unique_id: str = field(default_factory=new_oid)
    title: str = "Projet personnalisé"
    confidentiality: tuple[tuple[str, str, str], ...] = (NORMAL,)
    type: tuple[str, str, str] = PPA
    kind: tuple[str, str, str] = PLAN
    symbol: str = "Document01"
    created: tuple[str, str] = ("20260115101500+0100", "20260115091500")
    acted: tuple[str, str] = ("20260110090000+0100", "20260110080000")
    replaces: str = ""  # uniqueId
    replaced_uuid: str = ""
    pdf: bytes = PDF
    content: bytes | None = None
    given_hash: str | None = ""
    given_size: str | None = ""
    mime: str = "text/xml"
    cda_id: str = ""
    cda_ins: str = ""
    spoil: tuple[tuple[str, str], ...] = ()  # replaced in the metadata

    @property
    def patient_id(self) -> str:
        return f"{self.person['ins']['matricule']}^^^&{TEST_OID}&ISO^NH"

    @property
    def octets(self) -> bytes:
        return cda(self) if self.content is None else self.content

    def with_(self, **changes: Any) -> Document:
        return replace(self, **changes)


def cda(document: Document) -> bytes:
    """The CDA N1 of a document."""
    person, code = document.person, document.type
    related = ""
    if document.replaces:
        parent = f'<parentDocument><id root="{document.replaces}"/></parentDocument>'
        related = f'<relatedDocument typeCode="RPLC">{parent}</relatedDocument>'
    signer = f'<id root="1.2.250.1.71.4.2.1" extension="{PS}"/>'
    structure = f'<id root="1.2.250.1.71.4.2.2" extension="{document.structure}"/>'
    practice = '<standardIndustryClassCode code="ETABLISSEMENT" codeSystem="1.2.250.1.213.1.1.4.9"/>'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><realmCode code="FR"/>
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/><templateId root="2.16.840.1.113883.2.8.2.1"/>
<templateId root="1.2.250.1.213.1.1.1.1"/><templateId root="1.3.6.1.4.1.19376.1.2.20"/>
<id root="{document.cda_id or document.unique_id}"/>
<code code="{code[0]}" codeSystem="{code[1]}" displayName={quoteattr(code[2])}/><title>{escape(document.title)}</title>
<effectiveTime value="{document.created[0]}"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><languageCode code="fr-FR"/>
<setId root="2.25.9"/><versionNumber value="{2 if document.replaces else 1}"/>
<recordTarget><patientRole><id root="{TEST_OID}" extension="{document.cda_ins or person["ins"]["matricule"]}"/><patient>
<name><family qualifier="BR">{person["nom"]}</family><given>{" ".join(person["prenoms"])}</given>
<given qualifier="BR">{person["prenoms"][0]}</given></name>
<administrativeGenderCode code="{person["sexe"]}" codeSystem="2.16.840.1.113883.5.1"/>
<birthTime value="{person["date_naissance"].replace("-", "")}"/><birthplace><place><addr><county>99999</county></addr>
</place></birthplace></patient></patientRole></recordTarget>
<author><time value="{document.created[0]}"/><assignedAuthor>{signer}<representedOrganization>{structure}
</representedOrganization></assignedAuthor></author>
<custodian><assignedCustodian><representedCustodianOrganization>{structure}</representedCustodianOrganization>
</assignedCustodian></custodian>
<legalAuthenticator><time value="{document.created[0]}"/><signatureCode code="S"/><assignedEntity>{signer}
</assignedEntity></legalAuthenticator>
<documentationOf><serviceEvent><effectiveTime><low value="{document.acted[0]}"/></effectiveTime>
<performer typeCode="PRF"><assignedEntity>{signer}<representedOrganization>{practice}</representedOrganization>
</assignedEntity></performer></serviceEvent></documentationOf>{related}
<componentOf><encompassingEncounter><location><healthCareFacility>
<code code="SA16" codeSystem="1.2.250.1.71.4.2.4"/></healthCareFacility></location></encompassingEncounter>
</componentOf><component><nonXMLBody>
<text mediaType="application/pdf" representation="B64">{base64.b64encode(document.pdf).decode()}
</text></nonXMLBody></component></ClinicalDocument>""".encode()


def entry(document: Document, *, lid: str = "", symbol: str = "") -> str:
    """The rim:ExtrinsicObject of a document. lid: for an update of its metadata."""
    octets, id_ = document.octets, symbol or document.symbol
    given_hash, given_size = document.given_hash, document.given_size
    if given_hash == "":
        given_hash = hashlib.sha1(octets).hexdigest()
    if given_size == "":
        given_size = str(len(octets))
    xon = f"IME Les Tilleuls^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^{document.structure}"
    values = {
        "creationTime": document.created[1],
        "hash": given_hash,
        "languageCode": "fr-FR",
        "legalAuthenticator": XCN,
        "serviceStartTime": document.acted[1],
        "size": given_size,
        "sourcePatientId": "U-0042^^^&1.2.3.4&ISO^PI",
    }
    slots = "".join(slot(name, value) for name, value in values.items() if value is not None)
    author = classification(id_, ENTRY["author"], "", slot("authorInstitution", xon) + slot("authorPerson", XCN))
    codes = {
        "class": [document.kind],
        "confidentiality": document.confidentiality,
        "format": [("urn:ihe:iti:xds-sd:pdf:2008", "1.3.6.1.4.1.19376.1.2.3", "PDF")],
        "facility": [("SA16", "1.2.250.1.71.4.2.4", "Établissement pour personnes handicapées")],
        "practice": [("ETABLISSEMENT", "1.2.250.1.213.1.1.4.9", "Établissement")],
        "type": [document.type],
    }
    coded = "".join(coding(id_, ENTRY[name], one) for name, all_ in codes.items() for one in all_)
    named = identifier(id_, "58a6f841-87b3-4a3e-92fd-a8ffeff98427", document.patient_id)
    named += identifier(id_, "2e82c1f6-a085-4c72-9da3-8640a32e42ab", document.unique_id)
    stable = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
    known = f' lid="{lid}"' if lid else ""
    made = (
        f'<rim:ExtrinsicObject id="{id_}"{known} mimeType="{document.mime}" objectType="{stable}">{slots}'
        f"<rim:Name><rim:LocalizedString value={quoteattr(document.title)}/></rim:Name>{author}{coded}{named}"
        "</rim:ExtrinsicObject>"
    )
    for old, new in document.spoil:
        assert old in made, old
        made = made.replace(old, new)
    return made


def lot(patient_id: str, *, unique_id: str = "", submitted: str = "20260115100000", symbol: str = "Lot01") -> str:
    """The rim:RegistryPackage of a lot."""
    node = "a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
    author = classification(symbol, "a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d", "", slot("authorPerson", XCN))
    kind = coding(symbol, "aa543740-bdda-424e-8c96-df4873be8500", ("07", "1.2.250.1.213.2.2", "Consultation"))
    named = identifier(symbol, "6b5aea1a-874d-4603-a4bc-96a0a7b38446", patient_id)
    named += identifier(symbol, "554ac39e-e3fe-47fe-b233-965d2a147832", "1.2.3.4.5")
    named += identifier(symbol, "96fdda7c-d067-4183-912e-bf5ee74998a8", unique_id or new_oid())
    return (
        f'<rim:RegistryPackage id="{symbol}">{slot("submissionTime", submitted)}'
        f'<rim:Classification classifiedObject="{symbol}" classificationNode="urn:uuid:{node}" id="c-{uuid.uuid4()}"/>'
        f"{author}{kind}{named}</rim:RegistryPackage>"
    )


def association(kind: str, source: str, target: str, **slots: str) -> str:
    held = "".join(slot(name, value) for name, value in slots.items())
    ends = f'sourceObject="{source}" targetObject="{target}"'
    return f'<rim:Association id="a-{uuid.uuid4()}" associationType="{kind}" {ends}>{held}</rim:Association>'


def submission(*objects: str) -> str:
    """An lcm:SubmitObjectsRequest."""
    listed = "".join(objects)
    return (
        f'<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" {RIM}>'
        f"<rim:RegistryObjectList>{listed}</rim:RegistryObjectList></lcm:SubmitObjectsRequest>"
    )


def deposit(documents: Sequence[Document], *, unique_id: str = "", submitted: str = "20260115100000") -> str:
    """A SubmitObjectsRequest of these documents in one lot."""
    objects = [entry(one) for one in documents]
    objects.append(lot(documents[0].patient_id, unique_id=unique_id, submitted=submitted))
    objects += [association(HAS_MEMBER, "Lot01", one.symbol, SubmissionSetStatus="Original") for one in documents]
    objects += [association(RPLC, one.symbol, one.replaced_uuid) for one in documents if one.replaced_uuid]
    return submission(*objects)


def slot(name: str, *values: str) -> str:
    listed = "".join(f"<rim:Value>{escape(value)}</rim:Value>" for value in values)
    return f'<rim:Slot name="{name}"><rim:ValueList>{listed}</rim:ValueList></rim:Slot>'


def classification(object_: str, scheme: str, node: str, inner: str) -> str:
    return (
        f'<rim:Classification id="c-{uuid.uuid4()}" classificationScheme="urn:uuid:{scheme}" '
        f'classifiedObject="{object_}" nodeRepresentation="{node}">{inner}</rim:Classification>'
    )


def coding(object_: str, scheme: str, code: tuple[str, str, str]) -> str:
    named = f"<rim:Name><rim:LocalizedString value={quoteattr(code[2])}/></rim:Name>"
    return classification(object_, scheme, code[0], slot("codingScheme", code[1]) + named)


def identifier(object_: str, scheme: str, value: str) -> str:
    return (
        f'<rim:ExternalIdentifier id="i-{uuid.uuid4()}" identificationScheme="urn:uuid:{scheme}" '
        f'registryObject="{object_}" value={quoteattr(value)}><rim:Name/></rim:ExternalIdentifier>'
    )
