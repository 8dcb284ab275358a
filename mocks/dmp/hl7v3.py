"""Messages of HL7 v3: TD0.2 and TD0.3 (contract of the DMP §1; what the guide does not publish is ours)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from mocks import world
from mocks.dmp import model_records
from mocks.dmp.hl7 import now_time
from mocks.dmp.model_records import Record
from mocks.dmp.names import HL7, TD02_ANSWER, TD03_ACCEPTED, TD03_REFUSED, hl7
from mocks.dmp.refusals import XdsError
from mocks.soap.faults import printable

OBSERVATIONS = "2.25.232527217325640152318012283410212046129"  # system of the codes of observations (banc)
INTERACTIONS = "2.16.840.1.113883.1.6"  # HL7
NO_NAME = "NON RENSEIGNE"
ADD, REMOVE = "AJOUT", "SUPPRESSION"
_AUTHORISATION = {
    model_records.VALID: "VALIDE",
    model_records.EXPIRED: "EXPIREE",
    model_records.NONE: "INEXISTANTE",
    model_records.BLOCKED: "BLOQUE",
}
_STATUS = {model_records.ACTIVE: "ACTIF", model_records.CLOSED: "FERME"}
_CLOSING = {"date": "DATE_FERMETURE", "motif": "MOTIF_FERMETURE", "raison": "RAISON_FERMETURE"}
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@dataclass(frozen=True)
class Asked:
    """What a message asks. id: of the message; root, extension: the patient; action: `AJOUT` or `SUPPRESSION`."""

    id: str
    root: str
    extension: str
    action: str | None = None


def read(request: Any) -> Asked:
    """What a message of TD0.2 or TD0.3 asks."""
    value = request.find(f".//{hl7('patientIdentifier')}/{hl7('value')}")
    if value is None:
        value = request.find(f".//{hl7('patient')}/{hl7('id')}")
    own = request.find(hl7("id"))
    get = (lambda _name, default: default) if value is None else value.get
    return Asked(
        id="" if own is None else own.get("extension") or own.get("root") or "",
        root=get("root", ""),
        extension=get("extension", ""),
        action=_action(request),
    )


def _action(request: Any) -> str | None:
    for observation in request.iter(hl7("administrativeObservation")):
        code, value = observation.find(hl7("code")), observation.find(hl7("value"))
        if code is not None and code.get("code") == "AUTORISATION" and value is not None:
            action: str | None = value.get("value") or value.get("code")
            return action
    return None


@dataclass(frozen=True)
class Traits:
    """What TD0.2 says of a person."""

    usual: str
    birth: str
    given: str
    prefix: str
    sex: str
    birth_date: str

    @classmethod
    def of(cls, person: world.Person, usual_name: str) -> Traits:
        """Those of a fictitious person. usual_name: empty when there is none."""
        return cls(
            usual=usual_name or NO_NAME,
            birth=person.family,
            given=person.given[0],
            prefix="M" if person.sex == "M" else "MME",
            sex=person.sex,
            birth_date=f"{person.birth_date:%Y%m%d}",
        )


def found(asked: Asked, record: Record, traits: Traits, said: Mapping[str, str], now: datetime) -> Any:
    """The answer of TD0.2 for a DMP that exists. said: value of each observation by code."""
    root = _message(TD02_ANSWER, asked, "AA", now)
    act = _add(root, "controlActProcess", classCode="CACT", moodCode="EVN")
    _query_ack(act, "OK")
    event = _add(_add(act, "subject", typeCode="SUBJ"), "registrationEvent", classCode="REG", moodCode="EVN")
    patient = _add(_add(event, "subject1", typeCode="SBJ"), "patient", classCode="PAT")
    _add(patient, "id", root=asked.root, extension=asked.extension)
    _add(patient, "statusCode", code="active" if record.status == model_records.ACTIVE else "terminated")
    person = _add(patient, "patientPerson", classCode="PSN", determinerCode="INSTANCE")
    name = _add(person, "name")
    for part, text, qualifier in (
        ("prefix", traits.prefix, None),
        ("given", traits.given, None),
        ("family", traits.birth, "BR"),
        ("family", traits.usual, "SP"),
    ):
        _add(name, part, **({} if qualifier is None else {"qualifier": qualifier})).text = text
    _add(person, "administrativeGenderCode", code=traits.sex)
    _add(person, "birthTime", value=traits.birth_date)
    for code, value in said.items():
        _observation(patient, code, value)
    return root


def observations(record: Record, authorisation: str, *, treating: bool) -> dict[str, str]:
    """What TD0.2 says besides the identity."""
    closing = {_CLOSING[key]: value for key, value in record.closing.items() if key in _CLOSING}
    return {
        "STATUT_DMP": _STATUS[record.status],
        "RATTACHEMENT_MES": str(record.mes).lower(),
        "AUTORISATION": _AUTHORISATION[authorisation],
        "MEDECIN_TRAITANT_DMP": str(treating).lower(),
        **(closing if record.status == model_records.CLOSED else {}),
    }


def not_found(asked: Asked, now: datetime) -> Any:
    """The answer of TD0.2 when there is no DMP."""
    root = _message(TD02_ANSWER, asked, "AA", now)
    _query_ack(_add(root, "controlActProcess", classCode="CACT", moodCode="EVN"), "NF")
    return root


def accepted(asked: Asked, now: datetime) -> Any:
    """The answer of TD0.3."""
    return _message(TD03_ACCEPTED, asked, "AA", now)


def refused(interaction: str, error: XdsError, now: datetime) -> Any:
    """A message that tells an error. interaction: name of the answer."""
    root = _message(interaction, Asked("", "", ""), "AE", now)
    detail = _add(root.find(hl7("acknowledgement")), "acknowledgementDetail", typeCode="E")
    _add(detail, "code", code=error.code)
    _add(detail, "text").text = printable(error.text)
    return root


def refused_interaction(*, authorisation: bool) -> str:
    """The name of the answer that refuses TD0.3, or TD0.2."""
    return TD03_REFUSED if authorisation else TD02_ANSWER


def _message(interaction: str, asked: Asked, outcome: str, now: datetime) -> Any:
    names: Any = {None: HL7}  # the stubs know no default namespace
    root = etree.Element(hl7(interaction), {"ITSVersion": "XML_1.0"}, nsmap=names)
    _add(root, "id", root="2.25.1", extension=str(uuid.uuid4()))
    _add(root, "creationTime", value=now_time(now))
    _add(root, "interactionId", root=INTERACTIONS, extension=interaction)
    _add(root, "processingCode", code="T")
    _add(root, "processingModeCode", code="T")
    _add(root, "acceptAckCode", code="NE")
    acknowledgement = _add(root, "acknowledgement")
    _add(acknowledgement, "typeCode", code=outcome)
    if asked.id:
        _add(_add(acknowledgement, "targetMessage"), "id", root="2.25.1", extension=printable(asked.id))
    return root


def _query_ack(act: Any, code: str) -> None:
    _add(_add(act, "queryAck"), "queryResponseCode", code=code)


def _observation(patient: Any, code: str, value: str) -> None:
    holder = _add(patient, "subjectOf", typeCode="SBJ")
    observation = _add(holder, "administrativeObservation", classCode="OBS", moodCode="EVN")
    _add(observation, "code", code=code, codeSystem=OBSERVATIONS)
    told = _add(observation, "value", value=value)
    told.set(_XSI_TYPE, "ST")


def _add(parent: Any, name: str, **attributes: str) -> Any:
    return etree.SubElement(parent, hl7(name), attributes)
