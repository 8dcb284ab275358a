"""Tables of rules/dmp_fhir.py."""

import base64
import hashlib
from copy import deepcopy
from typing import Any

from tests.rules.cases import Case
from tests.rules.journal import Entry, bundle, http, search

MHD = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-"
SHA1 = base64.b64encode(hashlib.sha1(b"document").digest()).decode()
NAMES = [f"urn:uuid:00000000-0000-4000-8000-00000000000{rank}" for rank in range(4)]
AT = "Bundle.entry[1].resource"


def document(**changes: Any) -> dict[str, Any]:
    made = {
        "resourceType": "DocumentReference",
        "author": [{"reference": "#auteur"}],
        "custodian": {"reference": "#structure"},
        "securityLabel": [{"coding": [{"code": "N"}]}],
        "content": [{"attachment": {"url": NAMES[2], "hash": SHA1, "size": 8}}],
        "context": {"period": {"start": "2026-01-10"}, "sourcePatientInfo": {"reference": "#patient"}},
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def lot(**changes: Any) -> dict[str, Any]:
    extensions = [{"url": f"{MHD}designationType"}, {"url": f"{MHD}sourceId"}]
    code = {"coding": [{"code": "submissionset"}]}
    return {"resourceType": "List", "extension": extensions, "code": code, **changes}


def deposit(
    *extra: dict[str, Any], of: Any = None, lot_: Any = None, content: bool = True, kind: str = "transaction"
) -> Entry:
    resources = [lot() if lot_ is None else lot_, document() if of is None else of]
    resources += [{"resourceType": "Binary"}] if content else []
    entries = [
        {"fullUrl": NAMES[rank], "resource": one, "request": {"method": "POST", "url": one["resourceType"]}}
        for rank, one in enumerate(resources)
    ]
    body = {"resourceType": "Bundle", "type": kind, "entry": [*entries, *extra]}
    return http("dmp.fhir.transaction", "POST", "/dmp/fhir", body)


PATCHED = {
    "request": {"method": "PATCH", "url": "DocumentReference?identifier=x"},
    "resource": {"resourceType": "Parameters"},
}
REPLACING = document(relatesTo=[{"code": "replaces", "target": {"reference": "DocumentReference/1"}}])


def spoilt(**changes: Any) -> dict[str, Any]:
    """A document whose attachment is changed."""
    made = deepcopy(document())
    made["content"][0]["attachment"].update(changes)
    return made


def publish(**changes: Any) -> Entry:
    made = {"resourceType": "DocumentReference", "content": [{"attachment": {"data": "AAAA"}}], **changes}
    return http("dmp.fhir.documentreference.create", "POST", "/dmp/fhir/DocumentReference", made, 201)


def look(query: str, type_: str = "DocumentReference", **more: Any) -> Entry:
    return http(f"dmp.fhir.{type_.lower()}.search", "GET", f"/dmp/fhir/{type_}?{query}", **more)


def patch(body: Any, query: str = "?identifier=urn:ietf:rfc:3986%7Curn:oid:1.2.3", path: str = "") -> Entry:
    target = f"/dmp/fhir/DocumentReference{path}{query}"
    return http("dmp.fhir.documentreference.patch", "PATCH", target, body)


def fhirpath(path: str, name: str = "") -> dict[str, Any]:
    parts = [{"name": "type", "valueCode": "replace"}, {"name": "path", "valueString": path}]
    parts += [{"name": "name", "valueString": name}] if name else []
    return {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}


def read(path: str, operation: str = "dmp.fhir.binary.read", status: int = 200) -> Entry:
    return http(operation, "GET", path, status=status)


PATIENT = "patient.identifier=urn:oid:1.2.250.1.213.1.4.10%7C279035121518989"
FOUND = look(f"{PATIENT}&status=current", answer=bundle({"content": [{"attachment": {"url": "Binary/b-1"}}]}))
CASES = [
    Case(
        "DMP-074",
        accepted=[[deposit()], [deposit(PATCHED, of=REPLACING)]],
        refused=[
            ([deposit(kind="batch")], ["1 Bundle.type"]),
            ([{**deposit(kind="batch"), "context": {"experimental": True}}], ["1 Bundle.type (banc)"]),
            ([deposit(lot_={"resourceType": "Basic"})], ["1 Bundle.entry"]),
            ([deposit(lot_=lot(extension=[]))], ["1 Bundle.entry[0].resource.extension"] * 2),
            ([deposit(content=False)], [f"1 {AT}.content[0].attachment.url"]),
            ([deposit(of=spoilt(url="Binary/9"))], [f"1 {AT}.content[0].attachment.url"]),
        ],
        silent=[[publish()], [search()]],
    ),
    Case(
        "DMP-075",
        accepted=[[deposit()]],
        refused=[
            ([deposit(of=document(custodian=None))], [f"1 {AT}.custodian"]),
            ([deposit(of=document(securityLabel=[]))], [f"1 {AT}.securityLabel"]),
            ([deposit(of=spoilt(hash="AAAA"))], [f"1 {AT}.content[0].attachment.hash"]),
            ([deposit(of=spoilt(size=None))], [f"1 {AT}.content[0].attachment.size"]),
            ([deposit(of=document(author=[{"reference": "Practitioner/1"}]))], [f"1 {AT}.author"]),
            (
                [deposit(of=document(context={}))],
                [f"1 {AT}.context.period.start", f"1 {AT}.context.sourcePatientInfo"],
            ),
        ],
        silent=[[publish()], [search()]],
    ),
    Case(
        "DMP-076",
        accepted=[[deposit()], [publish()]],
        refused=[
            ([deposit(of=document(docStatus="final"))], [f"1 {AT}.docStatus"]),
            ([deposit(of=spoilt(data="AAAA"))], [f"1 {AT}.content[0].attachment.data"]),
            ([publish(identifier=[{}])], ["1 DocumentReference.identifier"]),
            (
                [publish(content=[{"attachment": {"data": "AAAA", "url": "Binary/1"}}])],
                ["1 DocumentReference.content[0].attachment.url"],
            ),
            ([publish(modifierExtension=[{}])], ["1 DocumentReference.modifierExtension"]),
        ],
        silent=[[look(PATIENT)], [search()]],
    ),
    Case(
        "DMP-077",
        accepted=[
            [look(f"{PATIENT}&status=current")],
            [look("patient=Patient/p1&status=current")],
            [look("identifier=urn:ietf:rfc:3986%7Curn:oid:1.2.3")],
            [look(f"{PATIENT}&status=current&code=submissionset", "List")],
        ],
        refused=[
            ([look(PATIENT)], ["1 status"]),
            ([look("status=current")], ["1 patient.identifier"]),
            ([look("patient.identifier=279035121518989&status=current")], ["1 patient.identifier"]),
            ([look(f"{PATIENT}&status=current", "List")], ["1 code"]),
        ],
        silent=[[deposit()], [search()]],
    ),
    Case(
        "DMP-078",
        accepted=[
            [patch([{"op": "replace", "path": "/status", "value": "superseded"}])],
            [patch([{"op": "add", "path": "/securityLabel/-", "value": {}}])],
            [patch(fhirpath("DocumentReference.status"))],
            [patch(fhirpath("DocumentReference", "securityLabel"))],
            [patch(fhirpath("DocumentReference.extension.where(url='x').value"))],
        ],
        refused=[
            ([patch([{"op": "replace", "path": "/description", "value": "x"}])], ["1 [0].path"]),
            ([patch(fhirpath("DocumentReference.type"))], ["1 Parameters.parameter[0].path"]),
            ([patch([{"op": "replace", "path": "/status", "value": "x"}], "", "/d-1")], ["1 identifier"]),
        ],
        silent=[[deposit()], [search()]],
    ),
    Case(
        "DMP-079",
        accepted=[[deposit(PATCHED, of=REPLACING)]],
        refused=[
            ([deposit(of=REPLACING)], ["1 Bundle.entry"]),
            ([deposit(PATCHED)], ["1 DocumentReference.relatesTo"]),
        ],
        silent=[[deposit()], [search()]],
    ),
    Case(
        "DMP-080",
        accepted=[[FOUND, read("/dmp/fhir/Binary/b-1")]],
        refused=[([FOUND, read("/dmp/Binary/b-1", "dmp.inconnue", 501)], ["2 adresse"])],
        silent=[[FOUND], [read("/dmp/fhir/Binary/b-1")], [FOUND, read("/dmp/fhir/Binary/autre")], [search()]],
    ),
]
