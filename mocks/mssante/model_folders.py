"""Folders of mailboxes and the copies of messages in them, numbered as IMAP wants (RFC 9051 §2.3.1)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, func, insert, select, update

from mocks.mssante.tables import COPIES, FOLDERS
from mocks.store import Session, Statement

INBOX = "INBOX"
SEEN, RECENT = "\\Seen", "\\Recent"
_BURIED = "\x7f"  # a folder that was deleted keeps its UIDVALIDITY to itself
_F, _C = FOLDERS.c, COPIES.c
_HERE = (_F.tenant == bindparam("t")) & (_F.address == bindparam("a"))
_FOLDER = _HERE & (_F.name == bindparam("n"))
_IN = (_C.tenant == bindparam("t")) & (_C.address == bindparam("a")) & (_C.folder == bindparam("n"))
_INSERT = Statement(insert(FOLDERS))
_ADD_COPY = Statement(insert(COPIES))
_FIND = Statement(select(FOLDERS).where(_FOLDER))
_ALL = Statement(select(FOLDERS).where(_HERE).order_by(_F.name))
_LAST_VALIDITY = Statement(select(func.max(_F.uid_validity).label("last")).where(_HERE))
_COUNT = Statement(update(FOLDERS).where(_FOLDER).values(next_uid=bindparam("uid"), changes=bindparam("change_")))
_SUBSCRIBE = Statement(update(FOLDERS).where(_FOLDER).values(subscribed=bindparam("wish")))
_RENAME = Statement(update(FOLDERS).where(_FOLDER).values(name=bindparam("new_name")))
_RENAME_COPIES = Statement(update(COPIES).where(_IN).values(folder=bindparam("new_name")))
_DELETE_COPIES = Statement(delete(COPIES).where(_IN))
_CHANGED = Statement(select(COPIES).where(_IN, _C.change > bindparam("since")).order_by(_C.uid))
_COPY = Statement(select(COPIES).where(_IN, _C.uid == bindparam("wanted")))
_FLAGS = Statement(
    update(COPIES).where(_IN, _C.uid == bindparam("wanted")).values(flags=bindparam("f"), change=bindparam("c"))
)
_GONE = Statement(update(COPIES).where(_IN, _C.uid == bindparam("wanted")).values(gone=1, change=bindparam("c")))


class UnknownFolderError(LookupError):
    """No folder of that name in the mailbox."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder. changes: number of its last change; uid_validity, next_uid: of IMAP."""

    name: str
    uid_validity: int
    next_uid: int
    changes: int
    subscribed: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """A message in a folder. message: its number in the store. gone: expunged."""

    uid: int
    message: int
    flags: tuple[str, ...]
    received: str
    gone: bool


def add(session: Session, tenant: str, address: str, name: str) -> Folder:
    """Make a folder; one of that name must not be there. Its UIDs are never those of a folder that had its name."""
    session.begin()
    row = session.first(_LAST_VALIDITY, t=tenant, a=address)
    # Not the clock, which a tenant sets back: a number of the mailbox's own, then one more for each folder ever made.
    start = zlib.crc32(f"{tenant}/{address}".encode()) >> 2 or 1
    validity = start if row is None or row.last is None else int(row.last) + 1
    made = Folder(name, validity, 1, 0, name == INBOX)
    session.write(
        _INSERT,
        tenant=tenant,
        address=address,
        name=name,
        uid_validity=validity,
        next_uid=1,
        changes=0,
        subscribed=int(made.subscribed),
    )
    return made


def get(session: Session, tenant: str, address: str, name: str) -> Folder:
    """The folder of that name. Raises UnknownFolderError."""
    row = None if "\x00" in name else session.first(_FIND, t=tenant, a=address, n=name)
    if row is None:
        raise UnknownFolderError(name)
    return _read(row)


def of(session: Session, tenant: str, address: str) -> list[Folder]:
    """The folders of a mailbox, by name."""
    rows = session.all(_ALL, t=tenant, a=address)
    return [_read(row) for row in rows if not row.name.startswith(_BURIED)]


def subscribe(session: Session, tenant: str, address: str, name: str, *, wish: bool) -> None:
    """Say whether a folder is subscribed."""
    session.write(_SUBSCRIBE, t=tenant, a=address, n=name, wish=int(wish))


def rename(session: Session, tenant: str, address: str, name: str, new: str) -> None:
    """Give a folder another name."""
    session.write(_RENAME, t=tenant, a=address, n=name, new_name=new)
    session.write(_RENAME_COPIES, t=tenant, a=address, n=name, new_name=new)


def remove(session: Session, tenant: str, address: str, name: str) -> None:
    """Delete a folder and the copies in it. Raises UnknownFolderError."""
    session.begin()
    buried = f"{_BURIED}{get(session, tenant, address, name).uid_validity}"
    session.write(_DELETE_COPIES, t=tenant, a=address, n=name)
    session.write(_RENAME, t=tenant, a=address, n=name, new_name=buried)


def put(
    session: Session,
    tenant: str,
    address: str,
    message: int,
    received: str,
    *,
    folder: str = INBOX,
    flags: Iterable[str] = (),
) -> int:
    """Put a copy of a message in a folder; its UID. received: what INTERNALDATE shows. Raises UnknownFolderError."""
    session.begin()
    found = get(session, tenant, address, folder)
    uid, change = found.next_uid, found.changes + 1
    session.write(_COUNT, t=tenant, a=address, n=folder, uid=uid + 1, change_=change)
    session.write(
        _ADD_COPY,
        tenant=tenant,
        address=address,
        folder=folder,
        uid=uid,
        message=message,
        flags=_text(flags),
        received=received,
        change=change,
        gone=0,
    )
    return uid


def changed(session: Session, tenant: str, address: str, folder: str, since: int = -1) -> list[Copy]:
    """The copies of a folder that changed after this change, by UID; all of them, those gone too, by default."""
    return [_copy(row) for row in session.all(_CHANGED, t=tenant, a=address, n=folder, since=since)]


def copy(session: Session, tenant: str, address: str, folder: str, uid: int) -> Copy | None:
    """The copy of that UID, gone or not, or None."""
    row = session.first(_COPY, t=tenant, a=address, n=folder, wanted=uid)
    return None if row is None else _copy(row)


def flag(session: Session, tenant: str, address: str, folder: str, uid: int, flags: Sequence[str]) -> None:
    """Give a copy these flags. Raises UnknownFolderError."""
    change = _next_change(session, tenant, address, folder)
    session.write(_FLAGS, t=tenant, a=address, n=folder, wanted=uid, f=_text(flags), c=change)


def expunge(session: Session, tenant: str, address: str, folder: str, uids: Iterable[int]) -> None:
    """Take copies out of a folder. Raises UnknownFolderError."""
    for uid in uids:
        change = _next_change(session, tenant, address, folder)
        session.write(_GONE, t=tenant, a=address, n=folder, wanted=uid, c=change)


def _next_change(session: Session, tenant: str, address: str, folder: str) -> int:
    session.begin()
    found = get(session, tenant, address, folder)
    session.write(_COUNT, t=tenant, a=address, n=folder, uid=found.next_uid, change_=found.changes + 1)
    return found.changes + 1


def _text(flags: Iterable[str]) -> str:
    return orjson.dumps(sorted(set(flags) - {RECENT})).decode()


def _read(row: Any) -> Folder:
    return Folder(row.name, row.uid_validity, row.next_uid, row.changes, bool(row.subscribed))


def _copy(row: Any) -> Copy:
    return Copy(row.uid, row.message, tuple(orjson.loads(row.flags)), row.received, bool(row.gone))
