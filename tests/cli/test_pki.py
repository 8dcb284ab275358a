from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

from harness import cli


def test_the_certificates_are_written_with_what_they_are_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["pki", "--dossier", str(tmp_path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert Path(said["autorites"]).read_bytes().count(b"BEGIN CERTIFICATE") == 4
    read_me = (tmp_path / "LISEZMOI.txt").read_text(encoding="utf-8")
    for name, path in said["certificats"].items():
        assert name in read_me
        key, certificate, chain = load_key_and_certificates(Path(path).with_suffix(".p12").read_bytes(), b"banc")
        assert key is not None
        assert certificate is not None
        assert len(chain) == 1


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = tmp_path / "fichier"
    taken.write_text("")
    assert cli.main(["pki", "--dossier", str(taken)]) == 2
    assert "Impossible d'écrire" in capsys.readouterr().err
