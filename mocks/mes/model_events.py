"""The agenda as its usager sees it, and the events that the usager, or another service, puts in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mocks.fhir import Repository, Scope, Stored
from mocks.mes import subject
from mocks.mes.model_agenda import (
    USAGER,
    Resource,
    label,
    may_become,
    probable_duplicates,
    stamp,
    structure_of,
)
from mocks.store import Session

USUAL_LENGTH = timedelta(minutes=30)


class IllegalEventError(ValueError):
    """An event that cannot be; the text is a French sentence."""


class ForeignEventError(PermissionError):
    """The event belongs to another source, which alone may change it (ENS-MOB, rendez_vous_details_screen)."""


@dataclass(frozen=True, slots=True)
class Diary:
    """The agenda of one profile, on the national side. registered: OIDs of the services that write for themselves."""

    repository: Repository
    session: Session
    tenant: str
    person: str
    registered: Collection[str] = ()

    def events(self) -> list[Stored]:
        """All events of all sources, by start."""
        found = self.repository.find(self.session, self.tenant, "Appointment", (), Scope(self.person))
        return sorted(found, key=lambda stored: _start(stored.resource))

    def find(self, id_: str) -> Stored | None:
        """One event, or None."""
        stored = self.repository.get(self.session, self.tenant, "Appointment", id_)
        known = stored is not None and not stored.deleted and stored.compartment == self.person
        return stored if known else None

    def add(self, wanted: Mapping[str, Any], now: datetime) -> Stored:
        """An event typed by the usager, or (`source`) sent by another service. Raises IllegalEventError."""
        source = str(wanted.get("source") or USAGER)
        made = _appointment(self.person, {"statut": "booked", **wanted}, {})
        stamp(made, source, wanted.get("structure"))
        return self.repository.put(self.session, self.tenant, made, Scope(self.person, source), now)

    def change(self, old: Stored, wanted: Mapping[str, Any], now: datetime) -> Stored:
        """Change an event for its source. Raises ForeignEventError, IllegalEventError."""
        source = self._owned(old, wanted.get("source"))
        made = _appointment(self.person, wanted, old.resource)
        if not may_become(old.resource["status"], made["status"]):
            raise IllegalEventError(f"Un événement « {old.resource['status']} » ne peut devenir « {made['status']} ».")
        stamp(made, source, wanted.get("structure") or structure_of(old.resource))
        return self.repository.put(self.session, self.tenant, made, Scope(self.person, source), now, old=old)

    def remove(self, old: Stored, source: str | None, now: datetime) -> None:
        """Remove an event for its source. Raises ForeignEventError."""
        self._owned(old, source)
        self.repository.remove(self.session, self.tenant, old, now)

    def _owned(self, old: Stored, source: str | None) -> str:
        """The source of an event, if it is the one that acts; an unregistered service is played by the bench."""
        acting = source or (USAGER if old.owner in self.registered else old.owner)
        if old.owner != acting:
            raise ForeignEventError(old.owner)
        return old.owner


def view(stored: list[Stored], names: Mapping[str, str], minutes: int) -> list[dict[str, Any]]:
    """The consolidated agenda. names: of services, by OID. minutes: see probable_duplicates."""
    resources = [one.resource for one in stored]
    doubles = probable_duplicates(resources, minutes)
    return [_shown(one, resource, names, doubles) for one, resource in zip(stored, resources, strict=True)]


def _shown(stored: Stored, resource: Resource, names: Mapping[str, str], doubles: set[str]) -> dict[str, Any]:
    identifier = (resource.get("identifier") or [None])[0]
    of_usager = stored.owner == USAGER
    return {
        "id": stored.id,
        "identifiant": identifier and {"system": identifier.get("system"), "value": identifier.get("value")},
        "debut": resource.get("start"),
        "fin": resource.get("end"),
        "statut": resource.get("status"),
        "libelle": label(resource),
        "source": None if of_usager else stored.owner,
        "auteur": "PATIENT" if of_usager else "EDITOR_SOLUTION",
        "auteur_libelle": "Vous" if of_usager else names.get(stored.owner, stored.owner),
        "structure": structure_of(resource),
        "version": stored.version,
        "doublon_probable": stored.id in doubles,
        "resource": resource,
    }


def _appointment(person: str, wanted: Mapping[str, Any], old: Resource) -> Resource:
    made: Resource = {**old, "resourceType": "Appointment", "status": wanted.get("statut", old.get("status"))}
    if "debut" in wanted or "fin" in wanted:
        made["start"], made["end"] = _times(wanted, old)
    for field, element in (("libelle", "description"), ("commentaire", "comment")):
        if field in wanted:
            made[element] = wanted[field]
    if "identifiant" in wanted:
        system = f"urn:oid:{wanted['source']}" if wanted.get("source") else "urn:banc:usager"
        made["identifier"] = [{"system": system, "value": wanted["identifiant"]}]
    if not old or "professionnel" in wanted:
        made["participant"] = _participants(person, wanted.get("professionnel"))
    return made


def _times(wanted: Mapping[str, Any], old: Resource) -> tuple[str, str]:
    start = _instant(wanted.get("debut") or old["start"])
    if "fin" in wanted:
        end = _instant(wanted["fin"])
    elif old:
        end = start + (_instant(old["end"]) - _instant(old["start"]))
    else:
        end = start + USUAL_LENGTH
    if end <= start:
        raise IllegalEventError("La fin d'un événement vient après son début.")
    return start.isoformat(), end.isoformat()


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise IllegalEventError(f"« {text} » n'est pas un instant avec décalage horaire.")
    return instant


def _participants(person: str, professional: Any) -> list[Resource]:
    patient = {"type": "Patient", "identifier": subject.identifier(person)}
    taking_part: list[Resource] = [{"actor": patient, "status": "accepted"}]
    if isinstance(professional, str):
        professional = {"nom": professional}
    if professional:
        actor: Resource = {"type": "Practitioner", "display": professional["nom"]}
        if "valeur" in professional:
            actor["identifier"] = {"system": professional.get("systeme", ""), "value": professional["valeur"]}
        taking_part.append({"actor": actor, "status": "accepted"})
    return taking_part


def _start(resource: Resource) -> float:
    return datetime.fromisoformat(resource["start"]).timestamp() if resource.get("start") else 0.0
