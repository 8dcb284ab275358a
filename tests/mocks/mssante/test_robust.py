"""What strangers send, faults, many clients at once, and a death in the middle."""

from __future__ import annotations

import json
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import threading
from importlib import resources
from pathlib import Path

import httpx
import jsonschema
import pytest

from mocks.mssante import MSSANTE
from mocks.mssante.ports import Ports
from mocks.pki import Pki
from mocks.psc import PSC
from mocks.sandbox import Sandbox
from tests.mocks.mssante.conftest import LEA, MDPH, Office, message

REAL = "269054958815780"  # a matricule of INSEE's documentation: its commune exists


def exchange(office: Office, *lines: bytes) -> list[bytes]:
    """Send lines on a secured connection as they are; the answers."""
    with office.secured() as server:
        said = []
        for line in lines:
            server.sock.sendall(line)  # type: ignore[union-attr]
            code, text = server.getreply()
            said.append(b"%d %s" % (code, text))
        return said


@pytest.mark.parametrize(
    "line",
    [
        b"\r\n",
        b"FOO\r\n",
        b"EHLO\r\n",
        b"\xff\xfe\x00\r\n",
        b"MAIL FROM:" + b"<" * 200 + b"\r\n",
        b"A" * 20_000 + b"\r\n",
        b"AUTH\r\n",
        b"AUTH XOAUTH2 !!!\r\n",
        b"AUTH XOAUTH2 a b c\r\n",
        b"NOOP \x00\r\n",
    ],
)
def test_bad_commands_get_an_answer_and_the_connection_lives(office: Office, line: bytes) -> None:
    first, second = exchange(office, line, b"NOOP\r\n")
    assert first[:1] in b"25"
    assert second.startswith(b"250")
    assert len(office.journal()) == 7  # greeting, EHLO, STARTTLS, EHLO, this, NOOP, QUIT


@pytest.mark.parametrize("blob", [b"", b"=", b"dXNlcj0=", b"AAAA", b"/////w=="])
@pytest.mark.parametrize("mechanism", [b"XOAUTH2", b"OAUTHBEARER"])
def test_bad_credentials_are_refused(office: Office, mechanism: bytes, blob: bytes) -> None:
    lines = [b"AUTH %s %s\r\n" % (mechanism, blob), *([b"\r\n"] if blob else [b"\r\n", b"\r\n"])]
    *challenges, last = exchange(office, *lines)
    assert all(one.startswith(b"334") for one in challenges)
    assert last.startswith(b"535")
    assert office.last("smtp.auth")["context"]["refusal"] in ("malforme", "jeton-absent")


def test_a_real_person_is_refused_and_not_kept(office: Office) -> None:
    with office.entered() as server:
        assert server.mail(LEA)[0] == 250
        assert server.rcpt(f"{REAL}@patient.mssante.fr")[0] == 550
        assert server.rcpt(MDPH)[0] == 250
        text = f"INS {REAL} de l'OID 1.2.250.1.213.1.4.8"
        assert server.data(message(text=text))[0] == 550
    assert office.inbox(MDPH) == []
    assert REAL not in str(office.journal())
    assert len(office.journal("mssante.personne_reelle")) == 2


@pytest.mark.parametrize(
    ("operation", "nature", "code"),
    [
        ("smtp.mail", "429", 450),
        ("smtp.mail", "500", 451),
        ("smtp.rcpt", "domaine_injoignable", 450),
        ("smtp.rcpt", "boite_pleine", 552),
        ("smtp.data", "erreur_temporaire", 451),
        ("smtp.data", "503", 421),
    ],
)
def test_faults_are_said_and_nothing_is_done(office: Office, operation: str, nature: str, code: int) -> None:
    office.fault(operation, nature)
    with pytest.raises((smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)) as refused:
        office.send(message(), MDPH)
    said = getattr(refused.value, "smtp_code", None) or refused.value.recipients[MDPH][0]  # type: ignore[union-attr]
    assert said == code
    assert office.last(operation)["fault"] == nature
    assert office.inbox(MDPH) == []
    assert office.send(message(), MDPH) == {}


def test_a_slow_service_answers_in_the_end(office: Office) -> None:
    office.fault("smtp.data", "lenteur", secondes=0.1)
    assert office.send(message(), MDPH) == {}
    assert office.last("smtp.data")["fault"] == "lenteur"
    assert len(office.inbox(MDPH)) == 1


def test_a_code_of_the_table_can_be_asked_for(office: Office) -> None:
    office.fault("smtp.rcpt", "erreur_temporaire", code=431)
    with office.entered() as server:
        server.mail(LEA)
        assert server.rcpt(MDPH)[0] == 431


@pytest.mark.parametrize(("nature", "kept"), [("coupure_avant", 0), ("coupure_apres", 1)])
def test_a_lost_answer_is_not_a_lost_message(office: Office, nature: str, kept: int) -> None:
    office.fault("smtp.data", nature)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        office.send(message(), MDPH)
    assert len(office.inbox(MDPH)) == kept
    seen = office.last("smtp.data")
    assert (seen["answer"], seen["fault"]) == (None, nature)


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [("", "certificat-absent"), ("revoque", "certificat-revoque"), ("autorite-inconnue", "autorite-inconnue")],
)
def test_handshakes_that_are_refused_are_told(office: Office, certificate: str, reason: str) -> None:
    office.ports(certificats=["revoque", "autorite-inconnue"])
    server = office.plain("smtp_application")
    with pytest.raises((ssl.SSLError, OSError, smtplib.SMTPException)):
        secure(server, office.trust(certificate))
    server.close()
    (told,) = office.admin("GET", "echanges?operation=tls.refus&attendre=5")["echanges"]
    assert told["context"]["tls"]["reason"] == reason
    assert (told["context"]["tls"]["client"] is None) == (not certificate)


def test_a_client_that_speaks_only_tls_1_1_is_refused(office: Office) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    server = office.plain()
    with pytest.raises((ssl.SSLError, OSError)):
        server.starttls(context=context)
    server.close()
    (told,) = office.admin("GET", "echanges?operation=tls.refus&attendre=5")["echanges"]
    assert told["context"]["tls"]["reason"] == "version"


@pytest.mark.parametrize("suite", ["AES128-GCM-SHA256", "ECDHE-RSA-CHACHA20-POLY1305"])
def test_other_suites_of_tls_1_2_are_not_offered(office: Office, suite: str) -> None:
    context = office.trust()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suite)
    server = office.plain()
    with pytest.raises((ssl.SSLError, OSError)):
        server.starttls(context=context)
    server.close()


@pytest.mark.parametrize("server", ["serveur-expire", "serveur-autre-nom", "serveur-autorite-inconnue"])
def test_a_client_refuses_a_server_with_a_bad_certificate(office: Office, server: str) -> None:
    made = office.plain(serveur=server)
    with pytest.raises(ssl.SSLCertVerificationError):
        made.starttls(context=office.trust())
    made.close()


def test_a_server_of_tls_1_1_is_refused_by_a_client_as_it_should_be(office: Office) -> None:
    made = office.plain(tls="1.1")
    with pytest.raises((ssl.SSLError, OSError)):
        made.starttls(context=office.trust())
    made.close()


def test_ten_clients_at_once(office: Office) -> None:
    each, failures = 10, []

    def work(client: int) -> None:
        try:
            with office.entered() as server:
                for number in range(each):
                    server.sendmail(LEA, [MDPH], message(number=client * each + number, text="x" * 5000))
        except Exception as error:
            failures.append(error)

    office.ports()
    assert office.token
    threads = [threading.Thread(target=work, args=(client,)) for client in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    received = [int(one["message_id"][7:-10]) for one in office.inbox(MDPH)]
    assert sorted(received) == list(range(10 * each))
    for client in range(10):
        mine = [number for number in received if number // each == client]
        assert mine == sorted(mine)  # the order of each sender is kept
    uids = [one["uid"] for one in office.inbox(MDPH)]
    assert uids == list(range(1, 10 * each + 1))
    assert office.admin("GET", "mssante/bilan")["doublons"] == []


def test_ports_open_once_and_close_with_their_tenant(office: Office) -> None:
    first = office.ports()
    assert office.admin("POST", "mssante/ecoutes", certificats=[])["smtp"] == first["smtp"]
    server = office.plain()
    httpx.delete(f"https://banc.test/_banc/tenants/{office.product.tenant}")
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        server.noop()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", first["smtp"]["port"]), timeout=2)
    assert not [one.name for one in threading.enumerate() if one.name == "banc-courrier"]
    office.product.tenant = office.product.http.post("https://banc.test/_banc/tenants").json()["nom"]


def secure(server: smtplib.SMTP, context: ssl.SSLContext) -> None:
    """With TLS 1.3 a client learns at its next command that its certificate is refused."""
    server.starttls(context=context)
    server.ehlo()
    server.noop()


def send_for_ever(server: smtplib.SMTP, answered: list[str]) -> None:
    for number in range(100_000):
        server.sendmail("a@ems.test.mssante.fr", ["b@ems.test.mssante.fr"], message(number=number))
        answered.append(f"<essai-{number}@ems.test>")


KILLED = """
import os, sys
from mocks.mssante import MSSANTE
from mocks.psc import PSC
from mocks.sandbox import Sandbox
from mocks.mssante.ports import Ports
from mocks.pki import Pki
sandbox = Sandbox(sys.argv[1], services=[PSC, MSSANTE])
pki = Pki()
ports = Ports(sandbox.store, MSSANTE, "defaut", pki)
from pathlib import Path
pki.write(Path(sys.argv[2]), ["client"])
print(ports.addresses["smtp_application"][1], flush=True)
sys.stdin.read()
"""


def test_a_message_answered_250_survives_a_kill(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'banc.sqlite'}"
    sandbox = Sandbox(url, services=[PSC, MSSANTE])
    with sandbox.embedded():
        for address in ("a@ems.test.mssante.fr", "b@ems.test.mssante.fr"):
            body = {"adresse": address, "type": "APP"}
            httpx.post("https://banc.test/_banc/tenants/defaut/mssante/boites", json=body)
    sandbox.close()
    running = subprocess.Popen(
        [sys.executable, "-c", KILLED, url, str(tmp_path / "pki")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout
    port = int(running.stdout.readline())
    context = ssl.create_default_context(cafile=str(tmp_path / "pki" / "autorites.pem"))
    context.load_cert_chain(tmp_path / "pki" / "client.pem", tmp_path / "pki" / "client.key.pem")
    answered: list[str] = []
    killer = threading.Timer(0.7, lambda: running.send_signal(signal.SIGKILL))
    with smtplib.SMTP("localhost", port, timeout=10) as server:
        server.starttls(context=context)
        server.ehlo()
        server.user, server.password = "a@ems.test.mssante.fr", ""
        server.auth("PLAIN", server.auth_plain)
        killer.start()
        with pytest.raises((smtplib.SMTPException, OSError)) as broken:
            send_for_ever(server, answered)
        server.close()
    killer.join()
    running.communicate()
    again = Sandbox(url, services=[PSC, MSSANTE])
    with again.embedded():
        kept = httpx.get("https://banc.test/_banc/tenants/defaut/mssante/boites/b@ems.test.mssante.fr/messages").json()
        journal = httpx.get("https://banc.test/_banc/tenants/defaut/echanges?operation=mssante.smtp.data&limite=5000")
    again.close()
    found = [one["message_id"] for one in kept["messages"]]
    assert answered, broken.value
    assert found[: len(answered)] == answered
    assert len(found) <= len(answered) + 1  # the last one may have been done without being told
    assert len(journal.json()["echanges"]) == len(found)


def test_ports_stop_whatever_is_going_on(tmp_path: Path) -> None:
    sandbox = Sandbox(services=[PSC, MSSANTE])
    ports = Ports(sandbox.store, MSSANTE, "defaut", Pki())
    open_ones = [socket.create_connection(ports.addresses["smtp"], timeout=5) for _ in range(5)]
    for one in open_ones:
        assert one.recv(100).startswith(b"220 ")
    ports.stop()
    ports.stop()
    for one in open_ones:
        with one:
            assert one.recv(100) == b""
    sandbox.close()


def test_who_speaks_no_mail_does_not_wait_for_it() -> None:
    """The libraries of mail are read when a port opens, not when the sandbox starts."""
    code = (
        "import sys; from mocks.sandbox import Sandbox; Sandbox().close(); "
        "sys.exit(any(name in sys.modules for name in ('aiosmtpd', 'pymap', 'pysasl')))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


def test_a_message_that_nobody_could_read_is_refused(office: Office) -> None:
    content = message().replace(b"charset=utf-8", b"charset=utf-8" + b";\r\n a=b" * 5_000)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        office.send(content, MDPH)
    assert refused.value.smtp_code == 554
    assert office.last("smtp.data")["context"]["refusal"] == "illisible"
    with office.opened_imap() as server:
        status, said = server.append("INBOX", "", "", content)
        assert (status, said[0]) == ("NO", b"Message content is beyond the limits of this server.")
    assert office.inbox(MDPH) == []


def test_a_client_that_leaves_in_the_middle_has_sent_nothing(office: Office) -> None:
    server = office.entered()
    server.mail(LEA)
    server.rcpt(MDPH)
    assert server.docmd("DATA")[0] == 354
    server.sock.sendall(message()[:-10])  # type: ignore[union-attr]
    server.close()
    assert office.send(message(number=2), MDPH) == {}
    assert [one["message_id"] for one in office.inbox(MDPH)] == ["<essai-2@ems.test>"]


def test_what_enters_the_journal_follows_its_schema(office: Office) -> None:
    schema = json.loads(resources.files("mocks.journal").joinpath("exchange.schema.json").read_text("utf-8"))
    office.send(message(), MDPH)
    office.send(b"Subject: \xff\xfe\r\n\r\n\x80\r\n", MDPH)
    with office.opened_imap() as server:
        server.uid("FETCH", "1:*", "(BODY[])")
    seen = office.journal()
    assert {one["protocol"] for one in seen} == {"smtp", "imap"}
    for one in seen:
        jsonschema.validate(one, schema)
    assert "body_base64" in office.journal("mssante.smtp.data")[-1]["request"]
