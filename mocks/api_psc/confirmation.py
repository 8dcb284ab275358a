"""The parameter `cnf` of an exchange: to which certificate the token is bound (RFC 8705 §3.1)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Literal

import orjson

Form = Literal["rfc8705", "tr", "autre", "absent"]
_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]{64}")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a client says of its certificate. thumbprint: x5t#S256 in the form of RFC 8705, "" when unreadable.

    form: `rfc8705`; `tr`, the sample of the ANS guide (base64 of the hexadecimal digest); `autre`; `absent`.
    """

    form: Form
    thumbprint: str = ""


def read(text: str | None) -> Confirmation:
    """Read the parameter: a JSON object with x5t#S256."""
    if not text:
        return Confirmation("absent")
    try:
        value = orjson.loads(text)["x5t#S256"]
        raw = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (ValueError, KeyError, TypeError, binascii.Error):
        return Confirmation("autre")
    if len(raw) == 32 and value == _base64url(raw):
        return Confirmation("rfc8705", value)
    if _HEXADECIMAL.fullmatch(raw):
        return Confirmation("tr", _base64url(bytes.fromhex(raw.decode())))
    return Confirmation("autre")


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
