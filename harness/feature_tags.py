"""The scenarios of the features and their tags, read from the Gherkin files, without running anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler


@dataclass(frozen=True)
class TaggedScenario:
    """path: of the feature, relative to the folder of features. tags: with those inherited, without `@`."""

    path: str
    name: str
    tags: frozenset[str]


def scenarios(folder: Path) -> list[TaggedScenario]:
    """Every scenario under `folder`, one entry per title (the rows of an outline are one scenario)."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for path in sorted(folder.rglob("*.feature")):
        name = path.relative_to(folder).as_posix()
        for title, tags in _of_file(path):
            found[name, title] = found.get((name, title), frozenset()) | tags
    return [TaggedScenario(path, title, tags) for (path, title), tags in found.items()]


def _of_file(path: Path) -> Iterator[tuple[str, frozenset[str]]]:
    document = Parser().parse(path.read_text(encoding="utf-8"))
    titles = dict(_titles(cast(Mapping[str, Any], document.get("feature") or {})))
    for pickle in Compiler().compile({**document, "uri": path.as_posix()}):
        tags = frozenset(tag["name"].removeprefix("@") for tag in pickle["tags"])
        yield titles[pickle["astNodeIds"][0]], tags


def _titles(node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(id, title as written) of each scenario below a node; a pickle of an outline has another title."""
    for child in node.get("children", []):
        inner = next(iter(child.values()))
        if "steps" in inner and "name" in inner:
            yield inner["id"], inner["name"]
        yield from _titles(inner)
