"""Whatever is sent, the service answers; several at once do not mix; real patients leave no trace; both databases."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from werkzeug.test import Client, TestResponse

from mocks import journal, real_people
from mocks.insi import INSI
from mocks.sandbox import Sandbox
from mocks.service import MAX_BODY
from tests.mocks.insi.client import (
    CARD,
    TRAITS,
    VERIFICATION,
    Soap,
    card_body,
    envelope,
    traits_body,
    verification_body,
)
from tests.mocks.insi.conftest import LPS, ROOT, TENANT, Register
from tests.mocks.test_real_people import matricules

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
XML_TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"), max_size=40)
PERSON: dict[str, Any] = {
    "matricule": "248029999900100",
    "oid": "1.2.250.1.213.1.4.10",
    "traits": {"nom_naissance": "TESTEUR", "prenoms": ["JEANNE"], "sexe": "F", "date_naissance": "1948-02-01"},
}
MESSAGES = (
    envelope(TRAITS, traits_body(PERSON)),
    envelope(CARD, card_body(MatriculeOD="2480299999001")),
    envelope(VERIFICATION, verification_body(PERSON)),
)
KINDS = ("application/soap+xml", "application/soap+xml; action=é", "text/xml", "")
THREADS = 8


def post(sandbox: Sandbox, content: bytes | str, **headers: str) -> TestResponse:
    client = Client(sandbox.wsgi, use_cookies=False)
    kind = headers.pop("kind", "application/soap+xml")
    return client.post(f"/t/{TENANT}/insi/lps", base_url=ROOT, data=content, content_type=kind, headers=headers)


def all_at_once(call: Any) -> list[Any]:
    barrier = Barrier(THREADS)

    def run(rank: int) -> Any:
        barrier.wait()
        return call(rank)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


@FEW
@given(
    raw=st.binary(max_size=200),
    kind=st.sampled_from(["application/soap+xml", "text/xml", "", "application/soap+xml; action=é"]),
)
def test_any_bytes(sandbox: Sandbox, raw: bytes, kind: str) -> None:
    answer = post(sandbox, raw, kind=kind)
    assert answer.status_code in (400, 415)
    assert etree.fromstring(answer.data).tag.endswith("}Envelope")


@FEW
@given(data=st.data())
def test_a_message_with_something_else_in_it(sandbox: Sandbox, data: st.DataObject) -> None:
    message = data.draw(st.sampled_from(MESSAGES))
    at = data.draw(st.integers(0, len(message)))
    junk = data.draw(XML_TEXT | st.sampled_from(["<a/>", "]]>", "&#0;", "&lt;", "<![CDATA[<]]>", "\x0b", "é"]))
    taken = data.draw(st.integers(0, 30))
    answer = post(sandbox, (message[:at] + junk + message[at + taken :]).encode())
    assert answer.status_code in (200, 400, 413, real_people.STATUS), answer.text
    etree.fromstring(answer.data)


@FEW
@given(name=XML_TEXT, given_name=XML_TEXT, day=XML_TEXT, place=XML_TEXT, sex=XML_TEXT)
@example(name="ẞ" * 60, given_name="ﬁ", day="0000-00-00", place="2A999", sex="F")
def test_any_text_in_the_traits(sandbox: Sandbox, name: str, given_name: str, day: str, place: str, sex: str) -> None:
    sent = {"NomNaissance": name, "Prenom": given_name, "DateNaissance": day, "LieuNaissance": place, "Sexe": sex}
    answer = post(sandbox, envelope(TRAITS, traits_body(PERSON, **sent)))
    assert answer.status_code in (200, 400), answer.text


@FEW
@given(name=st.text(max_size=60), given_names=st.lists(st.text(max_size=20), max_size=4))
def test_any_name_in_the_register(register: Register, soap: Soap, name: str, given_names: list[str]) -> None:
    """What the register holds never makes an answer that is no XML."""
    person = register.person()
    person = register.change(person, traits={"nom_naissance": name, "prenoms": given_names})
    sent = {"NomNaissance": person["traits"]["nom_naissance"] or "X"}
    answer = soap.by_traits(person, **sent, Prenom=" ".join(filter(None, person["traits"]["prenoms"])) or "X")
    assert answer.code in ("00", "02")


def test_too_large_a_body_is_refused_and_not_kept(register: Register, soap: Soap) -> None:
    assert soap.post(b"A" * (MAX_BODY + 1)).fault == (413, "Sender", "banc_taille")
    told = register.last()
    assert told["request"]["body"] == ""
    assert [note["code"] for note in told["notes"]] == ["corps-trop-grand"]


def test_one_identifier_used_by_several_at_once_is_new_once(sandbox: Sandbox, register: Register) -> None:
    message = envelope(TRAITS, traits_body(PERSON), message="meme", bam="meme", lps="meme")
    assert {answer.status_code for answer in all_at_once(lambda _: post(sandbox, message))} == {200}
    told = register("GET", "echanges?service=insi")["echanges"]
    assert sorted(len(entry["notes"]) for entry in told) == [0] + [3] * (THREADS - 1)


def test_several_at_once_each_get_their_own(sandbox: Sandbox, register: Register) -> None:
    people = [register.person() for _ in range(THREADS)]
    answers = all_at_once(lambda rank: post(sandbox, envelope(TRAITS, traits_body(people[rank]))).text)
    for person, answer in zip(people, answers, strict=True):
        assert f"<NumIdentifiant>{person['matricule'][:13]}</NumIdentifiant>" in answer


def test_changes_at_once_are_all_kept(sandbox: Sandbox, register: Register) -> None:
    person = register.person()
    traits = {"nom_naissance": "A", "prenoms": ["B"], "sexe": "", "date_naissance": "", "lieu_naissance": ""}
    bodies: list[dict[str, Any]] = [{"traits": {key: value}} for key, value in traits.items()]
    bodies += [{"nature": "NIA"}, {"absente": True}, {"historique": []}]

    def change(rank: int) -> int:
        def local(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            return sandbox.wsgi({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)

        path = f"/_banc/tenants/{TENANT}/insi/identites/{person['personne']}"
        return Client(local).put(path, base_url=ROOT, json=bodies[rank]).status_code

    assert set(all_at_once(change)) == {200}
    told = register("GET", f"insi/identites/{person['personne']}")
    assert (told["traits"], told["nature"], told["absente"]) == (traits, "NIA", True)


@pytest.fixture
def stored(store_url: str) -> Iterator[Sandbox]:
    made = Sandbox(store_url, services=[INSI])
    made.open_tenant(TENANT)
    yield made
    made.close()


def test_a_journey_on_both_databases(stored: Sandbox) -> None:
    with stored.embedded(), httpx.Client() as http:
        register, soap = Register(http), Soap(http, LPS)
        one, other = register.person(), register.person()
        register.change(other, homonyme_de=one["personne"])
        assert [soap.by_traits(one).code, soap.verify(one).code] == ["02", "OK"]
        register.change(other, absente=True)
        assert soap.by_traits(one).code == "00"
        assert soap.post(envelope(TRAITS, traits_body(one, NomNaissance="\u0130" * 200))).code == "01"
        message = envelope(TRAITS, traits_body(one), message="meme", bam="meme", lps="meme")
        assert {answer.status_code for answer in all_at_once(lambda _: post(stored, message))} == {200}
        told = register("GET", "echanges?service=insi")["echanges"]
        assert sum(len(entry["notes"]) == 0 for entry in told if ">uuid:meme<" in entry["request"]["body"]) == 1
        register("DELETE", "")


@settings(max_examples=15, deadline=None)
@given(who=matricules(), data=st.data())
def test_nothing_of_a_real_person_is_kept(
    tmp_path_factory: pytest.TempPathFactory, who: str, data: st.DataObject
) -> None:
    """With its OID in a verification; alone, as the number of a card."""
    oid = data.draw(st.sampled_from(["1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9"]))
    known = {**PERSON, "matricule": who, "oid": oid}
    cover = f"<bam:COUVERTURE><bam:ASSURE><bam:Id><bam:Num>{who[:13]}</bam:Num></bam:Id></bam:ASSURE></bam:COUVERTURE>"
    messages = [
        envelope(VERIFICATION, verification_body(known)),
        envelope(CARD, card_body(MatriculeOD=who[:13], DateNaissance="1948-02-01")),
        envelope(CARD, card_body(MatriculeIndividu=who[:13])),
        envelope(CARD, card_body(MatriculeIndividu="2480299999001")).replace("<bam:COUVERTURE/>", cover),
    ]
    folder = tmp_path_factory.mktemp("disque")
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    sandbox = Sandbox(f"sqlite:///{folder / 'banc.sqlite'}", services=[INSI])
    sandbox.open_tenant(TENANT)
    try:
        for message in messages:
            written = message.encode(data.draw(st.sampled_from(["utf-8", "utf-16"])))
            answer = post(sandbox, written)
            assert answer.status_code == real_people.STATUS
            assert answer.content_type == "application/soap+xml; charset=utf-8"
            error = etree.fromstring(answer.data).find(".//{urn:siram}Erreur")
            assert error is not None
            assert (error.get("code"), error.text) == (real_people.CODE, real_people.MESSAGE)
        on_disk = b"".join(path.read_bytes() for path in folder.iterdir())
        assert who[:13].encode() not in on_disk
        assert not any(who[:13] in line for line in lines)
        with sandbox.store.session() as session:
            told = journal.read(session, TENANT, operation="insi.personne_reelle")
        assert len(told) == len(messages)
    finally:
        logging.getLogger().removeHandler(handler)
        sandbox.close()


def test_fictitious_and_test_numbers_are_served(register: Register, soap: Soap) -> None:
    """A test INS of the national platform has a commune that exists, and an OID that says it is of test."""
    person = register.person()
    elsewhere = {**person, "matricule": "236066322083656"}
    assert soap.verify(elsewhere).code == "KO"
    register.set(oid_nir="1.2.250.1.213.1.4.8")
    assert soap.verify({**person, "oid": "1.2.250.1.213.1.4.8"}).code == "OK"
    assert soap.verify({**elsewhere, "oid": "1.2.250.1.213.1.4.8"}).http.status_code == real_people.STATUS
