"""What the portal keeps of documents: those that it sends, and where those that it showed are."""

from __future__ import annotations

from dataclasses import dataclass, field

from reference.records import Record


@dataclass
class SentDocument(Record, key="id", owner="usager"):
    """A document that the portal sends. content: base64; state: `en_attente`, `envoye` or `refuse`."""

    id: str
    usager: str
    title: str
    category: str
    media_type: str
    content: str
    created: str
    act: str = ""
    hidden: list[str] = field(default_factory=list)
    state: str = "en_attente"
    message: str = ""


@dataclass
class ShownDocument(Record, key="usager id", owner="usager"):
    """A document that was read in Mon espace santé. url: of its content."""

    id: str
    usager: str
    title: str
    url: str
    media_type: str
    category: str = ""
