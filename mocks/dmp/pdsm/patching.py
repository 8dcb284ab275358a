"""Flux 03: status, confidentiality, archiving of a document, by its business identifier (PDSm 3.1.1 st_maj)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import Response, request

from mocks.call import Call
from mocks.dmp import metadata_rules, model_versions
from mocks.dmp.access import visibilities
from mocks.dmp.model_documents import Entry
from mocks.dmp.names import APPROVED, ARCHIVED, CONFIDENTIALITY, DELETED, DEPRECATED
from mocks.dmp.pdsm import deposits, guard
from mocks.dmp.pdsm.judging import judge_type
from mocks.dmp.pdsm.names import IS_ARCHIVED, Resource, code_of
from mocks.dmp.pdsm.reading import confidentiality
from mocks.dmp.pdsm.refusal import told
from mocks.dmp.pdsm.repository import document
from mocks.dmp.refusals import RefusedError, XdsError, own
from mocks.dmp.transaction import Transaction
from mocks.fhir import FhirError
from mocks.fhir.json_body import read_resource
from mocks.fhir.json_patch import patched, read_patch
from mocks.fhir.negotiation import MEDIA_TYPE, etag
from mocks.fhir.web import Web, answer, check_accept, query_of
from mocks.fhir.writes import atomic

UPDATE, OPERATION = "XDSMetadataUpdateError", "XDSMetadataUpdateOperationError"
ALLOWED = ("status", "securityLabel", "extension")
_PSEUDO = re.compile(r"/extension\[url:'([^']*)'\](/valueBoolean)?")
_FHIRPATH = re.compile(
    r"DocumentReference\.(?P<name>\w+)(?:\[(?P<rank>\d{1,4})\]|\.where\(url\s*=\s*'(?P<url>[^']*)'\))?(?P<value>\.value\w*)?"
)
Operations = list[dict[str, Any]]


def patch(web: Web) -> Response:
    """PATCH DocumentReference?identifier=…"""
    call = web.call
    call.context["transaction"] = "PATCH"
    condition = query_of(call, request.query_string.decode("latin-1"))
    tx = guard.opened(call, "modification")
    check_accept(call)
    kind = request.headers.get("Content-Type", "")
    if kind.partition(";")[0].strip().lower() == MEDIA_TYPE:
        operations = from_parameters(call, read_resource(call.body))
    else:
        operations = mended(call, read_patch(kind, call.body))
    with told(call), atomic(call.session):
        made = document(tx, apply(tx, _target(tx, condition), operations))
    return answer(200, made, {"ETag": etag(int(made["meta"]["versionId"]))})


def apply(tx: Transaction, entry: Entry, operations: Operations) -> Entry:
    """Change a document; gives its last version. Raises FhirError 405 or 422, RefusedError."""
    old = document(tx, entry)
    for one in operations:
        if one["path"].split("/")[1:2] not in [[name] for name in ALLOWED]:
            raise _forbidden(tx, one["path"])
    new = {name: value for name, value in patched(old, operations).items() if value != []}  # R4: no empty list
    changed = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    if not set(changed) <= set(ALLOWED):
        raise _forbidden(tx, ", ".join(changed))
    judge_type(new)
    if not _only_archiving(new):
        raise _forbidden(tx, "extension")
    seen = {"target": entry.uuid, "lid": entry.lid, "unique_id": entry.unique_id, "changed": changed}
    tx.call.context["update"] = {**seen, "status": new.get("status"), "archived": _archived(new)}
    if "securityLabel" in changed:
        entry = _labelled(tx, entry, new.get("securityLabel", []))
    status = _status(tx, entry, new)
    if status != entry.status:
        tx.registry.set_status(entry.uuid, status, latest=True)
    found = tx.registry.entry(entry.uuid)
    assert found is not None  # it is there: it was just written, or read
    return found


def from_parameters(call: Call, resource: Resource) -> Operations:
    """The JSON Patch that a FHIRPath Patch says (R4, fhirpatch.html). Raises FhirError 400, 422."""
    listed = resource.get("parameter", []) if resource.get("resourceType") == "Parameters" else []
    found = [one for one in listed if isinstance(one, dict) and one.get("name") == "operation"]
    if not found:
        raise FhirError(
            400, "Un PATCH en FHIRPath est une ressource Parameters avec des « operation ».", at="Parameters"
        )
    return mended(call, [_operation(one) for one in found])


def mended(call: Call, operations: Operations) -> Operations:
    """The operations, with the address of isArchived that PDSm4DMP prints turned into a pointer."""
    for one in operations:
        path = one.get("path")
        if not isinstance(path, str):
            raise FhirError(400, "Une opération n'a pas de « path ».", code="structure")
        pseudo = _PSEUDO.fullmatch(path)
        if pseudo is not None:
            call.note("pointeur-non-conforme", f"« {path} » n'est pas un pointeur JSON (RFC 6901)")
            if pseudo[1] == IS_ARCHIVED:
                one["path"] = f"/extension/0{pseudo[2] or ''}"
    return operations


def _operation(raw: Resource) -> dict[str, Any]:
    parts = {one.get("name"): one for one in raw.get("part", []) if isinstance(one, dict)}
    said = {name: _value(part) for name, part in parts.items()}
    kind, path = said.get("type"), str(said.get("path", ""))
    if path == "DocumentReference" and kind in ("add", "insert"):
        name = str(said.get("name"))
        return {"op": "add", "path": f"/{name}" if name == "status" else f"/{name}/-", "value": said.get("value")}
    read = _FHIRPATH.fullmatch(path)
    if read is None or kind not in ("replace", "delete"):
        name = path.removeprefix("DocumentReference.").partition(".")[0].partition("[")[0]
        if name and name not in ALLOWED:
            return {"op": "test", "path": f"/{name}"}  # what may not be changed is refused for that
        raise FhirError(422, f"Opération FHIRPath non comprise : {kind} « {path} ».", code="processing")
    pointer = _pointer(read)
    if kind == "delete":
        return {"op": "remove", "path": pointer}
    whole = pointer == "/securityLabel"
    return {"op": "replace", "path": pointer, "value": [said.get("value")] if whole else said.get("value")}


def _pointer(read: re.Match[str]) -> str:
    rank = f"/{read['rank']}" if read["rank"] else ""
    if read["name"] == "extension":
        rank = rank or ("/0" if read["url"] == IS_ARCHIVED else "/9999")
        return f"/extension{rank}{'/valueBoolean' if read['value'] else ''}"
    return f"/{read['name']}{rank}"


def _value(part: Resource) -> Any:
    return next((value for name, value in part.items() if name.startswith("value")), None)


def _target(tx: Transaction, condition: Sequence[tuple[str, str]]) -> Entry:
    """The document of a condition. Raises FhirError 400, 404."""
    wanted = [value for name, value in condition if name == "identifier" and value]
    if len(condition) != 1 or len(wanted) != 1:
        raise FhirError(400, "La condition d'un PATCH est « identifier », et elle seule.", at="identifier")
    entry = deposits.find(tx, {"reference": f"DocumentReference?identifier={wanted[0]}"})
    if entry is None or entry.status == DELETED or tx.person is None or entry.person != tx.person.id:
        raise FhirError(404, f"Aucune fiche n'a cet identifiant : « {wanted[0]} ».")
    if not tx.sees(entry):
        raise FhirError(404, f"Aucune fiche n'a cet identifiant : « {wanted[0]} ».")
    return entry


def _forbidden(tx: Transaction, what: str) -> FhirError:
    status = int(tx.setting("fhir_patch_refus"))
    text = f"Un PATCH ne change que status, securityLabel et isArchived ; visé : {what}."
    headers = {"Allow": "GET, POST, PATCH"} if status == 405 else {}
    return FhirError(status, text, code="not-supported", headers=headers)


def _only_archiving(new: Resource) -> bool:
    """Whether isArchived is the only extension, said once at most."""
    extensions = new.get("extension", [])
    return len(extensions) <= 1 and all(
        one.get("url") == IS_ARCHIVED and isinstance(one.get("valueBoolean"), bool) for one in extensions
    )


def _archived(resource: Resource) -> bool:
    return any(one.get("valueBoolean") is True for one in resource.get("extension", []))


def _labelled(tx: Transaction, entry: Entry, labels: Any) -> Entry:
    """The version of an entry that has these labels. Raises RefusedError."""
    codes = [confidentiality(code) for one in labels if isinstance(one, dict) and (code := code_of(one)) is not None]
    if not any(code["code"] in CONFIDENTIALITY for code in codes) and tx.setting("fhir_masquage") == "conserver":
        tx.call.note("securitylabel-sans-base", "le PATCH ne laisse aucun code N, R ou V : l'ancien est gardé")
        codes = [*(one for one in entry.facts["confidentiality"] if one["code"] in CONFIDENTIALITY), *codes]
    if entry.status == DEPRECATED:
        raise RefusedError(XdsError(UPDATE, "La fiche visée a été remplacée."))
    wished = {**entry.facts, "confidentiality": codes}
    together = tx.setting("cumul_invisible_patient_masque_ps")
    found = model_versions.irreversible(tx.registry, entry, visibilities(wished), tx.setting)
    errors = [
        *metadata_rules.confidentiality(wished, together=together),
        *(XdsError(UPDATE, text) for _, text in found),
    ]
    if errors:
        raise RefusedError(*errors)
    same = visibilities(wished) == visibilities(entry.facts)
    return entry if same else model_versions.store(tx.registry, entry, codes)


def _status(tx: Transaction, entry: Entry, new: Resource) -> str:
    """The status that a document gets. Raises RefusedError."""
    wanted = new.get("status")
    if wanted == "entered-in-error" and tx.setting("fhir_pdsm4dmp") and entry.status in (APPROVED, ARCHIVED):
        if not tx.is_author(entry):
            raise RefusedError(own("non-auteur", tx.setting("codes_refus")))
        return DELETED
    if entry.status == DEPRECATED:
        if wanted == "superseded" and not _archived(new):
            return DEPRECATED
    elif wanted == "superseded":
        if not tx.is_author(entry):
            raise RefusedError(own("non-auteur", tx.setting("codes_refus")))
        return DEPRECATED
    elif wanted == "current":
        return ARCHIVED if _archived(new) else APPROVED
    raise RefusedError(XdsError(OPERATION, f"De {entry.status} à « {wanted} » : ce passage n'existe pas."))
