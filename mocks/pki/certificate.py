"""A certificate and its key, and the sheet (row of `data/certificats.json`) that it was made from."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = RSAPrivateKey | EllipticCurvePrivateKey
Usage = Literal["serveur", "client", "signature"]
LOOPBACK = ("localhost", "127.0.0.1", "::1")
VALID_DAYS = (-1, 730)  # from, to, relative to the making
PKCS12_PASSWORD = b"banc"  # the keys are for the bench only: the password is written in the read-me


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a certificate must be.

    authority: who signs it. cn, ou: subject (OU: Struct_IdNat, prefix and FINESS or SIRET). role: what it is for, in
    French. names: host names and addresses of a server. days: validity relative to the making.
    """

    name: str
    usage: Usage
    authority: str
    cn: str
    role: str
    ou: str = ""
    names: tuple[str, ...] = LOOPBACK
    days: tuple[int, int] = VALID_DAYS
    revoked: bool = False

    @classmethod
    def read(cls, name: str, row: Mapping[str, Any], structures: Mapping[str, str]) -> Sheet:
        """The sheet of a row. structures: Struct_IdNat by kind (`finess`, `siret`) for rows that only name one."""
        return cls(
            name=name,
            usage=row["usage"],
            authority=row["autorite"],
            cn=row["cn"],
            role=row["role"],
            ou=row.get("ou") or structures.get(row.get("structure", ""), ""),
            names=tuple(row.get("noms", LOOPBACK)),
            days=(row.get("du_j", VALID_DAYS[0]), row.get("au_j", VALID_DAYS[1])),
            revoked=row.get("revoque", False),
        )

    def subject(self) -> x509.Name:
        """The subject, in the order of IGC Santé: country, organisation, unit, common name."""
        parts = [(NameOID.COUNTRY_NAME, "FR"), (NameOID.ORGANIZATION_NAME, "ESMS FICTIF DU BANC")]
        if self.ou:
            parts.append((NameOID.ORGANIZATIONAL_UNIT_NAME, self.ou))
        return x509.Name([x509.NameAttribute(oid, text) for oid, text in [*parts, (NameOID.COMMON_NAME, self.cn)]])

    def extensions(self) -> list[tuple[x509.ExtensionType, bool]]:
        """Extensions of an end certificate, each with whether it is critical."""
        signs = self.usage == "signature"
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=signs,
            key_encipherment=self.usage == "serveur",
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=False,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        )
        found: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (usage, True),
        ]
        if self.usage == "serveur":
            found.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False))
            found.append((x509.SubjectAlternativeName([_general_name(name) for name in self.names]), False))
        elif self.usage == "client":
            found.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False))
        return found


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its private key. issuer: certificate of the authority, sent after it in a handshake."""

    sheet: Sheet
    certificate: x509.Certificate
    key: Key
    issuer: x509.Certificate

    @property
    def pem(self) -> bytes:
        """The certificate followed by its authority's, as TLS wants them."""
        return self.certificate.public_bytes(Encoding.PEM) + self.issuer.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The private key, in clear."""
        return key_pem(self.key)

    @property
    def pkcs12(self) -> bytes:
        """Certificate, key and authority in one file, as Windows and Java take them; password `banc`."""
        encryption = BestAvailableEncryption(PKCS12_PASSWORD)
        return serialize_key_and_certificates(
            self.sheet.name.encode(), self.key, self.certificate, [self.issuer], encryption
        )


def key_pem(key: Key) -> bytes:
    """A private key as PEM, in clear."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
