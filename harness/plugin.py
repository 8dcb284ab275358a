"""The pytest plugin: options, fixture `scene`, judgement at the end of each scenario, result and exit code.

`--strict` is pytest's own option: it also makes the obligations that are only deduced count in the verdict.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd.types import GIVEN

from harness import hooks, scenarios
from harness.environment import Environment, local_sandbox, open_environment
from harness.errors import HarnessError, SetUpError
from harness.judging import judge_into, result_of, text_of
from harness.results import ScenarioResult
from harness.run import Run
from harness.scene import Scene
from harness.target import Target, load_target
from harness.target_sections import MODES
from harness.verdict import ExitCode, Verdict

TARGET = pytest.StashKey[Target]()
MES_TAG = "MES"  # features/tags.toml
RUN = pytest.StashKey[Run]()
RESULT = pytest.StashKey[ScenarioResult]()
SCENE = pytest.StashKey[Scene]()
SETTING_THE_SCENE = pytest.StashKey[bool]()
_SANDBOX = pytest.StashKey[str]()
_STACK = pytest.StashKey[ExitStack]()

_SKIPPED = {
    Verdict.NON_APPLICABLE: "Non applicable",
    Verdict.A_VERIFIER: "À vérifier",
    Verdict.NON_TESTE: "Non testé",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("banc", "conformité d'un produit")
    group.addoption("--cible", metavar="FICHIER", type=Path, help="cible.toml du produit sous essai")
    group.addoption("--mode", choices=MODES, default="", help="remplace bac_a_sable.mode du fichier")
    group.addoption("--defaut", metavar="ID", default="", help="défaut semé dans le produit de référence")
    group.addoption("--resultats", metavar="FICHIER", type=Path, help="où écrire le résultat (JSON)")


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(hooks)


def pytest_configure(config: pytest.Config) -> None:
    for tag in sorted({*scenarios.published_tags(), *scenarios.tags_in(_feature_files(config))}):
        config.addinivalue_line("markers", f"{tag}: étiquette Gherkin")
    path = config.getoption("--cible")
    if path is not None:
        try:
            config.stash[TARGET] = load_target(path, mode=config.getoption("--mode"))
        except SetUpError as error:
            pytest.exit(str(error), returncode=ExitCode.SETUP)
    run = Run(
        config.stash.get(TARGET, None),
        strict=_strict(config),
        defect=config.getoption("--defaut"),
        path=config.getoption("--resultats"),
    )
    config.stash[RUN] = run
    config.pluginmanager.register(run, "banc-run")


def _feature_files(config: pytest.Config) -> Iterator[Path]:
    """Feature files of the project and of the folders given: their tags must be known before collection."""
    places = {config.rootpath / "features", *(Path(argument.split("::")[0]) for argument in config.args)}
    for place in places:
        yield from place.rglob("*.feature") if place.is_dir() else ()


# -- one sandbox for all test processes in mode local


def pytest_sessionstart(session: pytest.Session) -> None:
    config = session.config
    target = config.stash.get(TARGET, None)
    if _is_worker(config):
        config.stash[_SANDBOX] = config.workerinput["banc_sandbox"]  # type: ignore[attr-defined]
    elif target is not None and target.sandbox.mode == "local" and not config.option.collectonly:
        stack = config.stash.setdefault(_STACK, ExitStack())
        try:
            config.stash[_SANDBOX] = stack.enter_context(local_sandbox(target))
        except SetUpError as error:
            pytest.exit(str(error), returncode=ExitCode.SETUP)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist starts a test process: tell it where the sandbox of this run is."""
    node.workerinput["banc_sandbox"] = node.config.stash.get(_SANDBOX, "")
    node.workerinput["banc_strict"] = node.config.stash[RUN].result.strict


def pytest_unconfigure(config: pytest.Config) -> None:
    if _STACK in config.stash:
        config.stash[_STACK].close()


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _strict(config: pytest.Config) -> bool:
    """Strict as asked on the command line; a test process of xdist is told by the process that started it."""
    told = getattr(config, "workerinput", {}).get("banc_strict")
    return bool(config.getini("strict")) if told is None else bool(told)


# -- one scenario


@pytest.fixture(scope="session")
def banc_environment(pytestconfig: pytest.Config) -> Iterator[Environment]:
    """Sandbox, tenant and product of this test process."""
    target = pytestconfig.stash.get(TARGET, None)
    if target is None:
        raise SetUpError("Dites quel produit essayer : pytest features --cible cible.toml.")
    defect, sandbox = pytestconfig.getoption("--defaut"), pytestconfig.stash.get(_SANDBOX, "")
    with open_environment(target, defect=defect, sandbox_url=sandbox) as environment:
        yield environment


@pytest.fixture
def scene(banc_environment: Environment, request: pytest.FixtureRequest) -> Iterator[Scene]:
    """The scene of one scenario (architecture §7)."""
    with banc_environment.scene() as opened:
        request.node.stash[SCENE] = opened
        yield opened


def pytest_bdd_before_scenario(request: pytest.FixtureRequest) -> None:
    """Every scenario has its scene, so that its mark is set before its first step.

    A scenario about Mon espace santé may call nothing of it (nothing leaves without a pairing): its tag tells what it
    is about. Raises ServiceNotClaimed.
    """
    opened: Scene = request.getfixturevalue("scene")
    scenario = scenarios.of_item(request.node)
    if scenario is not None and MES_TAG in scenario.tags:
        opened.require("mes")


def pytest_bdd_step_error(request: pytest.FixtureRequest, step: Any) -> None:
    """Remember whether the scene was still being set when the scenario failed."""
    request.node.stash[SETTING_THE_SCENE] = step.type == GIVEN


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    scenario = scenarios.of_item(item)
    if scenario is None:
        return (yield)
    started = time.monotonic()
    error: BaseException | None = None
    try:
        yield
    except pytest.exit.Exception:
        raise
    except (Exception, pytest.fail.Exception, pytest.skip.Exception) as raised:
        error = raised
    result = result_of(scenario, item.config.stash.get(TARGET, None), error)
    exchanges = judge_into(result, item.stash[SCENE].exchanges, error) if SCENE in item.stash else []
    result.prepared = not item.stash.get(SETTING_THE_SCENE, False)
    result.duration_s = round(time.monotonic() - started, 3)
    item.stash[RESULT] = result
    item.config.hook.pytest_banc_scenario_judged(item=item, result=result, exchanges=exchanges)
    strict = item.config.stash[RUN].result.strict
    return _conclude(result, error, text_of(result, exchanges, strict=strict), strict=strict)


def _conclude(result: ScenarioResult, error: BaseException | None, text: str, *, strict: bool) -> None:
    """Say the result in the words of pytest: failed, skipped with its reason, or an error as it was raised."""
    if result.outcome == "erreur":
        if isinstance(error, Exception) and not isinstance(error, AssertionError):
            raise error
        raise HarnessError(result.reason) from error
    given = result.verdict(strict=strict)
    if given is Verdict.NON_CONFORME:
        pytest.fail(text, pytrace=False)
    if given in _SKIPPED:
        unclaimed = "" if result.claimed else "bloc ou ligne non revendiqué dans cible.toml. "
        pytest.skip(f"{_SKIPPED[given]} : {unclaimed}{text}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    scenario = scenarios.of_item(item)
    if scenario is None:
        return report
    if call.when != "call" and call.excinfo is not None:
        # Before its first step (skipped by a mark, fixture in error), or after its last one.
        item.stash[RESULT] = result_of(scenario, item.config.stash.get(TARGET, None), call.excinfo.value)
    if RESULT in item.stash:
        report.banc_result = item.stash[RESULT].to_json()  # type: ignore[attr-defined]
    return report


# -- the run


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    run = session.config.stash[RUN]
    if not _is_worker(session.config) and run.concerned:
        session.exitstatus = run.finish(exitstatus)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in config.stash[RUN].summary():
        terminalreporter.write_line(line)
