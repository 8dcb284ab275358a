"""The bench's own product, known only by the names written in `cible-reference.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from harness.commands.outside import load
from harness.errors import SetUpError
from harness.prove import Defect

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "cible-reference.toml"


def defects(target: Path = TARGET) -> Sequence[Defect]:
    """The seeded defects named by the key `reference.defauts` of a `cible.toml`.

    Raises SetUpError when the file, the key or the catalogue is missing.
    """
    try:
        document = tomllib.loads(target.read_text(encoding="utf-8"))
        name = document["reference"]["defauts"]
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SetUpError(f"{target} ne peut pas être lu : {error}.") from error
    except KeyError:
        raise SetUpError(f"{target} ne nomme pas de catalogue de défauts (clé « reference.defauts »).") from None
    found = load(name)
    return tuple(found.values()) if hasattr(found, "values") else tuple(found)
