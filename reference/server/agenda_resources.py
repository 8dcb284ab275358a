"""Professionals, agendas, slots and appointments as a third-party agenda reads them (FR Core 2.0.1)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from reference import clock
from reference.config import ESTABLISHMENT
from reference.planning.events import Event
from reference.planning.participants import IDNPS, RPPS
from reference.planning.slots import Period
from reference.professionals import Professional
from reference.records import RendezVous, Usager

Resource = dict[str, Any]

CORE = "https://hl7.fr/ig/fhir/core"
GAP = "https://interop.esante.gouv.fr/ig/fhir/gap/StructureDefinition"
_TYPES = f"{CORE}/CodeSystem/fr-core-cs-v2-0203"
_FINESS = "https://finess.esante.gouv.fr"
_CANCELLED = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"
_STAMP = "%Y%m%dT%H%MZ"


def etag(resource: Mapping[str, Any]) -> str:
    """ETag of a resource as it is now."""
    return f'W/"{resource["meta"]["versionId"]}"'


def ins_of(usager: Usager) -> tuple[str, str]:
    """System and value of the INS of an usager who has one."""
    assert usager.ins is not None
    return f"urn:oid:{usager.ins['oid'].removeprefix('urn:oid:')}", usager.ins["matricule"]


def practitioner(account: Professional) -> Resource:
    """A professional of the establishment."""
    return {
        "resourceType": "Practitioner",
        "id": account.id,
        "meta": {"profile": [f"{CORE}/StructureDefinition/fr-core-practitioner"]},
        "identifier": _identifiers(account.identifiant_national),
        "name": [{"family": account.nom, "given": [account.prenom]}],
    }


def role(account: Professional) -> Resource:
    """The same professional, in this establishment."""
    place = {"identifier": {"system": _FINESS, "value": ESTABLISHMENT["finess"]}, "display": ESTABLISHMENT["nom"]}
    return {
        "resourceType": "PractitionerRole",
        "id": account.id,
        "practitioner": {"reference": f"Practitioner/{account.id}"},
        "organization": place,
    }


def schedule(account: Professional) -> Resource:
    """The agenda of a professional: role and person are its actors (GAP, flux-gestion-ressources)."""
    kinds = ("Practitioner", "PractitionerRole")
    return {
        "resourceType": "Schedule",
        "id": account.id,
        "meta": {"profile": [f"{GAP}/gap-fr-schedule", f"{CORE}/StructureDefinition/fr-core-schedule"]},
        "active": True,
        "actor": [{"reference": f"{kind}/{account.id}", "type": kind} for kind in kinds],
    }


def slot(account: Professional, period: Period, status: str, zone: str) -> Resource:
    """A slot, in the offset of the place."""
    start, end = (moment.astimezone(clock.zone(zone)).isoformat(timespec="seconds") for moment in period)
    return {
        "resourceType": "Slot",
        "id": slot_id(account.id, period),
        "meta": {"profile": [f"{GAP}/gap-fr-slot", f"{CORE}/StructureDefinition/fr-core-slot"]},
        "schedule": {"reference": f"Schedule/{account.id}"},
        "status": status,
        "start": start,
        "end": end,
    }


def slot_id(account: str, period: Period) -> str:
    """A slot is not kept: its id says whose it is, when it begins, and how long it lasts."""
    minutes = (period[1] - period[0]) // timedelta(minutes=1)
    return f"{account}.{period[0].astimezone(UTC).strftime(_STAMP)}.{minutes}"


def slot_named(id_: str) -> tuple[str, Period] | None:
    """Account and period of a slot by its id; None when it is no such id."""
    account, _, rest = id_.partition(".")
    stamp, _, minutes = rest.partition(".")
    try:
        start = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        return account, (start, start + timedelta(minutes=int(minutes)))
    except (ValueError, OverflowError):
        return None


def received(event: Event) -> Resource:
    """An event of another system, as it came, with its id and its version."""
    meta = {**event.resource.get("meta", {}), "versionId": str(event.version), "lastUpdated": event.updated}
    return {**event.resource, "id": event.id, "meta": meta}


def typed(rendez_vous: RendezVous, usager: Usager, account: Professional | None) -> Resource:
    """An appointment typed in the DUI. Its version is a fingerprint of what is told of it."""
    start = clock.instant(rendez_vous.start, rendez_vous.zone)
    answer = "needs-action" if rendez_vous.status == "proposed" else "accepted"
    told: Resource = {
        "identifier": [{"system": rendez_vous.system, "value": rendez_vous.value}],
        "status": rendez_vous.status,
        "description": rendez_vous.title,
        "start": start.isoformat(timespec="seconds"),
        "end": clock.after(start, rendez_vous.minutes).isoformat(timespec="seconds"),
        "minutesDuration": rendez_vous.minutes,
        "created": rendez_vous.created,
        "participant": [_patient(usager), *_professional(rendez_vous, account, answer)],
    }
    if rendez_vous.status == "cancelled":
        told["cancelationReason"] = {"coding": [{"system": _CANCELLED, "code": "prov"}]}
    version = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]
    profiles = [f"{GAP}/gap-fr-appointment", f"{CORE}/StructureDefinition/fr-core-appointment"]
    meta = {"versionId": version, "profile": profiles}
    return {"resourceType": "Appointment", "id": rendez_vous.id, "meta": meta, **told}


def _patient(usager: Usager) -> Resource:
    actor: Resource = {"type": "Patient", "display": f"{usager.prenoms[0]} {usager.nom}"}
    if usager.ins:
        system, value = ins_of(usager)
        actor["identifier"] = {"system": system, "value": value}
    return {"actor": actor, "required": "required", "status": "accepted"}


def _professional(rendez_vous: RendezVous, account: Professional | None, answer: str) -> list[Resource]:
    who: Mapping[str, str] = rendez_vous.professional or {}
    if not who:
        return []
    person: Resource = {"type": "Practitioner", "display": f"{who.get('prenom', '')} {who['nom']}".strip()}
    if "rpps" in who:
        person["identifier"] = {"system": IDNPS, "value": f"8{who['rpps']}"}
    actors = [person]
    if account is not None:
        person["reference"] = f"Practitioner/{account.id}"
        actors.append({"reference": f"PractitionerRole/{account.id}", "type": "PractitionerRole"})
    return [{"actor": actor, "required": "required", "status": answer} for actor in actors]


def _identifiers(national: str) -> list[Resource]:
    if not national:
        return []
    found = [_identifier("IDNPS", IDNPS, national)]
    # PS_IdNat: `8` and the RPPS number.
    return [*found, _identifier("RPPS", RPPS, national[1:])] if national[:1] == "8" and len(national) == 12 else found


def _identifier(code: str, system: str, value: str) -> Resource:
    return {"type": {"coding": [{"system": _TYPES, "code": code}]}, "system": system, "value": value}
