"""The step definitions that pytest-bdd will know, found without running a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from pytest_bdd.steps import step_function_context_registry

from harness.steps import step_modules

KINDS = {"Context": "given", "Action": "when", "Outcome": "then"}


@dataclass(frozen=True)
class Definitions:
    """Step definitions of one package of steps."""

    contexts: Sequence[Any]

    def matching(self, kind: str, text: str) -> list[str]:
        """Names of the functions whose sentence reads `text`.

        kind: `Context`, `Action` or `Outcome`, as a Gherkin pickle says; any other value matches every definition.
        """
        wanted = KINDS.get(kind)
        return sorted(
            {
                context.step_func.__name__
                for context in self.contexts
                if (wanted is None or context.type in (wanted, None)) and context.parser.is_matching(text)
            }
        )


def step_definitions(package: str) -> Definitions:
    """The definitions held by `package` and its modules, which are imported for it."""
    names = [package, *step_modules(package)]
    for name in names:
        import_module(name)
    contexts = step_function_context_registry.values()
    return Definitions([context for context in contexts if context.step_func.__module__ in names])
