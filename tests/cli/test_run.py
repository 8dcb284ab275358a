import json
from pathlib import Path

import pytest

from harness import cli
from harness.commands.run import pytest_options
from harness.reference_product import TARGET
from harness.results import RunResult
from reports.outil import installer

ONE = ["run", "--cible", str(TARGET), "-k", "réponse_perdue_ne_crée_pas"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_run_gives_a_verdict_and_keeps_its_result(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*ONE, "--json"]) == 0
    shown = json.loads(capfd.readouterr().out)
    assert (shown["verdict"], shown["code"]) == ("conforme", 0)
    assert [one["verdict"] for one in shown["scenarios"]] == ["conforme"]
    (kept,) = (here / ".banc" / "resultats").glob("*.json")
    assert RunResult.read(kept).exit_code == 0


def test_a_report_comes_with_its_matrix(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    if not (installer.generator() and installer.node()):
        pytest.skip("Allure is not installed (make setup)")
    assert cli.main([*ONE, "--rapport", "pages"]) == 0
    assert sorted(path.name for path in (here / "pages").iterdir()) == ["matrice.csv", "matrice.html", "rapport.html"]
    page = (here / "pages" / "rapport.html").read_text(encoding="utf-8")
    assert "googletagmanager" not in page
    assert "Écrit : pages/rapport.html" in capfd.readouterr().out


def test_a_missing_generator_is_said_before_the_run(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(installer, "generator", lambda: None)
    assert cli.main([*ONE, "--rapport", "pages"]) == 2
    assert cli.main(["demo"]) == 2
    assert "make setup" in capsys.readouterr().err
    assert not (here / ".banc").exists()


def test_a_wrong_target_exits_with_two(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "cible.toml").write_text("[produit]\n", encoding="utf-8")
    assert cli.main(["run"]) == 2
    assert "cible.toml" in capfd.readouterr().err


def test_the_options_of_run_are_those_of_pytest() -> None:
    arguments = cli.make_parser().parse_args(["run", "-m", "MES and not cible", "-n", "2", "--strict"])
    wanted = ["--cible", "cible.toml", "-m", "MES and not cible", "-n", "2", "--strict"]
    assert pytest_options(arguments) == wanted
