"""The folders of a mailbox as pymap wants them, over the common store.

pymap brings the grammar of IMAP, what a session knows of its folder, FETCH and SEARCH; its stores keep their state
apart, so this one is ours: each command runs in one transaction, with its exchange. Its methods are asynchronous in
name only: `run` drives them to their end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Coroutine, Iterable
from datetime import datetime
from typing import Any, TypeVar

from pymap.backend.mailbox import MailboxDataInterface, MailboxSetInterface
from pymap.backend.session import BaseSession
from pymap.config import IMAPConfig
from pymap.exceptions import AppendFailure, MailboxNotFound
from pymap.flags import FlagOp
from pymap.interfaces.message import CachedMessage, LoadedMessageInterface
from pymap.listtree import ListTree
from pymap.mailbox import MailboxSnapshot
from pymap.message import BaseLoadedMessage, BaseMessage
from pymap.mime import MessageContent
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement, Flag, ObjectId
from pymap.parsing.specials.flag import Wildcard, get_system_flags
from pymap.selected import SelectedMailbox, SelectedSet

from mocks.call import Call
from mocks.clock import rfc3339
from mocks.mssante import delivery, facts, model_folders, model_messages
from mocks.mssante.model_folders import INBOX, SEEN, Copy, Folder, UnknownFolderError

T = TypeVar("T")
_CONTENT = FetchRequirement.CONTENT


def run(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine that waits for nothing gives."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise RuntimeError("a command of IMAP waits for something")


class Desk:
    """Whose folders they are, and the call in which they are read and changed."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.call: Call | None = None

    @property
    def here(self) -> tuple[Any, str, str]:
        """Session of the store, tenant and address, as the models take them."""
        call = self.open
        return call.session, call.tenant.name, self.address

    @property
    def open(self) -> Call:
        """The call of the command in progress."""
        if self.call is None:
            raise RuntimeError("no command in progress")
        return self.call


class Message(BaseMessage):
    """A message in a folder."""

    def __init__(self, desk: Desk, copy: Copy, *, expunged: bool = False) -> None:
        super().__init__(
            copy.uid,
            datetime.fromisoformat(copy.received),
            [Flag(flag.encode()) for flag in copy.flags],
            email_id=ObjectId(b"M%d" % copy.message),
            expunged=expunged,
        )
        self._desk, self._number = desk, copy.message

    async def load_content(self, requirement: FetchRequirement) -> LoadedMessageInterface:
        """The message, read when something of it is wanted."""
        if requirement & _CONTENT == FetchRequirement.NONE:
            return BaseLoadedMessage(self, requirement, None)
        session, tenant, _ = self._desk.here
        raw = model_messages.content(session, tenant, self._number)
        return BaseLoadedMessage(self, requirement, MessageContent.parse(raw))


class MailboxData(MailboxDataInterface[Message]):
    """One folder."""

    def __init__(self, desk: Desk, folder: Folder) -> None:
        self._desk, self._folder = desk, folder
        self._selected_set = SelectedSet()

    @property
    def mailbox_id(self) -> ObjectId:
        digest = hashlib.sha256(f"{self._desk.address}/{self._folder.uid_validity}".encode()).digest()
        return ObjectId.new_mailbox_id(digest[:16])

    @property
    def readonly(self) -> bool:
        return False

    @property
    def uid_validity(self) -> int:
        return self._folder.uid_validity

    @property
    def permanent_flags(self) -> frozenset[Flag]:
        return super().permanent_flags | {Wildcard}

    @property
    def selected_set(self) -> SelectedSet:
        return self._selected_set

    async def update_selected(self, selected: SelectedMailbox, *, wait_on: Any = None) -> SelectedMailbox:
        session, tenant, address = self._desk.here
        current = model_folders.get(session, tenant, address, self._folder.name)
        since = selected.mod_sequence
        changed = model_folders.changed(
            session, tenant, address, self._folder.name, -1 if since is None else int(since)
        )
        selected.mod_sequence = current.changes
        fresh = [Message(self._desk, one) for one in changed if not one.gone]
        selected.add_updates(fresh, [one.uid for one in changed if one.gone])
        return selected

    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> Message:
        call = self._desk.open
        if "unreadable" in facts.message(append_msg.literal):  # refuses a real person inside an archive, too
            raise AppendFailure(None, b"Message content is beyond the limits of this server.")
        headers = delivery.headers_of(append_msg.literal)
        when = call.now if append_msg.when is None else append_msg.when.astimezone()
        number = model_messages.add(
            call.session,
            call.tenant.name,
            append_msg.literal,
            received=rfc3339(call.now),
            sender=self._desk.address,
            message_id=delivery.text_of(headers, "Message-ID"),
            facts={"subject": delivery.text_of(headers, "Subject"), "from": delivery.text_of(headers, "From")},
            origin=model_messages.FILED,
        )
        flags = [str(flag) for flag in append_msg.flag_set]
        return self._put(number, rfc3339(when), flags)

    async def copy(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        found = self._copy(uid)
        if found is None:
            return None
        return destination._put(found.message, found.received, found.flags).uid

    async def move(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        moved = await self.copy(uid, destination, recent=recent)
        if moved is not None:
            await self.delete([uid])
        return moved

    async def get(self, uid: int, cached_msg: CachedMessage) -> Message:
        session, tenant, address = self._desk.here
        found = model_folders.copy(session, tenant, address, self._folder.name, uid)
        if found is None:
            raise IndexError(uid)
        return Message(self._desk, found, expunged=found.gone)

    async def update(self, uid: int, cached_msg: CachedMessage, flag_set: frozenset[Flag], mode: FlagOp) -> Message:
        message = await self.get(uid, cached_msg)
        if message.expunged:
            return message
        session, tenant, address = self._desk.here
        wanted = mode.apply(message.permanent_flags, flag_set)
        if wanted != message.permanent_flags:
            model_folders.flag(session, tenant, address, self._folder.name, uid, [str(flag) for flag in wanted])
            message.permanent_flags = wanted
        return message

    async def delete(self, uids: Iterable[int]) -> None:
        session, tenant, address = self._desk.here
        model_folders.expunge(session, tenant, address, self._folder.name, uids)

    async def claim_recent(self, selected: SelectedMailbox) -> None:
        """Nothing is ever recent (RFC 9051 has done away with it)."""

    async def cleanup(self) -> None:
        """Nothing to keep in order."""

    async def snapshot(self) -> MailboxSnapshot:
        session, tenant, address = self._desk.here
        current = model_folders.get(session, tenant, address, self._folder.name)
        found = [one for one in model_folders.changed(session, tenant, address, self._folder.name) if not one.gone]
        unseen = [rank for rank, one in enumerate(found, 1) if SEEN not in one.flags]
        return MailboxSnapshot(
            self.mailbox_id,
            self.readonly,
            self.uid_validity,
            self.permanent_flags,
            get_system_flags(),
            len(found),
            0,
            len(unseen),
            unseen[0] if unseen else None,
            current.next_uid,
        )

    def _put(self, number: int, received: str, flags: Iterable[str]) -> Message:
        session, tenant, address = self._desk.here
        uid = model_folders.put(session, tenant, address, number, received, folder=self._folder.name, flags=flags)
        return Message(self._desk, Copy(uid, number, tuple(flags), received, gone=False))

    def _copy(self, uid: int) -> Copy | None:
        session, tenant, address = self._desk.here
        found = model_folders.copy(session, tenant, address, self._folder.name, uid)
        return None if found is None or found.gone else found


class MailboxSet(MailboxSetInterface[MailboxData]):
    """The folders of one mailbox."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def delimiter(self) -> str:
        return "/"

    async def set_subscribed(self, name: str, subscribed: bool) -> None:
        model_folders.subscribe(*self._desk.here, _named(name), wish=subscribed)

    async def list_subscribed(self) -> ListTree:
        return self._tree(one.name for one in model_folders.of(*self._desk.here) if one.subscribed)

    async def list_mailboxes(self) -> ListTree:
        return self._tree(one.name for one in model_folders.of(*self._desk.here))

    async def get_mailbox(self, name: str) -> MailboxData:
        try:
            return MailboxData(self._desk, model_folders.get(*self._desk.here, _named(name)))
        except UnknownFolderError as error:
            raise KeyError(name) from error

    async def add_mailbox(self, name: str) -> ObjectId:
        if name in [one.name for one in model_folders.of(*self._desk.here)] or not _allowed(name):
            raise ValueError(name)
        return MailboxData(self._desk, model_folders.add(*self._desk.here, name)).mailbox_id

    async def delete_mailbox(self, name: str) -> None:
        try:
            model_folders.remove(*self._desk.here, name)
        except UnknownFolderError as error:
            raise KeyError(name) from error

    async def rename_mailbox(self, before: str, after: str) -> None:
        names = [one.name for one in model_folders.of(*self._desk.here)]
        if before not in names or before == INBOX:
            raise KeyError(before)
        if after in names or not _allowed(after):
            raise ValueError(after)
        self._desk.open.session.begin()
        for name in names:
            if name == before or name.startswith(f"{before}/"):
                model_folders.rename(*self._desk.here, name, after + name[len(before) :])

    def _tree(self, names: Iterable[str]) -> ListTree:
        return ListTree(self.delimiter).update(*names)


class StoreSession(BaseSession[Message]):
    """What a client that is in may do. MailboxNotFound where pymap expects it."""

    def __init__(self, desk: Desk, config: IMAPConfig) -> None:
        super().__init__(desk.address)
        self._config, self._set = config, MailboxSet(desk)

    @property
    def config(self) -> IMAPConfig:
        return self._config

    @property
    def mailbox_set(self) -> MailboxSet:
        return self._set

    async def check_mailbox(
        self, selected: SelectedMailbox, *, wait_on: Any = None, housekeeping: bool = False
    ) -> SelectedMailbox:
        mailbox = await self._get_selected(selected)
        try:
            return await mailbox.update_selected(selected)
        except UnknownFolderError as error:
            raise MailboxNotFound(str(error)) from error


def _named(name: str) -> str:
    return INBOX if name.upper() == INBOX else name


def _allowed(name: str) -> bool:
    return 0 < len(name) <= 180 and name.isprintable() and not name.startswith("/")
