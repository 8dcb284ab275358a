"""Which modules hold the step definitions; found by name, for the harness imports nothing of `steps`."""

from __future__ import annotations

from importlib.util import find_spec
from pkgutil import iter_modules


def step_modules(package: str = "steps") -> list[str]:
    """Dotted names of the modules of that package, for pytest's `-p` or `pytest_plugins`."""
    spec = find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        return []
    return sorted(f"{package}.{module.name}" for module in iter_modules(spec.submodule_search_locations))
