"""Where the services of a tenant are over mutual TLS, and the certificates to use there."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from harness.errors import NotTestableHere

if TYPE_CHECKING:
    from harness.sandbox_client import TenantClient

_VERSIONS = {"1.1": ssl.TLSVersion.TLSv1_1, "1.2": ssl.TLSVersion.TLSv1_2}
CERTIFICATE = "client"  # the one that a product presents unless a scenario says otherwise


@dataclass(frozen=True, slots=True)
class Place:
    """A TLS listener. secure_url: its address, empty where no TLS can be had; certificates: folder of PEM files."""

    secure_url: str = ""
    certificates: str = ""

    @classmethod
    def open(
        cls, tenant: TenantClient, *, server: str = "serveur", client: str = "exige", certificates: Sequence[str] = ()
    ) -> Place:
        """The listener of this tenant with that server certificate.

        client: `exige`, or `admis` where browsers come too. certificates: client certificates wanted besides the usual.
        Raises SandboxError.
        """
        asked = {"serveur": server, "client": client, "certificats": list(certificates)}
        opened = tenant.call("POST", "/tls", asked)
        return cls(opened["url"], opened["dossier"])

    def secure(self, base: str) -> str:
        """The same base URL on the listener that does TLS; as it is where there is none."""
        return f"{self.secure_url}{urlsplit(base).path}" if self.secure_url else base

    def trust(self) -> ssl.SSLContext | None:
        """What a browser must trust to come here; None without TLS."""
        if not self.certificates:
            return None
        return ssl.create_default_context(cafile=str(Path(self.certificates) / "autorites.pem"))

    def client(self, name: str, *, most: str = "") -> ssl.SSLContext:
        """TLS of a client that shows this certificate (none: empty). most: highest version spoken, `1.1` or `1.2`.

        Raises NotTestableHere when the TLS of this machine does not speak that version any more.
        """
        context = ssl.create_default_context()
        context.load_verify_locations(str(Path(self.certificates) / "autorites.pem"))
        if name:
            pair = self._pair(name)
            context.load_cert_chain(pair["client"], pair["cle"])
        if most == "1.1":
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
        if most:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
                context.maximum_version = _VERSIONS[most]
            if not speaks(context):
                raise NotTestableHere(f"sur cette machine, {ssl.OPENSSL_VERSION} ne parle pas TLS {most}")
        return context

    def files(self, name: str = CERTIFICATE) -> dict[str, str]:
        """Files of a client certificate, as `configurer` gives them (contract of identity, §5); empty without TLS."""
        if not self.certificates:
            return {}
        folder = Path(self.certificates)
        whole = {"autorites": str(folder / "autorites.pem"), "revocations": str(folder / "revocations.crl.pem")}
        return {**self._pair(name), **whole}

    def server_files(self, name: str) -> dict[str, str]:
        """Files of a certificate that the product shows to those who call it, and the authorities of those."""
        folder = Path(self.certificates)
        pair = {"certificat": str(folder / f"{name}.pem"), "cle": str(folder / f"{name}.key.pem")}
        whole = {"autorites": str(folder / "autorites.pem"), "revocations": str(folder / "revocations.crl.pem")}
        return {**pair, **whole}

    def all_files(self) -> dict[str, Any]:
        """Files of the product's certificates: its own, and the two that INSi wants (sheet SEC §6)."""
        if not self.certificates:
            return {}
        return {**self.files(), "insi_manu": self._pair("insi-manu"), "insi_auto": self._pair("insi-auto")}

    def _pair(self, name: str) -> dict[str, str]:
        folder = Path(self.certificates)
        return {"client": str(folder / f"{name}.pem"), "cle": str(folder / f"{name}.key.pem")}


def speaks(context: ssl.SSLContext) -> bool:
    """Whether a client can say its first word of a handshake with the versions and ciphers of this context."""
    handshake = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="produit.test")
    try:
        handshake.do_handshake()
    except ssl.SSLWantReadError:
        return True
    except ssl.SSLError:
        return False
    return True
