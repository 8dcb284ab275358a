"""Who opens a mailbox: professionals by a Pro Santé Connect token, applications by a certificate (sheet §2.1)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mocks.call import Call
from mocks.journal import fingerprint
from mocks.mssante import model_mailboxes
from mocks.mssante.model_mailboxes import APPLICATION, CLOSED, PERSONAL, Mailbox
from mocks.oidc import model_tokens
from mocks.psc import PSC

XOAUTH2, OAUTHBEARER, PLAIN = "XOAUTH2", "OAUTHBEARER", "PLAIN"
BEARERS = (OAUTHBEARER, XOAUTH2)
_GS2 = re.compile(r"[ny],(?:a=([^,]*))?,")  # RFC 5801 §4, as RFC 7628 takes it
_TOKENS = {
    "absent": "jeton-absent",
    "unknown": "jeton-inconnu",
    "expired": "jeton-expire",
    "revoked": "jeton-revoque",
}
# What the client answers to the challenge of a refusal: nothing (XOAUTH2), one separator (RFC 7628 §3.2.3).
DUMMIES = {XOAUTH2: b"", OAUTHBEARER: b"\x01"}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a client says of itself: the mailbox, the token (of a professional)."""

    mechanism: str
    user: str = ""
    token: str = ""
    malformed: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """Whether somebody may enter. facts: `context.auth` (contract §6)."""

    mailbox: Mailbox | None
    facts: Mapping[str, Any] = field(default_factory=dict)


def read(mechanism: str, blob: bytes) -> Claim:
    """The claim of an initial response, already out of base64."""
    try:
        text = blob.decode()
    except UnicodeDecodeError:
        return Claim(mechanism, malformed=True)
    if mechanism == PLAIN:
        parts = text.split("\x00")
        return Claim(PLAIN, parts[1]) if len(parts) == 3 else Claim(PLAIN, malformed=True)
    fields = dict(piece.partition("=")[::2] for piece in text.split("\x01") if "=" in piece)
    if mechanism == OAUTHBEARER:
        head = _GS2.match(text)
        user = (head[1] or "").replace("=2C", ",").replace("=3D", "=") if head else ""
        malformed = head is None
    else:
        user, malformed = fields.get("user", ""), not text.startswith("user=")
    scheme, _, token = fields.get("auth", "").partition(" ")
    right = scheme.lower() == "bearer" and text.endswith("\x01\x01") and not malformed
    return Claim(mechanism, user, token.strip(), malformed=not right)


def decoded(text: bytes) -> bytes | None:
    """What base64 says, None when it is none; `=` stands for an empty response (RFC 4954 §4)."""
    try:
        return b"" if text == b"=" else base64.b64decode(text, validate=True)
    except binascii.Error:
        return None


def admit(call: Call, claim: Claim, structure: str | None = None) -> Entry:
    """Whether this claim opens its mailbox. structure: OU of the client's certificate, on the port of applications."""
    mailbox = model_mailboxes.find(call.session, call.tenant.name, claim.user) if claim.user else None
    facts: dict[str, Any] = {
        "mechanism": claim.mechanism,
        "user": claim.user or None,
        "mailbox": None if mailbox is None else mailbox.address,
        "type": None if mailbox is None else mailbox.kind,
    }
    if claim.mechanism == PLAIN:
        refusal = _application(claim, mailbox, structure)
    else:
        refusal = _professional(call, claim, mailbox, facts)
    if refusal:
        facts["refusal"] = call.context["refusal"] = refusal
    return Entry(None if refusal else mailbox, facts)


def refusal_json(mechanism: str) -> bytes:
    """The challenge that precedes a refusal (RFC 7628 §3.2.2; XOAUTH2 says the status in figures)."""
    if mechanism == XOAUTH2:
        return b'{"status":"401","schemes":"bearer","scope":"openid"}'
    return b'{"status":"invalid_token","scope":"openid"}'


def _application(claim: Claim, mailbox: Mailbox | None, structure: str | None) -> str:
    if claim.malformed:
        return "malforme"
    if mailbox is None:
        return "boite-inconnue"
    if mailbox.kind != APPLICATION:
        return "boite-non-applicative"
    if mailbox.state == CLOSED:
        return "boite-fermee"
    return "certificat-autre-structure" if mailbox.structure and mailbox.structure != structure else ""


def _professional(call: Call, claim: Claim, mailbox: Mailbox | None, facts: dict[str, Any]) -> str:
    psc = replace(call, service=PSC)
    held = model_tokens.find(psc, claim.token) if claim.token else None
    if held is not None and held.kind != "access":
        held = None
    state = "absent" if not claim.token else "unknown" if held is None else held.state(psc)
    who = None if held is None else held.family.session.person
    facts["token"] = {
        "fingerprint": fingerprint(claim.token) if claim.token else None,
        "state": state,
        "professional": who,
    }
    if claim.malformed:
        return "malforme"
    if state != "valid":
        return _TOKENS[state]
    if mailbox is None:
        return "boite-inconnue"
    if mailbox.kind not in PERSONAL:
        return "boite-applicative"
    if mailbox.state == CLOSED:
        return "boite-fermee"
    return "" if who in mailbox.holders else "boite-d-autrui"
