"""From a booking of the SAS to an Appointment, built with `fhir.resources` (R4).

Profiles FrAppointmentSAS and sas-sos-appointment of the guide SAS 1.2.0. Nothing of the patient is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reference.sas.regulators import NATIONAL, PLATFORM, TYPE_SYSTEM, TYPES, Regulator
from reference.store import Store

if TYPE_CHECKING:
    from reference.sas.appointments import SasAppointment

INDIVIDUAL = "http://sas.fr/fhir/StructureDefinition/FrAppointmentSAS"
SOS = "https://interop.esante.gouv.fr/ig/fhir/sas/StructureDefinition/sas-sos-appointment"
OPERATOR = "http://interopsante.org/fhir/StructureDefinition/FrAppointmentOperator"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"

Json = dict[str, Any]


def appointment(found: SasAppointment, store: Store) -> Json:
    """The Appointment that the platform must hold, as JSON; validated by `fhir.resources`."""
    from fhir.resources.R4B.appointment import Appointment  # half a second to import: only when something is sent

    regulator = store.get(Regulator, found.regulator)
    document: Json = {
        "meta": {"profile": [INDIVIDUAL if found.practitioner else SOS]},
        "extension": [{"url": OPERATOR, "valueReference": {"identifier": _operator(regulator)}}],
        "identifier": [{"system": found.system, "value": found.value}],
        "status": found.status,
        "start": found.start,
        "end": found.end,
        "created": found.created,
        "participant": [_effector(found)],
    }
    result: Json = Appointment.model_validate(document).model_dump(mode="json")
    return {"resourceType": "Appointment", **result}


def _operator(regulator: Regulator | None) -> Json:
    """The regulator as the platform named her; her national identifier where there is one."""
    known = {one["system"]: one for one in regulator.identifiants} if regulator else {}
    chosen = known.get(NATIONAL) or known.get(PLATFORM) or {"system": PLATFORM, "value": "inconnu"}
    return _numbered(TYPES[chosen["system"]], chosen["system"], chosen["value"])


def _effector(found: SasAppointment) -> Json:
    if found.practitioner:
        return {
            "actor": {"identifier": _numbered("IDNPS", NATIONAL, found.practitioner)},
            "status": "accepted",
        }
    admitter = {"coding": [{"system": PARTICIPATION, "code": "ADM"}]}
    return {"type": [admitter], "status": "needs-action" if found.status == "pending" else "accepted"}


def _numbered(code: str, system: str, value: str) -> Json:
    return {"type": {"coding": [{"system": TYPE_SYSTEM, "code": code}]}, "system": system, "value": value}
