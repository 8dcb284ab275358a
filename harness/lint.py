"""What pytest-bdd swallows in silence, refused here before a run.

A step placed before the first scenario, or a first step with a misspelt keyword, becomes a description and the
scenario passes without it; a step without definition is found only when its scenario runs; an unknown tag is
accepted. Each of these would make a green verdict a lie.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from gherkin.dialect import Dialect
from gherkin.errors import CompositeParserException, ParserException
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from harness.catalogue import Catalogue, State, load
from harness.step_definitions import Definitions, step_definitions

LANGUAGE = re.compile(r"#\s*language:\s*fr\s*$")
TECHNICAL = re.compile(r"https?://|[{}\[\]]|\b(?:GET|POST|PUT|PATCH|DELETE|HTTP|JSON|Bearer)\b|/fhir|/oauth2")
PLACEHOLDER = re.compile(r"<([^<>]+)>")
STATE_TAGS = {State.CIBLE: "cible", State.ETUDE: "etude"}
AUTHORITIES = "autorites"

_STEP_KINDS = ("given", "when", "then", "and", "but")
_BLOCK_KINDS = ("feature", "background", "rule", "scenario", "scenarioOutline", "examples")


def _french(kinds: Iterable[str]) -> list[str]:
    """The keywords of these kinds in French."""
    spec: Any = getattr(Dialect.for_name("fr"), "spec", {})
    return [word for kind in kinds for word in spec[kind]]


_STEP_WORDS = {word.split()[0].rstrip("'") for word in _french(_STEP_KINDS)}
_BLOCK_WORDS = _french(_BLOCK_KINDS)


@dataclass(frozen=True, order=True)
class LintError:
    """One fault of a feature: file, line from 1, French sentence."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} : {self.message}"


@dataclass(frozen=True)
class Reference:
    """What a feature may name: tags by family, requirements, step definitions."""

    tags: dict[str, set[str]]
    catalogue: Catalogue
    definitions: Definitions


@dataclass
class _Scenario:
    """One scenario with the tags it inherits, and its steps as pytest-bdd will run them (kind, text, line)."""

    name: str
    line: int
    tags: set[str]
    steps: list[tuple[str, str, int]] = field(default_factory=list)


def lint(folder: Path, *, steps: str = "steps") -> list[LintError]:
    """Every fault of the features under `folder`, in the order of files and lines.

    `steps`: name of the package that holds the step definitions.
    `folder/tags.toml` declares the tags that are not requirements; without it none is allowed.
    """
    reference = Reference(_declared_tags(folder), load(), step_definitions(steps))
    return sorted(error for path in sorted(folder.rglob("*.feature")) for error in lint_file(path, reference))


def lint_file(path: Path, reference: Reference) -> Iterator[LintError]:
    """Every fault of one feature file."""
    text = path.read_text(encoding="utf-8")
    for line, message in _faults(text, reference):
        yield LintError(path, line, message)


def _faults(text: str, reference: Reference) -> Iterator[tuple[int, str]]:
    yield from _faults_of_the_text(text)
    try:
        document: dict[str, Any] = dict(Parser().parse(text))
    except CompositeParserException as error:
        for one in error.errors:
            yield _where(one), f"ligne que Gherkin ne comprend pas : {one}"
        return
    if not document.get("feature"):
        yield 1, "aucune fonctionnalité dans ce fichier"
        return
    yield from _swallowed(document["feature"])
    scenarios = list(_scenarios(document))
    yield from _repeated_names(scenarios)
    for scenario in scenarios:
        for check in CHECKS:
            yield from check(scenario, reference)


def _faults_of_the_text(text: str) -> Iterator[tuple[int, str]]:
    lines = text.splitlines() or [""]
    if not LANGUAGE.match(lines[0]):
        yield 1, "la première ligne doit être « # language: fr »"
    for number, line in enumerate(lines, start=1):
        if "’" in line:
            yield number, "apostrophe typographique (U+2019) : seule l'apostrophe droite est reconnue"


def _where(error: ParserException) -> int:
    return int((error.location or {}).get("line", 1))


def _swallowed(node: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Lines of a description that read like a step or a heading: Gherkin keeps them as prose."""
    for offset, line in enumerate((node.get("description") or "").splitlines(), start=1):
        if _reads_like_gherkin(line.strip()):
            at = node["location"]["line"] + offset
            yield at, f"texte pris pour une description, jamais exécuté : « {line.strip()} »"
    for child in node.get("children", []):
        yield from _swallowed(next(iter(child.values())))
    for examples in node.get("examples", []):
        yield from _swallowed(examples)


def _reads_like_gherkin(line: str) -> bool:
    first = re.split(r"[\s']", line, maxsplit=1)[0]
    heading, colon, _ = line.partition(":")
    return bool(
        get_close_matches(first.capitalize(), _STEP_WORDS, n=1, cutoff=0.8)
        or (colon and get_close_matches(heading.strip().capitalize(), _BLOCK_WORDS, n=1, cutoff=0.75))
    )


def _scenarios(document: dict[str, Any]) -> Iterator[_Scenario]:
    """One entry per scenario and per row of an outline, plus scenarios that would never run."""
    nodes = {node["id"]: node for node in _nodes(document["feature"])}
    pickles = [pickle for pickle in Compiler().compile(cast(Any, {**document, "uri": ""})) if pickle["steps"]]
    for pickle in pickles:
        node = nodes[pickle["astNodeIds"][0]]
        tags = {tag["name"].removeprefix("@") for tag in pickle["tags"]}
        steps = [
            (step["type"], step["text"], nodes[step["astNodeIds"][0]]["location"]["line"]) for step in pickle["steps"]
        ]
        yield _Scenario(pickle["name"], node["location"]["line"], tags, steps)
    played = {pickle["astNodeIds"][0] for pickle in pickles}
    for node in nodes.values():
        if "steps" in node and "tags" in node and node["id"] not in played:
            yield _Scenario(node["name"], node["location"]["line"], set())


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The scenarios, backgrounds and steps below a node."""
    for child in node.get("children", []):
        inner = next(iter(child.values()))
        if "steps" in inner:
            yield inner
            yield from inner["steps"]
        yield from _nodes(inner)


def _repeated_names(scenarios: Iterable[_Scenario]) -> Iterator[tuple[int, str]]:
    seen: dict[str, int] = {}
    for scenario in scenarios:
        if seen.setdefault(scenario.name, scenario.line) != scenario.line:
            yield scenario.line, f"titre déjà employé ligne {seen[scenario.name]} : « {scenario.name} »"


def _has_steps(scenario: _Scenario, reference: Reference) -> Iterator[tuple[int, str]]:
    if not scenario.steps:
        yield scenario.line, f"scénario jamais joué, sans étape ou sans exemple : « {scenario.name} »"


def _tags_are_declared(scenario: _Scenario, reference: Reference) -> Iterator[tuple[int, str]]:
    declared = set().union(*reference.tags.values())
    for tag in sorted(scenario.tags - declared):
        if tag not in reference.catalogue:
            yield scenario.line, f"étiquette non déclarée : @{tag}"


def _one_authority(scenario: _Scenario, reference: Reference) -> Iterator[tuple[int, str]]:
    given = scenario.tags & reference.tags.get(AUTHORITIES, set())
    if scenario.steps and len(given) != 1:
        seen = ", ".join(f"@{tag}" for tag in sorted(given)) or "aucune"
        yield scenario.line, f"une étiquette d'autorité et une seule est attendue, vu : {seen}"


def _names_requirements(scenario: _Scenario, reference: Reference) -> Iterator[tuple[int, str]]:
    rows = reference.catalogue.of(scenario.tags)
    if scenario.steps and not rows:
        yield scenario.line, "aucun identifiant du catalogue parmi les étiquettes"
    for state, tag in STATE_TAGS.items():
        expected = any(row.state is state for row in rows)
        if scenario.steps and expected != (tag in scenario.tags):
            yield scenario.line, f"étiquette @{tag} {'attendue' if expected else 'de trop'} d'après le catalogue"


def _steps_are_defined(scenario: _Scenario, reference: Reference) -> Iterator[tuple[int, str]]:
    for kind, text, line in scenario.steps:
        found = reference.definitions.matching(kind, text)
        if not found:
            yield line, f"étape sans définition : « {text} »"
        elif len(found) > 1:
            yield line, f"étape que plusieurs définitions reconnaissent ({', '.join(found)}) : « {text} »"


def _steps_speak_french(scenario: _Scenario, reference: Reference) -> Iterator[tuple[int, str]]:
    for _, text, line in scenario.steps:
        if TECHNICAL.search(text):
            yield line, f"adresse ou code technique dans une étape : « {text} »"


def _rows_fill_the_sentences(scenario: _Scenario, reference: Reference) -> Iterator[tuple[int, str]]:
    for _, text, line in scenario.steps:
        for name in PLACEHOLDER.findall(text):
            yield line, f"aucune colonne d'exemples pour <{name}>"


Check = Callable[[_Scenario, Reference], Iterator[tuple[int, str]]]
CHECKS: tuple[Check, ...] = (
    _has_steps,
    _tags_are_declared,
    _one_authority,
    _names_requirements,
    _steps_are_defined,
    _steps_speak_french,
    _rows_fill_the_sentences,
)


def _declared_tags(folder: Path) -> dict[str, set[str]]:
    path = folder / "tags.toml"
    if not path.exists():
        return {}
    return {family: set(tags) for family, tags in tomllib.loads(path.read_text(encoding="utf-8")).items()}
