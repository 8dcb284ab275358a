"""The WSDL: what it names exists, and a client that follows it can validate what it sends and receives."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from lxml import etree

from mocks.insi.names import OPERATIONS
from tests.mocks.insi.client import Reply, Soap
from tests.mocks.insi.conftest import LPS, Register

WSDL = "http://schemas.xmlsoap.org/wsdl/"
NS = {
    "w": WSDL,
    "soap12": "http://schemas.xmlsoap.org/wsdl/soap12/",
    "xs": "http://www.w3.org/2001/XMLSchema",
    "wsaw": "http://www.w3.org/2006/05/addressing/wsdl",
}


@pytest.fixture
def wsdl(http: httpx.Client, register: Register) -> Any:
    answer = http.get(f"{LPS}?wsdl")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert register.last()["operation"] == "insi.wsdl"
    return etree.fromstring(answer.content)


def _named(wsdl: Any, element: Any, attribute: str) -> str:
    """A qualified name in Clark's notation."""
    prefix, _, name = element.get(attribute).rpartition(":")
    return f"{{{element.nsmap[prefix]}}}{name}"


def test_the_address_is_where_it_was_asked(wsdl: Any) -> None:
    [address] = wsdl.iterfind(".//soap12:address", NS)
    assert address.get("location") == LPS


def test_every_part_is_an_element_of_an_imported_schema(http: httpx.Client, wsdl: Any) -> None:
    declared = set()
    for imported in wsdl.iterfind(".//xs:import", NS):
        schema = etree.fromstring(http.get(imported.get("schemaLocation")).content)
        etree.XMLSchema(schema)
        namespace = imported.get("namespace")
        assert schema.get("targetNamespace") == namespace
        declared |= {f"{{{namespace}}}{element.get('name')}" for element in schema.iterfind("xs:element", NS)}
    parts = {_named(wsdl, part, "element") for part in wsdl.iterfind(".//w:part", NS)}
    assert parts == declared
    assert {operation.body for operation in OPERATIONS.values()} <= parts


def test_every_operation_is_bound_with_its_action(wsdl: Any) -> None:
    ports = {
        operation.get("name"): operation.find("w:input", NS).get(f"{{{NS['wsaw']}}}Action")
        for operation in wsdl.iterfind("w:portType/w:operation", NS)
    }
    bound = {
        operation.get("name"): operation.find("soap12:operation", NS).get("soapAction")
        for operation in wsdl.iterfind("w:binding/w:operation", NS)
    }
    assert bound == ports
    assert set(bound.values()) == set(OPERATIONS)
    messages = {message.get("name") for message in wsdl.iterfind("w:message", NS)}
    used = {
        element.get("message") for element in wsdl.iter("{*}input", "{*}output", "{*}header") if element.get("message")
    }
    assert {name.removeprefix("tns:") for name in used} == messages


@pytest.mark.parametrize("query", ["", "?", "?xsd=../insi", "?xsd=inconnu", "?autre"])
def test_nothing_else_is_described(register: Register, soap: Soap, query: str) -> None:
    assert Reply(soap.http.get(LPS + query)).fault == (405, "Sender", "banc_methode")
    assert register.last()["operation"] == "insi.inconnue"
