"""The parameter file of software: read where the DMP says, kept a day (sheet DMP §4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

import httpx
from lxml import etree

from reference.config import Settings
from reference.defects import Defects
from reference.refusal import Refusal
from reference.wire import Wire, request_to

PATH = "/web/dmp/documents/param-lps"
KEPT = timedelta(hours=24)
BOTH_HIDDEN = "cumul-invisible_patient-masque_ps"
_MOST = 3  # redirections
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


class Parameters:
    """What the file says. It is read when it is first needed, then once a day."""

    def __init__(
        self, wire: Wire, settings: Callable[[], Settings], defects: Defects, now: Callable[[], datetime]
    ) -> None:
        self._wire, self._settings, self._defects, self._now = wire, settings, defects, now
        self._read_for: Settings | None = None
        self._read_at: datetime | None = None
        self._values: dict[str, str] = {}

    def hides_from_both(self) -> bool:
        """Whether a document may be hidden from its patient and from professionals at once; Refusal with no answer."""
        return self._current().get(BOTH_HIDDEN) == "true"

    def _current(self) -> dict[str, str]:
        settings, now = self._settings(), self._now()
        old = self._read_at is None or not timedelta() <= now - self._read_at < KEPT
        if self._read_for is not settings or old:
            self._values, self._read_for, self._read_at = self._file(settings), settings, now
        return self._values

    def _file(self, settings: Settings) -> dict[str, str]:
        if settings.dmp is None:
            raise Refusal("non_configure", "Le produit n'est pas relié au DMP.")
        address = f"{settings.dmp.base_url}{PATH}"
        try:
            answer = self._wire.send(request_to("GET", address))
            for _ in range(_MOST):
                if not answer.is_redirect or self._defects.has("parametres_redirection_ignoree"):
                    break
                address = urljoin(address, answer.headers.get("Location", ""))
                answer = self._wire.send(request_to("GET", address))
        except httpx.TransportError:
            raise Refusal("parametres_illisibles", "Les paramètres du DMP ne peuvent pas être lus.") from None
        return _values(answer.content) if answer.is_success else {}


def _values(content: bytes) -> dict[str, str]:
    try:
        root: Any = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError:
        return {}
    return {one.get("nom", ""): one.get("valeur", "") for one in root.iter("parametre")}
