"""What a usager does with her messages in Mon espace santé: reads, answers, writes, stores in her DMP."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from mocks import world
from mocks.call import Call
from mocks.dmp import DMP, foreign, model_records
from mocks.dmp.model_documents import Registry
from mocks.dmp.refusals import RefusedError
from mocks.mssante import delivery, model_citizens, model_folders, model_mailboxes, model_messages, receipts
from mocks.mssante.envelope import Envelope, Recipient
from mocks.mssante.model_citizens import IllegalActError, Received
from mocks.mssante.model_folders import INBOX, SEEN
from profiles.mail import xdm
from profiles.mail.message import UnreadableMessageError, read

ACTS = ("lire", "repondre", "ecrire", "ranger_dmp")
Wish = Mapping[str, Any]


@dataclass(frozen=True)
class Usager:
    """A usager in front of her messages."""

    call: Call
    person: world.Person

    def do(self, act: str, wish: Wish) -> dict[str, Any]:
        """Do an act; what the journal says of it. Raises IllegalActError, model_messages.UnknownMessageError."""
        self.call.session.begin()
        if act == "ecrire":
            return self._write(str(wish.get("a", "")).lower(), wish)
        messages = self._messages()
        about = model_citizens.one_of(messages, int(wish.get("message", 0)))
        if act == "lire":
            return self._read(about)
        return self._store(about, wish) if act == "ranger_dmp" else self._answer(about, wish)

    def _messages(self) -> list[Received]:
        return model_citizens.received(self.call, self.person)

    def _read(self, about: Received) -> dict[str, Any]:
        """Open a message: who asked for a receipt gets one, which a usager cannot refuse (ENS-S §6)."""
        session, tenant, address = self.call.session, self.call.tenant.name, model_citizens.address_of(self.person)
        told = {"message": about.id, "accuse": None}
        if about.read:
            return told
        copy = model_folders.copy(session, tenant, address, INBOX, about.uid)
        flags = () if copy is None else copy.flags
        model_folders.flag(session, tenant, address, INBOX, about.uid, [*flags, SEEN])
        model_messages.change_state(session, tenant, about.id, address, "lu")
        asked_by = about.receipt_to
        if not asked_by or model_mailboxes.find(session, tenant, asked_by) is None:
            return told
        original = model_messages.content(session, tenant, about.id)
        made = receipts.made(
            receipts.Told("displayed", manual=True), original, reader=address, to=asked_by, now=self.call.now
        )
        return {**told, "accuse": delivery.post(self.call, made, "", asked_by)}

    def _answer(self, about: Received, wish: Wish) -> dict[str, Any]:
        subject = wish.get("objet") or f"Re: {about.subject}"
        return self._send(about.contact, subject, wish, about)

    def _write(self, contact: str, wish: Wish) -> dict[str, Any]:
        return self._send(contact, wish.get("objet") or "Message de l'usager", wish, None)

    def _send(self, contact: str, subject: str, wish: Wish, about: Received | None) -> dict[str, Any]:
        mailbox = model_citizens.mailbox_of(self.call, self.person)
        allowed = model_citizens.contacts(self._messages()) if about is None else [about.contact or "-"]
        model_citizens.check_may_write(mailbox, contact, allowed)
        made = EmailMessage(policy=SMTP)
        # Mon espace santé puts the name there, and the matricule in the address (ECO.3.1.2).
        made["From"] = f"{self.person.given[0]} {self.person.family} <{mailbox.address}>"
        made["To"] = contact
        made["Subject"] = subject
        made["Date"] = format_datetime(self.call.now)
        made["Message-ID"] = f"<{secrets.token_hex(12)}@patient.mssante.fr>"
        if about is not None and about.message_id:
            made["In-Reply-To"] = made["References"] = about.message_id
        made.set_content(wish.get("texte") or "Bonjour.\n")
        envelope = Envelope(mailbox.address, recipients=[Recipient(contact)])
        number = delivery.accept(self.call, envelope, made.as_bytes())
        return {"message": number, "a": contact, "repond_a": None if about is None else about.id}

    def _store(self, about: Received, wish: Wish) -> dict[str, Any]:
        """Put a document received into her DMP: nobody does it for her (flow E of axis 4.1)."""
        document = self._document(about, str(wish.get("document", "")))
        dmp = replace(self.call, service=DMP)
        session, tenant = self.call.session, self.call.tenant.name
        record = model_records.record(session, tenant, self.person.id, dmp.setting("statut_initial"))
        if record.status != model_records.ACTIVE:
            raise IllegalActError("Le DMP de cet usager n'est pas ouvert.")
        depositor = foreign.Depositor(Registry(session, tenant, self.call.now), self.person, self.call.now, dmp.setting)
        wanted = {"origine": "messagerie", "contenu_base64": base64.b64encode(document.content).decode()}
        try:
            unique_id = depositor.deposit(wanted)
        except foreign.UnusableDocumentError as error:
            raise IllegalActError(str(error)) from None
        except RefusedError as error:
            raise IllegalActError(" ".join(one.text for one in error.errors)) from None
        return {"message": about.id, "message_id": about.message_id, "document": unique_id, "fichier": document.name}

    def _document(self, about: Received, name: str) -> xdm.File:
        """A document of the archives of a message, the first one when none is named."""
        try:
            content = model_messages.content(self.call.session, self.call.tenant.name, about.id)
            archives = [xdm.read(one.content) for one in read(content).parts if one.type == "application/zip"]
        except (UnreadableMessageError, xdm.RefusedArchiveError) as error:
            raise IllegalActError(f"Le message ne peut pas être lu : {error}.") from None
        held = [document for archive in archives for one in archive.sets for document in one.documents]
        found = next((one for one in held if name in ("", one.name, one.base)), None)
        if found is None:
            raise IllegalActError("Le message ne porte pas ce document.")
        return found
