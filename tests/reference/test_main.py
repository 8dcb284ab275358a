"""The product as a process of its own: it serves, and stops cleanly on SIGTERM."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from reference.__main__ import main
from reference.product import Product

CONFIG = """
fuseau = "Europe/Paris"
avec_echange = false
[mes]
base_url = "https://mes.test/mes"
client_id = "c"
client_secret = "s"
oid = "1.2.250.1.999.10.1"
redirect_uri = "https://portail.banc.test/appariement-mes/retour"
"""


def test_it_serves_and_stops_on_sigterm(tmp_path: Path) -> None:
    config = tmp_path / "produit.toml"
    config.write_text(CONFIG, encoding="utf-8")
    command = [sys.executable, "-m", "reference", "--port", "0", "--config", str(config), "--defaut", "state-constant"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().rsplit(" ", 1)[1].strip()
        try:
            assert httpx.get(f"{address}/connexion").status_code == 200
            assert "creer_rendez_vous" in httpx.get(f"{address}/_pilote/actions").json()["actions"]
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_an_unknown_defect_or_a_wrong_file_is_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "faux.toml"
    wrong.write_text("[mes]\nbase_url = 'x'\n", encoding="utf-8")
    assert main(["--defaut", "inventé"]) == 2
    assert main(["--config", str(wrong)]) == 2
    assert "inventé" in capsys.readouterr().err


def test_what_is_kept_survives_a_restart(tmp_path: Path) -> None:
    first = Product(tmp_path)
    usager = first.declarer_usager("TESTINE", ["Marie"], "F", "1955-06-09", "m@exemple.test", lieu_naissance="99999")[
        "usager"
    ]
    first.creer_rendez_vous(usager, "2026-07-10T10:00", "Visite")
    first.close()
    again = Product(tmp_path)
    assert len(again.lire_agenda(usager, "dui", "2026-07-10", "2026-07-10")["evenements"]) == 1
    again.close()
