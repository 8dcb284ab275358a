"""What a transaction refuses: errors of XDS, and the DMP's own refusals under neutral codes (`data/refus.json`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from mocks.dmp.settings import DATA

OWN: dict[str, dict[str, str]] = orjson.loads((DATA / "refus.json").read_bytes())
BUSY = {"repository": "XDSRepositoryBusy", "registry": "XDSRegistryBusy"}


@dataclass(frozen=True, slots=True)
class XdsError:
    """One rs:RegistryError. text: French; location: id of the entry concerned; refusal: our word, else the code."""

    code: str
    text: str
    location: str = ""
    severity: str = "Error"
    refusal: str = ""

    def as_json(self) -> dict[str, str]:
        """As the journal keeps it."""
        return {"code": self.code, "severity": self.severity, "text": self.text, "location": self.location}


class RefusedError(Exception):
    """A transaction that fails. errors: at least one."""

    def __init__(self, *errors: XdsError) -> None:
        super().__init__(", ".join(error.code for error in errors))
        self.errors: Sequence[XdsError] = errors


def own(word: str, codes: Mapping[str, Any], what: str = "") -> XdsError:
    """A refusal of the DMP itself. word: key of `data/refus.json`; codes: setting `codes_refus`."""
    row = OWN[word]
    return XdsError(str(codes.get(word, row["code"])), f"{row['texte']} {what}".strip(), refusal=word)
