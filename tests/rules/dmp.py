"""Journal entries of the DMP in one line, for tests of rules: what the mock tells of a correct product, and changes.

Each maker takes the changes of its context, by path: `deposit(entry__title="x", vihf__mode="AIR")`. The shapes are
compared with those that the mock really writes by tests/rules/test_dmp_journal.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from tests.rules.dmp_facts import (
    APPROVED,
    ARCHIVED,
    CDA,
    CX,
    DELETED,
    ENTRY,
    LID,
    LOT,
    MEMBER,
    PATIENT,
    PROVIDE,
    QUERY,
    RETRIEVE,
    RPLC,
    SHA1,
    SOAP,
    STRUCTURE,
    TRAITS,
    UPDATE,
    UUID,
    VIHF,
    XDS,
    hidden,
)
from tests.rules.journal import Entry, http


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
