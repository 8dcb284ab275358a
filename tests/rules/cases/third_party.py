"""Tables of rules/third_party_searches.py and third_party_windows.py, and what third_party_times.py shares."""

from __future__ import annotations

from typing import Any

from tests.rules.cases import Case
from tests.rules.journal import Entry, action, http

IDNPS, SYSTEM, OTHER_SYSTEM = "urn:oid:1.2.250.1.71.4.2.1", "urn:oid:1.2.250.1.999.41.1", "urn:oid:1.2.250.1.999.41.2"
OURS, COLLEAGUE = "899990000001", "899990000002"
BASE = "/agenda/fhir"
URL = f"http://produit.test{BASE}"
START, END = "2024-10-28T09:00:00+01:00", "2024-10-28T09:30:00+01:00"
LATER, LATER_END = "2024-10-28T09:30:00+01:00", "2024-10-28T10:00:00+01:00"
WINDOW = "start=ge2024-10-28T09:00:00%2B01:00&start=le2024-10-28T10:00:00%2B01:00"
UNIVERSAL = "start=ge2024-10-28T08:00:00Z&start=le2024-10-28T09:00:00Z"
RAW = WINDOW.replace("%2B", "+")
OF_SLOTS = f"schedule.actor:Practitioner.identifier={IDNPS}%7C{OURS}"
OF_EVENTS = f"practitioner.identifier={IDNPS}%7C{OURS}"
INCLUDES = "&_include=Slot:schedule&_include:iterate=Schedule:actor"
ROLE = {"role": "agenda-tiers", "person": None}

Json = dict[str, Any]


def slot(name: str = "s1", start: str = START, end: str = END, **elements: Any) -> Json:
    right = {"resourceType": "Slot", "id": name, "schedule": {"reference": "Schedule/a1"}, "status": "free"}
    return {key: value for key, value in {**right, "start": start, "end": end, **elements}.items() if value is not None}


def participant(number: str = OURS, **more: Any) -> Json:
    actor = {"type": "Practitioner", "identifier": {"system": IDNPS, "value": number}}
    return {"actor": actor, "status": "accepted", **more}


def event(value: str = "e1", **elements: Any) -> Json:
    """A right event of the third-party agenda; an element given as None is left out."""
    right = {
        "resourceType": "Appointment",
        "identifier": [{"system": SYSTEM, "value": value}],
        "status": "booked",
        "start": START,
        "end": END,
        "participant": [participant()],
    }
    return {name: found for name, found in {**right, **elements}.items() if found is not None}


def kept(name: str = "1", **elements: Any) -> Json:
    """The same, as the product gives it."""
    return {**event(**elements), "id": name}


def owners() -> list[Json]:
    actors = [{"reference": "Practitioner/p1"}, {"reference": "PractitionerRole/p1"}]
    agenda = {"resourceType": "Schedule", "id": "a1", "actor": actors}
    return [agenda, {"resourceType": "Practitioner", "id": "p1"}, {"resourceType": "PractitionerRole", "id": "p1"}]


def found(*resources: Json, following: str = "", **elements: Any) -> Json:
    """The bundle: what is searched for first, then what is included."""
    searched = resources[0]["resourceType"] if resources else ""
    entries = [
        {"resource": one, "search": {"mode": "match" if one["resourceType"] == searched else "include"}}
        for one in resources
    ]
    links = [{"relation": "self", "url": URL}, *([{"relation": "next", "url": following}] if following else [])]
    return {"resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries, **elements}


def slots(answer: Any, query: str = f"{WINDOW}&status=free", status: int | None = 200, **context: Any) -> Entry:
    """Search of slots of our professional."""
    target = f"{BASE}/Slot?{OF_SLOTS}&{query}"
    context = {**ROLE, **context}
    return http("serveur.agenda_tiers.slot.search", "GET", target, status=status, answer=answer, **context)


def events(answer: Any, query: str = OF_EVENTS, status: int | None = 200, **context: Any) -> Entry:
    """Search of events."""
    target, context = f"{BASE}/Appointment?{query}", {**ROLE, **context}
    return http("serveur.agenda_tiers.appointment.search", "GET", target, status=status, answer=answer, **context)


def metadata(answer: Any, status: int = 200) -> Entry:
    return http("serveur.agenda_tiers.capabilities", "GET", f"{BASE}/metadata", status=status, answer=answer, **ROLE)


def pushed(resource: Any = None, status: int | None = 201, name: str = "1", **more: Any) -> Entry:
    """Conditional update on the identifier of the event. name: id that the product gives it."""
    body = event() if resource is None else resource
    key = body["identifier"][0]
    target = f"{BASE}/Appointment?identifier={key['system']}%7C{key['value']}"
    answer = more.pop("answer", {**body, "id": name})
    more.setdefault("answer_headers", (("ETag", 'W/"1"'),))
    more = {**ROLE, **more}
    return http("serveur.agenda_tiers.appointment.update", "PUT", target, body, status, answer=answer, **more)


def posted(resource: Any = None, status: int | None = 201, name: str = "1", **more: Any) -> Entry:
    """Plain creation. name: id that the product gives it."""
    body = event() if resource is None else resource
    answer = more.pop("answer", {**(body if isinstance(body, dict) else {}), "id": name})
    more.setdefault("answer_headers", (("ETag", 'W/"1"'),))
    more, target = {**ROLE, **more}, f"{BASE}/Appointment"
    return http("serveur.agenda_tiers.appointment.create", "POST", target, body, status, answer=answer, **more)


OUTCOME = {"resourceType": "OperationOutcome"}
STRANGER = {"role": "inconnu"}
STATEMENT = {
    "resourceType": "CapabilityStatement",
    "fhirVersion": "4.0.1",
    "rest": [{"mode": "server", "resource": [{"type": "Slot"}, {"type": "Appointment"}]}],
}
ONE, TWO = slot(), slot("s2", LATER, LATER_END)
DAY = f"{OF_EVENTS}&date=ge2024-10-28T00:00:00%2B01:00&date=le2024-10-28T23:59:00%2B01:00"
BY_KEY = f"identifier={SYSTEM}%7Ce1"
PAGED = f"{OF_EVENTS}&_count=1"
NEXT = f"{OF_EVENTS}&_apres=1"
ITS_ROLE = {"actor": {"reference": "PractitionerRole/r9"}, "status": "accepted"}
BY_RPPS = participant()
BY_RPPS["actor"]["identifier"] = {"system": "https://rpps.esante.gouv.fr", "value": OURS[1:]}
CONTAINED = {"actor": {"reference": "#p"}, "status": "accepted"}
ROLE_ONLY = {"actor": {"reference": "Practitioner/p9"}, "status": "accepted"}


def by_urn() -> Json:
    """Slot and agenda without ids, which refer to each other by URN."""
    agenda = {"resourceType": "Schedule", "actor": [{"reference": "urn:uuid:2"}]}
    practitioner = {"resourceType": "Practitioner"}
    answer = found(slot(schedule={"reference": "urn:uuid:1"}), agenda, practitioner)
    for rank, entry in enumerate(answer["entry"]):
        entry["fullUrl"] = f"urn:uuid:{rank}"
    return answer


def first_page(**elements: Any) -> Entry:
    return events(found(kept(), following=f"{URL}/Appointment?{NEXT}", **elements), PAGED)


CASES = [
    Case(
        "AGD-048",
        accepted=[[metadata(STATEMENT)]],
        refused=[
            ([metadata(OUTCOME, 404)], ["1 resourceType"]),
            ([metadata({**STATEMENT, "fhirVersion": "3.0.2"})], ["1 CapabilityStatement.fhirVersion"]),
            ([metadata({**STATEMENT, "rest": []})], ["1 CapabilityStatement.rest.resource.type"] * 2),
        ],
        silent=[[], [metadata({}, 503)]],
    ),
    Case(
        "AGD-049",
        accepted=[[slots(found(ONE, TWO, *owners()))], [slots(found())], [slots({}, status=500)]],
        refused=[
            ([slots(found(slot(start="2024-10-28T10:30:00+01:00")))], ["1 Bundle.entry[0].resource.start"]),
            ([slots(found(slot(start=None)))], ["1 Bundle.entry[0].resource.start"]),
            ([slots(found(slot(status="busy")))], ["1 Bundle.entry[0].resource.status"]),
            ([slots(OUTCOME, status=400)], ["1 statut HTTP"]),
        ],
        silent=[[], [slots(found(), f"{RAW}&status=free")], [slots(OUTCOME, status=401)], [slots({}, **STRANGER)]],
    ),
    Case(
        "AGD-050",
        accepted=[
            [events(found(kept()))],
            [events(found(kept()), DAY)],
            [events(found(kept()), BY_KEY)],
            [events(found(kept(participant=[participant(COLLEAGUE), ROLE_ONLY])))],
            [events(found(kept(participant=[participant(COLLEAGUE), BY_RPPS])))],
            [events(found(kept(participant=[participant(COLLEAGUE), CONTAINED])))],
            [events(found(kept()), f"{OF_EVENTS}&status=booked,arrived")],
            [events(found(kept(start=None, end=None, status="proposed")), DAY)],
        ],
        refused=[
            ([events(found(kept(participant=[participant(COLLEAGUE)])))], ["1 Bundle.entry[0].resource.participant"]),
            ([events(found(kept(start="2024-10-29T09:00:00+01:00")), DAY)], ["1 Bundle.entry[0].resource.start"]),
            ([events(found(kept(value="e2")), BY_KEY)], ["1 Bundle.entry[0].resource.identifier"]),
            (
                [events(found(kept()), f"{OF_EVENTS}&status=cancelled")],
                ["1 Bundle.entry[0].resource.status"],
            ),
            ([events(OUTCOME, status=501)], ["1 statut HTTP"]),
            (
                [events(found(kept(participant=[participant(COLLEAGUE), ITS_ROLE])))],
                ["1 Bundle.entry[0].resource.participant (deduite)"],
            ),
        ],
        silent=[[], [events(OUTCOME, status=403)], [events(found(), "date=ge2024")]],
    ),
    Case(
        "AGD-051",
        accepted=[[slots(found(ONE, *owners()))], [events(found())]],
        refused=[
            ([slots(found(ONE, type="collection"))], ["1 Bundle.type"]),
            ([slots(found(ONE, link=[]))], ["1 Bundle.link.where(relation = 'self')"]),
            (
                [slots(found(entry=[{"resource": ONE, "search": {"mode": "include"}}]))],
                ["1 Bundle.entry[0].search.mode"],
            ),
            ([slots(found(entry=[{"resource": ONE}]))], ["1 Bundle.entry[0].search.mode (deduite)"]),
            (
                [slots(found(entry=[{"resource": ONE, "search": {"mode": "match"}, "request": {}}]))],
                ["1 Bundle.entry[0].request"],
            ),
        ],
        silent=[[], [slots(OUTCOME, status=400)]],
    ),
    Case(
        "AGD-052",
        accepted=[
            [slots(found(ONE)), slots(found(ONE), f"{RAW}&status=free")],
            [slots(found(ONE)), slots(OUTCOME, f"{RAW}&status=free", 400)],
        ],
        refused=[
            ([slots(found(ONE)), slots(found(TWO), f"{RAW}&status=free")], ["2 Bundle.entry"]),
            ([slots(found(ONE)), slots(OUTCOME, f"{RAW}&status=free", 500)], ["2 statut HTTP"]),
        ],
        silent=[
            [],
            [slots(found(ONE), f"{RAW}&status=free")],
            [slots(found(ONE)), pushed(), slots(found(TWO), f"{RAW}&status=free")],
        ],
    ),
    Case(
        "AGD-053",
        accepted=[[slots(found(ONE)), slots(found(ONE), f"{UNIVERSAL}&status=free")]],
        refused=[
            ([slots(found(ONE)), slots(found(), f"{UNIVERSAL}&status=free")], ["2 Bundle.entry"]),
            ([slots(found(ONE)), slots(OUTCOME, f"{UNIVERSAL}&status=free", 400)], ["2 statut HTTP"]),
        ],
        silent=[
            [],
            [slots(found(ONE)), slots(found(ONE))],
            [slots(found(ONE)), action("creer_rendez_vous"), slots(found(), f"{UNIVERSAL}&status=free")],
            [slots(found(ONE, following=URL)), slots(found(), f"{UNIVERSAL}&status=free")],
        ],
    ),
    Case(
        "AGD-054",
        accepted=[
            [slots(found(ONE, TWO, *owners()), WINDOW + INCLUDES)],
            [slots(by_urn(), WINDOW + INCLUDES)],
            [slots(found(slot(schedule={"reference": "#a"})), WINDOW + INCLUDES)],
        ],
        refused=[
            ([slots(found(ONE), WINDOW + INCLUDES)], ["1 Bundle.entry"]),
            ([slots(found(ONE, *owners()[:2]), WINDOW + INCLUDES)], ["1 Schedule/a1.actor[1]"]),
            ([slots(found(ONE, *owners(), owners()[1]), WINDOW + INCLUDES)], ["1 Bundle.entry[4]"]),
        ],
        silent=[[], [slots(found(ONE))], [slots(found(), WINDOW + INCLUDES)]],
    ),
    Case(
        "AGD-065",
        accepted=[
            [first_page(), events(found(kept("2")), NEXT)],
            [first_page(total=2), pushed(), events(found(kept("2"), kept("3")), NEXT)],
            [events(found(kept(), total=1), PAGED)],
        ],
        refused=[
            ([first_page(), events(found(kept()), NEXT)], ["2 Bundle.entry"]),
            ([first_page(total=3), events(found(kept("2")), NEXT)], ["2 Bundle.entry"]),
            ([events(found(kept(), total=2), PAGED)], ["1 Bundle.entry"]),
        ],
        silent=[[], [events(found(kept()))]],
    ),
]
