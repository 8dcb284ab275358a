"""What the commands of submission do, without sockets: who may send, to whom, and the message taken in charge."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mocks.call import Call
from mocks.dmp import model_records
from mocks.journal import fingerprint
from mocks.mssante import access, delivery, facts, routing
from mocks.mssante.access import Claim, Entry
from mocks.mssante.envelope import Envelope, Recipient
from mocks.mssante.model_mailboxes import CITIZENS, domain_of, is_address
from mocks.mssante.recording import Connection, Recorder, Reply

HARD_LIMIT = 40_000_000  # bytes: what a setting may not exceed
MOST_RECIPIENTS = 100  # RFC 5321 §4.5.3.1.8
LONGEST_LINE = 998  # characters (RFC 5322 §2.1.1)
CONTENT_FAULTS = ("domaine_injoignable", "boite_pleine", "erreur_temporaire", "rebond")
# Table SMTPERRORCODE of the CI-SIS (sheet §8): those that refuse.
ERROR_CODES = (
    *(420, 421, 422, 431, 432, 441, 442, 450, 451, 452, 500, 501, 502, 503, 504, 510, 512, 513),
    *(523, 530, 541, 550, 551, 552, 553, 554),
)
_SIZE = re.compile(rb"\sSIZE=(\d{1,19})\b", re.IGNORECASE)
_WORDS = {
    "domaine_injoignable": (450, "4.4.1 Destination domain is unreachable, try again later"),
    "erreur_temporaire": (451, "4.3.0 Temporary failure, try again later"),
    "boite_pleine": (0, "5.2.2 Mailbox is full"),
}
_TRANSPORT = {
    "429": Reply(450, "450 4.7.1 Too many requests, try again later\r\n"),
    "500": Reply(451, "451 4.3.0 Local error in processing\r\n"),
    "503": Reply(421, "421 4.3.2 Service not available, closing channel\r\n", closes=True),
    "personne_reelle": Reply(550, "550 5.7.1 This may concern a real person: refused, and not kept\r\n"),
}


def refuse(nature: str) -> Reply:
    """The answer to a fault of transport, or of the bench itself."""
    return _TRANSPORT[nature]


def without_secret(lines: Sequence[bytes]) -> bytes:
    """The lines of an AUTH with what follows the mechanism hidden."""
    first, *rest = [line.rstrip(b"\r\n") for line in lines]
    verb, _, argument = first.partition(b" ")
    mechanism, _, secret = argument.partition(b" ")
    shown = [b" ".join([verb, mechanism, *([_hidden(secret)] if secret else [])]), *map(_hidden, rest)]
    return b"".join(line + b"\r\n" for line in shown)


def size_in(lines: Sequence[bytes]) -> int | None:
    """The size that a MAIL announces, or None."""
    found = _SIZE.search(b"".join(lines))
    return None if found is None else int(found[1])


class Submission:
    """What is being sent on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.envelope: Envelope | None = None

    def limit(self, recorder: Recorder) -> int:
        """Bytes of a message, as the tenant's setting says now."""
        with recorder.open() as call:
            return max(1, min(int(call.setting("taille_maximale")), HARD_LIMIT))

    def look(self, recorder: Recorder, claim: Claim) -> Entry:
        """Whether a claim will be admitted."""
        with recorder.open() as call:
            return access.admit(call, claim, self._structure)

    def authenticate(self, call: Call, claim: Claim) -> Reply:
        """AUTH, once the claim is known."""
        entry = access.admit(call, claim, self._structure)
        self._connection.auth, self._connection.mailbox = entry.facts, entry.mailbox
        call.context["auth"] = entry.facts
        if entry.mailbox is None:
            return Reply(535, "535 5.7.8 Authentication credentials invalid\r\n")
        return Reply(235, "235 2.7.0 Authentication successful\r\n")

    def mail(self, call: Call, wanted: Envelope) -> Reply:
        """MAIL."""
        call.context["envelope"] = wanted.as_json()
        if wanted.sender and not is_address(wanted.sender):
            return Reply(553, "553 5.1.7 Malformed address\r\n")
        refused = self._content_fault(call)
        if refused is not None:
            return refused
        mailbox = self._connection.mailbox
        if mailbox is not None and wanted.sender and wanted.sender != mailbox.address:
            text = "Sender address is not that of the authenticated mailbox"
            if call.setting("expediteur_different") == "refuser":
                return _refused(call, "expediteur-different", 550, f"5.7.1 {text}")
            call.note("expediteur-different", "l'expéditeur (MAIL FROM) n'est pas la boîte authentifiée")
        if wanted.sender and domain_of(wanted.sender) not in call.setting("domaines"):
            return _refused(call, routing.UNLISTED, 550, "5.7.1 Sender domain is not in the trust space")
        self.envelope = wanted
        return Reply(250, "250 2.1.0 OK\r\n")

    def rcpt(self, call: Call, address: str, notify: tuple[str, ...], orcpt: str) -> Reply:
        """RCPT."""
        envelope = self._open()
        one = Recipient(address, notify, orcpt)
        call.context["envelope"] = {**envelope.as_json(), "to": [one.as_json()]}
        if not is_address(address):
            return Reply(553, "553 5.1.3 Malformed address\r\n")
        if len(envelope.recipients) >= MOST_RECIPIENTS:
            return _refused(call, "trop-de-destinataires", 452, "4.5.3 Too many recipients")
        refused = self._content_fault(call)
        if refused is not None:
            return refused
        found = routing.route(call, address)
        if found.refusal and found.at_once:
            status, text = routing.REASONS[found.refusal]
            return _refused(call, found.refusal, routing.code_of(call, found.refusal), f"{status} {text}")
        if address not in [known.address for known in envelope.recipients]:
            envelope.recipients.append(replace(one, refusal=found.refusal))
        return Reply(250, "250 2.1.5 OK\r\n")

    def data(self, call: Call, content: bytes) -> Reply:
        """DATA, once the message is whole."""
        envelope, self.envelope = self._open(), None
        call.context["envelope"] = envelope.as_json()
        said = facts.message(content)  # before the store is locked
        call.context["content"] = said
        if "unreadable" in said:  # nobody could fetch its parts either
            return _refused(call, "illisible", 554, "5.6.0 Message content is beyond the limits of this server")
        call.identify(self._concerned(call, said, envelope))
        fault = call.play(CONTENT_FAULTS)
        if fault is not None and fault["nature"] != "rebond":
            return _fault_reply(call, fault)
        if any(len(line) > LONGEST_LINE for line in content.split(b"\r\n")):
            call.note("ligne-longue", f"une ligne de plus de {LONGEST_LINE} caractères (RFC 5322 §2.1.1)")
        number = delivery.accept(call, envelope, content, bounce=fault is not None)
        return Reply(250, f"250 2.0.0 OK: queued as {number}\r\n")

    def _concerned(self, call: Call, said: Mapping[str, Any], envelope: Envelope) -> str | None:
        """The person whom the documents concern, else the first citizen who is written to."""
        citizens = [one.address for one in envelope.recipients if domain_of(one.address) == CITIZENS]
        written_to = [address.partition("@")[0].upper() for address in citizens]
        for matricule in (*facts.patients(said), *written_to):
            person = model_records.person_of(call.session, call.tenant.name, matricule)
            if person is not None:
                return person.id
        return None

    @property
    def _structure(self) -> str | None:
        client: dict[str, Any] = (self._connection.tls or {}).get("client") or {}
        return client.get("structure")

    def _open(self) -> Envelope:
        if self.envelope is None:
            raise LookupError("no MAIL before")
        return self.envelope

    def _content_fault(self, call: Call) -> Reply | None:
        """The answer of a fault of this service that meets the command, None when none does."""
        fault = call.play(CONTENT_FAULTS)
        return None if fault is None else _fault_reply(call, fault)


def _fault_reply(call: Call, fault: Any) -> Reply:
    code, text = _WORDS.get(str(fault["nature"]), _WORDS["erreur_temporaire"])
    asked = fault.get("code")
    code = asked if asked in ERROR_CODES else code or int(call.setting("code_boite_pleine"))
    return Reply(code, f"{code} {text}\r\n")


def _refused(call: Call, refusal: str, code: int, text: str) -> Reply:
    call.context["refusal"] = refusal
    return Reply(code, f"{code} {text}\r\n")


def _hidden(secret: bytes) -> bytes:
    if secret in (b"", b"=", b"*"):
        return secret
    return f"‹masqué:{fingerprint(secret.decode('latin-1'))}›".encode()
