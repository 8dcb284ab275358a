"""Slots, agendas, practitioners, places and structures as the profiles of SAS 1.2.0 describe them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from reference.sas import numbers
from reference.sas.records import Place, Practitioner, Slot
from reference.server.sas_query import PRACTITIONERS, STRUCTURES

Resource = dict[str, Any]
OLD, NEW = "http://sas.fr/fhir/StructureDefinition/", "https://interop.esante.gouv.fr/ig/fhir/sas/StructureDefinition/"
BUNDLES = {
    "ps": OLD + "BundleAgregateur",
    "cpts": NEW + "sas-cpts-bundle-aggregator",
    "sos": NEW + "sas-sos-bundle-aggregator",
}
_SLOTS = {
    "ps": OLD + "FrSlotAgregateur",
    "cpts": NEW + "sas-cpts-slot-aggregator",
    "sos": NEW + "sas-sos-slot-aggregator",
}
_PUBLICS = "https://mos.esante.gouv.fr/NOS/TRE_R314-TypeCreneau/FHIR/TRE-R314-TypeCreneau"
_CONSULTATIONS = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_SPECIALTIES = "https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale"
_CATEGORIES = "https://mos.esante.gouv.fr/NOS/TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement"
_APPOINTMENTS = "http://terminology.hl7.org/CodeSystem/v2-0276"
_SERVICE = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Slot.serviceType"
_IDENTIFIERS = "http://interopsante.org/fhir/CodeSystem/fr-v2-0203"
_LOCATION_IDENTIFIERS = "http://interopsante.org/fhir/CodeSystem/fr-location-identifier-type"
_CORE_IDENTIFIERS = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"
_COMMUNITY = "604"
"""Communauté professionnelle territoriale de santé, in TRE_R66."""


def slot(kept: Slot, variant: str, page: str, specialties: Iterable[str] = ()) -> Resource:
    """A free slot. variant: `ps`, `cpts`, `sos`. page: address where it is booked. specialties: of its practitioner."""
    publics = [public for public in kept.publics if variant == "cpts" or public != "CPTS"]
    services: list[Resource] = [_coded(_CONSULTATIONS, code) for code in kept.consultations]
    if variant == "cpts":
        services += [_of_community(finess) for finess in kept.cpts]
    if kept.motif:
        services.append({"text": kept.motif})
    return _filled(
        resourceType="Slot",
        id=kept.id,
        meta={"profile": [_SLOTS[variant]], "security": [{"system": _PUBLICS, "code": public} for public in publics]},
        serviceType=services,
        specialty=[_coded(_SPECIALTIES, code) for code in specialties],
        appointmentType=_coded(_APPOINTMENTS, "ROUTINE" if kept.reservable else "WALKIN"),
        schedule={"reference": f"Schedule/{kept.lieu}"},
        status="free" if kept.libre else "busy",
        start=_instant(kept.debut),
        end=_instant(kept.fin),
        comment=page,
    )


def schedule(place: Place) -> Resource:
    """The agenda of a practitioner at one place, or that of a fixed site."""
    if not place.praticien:
        actors, profile = [f"Location/{place.id}"], NEW + "sas-sos-schedule-aggregator"
    else:
        actors, profile = _actors(place), OLD + "FrScheduleAgregateur"
    actor = [{"reference": reference} for reference in actors]
    return {"resourceType": "Schedule", "id": place.id, "meta": {"profile": [profile]}, "actor": actor}


def practitioner(kept: Practitioner) -> Resource:
    """The practitioner, with the identifier prefixed whatever its kept form."""
    return {
        "resourceType": "Practitioner",
        "id": kept.id,
        "meta": {"profile": [OLD + "FrPractitionerAgregateur"]},
        "identifier": [_identifier(_IDENTIFIERS, "IDNPS", PRACTITIONERS, kept.number)],
        "name": [{"family": kept.nom, "given": [kept.prenom]}],
    }


def role(place: Place, kept: Practitioner) -> Resource:
    """The practitioner at that place, which it contains."""
    structure = _identifier(_IDENTIFIERS, "IDNST", STRUCTURES, place.structure) if place.structure else None
    location = {
        "resourceType": "Location",
        "id": f"l-{place.id}",
        "meta": {"profile": [OLD + "FrLocationAgregateur"]},
        "identifier": [_internal(place)],
        "name": place.nom,
        "address": _address(place),
    }
    return _filled(
        resourceType="PractitionerRole",
        id=f"r-{place.id}",
        meta={"profile": [OLD + "FrPractitionerRoleExerciceAgregateur"]},
        contained=[location],
        practitioner={"reference": f"Practitioner/{kept.id}"},
        organization=_filled(identifier=structure, display=place.nom) if structure else None,
        location=[{"reference": f"#l-{place.id}"}],
        telecom=_telephone(place.telephone or kept.telephone),
    )


def site(place: Place) -> Resource:
    """A fixed site of an association."""
    return _filled(
        resourceType="Location",
        id=place.id,
        meta={"profile": [NEW + "sas-sos-location-aggregator"]},
        identifier=[_internal(place)],
        name=place.nom,
        telecom=_telephone(place.telephone),
        address=_address(place),
        managingOrganization={"reference": f"Organization/{place.association}"},
    )


def association(place: Place) -> Resource:
    """The association that runs a site."""
    return _organization(place.association, place.nom_association, "sas-sos", _LOCATION_IDENTIFIERS)


def community(finess: str, name: str) -> Resource:
    """A community (CPTS)."""
    return _organization(finess, name, "sas-cpts", _CORE_IDENTIFIERS)


def service(finess: str) -> Resource:
    """What a community offers: slots refer to it."""
    return {
        "resourceType": "HealthcareService",
        "id": f"cpts-{finess}",
        "meta": {"profile": [NEW + "sas-cpts-healthcareservice-aggregator"]},
        "providedBy": {"reference": f"Organization/{finess}"},
    }


def _organization(number: str, name: str, family: str, types: str) -> Resource:
    return {
        "resourceType": "Organization",
        "id": number,
        "meta": {"profile": [f"{NEW}{family}-organization-aggregator"]},
        "identifier": [_identifier(types, "IDNST", STRUCTURES, number)],
        "name": name,
    }


def _actors(place: Place) -> list[str]:
    return [f"Practitioner/{place.praticien}", f"PractitionerRole/r-{place.id}"]


def _of_community(finess: str) -> Resource:
    reference = {"url": _SERVICE, "valueReference": {"reference": f"HealthcareService/cpts-{finess}"}}
    return {"extension": [reference], **_coded(_CATEGORIES, _COMMUNITY)}


def _identifier(types: str, code: str, system: str, value: str) -> Resource:
    return {"type": _coded(types, code), "system": system, "value": value}


def _coded(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def _internal(place: Place) -> Resource:
    return _identifier(_LOCATION_IDENTIFIERS, "INTRN", "https://produit.test", place.id)


def _address(place: Place) -> Mapping[str, Any]:
    return {"line": [place.voie], "city": place.commune, "postalCode": place.code_postal}


def _telephone(typed: str) -> list[Resource]:
    number = numbers.telephone(typed)
    return [{"system": "phone", "value": number}] if number else []


def _instant(kept: str) -> str:
    return datetime.fromisoformat(kept).isoformat(timespec="milliseconds")


def _filled(**elements: Any) -> Resource:
    """Only what says something: an empty element is never sent."""
    return {name: value for name, value in elements.items() if value not in (None, "", [], {})}
