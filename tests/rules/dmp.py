"""Journal entries of the DMP in one line, for tests of rules: what the mock tells of a correct product, and changes.

Each maker takes the changes of its context, by path: `deposit(entry__title="x", vihf__mode="AIR")`. The shapes are
compared with those that the mock really writes by tests/rules/test_dmp_journal.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from tests.rules.journal import Entry, http

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


def changed(value: Any, path: str, new: Any) -> None:
    """Change a tree in place; "a__b" names what lies under "a" (a number: the place in an array)."""
    *above, last = [int(key) if key.isdecimal() else key for key in path.split("__")]
    for key in above:
        value = value[key]
    value[last] = new


def _call(operation: str, action: str, body: str, more: dict[str, Any], **context: Any) -> Entry:
    """A call to the DMP: changes of the context by path, and what `http` takes."""
    own = ("status", "answer", "headers", "person", "fault", "after", "body", "answer_headers", "method")
    given = {name: more.pop(name) for name in own if name in more}
    context |= {"vihf": deepcopy(VIHF), "patient": dict(PATIENT)}
    context["soap"] = {**SOAP, "action": action, "body": body}
    bare = more.pop("bare", ())
    for path, new in more.items():
        changed(context, path, new)
    for name in bare:
        del context[name]
    content = given.pop("body", "")
    given.setdefault("headers", [("Content-Type", "application/soap+xml")])
    return http(
        f"dmp.{operation}",
        given.pop("method", "POST"),
        "/dmp/xds",
        content,
        given.pop("status", 200),
        **given,
        **context,
    )


def deposit(unique_id: str = "2.25.101", *, replaces: tuple[str, str] | None = None, **more: Any) -> Entry:
    """TD2.1 of one document. replaces: uniqueId and entryUUID; `entry__`, `cda__` and `document__` change these."""
    document: dict[str, Any] = {
        "cda": deepcopy(CDA),
        "differences": [],
        "entry": deepcopy(ENTRY),
        "given": {"hash": SHA1, "size": "4015"},
        "id": "Document01",
        "inline": False,
        "mime": "cda-n1",
        "sha1": SHA1,
        "size": 4015,
        "structure": [],
    }
    document["entry"]["unique_id"] = document["cda"]["id"] = document["cda"]["root"] = unique_id
    links = [MEMBER]
    if replaces is not None:
        related = {"ids": [replaces[0]], "set_id": None, "type": "RPLC", "version_number": None}
        document["cda"] |= {"related": [related], "version_number": "2"}
        links.append({"id": "a-2", "slots": {}, "source": "Document01", "target": replaces[1], "type": RPLC})
    for path in [path for path in more if path.startswith(("entry__", "cda__", "document__"))]:
        changed(document, path.removeprefix("document__"), more.pop(path))
    done = {"entry_uuid": UUID, "lid": LID, "replaces": None, "unique_id": unique_id, "version": 1}
    context = {
        "associations": deepcopy(links),
        "documents": [document],
        "lot": deepcopy(LOT),
        "response_status": "Success",
        "signature_lot": {"present": True, "state": "valide", "reason": "", "certificate": {}},
        "stored": {"lot": "urn:uuid:l1", "documents": [done], "repeated": []},
        "transaction": "TD2.1a" if replaces is None else "TD2.1b",
    }
    more = {"soap__transport": "mtom", "soap__http_action": PROVIDE, **more}
    return _call("xds.provide_and_register", PROVIDE, f"{XDS}ProvideAndRegisterDocumentSetRequest", more, **context)


def again(entry: Entry, number: int = 2) -> Entry:
    """The same call with an assertion and a MessageID of its own."""
    made = deepcopy(entry)
    made["context"]["vihf"]["id"] = f"_a{number}"
    made["context"]["soap"]["message_id"] = f"urn:uuid:m{number}"
    return made


def query(
    name: str = "FindDocuments", returned: Mapping[str, str] | None = None, *, transaction: str = "", **more: Any
) -> Entry:
    """TD3.1. returned: status by entryUUID; parameters: values by name, without `$`."""
    found = {UUID: APPROVED} if returned is None else dict(returned)
    given = more.pop("parameters", {"XDSDocumentEntryPatientId": [CX], "XDSDocumentEntryStatus": [APPROVED]})
    asked = {
        "hidden": 0,
        "id": "urn:uuid:q1",
        "name": name,
        "parameters": {f"${key}": value for key, value in given.items()},
        "return_type": "LeafClass",
        "returned": list(found),
        "statuses": found,
    }
    local = name == "GetDocuments" and "XDSDocumentEntryUniqueId" in given
    context = {
        "query": asked,
        "response_status": "Success",
        "transaction": transaction or ("TD3.1b" if local else "TD3.1a"),
    }
    root = "{urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0}AdhocQueryRequest"
    return _call("xds.registry_stored_query", QUERY, root, more, **context)


def retrieve(unique_id: str = "2.25.101", **more: Any) -> Entry:
    """TD3.2."""
    seen = {
        "asked": [{"repository": "2.25.1", "unique_id": unique_id}],
        "returned": [{"confidentiality": ["N"], "sha1": SHA1, "size": 4015, "unique_id": unique_id}],
    }
    context = {"retrieve": seen, "response_status": "Success", "transaction": "TD3.2"}
    return _call("xds.retrieve_document_set", RETRIEVE, f"{XDS}RetrieveDocumentSetRequest", more, **context)


def update(from_: Any = ("N",), to: Any = ("N", "MASQUE_PS"), *, target: str = UUID, **more: Any) -> Entry:
    """TD3.3: of the confidentiality (lists of codes) or of the status (texts)."""
    context: dict[str, Any] = {
        "associations": [{**MEMBER, "slots": {"PreviousVersion": ["1"], "SubmissionSetStatus": ["Original"]}}],
        "lot": deepcopy(LOT),
        "response_status": "Success",
        "stored": {"entry_uuid": target, "lid": LID, "version": 2, "status": APPROVED},
        "transaction": {DELETED: "TD3.3c", ARCHIVED: "TD3.3d"}.get(to, "TD3.3d") if isinstance(to, str) else "TD3.3a",
    }
    if isinstance(to, str):
        kind = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"
        slots = {"OriginalStatus": [from_], "NewStatus": [to]}
        context["associations"] = [{**MEMBER, "slots": slots, "target": target, "type": kind}]
        context["update"] = {"target": target, "lid": LID, "kind": "status", "from": from_, "to": to}
    else:
        context["update"] = {
            "target": target,
            "lid": LID,
            "kind": "metadata",
            "previous": "1",
            "from": list(from_),
            "to": list(to),
        }
        visible = [code for code in to if code != "N"]
        entry = {**deepcopy(ENTRY), "lid": LID, "confidentiality": hidden(*visible)}
        context["documents"] = [{"id": "Document01", "entry": entry}]
    for path in [path for path in more if path.startswith("entry__")]:
        changed(context["documents"][0], path, more.pop(path))
    root = "{urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0}SubmitObjectsRequest"
    return _call("xds.update_document_set", UPDATE, root, more, **context)


def td02(dmp: str = "actif", authorisation: str = "valide", **more: Any) -> Entry:
    """TD0.2."""
    name = "PRPA_IN201307UV02"
    context = {"answer_traits": deepcopy(TRAITS), "response_status": "AA", "transaction": "TD0.2"}
    more = {"patient__status": dmp, "patient__authorisation": authorisation, **more}
    return _call("hl7v3.td02", f"urn:hl7-org:v3:{name}", f"{{urn:hl7-org:v3}}{name}", more, **context)


def td03(action: str = "AJOUT", to: str = "valide", **more: Any) -> Entry:
    """TD0.3."""
    name = "PRPA_IN201314UV02"
    change = {"action": action, "from": "aucune", "holder": STRUCTURE, "to": to}
    context = {"authorisation_change": change, "response_status": "AA", "transaction": "TD0.3"}
    return _call("hl7v3.td03", f"urn:hl7-org:v3:{name}", f"{{urn:hl7-org:v3}}{name}", more, **context)


def unknown(action: str, fault: str = "banc_action", **more: Any) -> Entry:
    """A message that the DMP does not know."""
    more = {"bare": ("vihf", "patient"), "status": 400, **more}
    entry = _call("inconnue", action, "{urn:x}Autre", more)
    entry["context"]["soap"]["fault"] = fault
    return entry


def refused(entry: Entry, code: str) -> Entry:
    """The same call, refused by the registry or the repository."""
    made = deepcopy(entry)
    made["context"].pop("stored", None)
    status = "AE" if made["operation"].startswith("dmp.hl7v3") else "Failure"
    made["context"] |= {"response_status": status, "refusal": code}
    return made


def leaf(uuid: str = UUID, unique_id: str = "2.25.101", *visible: str, status: str = APPROVED) -> str:
    """An entry as an answer gives it."""
    coded_ = "".join(
        f'<rim:Classification classificationScheme="urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f" '
        f'nodeRepresentation="{code}"/>'
        for code in ("N", *visible)
    )
    scheme = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
    name = f'<rim:ExternalIdentifier identificationScheme="{scheme}" value="{unique_id}"/>'
    return f'<rim:ExtrinsicObject id="{uuid}" lid="{LID}" status="{status}">{coded_}{name}</rim:ExtrinsicObject>'


def found(*leaves: str) -> str:
    """The answer of a query."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><S:Body><rim:RegistryObjectList>'
        f"{''.join(leaves)}</rim:RegistryObjectList></S:Body></S:Envelope>"
    )
