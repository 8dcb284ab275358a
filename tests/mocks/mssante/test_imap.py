"""Reading one's mail by imaplib over real TLS."""

from __future__ import annotations

import base64
import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from tests.mocks.mssante.conftest import APP, LEA, MDPH, Office, initial, message

REAL = "269054958815780"


def uids(server: imaplib.IMAP4, *criteria: str) -> list[bytes]:
    status, found = server.uid("SEARCH", *criteria)
    assert status == "OK"
    return found[0].split()  # type: ignore[no-any-return]


def raw(server: imaplib.IMAP4, uid: bytes, what: str = "(BODY.PEEK[])") -> bytes:
    status, found = server.uid("FETCH", uid.decode(), what)
    assert status == "OK"
    return bytes(found[0][1])


class Wire:
    """A connection on which lines are written as they are."""

    def __init__(self, office: Office, port: str = "imap") -> None:
        self.server = office.secured_imap(port)
        self.sock: Any = self.server.sock
        self.file = self.sock.makefile("rb")

    def say(self, line: bytes) -> None:
        self.sock.sendall(line)

    def hear(self, tag: bytes) -> list[bytes]:
        """Lines up to the one that begins with that tag, or until the other side hangs up."""
        lines: list[bytes] = []
        while not lines or not lines[-1].startswith(tag):
            line = self.file.readline()
            if not line:
                break
            lines.append(line)
        return lines

    def ask(self, line: bytes) -> bytes:
        self.say(line)
        return self.hear(line.split(b" ")[0] if line.strip() else b"*")[-1]


@pytest.fixture
def wire(office: Office) -> Iterator[Wire]:
    made = Wire(office)
    yield made
    made.file.close()
    made.sock.close()


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_a_professional_reads_her_mail(office: Office, mechanism: str) -> None:
    office.send(message("XDM/1.0/DDM+Fiche", 1), MDPH)
    office.send(message("Autre", 2), MDPH)
    with office.opened_imap(mechanism=mechanism) as server:
        assert uids(server, "ALL") == [b"1", b"2"]
        assert uids(server, "HEADER", "Message-ID", "<essai-2@ems.test>") == [b"2"]
        assert uids(server, "SUBJECT", '"XDM/1.0/DDM"') == [b"1"]
        assert raw(server, b"1").endswith(message("XDM/1.0/DDM+Fiche", 1))
        assert raw(server, b"1").startswith(b"Return-Path: <" + LEA.encode())
        assert raw(server, b"2", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])").strip() == b"Subject: Autre"
        assert uids(server, "UNSEEN") == [b"1", b"2"]
        raw(server, b"2", "(BODY[TEXT])")
        assert uids(server, "UNSEEN") == [b"1"]
        _, found = server.uid("FETCH", "1:*", "(FLAGS RFC822.SIZE ENVELOPE BODYSTRUCTURE INTERNALDATE)")
        assert len(found) == 2
        assert b'"text" "plain"' in found[0].lower()  # type: ignore[union-attr]


def test_every_command_is_in_the_journal_and_no_secret(office: Office) -> None:
    office.send(message(text="x" * 80 + "\r\n" + "y" * 6000), MDPH)
    with office.opened_imap() as server:
        raw(server, b"1")
    seen = [one for one in office.journal() if one["protocol"] == "imap"]
    assert [one["operation"].rpartition(".")[2] for one in seen] == [
        *("connexion", "capability", "starttls", "capability", "authenticate", "select", "uid_fetch", "logout")
    ]
    auth, fetch = seen[4], seen[6]
    assert re.fullmatch(r"\S+ AUTHENTICATE XOAUTH2\r\n‹masqué:\w+›\r\n", auth["request"]["body"])
    assert office.token not in str(seen)
    assert (fetch["answer"]["status"], fetch["request"]["method"]) == (200, "UID_FETCH")
    assert "‹octets=" in fetch["answer"]["body"]
    assert fetch["context"]["auth"]["mailbox"] == MDPH
    assert "LOGINDISABLED" in seen[1]["answer"]["body"]
    assert "AUTH=" not in seen[1]["answer"]["body"]
    assert "SASL-IR LOGINDISABLED AUTH=OAUTHBEARER AUTH=XOAUTH2" in seen[3]["answer"]["body"]


def test_nothing_is_done_before_tls(office: Office) -> None:
    with office.plain_imap() as server:
        with pytest.raises(imaplib.IMAP4.error):
            server.login(LEA, "secret")
        with pytest.raises(imaplib.IMAP4.error):
            server.authenticate("XOAUTH2", lambda _challenge: b"user=x")
    assert "secret" not in str(office.journal())


def test_the_initial_response_may_come_with_the_command(office: Office, wire: Wire) -> None:
    blob = base64.b64encode(initial(LEA, office.token, "XOAUTH2")[0].encode())
    assert wire.ask(b"a AUTHENTICATE XOAUTH2 " + blob + b"\r\n").startswith(b"a OK")
    assert wire.ask(b"b SELECT INBOX\r\n").startswith(b"b OK")
    assert office.last("imap.authenticate")["request"]["body"].startswith("a AUTHENTICATE XOAUTH2 ‹masqué:")


@pytest.mark.check("MSS-093")
@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_a_bad_token_is_refused_after_its_challenge(office: Office, wire: Wire, mechanism: str) -> None:
    blob = base64.b64encode(initial(LEA, "banc-at-inconnu-de-tous", mechanism)[0].encode())
    wire.say(b"a AUTHENTICATE %s %s\r\n" % (mechanism.encode(), blob))
    (challenge,) = wire.hear(b"+")
    assert b'"status"' in base64.b64decode(challenge[2:])
    wire.say(b"\r\n" if mechanism == "XOAUTH2" else b"AQ==\r\n")
    assert wire.hear(b"a")[-1].startswith(b"a NO [AUTHENTICATIONFAILED]")
    seen = office.last("imap.authenticate")
    assert (seen["answer"]["status"], seen["context"]["refusal"]) == (403, "jeton-inconnu")
    assert wire.ask(b"b SELECT INBOX\r\n").startswith(b"b BAD")


def test_an_application_enters_by_its_certificate(office: Office) -> None:
    office.send(message(), APP)
    with office.secured_imap("imap_application", "client") as server:
        assert server.authenticate("PLAIN", lambda _challenge: f"\0{APP}\0".encode())[0] == "OK"
        assert server.select() == ("OK", [b"1"])
    assert "DUI DE REFERENCE" in office.last("imap.select")["client"]["certificate"]


def test_a_client_without_certificate_does_not_reach_the_port_of_applications(office: Office) -> None:
    server = office.plain_imap("imap_application")
    with pytest.raises((ssl.SSLError, OSError, imaplib.IMAP4.error)):
        server.starttls(office.trust())
    server.shutdown()
    (told,) = office.admin("GET", "echanges?operation=tls.refus&attendre=5")["echanges"]
    assert told["context"]["tls"]["reason"] == "certificat-absent"


def test_flags_and_keywords_stay(office: Office) -> None:
    office.send(message(), MDPH)
    with office.opened_imap() as server:
        server.uid("STORE", "1", "+FLAGS", r"(\Answered $MDNSent)")
        server.uid("STORE", "1", "-FLAGS", r"(\Seen)")
    with office.opened_imap() as server:
        _, found = server.uid("FETCH", "1", "(FLAGS)")
        assert set(re.findall(rb"[\\$]\w+", found[0])) == {b"\\Answered", b"$MDNSent"}  # type: ignore[arg-type]
        assert uids(server, "KEYWORD", "$MDNSent") == [b"1"]
    assert set(office.inbox(MDPH)[0]["drapeaux"]) == {"\\Answered", "$MDNSent"}


def test_folders(office: Office) -> None:
    office.send(message(), MDPH)
    office.send(message(number=2), MDPH)
    with office.opened_imap() as server:
        assert server.create("Archives")[0] == server.create("Archives/2026")[0] == "OK"
        assert server.create("Archives")[0] == "NO"
        validity = server.status("Archives", "(UIDVALIDITY)")[1][0]
        assert server.uid("COPY", "1", "Archives")[0] == "OK"
        assert server.uid("MOVE", "2", "Archives/2026")[0] == "OK"
        assert uids(server, "ALL") == [b"1"]
        assert b"MESSAGES 1" in server.status("Archives/2026", "(MESSAGES UIDNEXT UNSEEN)")[1][0]
        assert server.rename("Archives", "Vieux")[0] == "OK"
        assert sorted(line.rpartition(b" ")[2] for line in server.list()[1]) == [  # type: ignore[union-attr]
            b"INBOX",
            b"Vieux",
            b"Vieux/2026",
        ]
        assert server.subscribe("Vieux")[0] == "OK"
        assert any(b"Vieux" in line for line in server.lsub()[1])  # type: ignore[operator]
        assert server.delete("Vieux")[0] == server.create("Archives")[0] == "OK"
        assert server.status("Archives", "(UIDVALIDITY)")[1][0] != validity
        assert server.select("Inconnu")[0] == "NO"
        assert server.delete("INBOX")[0] == "NO"


def test_append_and_expunge(office: Office) -> None:
    sent = message("Envoyé".encode().decode("ascii", "ignore"), 7)
    with office.opened_imap() as server:
        server.create("Sent")
        assert server.append("Sent", r"(\Seen)", '"02-Mar-2026 10:00:00 +0100"', sent)[0] == "OK"
        server.select("Sent")
        assert raw(server, b"1") == sent
        _, found = server.fetch("1", "(INTERNALDATE)")
        assert b"02-Mar-2026" in found[0]  # type: ignore[operator]
        server.store("1", "+FLAGS", r"\Deleted")
        assert server.expunge() == ("OK", [b"1"])
        assert uids(server, "ALL") == []
        server.append("Sent", "", "", sent)
        assert uids(server, "ALL") == [b"2"]  # a UID never serves twice
    assert office.admin("GET", "mssante/bilan")["messages"] == 0  # nothing was sent
    assert office.inbox(MDPH)[0]["dossier"] == "Sent"


def test_two_sessions_see_each_other(office: Office) -> None:
    office.send(message(), MDPH)
    with office.opened_imap() as one, office.opened_imap() as other:
        one.uid("STORE", "1", "+FLAGS", r"(\Flagged)")
        other.noop()
        assert b"\\Flagged" in other.response("FETCH")[1][0]  # type: ignore[operator]
        office.send(message(number=2), MDPH)
        assert other.noop()[0] == "OK"
        assert other.response("EXISTS")[1][-1] == b"2"
        one.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
        one.expunge()
        other.noop()
        assert other.response("EXPUNGE")[1] == [b"1"]


def test_who_idles_is_told(office: Office, wire: Wire) -> None:
    blob = base64.b64encode(initial(MDPH, office.token, "XOAUTH2")[0].encode())
    wire.ask(b"a AUTHENTICATE XOAUTH2 " + blob + b"\r\n")
    wire.ask(b"b SELECT INBOX\r\n")
    wire.say(b"c IDLE\r\n")
    wire.hear(b"+")
    office.send(message(), MDPH)
    assert wire.hear(b"* 1 EXISTS")[-1] == b"* 1 EXISTS\r\n"
    wire.say(b"DONE\r\n")
    assert wire.hear(b"c")[-1].startswith(b"c OK")
    seen = [one["operation"].rpartition(".")[2] for one in office.journal() if one["protocol"] == "imap"]
    assert seen[-3:] == ["idle", "notification", "done"]


@pytest.mark.parametrize(
    "line",
    [
        b"\r\n",
        b"a\r\n",
        b"a FOO\r\n",
        b"a FETCH 1 FLAGS\r\n",
        b"a SELECT\r\n",
        b"a AUTHENTICATE\r\n",
        b"a AUTHENTICATE XOAUTH2 !!!\r\n",
        b"a AUTHENTICATE GSSAPI\r\n",
        b"\xff\xfe \x00\r\n",
        b"a LOGIN {3+}\r\nabc {3+}\r\nxyz\r\n",
        b"a LOGIN x y\r\n",
    ],
)
def test_bad_commands_get_an_answer_and_the_connection_lives(wire: Wire, line: bytes) -> None:
    wire.say(line)
    assert wire.ask(b"z NOOP\r\n").startswith(b"z OK")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (b"a " + b"x" * 100_000 + b"\r\n", b"* BAD Line too long\r\n"),
        (b"a NOOP {99999999+}\r\n", b"* BAD Literal too long\r\n"),
    ],
)
def test_what_is_too_long_ends_the_connection(wire: Wire, line: bytes, answer: bytes) -> None:
    wire.say(line)
    assert wire.hear(b"* BAD") == [answer]
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        assert wire.file.readline() == b""


def test_a_literal_that_is_too_long_is_refused_before_it_comes(wire: Wire) -> None:
    assert wire.ask(b"a LOGIN {999999999}\r\n").startswith(b"a BAD")
    assert wire.ask(b"b NOOP\r\n").startswith(b"b OK")


def test_a_real_person_is_refused_and_not_kept(office: Office) -> None:
    with office.opened_imap() as server:
        text = f"INS {REAL} de l'OID 1.2.250.1.213.1.4.8"
        assert server.append("INBOX", "", "", message(text=text))[0] == "NO"
        assert uids(server, "ALL") == []
    assert REAL not in str(office.journal())


@pytest.mark.parametrize(("nature", "code"), [("429", 403), ("500", 403)])
def test_faults_are_said_and_nothing_is_done(office: Office, nature: str, code: int) -> None:
    office.send(message(), MDPH)
    with office.opened_imap() as server:
        office.fault("imap.uid_store", nature)
        assert server.uid("STORE", "1", "+FLAGS", r"(\Seen)")[0] == "NO"
        assert uids(server, "UNSEEN") == [b"1"]
        assert server.uid("STORE", "1", "+FLAGS", r"(\Seen)")[0] == "OK"
    assert office.journal("mssante.imap.uid_store")[0]["answer"]["status"] == code


def test_a_lost_answer_and_a_closed_service(office: Office) -> None:
    office.send(message(), MDPH)
    office.fault("imap.uid_store", "coupure_apres")
    server = office.opened_imap()
    with pytest.raises((imaplib.IMAP4.abort, OSError)):
        server.uid("STORE", "1", "+FLAGS", r"(\Seen)")
    server.shutdown()
    assert office.inbox(MDPH)[0]["drapeaux"] == ["\\Seen"]
    office.fault("imap.noop", "503")
    server = office.opened_imap()
    with pytest.raises(imaplib.IMAP4.abort):
        server.noop()
    server.shutdown()


def test_what_was_said_in_clear_does_not_count_after_tls(office: Office) -> None:
    """An attacker who writes before the handshake must not be heard after it (CVE-2011-0411)."""
    sock = socket.create_connection(("localhost", office.ports()["imap"]["port"]), timeout=5)
    sock.recv(1000)
    sock.sendall(b"a STARTTLS\r\nb CAPABILITY\r\n")
    assert b"a OK" in sock.recv(1000)
    with office.trust().wrap_socket(sock, server_hostname="localhost") as secured:
        secured.sendall(b"c NOOP\r\n")
        assert secured.recv(1000).startswith(b"c OK")
