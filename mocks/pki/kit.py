"""The whole PKI of one sandbox: authorities made at once, certificates when first asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from mocks.pki.authority import Authority, trusted
from mocks.pki.certificate import Certificate, Sheet
from mocks.world import structure

FOREIGN = "etrangere"
PRIVATE = 0o600


class UnknownCertificateError(LookupError):
    """No certificate of that name in `data/certificats.json`."""


class Pki:
    """Authorities and certificates of `data/certificats.json`.

    now: day from which validity is counted (aware; default: now). Certificates are of fictitious structures.
    """

    def __init__(self, now: datetime | None = None) -> None:
        self._now = now or datetime.now(UTC)
        table = json.loads(resources.files("mocks.pki").joinpath("data/certificats.json").read_text("utf-8"))
        self.authorities = _authorities(table["autorites"], self._now)
        structures = struct_idnats()
        self.sheets = {name: Sheet.read(name, row, structures) for name, row in table["certificats"].items()}
        self._made: dict[str, Certificate] = {}

    def get(self, name: str) -> Certificate:
        """The certificate of that name. Raises UnknownCertificateError."""
        sheet = self.sheets.get(name)
        if sheet is None:
            raise UnknownCertificateError(name)
        if name not in self._made:
            self._made[name] = self.authorities[sheet.authority].issue(sheet)
        return self._made[name]

    def revoke(self, name: str) -> None:
        """Revoke a certificate; `crls` says it from now on."""
        self.authorities[self.sheets[name].authority].revoke(self.get(name))

    @property
    def trusted(self) -> bytes:
        """Certificates of the authorities to trust (PEM): all but the foreign one."""
        return trusted([authority for name, authority in self.authorities.items() if name != FOREIGN])

    @property
    def crls(self) -> bytes:
        """Revocation lists of the authorities to trust (PEM)."""
        for sheet in self.sheets.values():
            if sheet.revoked:
                self.get(sheet.name)
        return b"".join(authority.crl() for name, authority in self.authorities.items() if name != FOREIGN)

    def write(self, folder: Path, names: Iterable[str] | None = None) -> Mapping[str, Path]:
        """Write authorities, lists and certificates into a folder; gives the file of each certificate by name.

        names: certificates wanted, default all. `<name>.pem`, `<name>.key.pem`, `<name>.p12` (password `banc`); keys
        are readable by their owner only. Raises OSError, UnknownCertificateError.
        """
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "autorites.pem").write_bytes(self.trusted)
        (folder / "revocations.crl.pem").write_bytes(self.crls)
        for name, authority in self.authorities.items():
            (folder / f"ac-{name}.pem").write_bytes(authority.pem)
        written = {}
        for name in self.sheets if names is None else names:
            found = self.get(name)
            written[name] = folder / f"{name}.pem"
            written[name].write_bytes(found.pem)
            _write_private(folder / f"{name}.key.pem", found.key_pem)
            _write_private(folder / f"{name}.p12", found.pkcs12)
        return written


def struct_idnats() -> Mapping[str, str]:
    """Struct_IdNat of the fictitious structure of the bench: prefix 1 and FINESS, prefix 3 and SIRET (sheet SEC §6)."""
    own = structure(1)
    return {"finess": f"1{own['finess']}", "siret": f"3{own['siret']}"}


def _authorities(table: Mapping[str, Any], now: datetime) -> dict[str, Authority]:
    made: dict[str, Authority] = {}
    for name, row in table.items():
        parent = made[row["signee_par"]] if "signee_par" in row else None
        made[name] = Authority(row["sujet"], now, parent)
    return made


def _write_private(path: Path, content: bytes) -> None:
    path.touch(mode=PRIVATE)
    path.chmod(PRIVATE)
    path.write_bytes(content)
