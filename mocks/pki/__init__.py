"""Test PKI in the image of IGC Santé: authorities, good and flawed certificates, revocation lists (sheet SEC §6).

Everything is made afresh in memory and is worth nothing outside the bench.
"""

from mocks.pki.authority import Authority
from mocks.pki.certificate import Certificate, Sheet
from mocks.pki.kit import Pki, UnknownCertificateError

__all__ = ["Authority", "Certificate", "Pki", "Sheet", "UnknownCertificateError"]
