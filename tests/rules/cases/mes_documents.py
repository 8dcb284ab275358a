"""Tables of rules/mes_documents.py."""

import base64
from typing import Any

from tests.rules.cases import Case
from tests.rules.journal import BEARER, Entry, http, search

PDF = base64.b64encode(b"%PDF-1.4\n%essai").decode()
TRE = "https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument"
CONTEXT = {"perimeter": "documents", "headers": BEARER}


def document(**attachment: Any) -> dict[str, Any]:
    made = {"contentType": "application/pdf", "data": PDF, **attachment}
    return {
        "resourceType": "DocumentReference",
        "category": [{"coding": [{"code": "CPT_REND"}]}],
        "content": [{"attachment": {name: value for name, value in made.items() if value is not None}}],
    }


def add(body: dict[str, Any] | None = None, **changes: Any) -> Entry:
    made = {**(document() if body is None else body), **changes}
    target = "/mes/fhir/DocumentReference"
    return http("mes.fhir.documentreference.create", "POST", target, made, 201, access="ecriture", **CONTEXT)


def look(query: str) -> Entry:
    target = f"/mes/fhir/DocumentReference?{query}"
    return http("mes.fhir.documentreference.search", "GET", target, access="lecture", **CONTEXT)


def change(method: str, name: str) -> Entry:
    target = "/mes/fhir/DocumentReference/1"
    return http(f"mes.fhir.documentreference.{name}", method, target, document(), 405, **CONTEXT)


PATIENT = "patient:identifier=urn:oid:1.2.250.1.999.77%7Cesms-u-00042"
ELIDED = "‹base64:octets={};sha256=" + "0" * 64 + "›"
AT = "DocumentReference.content[0].attachment"
CASES = [
    Case(
        "MES-64",
        accepted=[
            [add()],
            [add(document(data=ELIDED.format(90_000)))],
            [add(document(contentType="text/plain", data="Tm90ZXM="))],
        ],
        refused=[
            ([add(document(data=None, url="Binary/1"))], [f"1 {AT}.data"]),
            ([add(document(contentType="image/jpeg"))], [f"1 {AT}.contentType"]),
            ([add(content=document()["content"] * 2)], ["1 DocumentReference.content"]),
            ([add(content=[])], ["1 DocumentReference.content"]),
        ],
        silent=[[look(PATIENT)], [search()]],
    ),
    Case(
        "MES-65",
        accepted=[[add()], [add(category=[{"coding": [{"system": "urn:mes", "code": "ORD_SOIN"}]}])]],
        refused=[
            ([add(category=[{"coding": [{"system": TRE, "code": "10"}]}])], ["1 DocumentReference.category"]),
            ([add(category=[{"coding": [{"system": TRE, "code": "VDP"}]}])], ["1 DocumentReference.category"]),
            ([add(category=[])], ["1 DocumentReference.category"]),
            ([add(category=[{"coding": [{"code": "AUTRE"}]}])], ["1 DocumentReference.category (deduite)"]),
        ],
        silent=[[look(PATIENT)]],
    ),
    Case(
        "MES-66",
        accepted=[[look(PATIENT)], [look(f"{PATIENT}&category=CPT_REND&period-start=ge2026-01-01&_count=20")]],
        refused=[
            ([look(f"{PATIENT}&status=current&type=80788-3")], ["1 status", "1 type"]),
            ([look(PATIENT.replace("patient:", "patient."))], ["1 patient.identifier"]),
            ([look("category=CPT_REND")], ["1 patient:identifier"]),
        ],
        silent=[[add()], [search()]],
    ),
    Case(
        "MES-67",
        accepted=[[add()], [add(document(data=ELIDED.format(5_000_000)))]],
        refused=[
            ([add(document(data=ELIDED.format(5_000_001)))], [f"1 {AT}.data"]),
            ([add(document(contentType="application/zip"))], [f"1 {AT}.contentType"]),
        ],
        silent=[[look(PATIENT)]],
    ),
    Case(
        "MES-68",
        accepted=[[add()]],
        refused=[
            ([change("PUT", "update")], ["1 appel"]),
            ([change("PATCH", "patch")], ["1 appel"]),
            ([change("DELETE", "delete")], ["1 appel (deduite)"]),
        ],
        silent=[[look(PATIENT)]],
    ),
]
