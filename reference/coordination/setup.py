"""How the parts of coordination are put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from reference.agenda import Agenda
from reference.config import Settings
from reference.coordination.actions import Coordination
from reference.coordination.availability import Availability
from reference.coordination.client import BlockClient
from reference.coordination.meetings import Meetings
from reference.coordination.notices import Notices
from reference.defects import Defects
from reference.identity.office import IdentityOffice
from reference.people import People
from reference.professionals import Professionals
from reference.store import Store
from reference.wire import Wire


def coordination(
    store: Store,
    people: People,
    professionals: Professionals,
    office: IdentityOffice,
    agenda: Agenda,
    wire: Wire,
    settings: Callable[[], Settings],
    defects: Defects,
    now: Callable[[], datetime],
) -> Coordination:
    """The product in front of the booking block."""
    block, notices = BlockClient(wire, settings, defects), Notices(store, defects)
    meetings = Meetings(store, people, professionals, office, agenda, block, notices, defects, now)
    return Coordination(block, meetings, Availability(store, professionals, block, meetings, defects, now), notices)
