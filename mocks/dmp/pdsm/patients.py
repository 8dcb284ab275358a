"""Whether somebody has a DMP, in the draft PDSm4DMP: a search of Patient by INS (sheet DMP §9.7)."""

from __future__ import annotations

from flask import g

from mocks import world
from mocks.call import Call
from mocks.dmp import admission, model_records, transaction
from mocks.dmp.model_records import Record
from mocks.dmp.pdsm import guard
from mocks.dmp.pdsm.guard import Reader
from mocks.dmp.pdsm.names import DMP_EXTENSION, Resource
from mocks.dmp.pdsm.refusal import told
from mocks.dmp.transaction import Transaction
from mocks.fhir import Demand, FhirError, Scope
from profiles.keys import TEST_INS_OID


def searching(call: Call, demand: Demand) -> Scope:
    """Guard of the search: nobody is refused, but for the patient of another VIHF. Raises FhirError."""
    if not call.setting("fhir_pdsm4dmp"):
        raise FhirError(405, "La recherche de Patient n'est pas proposée.", headers={"Allow": ""})
    call.context |= {"experimental": True, "transaction": "TD0.2"}
    with told(call):
        tx = transaction.opened(call, *admission.admit_assertions(call, guard.assertions()))
        asked = [value for name, value in demand.query if name == "identifier"]
        for value in asked:
            system, _, matricule = value.rpartition("|")
            guard.same_subject(tx, matricule, system.removeprefix("urn:oid:"))
    if len(asked) != 1:
        raise FhirError(400, "Un patient se cherche par son INS (identifier), et par lui seul.", code="required")
    g.dmp_reader = Reader(tx, lambda _entry: False)
    return Scope(tx.person.id if tx.person is not None else "")


def found(tx: Transaction) -> list[Resource]:
    """The Patient of a DMP; none when there is no DMP."""
    if tx.person is None or tx.record.status == model_records.ABSENT:
        return []
    person, record = tx.person, tx.record
    extensions = [
        {"url": f"{DMP_EXTENSION}rattachement-mes", "valueBoolean": record.mes},
        {"url": f"{DMP_EXTENSION}medecin-traitant", "valueBoolean": tx.who.professional in record.treating},
    ]
    return [
        {
            "resourceType": "Patient",
            "id": person.id,
            "meta": {"versionId": "1", "lastUpdated": f"{person.birth_date}T00:00:00Z"},
            "extension": [*extensions, *_closing(record)],
            "identifier": [{"system": f"urn:oid:{TEST_INS_OID}", "value": person.ins}],
            "active": record.status == model_records.ACTIVE,
            "name": _names(person, record),
            "gender": "female" if person.sex == "F" else "male",
            "birthDate": str(person.birth_date),
        }
    ]


def _names(person: world.Person, record: Record) -> list[Resource]:
    official = {"use": "official", "family": person.family, "given": list(person.given)}
    return [official, *([{"use": "usual", "family": record.usual_name}] if record.usual_name else [])]


def _closing(record: Record) -> list[Resource]:
    if record.status == model_records.ACTIVE:
        return []
    names = {"date": "dateFermeture", "motif": "motifFermeture", "raison": "raisonFermeture"}
    said = [{"url": names[key], "valueString": text} for key, text in record.closing.items() if key in names]
    return [{"url": f"{DMP_EXTENSION}fermeture", "extension": said}] if said else []
