"""Refusals of the block (banc: no text specifies them); `code` goes to OperationOutcome and to `context.refusal`."""

from __future__ import annotations

from pathlib import Path

import orjson

from mocks.fhir import FhirError

SYSTEM = "https://banc.test/rdv/refus"
# By code: HTTP status, FHIR issue-type, FHIRPath, sentence.
_REFUSALS: dict[str, tuple[int, str, str, str]] = orjson.loads((Path(__file__).parent / "data/refus.json").read_bytes())


def refusal(code: str, more: str = "") -> FhirError:
    """The refusal of that code. more: French sentence that ends its text."""
    status, issue, at, text = _REFUSALS[code]
    return FhirError(status, f"{text} {more}".strip(), code=issue, at=at, details=(SYSTEM, code))
