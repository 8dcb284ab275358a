"""The pytest plugin on toy features, in front of a scene that needs no sandbox."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from harness.results import RunResult
from harness.verdict import ExitCode, Verdict
from rules import Authority
from tests.harness.toy_suite import CONFTEST, TARGET

pytest_plugins = "pytester"


@pytest.fixture
def bench(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # loading plugins of no use here takes most of the time
    pytester.makeconftest(CONFTEST)
    pytester.makefile(".toml", cible=TARGET)
    pytester.makeini(
        "[pytest]\nfilterwarnings = error\n"
        "addopts = --strict-markers -p no:cacheprovider -p pytest_bdd.plugin -p xdist.plugin\n"
    )
    features = pytester.mkdir("features")
    (features / "test_features.py").write_text("from pytest_bdd import scenarios\nscenarios('.')\n", encoding="utf-8")
    return pytester


def feature(bench: pytest.Pytester, *scenarios: str, tags: str = "@MES @DE1-AGENDA-FA") -> None:
    body = "\n".join(scenarios)
    text = f"# language: fr\n{tags}\nFonctionnalité: Essai\n  Texte libre.\n\n{body}\n"
    (bench.path / "features" / "essai.feature").write_text(text, encoding="utf-8")


def scenario(name: str, *steps: str, tags: str = "@officielle") -> str:
    lines = "\n".join(f"    {step}" for step in steps)
    return f"  {tags}\n  Scénario: {name}\n{lines}\n"


def run(bench: pytest.Pytester, *options: str) -> tuple[pytest.RunResult, RunResult]:
    ended = bench.runpytest("features", "--cible", "cible.toml", "--resultats", "resultat.json", "-rs", *options)
    return ended, RunResult.read(bench.path / "resultat.json")


GOOD = ("Soit un échange bon", "Alors tout va bien")


BAD = ("Soit un échange bon", "Alors rien ne va")
CASES = [
    # name, steps, tags, outcome, verdict, verdict when strict
    ("bon", GOOD, "@officielle", "reussi", "conforme", "conforme"),
    ("règle", ("Soit un échange OFF-1", "Alors tout va bien"), "@banc", "reussi", "non conforme", "non conforme"),
    ("déduit", ("Soit un échange DED-1", "Alors tout va bien"), "@officielle", "reussi", "à vérifier", "non conforme"),
    ("banc", ("Soit un échange BAN-1", "Alors tout va bien"), "@officielle", "reussi", "conforme", "conforme"),
    ("échec", BAD, "@officielle", "echoue", "non conforme", "non conforme"),
    (
        "mise en scène manquée",
        ("Soit un échange bon", "Et une situation qui ne s'installe pas", "Alors tout va bien"),
        "@officielle",
        "echoue",
        "à vérifier",
        "à vérifier",
    ),
    ("échec déduit", BAD, "@deduite", "echoue", "à vérifier", "non conforme"),
    ("échec banc", BAD, "@banc", "echoue", "à vérifier", "à vérifier"),
    ("sans autorité", BAD, "@MES", "echoue", "à vérifier", "à vérifier"),
    ("panne", ("Soit un échange panne 500", "Alors tout va bien"), "@officielle", "reussi", "conforme", "conforme"),
    (
        "bogue du faux service",
        ("Soit un échange bogue 500", "Alors rien ne va"),
        "@officielle",
        "erreur",
        "non testé",
        "non testé",
    ),
    ("cible", BAD, "@cible @officielle", "echoue", "non applicable", "non applicable"),
    ("rien vu", ("Alors tout va bien",), "@officielle", "non_teste", "non testé", "non testé"),
    ("absente", ("Alors il y a action absente",), "@officielle", "non_applicable", "non applicable", "non applicable"),
    ("pilote", ("Alors il y a pilote en défaut",), "@officielle", "erreur", "non testé", "non testé"),
    (
        "arrêt",
        ("Soit un échange bon", "Alors il y a produit arrêté"),
        "@officielle",
        "erreur",
        "non testé",
        "non testé",
    ),
    (
        "arrêt après une panne demandée",
        ("Soit un échange panne 500", "Alors il y a produit arrêté"),
        "@officielle",
        "echoue",
        "non conforme",
        "non conforme",
    ),
    (
        "pilote en défaut après une panne demandée",
        ("Soit un échange panne 500", "Alors il y a pilote en défaut"),
        "@officielle",
        "erreur",
        "non testé",
        "non testé",
    ),
    ("bogue", ("Alors il y a bogue",), "@officielle", "erreur", "non testé", "non testé"),
    ("pas manquant", ("Alors un pas que personne n'a écrit",), "@officielle", "erreur", "non testé", "non testé"),
]


@pytest.mark.parametrize("strict", [False, True])
def test_what_a_scenario_becomes(bench: pytest.Pytester, strict: bool) -> None:
    feature(bench, *(scenario(name, *steps, tags=tags) for name, steps, tags, *_ in CASES))
    ended, result = run(bench, *["--strict"] * strict)
    seen = {one.name: (one.outcome, str(one.verdict(strict=result.strict))) for one in result.scenarios}
    assert seen == {name: (outcome, (ordinary, hard)[strict]) for name, _, _, outcome, ordinary, hard in CASES}
    assert ended.ret == ExitCode.NON_CONFORME


def test_a_scenario_of_mon_espace_sante_is_not_for_a_product_that_is_no_client_of_it(bench: pytest.Pytester) -> None:
    bench.makefile(".toml", cible=TARGET[: TARGET.index("[mes]")])
    feature(bench, scenario("bon", *GOOD), scenario("ailleurs", *GOOD, tags="@officielle @MES"), tags="@SAS")
    _, result = run(bench)
    found = {one.name: (one.outcome, one.reason) for one in result.scenarios}
    why = "cible.toml n'a pas de section [mes] : le produit n'utilise pas ce service"
    assert found == {"bon": ("reussi", ""), "ailleurs": ("non_applicable", why)}


@pytest.mark.parametrize(
    ("steps", "cause", "code"),
    [
        (("Alors il y a injoignable",), "injoignable", ExitCode.UNREACHABLE),
        (("Alors il y a pilote en défaut",), "pilote", ExitCode.SETUP),
        (("Alors il y a bogue",), "banc", ExitCode.BENCH),
    ],
)
def test_what_stops_the_bench_has_its_exit_code(
    bench: pytest.Pytester, steps: tuple[str, ...], cause: str, code: ExitCode
) -> None:
    feature(bench, scenario("Un fait", *steps), scenario("Un autre", *GOOD))
    ended, result = run(bench)
    assert [one.cause for one in result.scenarios] == ["", cause]
    assert ended.ret == code


def test_the_result_says_what_was_played(bench: pytest.Pytester) -> None:
    feature(bench, scenario("Un fait", "Soit un échange BAN-1", "Alors tout va bien"))
    _, result = run(bench)
    (only,) = result.scenarios
    assert only.id == "essai.feature::Un fait"
    assert (only.name, only.feature, only.path) == ("Un fait", "Essai", "essai.feature")
    assert only.tags == ("DE1-AGENDA-FA", "MES", "officielle")
    assert only.requirements == ("DE1-AGENDA-FA",)
    assert only.authority is Authority.OFFICIELLE
    assert only.examined == {"OFF-1": 1, "DED-1": 1, "BAN-1": 1}
    assert [(one.rule, one.exchange) for one in only.findings] == [("BAN-1", 1)]
    assert only.exchanges == [1]
    assert result.target["nom"] == "Portail"
    assert result.verdict is Verdict.CONFORME
    assert result.by_requirement(["DE1-AGENDA-FA", "DE1-AGENDA-FAP"]) == {
        "DE1-AGENDA-FA": Verdict.CONFORME,
        "DE1-AGENDA-FAP": Verdict.NON_TESTE,
    }
    assert (bench.path / "juges.txt").read_text(encoding="utf-8") == "Un fait|reussi|1\n"


def test_a_vendor_reads_the_finding_and_not_a_trace(bench: pytest.Pytester) -> None:
    feature(bench, scenario("Un fait", "Soit un échange OFF-1", "Alors rien ne va"))
    ended, _ = run(bench)
    output = ended.stdout.str()
    assert "Attendu : un événement ; vu : aucun." in output
    assert (
        "OFF-1  NON CONFORME   obligatoire, source officielle : HL7 FHIR R4, type instant\n"
        "  échange 1, POST /mes/fhir/Appointment, 27/10/2024 09:12:03\n"
        "  Appointment.start   attendu : un décalage   vu : « 2024-10-27T09:00 »\n"
        "  Sans décalage, la visite se déplace.\n"
    ) in output
    assert "Traceback" not in output
    assert "Verdict : non conforme (1 non conforme)" in output


def test_what_is_not_a_failure_is_skipped_with_its_reason(bench: pytest.Pytester) -> None:
    feature(
        bench,
        scenario("a", *BAD, tags="@deduite"),
        scenario("b", "Alors il y a action absente"),
        scenario("c", *GOOD, tags="@etude @officielle"),
        scenario("d", "Alors tout va bien"),
    )
    ended, _ = run(bench)
    ended.assert_outcomes(skipped=4)
    output = " ".join(ended.stdout.str().split())
    for said in (
        "À vérifier : Attendu : un événement ; vu : aucun.",
        "Non applicable : le produit n'offre pas l'action « lire_mesures »",
        "Non applicable : bloc ou ligne non revendiqué",
        "Non testé : aucun échange n'a été vu",
    ):
        assert said in output


def test_a_broken_rule_is_an_error_of_the_bench(bench: pytest.Pytester) -> None:
    feature(bench, scenario("Règle cassee", *GOOD))
    ended, result = run(bench)
    assert (result.scenarios[0].outcome, result.scenarios[0].cause) == ("erreur", "banc")
    assert "règle cassée" in result.scenarios[0].reason
    assert ended.ret == ExitCode.BENCH


def test_outlines_give_one_result_per_row(bench: pytest.Pytester) -> None:
    outline = (
        "  @officielle\n  Plan du scénario: Cas <dit>\n    Soit un échange <dit>\n    Alors tout va bien\n\n"
        "    Exemples:\n      | dit   |\n      | bon   |\n      | OFF-1 |\n"
    )
    feature(bench, outline)
    _, result = run(bench)
    assert {one.id: one.verdict(strict=False).value for one in result.scenarios} == {
        "essai.feature::Cas <dit> [bon]": "conforme",
        "essai.feature::Cas <dit> [OFF-1]": "non conforme",
    }
    assert {one.name for one in result.scenarios} == {"Cas bon", "Cas OFF-1"}


def test_tags_select_scenarios(bench: pytest.Pytester) -> None:
    feature(
        bench,
        scenario("Gardé", *GOOD),
        scenario("Écarté", *GOOD, tags="@etude @officielle"),
    )
    _, result = run(bench, "-m", "MES and not etude")
    assert [one.name for one in result.scenarios] == ["Gardé"]


def test_several_test_processes_give_one_result(bench: pytest.Pytester) -> None:
    feature(
        bench,
        *(scenario(f"Bon {number}", *GOOD) for number in range(3)),
        scenario("Mauvais", "Soit un échange DED-1", "Alors tout va bien"),
    )
    arguments = ("features", "--cible", "cible.toml", "--resultats", "resultat.json", "-n", "2", "--strict")
    ended = bench.runpytest_subprocess(*arguments)
    result = RunResult.read(bench.path / "resultat.json")
    assert [one.name for one in result.scenarios] == ["Bon 0", "Bon 1", "Bon 2", "Mauvais"]
    assert result.strict
    assert ended.ret == ExitCode.NON_CONFORME
    assert "Verdict : non conforme (3 conforme, 1 non conforme)" in ended.stdout.str()


def test_a_wrong_target_stops_before_anything_with_its_line(bench: pytest.Pytester) -> None:
    feature(bench, scenario("Un fait", *GOOD))
    (bench.path / "cible.toml").write_text(TARGET.replace("nom =", "nonm ="), encoding="utf-8")
    ended = bench.runpytest_subprocess("features", "--cible", "cible.toml")
    assert ended.ret == ExitCode.SETUP
    assert "cible.toml, ligne 2, clé « produit.nonm »" in ended.stdout.str() + ended.stderr.str()


def test_a_sandbox_that_cannot_start_stops_before_anything(bench: pytest.Pytester) -> None:
    feature(bench, scenario("Un fait", *GOOD))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        mode = f'mode = "local"\nurl = "http://127.0.0.1:{taken.getsockname()[1]}"'
        (bench.path / "cible.toml").write_text(TARGET.replace('mode = "embarque"', mode), encoding="utf-8")
        ended = bench.runpytest_subprocess("features", "--cible", "cible.toml")
    assert ended.ret == ExitCode.SETUP
    assert "est déjà prise par un autre programme" in ended.stdout.str() + ended.stderr.str()


def test_without_a_target_ordinary_tests_keep_their_exit_code(bench: pytest.Pytester) -> None:
    bench.makepyfile(test_ordinary="def test_one():\n    assert True\n")
    ended = bench.runpytest("test_ordinary.py")
    ended.assert_outcomes(passed=1)
    assert ended.ret == 0
    assert not (bench.path / ".banc").exists()


def test_results_are_written_under_banc_by_default(bench: pytest.Pytester) -> None:
    feature(bench, scenario("Un fait", *GOOD))
    bench.runpytest("features", "--cible", "cible.toml")
    (file,) = Path(bench.path / ".banc" / "resultats").glob("*.json")
    assert [one["name"] for one in json.loads(file.read_text(encoding="utf-8"))["scenarios"]] == ["Un fait"]
