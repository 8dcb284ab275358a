"""The bench as a client of an API of the product: what is sent as it stands, what is journaled, what silence is."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import flask
import httpx
import pytest

from harness.actors.product_api import Caller, ProductApi
from harness.errors import ProductUnreachable
from harness.sandbox_client import TenantClient
from mocks.embedded import answer_with
from mocks.servers.cheroot import RunningServer

CALLER = Caller("plateforme-sas", {"Authorization": "Bearer secret-du-produit"}, certificate="sas")
RAW = "/Slot?start=ge2026-07-06T08:00:00+02:00&start=le2026-07-06T18:00:00%2B02:00&id=a|b"


def toy() -> flask.Flask:
    app = flask.Flask("produit")

    @app.route("/fhir/<path:rest>", methods=["GET", "POST"])
    def seen(rest: str) -> Any:
        body = flask.request.get_data(as_text=True)
        return {"rest": rest, "query": flask.request.query_string.decode(), "body": body}, 200, {"ETag": 'W/"1"'}

    return app


@pytest.fixture(params=["embedded", "socket"])
def api(request: pytest.FixtureRequest, tenant: TenantClient) -> Iterator[ProductApi]:
    if request.param == "embedded":
        transport = httpx.MockTransport(answer_with(toy()))
        opened = ProductApi(tenant, "sas", "https://produit.test/fhir/", CALLER, transport=transport)
        yield opened
        opened.close()
        return
    server = RunningServer(toy(), "127.0.0.1", 0)
    opened = ProductApi(tenant, "sas", server.url + "/fhir", CALLER)
    yield opened
    opened.close()
    server.stop()


def test_the_target_is_sent_as_it_stands(api: ProductApi) -> None:
    exchange = api.call("slot.search", "GET", RAW)
    assert exchange.status == 200
    assert exchange.answer_json["query"] == RAW.partition("?")[2]
    assert exchange.target == "/fhir" + RAW


def test_the_exchange_is_journaled_with_who_called_and_without_its_secrets(
    api: ProductApi, tenant: TenantClient
) -> None:
    api.call("practitioner.create", "POST", "/Practitioner", body={"resourceType": "Practitioner", "x": "é"})
    (written,) = tenant.read_all(service="serveur")
    assert (written.operation, written.method) == ("serveur.sas.practitioner.create", "POST")
    assert written.resource == {"resourceType": "Practitioner", "x": "é"}
    assert {key: written.context[key] for key in ("role", "certificat")} == {
        "role": "plateforme-sas",
        "certificat": "sas",
    }
    assert written.answer_header("etag") == 'W/"1"'
    assert "secret-du-produit" not in json.dumps(written.entry)
    assert written.header("content-type") == "application/fhir+json"


def test_text_is_sent_as_it_stands(api: ProductApi) -> None:
    exchange = api.call("slot.search", "POST", "/Slot/_search", body="{mal", headers={"Content-Type": "text/plain"})
    assert exchange.answer_json["body"] == "{mal"


def test_an_answer_that_does_not_come_in_time_is_a_silence(tenant: TenantClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        api = ProductApi(tenant, "sas", f"http://127.0.0.1:{deaf.getsockname()[1]}", CALLER)
        exchange = api.call("slot.search", "GET", "/Slot", patience_s=0.2)
        api.close()
    assert (exchange.status, exchange.context["silence"]) == (0, "delai")
    (written,) = tenant.read_all(service="serveur")
    assert written.entry["answer"] is None


@pytest.mark.check("AGD-091")
def test_an_answer_that_comes_too_late_is_dropped_and_journaled_as_late(tenant: TenantClient) -> None:
    """It comes in pieces, each in time: the patience of one read does not add up to that of the whole."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: 40\r\n\r\n"

    def drip(server: socket.socket, stop: threading.Event) -> None:
        connection, _ = server.accept()
        connection.sendall(head)
        while not stop.wait(0.05):
            with contextlib.suppress(OSError):
                connection.sendall(b" ")
        connection.close()

    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as slow:
        dripping = threading.Thread(target=drip, args=(slow, stop))
        dripping.start()
        api = ProductApi(tenant, "sas", f"http://127.0.0.1:{slow.getsockname()[1]}", CALLER)
        exchange = api.call("slot.search", "GET", "/Slot", patience_s=0.3)
        api.close()
        stop.set()
        dripping.join()
    assert (exchange.status, exchange.context["silence"], exchange.context["delai_s"]) == (0, "delai", 0.3)
    (written,) = tenant.read_all(service="serveur")
    assert written.entry["answer"] is None


def test_a_compressed_answer_is_read(tenant: TenantClient) -> None:
    body = b'{"resourceType": "Bundle"}'

    def squeezed(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=gzip.compress(body))

    api = ProductApi(tenant, "sas", "https://produit.test/fhir", CALLER, transport=httpx.MockTransport(squeezed))
    exchange = api.call("slot.search", "GET", "/Slot")
    api.close()
    assert exchange.answer_resource == {"resourceType": "Bundle"}


def test_a_connection_that_breaks_is_a_silence(tenant: TenantClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:
        threading.Thread(target=lambda: rude.accept()[0].close(), daemon=True).start()
        api = ProductApi(tenant, "sas", f"http://127.0.0.1:{rude.getsockname()[1]}", CALLER)
        exchange = api.call("slot.search", "GET", "/Slot")
        api.close()
    assert exchange.context["silence"] == "coupure"


def test_nobody_at_the_address_is_an_unreachable_product(tenant: TenantClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    api = ProductApi(tenant, "sas", f"http://127.0.0.1:{port}", CALLER)
    with pytest.raises(ProductUnreachable, match="Personne ne répond"):
        api.call("slot.search", "GET", "/Slot")
    api.close()
