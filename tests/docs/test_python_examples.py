"""The Python examples of the documents run as they are written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from mocks.sandbox import Sandbox
from tests.docs.blocks import DOCUMENTS, ROOT, blocks

EXAMPLES = [(document, code) for document in DOCUMENTS for code in blocks(document, "python")]


def test_the_documents_have_examples() -> None:
    expected = {"README.md", "README.fr.md", "docs/guide-editeur.md", "docs/identite.md"}
    assert {document for document, _ in EXAMPLES} == expected


@pytest.mark.parametrize(
    ("document", "code"), EXAMPLES, ids=[f"{name}-{rank}" for rank, (name, _) in enumerate(EXAMPLES)]
)
def test_an_example_runs(document: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Sandbox] = []

    class Kept(Sandbox):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            opened.append(self)

    monkeypatch.setattr("mocks.sandbox.Sandbox", Kept)
    called = code.replace("    ...  #", "    seen = httpx.get('https://mes.banc.test/fhir/metadata').status_code  #")
    names: dict[str, Any] = {"httpx": httpx}
    exec(compile(called, document, "exec"), names)
    tests = [value for name, value in names.items() if name.startswith("test_")]
    for test in tests:
        test()
    for sandbox in opened:
        sandbox.close()
    assert opened
    assert tests or names["seen"] == 200


@pytest.mark.parametrize("document", [*DOCUMENTS, "docs/architecture.md"])
def test_links_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if not link.startswith(("http:", "https:"))]
    assert [link for link in links if not ((ROOT / document).parent / Path(link)).exists()] == []
