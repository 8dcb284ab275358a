"""Signatures of assertions and of lots: whether they hold, and who signed (XML-DSIG; sheet DMP §3 and §4.7)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature as WrongSignature
from cryptography.x509.oid import ExtendedKeyUsageOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidDigest, InvalidInput, InvalidSignature
from signxml.verifier import SignatureConfiguration, XMLVerifier

from mocks.dmp.names import DS
from mocks.servers.tls import client_of

RSA_SHA256 = SignatureMethod.RSA_SHA256.value
SHA256 = DigestAlgorithm.SHA256.value
EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0.value
_BROKEN = (InvalidSignature, InvalidInput, ValueError, KeyError, TypeError, AttributeError, etree.LxmlError)
_USAGES = ("digital_signature", "content_commitment", "key_encipherment", "key_agreement")
Facts = dict[str, Any]


def of_assertion(assertion: Any) -> tuple[Facts, x509.Certificate | None]:
    """What the signature of an assertion is worth, and the certificate that it carries."""
    signature = assertion.find(_ds("Signature"))
    if signature is None:
        return {"state": "absente"}, None
    facts, certificate = _described(signature)
    if certificate is None:
        return {**facts, "state": "invalide", "reason": "certificat"}, None
    try:
        signed = _verified(assertion, certificate, location="./")
    except InvalidDigest:
        return {**facts, "state": "invalide", "reason": "empreinte"}, certificate
    except _BROKEN:
        return {**facts, "state": "invalide", "reason": "signature"}, certificate
    whole = signed is not None and signed.tag == assertion.tag and signed.get("ID") == assertion.get("ID")
    return {**facts, "state": "valide", "whole": whole}, certificate


def of_document(root: Any, content_of: Callable[[str], bytes]) -> Facts:
    """What a signature that is a document of a lot is worth. content_of: bytes of a reference, KeyError for none."""
    signature = root if root.tag == _ds("Signature") else root.find(f".//{_ds('Signature')}")
    if signature is None:
        return {"state": "absente"}
    facts, certificate = _described(signature)
    if certificate is None:
        return {**facts, "state": "invalide", "reason": "certificat"}
    try:
        _verified(root, certificate, location=".//" if signature is not root else "", resolver=content_of)
    except InvalidDigest:
        return {**facts, "state": "invalide", "reason": "empreinte"}
    except _BROKEN:
        return {**facts, "state": "invalide", "reason": "signature"}
    return {**facts, "state": "valide"}


def _verified(data: Any, certificate: x509.Certificate, *, location: str, resolver: Any = None) -> Any:
    """The element that is signed. Raises what signxml raises."""
    config = SignatureConfiguration(
        location=location,
        expect_references=True if resolver is not None else 1,
        ignore_ambiguous_key_info=True,
        verification_time=certificate.not_valid_before_utc,  # whether it is in force is asked by `trust`
    )
    found = XMLVerifier().verify(data, x509_cert=certificate, expect_config=config, uri_resolver=resolver)
    return found[0].signed_xml if isinstance(found, list) else found.signed_xml


def _described(signature: Any) -> tuple[Facts, x509.Certificate | None]:
    info = f"{_ds('SignedInfo')}/"
    certificate = _certificate(signature.findtext(f"{_ds('KeyInfo')}/{_ds('X509Data')}/{_ds('X509Certificate')}"))
    return {
        "algorithm": _algorithm(signature.find(f"{info}{_ds('SignatureMethod')}")),
        "digest": _algorithm(signature.find(f"{info}{_ds('Reference')}/{_ds('DigestMethod')}")),
        "c14n": _algorithm(signature.find(f"{info}{_ds('CanonicalizationMethod')}")),
        "whole": False,
        "certificate": None if certificate is None else shown(certificate),
    }, certificate


def _algorithm(element: Any) -> str | None:
    return None if element is None else element.get("Algorithm")


def _certificate(text: str | None) -> x509.Certificate | None:
    try:
        return x509.load_der_x509_certificate(base64.b64decode("".join((text or "").split()), validate=True))
    except (binascii.Error, ValueError):
        return None


def shown(certificate: x509.Certificate) -> Facts:
    """What a certificate says, as the journal keeps it."""
    return {**client_of(certificate), "key_usage": _key_usage(certificate), "client_auth": _client_auth(certificate)}


def _key_usage(certificate: x509.Certificate) -> list[str]:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return []
    return [name for name in _USAGES if getattr(usage, name)]


def _client_auth(certificate: x509.Certificate) -> bool:
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.CLIENT_AUTH in usages


def trust(certificate: x509.Certificate, authorities: str, revocations: str, now: datetime) -> str:
    """How far a certificate is trusted: `reconnue`, `inconnue`, `expiree`, `revoquee`, `non_verifiee`.

    authorities, revocations: PEM, empty for none.
    """
    if not authorities:
        return "non_verifiee"
    issuers = [one for one in _authorities(authorities) if one.subject == certificate.issuer]
    if not any(_issued(certificate, issuer) for issuer in issuers):
        return "inconnue"
    if not certificate.not_valid_before_utc <= now.astimezone(UTC) <= certificate.not_valid_after_utc:
        return "expiree"
    lists = [one for one in _lists(revocations) if one.issuer == certificate.issuer]
    if any(one.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None for one in lists):
        return "revoquee"
    return "reconnue"


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, WrongSignature):
        return False
    return True


@lru_cache(maxsize=32)
def _authorities(pem: str) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(pem.encode())


@lru_cache(maxsize=32)
def _lists(pem: str) -> list[x509.CertificateRevocationList]:
    end = "-----END X509 CRL-----"
    return [x509.load_pem_x509_crl(f"{one}{end}".encode()) for one in pem.split(end) if one.strip()]


def check_pem(authorities: str, revocations: str) -> None:
    """Raise ValueError when these are no certificates and revocation lists."""
    if not _authorities(authorities):
        raise ValueError("aucun certificat")
    _lists(revocations)


def _ds(name: str) -> str:
    return f"{{{DS}}}{name}"
