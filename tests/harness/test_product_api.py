"""The bench as a client of an API of the product: what is sent as it stands, what is journaled, what silence is."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import flask
import httpx
import pytest

from harness.actors.product_api import Caller, ProductApi
from harness.errors import NotTestableHere, ProductUnreachable
from harness.place import Place, speaks
from harness.sandbox_client import TenantClient
from mocks.embedded import answer_with
from mocks.pki import Pki
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


def test_a_link_of_the_product_is_followed_as_it_stands(api: ProductApi) -> None:
    exchange = api.call("slot.search", "GET", f"{api.base}/pages/2?apres=a+b%7Cc")
    assert (exchange.answer_json["rest"], exchange.answer_json["query"]) == ("pages/2", "apres=a+b%7Cc")
    assert exchange.target == "/fhir/pages/2?apres=a+b%7Cc"


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


Door = Callable[[socket.socket], None]


@contextlib.contextmanager
def behind(door: Door) -> Iterator[str]:
    """Address where this happens to the first who connects."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        doorman = threading.Thread(target=lambda: door(listening.accept()[0]), daemon=True)
        doorman.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        doorman.join(timeout=10)


def hangs_up(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.close()


def resets(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("pki")
    Pki().write(folder, ["serveur"])
    return Place("", str(folder))


def speaks_1_3_only(place: Place) -> Door:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{place.certificates}/serveur.pem", f"{place.certificates}/serveur.key.pem")
    context.minimum_version = ssl.TLSVersion.TLSv1_3

    def door(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(4096)

    return door


@pytest.mark.parametrize("how", ["alert", "hangs up", "resets"])
def test_a_handshake_that_the_product_breaks_is_a_silence(tenant: TenantClient, place: Place, how: str) -> None:
    door = {"alert": speaks_1_3_only(place), "hangs up": hangs_up, "resets": resets}[how]
    with behind(door) as address:
        api = ProductApi(tenant, "sas", address, Caller("plateforme-sas", {}, trust=place.client("", most="1.2")))
        exchange = api.call("slot.search", "GET", "/Slot")
        api.close()
    assert (exchange.status, exchange.context["silence"]) == (0, "tls")


def test_a_certificate_that_the_bench_does_not_know_is_no_refusal_of_the_product(
    tenant: TenantClient, place: Place
) -> None:
    with behind(speaks_1_3_only(place)) as address:
        api = ProductApi(tenant, "sas", address, Caller("plateforme-sas", {}, trust=ssl.create_default_context()))
        with pytest.raises(ProductUnreachable, match="ne reconnaît pas le certificat"):
            api.call("slot.search", "GET", "/Slot")
        api.close()
    assert tenant.read_all(service="serveur") == []


@pytest.mark.parametrize(("lowest", "able"), [(ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, False)])
def test_a_version_that_this_machine_does_not_speak_is_known_before_anybody_is_called(
    lowest: ssl.TLSVersion, able: bool
) -> None:
    context = ssl.create_default_context()
    context.minimum_version, context.maximum_version = lowest, ssl.TLSVersion.TLSv1_2
    assert speaks(context) is able


def test_a_version_that_this_machine_does_not_speak_is_not_tested(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.place.speaks", lambda context: False)
    assert place.client("")
    with pytest.raises(NotTestableHere, match=r"ne parle pas TLS 1\.1"):
        place.client("", most="1.1")


def test_nobody_at_the_address_is_an_unreachable_product(tenant: TenantClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    api = ProductApi(tenant, "sas", f"http://127.0.0.1:{port}", CALLER)
    with pytest.raises(ProductUnreachable, match="Personne ne répond"):
        api.call("slot.search", "GET", "/Slot")
    api.close()
