"""CIBA, refresh of the PSC tokens, and calls of a PSC-connected API."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from reference.login.psc import DOWN, OVER
from reference.product import Refusal
from tests.reference.bench import Bench
from tests.reference.fake_identity import PSC_PERSON
from tests.reference.fake_mes import SETTINGS
from tests.reference.visitors import CLAUDE, Visitor, declared, settled

NUMBER = CLAUDE["identifiant_national"]


def asked(bench: Bench, canal: str = "MOBILE") -> dict[str, Any]:
    declared(bench)
    return bench.product.connecter_professionnel("psc_ciba", identifiant_national=NUMBER, canal=canal)


def read(bench: Bench, made: dict[str, Any]) -> dict[str, Any]:
    return bench.product.lire_session_professionnel(demande=made["demande"])


def test_two_digits_are_sent_and_shown_and_the_session_opens_once_accepted(bench: Bench) -> None:
    bench.psc.ciba = ["authorization_pending"]
    made = asked(bench)
    form = bench.psc.calls("/ext/ciba/auth")[0].form
    assert form["binding_message"] == made["code_affiche"]
    assert made["code_affiche"].isdecimal()
    assert len(made["code_affiche"]) == 2
    assert (form["login_hint"], form["channel"], form["acr_values"]) == (NUMBER, "MOBILE", "eidas1")
    assert read(bench, made)["etat"] == "en_attente"
    bench.clock.advance(seconds=5)
    opened = read(bench, made)
    assert (opened["etat"], opened["identifiant_national"]) == ("ouverte", NUMBER)
    assert bench.product.lire_session_professionnel(session=opened["session"])["etat"] == "ouverte"
    assert len(bench.psc.calls("/token")) == 2


def test_polls_keep_to_the_interval_and_slow_down(bench: Bench) -> None:
    bench.psc.ciba = ["authorization_pending", "slow_down"] + ["authorization_pending"] * 9
    made = asked(bench)
    polls = []
    for second in range(31):
        before = len(bench.psc.calls("/token"))
        read(bench, made)
        polls += [second] if len(bench.psc.calls("/token")) > before else []
        bench.clock.advance(seconds=1)
    assert polls == [0, 5, 15, 25]


@pytest.mark.parametrize(("error", "state"), [("access_denied", "refusee"), ("expired_token", "expiree")])
def test_polls_end_with_a_refusal_or_the_deadline(bench: Bench, error: str, state: str) -> None:
    bench.psc.ciba = [error]
    made = asked(bench)
    assert read(bench, made)["etat"] == state
    bench.clock.advance(seconds=30)
    assert read(bench, made)["etat"] == state
    assert len(bench.psc.calls("/token")) == 1


def test_no_poll_leaves_after_the_deadline(bench: Bench) -> None:
    made = asked(bench)
    bench.clock.advance(seconds=121)
    assert read(bench, made)["etat"] == "expiree"
    assert not bench.psc.calls("/token")


def test_an_outage_during_the_wait_is_told_and_the_wait_goes_on(bench: Bench) -> None:
    made = asked(bench)
    bench.psc.next("/token", httpx.Response(503))
    assert read(bench, made) == {"etat": "en_attente", "message": DOWN}
    bench.clock.advance(seconds=5)
    assert read(bench, made)["etat"] == "ouverte"


def test_an_answer_by_somebody_else_opens_nothing(bench: Bench) -> None:
    made = asked(bench)
    declared(bench, identifiant_national="899900000022")
    bench.psc.person = {**PSC_PERSON, "SubjectNameID": "899900000022"}
    assert read(bench, made)["etat"] == "refusee"


def test_a_request_without_number_or_channel_does_not_leave(bench: Bench) -> None:
    for number, channel in (("", "MOBILE"), (NUMBER, "FAX")):
        with pytest.raises(Refusal):
            bench.product.desk.ciba.ask(number, channel)
    assert not bench.psc.seen


def test_the_pages_of_the_wait(bench: Bench) -> None:
    declared(bench)
    bench.psc.ciba = ["authorization_pending"]
    visitor = Visitor(bench)
    sent = visitor.post("/professionnel/connexion/ciba", identifiant=NUMBER, canal="CARD", suite="/dui/rapprochements")
    waiting = visitor.get(sent.headers["Location"])
    assert bench.psc.calls("/ext/ciba/auth")[0].form["binding_message"] in waiting.text
    bench.clock.advance(seconds=5)
    assert visitor.get(sent.headers["Location"]).headers["Location"] == "/dui/rapprochements"
    assert visitor.professional()["etat"] == "ouverte"


# Token exchange


def call(bench: Bench, visitor: Visitor) -> dict[str, Any]:
    return bench.product.appeler_api_psc(visitor.session, "c 1/2")


def test_the_psc_token_is_exchanged_once_and_the_api_token_serves(bench: Bench) -> None:
    visitor = settled(bench)
    assert call(bench, visitor) == {"statut": 200}
    bench.clock.advance(minutes=20)
    assert call(bench, visitor) == {"statut": 200}
    (exchange,) = bench.api.calls("/oauth2/token")
    assert exchange.form == {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": "psc-at-1",
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "scope": "cahier.read",
        "client_id": "produit-as",
    }
    business = bench.api.calls("/cahier/")
    assert [one.path for one in business] == ["/api-psc/cahier/c%201%2F2"] * 2
    assert {one.headers["authorization"] for one in business} == {"Bearer api-at-1"}
    assert len(bench.psc.calls("/token")) == 1, "nothing is refreshed while the API token serves"


def test_an_expired_psc_token_is_refreshed_before_the_exchange(bench: Bench) -> None:
    visitor = settled(bench)
    bench.clock.advance(seconds=121)
    assert call(bench, visitor) == {"statut": 200}
    assert [one.form["grant_type"] for one in bench.psc.calls("/token")] == ["authorization_code", "refresh_token"]
    assert bench.api.calls("/oauth2/token")[0].form["subject_token"] == "psc-at-2"


def test_a_psc_token_refused_by_the_exchange_is_refreshed_once(bench: Bench) -> None:
    visitor = settled(bench)
    bench.api.dead = {"psc-at-1"}
    assert call(bench, visitor) == {"statut": 200}
    assert len(bench.api.calls("/oauth2/token")) == 2
    bench.api.dead = {"psc-at-2", "psc-at-3", "psc-at-4", "api-at-1"}
    with pytest.raises(Refusal):
        call(bench, visitor)
    assert len(bench.psc.calls("/token")) == 3


def test_a_401_leads_to_one_refresh_one_exchange_and_one_more_call(bench: Bench) -> None:
    visitor = settled(bench)
    call(bench, visitor)
    bench.api.dead = {"api-at-1"}
    assert call(bench, visitor) == {"statut": 200}
    assert [one.form["refresh_token"] for one in bench.psc.calls("/token")[1:]] == ["psc-rt-1"]
    bench.api.statuses = [401] * 9
    assert call(bench, visitor)["statut"] == 401
    assert len(bench.api.statuses) == 7
    assert [one.form["refresh_token"] for one in bench.psc.calls("/token")[2:]] == ["psc-rt-2"], "the newest one"


def test_a_refresh_refused_leads_to_the_login_page(bench: Bench) -> None:
    visitor = settled(bench)
    bench.psc.dead_refresh = {"psc-rt-1"}
    bench.clock.advance(seconds=121)
    assert call(bench, visitor) == {"statut": 401, "message": OVER}
    assert visitor.professional() == {"etat": "expiree", "message": OVER}
    assert visitor.get("/dui/personnes").headers["Location"].startswith("/professionnel/connexion?suite=")
    with pytest.raises(Refusal, match="Connectez-vous"):
        call(bench, visitor)
    assert len(bench.psc.calls("/token")) == 2


def test_an_outage_closes_no_session(bench: Bench) -> None:
    visitor = settled(bench)
    bench.clock.advance(seconds=121)
    bench.psc.next("/token", httpx.Response(503), httpx.ReadTimeout("lent"))
    for _ in range(2):
        assert call(bench, visitor) == {"statut": 503, "message": DOWN}
    assert call(bench, visitor) == {"statut": 200}
    bench.api.statuses = [503]
    assert call(bench, visitor)["statut"] == 503


def test_the_tokens_of_two_professionals_are_not_mixed(bench: Bench) -> None:
    first = settled(bench)
    declared(bench, identifiant_national="899900000022")
    bench.psc.person = {**PSC_PERSON, "SubjectNameID": "899900000022"}
    second = Visitor(bench)
    second.log_in_with_psc()
    for visitor in (first, second, first):
        call(bench, visitor)
    seen = [one.headers["authorization"] for one in bench.api.calls("/cahier/")]
    assert seen == ["Bearer api-at-1", "Bearer api-at-2", "Bearer api-at-1"]


def test_a_local_session_has_no_psc_token(bench: Bench) -> None:
    account = declared(bench)
    session = bench.product.connecter_professionnel("local", professionnel=account)["session"]
    with pytest.raises(Refusal, match="Pro Santé Connect"):
        bench.product.appeler_api_psc(session, "c-1")
    assert not bench.api.seen
    assert bench.product.deconnecter_professionnel(session) == {}


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[dict[str, str], bytes]:
    """PEM files of a self-signed certificate, and its DER form."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "essai")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    files = {"client": pem, "cle": secret, "autorites": pem}
    for file, content in files.items():
        (tmp_path / file).write_bytes(content)
    return {file: str(tmp_path / file) for file in files}, made.public_bytes(serialization.Encoding.DER)


def test_cnf_is_the_thumbprint_of_the_certificate_presented(
    bench: Bench, certificate: tuple[dict[str, str], bytes]
) -> None:
    files, der = certificate
    services = {name: one.settings for name, one in bench.providers.items()}
    bench.product.configurer(mes=SETTINGS, api_psc=bench.api.settings, certificats=files, **services)
    call(bench, settled(bench))
    cnf = json.loads(bench.api.calls("/oauth2/token")[0].form["cnf"])
    assert cnf == {"x5t#S256": base64.urlsafe_b64encode(sha256(der).digest()).rstrip(b"=").decode()}
    assert len(cnf["x5t#S256"]) == 43


def test_certificates_that_cannot_be_read_are_refused(bench: Bench, tmp_path: Path) -> None:
    missing = {name: str(tmp_path / name) for name in ("client", "cle", "autorites")}
    with pytest.raises(Refusal, match="ne peuvent pas être lus"):
        bench.product.configurer(mes=SETTINGS, certificats=missing)


@pytest.mark.parametrize("told", [{"client_secret": ""}, {"espace": "confiance"}])
def test_a_trusted_client_sends_no_secret(bench: Bench, told: dict[str, str]) -> None:
    services = {"psc": {**bench.psc.settings, **told}}
    bench.product.configurer(mes=SETTINGS, **services)
    settled(bench)
    (redeemed,) = bench.psc.calls("/token")
    assert redeemed.form["client_id"] == "produit"
    assert "client_secret" not in redeemed.form
    assert "authorization" not in redeemed.headers


def test_no_token_reaches_the_log_or_a_page(bench: Bench) -> None:
    visitor = settled(bench)
    call(bench, visitor)
    told = bench.product.lire_journal_technique()["texte"] + visitor.get("/dui/personnes").text
    assert not [mark for mark in ("psc-at-", "psc-rt-", "api-at-", "eyJ") if mark in told]
