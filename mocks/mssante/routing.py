"""What becomes of a recipient: whether an address takes mail, and what is said when it does not (sheet MSSanté §8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mocks import world
from mocks.call import Call
from mocks.mssante import model_citizens, model_mailboxes
from mocks.mssante.model_citizens import ABSENT
from mocks.mssante.model_mailboxes import CITIZENS, CLOSED, FULL, OPEN, Mailbox, domain_of

UNLISTED, UNKNOWN, SHUT, CROWDED, OVERSIZE = (
    "domaine-hors-liste", "boite-inconnue", "boite-fermee", "boite-pleine", "trop-grand",
)  # fmt: skip
ASKED = "rebond-demande"
# Status of RFC 3463 and sentence of each; replies of SMTP are ASCII.
REASONS: Mapping[str, tuple[str, str]] = {
    UNLISTED: ("5.7.1", "Recipient domain is not in the trust space (liste blanche)"),
    UNKNOWN: ("5.1.1", "No such mailbox"),
    SHUT: ("5.2.1", "Mailbox is closed"),
    CROWDED: ("5.2.2", "Mailbox is full"),
    OVERSIZE: ("5.3.4", "Message too big for this recipient"),
    ASKED: ("5.0.0", "Delivery failed, as asked of the bench"),
}


@dataclass(frozen=True, slots=True)
class Route:
    """Where a recipient leads: a mailbox, or why not. at_once: whether RCPT itself is refused."""

    mailbox: Mailbox | None
    refusal: str = ""
    at_once: bool = False


def route(call: Call, address: str) -> Route:
    """Where mail to this address goes."""
    domain = domain_of(address)
    if domain not in call.setting("domaines"):
        return Route(None, UNLISTED, call.setting("hors_liste") == "refuser")
    if domain == CITIZENS:
        return _to_citizen(call, address)
    found = model_mailboxes.find(call.session, call.tenant.name, address)
    at_once = call.setting("boite_inconnue") == "refuser"
    if found is None:
        return Route(None, UNKNOWN, at_once)
    if found.state == CLOSED:
        return Route(None, SHUT, at_once)
    return Route(None, CROWDED, at_once=True) if found.state == FULL else Route(found)


def _to_citizen(call: Call, address: str) -> Route:
    """Mon espace santé accepts, and gives back afterwards (ENS-S §6). A mailbox opens with the first message."""
    found = model_mailboxes.find(call.session, call.tenant.name, address)
    if found is None:
        person = world.by_ins(call.session, call.tenant.name, address.partition("@")[0].upper())
        if person is None:
            return Route(None, UNKNOWN)
        found = model_citizens.mailbox_of(call, person)
    return Route(found) if found.state == OPEN else Route(None, UNKNOWN if found.state == ABSENT else SHUT)


def code_of(call: Call, refusal: str) -> int:
    """The reply code of a refusal at RCPT."""
    return int(call.setting("code_boite_pleine")) if refusal == CROWDED else 550
