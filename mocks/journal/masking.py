"""Secrets never reach the disk: they are replaced by their kind and a fingerprint.

Equal secrets have equal fingerprints within one process family (the key is derived from the store), so that a
rule can tell one token from another without ever seeing it.
"""

from __future__ import annotations

import hmac
import re
from functools import lru_cache

_KEY = b"banc journal fingerprint"  # not a secret: it only keeps fingerprints from being plain hashes
_ISSUED = re.compile(r"banc-(at|rt|ac|cs|aq)-[A-Za-z0-9_-]{8,}")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*")
_FIELD = re.compile(
    r"((?:^|[&\"])(?:mot_de_passe|code_verifier|client_secret|client_assertion)(?:=|\"\s*:\s*\"))([^&\"]+)"
)
_HIDDEN = ("authorization", "cookie", "set-cookie")
_BASIC = re.compile(r"^((?:Basic|IHE-SAML)\s+)(.+)$", re.IGNORECASE)


@lru_cache(maxsize=1024)
def fingerprint(secret: str) -> str:
    """Ten hexadecimal digits that stand for a secret in the journal and in `context`."""
    return hmac.digest(_KEY, secret.encode("utf-8", "surrogatepass"), "sha256").hex()[:10]


def mask_tokens(text: str) -> str:
    """The text without the tokens that the bench issued and JWTs: enough for a FHIR body, which may be large."""
    if "banc-" in text:
        text = _ISSUED.sub(lambda m: f"‹{m[1]}:{fingerprint(m[0])}›", text)
    if "eyJ" in text:
        text = _JWT.sub(lambda m: f"‹jwt:{fingerprint(m[0])}›", text)
    return text


def mask(text: str) -> str:
    """The text without the tokens that the bench issued, JWTs and password-like fields."""
    text = mask_tokens(text)
    if "mot_de_passe" in text or "code_verifier" in text or "client_" in text:
        text = _FIELD.sub(_hide_field, text)
    return text


def mask_header(name: str, value: str) -> str:
    """The value of a header, masked; `Authorization: Basic` and `IHE-SAML` are hidden whole, cookies by value."""
    lowered = name.lower()
    if lowered == "esante-api-key":
        return f"‹masqué:{fingerprint(value)}›"
    if lowered not in _HIDDEN:
        return mask(value)
    if lowered == "authorization" and (basic := _BASIC.match(value)):
        return f"{basic[1]}‹masqué:{fingerprint(basic[2])}›"
    if lowered in ("cookie", "set-cookie"):
        return re.sub(
            r"=([^;,\s]{8,})", lambda m: f"=‹masqué:{fingerprint(m[1])}›", value, count=0 if lowered == "cookie" else 1
        )
    if (
        lowered == "authorization"
        and value.lower().startswith("bearer ")
        and "banc-" not in value
        and "eyJ" not in value
    ):
        return f"Bearer ‹inconnu:{fingerprint(value[7:])}›"
    return mask(value)


def _hide_field(match: re.Match[str]) -> str:
    already = match[2].startswith("‹")
    return match[0] if already else f"{match[1]}‹masqué:{fingerprint(match[2])}›"
