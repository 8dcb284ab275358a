"""Putting a message in the mailboxes of its recipients, and telling its sender what could not be done."""

from __future__ import annotations

import email.parser
import email.policy
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from mocks.call import Call
from mocks.clock import rfc3339
from mocks.mssante import model_folders, model_mailboxes, model_messages, reports, routing
from mocks.mssante.envelope import FAILURE, SUCCESS, Envelope, Recipient
from mocks.mssante.model_mailboxes import CITIZENS, domain_of
from mocks.mssante.model_messages import BOUNCED, DELIVERED
from profiles.mail.message import decoded

HEADERS_READ = 256_000  # bytes
LONGEST_ADDRESS = 500  # characters of a field of one address


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message for one recipient. refusal: code, empty once it is delivered."""

    recipient: Recipient
    refusal: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the journal keeps it."""
        state = BOUNCED if self.refusal else DELIVERED
        return {"recipient": self.recipient.address, "state": state, "reason": self.refusal or None}


def headers_of(content: bytes) -> EmailMessage:
    """The header of a message, whatever it is worth."""
    head = content[:HEADERS_READ].partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    parser = email.parser.BytesHeaderParser(policy=email.policy.compat32)
    return parser.parsebytes(head)  # type: ignore[return-value]


def text_of(headers: Any, name: str) -> str:
    """A field as it stands, unfolded; empty when there is none."""
    value = str(headers.get(name, "") or "")
    text = " ".join(value.split()).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return text.replace("\x00", "")


def accept(call: Call, envelope: Envelope, content: bytes, *, bounce: bool = False) -> int:
    """Keep a message and deliver it; its number. All in the transaction of the call.

    bounce: nobody gets it, and the sender is told.
    """
    call.session.begin()
    headers = headers_of(content)
    message_id = text_of(headers, "Message-ID")
    number = model_messages.add(
        call.session,
        call.tenant.name,
        content,
        received=rfc3339(call.now),
        sender=envelope.sender,
        message_id=message_id,
        facts=_told(headers),
        trace=_trace(call, envelope.sender),
    )
    done = [_deliver(call, number, one, len(content), bounce=bounce) for one in envelope.recipients]
    call.context["message"] = {"id": number, "message_id": message_id or None, "octets": len(content)}
    call.context["deliveries"] = [one.as_json() for one in done]
    _tell_sender(call, envelope, content, done, receipt=bool(headers.get("Return-Receipt-To")))
    return number


def post(call: Call, content: bytes, sender: str, recipient: str) -> int:
    """Put a message of the operator's, or of somebody played by the bench, in one mailbox; its number."""
    headers = headers_of(content)
    number = model_messages.add(
        call.session,
        call.tenant.name,
        content,
        received=rfc3339(call.now),
        sender=sender,
        message_id=text_of(headers, "Message-ID"),
        facts=_told(headers),
        origin=model_messages.REPORT,
        trace=_trace(call, sender),
    )
    _put(call, number, recipient)
    return number


def _told(headers: Any) -> dict[str, str]:
    """What the store keeps of a header beside the message: what decides who may answer, and who wants a receipt."""
    addressed = {"reply_to": "Reply-To", "receipt_to": "Disposition-Notification-To"}
    found = {key: parseaddr(text_of(headers, name)[:LONGEST_ADDRESS])[1].lower() for key, name in addressed.items()}
    return {
        "subject": decoded(text_of(headers, "Subject")),
        "from": decoded(text_of(headers, "From")),
        "mes": text_of(headers, "X-MSS-MES"),
        **{key: value for key, value in found.items() if value},
    }


def _deliver(call: Call, number: int, recipient: Recipient, size: int, *, bounce: bool) -> Delivery:
    found = routing.route(call, recipient.address)
    refusal = routing.ASKED if bounce else recipient.refusal or found.refusal
    if domain_of(recipient.address) == CITIZENS and size > call.setting("taille_citoyen"):
        refusal = routing.OVERSIZE
    if refusal:
        model_messages.deliver(call.session, call.tenant.name, number, recipient.address, BOUNCED, refusal)
    else:
        _put(call, number, recipient.address)
    return Delivery(recipient, refusal)


def _put(call: Call, number: int, address: str) -> None:
    mailbox = model_mailboxes.get(call.session, call.tenant.name, address)
    model_folders.put(call.session, call.tenant.name, mailbox.address, number, rfc3339(call.now))
    model_messages.deliver(call.session, call.tenant.name, number, mailbox.address, DELIVERED)


def _trace(call: Call, sender: str) -> bytes:
    """Return-Path and Received (RFC 5321 §4.4)."""
    stamp = f"from [127.0.0.1] by {reports.OPERATOR} with ESMTPSA; {format_datetime(call.now)}"
    return f"Return-Path: <{sender}>\r\nReceived: {stamp}\r\n".encode("ascii", "replace")


def _tell_sender(call: Call, envelope: Envelope, content: bytes, done: Sequence[Delivery], *, receipt: bool) -> None:
    """DSN of what failed, and of what was done if that was asked for. Nobody is told of a report (RFC 5321 §4.5.5)."""
    if not envelope.sender:
        return
    failed = [_failure(one) for one in done if one.refusal and one.recipient.wants(FAILURE)]
    delivered = [
        reports.Outcome(one.recipient.address, "delivered", "2.0.0", "remis dans sa boîte", one.recipient.orcpt)
        for one in done
        if not one.refusal and (one.recipient.wants(SUCCESS) or (receipt and not one.recipient.notify))
    ]
    for outcomes in (failed, delivered):
        if outcomes and model_mailboxes.find(call.session, call.tenant.name, envelope.sender) is not None:
            _send_report(call, envelope, content, outcomes)


def _failure(one: Delivery) -> reports.Outcome:
    status, text = routing.REASONS[one.refusal]
    return reports.Outcome(one.recipient.address, "failed", status, f"550 {status} {text}", one.recipient.orcpt)


def _send_report(call: Call, envelope: Envelope, content: bytes, outcomes: Sequence[reports.Outcome]) -> None:
    oversize = any(one.status == routing.REASONS[routing.OVERSIZE][0] for one in outcomes)
    made = reports.dsn(
        outcomes,
        content,
        to=envelope.sender,
        message_id=f"<{secrets.token_hex(12)}@{reports.OPERATOR}>",
        original_id=text_of(headers_of(content), "Message-ID"),
        now=call.now,
        envid=envelope.envid,
        whole=envelope.ret == "FULL",
        subject=reports.OVERSIZE_SUBJECT if oversize else "",
    )
    post(call, made, "", envelope.sender)
