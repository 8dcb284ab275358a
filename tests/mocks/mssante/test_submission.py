"""Submission by smtplib over real TLS: who enters, who may write to whom, and what the journal keeps of it."""

from __future__ import annotations

import smtplib

import pytest

from tests.mocks.mssante.conftest import APP, LEA, MDPH, Office, authenticate, message


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_a_professional_sends_with_her_token(office: Office, mechanism: str) -> None:
    content = message(text="Une ligne.\r\n.Une ligne qui commence par un point.")
    with office.entered(mechanism=mechanism) as server:
        assert server.sendmail(LEA, [MDPH], content) == {}
    (received,) = office.inbox(MDPH)
    raw = office.raw(received["id"])
    assert raw.endswith(content)
    assert raw.startswith(f"Return-Path: <{LEA}>\r\nReceived: ".encode())
    assert office.inbox(LEA) == []
    sent = office.last("smtp.data")
    assert sent["request"]["body"].encode() == content
    assert sent["answer"]["status"] == 250
    assert sent["context"]["tls"]["version"] in ("TLSv1.2", "TLSv1.3")
    assert sent["context"]["auth"]["token"]["state"] == "valid"
    assert sent["context"]["deliveries"] == [{"recipient": MDPH, "state": "remis", "reason": None}]


def test_every_command_is_in_the_journal_and_no_secret(office: Office) -> None:
    office.send(message(), MDPH)
    seen = office.journal()
    assert [one["operation"].rpartition(".")[2] for one in seen] == [
        *("connexion", "ehlo", "starttls", "ehlo", "auth", "mail", "rcpt", "data", "quit")
    ]
    auth = seen[4]
    assert auth["request"]["body"].startswith("AUTH XOAUTH2 ‹masqué:")
    assert office.token not in str(seen)
    assert "250-AUTH OAUTHBEARER XOAUTH2\r\n" in seen[3]["answer"]["body"]
    assert "AUTH" not in seen[1]["answer"]["body"]
    assert "STARTTLS" in seen[1]["answer"]["body"]
    assert {one["protocol"] for one in seen} == {"smtp"}


def test_nothing_is_done_before_tls(office: Office) -> None:
    with office.plain() as server:
        server.ehlo()
        assert server.docmd("MAIL", f"FROM:<{LEA}>")[0] == 530
        assert server.docmd("AUTH", "XOAUTH2 abc")[0] == 530
    assert office.last("smtp.auth")["answer"]["status"] == 530


def test_nothing_is_done_before_auth(office: Office) -> None:
    with office.secured() as server:
        assert server.mail(LEA)[0] == 530


@pytest.mark.check("MSS-093")
@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_a_bad_token_is_refused_after_its_challenge(office: Office, mechanism: str) -> None:
    with office.secured() as server, pytest.raises(smtplib.SMTPAuthenticationError) as refused:
        authenticate(server, LEA, "banc-at-inconnu-de-tous", mechanism)
    assert refused.value.smtp_code == 535
    seen = office.last("smtp.auth")
    assert seen["answer"]["body"].startswith("334 ")
    assert seen["answer"]["body"].endswith("535 5.7.8 Authentication credentials invalid\r\n")
    assert seen["context"]["auth"]["refusal"] == "jeton-inconnu"


@pytest.mark.check("MSS-093")
def test_a_token_that_is_over_or_of_somebody_else_is_refused(office: Office) -> None:
    token = office.token
    office.box("autrui@ems.test.mssante.fr", "PER")
    for address, refusal in [("autrui@ems.test.mssante.fr", "boite-d-autrui"), (APP, "boite-applicative")]:
        with office.secured() as server, pytest.raises(smtplib.SMTPAuthenticationError):
            authenticate(server, address, token)
        assert office.last("smtp.auth")["context"]["refusal"] == refusal
    office.product.post("/revoke", token=token)
    with office.secured() as server, pytest.raises(smtplib.SMTPAuthenticationError):
        authenticate(server, LEA, token)
    assert office.last("smtp.auth")["context"]["refusal"] == "jeton-revoque"
    again = office.product.log_in(office.pro)["access_token"]
    office.product.advance(3600)
    with office.secured() as server, pytest.raises(smtplib.SMTPAuthenticationError):
        authenticate(server, LEA, again)
    assert office.last("smtp.auth")["context"]["refusal"] == "jeton-expire"


def test_plain_is_not_for_professionals(office: Office) -> None:
    with office.secured() as server:
        assert server.docmd("AUTH", "PLAIN AGEAYg==")[0] == 504


def test_an_application_enters_by_its_certificate(office: Office) -> None:
    with office.secured("smtp_application", "client") as server:
        server.user, server.password = APP, ""
        assert server.auth("PLAIN", server.auth_plain)[0] == 235
        assert server.sendmail(APP, [MDPH], message()) == {}
    seen = office.last("smtp.data")
    assert seen["client"]["certificate"] == seen["context"]["tls"]["client"]["subject"]
    assert "DUI DE REFERENCE" in seen["client"]["certificate"]
    assert len(office.inbox(MDPH)) == 1


def test_an_application_of_another_structure_is_refused(office: Office) -> None:
    office.admin("PATCH", f"mssante/boites/{APP}", structure="1990000000")
    with office.secured("smtp_application", "client") as server:
        server.user, server.password = APP, ""
        with pytest.raises(smtplib.SMTPAuthenticationError):
            server.auth("PLAIN", server.auth_plain)
    assert office.last("smtp.auth")["context"]["refusal"] == "certificat-autre-structure"


@pytest.mark.check("MSS-092")
def test_who_may_write_to_whom(office: Office) -> None:
    with office.entered() as server:
        assert server.mail(MDPH)[0] == 550
        assert server.mail("x@ailleurs.test")[0] == 550
        assert server.mail(LEA)[0] == 250
        assert server.rcpt("qui@gmail.com")[0] == 550
        assert server.rcpt("personne@ems.test.mssante.fr")[0] == 550
        assert server.rcpt(MDPH.upper())[0] == 250
        assert server.data(message())[0] == 250
    assert office.journal("mssante.smtp.rcpt")[0]["context"]["refusal"] == "domaine-hors-liste"
    assert office.journal("mssante.smtp.rcpt")[1]["context"]["refusal"] == "boite-inconnue"
    office.set(expediteur_different="noter")
    with office.entered() as server:
        assert server.mail(MDPH)[0] == 250
    assert office.last("smtp.mail")["notes"][0]["code"] == "expediteur-different"


def test_a_mailbox_that_is_closed_or_full(office: Office) -> None:
    office.admin("PATCH", f"mssante/boites/{MDPH}", etat="pleine")
    with office.entered() as server:
        server.mail(LEA)
        assert server.rcpt(MDPH)[0] == 552
        office.set(code_boite_pleine=422)
        assert server.rcpt(MDPH)[0] == 422
        office.admin("PATCH", f"mssante/boites/{MDPH}", etat="fermee")
        assert server.rcpt(MDPH)[0] == 550
    with office.secured() as server, pytest.raises(smtplib.SMTPAuthenticationError):
        authenticate(server, MDPH, office.token)


def test_sizes(office: Office) -> None:
    office.set(taille_maximale=10_000)
    with office.entered() as server:
        assert server.esmtp_features["size"] == "10000"
        assert server.docmd("MAIL", f"FROM:<{LEA}> SIZE=10001")[0] == 552
        server.mail(LEA)
        server.rcpt(MDPH)
        assert server.data(message(text="x" * 70 + "\r\n" + "y\r\n" * 5000))[0] == 552
        assert server.sendmail(LEA, [MDPH], message()) == {}
    assert [one["context"].get("refusal") for one in office.journal("mssante.smtp.data")] == ["trop-grand", None]
    assert len(office.inbox(MDPH)) == 1


def test_two_recipients_of_one_message_and_one_named_twice(office: Office) -> None:
    with office.entered() as server:
        server.mail(LEA)
        for address in (MDPH, LEA, MDPH):
            assert server.rcpt(address)[0] == 250
        assert server.data(message())[0] == 250
    assert len(office.inbox(MDPH)) == len(office.inbox(LEA)) == 1
    assert office.inbox(MDPH)[0]["id"] == office.inbox(LEA)[0]["id"]
    assert office.admin("GET", "mssante/bilan") == {
        "messages": 1,
        "octets": len(message()),
        "remises": 2,
        "rebonds": 0,
        "doublons": [],
    }
