"""Documents of the file: written, validated, then never changed; a change makes a new version (sheet DMP §10)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from reference import clock
from reference.defects import Defects
from reference.dmp.ebxml import new_oid
from reference.dmp.records import VALID, Document
from reference.documents.kinds import KINDS
from reference.refusal import Refusal
from reference.store import Store

A_YEAR = timedelta(days=365)
"""A projet personnalisé is looked at again at least once a year (HAS)."""

_REVISED = ("ppa", "avenant")


class Drafts:
    """Documents that the product has."""

    def __init__(self, store: Store, defects: Defects, now: Callable[[], datetime], zone: Callable[[], str]) -> None:
        self._store, self._defects, self._now, self._zone = store, defects, now, zone

    def get(self, document: str) -> Document:
        """The document; Refusal when there is none."""
        found = self._store.get(Document, document)
        if found is None:
            raise Refusal("document_inconnu", "Le produit ne connaît pas ce document.")
        return found

    def write(self, usager: str, kind: str, title: str, text: str, author: str, **more: Any) -> Document:
        """A draft. more: `date_acte`, `objectifs`, `a_la_suite_de` (a valid document, for an amendment)."""
        if kind not in KINDS:
            raise Refusal("type_inconnu", "Le produit n'écrit pas de document de ce type.")
        made = Document(
            id=f"d-{secrets.token_hex(6)}",
            usager=usager,
            kind=kind,
            title=title or KINDS[kind].name,
            lines=text.splitlines(),
            acted=self._acted(more.get("date_acte", "")),
            author=author,
            unique_id=new_oid(),
            set_id=new_oid(),
            objectives=list(more.get("objectifs") or []),
        )
        if more.get("a_la_suite_de"):
            self._follow(made, self.get(more["a_la_suite_de"]))
        self._store.save(made)
        return made

    def change(self, document: Document, text: str, author: str) -> Document:
        """Change a draft; Refusal for a document that is valid or comes from elsewhere."""
        imported, valid = document.origin != "produit", document.state == VALID
        if imported and not self._defects.has("document_importe_modifiable"):
            raise Refusal("document_importe", "Ce document vient d'ailleurs : il ne se modifie pas.")
        if valid and not imported and not self._defects.has("document_valide_modifiable"):
            raise Refusal("document_valide", "Ce document est validé : faites une nouvelle version, ou un avenant.")
        document.lines, document.author = text.splitlines(), author
        self._store.save(document)
        return document

    def validate(self, document: Document) -> Document:
        """Validate: from now on its text does not change."""
        if document.state != VALID:
            document.state, document.made = VALID, self._local(self._now())
            self._store.save(document)
        return document

    def next_version(self, document: Document, title: str, text: str, author: str, acted: str) -> Document:
        """A new valid version of a document."""
        told = {"date_acte": acted, "a_la_suite_de": document.id}
        made = self.write(document.usager, document.kind, title or document.title, text, author, **told)
        return self.validate(made)

    def current(self, document: Document) -> bool:
        """Whether nothing replaces it."""
        return not document.replaced_by

    def late(self, document: Document) -> bool:
        """Whether a personal project has not been looked at for a year (recommandation 1.1.7)."""
        if self._defects.has("revision_toujours_due"):
            return True
        if self._defects.has("revision_annuelle_oubliee") or document.kind not in _REVISED or not document.made:
            return False
        return self.current(document) and datetime.fromisoformat(document.acted) < self._now() - A_YEAR

    def all(self, usager: str) -> Sequence[Document]:
        """Documents of an usager, in the order of their writing."""
        listed = self._store.all(Document, usager)
        return [one for one in listed if self.current(one)] if self._defects.has("versions_oubliees") else listed

    def save(self, document: Document) -> None:
        self._store.save(document)

    def _follow(self, made: Document, before: Document) -> None:
        if before.state != VALID:
            raise Refusal("document_non_valide", "Le document auquel celui-ci fait suite n'est pas validé.")
        made.set_id, made.version, made.replaces = before.set_id, before.version + 1, before.id
        if made.kind == "avenant" and self._defects.has("avenant_dans_le_projet"):
            before.lines = [*before.lines, *made.lines]
            self._store.save(before)

    def _acted(self, told: str) -> str:
        """The instant of the act, in the time of the place; a day is its noon."""
        if not told:
            return self._local(self._now())
        text = f"{told}T12:00" if "T" not in told else told
        read = clock.parsed(text, self._zone())
        if read is None:
            raise Refusal("date_illisible", f"« {told} » n'est pas une date.")
        return read.isoformat(timespec="seconds")

    def _local(self, instant: datetime) -> str:
        return instant.astimezone(clock.zone(self._zone())).isoformat(timespec="seconds")
