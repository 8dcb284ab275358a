"""What a careless or hostile client sends over a real socket: refused in words, journaled, and nothing is changed."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.e2e.national import FHIR, Admin, Paired
from tests.e2e.processes import DEADLINE_S, Running, state
from tests.mocks.mes.product import Product

APPOINTMENT = "/fhir/Appointment"


@dataclass
class Sent:
    """A request of the product, which each row of the table spoils. A header that is None is not sent."""

    body: bytes
    headers: dict[str, str | bytes | None]
    path: str = APPOINTMENT
    method: str = "POST"


@dataclass
class Answered:
    """Status, headers (lower case) and body of an answer."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


Spoil = Callable[[Sent, Paired], None]


def header(name: str, value: str | bytes | None) -> Spoil:
    return lambda sent, _other: sent.headers.update({name: value})


def body(content: bytes) -> Spoil:
    return lambda sent, _other: setattr(sent, "body", content)


def path(value: str) -> Spoil:
    return lambda sent, _other: setattr(sent, "path", value)


def stranger(sent: Sent, other: Paired) -> None:
    """Both tokens of a pairing made in another tenant."""
    sent.headers.update(other.headers())


def alien_identity(sent: Sent, other: Paired) -> None:
    """An id_token of another tenant beside our own access_token."""
    sent.headers["ID_TOKEN"] = other.identity


REFUSALS: dict[str, tuple[Spoil, int, str]] = {
    "json-tronque": (body(b'{"resourceType":'), 400, "n'est pas un JSON valide, ligne 1, colonne 17"),
    "json-non-utf8": (body(b'{"resourceType": "Appointment", "description": "\xe9"}'), 400, "JSON valide"),
    "json-liste": (body(b"[]"), 400, "objet"),
    "corps-vide": (body(b""), 400, "corps"),
    "corps-de-10-mo": (body(b"{" + b" " * 10_000_000 + b"}"), 413, "dépasse la taille acceptée"),
    "xml": (header("Content-Type", "application/fhir+xml"), 415, "attendu : application/fhir+json"),
    "sans-type": (header("Content-Type", "n'importe quoi"), 415, "attendu : application/fhir+json"),
    "ressource-inconnue": (path("/fhir/Patient"), 404, "« Patient » n'est pas une ressource de ce service"),
    "jeton-faux": (header("Authorization", "Bearer banc-at-faux"), 401, "L'access_token est absent, inconnu"),
    "jeton-absent": (header("Authorization", None), 401, "L'access_token est absent, inconnu"),
    "jeton-non-utf8": (header("Authorization", b"Bearer \xff\xfe"), 401, "L'access_token est absent, inconnu"),
    "autre-locataire": (stranger, 401, "L'access_token est absent, inconnu"),
    "id-token-absent": (header("ID_TOKEN", None), 400, "L'id_token n'est pas un JWT valide"),
    "id-token-non-utf8": (header("ID_TOKEN", b"\xff\xe9.a.b"), 400, "L'id_token n'est pas un JWT valide"),
    "id-token-etranger": (alien_identity, 400, "L'id_token n'est pas un JWT valide"),
}


@pytest.mark.parametrize(("spoil", "status", "words"), REFUSALS.values(), ids=REFUSALS)
def test_a_bad_call_is_refused_in_words_and_changes_nothing(
    sandbox: Running, admin: Admin, spoil: Spoil, status: int, words: str
) -> None:
    sent, other = request_of(admin.pair()), neighbour(sandbox)
    spoil(sent, other)
    before, mark = state(sandbox.store), admin.journal()[-1]["id"]
    answer = send(admin.base, sent)
    outcome = json.loads(answer.body)
    assert (answer.status, outcome["resourceType"]) == (status, "OperationOutcome")
    assert words in outcome["issue"][0]["diagnostics"]
    (entry,) = admin.journal(after=mark)
    assert entry["answer"]["status"] == status
    assert state(sandbox.store) == before


@pytest.mark.parametrize(
    "headers",
    [{"X-Gros": "a" * 100_000}, {"X-Request-ID": b"\xff\xfe\x80"}, {"X-Remarque": "é€".encode()}],
    ids=["enorme", "correlation-non-utf8", "remarque-utf8"],
)
def test_a_strange_header_that_means_nothing_is_no_obstacle(admin: Admin, headers: dict[str, Any]) -> None:
    sent = request_of(admin.pair())
    sent.headers.update(headers)
    assert send(admin.base, sent).status == 201
    assert admin.journal("mes.fhir.*")[-1]["answer"]["status"] == 201


def test_more_than_a_server_takes_is_refused_and_the_next_call_served(sandbox: Running, admin: Admin) -> None:
    sent, before = request_of(admin.pair()), None
    sent.headers.update({f"X-H{rank}": "a" * 100 for rank in range(20_000)})
    before = state(sandbox.store)
    assert send(admin.base, sent).status in (413, 431)
    assert state(sandbox.store) == before
    assert send(admin.base, request_of(admin.pair())).status == 201


def test_headers_with_an_underscore_reach_the_service(admin: Admin) -> None:
    sent = request_of(admin.pair())
    sent.headers.update({"struct_idnat": "3999", "X-Request-ID": "essai-1"})
    answer = send(admin.base, sent)
    assert (answer.status, answer.headers["x-request-id"]) == (201, "essai-1")
    entry = admin.journal("mes.fhir.appointment.create")[-1]
    assert ["Struct-Idnat", "3999"] in entry["request"]["headers"]
    assert entry["context"]["id_token"]["state"] == "valid"


@pytest.fixture
def products(sandbox: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Product, Product]]:
    """Two products of one tenant, over real sockets; every client that they open is closed."""
    with ExitStack() as opened:
        make = httpx.Client
        monkeypatch.setattr("tests.mocks.mes.product.ROOT", sandbox.url)
        monkeypatch.setattr(httpx, "Client", lambda **options: opened.enter_context(make(**options)))
        product = Product.registered()
        other = product.another()
        for client in (product.http, other.http):
            opened.callback(client.close)
        yield product, other


def test_a_code_serves_its_own_client_once(sandbox: Running, products: tuple[Product, Product]) -> None:
    product, other = products
    code = product.code_for(product.admin("POST", "personnes"), "AGENDA_LECTURE")
    before = state(sandbox.store)
    stolen = other.exchange(code)
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    assert product.post("/oauth2/token", secret="faux", grant_type="authorization_code", code=code).status_code == 401
    assert state(sandbox.store) == before
    answers = [product.exchange(code) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 400]
    assert answers[1].json()["error"] == "invalid_grant"
    refreshed = product.refresh(answers[0].json()["refresh_token"])
    assert refreshed.json()["error"] == "invalid_grant", "a code shown twice revokes what it gave (RFC 6749 §4.1.2)"


def request_of(paired: Paired) -> Sent:
    """A right creation."""
    content = json.dumps(paired.appointment("rdv-1")).encode()
    return Sent(content, {"Content-Type": FHIR, **paired.headers()})


def neighbour(sandbox: Running) -> Paired:
    """A pairing of the same product in the default tenant."""
    with Admin(sandbox.url) as default:
        if not default("GET", "mes/services")["services"]:
            default.register()
        return default.pair()


def send(base: str, sent: Sent) -> Answered:
    """Send these very bytes on a connection of their own; httpx would refuse some of them."""
    url = urlsplit(base + sent.path)
    headers = {"Host": url.netloc, "Content-Length": str(len(sent.body)), "Connection": "close", **sent.headers}
    lines = [f"{sent.method} {url.path} HTTP/1.1".encode()]
    for name, value in headers.items():
        if value is not None:
            lines.append(name.encode() + b": " + (value if isinstance(value, bytes) else value.encode()))
    received = b""
    with socket.create_connection((url.hostname, url.port), timeout=DEADLINE_S) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # refused before it was read to its end
            connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + sent.body)
        with suppress(ConnectionResetError):
            while part := connection.recv(65536):
                received += part
    head, _, rest = received.partition(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(": ") for line in fields)
    return Answered(int(status.split()[1]), {name.lower(): value for name, _, value in pairs}, rest)
