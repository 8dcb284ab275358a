"""Changes made by the defects of the SAS: what is wrong with an answer to its platform."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reference.defects.changes import offset_of_midnight
from reference.spoil import Answering

Json = dict[str, Any]
Change = Callable[[Answering], None]
MOST = 25
COMMUNITY = "604"
_ONE_BY_ONE = threading.Lock()
_BUSY_S, _TOO_LONG_S = 0.2, 3.5


def of_slots(change: Callable[[Json], None]) -> Change:
    """The same change of each slot."""

    def change_all(answer: Answering) -> None:
        for slot in resources(answer, "Slot"):
            change(slot)

    return change_all


def of_those(kind: str, change: Callable[[Json], None]) -> Change:
    """The same change of each resource of this type."""

    def change_all(answer: Answering) -> None:
        for found in resources(answer, kind):
            change(found)

    return change_all


def resources(answer: Answering, kind: str) -> list[Json]:
    """Resources of this type in the answer."""
    found = (entry["resource"] for entry in (answer.json or {}).get("entry", ()))
    return [resource for resource in found if resource["resourceType"] == kind]


def drop(kind: str, when: Callable[[Json], bool] = lambda _: True) -> Change:
    """Take resources of this type away."""

    def change(answer: Answering) -> None:
        kept = [e for e in answer.json["entry"] if e["resource"]["resourceType"] != kind or not when(e["resource"])]
        answer.json["entry"] = kept

    return change


def at_home(answer: Answering) -> bool:
    """Whether a slot of the answer is for a visit at home."""
    slots = resources(answer, "Slot")
    return any(one.get("code") == "HH" for s in slots for t in s["serviceType"] for one in t.get("coding", ()))


def at_least(count: int, kind: str) -> Callable[[Answering], bool]:
    """Whether the answer holds so many resources of this type."""
    return lambda answer: len(resources(answer, kind)) >= count


def asked_with(pattern: str) -> Callable[[Answering], bool]:
    """Whether the raw query of a search holds this regular expression."""
    return lambda answer: bool(re.search(pattern, answer.query))


def as_many_as_may_be(answer: Answering) -> bool:
    """Whether the search names twenty-five practitioners."""
    return answer.query.count("%7C") >= MOST


def among_unknown(answer: Answering) -> bool:
    """Whether the search names more practitioners than the answer, which has some."""
    return answer.query.count("%7C") > len(resources(answer, "Practitioner")) > 0


def in_two_places(answer: Answering) -> bool:
    """Whether it shows one practitioner in more than one place."""
    return len(resources(answer, "Practitioner")) == 1 < len(resources(answer, "Schedule"))


def found_nothing(answer: Answering) -> bool:
    """Whether it is a searchset without entry."""
    return answer.status == 200 and answer.json["resourceType"] == "Bundle" and not answer.json.get("entry")


def refused(status: int) -> Change:
    """A refusal instead of the answer."""

    def change(answer: Answering) -> None:
        issue = {"severity": "error", "code": "processing", "diagnostics": "Recherche refusée."}
        answer.status, answer.json = status, {"resourceType": "OperationOutcome", "issue": [issue]}

    return change


def emptied(answer: Answering) -> None:
    """An answer that found nothing."""
    answer.status, answer.json = 200, {"resourceType": "Bundle", "type": "searchset", "total": 0}


def cut_in_half(answer: Answering) -> None:
    """The first half only."""
    answer.json["entry"] = answer.json["entry"][: len(answer.json["entry"]) // 2]


def too_long(_: Answering) -> None:
    """More than the platform waits for here (`sas.delai_s` of the reference target)."""
    time.sleep(_TOO_LONG_S)


def one_by_one(answer: Answering) -> None:
    """A search that comes while another one is answered is refused."""
    if not _ONE_BY_ONE.acquire(blocking=False):
        refused(503)(answer)
        return
    try:
        time.sleep(_BUSY_S)
    finally:
        _ONE_BY_ONE.release()


def as_in_paris(slot: Json) -> None:
    """The hour of an island (Réunion) taken for that of Paris."""
    for name in ("start", "end"):
        if slot[name].endswith("+04:00"):
            local = datetime.fromisoformat(slot[name]).replace(tzinfo=ZoneInfo("Europe/Paris"))
            slot[name] = local.isoformat(timespec="milliseconds")


def morning_offset(slot: Json) -> None:
    """On a day of changing hours, the offset of the morning is kept all day."""
    slot["start"], slot["end"] = offset_of_midnight(slot["start"]), offset_of_midnight(slot["end"])


def without_prefix(resource: Json) -> None:
    """The first national number loses its prefix."""
    identifier = resource["identifier"][0]
    identifier["value"] = identifier["value"][1:]


def structure_without_prefix(role: Json) -> None:
    """The number of the structure loses its prefix."""
    if "organization" in role:
        role["organization"]["identifier"]["value"] = role["organization"]["identifier"]["value"][1:]


def for_everybody(slot: Json) -> None:
    """Said open to the public, whoever it is open to."""
    slot["meta"]["security"] = [{**slot["meta"]["security"][0], "code": "PUBLIC"}]


def always_at_the_office(slot: Json) -> None:
    """Every consultation is said to be at the office."""
    coding = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"}
    others = [one for one in slot["serviceType"] if "extension" in one or "coding" not in one]
    slot["serviceType"] = [{"coding": [coding]}, *others]


def bookable(slot: Json) -> None:
    """Said to be booked, even when one comes without appointment."""
    slot["appointmentType"]["coding"][0]["code"] = "ROUTINE"


def place_outside(answer: Answering) -> None:
    """The place is an entry of its own instead of being contained."""
    for role in resources(answer, "PractitionerRole"):
        place = role.pop("contained")[0]
        role["location"] = [{"reference": f"Location/{place['id']}"}]
        answer.json["entry"].append({"fullUrl": f"urn:banc:{place['id']}", "resource": place})


def one_agenda(answer: Answering) -> None:
    """All slots in the first agenda, the others forgotten."""
    first, *others = [schedule["id"] for schedule in resources(answer, "Schedule")]
    of_slots(lambda slot: slot.update(schedule={"reference": f"Schedule/{first}"}))(answer)
    drop("Schedule", lambda schedule: schedule["id"] in others)(answer)


def without_role(schedule: Json) -> None:
    """The agenda names the practitioner only, not where he practises."""
    schedule["actor"] = schedule["actor"][:1]


def national_telephone(role: Json) -> None:
    """The number without its country, as it was typed."""
    for telecom in role.get("telecom", ()):
        telecom["value"] = f"0{telecom['value'][-9:]}"


def empty_telephone(role: Json) -> None:
    """An empty number where there is none."""
    role.setdefault("telecom", [{"system": "phone", "value": ""}])


def first_community_only(answer: Answering) -> None:
    """Of the communities that a slot is open to, the first alone is told."""
    of_slots(lambda slot: slot.update(serviceType=[*_others(slot), *_communities(slot)[:1]]))(answer)
    told = str([_communities(slot) for slot in resources(answer, "Slot")])
    drop("HealthcareService", lambda service: f"HealthcareService/{service['id']}" not in told)(answer)


def communities_mixed(answer: Answering) -> None:
    """Each slot is said open to the communities of all."""
    every = [one for slot in resources(answer, "Slot") for one in _communities(slot)]
    of_slots(lambda slot: slot.update(serviceType=[*_others(slot), *every]))(answer)


def unasked_community(answer: Answering) -> None:
    """A slot that no community opens is said open to one."""
    service = {"resourceType": "HealthcareService", "id": "cpts", "providedBy": {"reference": "Organization/cpts"}}
    system = "https://mos.esante.gouv.fr/NOS/TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement"
    for slot in resources(answer, "Slot"):
        if not _communities(slot):
            slot["serviceType"].append({"coding": [{"system": system, "code": COMMUNITY}]})
            answer.json["entry"].append({"fullUrl": "urn:banc:cpts", "resource": service})


def _communities(slot: Json) -> list[Json]:
    return [one for one in slot["serviceType"] if _community(one)]


def _others(slot: Json) -> list[Json]:
    return [one for one in slot["serviceType"] if not _community(one)]


def _community(service: Json) -> bool:
    return any(coding.get("code") == COMMUNITY for coding in service.get("coding", ()))
