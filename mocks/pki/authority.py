"""An authority: signs certificates, revokes them, publishes its revocation list (RFC 5280)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from mocks.pki.certificate import Certificate, Key, Sheet

AUTHORITY_DAYS = 3650
CRL_DAYS = 7
RSA_BITS = 2048
_SIGNS = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


class Authority:
    """A root (parent None) or an issuing authority. subject: common name. now: when it is made (aware)."""

    def __init__(self, subject: str, now: datetime, parent: Authority | None = None) -> None:
        self._now = now
        # Elliptic curves: made in a moment, where RSA takes a tenth of a second. Products see RSA in what they present.
        self._key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "BANC, ESSAIS SANS VALEUR"),
                x509.NameAttribute(NameOID.COMMON_NAME, subject),
            ]
        )
        signer = self if parent is None else parent
        issuer = name if parent is None else parent.certificate.subject
        builder = _builder(name, issuer, self._key, now - timedelta(days=2), now + timedelta(days=AUTHORITY_DAYS))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        builder = builder.add_extension(_SIGNS, critical=True)
        self.certificate: x509.Certificate = signer._signed(builder, self._key)
        self._revoked: dict[int, datetime] = {}

    @property
    def pem(self) -> bytes:
        """The certificate of the authority."""
        return self.certificate.public_bytes(Encoding.PEM)

    def issue(self, sheet: Sheet) -> Certificate:
        """A certificate, with its key made now, as the sheet says (flaws included)."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
        start, end = (self._now + timedelta(days=day) for day in sheet.days)
        builder = _builder(sheet.subject(), self.certificate.subject, key, start, end)
        for extension, critical in sheet.extensions():
            builder = builder.add_extension(extension, critical=critical)
        made = Certificate(sheet, self._signed(builder, key), key, self.certificate)
        if sheet.revoked:
            self.revoke(made)
        return made

    def revoke(self, certificate: Certificate) -> None:
        """Put a certificate on the list."""
        self._revoked[certificate.certificate.serial_number] = self._now

    def crl(self, now: datetime | None = None) -> bytes:
        """The revocation list (PEM), valid for a week."""
        start = now or self._now
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        builder = builder.last_update(start - timedelta(hours=1)).next_update(start + timedelta(days=CRL_DAYS))
        for serial, when in self._revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def _signed(self, builder: x509.CertificateBuilder, key: Key) -> x509.Certificate:
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = builder.add_extension(identifier, critical=False).add_extension(authority, critical=False)
        return builder.sign(self._key, hashes.SHA256())


def trusted(authorities: Sequence[Authority]) -> bytes:
    """The certificates of these authorities, one after the other (PEM)."""
    return b"".join(authority.pem for authority in authorities)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
