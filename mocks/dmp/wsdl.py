"""The WSDL of each address, made from the table of operations; good enough for a SOAP library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lxml import etree

from mocks.dmp.names import BANC, HL7, LCM, QUERY, RS, XDS_B, Operation
from mocks.dmp.settings import DATA

SCHEMAS = ("rim", "rs", "lcm", "query", "xds-b", "hl7", "xml")
WSDL = "http://schemas.xmlsoap.org/wsdl/"
_SOAP_12 = "http://schemas.xmlsoap.org/wsdl/soap12/"
_WSAW = "http://www.w3.org/2006/05/addressing/wsdl"
_XS = "http://www.w3.org/2001/XMLSchema"
_FILES = {LCM: "lcm", QUERY: "query", XDS_B: "xds-b", RS: "rs", HL7: "hl7"}
_PREFIXES = {"lcm": LCM, "query": QUERY, "xdsb": XDS_B, "rs": RS, "hl7": HL7}
_ANSWERS = {
    "dmp.xds.provide_and_register": f"{{{RS}}}RegistryResponse",
    "dmp.xds.update_document_set": f"{{{RS}}}RegistryResponse",
    "dmp.xds.registry_stored_query": f"{{{QUERY}}}AdhocQueryResponse",
    "dmp.xds.retrieve_document_set": f"{{{XDS_B}}}RetrieveDocumentSetResponse",
}


def schema(name: str) -> bytes:
    """The text of one of `SCHEMAS`; the addresses of those that it imports are relative to its own."""
    return (DATA / f"{name}.xsd").read_bytes()


def hl7_schema(operations: Sequence[Operation]) -> bytes:
    """The schema of the HL7 v3 messages, under the names that the settings give them."""
    text = schema("hl7").decode()
    for operation in operations:
        word = {"dmp.hl7v3.td02": "TD02", "dmp.hl7v3.td03": "TD03"}.get(operation.name)
        if word:
            text = text.replace(f'name="{word}"', f'name="{_local(operation.body)}"')
    return text.encode()


def description(address: str, operations: Sequence[Operation]) -> bytes:
    """The WSDL of an address that serves these operations."""
    names = {"wsdl": WSDL, "soap12": _SOAP_12, "wsaw": _WSAW, "xs": _XS, "tns": BANC, **_PREFIXES}
    root = etree.Element(f"{{{WSDL}}}definitions", {"name": "Dmp", "targetNamespace": BANC}, nsmap=names)
    _types(root, address, operations)
    for one in operations:
        for suffix, element in (("Request", one.body), ("Response", _answer(one))):
            message = _add(root, WSDL, "message", name=f"{_name(one)}{suffix}")
            _add(message, WSDL, "part", name="body", element=_prefixed(element))
    _port(root, operations)
    _binding(root, operations)
    service = _add(root, WSDL, "service", name="Dmp")
    port = _add(service, WSDL, "port", name="DmpPort", binding="tns:DmpBinding")
    _add(port, _SOAP_12, "address", location=address)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _types(root: Any, address: str, operations: Sequence[Operation]) -> None:
    made = _add(_add(root, WSDL, "types"), _XS, "schema")
    used = {_namespace(name) for one in operations for name in (one.body, _answer(one))}
    for namespace in sorted(used):
        _add(made, _XS, "import", namespace=namespace, schemaLocation=f"{address}?xsd={_FILES[namespace]}")


def _port(root: Any, operations: Sequence[Operation]) -> None:
    port = _add(root, WSDL, "portType", name="DmpPortType")
    for one in operations:
        operation = _add(port, WSDL, "operation", name=_name(one))
        for kind, suffix, action in (("input", "Request", one.action), ("output", "Response", one.answer)):
            made = _add(operation, WSDL, kind, message=f"tns:{_name(one)}{suffix}")
            made.set(f"{{{_WSAW}}}Action", action)


def _binding(root: Any, operations: Sequence[Operation]) -> None:
    binding = _add(root, WSDL, "binding", name="DmpBinding", type="tns:DmpPortType")
    _add(binding, _SOAP_12, "binding", style="document", transport="http://schemas.xmlsoap.org/soap/http")
    for one in operations:
        operation = _add(binding, WSDL, "operation", name=_name(one))
        _add(operation, _SOAP_12, "operation", soapAction=one.action)
        for kind in ("input", "output"):
            _add(_add(operation, WSDL, kind), _SOAP_12, "body", use="literal")


def _answer(operation: Operation) -> str:
    """The root of the answer."""
    return _ANSWERS.get(operation.name) or f"{{{HL7}}}{operation.answer.rpartition(':')[2]}"


def _name(operation: Operation) -> str:
    """`ProvideAndRegisterDocumentSet`, `TD02`."""
    if operation.way == "patients":
        return operation.name[-4:].upper()
    return operation.action.rpartition(":")[2].removesuffix("-b")


def _prefixed(name: str) -> str:
    prefix = next(prefix for prefix, namespace in _PREFIXES.items() if namespace == _namespace(name))
    return f"{prefix}:{_local(name)}"


def _namespace(name: str) -> str:
    return name[1:].partition("}")[0]


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _add(parent: Any, namespace: str, local: str, /, **attributes: str) -> Any:
    return etree.SubElement(parent, f"{{{namespace}}}{local}", attributes)
