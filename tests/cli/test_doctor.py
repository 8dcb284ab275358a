import errno
import json
import tempfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from harness import cli
from harness.commands import doctor
from harness.commands.doctor import Check

TARGET = """
[produit]
nom = "Essai"
version = "1"
editeur = "Nous"
type = "dui"
[pilote]
type = "http"
url = "http://127.0.0.1:9"
[bac_a_sable]
mode = "local"
[revendications]
blocs = ["mes-agenda"]
[mes]
oid = "1.2.250.1.999.1"
redirect_uri = "/retour"
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, dict[str, str]]]:
    code = cli.main(["doctor", "--json", *arguments])
    return code, {check["name"]: check for check in json.loads(capsys.readouterr().out)}


def test_a_missing_target_says_how_to_write_one(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, checks = run([], capsys)
    assert code == 2
    assert checks["cible"]["state"] == "à corriger"
    assert "banc init" in checks["cible"]["remedy"]
    assert checks["installation"]["state"] == checks["écriture"]["state"] == "bon"


def test_a_wrong_key_is_said_with_its_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "cible.toml").write_text(TARGET.replace("editeur", "edtieur"), encoding="utf-8")
    code, checks = run([], capsys)
    assert code == 2
    assert "ligne 5, clé « produit.edtieur »" in checks["cible"]["seen"]


def test_a_product_that_nobody_started_is_unreachable(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "cible.toml").write_text(TARGET, encoding="utf-8")
    code, checks = run([], capsys)
    assert code == 3
    assert checks["produit"]["state"] == "injoignable"
    assert "127.0.0.1:9" in checks["produit"]["seen"]


def test_a_skeleton_offers_its_actions(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["init"]) == 0
    capsys.readouterr()
    monkeypatch.syspath_prepend(str(here))
    code, checks = run([], capsys)
    assert code == 0
    assert checks["actions"]["state"] == "bon"


def test_a_product_that_offers_nothing_must_be_mended(here: Path) -> None:
    from harness.target import parse_target

    target = parse_target(TARGET, here / "cible.toml")
    (check,) = doctor.offered(lambda _: False, target)
    assert check.state == "à corriger"
    (check,) = doctor.offered(lambda name: name != "lire_mesures", target)
    assert (check.state, check.seen) == ("attention", "non offertes : lire_mesures")


@pytest.mark.parametrize(("shift", "state"), [(0, "bon"), (5, "bon"), (-120, "à corriger"), (3600, "à corriger")])
def test_a_clock_that_drifts_is_said(shift: int, state: str) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=shift), usegmt=True)
    assert doctor.clock("http://produit.test", httpx.Response(200, headers={"Date": date}), "produit").state == state


def test_an_answer_without_date_is_only_a_remark() -> None:
    assert doctor.clock("http://produit.test", httpx.Response(200), "produit").state == "attention"


def test_a_folder_without_write_rights_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object, **_names: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)  # chmod would not stop root
    check = doctor.write_rights(tmp_path)
    assert (check.state, "Permission denied" in check.seen) == ("à corriger", True)


def test_a_file_in_the_way_of_the_results_is_said(tmp_path: Path) -> None:
    (tmp_path / ".banc").write_text("")
    assert doctor.write_rights(tmp_path).state == "à corriger"


@pytest.mark.parametrize(
    ("states", "code"),
    [
        (["bon", "attention"], 0),
        (["bon", "à corriger"], 2),
        (["bon", "injoignable"], 3),
        (["injoignable", "à corriger"], 2),
    ],
)
def test_the_exit_code_says_what_to_do_first(states: list[doctor.State], code: int) -> None:
    assert doctor.exit_code([Check("x", state, "") for state in states]) == code
