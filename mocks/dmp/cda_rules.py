"""A CDA against the minimal structure (sheet DMP §7), and against the metadata and the VIHF that came with it (§5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from mocks.dmp import hl7
from mocks.dmp.settings import DATA

_KNOWN: dict[str, Any] = orjson.loads((DATA / "cda.json").read_bytes())
INS = tuple(_KNOWN["ins"])
_TIME = re.compile(r"\d{14}(\.\d+)?[+-]\d{4}")
Facts = Mapping[str, Any]
Difference = dict[str, Any]


def lacks(cda: Facts) -> list[str]:
    """Codes of what the header lacks."""
    checks: dict[str, bool] = {
        "realm-code": cda["realm"] == ["FR"],
        "type-id": cda["type_id"] == _KNOWN["type_id"],
        "modeles": len(cda["templates"]) >= 3 and set(_KNOWN["modeles"]) <= set(cda["templates"]),
        "id": bool(cda["root"]),
        "code": all(cda["code"].values()),
        "titre": bool(cda["title"]),
        "date": bool(_TIME.fullmatch(cda["effective_time"] or "")),
        "confidentialite": cda["confidentiality"]["code"] in ("N", "R", "V"),
        "langue": cda["language"] == "fr-FR",
        "set-id": bool(cda["set_id"]),
        "version": str(cda["version_number"] or "").isdigit(),
        "patient-unique": cda["record_targets"] == 1,
        "responsable-unique": cda["legal_authenticators"] == 1,
        "acte": cda["documentation_of"] >= 1,
        "prise-en-charge": cda["component_of"] == 1,
        "document-remplace-unique": len(cda["related"]) <= 1,
        "noms-qualifies": cda["families_unqualified"] == 0,
        "corps": cda["body"]["kind"] != "absent",
        "contenu-actif": not cda["active_content"],
    }
    return [code for code, held in checks.items() if not held] + list(_patient(cda["patient"]))


def _patient(patient: Facts) -> Iterator[str]:
    if not patient.get("ids") or any(one["null_flavor"] for one in patient["ids"]):
        yield "patient-id"
    if patient.get("names") != 1:
        yield "patient-nom"
    if patient.get("forbidden"):
        yield "patient-donnees-interdites"
    if not patient.get("birth_time"):
        yield "patient-naissance"
    if ins_of(patient) is None:
        return
    for part in ("families", "givens"):
        if not any(one["qualifier"] == "BR" for one in patient.get(part, ())):
            yield f"patient-{'nom' if part == 'families' else 'prenom'}-naissance"
    if not patient.get("gender"):
        yield "patient-sexe"


def ins_of(patient: Facts) -> tuple[str, str] | None:
    """OID and value of the INS of a patient, None when there is none."""
    found = ((one["root"], one["extension"]) for one in patient.get("ids", ()) if one["root"] in INS)
    return next(found, None)


def ins_differs(cda: Facts, entry: Facts) -> bool:
    """Whether the patient of a CDA is not that of its entry; one without INS is nobody else."""
    named, held = ins_of(cda["patient"]), hl7.cx(entry["patient_id"] or "")
    return named is not None and (held is None or named != (held.oid, held.value))


def differences(cda: Facts, entry: Facts) -> list[Difference]:
    """What an entry says otherwise than its CDA: `{what, cda, xds}`."""
    found = []
    for what, (in_cda, in_xds) in _compared(cda, entry).items():
        if in_cda is not None and in_cda != in_xds:
            found.append({"what": what, "cda": in_cda, "xds": in_xds})
    return found


def _compared(cda: Facts, entry: Facts) -> dict[str, tuple[Any, Any]]:
    ins = ins_of(cda["patient"])
    held = hl7.cx(entry["patient_id"] or "")
    confidentiality = [one["code"] for one in entry["confidentiality"]]
    event = cda["service_event"]
    return {
        "unique_id": (cda["id"], entry["unique_id"]),
        "patient": (ins and hl7.written_cx(ins[1], ins[0]), held and hl7.written_cx(held.value, held.oid)),
        "type": _same_code(cda["code"], entry["type"]),
        "title": (cda["title"], entry["title"]),
        "language": (cda["language"], entry["language"]),
        "confidentiality": _among(cda["confidentiality"]["code"], confidentiality),
        "creation_time": _times(cda["effective_time"], entry["creation_time"]),
        "service_start_time": _times(event["low"], entry["service_start_time"]),
        "service_stop_time": _times(event["high"], entry["service_stop_time"]),
        "facility": _same_code(cda["facility"], entry["facility"]),
        "practice": _same_code(cda["performer_practice"], entry["practice"]),
        "legal_authenticator": _signer(cda, entry),
    }


def _times(in_cda: str | None, in_xds: str | None) -> tuple[str | None, str | None]:
    """A time of the CDA brought to UTC and to the precision of the entry's."""
    converted = hl7.utc_time(in_cda or "")
    if converted is None or in_xds is None:
        return converted, in_xds
    shortest = min(len(converted), len(in_xds))
    return converted[:shortest], in_xds[:shortest]


def _same_code(in_cda: Facts, in_xds: Facts | None) -> tuple[Any, Any]:
    if in_cda["code"] is None:
        return None, None
    return _told(in_cda), None if in_xds is None else _told(in_xds)


def _told(code: Facts) -> str:
    return f"{code['code']}^{code['system']}"


def _among(wanted: Any, all_: list[Any]) -> tuple[Any, Any]:
    return (None, None) if wanted is None or wanted in all_ else (wanted, all_)


def _signer(cda: Facts, entry: Facts) -> tuple[Any, Any]:
    """Who is responsible: the ids of the CDA, of which the entry's must be one."""
    signer, person = cda["legal_authenticator"], hl7.person_id(entry["legal_authenticator"] or "")
    ids = [] if signer is None else [one.partition("^")[2] or one for one in signer["ids"]]
    return (None, None) if not person or person in ids else (ids, person)
