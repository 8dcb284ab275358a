import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from werkzeug.test import Client

from mocks.sandbox import Sandbox

T = "/_banc/tenants/defaut"


@pytest.fixture
def served(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with sandbox.serve() as server, httpx.Client(base_url=server.url) as client:
        yield client


@pytest.fixture(params=["embedded", "socket"])
def either(request: pytest.FixtureRequest, sandbox: Sandbox) -> httpx.Client:
    client: httpx.Client = request.getfixturevalue("client" if request.param == "embedded" else "served")
    return client


def entries(client: httpx.Client) -> list[dict[str, object]]:
    return list(client.get(f"{T}/echanges").json()["echanges"])


@pytest.mark.parametrize(("nature", "kept"), [("coupure_avant", None), ("coupure_apres", {"body": 4})])
def test_connection_is_cut_and_journaled(either: httpx.Client, nature: str, kept: object) -> None:
    either.post(f"{T}/pannes", json={"operation": "toy.write", "nature": nature})
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        either.post("/toy/notes", content=b"abcd")
    (entry,) = entries(either)
    assert (entry["answer"], entry["fault"], entry["context"] or None) == (None, nature, kept)
    assert either.post("/toy/notes").status_code == 201


def test_fault_counts_down_and_names_itself(either: httpx.Client) -> None:
    either.post(f"{T}/pannes", json={"operation": "toy.write", "nature": "429", "retry_after": 7, "fois": 2})
    answers = [either.post("/toy/notes") for _ in range(3)]
    assert [a.status_code for a in answers] == [429, 429, 201]
    assert answers[0].headers["Retry-After"] == "7"
    assert [e["fault"] for e in entries(either)] == ["429", "429", None]


def test_fault_of_a_person_spares_the_others(client: httpx.Client) -> None:
    client.post(f"{T}/pannes", json={"operation": "toy.write", "nature": "500", "personne": "p2"})
    statuses = [client.post("/toy/notes", headers={"X-Person": p}).status_code for p in ("p1", "p2", "p2")]
    assert statuses == [201, 500, 201]


@pytest.mark.parametrize(("path", "person"), [("notes", None), ("notes", "p1"), ("locked", "p1")])
def test_a_slow_answer_keeps_nobody_waiting(
    sandbox: Sandbox, client: httpx.Client, monkeypatch: pytest.MonkeyPatch, path: str, person: str | None
) -> None:
    asleep, others_done = threading.Event(), threading.Event()
    slept: list[tuple[float, bool]] = []

    def sleep(seconds: float) -> None:
        asleep.set()
        slept.append((seconds, others_done.wait(20)))

    monkeypatch.setattr("time.sleep", sleep)
    client.post("/_banc/tenants", json={"nom": "autre"})
    named = {} if person is None else {"personne": person}
    client.post(f"{T}/pannes", json={"operation": "toy.*", "nature": "lenteur", "secondes": 7, **named})
    slow = threading.Thread(target=lambda: Client(sandbox.wsgi).post("/toy/notes", headers={"X-Person": "p1"}))
    slow.start()
    assert asleep.wait(20)
    for address in ("/t/autre/toy/notes", "/toy/notes"):
        assert client.post(address).status_code == 201
    others_done.set()
    slow.join()
    assert slept == [(7, True)]
    assert sorted(str(entry["fault"]) for entry in entries(client)) == ["None", "lenteur"]


def test_body_over_the_limit_is_refused_and_not_kept(either: httpx.Client) -> None:
    answer = either.post("/toy/notes", content=b"x" * 10_000_000)
    assert answer.status_code == 413
    (entry,) = entries(either)
    assert entry["request"]["body"] == ""  # type: ignore[index]
    assert [note["code"] for note in entry["notes"]] == ["corps-trop-grand"]  # type: ignore[attr-defined]


def test_chunked_body_is_read(served: httpx.Client) -> None:
    assert served.post("/toy/notes", content=iter([b"ab", b"cd"])).json() == {"seen": "abcd"}


def test_crash_is_journaled_and_next_call_served(either: httpx.Client) -> None:
    assert either.get("/toy/crash").status_code == 500
    assert either.post("/toy/notes").status_code == 201
    assert [e["answer"]["status"] for e in entries(either)] == [500, 201]  # type: ignore[index]


def test_unplanned_route_is_named_in_the_journal(client: httpx.Client) -> None:
    assert client.get("/toy/ailleurs").status_code == 501
    (entry,) = entries(client)
    assert entry["operation"] == "toy.inconnue"


def test_raw_target_and_underscored_header_reach_the_journal(served: httpx.Client) -> None:
    url = urlsplit(str(served.base_url))
    with socket.create_connection((url.hostname, url.port)) as raw:
        raw.sendall(
            b"POST /toy/notes?p=a|b&q=1+2%2B3 HTTP/1.1\r\nHost: x\r\nstruct_idnat: 3999\r\n"
            b"Content-Length: 0\r\nConnection: close\r\n\r\n"
        )
        while raw.recv(4096):
            pass
    (entry,) = entries(served)
    assert entry["request"]["target"] == "/toy/notes?p=a|b&q=1+2%2B3"  # type: ignore[index]
    assert entry["request"]["query"] == [["p", "a|b"], ["q", "1 2+3"]]  # type: ignore[index]
    assert ["Struct-Idnat", "3999"] in entry["request"]["headers"]  # type: ignore[index]


def test_national_address_leads_to_the_service(sandbox: Sandbox) -> None:
    with sandbox.embedded(), httpx.Client() as client:
        assert client.post("https://toy.banc.test/notes", content=b"a").status_code == 201
        assert len(entries(httpx.Client(base_url="https://banc.test"))) == 1


def test_port_in_use_is_said(sandbox: Sandbox) -> None:
    from mocks.servers.cheroot import PortInUseError

    with sandbox.serve() as server, pytest.raises(PortInUseError):
        sandbox.serve(port=urlsplit(server.url).port or 0)


def test_a_limit_of_rate_asks_to_wait_then_lets_through(either: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("mocks.call.time.time", lambda: now[0])
    either.post(f"{T}/pannes", json={"operation": "toy.*", "nature": "debit", "par_seconde": 2})
    answers = [either.post("/toy/notes") for _ in range(3)]
    assert [a.status_code for a in answers] == [201, 201, 429]
    assert answers[2].headers["Retry-After"] == "1"
    assert [e["fault"] for e in entries(either)] == [None, None, "debit"]
    now[0] += 1
    assert either.post("/toy/notes").status_code == 201


@pytest.mark.parametrize("wrong", [{}, {"par_seconde": 0}, {"par_seconde": True}, {"par_seconde": 2, "personne": "p1"}])
def test_a_limit_of_rate_that_cannot_be_is_refused(client: httpx.Client, wrong: dict[str, object]) -> None:
    answer = client.post(f"{T}/pannes", json={"operation": "toy.*", "nature": "debit", **wrong})
    assert answer.status_code == 400
    assert answer.json()["message"]
