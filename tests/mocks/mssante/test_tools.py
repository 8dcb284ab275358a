"""Mail tools that are not ours, with a token: curl, and msmtp where Debian's package is there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.mocks.mssante.conftest import LEA, MDPH, Office, message


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed here (Debian's package {name})")
    return found


def run(*command: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, input=given, capture_output=True, timeout=30, check=False)


def test_curl_sends(office: Office) -> None:
    port, folder = office.ports()["smtp"]["port"], office.ports()["dossier"]
    done = run(
        *(tool("curl"), "--silent", "--show-error", "--ssl-reqd", "--cacert", f"{folder}/autorites.pem"),
        *("--url", f"smtp://{LEA.replace('@', '%40')}@localhost:{port}"),
        *("--mail-from", LEA, "--mail-rcpt", MDPH, "--oauth2-bearer", office.token),
        *("--upload-file", "-"),
        given=message(),
    )
    assert done.returncode == 0, done.stderr
    assert len(office.inbox(MDPH)) == 1
    assert office.last("smtp.data")["context"]["auth"]["mechanism"] == "OAUTHBEARER"  # which curl prefers


def test_curl_reads(office: Office) -> None:
    office.send(message(), MDPH)
    port, folder = office.ports()["imap"]["port"], office.ports()["dossier"]
    done = run(
        *(tool("curl"), "--silent", "--show-error", "--ssl-reqd", "--cacert", f"{folder}/autorites.pem"),
        *("--url", f"imap://{MDPH.replace('@', '%40')}@localhost:{port}/INBOX;UID=1"),
        *("--oauth2-bearer", office.token),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(message())
    assert office.last("imap.authenticate")["context"]["auth"]["mechanism"] == "OAUTHBEARER"


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_msmtp_sends(office: Office, tmp_path: Path, mechanism: str) -> None:
    port, folder = office.ports()["smtp"]["port"], office.ports()["dossier"]
    settings = [
        *("account default", "host localhost", f"port {port}", "tls on", "tls_starttls on"),
        *(f"tls_trust_file {folder}/autorites.pem", f"auth {mechanism}", f"user {LEA}", f"from {LEA}"),
        f"passwordeval echo {office.token}",
    ]
    (tmp_path / "msmtprc").write_text("\n".join([*settings, ""]))
    (tmp_path / "msmtprc").chmod(0o600)
    done = run(tool("msmtp"), f"--file={tmp_path / 'msmtprc'}", MDPH, given=message())
    assert done.returncode == 0, done.stderr
    assert len(office.inbox(MDPH)) == 1
