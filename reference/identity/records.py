"""What the product keeps of an identity, beside the traits and the INS of the file: proofs, history, calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reference.records import Record


@dataclass
class Identity(Record, key="usager", owner="usager"):
    """The life of one identity.

    proof: kind of the paper of high confidence that was checked, "" when none was; papers: all that were shown;
    attributes: `douteuse`, `fictive`, `homonyme`; history: status, date and author of each change; to_review: why it
    is on the worklist; pending: what INSi answered and nobody has accepted yet; former: INS that are no longer current.
    """

    usager: str
    proof: str = ""
    papers: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    history: list[dict[str, str]] = field(default_factory=list)
    to_review: str = ""
    pending: dict[str, Any] | None = None
    former: list[dict[str, str]] = field(default_factory=list)
    source: str = ""


@dataclass
class Call(Record, key="id", owner="usager"):
    """The trace of one call to INSi (R37, R39, R48). donnees: what it returned, former INS included."""

    id: str
    usager: str
    mode: str
    code: str
    instant: str
    auteur: str
    donnees: dict[str, Any] = field(default_factory=dict)
