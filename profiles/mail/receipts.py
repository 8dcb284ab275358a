"""Receipts: what was done with a message, told by who received it (MDN: RFC 8098; CI-SIS, older and newer forms)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from profiles.mail.message import Mail

TYPE = "message/disposition-notification"
# `automatic-action/MDN-sent-automatically; processed/error`; the older form goes on with it: `processed/Error: 902^…`
_DISPOSITION = re.compile(
    r"\s*([a-z-]+)\s*/\s*([a-z-]+)\s*;\s*([a-z-]+)(?:\s*/\s*([a-z-]+))?\s*(?::\s*(.*))?$", re.IGNORECASE | re.DOTALL
)
_ERROR = re.compile(r"\s*(\d{3})\s*(?:\^\s*(.*))?$", re.DOTALL)
_SUBJECT_CODE = re.compile(r"\s*\[(?:KO Intégration système|Erreur d.intégration) !\]\s*\[(\d{3})\]")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt. action, sending: modes; disposition: `displayed`, `processed`…; modifier: `error`, empty for none.

    error_code, error_label: of an integration that failed. form: `nouvelle` (field Error), `ancienne` (in Disposition),
    empty without an error.
    """

    action: str
    sending: str
    disposition: str
    modifier: str
    error_code: str
    error_label: str
    form: str
    final_recipient: str
    original_recipient: str
    original_message_id: str
    parts: int


def receipt(mail: Mail) -> Receipt | None:
    """The receipt that a message is, or None."""
    found = next(mail.attached(TYPE), None)
    if found is None:
        return None
    fields = _fields(found)
    said = _DISPOSITION.match(fields.get("disposition", ""))
    action, sending, disposition, modifier, old = (text or "" for text in (said.groups() if said else ("",) * 5))
    new = _ERROR.match(fields.get("error", ""))
    older = _ERROR.match(old)
    error = new or older
    return Receipt(
        action.lower(),
        sending,
        disposition.lower(),
        modifier.lower(),
        error[1] if error else "",
        (error[2] or "").strip() if error else "",
        "nouvelle" if new else "ancienne" if older else "",
        _address(fields.get("final-recipient", "")),
        _address(fields.get("original-recipient", "")),
        fields.get("original-message-id", ""),
        len(mail.parts),
    )


def code_in_subject(subject: str) -> str:
    """The code of a failed integration that a subject says, empty for none."""
    found = _SUBJECT_CODE.match(subject)
    return found[1] if found else ""


def _fields(part: Message) -> dict[str, str]:
    """The fields of a notification: a block of header fields that the parser has taken for a message, or a text."""
    inside = part.get_payload()
    blocks = [one for one in inside if isinstance(one, Message)] if isinstance(inside, list) else []
    if blocks:
        return {name.lower(): str(value).strip() for block in blocks for name, value in block.items()}
    lines = re.sub(r"\r?\n(?=[ \t])", "", str(inside)).splitlines()
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _address(value: str) -> str:
    """An address of `rfc822; x@y`."""
    return value.partition(";")[2].strip() if ";" in value else value.strip()
