"""The seal of the structure (certificate ORG_SIGN): it signs what the product says of its users."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from reference.refusal import Refusal

_DS = "{http://www.w3.org/2000/09/xmldsig#}"


@dataclass(frozen=True)
class Seal:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Any

    @classmethod
    def read(cls, certificate: str, key: str) -> Seal:
        """From PEM files; Refusal when they cannot be read."""
        try:
            read = x509.load_pem_x509_certificate(Path(certificate).read_bytes())
            return cls(read, load_pem_private_key(Path(key).read_bytes(), None))
        except (OSError, ValueError) as error:
            text = f"Le certificat de signature ne peut pas être lu : {error}."
            raise Refusal("certificats_illisibles", text) from error

    @property
    def subject(self) -> str:
        """Its distinguished name, as the issuer of an assertion says it."""
        return self.certificate.subject.rfc4514_string()

    @property
    def structure(self) -> str:
        """Struct_IdNat of the structure, the OU of its certificates."""
        units = self.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
        return str(units[0].value) if units else ""

    def sign(self, assertion: Any) -> Any:
        """The same assertion with its enveloped signature, after the issuer (CI-SIS transport, VIHF)."""
        signer = XMLSigner(
            signature_algorithm=SignatureMethod.RSA_SHA256,
            digest_algorithm=DigestAlgorithm.SHA256,
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )
        reference = assertion.get("ID")
        made = signer.sign(assertion, key=self.key, cert=[self.certificate], reference_uri=reference, id_attribute="ID")
        signature: Any = made.find(f"{_DS}Signature")
        made.insert(1, signature)
        return made
