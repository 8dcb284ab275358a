"""What a usager finds in Mon espace santé: messages received, and to whom she may write (sheet MSSanté §5, ENS-S).

Nothing of it is kept apart: who may be answered follows from the messages themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mocks import world
from mocks.call import Call
from mocks.mssante import model_folders, model_mailboxes, model_messages
from mocks.mssante.model_folders import INBOX, SEEN
from mocks.mssante.model_mailboxes import CITIZEN, CITIZENS, OPEN, Mailbox, domain_of

ABSENT = "absente"  # no profile, or none that takes mail
NO_ANSWER = "FIN"  # X-MSS-MES (ECO.2.2.8)
CLOSING = "[FIN]"  # subject of the message that closes what came before (ENS-S §7); case matters


class IllegalActError(ValueError):
    """An act that the state of the conversation does not allow; the text is a French sentence."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message in the mailbox of a usager. contact: where she answers, empty where she cannot. uid: in her INBOX."""

    id: int
    uid: int
    received: str
    sender: str
    message_id: str
    subject: str
    contact: str
    read: bool
    receipt_to: str

    def as_json(self) -> dict[str, Any]:
        """As the admin API shows it."""
        return {
            "id": self.id,
            "recu": self.received,
            "expediteur": self.sender,
            "message_id": self.message_id,
            "objet": self.subject,
            "repondre_a": self.contact or None,
            "lu": self.read,
            "accuse_demande": bool(self.receipt_to),
        }


def address_of(person: world.Person) -> str:
    """The address of a usager: her INS, and the domain of Mon espace santé (ECO.3.1.1)."""
    return f"{person.ins}@{CITIZENS}".lower()


def mailbox_of(call: Call, person: world.Person) -> Mailbox:
    """The mailbox of a usager, opened now if nobody wrote to her before."""
    found = model_mailboxes.find(call.session, call.tenant.name, address_of(person))
    if found is not None:
        return found
    label = f"{person.given[0]} {person.family}"
    made = Mailbox(address_of(person), CITIZEN, label=label, person=person.id)
    return model_mailboxes.add(call.session, call.tenant.name, made)


def received(call: Call, person: world.Person) -> list[Received]:
    """The messages of a usager, in the order of arrival."""
    address, tenant = address_of(person), call.tenant.name
    copies = [one for one in model_folders.changed(call.session, tenant, address, INBOX) if not one.gone]
    heads = [(one, model_messages.head(call.session, tenant, one.message)) for one in copies]
    closed = {kept.sender: kept.id for _, kept in heads if kept.facts.get("subject") == CLOSING}
    return [
        Received(
            kept.id,
            copy.uid,
            kept.received,
            kept.sender,
            kept.message_id,
            str(kept.facts.get("subject", "")),
            "" if kept.id <= closed.get(kept.sender, 0) else _contact(call, kept.sender, kept.facts),
            SEEN in copy.flags,
            str(kept.facts.get("receipt_to", "")),
        )
        for copy, kept in heads
    ]


def contacts(messages: list[Received]) -> list[str]:
    """To whom a usager may write first, having these messages."""
    return list(dict.fromkeys(one.contact for one in messages if one.contact))


def one_of(messages: list[Received], number: int) -> Received:
    """The message of that number. Raises model_messages.UnknownMessageError."""
    found = next((one for one in messages if one.id == number), None)
    if found is None:
        raise model_messages.UnknownMessageError(number)
    return found


def check_may_write(mailbox: Mailbox, contact: str, allowed: list[str]) -> None:
    """Raise IllegalActError when this usager may not write there."""
    if mailbox.state != OPEN:
        raise IllegalActError("La messagerie de cet usager n'est pas ouverte.")
    if contact not in allowed:
        raise IllegalActError(
            "Un usager n'écrit qu'à qui lui a écrit, tant que la conversation n'est pas close (X-MSS-MES: FIN, [FIN])."
        )


def _contact(call: Call, sender: str, facts: Mapping[str, Any]) -> str:
    """Where a message is answered: its Reply-To when that is an MSSanté address, else its sender (ENS-S §9)."""
    if facts.get("mes") == NO_ANSWER or not sender:
        return ""
    wanted = str(facts.get("reply_to", ""))
    listed = domain_of(wanted) in call.setting("domaines") and domain_of(wanted) != CITIZENS
    return wanted if wanted and listed else sender
