"""The signature of a lot: XAdES, detached, over the octets of the document (sheet DMP §4.7; IHE DSG).

How its entry is described to the DMP is not public: class, format and title are ours.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.xades.xades import XAdESSigner

from reference.dmp.seal import Seal
from reference.documents.kinds import CLASSES, Code

TYPE = Code("E1762", "ASTM", "Full Document")
CLASS = Code("99", CLASSES, "Document technique")
FORMAT = Code("http://uri.etsi.org/01903/v1.2.2#", "URN", "Signature XAdES")
TITLE = "Signature du lot"
_DS = "http://www.w3.org/2000/09/xmldsig#"


def signature(seal: Seal, unique_id: str, octets: bytes) -> bytes:
    """The file of the signature of a lot that brings this document."""
    signer = XAdESSigner(
        method=SignatureConstructionMethod.detached,
        signature_algorithm=SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_1,
    )

    def over_the_octets(root: Any, **_: Any) -> None:
        """The library signs canonical XML; what the DMP keeps is a file."""
        reference = root.find(f"{{{_DS}}}SignedInfo/{{{_DS}}}Reference")
        reference.remove(reference.find(f"{{{_DS}}}Transforms"))
        digest = hashlib.sha256(octets).digest()
        reference.find(f"{{{_DS}}}DigestValue").text = base64.b64encode(digest).decode()

    signer.signature_annotators.insert(0, over_the_octets)
    made = signer.sign(
        data=etree.fromstring(octets),
        key=seal.key,
        cert=[seal.certificate],
        reference_uri=f"urn:oid:{unique_id}",
        always_add_key_value=False,
    )
    return etree.tostring(made, xml_declaration=True, encoding="UTF-8")
