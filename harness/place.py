"""Where the sandbox of a run is: its address, its address over mutual TLS, and the certificates to use there."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CERTIFICATE = "client"  # the one that a product presents unless a scenario says otherwise


@dataclass(frozen=True, slots=True)
class Place:
    """Addresses of one sandbox. secure_url: with a client certificate required, empty where no TLS can be had.

    certificates: folder of PEM files (`mocks.pki`), empty likewise.
    """

    url: str
    secure_url: str = ""
    certificates: str = ""

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that another process wrote down, None for an empty text."""
        return cls(**json.loads(text)) if text else None

    def written(self) -> str:
        """The place as a text, for another process."""
        return json.dumps(asdict(self))

    def secure(self, base: str) -> str:
        """The same base URL on the listener that does TLS; as it is where there is none."""
        return f"{self.secure_url}{urlsplit(base).path}" if self.secure_url else base

    def files(self, name: str = CERTIFICATE) -> dict[str, str]:
        """Files of a client certificate, as `configurer` gives them (contract of identity, §5); empty without TLS."""
        if not self.certificates:
            return {}
        return {**self._pair(name), "autorites": str(Path(self.certificates) / "autorites.pem")}

    def all_files(self) -> dict[str, Any]:
        """Files of the product's certificates: its own, and the two that INSi wants (sheet SEC §6)."""
        if not self.certificates:
            return {}
        return {**self.files(), "insi_manu": self._pair("insi-manu"), "insi_auto": self._pair("insi-auto")}

    def _pair(self, name: str) -> dict[str, str]:
        folder = Path(self.certificates)
        return {"client": str(folder / f"{name}.pem"), "cle": str(folder / f"{name}.key.pem")}
