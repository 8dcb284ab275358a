"""What the mock of the DMP tells the journal of a correct product: a document, its entry, its CDA, a VIHF."""

from __future__ import annotations

from typing import Any

MATRICULE, OID = "184059999900133", "1.2.250.1.213.1.4.10"
CX = f"{MATRICULE}^^^&{OID}&ISO^NH"
PS, STRUCTURE = "899990000053", "1009000019"
XCN = f"{PS}^MARTIN^ALICE^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
SYSTEM = "3009000019/7^DUI^Logiciel^^^^^^&1.2.250.1.71.4.2.1&ISO^U^^^RI"
XON = f"IME Les Tilleuls^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^{STRUCTURE}"
APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
ARCHIVED, DELETED = "urn:asip:ci-sis:2010:StatusType:Archived", "urn:asip:ci-sis:2010:StatusType:Deleted"
HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
RPLC = "urn:ihe:iti:2007:AssociationType:RPLC"
HIDING = "1.2.250.1.213.1.1.4.13"
UUID, LID, SHA1 = "urn:uuid:e1", "urn:uuid:e1", "def03af275da7f22312c33e3ce1fe102b1c3eaae"
XSPA = "urn:oasis:names:tc:xspa:1.0:subject:"
ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
RESOURCE_ID = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
SUBJECT = "CN=CACHET DU DUI DE REFERENCE,OU=1009000019,O=ESMS FICTIF DU BANC,C=FR"
PROVIDE = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
QUERY, RETRIEVE = "urn:ihe:iti:2007:RegistryStoredQuery", "urn:ihe:iti:2007:RetrieveDocumentSet"
UPDATE = "urn:ihe:iti:2010:UpdateDocumentSet"
XDS = "{urn:ihe:iti:xds-b:2007}"
NOTHING: dict[str, Any] = {"code": None, "label": None, "system": None}


def coded(code: str, system: str, label: str = "Un libellé") -> dict[str, Any]:
    return {"code": code, "label": label, "system": system}


NORMAL = coded("N", "2.16.840.1.113883.5.25")


def hidden(*codes: str) -> list[dict[str, Any]]:
    """Confidentiality N, and codes of visibility."""
    return [NORMAL, *(coded(code, HIDING) for code in codes)]


VIHF: dict[str, Any] = {
    "age_s": 0.5,
    "attributes": {
        "Authentification_Mode": ["INDIRECTE"],
        "Identifiant_Structure": [STRUCTURE],
        "LPS_ID_HOMOLOGATION_DMP": ["‹masqué:408a6d837d›"],
        "LPS_Nom": ["DUI d'essai"],
        "LPS_Version": ["1.0"],
        "Ressource_URN": ["urn:dmp"],
        "Secteur_Activite": ["SA16^1.2.250.1.71.4.2.4"],
        "VIHF_Version": ["4.0"],
        RESOURCE_ID: [CX],
        ROLE: [""],
        f"{XSPA}purposeofuse": [""],
        f"{XSPA}subject-id": ["MARTIN ALICE"],
    },
    "audience": False,
    "authn_instant": "2024-10-20T08:00:00Z",
    "class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified",
    "count": 1,
    "id": "_a1",
    "ins": {"oid": OID, "raw": CX, "type": "NH", "value": MATRICULE},
    "issue_instant": "2024-10-20T08:00:00Z",
    "issuer": SUBJECT,
    "issuer_format": "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName",
    "mode": "INDIRECTE",
    "name_id": PS,
    "not_before": None,
    "not_on_or_after": None,
    "problems": [],
    "purpose": coded("normal", "1.2.250.1.213.1.1.4.248"),
    "replayed": False,
    "roles": [coded("60", "1.2.250.1.71.1.2.7")],
    "saml_version": "2.0",
    "secret": False,
    "sector": "SA16^1.2.250.1.71.4.2.4",
    "signature": {
        "algorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "c14n": "http://www.w3.org/2001/10/xml-exc-c14n#",
        "certificate": {
            "client_auth": False,
            "cn": "CACHET DU DUI DE REFERENCE",
            "issuer": "CN=AC ORGANISATIONS FICTIVE DU BANC",
            "key_usage": ["digital_signature", "content_commitment"],
            "not_after": "2028-11-28T07:27:27Z",
            "ou": STRUCTURE,
            "serial": "a1",
            "structure": STRUCTURE,
            "subject": SUBJECT,
            "thumbprint": "x",
        },
        "digest": "http://www.w3.org/2001/04/xmlenc#sha256",
        "state": "valide",
        "trust": "reconnue",
        "whole": True,
    },
    "structure": STRUCTURE,
    "subject_id": ["MARTIN ALICE"],
    "tls_same_certificate": None,
    "tls_structure_matches": None,
    "version": "4.0",
}
SOAP: dict[str, Any] = {
    "http_action": None,
    "message_id": "urn:uuid:m1",
    "message_id_seen": False,
    "must_understand": ["Action"],
    "parts": [],
    "reply_to": "http://www.w3.org/2005/08/addressing/anonymous",
    "to": "https://dmp.banc.test",
    "transport": "simple",
    "version": "1.2",
}
PATIENT = {
    "authorisation": "valide",
    "ins": MATRICULE,
    "known": True,
    "oid": OID,
    "status": "actif",
    "treating": False,
}
AUTHOR = {"institutions": [XON], "person": XCN, "persons": 1, "roles": [], "specialties": []}
ENTRY: dict[str, Any] = {
    "authors": [AUTHOR],
    "class": coded("44", "1.2.250.1.213.1.1.4.1"),
    "comments": None,
    "confidentiality": [NORMAL],
    "creation_time": "20260115091500",
    "entry_uuid": "Document01",
    "events": [],
    "facility": coded("SA16", "1.2.250.1.71.4.2.4"),
    "format": coded("urn:ihe:iti:xds-sd:pdf:2008", "1.3.6.1.4.1.19376.1.2.3"),
    "hash": SHA1,
    "language": "fr-FR",
    "legal_authenticator": XCN,
    "lid": None,
    "mime_type": "text/xml",
    "object_type": "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1",
    "patient_id": CX,
    "practice": coded("ETABLISSEMENT", "1.2.250.1.213.1.1.4.9"),
    "repository": None,
    "service_start_time": "20260110080000",
    "service_stop_time": None,
    "size": "4015",
    "source_patient_id": "U-0042^^^&1.2.3.4&ISO^PI",
    "source_patient_info": [],
    "status": None,
    "title": "Projet personnalisé",
    "type": coded("80788-3", "2.16.840.1.113883.6.1"),
    "unique_id": "2.25.101",
    "version": None,
}
CDA: dict[str, Any] = {
    "active_content": False,
    "authors": [
        {
            "code": NOTHING,
            "device": False,
            "function": NOTHING,
            "ids": [f"1.2.250.1.71.4.2.1^{PS}"],
            "organizations": [f"1.2.250.1.71.4.2.2^{STRUCTURE}"],
            "software": None,
            "time": "20260115101500+0100",
        }
    ],
    "body": {"kind": "n1", "media_type": "application/pdf", "representation": "B64", "size": 1040},
    "code": coded("80788-3", "2.16.840.1.113883.6.1"),
    "component_of": 1,
    "confidentiality": NORMAL,
    "custodian": {"ids": [f"1.2.250.1.71.4.2.2^{STRUCTURE}"]},
    "documentation_of": 1,
    "effective_time": "20260115101500+0100",
    "extension": None,
    "facility": coded("SA16", "1.2.250.1.71.4.2.4"),
    "families_unqualified": 0,
    "id": "2.25.101",
    "language": "fr-FR",
    "legal_authenticator": {
        "ids": [f"1.2.250.1.71.4.2.1^{PS}"],
        "signature": "S",
        "time": "20260115101500+0100",
    },
    "legal_authenticators": 1,
    "patient": {
        "birth_time": "19840515",
        "birthplace": "99999",
        "families": [{"null_flavor": None, "qualifier": "BR", "text": "TESTEUR"}],
        "forbidden": [],
        "gender": "M",
        "givens": [
            {"null_flavor": None, "qualifier": None, "text": "Raphaël Théo"},
            {"null_flavor": None, "qualifier": "BR", "text": "Raphaël"},
        ],
        "ids": [{"extension": MATRICULE, "null_flavor": None, "root": OID}],
        "names": 1,
    },
    "performer_practice": coded("ETABLISSEMENT", "1.2.250.1.213.1.1.4.9"),
    "realm": ["FR"],
    "record_targets": 1,
    "related": [],
    "root": "2.25.101",
    "service_event": {"code": NOTHING, "high": None, "low": "20260110090000+0100"},
    "set_id": "2.25.9",
    "templates": ["2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1", "1.3.6.1.4.1.19376.1.2.20"],
    "title": "Projet personnalisé",
    "type_id": "2.16.840.1.113883.1.3^POCD_HD000040",
    "version_number": "1",
}
LOT: dict[str, Any] = {
    "authors": [{**AUTHOR, "institutions": []}],
    "comments": None,
    "content_type": coded("07", "1.2.250.1.213.2.2"),
    "count": 1,
    "id": "Lot01",
    "patient_id": CX,
    "source_id": "1.2.3.4.5",
    "status": None,
    "submission_time": "20241020080000",
    "title": None,
    "unique_id": "2.25.11",
}
MEMBER = {
    "id": "a-1",
    "slots": {"SubmissionSetStatus": ["Original"]},
    "source": "Lot01",
    "target": "Document01",
    "type": HAS_MEMBER,
}
TRAITS = {
    "birth": "TESTEUR",
    "birth_date": "19840515",
    "given": "Raphaël",
    "observations": {
        "AUTORISATION": "VALIDE",
        "MEDECIN_TRAITANT_DMP": "false",
        "RATTACHEMENT_MES": "true",
        "STATUT_DMP": "ACTIF",
    },
    "prefix": "M",
    "sex": "M",
    "usual": "NON RENSEIGNE",
}
