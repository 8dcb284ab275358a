"""The parts of the BSP, put together, and the sessions in which they serve."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from reference.bsp.client import BspClient
from reference.bsp.consulting import ProConsulting
from reference.bsp.feeding import ProFeeding
from reference.config import Settings
from reference.defects import Defects
from reference.identity.office import IdentityOffice
from reference.login.desk import Desk
from reference.login.records import ProSession
from reference.login.sessions import COOKIE
from reference.outbox import Outbox, Sending
from reference.people import People
from reference.records import RendezVous
from reference.refusal import Refusal
from reference.store import Store
from reference.wire import Wire


@dataclass
class ProAgenda:
    """The agenda of Mon espace santé, by the hands of professionals."""

    desk: Desk
    feeding: ProFeeding
    consulting: ProConsulting

    def sender(self, session: Mapping[str, Any]) -> Callable[[RendezVous], Sending]:
        """What sends appointments in that session. Refusal when it is not one of Pro Santé Connect."""
        return partial(self.feeding.send, session=self.session(session))

    def session(self, session: Mapping[str, Any]) -> ProSession:
        """The session of these cookies. Refusal when it is over or was not opened by Pro Santé Connect."""
        found = self.desk.sessions.alive(str((session.get("cookies") or {}).get(COOKIE, "")))
        if found is None:
            raise Refusal("session_absente", "Connectez-vous d'abord.")
        if not found.id_token:
            raise Refusal("sans_psc", "Cette fonction demande une connexion par Pro Santé Connect.")
        return found


def pro_agenda(
    store: Store,
    people: People,
    office: IdentityOffice,
    desk: Desk,
    outbox: Outbox,
    wire: Wire,
    settings: Callable[[], Settings],
    defects: Defects,
    now: Callable[[], float],
) -> ProAgenda:
    """The parts, made."""
    client = BspClient(store, desk.psc, wire, settings, defects, now)
    feeding = ProFeeding(store, people, office, client, outbox, settings, defects, now)
    return ProAgenda(desk, feeding, ProConsulting(store, people, client, feeding, defects))
