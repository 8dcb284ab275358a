"""Persons and places that the product declares to the manager before it names them (flow 1a)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reference.identity.life import Identities
from reference.professionals import Professional
from reference.records import Usager
from reference.refusal import Refusal
from reference.shared_agenda import resources
from reference.shared_agenda.client import Answer, Json, SharedAgendaClient
from reference.shared_agenda.records import Known
from reference.store import Store


class NotDoneError(Exception):
    """The manager did not do what was needed first."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.message)
        self.answer = answer


@dataclass
class Directory:
    """What the manager knows by us. Each resource is created once at each manager."""

    store: Store
    client: SharedAgendaClient
    identities: Identities

    def establishment(self) -> str:
        """Reference of the Organization. Raises NotDoneError."""
        return self._known("Organization/nous", resources.organization)

    def professional(self, account: Professional) -> list[str]:
        """References of the PractitionerRole and of the Practitioner. Raises NotDoneError, Refusal."""
        if not account.identifiant_national:
            raise Refusal("identifiant_national_absent", "Sans identifiant national, un agenda ne peut être partagé.")
        organization = self.establishment()
        place = self._known("Location/nous", lambda: resources.location(organization))
        person = self._known(f"Practitioner/{account.id}", lambda: resources.practitioner(account))
        role = self._known(f"PractitionerRole/{account.id}", lambda: resources.role(person, organization, place))
        return [role, person]

    def usager(self, usager: Usager) -> str:
        """Reference of the Patient. Raises NotDoneError."""
        qualified = self.identities.status(usager) == "qualifiee"
        return self._known(f"Patient/{usager.id}", lambda: resources.patient(usager, qualified=qualified))

    def _known(self, name: str, made: Callable[[], Json]) -> str:
        known = self.store.get(Known, f"{self.client.base} {name}")
        if known is None:
            resource = made()
            answer = self.client.create(resource)
            if answer.kind != "ok":
                raise NotDoneError(answer)
            known = Known(self.client.base, name, str(answer.resource.get("id")))
            self.store.save(known)
        return f"{name.partition('/')[0]}/{known.id}"
