"""A page as the usager's browser received it: its text, its forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urljoin

from lxml import html


@dataclass(frozen=True)
class Submission:
    """A form ready to be sent."""

    method: str
    url: str
    fields: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Page:
    """One page. url: where the browser ended; visited: every address on the way, in order, this one included."""

    url: str
    status: int
    body: str
    visited: tuple[str, ...] = field(default=())

    @cached_property
    def tree(self) -> Any:
        """The parsed HTML; an empty document when there is none."""
        return html.document_fromstring(self.body) if self.body.strip() else html.document_fromstring("<html/>")

    @property
    def text(self) -> str:
        """What a person reads, spaces collapsed."""
        return " ".join(self.tree.text_content().split())

    def text_at(self, xpath: str) -> str:
        """Text of the first element at an XPath, "" when there is none."""
        found = self.tree.xpath(xpath)
        return " ".join(found[0].text_content().split()) if found else ""

    def has_field(self, name: str) -> bool:
        return bool(self.tree.xpath("//form//*[@name=$name]", name=name))

    def fill(self, marker: str, values: Mapping[str, str | Sequence[str]]) -> Submission:
        """The form that holds a field named `marker`, with these values.

        values: by field name; a list ticks exactly these boxes. Fields not named keep what the page put in them.
        Raises AssertionError (French) when the page has no such form.
        """
        forms = self.tree.xpath("//form[.//*[@name=$name]]", name=marker)
        if not forms:
            raise AssertionError(
                f"La page {self.url} ({self.status}) n'a pas de formulaire avec le champ « {marker} ». "
                f"Elle dit : « {self.text[:300]} »."
            )
        form = forms[0]
        kept = [(name, value) for name, value in form.form_values() if name not in values]
        return Submission(
            str(form.method).upper(), urljoin(self.url, form.action or self.url), [*kept, *_pairs(values)]
        )


def _pairs(values: Mapping[str, str | Sequence[str]]) -> list[tuple[str, str]]:
    return [(name, one) for name, value in values.items() for one in ([value] if isinstance(value, str) else value)]
