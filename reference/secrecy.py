"""What protects accounts: hashes of secrets, a limited number of tries, the delay of inactivity."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from reference.records import Record
from reference.store import Store

TRIES = 5
LOCK_S = 15 * 60


def quick_hash(value: str) -> str:
    """Hash of a value that the product drew itself (cookie, link)."""
    return hashlib.sha256(value.encode()).hexdigest()


def slow_hash(password: str) -> str:
    """Slow hash of a password that the product drew itself (128 bits of chance would do without salt)."""
    return hashlib.pbkdf2_hmac("sha256", password.encode(), b"portail", 10_000).hex()


@dataclass
class Failures(Record, key="place"):
    """Failed tries in a row of one identifier, whether or not it exists; since: epoch seconds of the last one."""

    place: str
    count: int
    since: float


class Tries:
    """Passwords are tried five times, then no more for a quarter of an hour (SC.SSI/IE.36 and IE.52)."""

    def __init__(self, store: Store, now: Callable[[], float]) -> None:
        self._store, self._now = store, now

    def closed(self, place: str) -> bool:
        """Whether this identifier has been tried too often. place: door and identifier (`dui:pro00001`)."""
        known = self._store.get(Failures, place)
        if known is None or known.count < TRIES:
            return False
        return self._now() < known.since + LOCK_S

    def failed(self, place: str) -> None:
        """One more failed try; those before a lock that is over no longer count."""
        known = self._store.get(Failures, place) or Failures(place, 0, 0.0)
        count = 0 if known.count >= TRIES and self._now() >= known.since + LOCK_S else known.count
        self._store.save(Failures(place, count + 1, self._now()))

    def succeeded(self, place: str) -> None:
        """The tries are counted anew."""
        self._store.delete(Failures(place, 0, 0.0))


@dataclass
class IdleDelay(Record):
    """Minutes without activity after which sessions end, as the administrator set them (SC.SSI/IE.39 and IE.54)."""

    minutes: float = 30.0

    @property
    def key(self) -> str:
        return "inactivite"


def idle_s(store: Store) -> float:
    """Seconds of inactivity after which a session ends."""
    return (store.get(IdleDelay, "inactivite") or IdleDelay()).minutes * 60
