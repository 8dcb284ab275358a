"""What a module of the product imports never comes back to it: each can be the first one that is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

EACH_FIRST = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
names = [found.name for found in pkgutil.iter_modules(package.__path__, package.__name__ + ".")]
for name in names:
    for loaded in [one for one in sys.modules if one.split(".")[0] == "reference"]:
        del sys.modules[loaded]
    importlib.import_module(name)
print(len(names))
"""


@pytest.mark.parametrize("package", ["reference", "reference.server", "reference.web"])
def test_each_module_can_be_loaded_first(package: str) -> None:
    run = subprocess.run([sys.executable, "-c", EACH_FIRST, package], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 5
