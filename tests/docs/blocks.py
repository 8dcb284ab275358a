"""The code blocks of the documents."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    "README.md",
    "README.fr.md",
    "docs/guide-editeur.md",
    "docs/guide-relecteur.md",
    "docs/identite.md",
    "docs/paquets-fhir.md",
    "docs/charge.md",
)


def blocks(document: str, language: str) -> list[str]:
    """The fenced blocks of this language in a document of the repository."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands(document: str) -> list[list[str]]:
    """The `banc` commands of the shell blocks, as words, without their comments."""
    lines = [shlex.split(line, comments=True) for block in blocks(document, "sh") for line in block.splitlines()]
    return [words for words in lines if words and words[0] == "banc"]
