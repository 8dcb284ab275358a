"""Assertions as a correct product makes them, that tests spoil."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from mocks.pki import Certificate

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
HL7 = "urn:hl7-org:v3"
XSPA = "urn:oasis:names:tc:xspa:1.0:"
ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
RESOURCE_ID = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
PURPOSE = f"{XSPA}subject:purposeofuse"
NURSE = ("60", "1.2.250.1.71.1.2.7", "Infirmier")
DOCTOR = ("10", "1.2.250.1.71.1.2.7", "Médecin")
PS = "899990000053"


def attributes(ins: str, structure: str, **changes: Any) -> dict[str, Any]:
    """The attributes of an assertion; a change to None takes one away."""
    made: dict[str, Any] = {
        "VIHF_Version": "4.0",
        "Authentification_Mode": "INDIRECTE",
        "Identifiant_Structure": structure,
        "Secteur_Activite": "SA16^1.2.250.1.71.4.2.4",
        f"{XSPA}subject:subject-id": "MARTIN ALICE",
        ROLE: [NURSE],
        RESOURCE_ID: f"{ins}^^^&1.2.250.1.213.1.4.10&ISO^NH",
        "Ressource_URN": "urn:dmp",
        PURPOSE: ("normal", "1.2.250.1.213.1.1.4.248", "Accès normal"),
        "LPS_Nom": "DUI d'essai",
        "LPS_Version": "1.0",
        "LPS_ID_HOMOLOGATION_DMP": "ABC-123-secret",
    }
    made.update(changes)
    return {name: value for name, value in made.items() if value is not None}


def assertion(
    seal: Certificate, ins: str, structure: str, *, at: datetime | None = None, name_id: str = PS, **changes: Any
) -> Any:
    """A signed assertion. seal: signs it; at: IssueInstant; changes: of attributes, by name."""
    bare = unsigned(seal, at=at, name_id=name_id, said=attributes(ins, structure, **changes))
    return signed(bare, seal)


def unsigned(seal: Certificate, *, at: datetime | None, name_id: str, said: Mapping[str, Any]) -> Any:
    instant = (at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    root = etree.Element(f"{{{SAML}}}Assertion", nsmap={"saml2": SAML})
    root.set("ID", f"_{uuid.uuid4()}")
    root.set("Version", "2.0")
    root.set("IssueInstant", instant)
    issuer = _add(root, "Issuer", seal.certificate.subject.rfc4514_string())
    issuer.set("Format", "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName")
    _add(_add(root, "Subject"), "NameID", name_id)
    authn = _add(root, "AuthnStatement")
    authn.set("AuthnInstant", instant)
    kind = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"
    _add(_add(authn, "AuthnContext"), "AuthnContextClassRef", kind)
    statement = _add(root, "AttributeStatement")
    for name, value in said.items():
        attribute = _add(statement, "Attribute")
        attribute.set("Name", name)
        for one in value if isinstance(value, list) else [value]:
            _value(_add(attribute, "AttributeValue"), name, one)
    return root


def signed(bare: Any, seal: Certificate) -> Any:
    """The assertion signed as the table of the volet wants it: the signature comes after the issuer."""
    signer = XMLSigner(
        signature_algorithm=SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    made = signer.sign(bare, key=seal.key, cert=[seal.certificate], reference_uri=bare.get("ID"), id_attribute="ID")
    signature = made.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    made.insert(1, signature)
    return made


def _value(element: Any, name: str, value: Any) -> None:
    if isinstance(value, str):
        element.text = value
        return
    code, system, label = value
    coded = etree.SubElement(element, f"{{{HL7}}}{'Role' if name == ROLE else 'PurposeOfUse'}", nsmap={None: HL7})
    coded.set("{http://www.w3.org/2001/XMLSchema-instance}type", "CE")
    coded.set("code", code)
    coded.set("codeSystem", system)
    coded.set("displayName", label)


def _add(parent: Any, name: str, text: str | None = None) -> Any:
    child = etree.SubElement(parent, f"{{{SAML}}}{name}")
    child.text = text
    return child
