"""Rooms that the harness may not import, reached by a name written as data: reports, reference."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from harness.errors import SetUpError


def load(path: str) -> Any:
    """The object named `module:attribut`. Raises SetUpError when it cannot be loaded."""
    module, _, attribute = path.partition(":")
    try:
        return getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise SetUpError(f"« {path} » ne peut pas être chargé : {error}.") from error
