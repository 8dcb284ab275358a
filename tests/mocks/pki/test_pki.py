"""The test PKI, judged by OpenSSL's own verification."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.x509.oid import NameOID

from mocks.pki import Pki, UnknownCertificateError
from profiles.keys import wrong_structure_id


@pytest.fixture(scope="module")
def pki() -> Pki:
    return Pki()


@pytest.fixture(scope="module")
def folder(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("pki")
    pki.write(written)
    return written


def _verdict(folder: Path, name: str, purpose: str) -> str:
    """What `openssl verify` says of a certificate, its revocation list included."""
    command = ["openssl", "verify", "-x509_strict", "-purpose", purpose, "-crl_check", "-CAfile", "autorites.pem"]
    command += ["-CRLfile", "revocations.crl.pem", f"{name}.pem"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=20, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", ["client", "client-siret", "insi-manu", "insi-auto", "cn-faux", "ou-faux"])
def test_client_certificates_of_the_bench_are_sound(folder: Path, name: str) -> None:
    assert f"{name}.pem: OK" in _verdict(folder, name, "sslclient")


def test_the_server_certificate_is_sound_for_its_names(folder: Path) -> None:
    assert "serveur.pem: OK" in _verdict(folder, "serveur", "sslserver")
    command = [
        "openssl",
        "verify",
        "-CAfile",
        "autorites.pem",
        "-verify_hostname",
        "localhost",
        "serveur-autre-nom.pem",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=20, check=False)
    assert "hostname mismatch" in (done.stdout + done.stderr).lower()


@pytest.mark.parametrize(
    ("name", "purpose", "reason"),
    [
        ("expire", "sslclient", "certificate has expired"),
        ("pas-encore-valable", "sslclient", "not yet valid"),
        ("revoque", "sslclient", "certificate revoked"),
        ("autorite-inconnue", "sslclient", "unable to get local issuer certificate"),
        ("serveur-expire", "sslserver", "certificate has expired"),
        ("serveur-revoque", "sslserver", "certificate revoked"),
        ("serveur-autorite-inconnue", "sslserver", "unable to get local issuer certificate"),
        ("client", "sslserver", "unsuitable certificate purpose"),
    ],
)
def test_each_flaw_is_the_one_announced_and_no_other(folder: Path, name: str, purpose: str, reason: str) -> None:
    verdict = _verdict(folder, name, purpose)
    assert reason in verdict
    assert verdict.count("error ") <= 2  # the reason, and OpenSSL's closing line


def test_organisations_bear_their_struct_idnat(pki: Pki) -> None:
    for name in ("client", "client-siret", "insi-manu"):
        units = pki.get(name).certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
        assert wrong_structure_id(str(units[0].value)) is None
    assert wrong_structure_id("PAS-UNE-STRUCTURE") is not None


def test_a_certificate_is_revoked_in_the_course_of_a_run(tmp_path: Path) -> None:
    pki = Pki()
    pki.write(tmp_path, ["client"])
    assert "client.pem: OK" in _verdict(tmp_path, "client", "sslclient")
    pki.revoke("client")
    pki.write(tmp_path, ["client"])
    assert "certificate revoked" in _verdict(tmp_path, "client", "sslclient")


def test_keys_are_for_their_owner_only(folder: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in folder.glob("*.key.pem")} == {0o600}


def test_an_unknown_name_is_said(pki: Pki) -> None:
    with pytest.raises(UnknownCertificateError):
        pki.get("inconnu")


def test_validity_counts_from_the_day_given() -> None:
    made = Pki(datetime(2031, 5, 1, tzinfo=UTC)).get("expire").certificate
    assert made.not_valid_after_utc == datetime(2031, 4, 21, tzinfo=UTC)
