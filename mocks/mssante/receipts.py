"""Receipts that somebody played by the bench writes (MDN: RFC 8098; CI-SIS "LPS MSS", older and newer forms)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from email.message import MIMEPart
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime

from mocks.mssante import delivery, reports
from profiles.mail.message import decoded

OLD, NEW = "ancienne", "nouvelle"
KO = "[KO Intégration système !]"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told: `displayed`, `processed`… error: code of the table 0533, empty when all went well.

    form: how the error is written. manual: somebody did it, not a program.
    """

    disposition: str
    error: str = ""
    label: str = ""
    form: str = NEW
    manual: bool = False

    def fields(self) -> dict[str, str]:
        """Disposition, and Error where the form has it."""
        mode = "manual-action/MDN-sent-automatically" if self.manual else "automatic-action/MDN-sent-automatically"
        if not self.error:
            return {"Disposition": f"{mode}; {self.disposition}"}
        said = f"{self.error}^{self.label}"
        if self.form == OLD:
            return {"Disposition": f"{mode}; {self.disposition}/Error: {said}"}
        return {"Disposition": f"{mode}; {self.disposition}/error", "Error": said}


def made(told: Told, original: bytes, *, reader: str, to: str, now: datetime) -> bytes:
    """A receipt. original: the message, whole. reader: address of who received it. to: who asked for it."""
    headers = delivery.headers_of(original)
    message_id = delivery.text_of(headers, "Message-ID")
    subject = decoded(delivery.text_of(headers, "Subject"))
    report: MIMEMultipart = MIMEMultipart("report", policy=SMTP)
    report.set_param("report-type", "disposition-notification")
    report["From"] = reader
    report["To"] = to
    report["Subject"] = f"{KO}[{told.error}] {subject}" if told.error else subject
    report["Date"] = format_datetime(now)
    report["Message-ID"] = f"<{secrets.token_hex(12)}@{reports.OPERATOR}>"
    report["Auto-Submitted"] = "auto-replied"
    if message_id:
        report["In-Reply-To"] = report["References"] = message_id
    words = f"Échec de l'intégration : {told.error} {told.label}" if told.error else "Votre message a été reçu."
    report.attach(MIMEText(f"{words}\n", "plain", "utf-8", policy=SMTP))
    report.attach(_notification(told, reader, message_id))
    report.attach(reports.returned(original, whole=True))
    return report.as_bytes(policy=SMTP)


def _notification(told: Told, reader: str, message_id: str) -> MIMEBase:
    part = MIMEBase("message", "disposition-notification", policy=SMTP)
    fields = MIMEPart(policy=SMTP)
    fields["Reporting-UA"] = "banc"
    fields["Original-Recipient"] = f"rfc822; {reader}"
    fields["Final-Recipient"] = f"rfc822; {reader}"
    if message_id:
        fields["Original-Message-ID"] = message_id
    for name, value in told.fields().items():
        fields[name] = value
    part.attach(fields)
    return part
