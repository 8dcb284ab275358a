"""What the service answers: SOAP envelopes, and the responses of XDS (IHE ITI TF vol. 2)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from lxml import etree

from mocks.dmp.model_documents import Content, Entry
from mocks.dmp.names import FAILURE, PARTIAL_SUCCESS, QUERY, RIM, RS, SEVERITY, SUCCESS, XDS_B
from mocks.dmp.refusals import XdsError
from mocks.soap.faults import printable
from mocks.soap.names import ACTION, INCLUDE, MESSAGE_ID, RELATES_TO, SOAP, WSA, XOP, soap

_QUERY, _RS, _XDS_B = f"{{{QUERY}}}", f"{{{RS}}}", f"{{{XDS_B}}}"


def envelope(content: Any, action: str, relates_to: str) -> bytes:
    """A SOAP message. relates_to: MessageID of the request, empty for none."""
    root = etree.Element(soap("Envelope"), nsmap={"S": SOAP, "wsa": WSA})
    header = etree.SubElement(root, soap("Header"))
    said = etree.SubElement(header, ACTION)
    said.set(soap("mustUnderstand"), "true")
    said.text = action
    etree.SubElement(header, MESSAGE_ID).text = f"urn:uuid:{uuid.uuid4()}"
    if relates_to:
        etree.SubElement(header, RELATES_TO).text = printable(relates_to)
    etree.SubElement(root, soap("Body")).append(content)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def registry_response(errors: Sequence[XdsError] = (), *, partial: bool = False) -> Any:
    """An rs:RegistryResponse."""
    root = etree.Element(f"{_RS}RegistryResponse", nsmap={"rs": RS})
    return _with_errors(root, errors, partial=partial)


def query_response(objects: Iterable[Any], errors: Sequence[XdsError] = (), *, partial: bool = False) -> Any:
    """A query:AdhocQueryResponse. objects: elements of ebRIM."""
    root = etree.Element(f"{_QUERY}AdhocQueryResponse", nsmap={"query": QUERY, "rs": RS, "rim": RIM})
    _with_errors(root, errors, partial=partial)
    listed = etree.SubElement(root, f"{{{RIM}}}RegistryObjectList")
    listed.extend(objects)
    return root


def retrieve_response(
    documents: Sequence[tuple[str, Content]],
    repository: str,
    errors: Sequence[XdsError] = (),
    *,
    partial: bool = False,
) -> tuple[Any, dict[str, bytes]]:
    """An xdsb:RetrieveDocumentSetResponse, and its attachments by Content-ID. documents: with their uniqueIds."""
    root = etree.Element(f"{_XDS_B}RetrieveDocumentSetResponse", nsmap={"xdsb": XDS_B, "rs": RS})
    root.append(registry_response(errors, partial=partial))
    attachments: dict[str, bytes] = {}
    for rank, (unique_id, content) in enumerate(documents):
        name = f"document{rank}@banc.test"
        attachments[name] = content.content
        response = etree.SubElement(root, f"{_XDS_B}DocumentResponse")
        etree.SubElement(response, f"{_XDS_B}RepositoryUniqueId").text = repository
        etree.SubElement(response, f"{_XDS_B}DocumentUniqueId").text = unique_id
        etree.SubElement(response, f"{_XDS_B}mimeType").text = content.mime_type
        document = etree.SubElement(response, f"{_XDS_B}Document")
        etree.SubElement(document, INCLUDE, {"href": f"cid:{name}"}, nsmap={"xop": XOP})
    return root, attachments


def leaf(xml: str) -> Any:
    """An object of the registry as it is stored."""
    return etree.fromstring(xml)


def entry_leaf(entry: Entry) -> Any:
    """An entry as a search gives it: with its status of now."""
    made = etree.fromstring(entry.xml)
    made.set("status", entry.status)
    return made


def reference(uuid_: str) -> Any:
    """An object by its id alone."""
    return etree.Element(f"{{{RIM}}}ObjectRef", {"id": uuid_}, nsmap={"rim": RIM})


def _with_errors(root: Any, errors: Sequence[XdsError], *, partial: bool) -> Any:
    failed = PARTIAL_SUCCESS if partial else FAILURE
    root.set("status", failed if any(error.severity == "Error" for error in errors) else SUCCESS)
    if errors:
        worst = "Error" if any(error.severity == "Error" for error in errors) else "Warning"
        listed = etree.SubElement(root, f"{_RS}RegistryErrorList", {"highestSeverity": f"{SEVERITY}{worst}"})
        for error in errors:
            etree.SubElement(
                listed,
                f"{_RS}RegistryError",
                {
                    "codeContext": printable(error.text),
                    "errorCode": error.code,
                    "severity": f"{SEVERITY}{error.severity}",
                    "location": printable(error.location),
                },
            )
    return root
