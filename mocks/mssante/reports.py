"""Delivery reports that the operator writes to senders (DSN: RFC 3461 §6, RFC 3462, RFC 3464, RFC 6522)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import MIMEPart
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime

OPERATOR = "operateur.test.mssante.fr"
POSTMASTER = f"MAILER-DAEMON@{OPERATOR}"
HEADERS_KEPT = 64_000  # bytes of the headers that a report returns
WHOLE_KEPT = 1_000_000  # bytes of a message that RET=FULL returns whole
SUBJECTS = {"failed": "Message non distribué", "delivered": "Message remis"}
OVERSIZE_SUBJECT = "Undelivered Mail Returned to Sender"  # of Mon espace santé (ENS-S §6)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message for one recipient. status: of RFC 3463. text: diagnostic, a sentence."""

    recipient: str
    action: str
    status: str
    text: str
    orcpt: str = ""


def dsn(
    outcomes: Sequence[Outcome],
    content: bytes,
    *,
    to: str,
    message_id: str,
    original_id: str,
    now: datetime,
    envid: str = "",
    whole: bool = False,
    subject: str = "",
) -> bytes:
    """A report on these outcomes (of one action) as a message. content: what was sent. whole: to return it whole."""
    action = outcomes[0].action
    made: MIMEMultipart = MIMEMultipart("report", policy=SMTP)
    made.set_param("report-type", "delivery-status")
    made["From"] = f"Mail Delivery System <{POSTMASTER}>"
    made["To"] = to
    made["Subject"] = subject or SUBJECTS[action]
    made["Date"] = format_datetime(now)
    made["Message-ID"] = message_id
    made["Auto-Submitted"] = "auto-replied"
    if original_id:
        made["In-Reply-To"] = made["References"] = original_id
    lines = [f"{one.recipient} : {one.text}" for one in outcomes]
    head = "Votre message n'a pas pu être remis." if action == "failed" else "Votre message a été remis."
    about = f"\nMessage-ID d'origine : {original_id}\n" if original_id else ""
    made.attach(MIMEText("\n".join([head, "", *lines, about]), "plain", "utf-8", policy=SMTP))
    made.attach(_status(outcomes, now, envid))
    made.attach(returned(content, whole=whole and len(content) <= WHOLE_KEPT))
    return made.as_bytes(policy=SMTP)


def _status(outcomes: Sequence[Outcome], now: datetime, envid: str) -> MIMEBase:
    """The part that programs read (RFC 3464 §2): fields of the message, then of each recipient."""
    part = MIMEBase("message", "delivery-status", policy=SMTP)
    whole = MIMEPart(policy=SMTP)
    whole["Reporting-MTA"] = f"dns; {OPERATOR}"
    whole["Arrival-Date"] = format_datetime(now)
    if envid:
        whole["Original-Envelope-Id"] = envid
    part.attach(whole)
    for one in outcomes:
        fields = MIMEPart(policy=SMTP)
        if one.orcpt:
            fields["Original-Recipient"] = one.orcpt
        fields["Final-Recipient"] = f"rfc822; {one.recipient}"
        fields["Action"] = one.action
        fields["Status"] = one.status
        if one.action == "failed":
            fields["Diagnostic-Code"] = f"smtp; {one.text}"
        part.attach(fields)
    return part


def returned(content: bytes, *, whole: bool) -> MIMEBase:
    """A part with the message, or with its headers. As it is: a part of type message may not be encoded otherwise."""
    part = MIMEBase("message", "rfc822") if whole else MIMEBase("text", "rfc822-headers")
    kept = content if whole else content.partition(b"\r\n\r\n")[0][:HEADERS_KEPT] + b"\r\n"
    part.set_payload(kept.decode("ascii", "surrogateescape"))
    return part
