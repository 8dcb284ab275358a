"""The VIHF: a SAML 2.0 assertion that says who asks, for whom, and about which patient (sheet DMP §3)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from reference.documents.kinds import Code

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
HL7 = "urn:hl7-org:v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSPA = "urn:oasis:names:tc:xspa:1.0:"
ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
RESOURCE_ID = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
PURPOSES = "1.2.250.1.213.1.1.4.248"
SUBJECT_NAME = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
UNSPECIFIED = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"
SOFTWARE, VERSION = "DUI et portail de référence", "0.1.0"
"""LPS_Nom and LPS_Version, which are also what the page « À propos » shows."""

Element = Any


@dataclass(frozen=True)
class Speaker:
    """Who asks. id: PS_IdNat; roles: her profession, then her speciality where there is one."""

    id: str
    family: str
    given: str
    roles: Sequence[Code]


@dataclass(frozen=True)
class Context:
    """What all assertions of the product say. issuer: DN of the signing certificate; structure: Struct_IdNat."""

    issuer: str
    structure: str
    sector: Code
    homologation: str


def vihf(context: Context, speaker: Speaker, patient_id: str, purpose: Code, now: datetime) -> Element:
    """An assertion not yet signed, with an identifier of its own. patient_id: INS as CX. now: aware."""
    instant = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    root = etree.Element(f"{{{SAML}}}Assertion", nsmap={"saml2": SAML})
    for name, value in (("ID", f"_{uuid.uuid4()}"), ("Version", "2.0"), ("IssueInstant", instant)):
        root.set(name, value)
    _add(root, "Issuer", context.issuer).set("Format", SUBJECT_NAME)
    _add(_add(root, "Subject"), "NameID", speaker.id)
    statement = _add(root, "AuthnStatement")
    statement.set("AuthnInstant", instant)
    _add(_add(statement, "AuthnContext"), "AuthnContextClassRef", UNSPECIFIED)
    told = _add(root, "AttributeStatement")
    for name, text in _texts(context, speaker, patient_id).items():
        _add(_attribute(told, name), "AttributeValue", text)
    roles = _attribute(told, ROLE)
    for role in speaker.roles:
        _coded(roles, "Role", role)
    _coded(_attribute(told, f"{XSPA}subject:purposeofuse"), "PurposeOfUse", purpose)
    return root


def _texts(context: Context, speaker: Speaker, patient_id: str) -> dict[str, str]:
    return {
        "VIHF_Version": "4.0",
        "Authentification_Mode": "INDIRECTE",
        "Identifiant_Structure": context.structure,
        "Secteur_Activite": f"{context.sector.code}^{context.sector.system}",
        f"{XSPA}subject:subject-id": f"{speaker.family} {speaker.given}",
        RESOURCE_ID: patient_id,
        "Ressource_URN": "urn:dmp",
        "LPS_Nom": SOFTWARE,
        "LPS_Version": VERSION,
        "LPS_ID_HOMOLOGATION_DMP": context.homologation,
    }


def _attribute(statement: Element, name: str) -> Element:
    made = _add(statement, "Attribute")
    made.set("Name", name)
    return made


def _coded(attribute: Element, name: str, code: Code) -> None:
    names: Any = {None: HL7, "xsi": XSI}  # the stubs know no default namespace
    coded = etree.SubElement(_add(attribute, "AttributeValue"), f"{{{HL7}}}{name}", nsmap=names)
    coded.set(f"{{{XSI}}}type", "CE")
    coded.set("code", code.code)
    coded.set("codeSystem", code.system)
    coded.set("displayName", code.label)


def _add(parent: Element, name: str, text: str | None = None) -> Element:
    child = etree.SubElement(parent, f"{{{SAML}}}{name}")
    child.text = text
    return child
