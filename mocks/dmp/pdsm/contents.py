"""ITI-68: the content of a document, raw or as a Binary (PDSm 3.1.1)."""

from __future__ import annotations

import base64

from flask import Response, g, request

from mocks.dmp.pdsm import guard
from mocks.dmp.pdsm.guard import Reader
from mocks.dmp.pdsm.names import bare
from mocks.dmp.pdsm.repository import seen
from mocks.dmp.views_documents import told_content
from mocks.fhir import READ, Demand, FhirError
from mocks.fhir.negotiation import MEDIA_TYPE
from mocks.fhir.web import Web, answer


def read(web: Web, id_: str) -> Response:
    """GET Binary/id."""
    call = web.call
    call.context["transaction"] = "ITI-68"
    guard.reading(call, Demand(READ, "Binary", id_))
    reader: Reader = g.dmp_reader
    entry = next((one for one in seen(reader) if bare(one.lid) == id_), None)
    content = None if entry is None else reader.tx.registry.content(entry.unique_id)
    if entry is None or content is None:
        raise FhirError(404, f"Binary/{id_} n'existe pas.")
    call.context["retrieve"] = {"returned": [told_content(entry, content)]}
    if _wants_resource():
        data = base64.b64encode(content.content).decode()
        return answer(200, {"resourceType": "Binary", "id": id_, "contentType": content.mime_type, "data": data}, {})
    return Response(content.content, content_type=content.mime_type)


def _wants_resource() -> bool:
    """Whether the client names FHIR JSON; otherwise it takes the content as it is."""
    asked = request.args.get("_format") or request.headers.get("Accept", "")
    return any(part.partition(";")[0].strip() in (MEDIA_TYPE, "json") for part in asked.split(","))
