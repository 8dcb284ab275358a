"""Tables of rules/agenda_schedules.py and rules/agenda_slots.py."""

from typing import Any

from tests.rules.cases import Case
from tests.rules.journal import Entry, action, began, http

AVAILABILITY = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-schedule-availability-time"
DURATION = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-service-type-duration"
RFC = "https://www.ietf.org/rfc/rfc2445"
WHERE = "Schedule.extension('availabilityTime')"


def rrule(**parts: Any) -> dict[str, Any]:
    right: dict[str, Any] = {"freq": {"valueCoding": {"system": RFC, "code": "WEEKLY"}}, **parts}
    return {"url": "rrule", "extension": [{"url": url, **part} for url, part in right.items()]}


def availability(name: str = "a", start: str = "2026-03-16T09:00:00+01:00", *more: Any, **parts: Any) -> dict[str, Any]:
    """An availability; a part given as None is left out."""
    right = {
        "type": {"valueCoding": {"code": "free"}},
        "start": {"valueDateTime": start},
        "end": {"valueDateTime": "2026-03-16T18:00:00+01:00"},
        "identifier": {"valueIdentifier": {"value": name}},
        **parts,
    }
    return {"url": AVAILABILITY, "extension": [{"url": u, **p} for u, p in right.items() if p is not None] + [*more]}


def schedule(*extensions: Any, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Schedule", "id": "s", "extension": list(extensions), **more}


def publishes(*extensions: Any, service: str = "gap", **more: Any) -> Entry:
    made = schedule(*extensions, **more)
    return http(f"{service}.fhir.schedule.create", "POST", f"/{service}/fhir/Schedule", made, 201, answer=made)


def replaces(*extensions: Any, status: int = 200) -> Entry:
    made = schedule(*extensions)
    return http("gap.fhir.schedule.update", "PUT", "/gap/fhir/Schedule/s", made, status, answer=made)


def patches(*extensions: Any, status: int = 200, fault: str | None = None, value: Any = None) -> Entry:
    body, answer = [{"op": "replace", "path": "/extension/0", "value": value}], schedule(*extensions)
    return http("gap.fhir.schedule.patch", "PATCH", "/gap/fhir/Schedule/s", body, status, answer=answer, fault=fault)


def asked(name: str, after: int = 1) -> Entry:
    return began(action(f"{name}_disponibilite", person=None), after)


MORNING, EVENING = availability(), availability("b", "2026-03-16T14:00:00+01:00")
LATER = availability("a", "2026-03-16T10:00:00+01:00")
SAME_INSTANT = availability("b", "2026-03-16T13:00:00Z")
PUBLISHED = publishes(MORNING, EVENING)
READ = http("gap.fhir.schedule.read", "GET", "/gap/fhir/Schedule/s", answer=schedule(MORNING))
SERVICE = {"url": DURATION, "extension": [{"url": "serviceType", "valueCodeableConcept": {"text": "Suivi"}}]}

SLOT = {"resource": {"resourceType": "Slot", "id": "1"}, "search": {"mode": "match"}}
AGENDA = {"resource": {"resourceType": "Schedule", "id": "s"}, "search": {"mode": "include"}}
SLOTS = "/gap/fhir/Slot"


def looks(query: str = "start=ge2026-03-16T00:00:00Z&status=free", *entries: Any, **more: Any) -> Entry:
    more = {"answer": {"resourceType": "Bundle", "entry": list(entries), **more.pop("bundle", {})}, **more}
    service = more.pop("service", "gap")
    return http(f"{service}.fhir.slot.search", "GET", f"{SLOTS}?{query}", person=None, **more)


def shows(*references: str) -> Entry:
    found = [{"creneau": one, "reference": one} for one in references]
    return began(action("rechercher_creneaux", {"creneaux": found}, person=None), 0)


CASES = [
    Case(
        "AGD-025",
        accepted=[[publishes(SERVICE, MORNING)]],
        refused=[
            ([publishes(serviceType=[{"text": "Suivi"}])], ["1 Schedule.serviceType"]),
            ([publishes(serviceType=[{}], service="rdv")], ["1 Schedule.serviceType (banc)"]),
            (
                [publishes({"url": DURATION, "extension": []})],
                ["1 Schedule.extension[0].extension('serviceType')"],
            ),
        ],
        silent=[[patches(MORNING)]],
    ),
    Case(
        "AGD-026",
        accepted=[[PUBLISHED], [patches(MORNING, value=MORNING)]],
        refused=[
            ([publishes(SERVICE, availability(identifier=None))], ["1 Schedule.extension[1].extension('identifier')"]),
            ([patches(MORNING, value=availability(end=None))], ["1 [0].value.extension('end')"]),
            (
                [publishes(availability(type={"valueCoding": {"code": "busy"}}))],
                ["1 Schedule.extension[0].extension('type') (SHOULD)"],
            ),
        ],
        silent=[[publishes(SERVICE)], [patches(MORNING, value=SERVICE)]],
    ),
    Case(
        "AGD-027",
        accepted=[[publishes(availability("a", "2026-03-16T09:00:00+01:00", rrule()))]],
        refused=[
            (
                [publishes(availability("a", "x", rrule(freq={"valueCoding": {"code": "WEEKLY"}})))],
                ["1 Schedule.extension[0].extension('rrule').extension('freq')"],
            ),
            (
                [publishes(availability("a", "x", rrule(byHour={"valuePositiveInt": 0})))],
                ["1 Schedule.extension[0].extension('rrule').extension('byHour')"],
            ),
        ],
        silent=[[PUBLISHED]],
    ),
    Case(
        "AGD-028",
        accepted=[
            [PUBLISHED, replaces(LATER, SAME_INSTANT), asked("modifier")],
            [PUBLISHED, patches(EVENING), asked("retirer")],
            # somebody else added one meanwhile, and the product read it
            [PUBLISHED, replaces(status=412), READ, patches(), asked("retirer")],
        ],
        refused=[
            ([PUBLISHED, replaces(availability("c"), EVENING), asked("modifier")], [f"2 {WHERE}.identifier"]),
            ([PUBLISHED, patches(), asked("retirer")], [f"2 {WHERE}.identifier"]),
            ([PUBLISHED, replaces(EVENING, SERVICE), asked("modifier")], [f"2 {WHERE}.identifier"]),
            (
                [PUBLISHED, replaces(LATER, availability("b", "2026-03-16T15:00:00+01:00")), asked("modifier")],
                [f"2 {WHERE}"],
            ),
        ],
        silent=[
            [PUBLISHED, patches(EVENING)],
            [patches(EVENING), asked("retirer", 0)],
            [PUBLISHED, patches(EVENING), action("retirer_disponibilite")],
        ],
    ),
    Case(
        "AGD-029",
        accepted=[[PUBLISHED, patches(status=405), replaces(EVENING), asked("retirer")]],
        refused=[([PUBLISHED, patches(status=501), asked("retirer")], ["2 méthode"])],
        silent=[
            [patches(status=405)],
            [patches(status=422), asked("retirer")],
            [patches(status=501, fault="500"), asked("retirer")],
            [patches(EVENING), asked("retirer")],
        ],
    ),
    Case(
        "AGD-031",
        accepted=[
            [looks()],
            [http("gap.fhir.slot.search", "POST", f"{SLOTS}/_search", "start=ge2026-03-16&status=free")],
            # the next page is the manager's own address
            [looks(bundle={"link": [{"relation": "next", "url": f"{SLOTS}?_page=2"}]}), looks("_page=2")],
        ],
        refused=[
            ([looks("status=free")], ["1 start"]),
            ([looks("start=2026-03-16&status=free", service="rdv")], ["1 start (banc)"]),
            ([looks("start=ge2026-03-16&status=free,busy")], ["1 status"]),
            ([looks("schedule=Schedule/s")], ["1 start", "1 status"]),
        ],
        silent=[[looks("_id=1")], [looks("identifier=urn:x%7C1")]],
    ),
    Case(
        "AGD-034",
        accepted=[[looks("status=free", SLOT, AGENDA), shows("Slot/1")]],
        refused=[
            (
                [looks("status=free", SLOT, AGENDA), shows("Slot/1", "Schedule/s")],
                ["2 rechercher_creneaux.creneaux[1].reference"],
            ),
        ],
        silent=[
            [looks("status=free", SLOT), shows("Slot/1")],
            [looks("status=free", SLOT, AGENDA, fault="accents"), shows("Schedule/s")],
            [looks("status=free", SLOT, AGENDA), action("rechercher_creneaux", {"creneaux": []})],
        ],
    ),
]
