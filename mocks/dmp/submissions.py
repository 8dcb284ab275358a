"""A lot written in ebRIM from what it says, by those who do not speak ebRIM: the FHIR face, Mon espace santé."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from mocks.dmp import deposit, deposit_rules, ebrim
from mocks.dmp.deposit import Attached, Deposit
from mocks.dmp.model_deposit import Deposition
from mocks.dmp.model_documents import Registry
from mocks.dmp.refusals import RefusedError
from mocks.soap.envelope import parse
from mocks.soap.faults import printable

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=lambda value: value if isinstance(value, Markup) else " ".join(map(printable, str(value).splitlines())),
)
Facts = dict[str, Any]
_OF_SOAP = ("signature_lot", "mtom")  # what only a SOAP message can have


def written(
    documents: Sequence[Facts],
    lots: Sequence[Facts],
    replacements: Sequence[tuple[str, str]],
    contents: Mapping[str, Attached],
) -> Deposit:
    """The deposit of a lot.

    documents, lots: as `pages/lot.xml` reads them. replacements: (symbol of a document, entryUUID that it replaces).
    contents: octets, by symbol of their document.
    """
    said = {
        "documents": documents,
        "lots": lots,
        "replacements": replacements,
        "schemes": ebrim.SCHEMES,
        "uuid": lambda: f"urn:uuid:{uuid.uuid4()}",
    }
    return deposit.of(parse(_PAGES.get_template("lot.xml").render(said).strip().encode()), contents)


def attached(content: bytes) -> Attached:
    """The octets of a document."""
    return Attached(content, False, deposit.sha1(content))


def register(registry: Registry, asked: Deposit, person: str, origin: str, setting: Callable[[str], Any]) -> Facts:
    """Check a deposit as ITI-41 does, and register it; gives `context.stored`. Raises RefusedError."""

    def own(key: str) -> Any:
        return "noter" if key in _OF_SOAP else setting(key)

    errors = list(deposit_rules.errors(asked, own))
    if errors:
        raise RefusedError(*errors)
    return Deposition(registry, asked, person, origin, own).register()
