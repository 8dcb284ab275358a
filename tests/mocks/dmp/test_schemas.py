"""The schemas that the service ships: what a correct product sends and what the service answers follow them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from mocks.dmp import wsdl
from mocks.dmp.settings import DATA
from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import NS, Dui, Reply, provided


class _Ours(etree.Resolver):
    """`?xsd=rim` is a file of the service; nothing is looked for elsewhere."""

    def resolve(self, url: str, _id: str | None, context: Any) -> Any:
        name = url.rpartition("?xsd=")[2]
        return self.resolve_filename(str(DATA / f"{Path(name).name.removesuffix('.xsd')}.xsd"), context)


@lru_cache
def schema(name: str) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Ours())
    return etree.XMLSchema(etree.fromstring(wsdl.schema(name), parser, base_url="https://banc.test/xds/registry"))


def body(reply: Reply) -> Any:
    """The content of an answer, alone."""
    return etree.fromstring(etree.tostring(reply.one("//s:Body/*")))


@pytest.mark.parametrize("name", ["rim", "rs", "lcm", "query", "xds-b", "xml"])
def test_a_schema_is_one(name: str) -> None:
    assert schema(name) is not None


def test_what_the_tests_deposit(dui: Dui) -> None:
    hidden = dui.document(confidentiality=(docs.NORMAL, *docs.visibility("MASQUE_PS")))
    request = provided(docs.deposit([hidden, dui.document(symbol="Document02")]), {})
    schema("xds-b").assertValid(etree.fromstring(request))


def test_what_a_search_answers(dui: Dui) -> None:
    document = dui.document()
    dui.provide(document)
    dui.provide(dui.document(replaced_uuid=dui.entry(document.unique_id).get("id")))
    for reply in (dui.find(docs.APPROVED, docs.DEPRECATED), dui.find(docs.ARCHIVED), dui.query("GetDocuments")):
        schema("query").assertValid(body(reply))
    lot = dui.query(
        "FindSubmissionSets",
        XDSSubmissionSetPatientId=f"'{dui.patient_id}'",
        XDSSubmissionSetStatus=f"('{docs.APPROVED}')",
    )
    assert len(lot.all("//rim:RegistryPackage")) == 2
    schema("query").assertValid(body(lot))


def test_what_a_deposit_and_a_retrieval_answer(dui: Dui) -> None:
    document = dui.document()
    schema("rs").assertValid(body(dui.provide(document)))
    schema("rs").assertValid(body(dui.provide(document)))
    schema("xds-b").assertValid(body(dui.retrieve("1.2.3")))
    given = body(dui.retrieve(document.unique_id))
    (include,) = given.xpath("//xop:Include", namespaces=NS)
    include.getparent().remove(include)  # XOP stands for base64 (XOP 1.0 §3)
    schema("xds-b").assertValid(given)
