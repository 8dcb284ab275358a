"""The SAS platform as a client of the product: searches of slots (INT_R01) and accounts of regulators (INT_R02).

Fact sheet agenda-sas §2.3 to 2.5.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from load.users.caller import Caller
from load.users.manager import slot_search

ACCEPT = "application/json+fhir"  # as the guide prints it
TECHNICAL = "urn:oid:1.2.250.1.213.3.6"
REGULATOR_PROFILE = "https://interop.esante.gouv.fr/ig/fhir/sas/StructureDefinition/FrPractitionerRegul"
_KIND = {"coding": [{"system": "http://interopsante.org/fhir/CodeSystem/fr-v2-0203", "code": "INTRN"}]}


def slots(caller: Caller, action: str) -> None:
    """One search, for 1 to 25 practitioners of whom some are unknown to the product."""
    scene = _scene(caller)
    url = f"{scene['base']}/Slot?{slot_search(caller, list(scene['practitioners']))}"
    caller.present(scene["certificate"])
    caller.call(action, "GET", url, expect=(200,), headers={"Accept": ACCEPT})


def account(caller: Caller, action: str) -> None:
    """A regulator logs in to the platform: the account is made, then changed."""
    caller.present(_scene(caller)["certificate"])
    identifier = str(uuid.uuid4())
    made = _regulator(identifier, "regulateur@samu.test")
    url, headers = f"{_scene(caller)['base']}/Practitioner", {"Accept": ACCEPT, "Content-Type": "application/fhir+json"}
    caller.call(action, "POST", url, expect=(201,), body=made, headers=headers)
    changed = {**_regulator(identifier, "regulatrice@samu.test"), "active": False}
    target = f"{url}?identifier={quote(f'{TECHNICAL}|{identifier}', safe='')}"
    caller.call(action, "PUT", target, expect=(200, 201), body=changed, headers=headers)


def _regulator(identifier: str, email: str) -> dict[str, Any]:
    return {
        "resourceType": "Practitioner",
        "meta": {"profile": [REGULATOR_PROFILE], "source": TECHNICAL},
        "identifier": [{"type": _KIND, "system": TECHNICAL, "value": identifier}],
        "active": True,
        "name": [{"family": "Charge", "given": ["Régulateur"]}],
        "telecom": [{"system": "email", "value": email}],
    }


def _scene(caller: Caller) -> Mapping[str, Any]:
    return caller.book.plan.scene["sas"]


ACTIONS = {"sas.creneaux": slots, "sas.compte": account}
