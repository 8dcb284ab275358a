"""What pytest-bdd knows of a scenario, read from its test item: name, feature, tags, authority, requirements."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd.scenario import scenario_wrapper_template_registry

from harness import catalogue
from harness.catalogue import Catalogue, Requirement, State
from rules import Authority

_STATES = {"cible": State.CIBLE, "etude": State.ETUDE}
_NOT_TAGS = {"parametrize", "usefixtures", "skip", "skipif", "xfail", "filterwarnings"}


@dataclass(frozen=True)
class Scenario:
    """A scenario of a feature. id: `<path of the feature>::<name>`, with the values of the row for an outline."""

    id: str
    name: str
    feature: str
    path: str
    tags: tuple[str, ...]

    @property
    def requirements(self) -> tuple[str, ...]:
        """Rows of the catalogue among the tags, in its order."""
        return tuple(row.id for row in self.rows)

    @property
    def rows(self) -> tuple[Requirement, ...]:
        """The same, as rows."""
        return _catalogue().of(self.tags)

    @property
    def authority(self) -> Authority:
        """The weakest of the authority tags: a scenario that names none, or two, must not accuse wrongly."""
        weakest_first = (Authority.BANC, Authority.DEDUITE, Authority.OFFICIELLE)
        return next((authority for authority in weakest_first if authority.value in self.tags), Authority.BANC)

    @property
    def state(self) -> State | None:
        """State given by its own tag (@cible, @etude), if any."""
        return next((state for tag, state in _STATES.items() if tag in self.tags), None)


def of_item(item: pytest.Item) -> Scenario | None:
    """The scenario of a test item; None for an ordinary test."""
    function = getattr(item, "obj", None)
    template = None if function is None else scenario_wrapper_template_registry.get(function)
    if template is None:
        return None
    example = _example(item)
    path = _path(template.feature.filename, item.path.parent)
    row = f" [{', '.join(example.values())}]" if example else ""
    return Scenario(
        id=f"{path}::{template.name}{row}",
        name=template.render(example).name,
        feature=template.feature.name,
        path=path,
        tags=tuple(sorted({mark.name for mark in item.iter_markers()} - _NOT_TAGS)),
    )


@cache
def _catalogue() -> Catalogue:
    return catalogue.load()


def published_tags() -> Iterator[str]:
    """Every tag that a user may select scenarios by: those of `features/tags.toml`, and the rows of the catalogue."""
    text = files("features").joinpath("tags.toml").read_text(encoding="utf-8")
    for table in tomllib.loads(text).values():
        yield from table
    yield from (row.id for row in _catalogue())


def tags_in(features: Iterable[Path]) -> Iterator[str]:
    """Every tag written in these feature files."""
    for file in features:
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.lstrip().startswith("@"):
                yield from (word[1:] for word in line.split("#")[0].split() if word.startswith("@"))


def _path(feature: str, base: Path) -> str:
    """Path of a feature from the folder of features, wherever that folder is on this machine."""
    absolute = Path(feature).resolve()
    return (absolute.relative_to(base) if absolute.is_relative_to(base) else absolute).as_posix()


def _example(item: pytest.Item) -> dict[str, Any]:
    params = getattr(getattr(item, "callspec", None), "params", {})
    return {name: str(value) for name, value in params.get("_pytest_bdd_example", {}).items()}
