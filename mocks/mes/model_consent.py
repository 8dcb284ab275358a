"""What the consent page shows, and for whom."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from mocks import world
from mocks.mes.model_pairings import majority_of
from mocks.store import Session
from mocks.world import Person


def is_adult(person: Person, now: datetime) -> bool:
    """True from the day the person is 18."""
    return now.timestamp() >= majority_of(person.birth_date)


def may_log_in(person: Person, now: datetime) -> bool:
    """A child has no login of its own: its profile is attached to the account of its representative (ENS-MOB)."""
    return person.representative is None or is_adult(person, now)


def profiles_of(session: Session, tenant: str, holder: Person, now: datetime) -> list[Person]:
    """Profiles for which the holder of an account decides: own, then children under 18."""
    children = world.children(session, tenant, holder.id)
    return [holder, *(child for child in children if not is_adult(child, now))]


def differs(external_user: Mapping[str, Any], profiles: Iterable[Person]) -> bool:
    """True when the account at the service bears the name of none of these profiles (MES-77)."""
    if not external_user:
        return False
    told = (_plain(external_user.get("firstName", "")), _plain(external_user.get("lastName", "")))
    return told not in [(_plain(given), _plain(one.family)) for one in profiles for given in one.given]


def _plain(name: str) -> str:
    """A name without what two registries write differently: case, accents, hyphens, apostrophes."""
    letters = unicodedata.normalize("NFKD", str(name).replace("œ", "oe").replace("Œ", "OE")).casefold()
    return "".join(letter for letter in letters if letter.isalnum())
