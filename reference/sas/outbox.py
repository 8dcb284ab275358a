"""What the platform must be told: one queue, in order, kept through outages, retried without doubling."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from reference.config import Settings
from reference.defects import Defects
from reference.gateway import fhir_request
from reference.records import Record
from reference.sas.mapping import appointment
from reference.store import Store
from reference.wire import Wire, query_of

if TYPE_CHECKING:
    from reference.sas.appointments import SasAppointment

_TURN = "plateforme-sas"
_LATER = "L'envoi reprendra quand la plateforme du SAS répondra."


@dataclass
class SasMessage(Record, key="id"):
    """A write that waits. by_post: the platform cannot have the appointment yet."""

    id: str
    appointment: str
    resource: dict[str, Any]
    by_post: bool


class SasOutbox:
    """The queue of the platform."""

    def __init__(self, store: Store, wire: Wire, settings: Callable[[], Settings], defects: Defects) -> None:
        self._store, self._wire, self._settings, self._defects = store, wire, settings, defects

    def send(self, found: SasAppointment) -> dict[str, dict[str, str]]:
        """Queue the present state of this appointment and send what waits; what its user is told."""
        if not self._address():
            return {"envoi": {"etat": "sans_objet", "message": "La plateforme du SAS n'est pas configurée."}}
        with self._store.turn(_TURN):
            waiting = any(m.appointment == found.id for m in self._messages())
            resource = appointment(found, self._store)
            message = SasMessage(f"sm-{secrets.token_hex(8)}", found.id, resource, not found.known and not waiting)
            self._store.save(message)
            refused = self.flush()[1]
            if message.id in refused:
                return {"envoi": {"etat": "refuse", "message": refused[message.id]}}
            left = self._store.get(SasMessage, message.id) is not None
            return {"envoi": {"etat": "en_attente", "message": _LATER} if left else {"etat": "envoye"}}

    def flush(self) -> tuple[int, dict[str, str]]:
        """Send what waits until the platform does not answer; how many were sent, and what was refused and why."""
        sent, refused = 0, {}
        with self._store.turn(_TURN):
            for message in self._messages():
                status, says = self._delivered(message)
                if status == 0 or status >= 500 or status == 429:
                    if not self._defects.has("sas_abandonne_en_panne"):
                        break
                elif status >= 400:
                    refused[message.id] = says
                else:
                    sent += 1
                self._store.delete(message)
        return sent, refused

    def waiting(self) -> int:
        """Number of writes that wait."""
        return len(self._messages())

    def _messages(self) -> list[SasMessage]:
        found = self._store.all(SasMessage)
        return found[::-1] if self._defects.has("sas_file_a_l_envers") else found

    def _delivered(self, message: SasMessage) -> tuple[int, str]:
        """HTTP status of the last answer (0: none), and what the platform says.

        After a doubtful answer to a creation the platform may have it: the next try is an update. The guide does not
        say that an update creates, so that one which finds nothing (404) is followed by a creation.
        """
        status, says = self._tried(message)
        if message.by_post and (status == 0 or status >= 500 or status == 409):
            self._doubtful(message)
            if status == 409:
                status, says = self._tried(message)
        elif not message.by_post and status == 404 and not self._defects.has("sas_inconnu_abandonne"):
            message.by_post = True
            status, says = self._tried(message)
        if 200 <= status < 300:
            self._known(message)
        return status, says

    def _doubtful(self, message: SasMessage) -> None:
        if self._defects.has("sas_reessai_en_double"):
            message.resource["identifier"][0]["value"] = str(uuid.uuid4())
        else:
            message.by_post = False
        self._store.save(message)

    def _known(self, message: SasMessage) -> None:
        from reference.sas.appointments import SasAppointment

        found = self._store.get(SasAppointment, message.appointment)
        if found is not None and not self._defects.has("sas_modification_par_post"):
            found.known = True
            self._store.save(found)

    def _tried(self, message: SasMessage) -> tuple[int, str]:
        identifier = message.resource["identifier"][0]
        query = query_of(("identifier", f"{identifier['system']}|{identifier['value']}"))
        method = "POST" if message.by_post else "PUT"
        request = fhir_request(method, self._address(), "" if message.by_post else query, deepcopy(message.resource))
        request.headers["Accept"] = "application/fhir+json"
        request.about = self._about(message)
        try:
            response = self._wire.send(request)
        except httpx.TransportError:
            return 0, ""
        return response.status_code, f"La plateforme du SAS refuse ce rendez-vous ({response.status_code})."

    def _about(self, message: SasMessage) -> dict[str, str]:
        from reference.sas.appointments import SasAppointment

        found = self._store.get(SasAppointment, message.appointment)
        return dict(found.patient) if found is not None else {}

    def _address(self) -> str:
        sas = self._settings().sas
        return f"{sas.base_url.rstrip('/')}/Appointment" if sas is not None and sas.base_url else ""
