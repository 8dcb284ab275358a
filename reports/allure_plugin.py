"""Gherkin in Allure: steps with French keywords, labels from the catalogue, evidence of each scenario.

A pytest plugin on top of allure-pytest (allure-pytest-bdd loses the scenarios that are skipped or whose
set-up breaks). Without `--alluredir` it does nothing. `harness/plugin.py` hands it each judged scenario by the
hook `pytest_banc_scenario_judged`.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import allure
import pytest
from allure_commons.model2 import Label, Link, Parameter, Status
from allure_commons.utils import md5
from pytest_bdd.parser import Scenario, ScenarioTemplate, Step
from pytest_bdd.scenario import scenario_wrapper_template_registry

from harness.catalogue import Catalogue, load
from harness.errors import HarnessError
from harness.plugin import SCENE
from harness.results import ScenarioResult
from harness.verdict import is_negative
from reports import evidence
from reports.labels import labels_of, links_of, severity_of, source_links
from rules.core import Finding
from rules.exchange import Exchange

# A report with one file per exchange stays readable and light up to here; what follows goes in one attachment.
EXCHANGES_SHOWN_APART = 80


class GherkinReport:
    """What one pytest process tells Allure about its scenarios."""

    def __init__(self, listener: Any, catalogue: Catalogue, *, strict: bool) -> None:
        self._listener = listener
        self._catalogue = catalogue
        self._strict = strict
        self._open: dict[str, Any] = {}
        self._seen: dict[str, int] = {}
        self._done: dict[str, int] = {}

    def _result(self) -> Any:
        return self._listener.allure_logger.get_test(None)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, None]:
        """After allure-pytest gave the test its Python name, give it its French one."""
        yield
        template = _template(item)
        result = self._result()
        if template is None or result is None:
            return
        example = _example(item)
        result.name = template.render(example).name
        result.fullName = f"{template.feature.rel_filename}:{template.name}"
        result.testCaseId = md5(result.fullName)  # type: ignore[no-untyped-call]
        result.titlePath = [template.feature.name]
        result.description = _description(template)
        result.parameters[:] = [
            *(p for p in result.parameters if p.name != "_pytest_bdd_example"),
            *(Parameter(name=name, value=value) for name, value in example.items()),
        ]
        tags = {mark.name for mark in item.iter_markers()}
        rows = self._catalogue.of(tags)
        wanted = labels_of(tags, template.feature.name, self._catalogue)
        result.labels.extend(Label(name, value) for name, value in [*wanted, ("severity", severity_of(tags))])
        result.links.extend(Link("link", url, name) for name, url in links_of(rows))

    def pytest_bdd_before_step(self, request: pytest.FixtureRequest, step: Step) -> None:
        node = request.node.nodeid
        self._open[node] = allure.step(step_title(step))
        self._open[node].__enter__()
        self._done[node] = self._done.get(node, 0) + 1
        _attach_arguments(step)

    def pytest_bdd_after_step(self, request: pytest.FixtureRequest) -> None:
        self._close(request.node, None)

    def pytest_bdd_step_error(self, request: pytest.FixtureRequest, exception: BaseException) -> None:
        self._close(request.node, exception)

    def pytest_bdd_step_func_lookup_error(
        self, request: pytest.FixtureRequest, step: Step, exception: Exception
    ) -> None:
        """A step without definition is a broken step, not a missing one."""
        node = request.node.nodeid
        self._done[node] = self._done.get(node, 0) + 1
        _closed_step(step_title(step), exception)

    def pytest_bdd_after_scenario(self, request: pytest.FixtureRequest, scenario: Scenario) -> None:
        """Close what `pytest.skip` left open, and show the steps that were not reached."""
        node = request.node.nodeid
        self._close(request.node, sys.exc_info()[1])
        for step in scenario.steps[self._done.pop(node, 0) :]:
            _closed_step(step_title(step), pytest.skip.Exception("étape non exécutée"))

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, Any, None]:
        """Leave the reader the sentence, without Python's exception name and trace."""
        yield
        result = self._result()
        if result is not None:
            _without_python(result)

    @pytest.hookimpl(optionalhook=True)
    def pytest_banc_scenario_judged(
        self, item: pytest.Item, result: ScenarioResult, exchanges: Sequence[Exchange]
    ) -> None:
        """Add what the rules found and the exchanges they read."""
        test = self._result()
        if test is None:
            return
        test.labels.extend(Label("regle", rule) for rule in sorted({finding.rule for finding in result.findings}))
        sources = source_links(finding.source for finding in result.findings)
        test.links.extend(Link("link", url, name) for name, url in sources)
        by_id = {exchange.id: exchange for exchange in exchanges}
        judged = sum(1 for count in result.examined.values() if count)
        with allure.step(f"Jugement des échanges : règles examinées {judged}, constats {len(result.findings)}"):
            _attach_examined(result.examined)
            for finding in result.findings:
                self._show_finding(finding, by_id.get(finding.exchange))
        seen = self._seen.pop(item.nodeid, 0)
        late = [exchange for exchange in exchanges if exchange.id > seen]
        if late:
            with allure.step(f"Échanges vus après la dernière étape : {len(late)}"):
                _attach_exchanges(late)

    def _show_finding(self, finding: Finding, exchange: Exchange | None) -> None:
        text = evidence.finding_text(finding, exchange)
        title = evidence.finding_title(finding)
        if not is_negative(finding, strict=self._strict):
            return _closed_step(f"À titre d'information, {title}", None, partial(_proof, text, exchange))
        return _closed_step(title, AssertionError(text), partial(_proof, text, exchange))

    def _close(self, node: pytest.Item, error: BaseException | None) -> None:
        step = self._open.pop(node.nodeid, None)
        if step is not None:
            self._attach_new_exchanges(node)
            shown = self._listener.allure_logger.get_item(step.uuid)
            step.__exit__(type(error) if error else None, error, error.__traceback__ if error else None)
            _without_python(shown)


    def _attach_new_exchanges(self, node: pytest.Item) -> None:
        """Attach to the open step what was exchanged during it."""
        scene = node.stash.get(SCENE, None)
        if scene is None:
            return
        seen = self._seen.get(node.nodeid, scene.mark)
        # A sandbox that does not answer any more is said by the scenario itself.
        with contextlib.suppress(HarnessError):
            new = scene.tenant.read_all(after=seen)
            _attach_exchanges(new)
            self._seen[node.nodeid] = max([seen, *(exchange.id for exchange in new)])


def step_title(step: Step) -> str:
    """The step as it is read aloud; pytest-bdd gives « Étant Donné Que » for « Étant donné que »."""
    keyword = step.keyword.strip()
    keyword = keyword[:1].upper() + keyword[1:].lower()
    return f"{keyword}{'' if keyword.endswith(chr(39)) else ' '}{step.name}"


def _without_python(result: Any) -> None:
    """Leave in a test or step that failed, or was skipped, only what a reader understands."""
    if result.statusDetails is not None and result.status in (Status.FAILED, Status.SKIPPED):
        result.statusDetails.message = sentence(result.statusDetails.message or "")
        result.statusDetails.trace = None


def sentence(message: str) -> str:
    """What the author of the assertion wrote, without what Python and pytest put around it."""
    for prefix in ("AssertionError: ", "Failed: ", "Skipped: "):
        message = message.removeprefix(prefix)
    return message.partition("\nassert ")[0].strip()


def _template(item: pytest.Item) -> ScenarioTemplate | None:
    function = getattr(item, "obj", None)
    return scenario_wrapper_template_registry.get(function) if function is not None else None


def _example(item: pytest.Item) -> dict[str, str]:
    params = getattr(getattr(item, "callspec", None), "params", {})
    return dict(params.get("_pytest_bdd_example") or {})


def _description(template: ScenarioTemplate) -> str:
    return "\n\n".join(text.strip() for text in (template.feature.description, template.description) if text)


def _closed_step(title: str, error: BaseException | None, inside: Callable[[], None] | None = None) -> None:
    step = allure.step(title)
    step.__enter__()  # type: ignore[no-untyped-call]
    if inside:
        inside()
    step.__exit__(type(error) if error else None, error, None)  # type: ignore[no-untyped-call]


def _attach_arguments(step: Step) -> None:
    if step.docstring:
        allure.attach(step.docstring, name="Texte de l'étape", attachment_type=allure.attachment_type.TEXT)
    if step.datatable:
        rows = "\n".join(";".join(map(str, row)) for row in step.datatable.raw())
        allure.attach(rows, name="Tableau de l'étape", attachment_type=allure.attachment_type.CSV)


def _proof(text: str, exchange: Exchange | None) -> None:
    allure.attach(text, name="Constat", attachment_type=allure.attachment_type.TEXT)
    if exchange is not None:
        _attach_exchange(exchange)


def _attach_examined(examined: Mapping[str, int]) -> None:
    lines = [f"{rule} : {count}" for rule, count in sorted(examined.items()) if count]
    if lines:
        name = "Règles examinées, et combien de fois"
        allure.attach("\n".join(lines), name=name, attachment_type=allure.attachment_type.TEXT)


def _attach_exchange(exchange: Exchange) -> None:
    title, text = evidence.exchange_title(exchange), evidence.exchange_text(exchange)
    allure.attach(text, name=title, attachment_type=allure.attachment_type.JSON)


def _attach_exchanges(exchanges: Sequence[Exchange]) -> None:
    for exchange in exchanges[:EXCHANGES_SHOWN_APART]:
        _attach_exchange(exchange)
    if rest := exchanges[EXCHANGES_SHOWN_APART:]:
        text = "[" + ",\n".join(map(evidence.exchange_text, rest)) + "]"
        name = f"{len(rest)} échanges suivants"
        allure.attach(text, name=name, attachment_type=allure.attachment_type.JSON)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the report when allure-pytest is writing results."""
    listener = config.pluginmanager.get_plugin("allure_listener")
    if listener is not None:
        strict = bool(config.getoption("strict", default=False))
        config.pluginmanager.register(GherkinReport(listener, load(), strict=strict), "banc_allure")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the files that describe Python fixtures: nothing in them is for a reader (once, by the controller)."""
    folder = config.getoption("allure_report_dir", default=None)
    if folder and not hasattr(config, "workerinput"):
        for container in Path(folder).glob("*-container.json"):
            container.unlink()
