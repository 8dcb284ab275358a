"""Opening a document of the DMP, and taking it into the file (TD3.2; sheet DMP §4.2)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from reference.defects import Defects
from reference.dmp import messages, registry
from reference.dmp.access import NO_ANSWER, Access
from reference.dmp.client import Dmp, LostError, Order, RejectedError, Who
from reference.dmp.drafts import Drafts
from reference.dmp.names import HIDDEN_FROM_PATIENT, HIDDEN_FROM_REPRESENTATIVES
from reference.dmp.records import VALID, Document, Seen
from reference.dmp.search import Search
from reference.documents.cda import HL7
from reference.refusal import Refusal

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_ALERTS = {
    HIDDEN_FROM_PATIENT: "Ce document n'est pas visible par l'usager : ne le lui montrez pas.",
    HIDDEN_FROM_REPRESENTATIVES: "Ce document n'est pas visible par les représentants légaux de l'usager.",
}


@dataclass(frozen=True)
class Opened:
    """A document of the DMP. octets: its file; media_type: of what it holds; content: that, decoded."""

    seen: Seen
    octets: bytes
    title: str
    media_type: str
    content: bytes
    alert: str


class Opening:
    """Reading documents of the DMP."""

    def __init__(
        self,
        dmp: Dmp,
        access: Access,
        search: Search,
        drafts: Drafts,
        defects: Defects,
        now: Callable[[], datetime],
    ) -> None:
        self._dmp, self._access, self._search, self._drafts = dmp, access, search, drafts
        self._defects, self._now = defects, now

    def open(self, who: Who, unique_id: str) -> Opened:
        """Read a document that was found; Refusal."""
        seen = self._search.seen(who.usager.id, unique_id)
        try:
            self._access.read(who)
            reply = self._dmp.call(who, Order("TD3.2", messages.retrieve(seen.repository, unique_id)))
        except LostError:
            raise Refusal("dmp_sans_reponse", NO_ANSWER) from None
        except RejectedError as error:
            raise Refusal("dmp_refuse", f"Le DMP refuse la consultation : {error}") from error
        octets = reply.documents().get(unique_id)
        if octets is None and self._defects.has("document_absent_ouvert_vide"):
            octets = b""
        if octets is None:
            raise Refusal("document_non_rendu", f"Le DMP n'a pas rendu le document. {registry.verdict(reply).said()}")
        self._check(seen, octets)
        seen.opened = True
        self._search.save(seen)
        return self._opened(seen, octets)

    def take(self, who: Who, unique_id: str) -> Document:
        """Put a document of the DMP into the file: as it is, and never changed. The one already there, if it is."""
        known = next((one for one in self._drafts.all(who.usager.id) if one.unique_id == unique_id), None)
        if known is not None and not self._defects.has("document_importe_deux_fois"):
            return known
        opened = self.open(who, unique_id)
        made = Document(
            id=f"d-{secrets.token_hex(6)}",
            usager=who.usager.id,
            kind=opened.seen.type[0],
            title=opened.title,
            lines=[],
            acted=opened.seen.acted,
            author=opened.seen.author,
            unique_id=unique_id,
            set_id="",
            state=VALID,
            origin="dmp",
            octets=base64.b64encode(opened.octets).decode(),
        )
        self._drafts.save(made)
        return made

    def _check(self, seen: Seen, octets: bytes) -> None:
        digest = hashlib.sha1(octets, usedforsecurity=False).hexdigest()
        if octets and seen.hash and digest != seen.hash.lower():
            raise Refusal("document_altere", "Le document rendu n'est pas celui que le DMP annonce.")

    def _opened(self, seen: Seen, octets: bytes) -> Opened:
        if self._defects.has("document_ouvert_brut"):
            return Opened(seen, octets, seen.title, "text/xml", octets, "")
        title, media_type, content = _read(octets)
        hushed = self._defects.has("document_cache_sans_alerte")
        alerts = [] if hushed else [_ALERTS[code] for code in seen.confidentiality if code in _ALERTS]
        return Opened(seen, octets, title or seen.title, media_type, content, " ".join(alerts))


def _read(octets: bytes) -> tuple[str, str, bytes]:
    """Title, media type and content of a CDA; of another file, itself."""
    try:
        root: Any = etree.fromstring(octets, _PARSER)
    except etree.XMLSyntaxError:
        return "", "application/octet-stream", octets
    title = root.findtext(f"{{{HL7}}}title") or ""
    text = root.find(f".//{{{HL7}}}nonXMLBody/{{{HL7}}}text")
    if text is None:
        return title, "text/xml", octets
    return title, text.get("mediaType", "text/plain"), base64.b64decode(text.text or "")
