"""How the product does TLS: which certificate it presents, which servers it trusts (ANS transport guide 1.2.0)."""

from __future__ import annotations

import ssl
import warnings
from pathlib import Path

from reference.config import CertificateSettings

TLS_FAULTS = (
    "tls_ancien",
    "tls_1_2_au_plus",
    "tls_sans_certificat",
    "tls_sans_verification",
    "tls_sans_revocation",
)
"""Switches of the defects read here."""


def mutual(
    certificates: CertificateSettings, pair: tuple[str, str], faults: frozenset[str] = frozenset()
) -> ssl.SSLContext:
    """TLS 1.2 or 1.3 with this certificate and key; servers are checked, revocation included.

    Raises OSError, ssl.SSLError when a file cannot be read.
    """
    context = ssl.create_default_context(cafile=certificates.autorites)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificates.revocations and "tls_sans_revocation" not in faults:
        context.load_verify_locations(certificates.revocations)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    if "tls_sans_verification" in faults:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if "tls_ancien" in faults:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    if "tls_1_2_au_plus" in faults:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if "tls_sans_certificat" not in faults:
        context.load_cert_chain(*pair)
    return context


def unnamed(pair: tuple[str, str]) -> tuple[str, str]:
    """Another certificate of the same folder, which names no structure."""
    certificate, key = (Path(name) for name in pair)
    return str(certificate.with_name("ou-faux.pem")), str(key.with_name("ou-faux.key.pem"))
