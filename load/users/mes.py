"""The sandbox's Mon espace santé under load: a portal that reads and feeds the agendas of its usagers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from load import resources
from load.users import fhir
from load.users.caller import Caller

_PRACTITIONER = {
    "type": "Practitioner",
    "identifier": {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "899990000053"},
    "display": "Mme Ève Brûlé",
}


def read(caller: Caller, action: str) -> None:
    fhir.read(caller, action, _agenda(caller))


def create(caller: Caller, action: str) -> None:
    fhir.create(caller, action, _agenda(caller))


def bring(caller: Caller, action: str) -> None:
    fhir.bring(caller, action, _agenda(caller))


def change(caller: Caller, action: str) -> None:
    fhir.change(caller, action, lambda owner: _agenda(caller, owner))


def _agenda(caller: Caller, owner: str | None = None) -> fhir.Agenda:
    """The agenda of that person, or of anybody."""
    scene = caller.book.plan.scene["mes"]
    people: list[Mapping[str, Any]] = scene["people"]
    one = next((p for p in people if p["person"] == owner), None) or caller.book.random.choice(people)
    patient = one["patient"]
    subject = quote(f"{patient['system']}|{patient['value']}", safe="")
    return fhir.Agenda(
        end="mes",
        base=scene["base"],
        owner=one["person"],
        headers=one["headers"],
        participants=(resources.patient(patient), _PRACTITIONER),
        search=f"patient.identifier={subject}",
    )


ACTIONS = {"mes.lire": read, "mes.creer": create, "mes.importer": bring, "mes.modifier": change}
