"""The VIHF: what an assertion says (sheet DMP §3). Nothing is judged here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocks.dmp import hl7
from mocks.dmp.names import SAML
from mocks.dmp.names import hl7 as v3
from mocks.journal import fingerprint

SUBJECT_ID = "urn:oasis:names:tc:xspa:1.0:subject:subject-id"
ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
RESOURCE_ID = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
PURPOSE = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"
SECRET = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"
HOMOLOGATION = "LPS_ID_HOMOLOGATION_DMP"
REQUIRED = (
    "VIHF_Version",
    "Authentification_Mode",
    "Identifiant_Structure",
    "Secteur_Activite",
    SUBJECT_ID,
    ROLE,
    RESOURCE_ID,
    "Ressource_URN",
    PURPOSE,
    "LPS_Nom",
    "LPS_Version",
    HOMOLOGATION,
)
Claims = dict[str, Any]


def assertions(security: Any) -> list[Any]:
    """The SAML 2.0 assertions of a `wsse:Security` block (None for no block)."""
    return [] if security is None else list(security.findall(_saml("Assertion")))


def claims(assertion: Any) -> Claims:
    """What an assertion says, as the journal keeps it (contract of the DMP §4)."""
    attributes = _attributes(assertion)
    texts = {name: [_text(value) for value in values] for name, values in attributes.items()}
    issuer, name_id = assertion.find(_saml("Issuer")), assertion.find(f"{_saml('Subject')}/{_saml('NameID')}")
    conditions = assertion.find(_saml("Conditions"))
    authn = assertion.find(_saml("AuthnStatement"))
    context = assertion.find(f"{_saml('AuthnStatement')}/{_saml('AuthnContext')}")
    return {
        "id": assertion.get("ID"),
        "saml_version": assertion.get("Version"),
        "issue_instant": assertion.get("IssueInstant"),
        "issuer": None if issuer is None else _text(issuer),
        "issuer_format": None if issuer is None else issuer.get("Format"),
        "name_id": None if name_id is None else _text(name_id),
        "authn_instant": None if authn is None else authn.get("AuthnInstant"),
        "class_ref": None if context is None else context.findtext(_saml("AuthnContextClassRef")),
        "audience": conditions is not None and conditions.find(_saml("AudienceRestriction")) is not None,
        "not_before": None if conditions is None else conditions.get("NotBefore"),
        "not_on_or_after": None if conditions is None else conditions.get("NotOnOrAfter"),
        "attributes": {name: [_masked(name, text) for text in values] for name, values in texts.items()},
        "version": _first(texts, "VIHF_Version"),
        "mode": _first(texts, "Authentification_Mode"),
        "structure": _first(texts, "Identifiant_Structure"),
        "sector": _first(texts, "Secteur_Activite"),
        "subject_id": texts.get(SUBJECT_ID, []),
        "roles": [_coded(value, "Role") for value in attributes.get(ROLE, [])],
        "purpose": next((_coded(value, "PurposeOfUse") for value in attributes.get(PURPOSE, [])), None),
        "ins": _ins(_first(texts, RESOURCE_ID)),
        "secret": SECRET in texts,
    }


def _attributes(assertion: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for attribute in assertion.iterfind(f"{_saml('AttributeStatement')}/{_saml('Attribute')}"):
        values = attribute.findall(_saml("AttributeValue"))
        found.setdefault(attribute.get("Name", ""), []).extend(values)
    return found


def _coded(value: Any, name: str) -> dict[str, Any]:
    """A CE of HL7 v3 inside an attribute; empty codes when there is none."""
    coded = value.find(v3(name))
    get = (lambda _key: None) if coded is None else coded.get
    return {"code": get("code"), "system": get("codeSystem"), "label": get("displayName")}


def _ins(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    read = hl7.cx(text)
    known: dict[str, str | None] = {"value": None, "oid": None, "type": None}
    if read is not None:
        known = {"value": read.value, "oid": read.oid, "type": read.type}
    return {**known, "raw": text}


def _masked(name: str, text: str) -> str:
    """The homologation number is secret (EX_GEN-1490)."""
    return f"‹masqué:{fingerprint(text)}›" if name == HOMOLOGATION else text


def _first(texts: Mapping[str, list[str]], name: str) -> str | None:
    return next(iter(texts.get(name, [])), None)


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip()


def _saml(name: str) -> str:
    return f"{{{SAML}}}{name}"
