import json

import pytest

from harness import cli
from harness.commands.exits import of_error
from harness.commands.parser import french_error
from harness.errors import DriverError, ProductUnreachable, SandboxError, SetUpError
from harness.verdict import ExitCode


def test_help_names_every_command_and_exit_code_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert shown.startswith("usage : banc")
    for command in cli.COMMANDS:
        assert f"\n    {command} " in shown
    for code in ExitCode:
        assert f"\n  {code.value}  " in shown


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--aide"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert shown.startswith(f"usage : banc {command}")
    assert "options:" not in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "il manque : COMMANDE"),
        (["validate"], "il manque : FICHIER"),
        (["run", "--inconnu"], "argument inconnu : --inconnu"),
        (["serve", "--port", "abc"], "« --port » : valeur refusée 'abc'"),
        (["run", "--cible"], "« --cible » attend une valeur"),
        (["run", "--mode", "nuage"], "« --mode » : 'nuage' n'est pas l'une des valeurs"),
    ],
)
def test_a_usage_error_is_french_and_exits_with_two(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_an_unknown_sentence_of_argparse_is_left_as_it_is() -> None:
    assert french_error("something new") == "something new"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SetUpError("x"), 2),
        (DriverError("x"), 2),
        (ProductUnreachable("x"), 3),
        (SandboxError("x"), 4),
        (ValueError("x"), 4),
    ],
)
def test_each_error_has_its_exit_code(error: Exception, code: int) -> None:
    assert of_error(error) == code


def test_a_set_up_error_is_one_sentence_without_trace(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["coverage", "--json", "--reference", "absent.toml"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("banc : absent.toml ne peut pas être lu")
    assert "Traceback" not in shown.err


def test_an_error_of_the_bench_says_that_the_product_is_not_accused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("harness.commands.coverage.take", broken)
    assert cli.main(["coverage"]) == 4
    assert "erreur du banc lui-même" in capsys.readouterr().err


def test_coverage_gives_its_figures_to_a_machine(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["coverage", "--json"]) == 0
    counted = json.loads(capsys.readouterr().out)
    assert counted["rows"] == 215
    assert counted["checks"] == sum(
        counted[f"checks_{part}"] for part in ("as_rules", "as_mock_tests", "not_observable", "open")
    )
    assert 0 < counted["rows_covered"] <= counted["rows_testable"] <= counted["rows"]
    assert 0 < counted["rules_with_defect"] <= counted["rules"]
    assert {"rules_official", "scenarios", "defects"} <= counted.keys()
