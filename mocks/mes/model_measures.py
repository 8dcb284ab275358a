"""Measures of a profile: typed by the usager or sent by services; BMI follows from weight and height."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from mocks.fhir import Repository, Scope, Stored
from mocks.mes import subject
from mocks.mes.model_agenda import USAGER, stamp
from mocks.store import Session

Resource = dict[str, Any]
CODES: dict[str, dict[str, str]] = orjson.loads((Path(__file__).parent / "data" / "mesures.json").read_bytes())
WEIGHT, HEIGHT, BMI, PRESSURE = "29463-7", "8302-2", "39156-5", "85354-9"
PROFILES = "https://fhir.monespacesante.fr/ref/mesure/StructureDefinition/"
CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
TAASIP = "https://mos.esante.gouv.fr/NOS/TRE_R308-TAASIP/FHIR/TRE-R308-TAASIP"


def observation(person: str, code: str, value: Any, unit: str, instant: str, source: str) -> Resource:
    """A measure as MES holds it.

    value: number; for a blood pressure `{"systolique": n, "diastolique": n}`. unit: UCUM code, the usual one of the
    measure when empty. instant: RFC 3339. source: OID of a service, or USAGER.
    """
    known = CODES[code]
    made: Resource = {
        "resourceType": "Observation",
        "meta": {"profile": [PROFILES + known["profil"]]},
        "status": "final",
        "category": [{"coding": [{"system": CATEGORIES, "code": "vital-signs"}]}],
        "code": _concept(code, known["libelle"]),
        "subject": {"type": "Patient", "identifier": subject.identifier(person)},
        "effectiveDateTime": instant,
    }
    if code == PRESSURE:
        pair = (("8480-6", "Systolique", value["systolique"]), ("8462-4", "Diastolique", value["diastolique"]))
        made["component"] = [
            {"code": _concept(c, text), "valueQuantity": _quantity(code, n, unit)} for c, text, n in pair
        ]
    else:
        made["valueQuantity"] = _quantity(code, value, unit)
    stamp(made, source)
    return made


def add(
    repository: Repository,
    session: Session,
    tenant: str,
    now: datetime,
    person: str,
    made: Resource,
    device: Resource | None = None,
) -> Stored:
    """Keep a measure, and the device that took it (known by its identifier); the BMI follows."""
    session.begin()
    source = made["meta"]["source"].removeprefix("urn:oid:")
    scope = Scope(person, source)
    if device is not None:
        kept = _device(repository, session, tenant, now, scope, device)
        made["device"] = {"reference": f"Device/{kept.id}"}
    stored = repository.put(session, tenant, made, scope, now)
    if made["code"]["coding"][0]["code"] in (WEIGHT, HEIGHT):
        _compute_bmi(repository, session, tenant, now, person)
    return stored


def bmi_of(weight_kg: float, height_cm: float) -> float:
    """Body mass index in kg/m2, one decimal."""
    return round(weight_kg / (height_cm / 100) ** 2, 1)


def _compute_bmi(repository: Repository, session: Session, tenant: str, now: datetime, person: str) -> None:
    """One BMI per weight, with the last height taken by then, or the first one after (fact sheet, MES-78)."""
    weights, heights = (_series(repository, session, tenant, person, code) for code in (WEIGHT, HEIGHT))
    for weight in weights if heights else ():
        before = [height for height in heights if _instant(height) <= _instant(weight)]
        height = before[-1] if before else heights[0]
        value = bmi_of(weight["valueQuantity"]["value"], height["valueQuantity"]["value"])
        made = observation(person, BMI, value, "", weight["effectiveDateTime"], USAGER)
        made["meta"] = {**made["meta"], "source": weight["meta"]["source"], "tag": weight["meta"]["tag"]}
        made["derivedFrom"] = [{"reference": f"Observation/{one['id']}"} for one in (weight, height)]
        made["id"] = f"imc-{weight['id']}"
        old = repository.get(session, tenant, "Observation", made["id"])
        repository.put(session, tenant, made, Scope(person, "urn:banc:mes"), now, old=old)


def _series(repository: Repository, session: Session, tenant: str, person: str, code: str) -> list[Resource]:
    found = repository.find(session, tenant, "Observation", [("code", f"{LOINC}|{code}")], Scope(person))
    return sorted((stored.resource for stored in found), key=_instant)


def _instant(made: Resource) -> datetime:
    return datetime.fromisoformat(made["effectiveDateTime"])


def _device(
    repository: Repository, session: Session, tenant: str, now: datetime, scope: Scope, device: Resource
) -> Stored:
    system, value = device["systeme"], device["valeur"]
    found = repository.find(session, tenant, "Device", [("identifier", f"{system}|{value}")], scope)
    if found:
        return found[0]
    kind = {"system": "http://hl7.org/fhir/uv/phd/CodeSystem/ContinuaDeviceIdentifiers", "code": "SYSID"}
    made = {
        "resourceType": "Device",
        "meta": {"profile": ["http://hl7.org/fhir/uv/phd/StructureDefinition/PhdDevice"]},
        "identifier": [{"type": {"coding": [kind]}, "system": system, "value": value}],
        "type": {"coding": [{"system": "urn:iso:std:iso:11073:10101", "code": "65573"}]},
        "specialization": [{"systemType": {"coding": [{"system": "urn:iso:std:iso:11073:10101", "code": "528457"}]}}],
    }
    return repository.put(session, tenant, made, scope, now)


def _concept(code: str, text: str) -> Resource:
    return {"coding": [{"system": TAASIP if code.startswith("MED-") else LOINC, "code": code, "display": text}]}


def _quantity(code: str, value: float, unit: str) -> Resource:
    known = CODES[code]
    ucum = unit or known["ucum"]
    return {"value": value, "unit": known["unite"] if ucum == known["ucum"] else ucum, "system": UCUM, "code": ucum}
