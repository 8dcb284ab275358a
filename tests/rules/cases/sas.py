"""Tables of rules/sas_answers.py, sas_slots.py, sas_directory.py and sas_security.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from tests.rules.cases import Case
from tests.rules.journal import Entry, action, http, page

IDNPS, STRUCTURES = "urn:oid:1.2.250.1.71.4.2.1", "urn:oid:1.2.250.1.71.4.2.2"
PUBLICS = "https://mos.esante.gouv.fr/NOS/TRE_R314-TypeCreneau/FHIR/TRE-R314-TypeCreneau"
SERVICE = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Slot.serviceType"
ONE, OTHER = "899990000001", "899990000002"
FINESS, SECOND, SIRET = "1990000010", "1990000028", "399900000000017"
START, END, LATER = "2024-10-28T09:00:00.000+01:00", "2024-10-28T09:20:00.000+01:00", "2024-10-29T09:00:00.000+01:00"
FROM, UNTIL = "2024-10-20T08:00:00Z", "2024-10-31T08:00:00Z"
ADDRESS = "https://produit.test/rendez-vous/l1"
PS = ("Slot:schedule", "Schedule:actor")
CPTS = (*PS, "Slot:service-type-reference", "HealthcareService:organization")

Json = dict[str, Any]


def slot(name: str = "1", at: str = "1", **elements: Any) -> Json:
    """A right slot of the agenda `at`; an element given as None is left out."""
    right = {
        "resourceType": "Slot",
        "id": name,
        "meta": {"security": [{"system": PUBLICS, "code": "PUBLIC"}]},
        "schedule": {"reference": f"Schedule/{at}"},
        "status": "free",
        "start": START,
        "end": END,
        "comment": ADDRESS,
    }
    return {key: value for key, value in {**right, **elements}.items() if value is not None}


def of(*codes: str) -> Json:
    return {"security": [{"system": PUBLICS, "code": code} for code in codes]}


def to(*services: str) -> list[Json]:
    """`serviceType` of a slot open to these communities."""
    return [
        {"coding": [{"code": "604"}], "extension": [{"url": SERVICE, "valueReference": {"reference": reference}}]}
        for reference in services
    ]


def practice(number: str = ONE, at: str = "1", structure: str = FINESS, **elements: Any) -> list[Json]:
    """Schedule, Practitioner, PractitionerRole of one place. elements: of the role."""
    role = {
        "resourceType": "PractitionerRole",
        "id": f"r{at}",
        "contained": [{"resourceType": "Location", "id": "l"}],
        "location": [{"reference": "#l"}],
        "organization": {"identifier": {"system": STRUCTURES, "value": structure}},
        **elements,
    }
    actors = [{"reference": f"Practitioner/p{at}"}, {"reference": f"PractitionerRole/r{at}"}]
    return [
        {"resourceType": "Schedule", "id": at, "actor": actors},
        {"resourceType": "Practitioner", "id": f"p{at}", "identifier": [{"system": IDNPS, "value": number}]},
        {key: value for key, value in role.items() if value is not None},
    ]


def community(finess: str, name: str) -> list[Json]:
    """HealthcareService and Organization of a community."""
    identifier = [{"system": STRUCTURES, "value": finess}]
    return [
        {"resourceType": "HealthcareService", "id": name, "providedBy": {"reference": f"Organization/o{name}"}},
        {"resourceType": "Organization", "id": f"o{name}", "identifier": identifier},
    ]


def found(*resources: Json, **elements: Any) -> Json:
    entries = {"entry": [{"resource": one} for one in resources]} if resources else {}
    total = sum(one["resourceType"] == "Slot" for one in resources)
    return {"resourceType": "Bundle", "type": "searchset", "total": total, **entries, **elements}


EMPTY = found()


def search(
    answer: Any = None,
    status: int | None = 200,
    *,
    numbers: Sequence[str] = (ONE,),
    includes: Sequence[str] = PS,
    start: str = FROM,
    free: str = "free",
    took_ms: float = 20,
    more: str = "",
    **context: Any,
) -> Entry:
    """Search of INT_R01, or INT_R04 with the includes `CPTS`."""
    tokens = ",".join(f"{IDNPS}%7C{number}" for number in numbers)
    query = "&".join([*(f"_include={one}" for one in includes), f"start=ge{quote(start)}", f"start=le{UNTIL}"])
    target = f"/sas/fhir/Slot?{query}&status={free}&schedule.actor:Practitioner.identifier={tokens}{more}"
    right = found(slot(), *practice()) if answer is None else answer
    made = http("serveur.sas.slot.search", "GET", target, status=status, answer=right, person=None, **context)
    return {**made, "duration_ms": took_ms}


def sites(answer: Any, status: int | None = 200, **context: Any) -> Entry:
    """Search of fixed sites (SOS Médecins)."""
    bounds = f"_has:Slot:schedule:start=ge{FROM}&_has:Slot:schedule:start=le{UNTIL}"
    wanted = f"actor:Location.organization.identifier={STRUCTURES}%7C{SIRET}"
    target = f"/sas/fhir/Schedule?{bounds}&_has:Slot:schedule:status=free&{wanted}"
    return http("serveur.sas.schedule.search", "GET", target, status=status, answer=answer, person=None, **context)


def opens(**more: Any) -> Entry:
    """The product opens the slot of `slot()`."""
    told = {"lieu": 0, "debut": "2024-10-28T09:00", "publics": ["PUBLIC"], "reserve_patientele": False, **more}
    asked = {"praticien": {"identifiant": ONE[1:]}, "lieux": [{"fuseau": "Europe/Paris"}], "creneaux": [told]}
    return action("ouvrir_creneaux_sas", {"creneaux": ["c1"]}, person=None, **asked)


UNKNOWN = tuple(f"8980000000{rank:02}" for rank in range(24))
MANY = search(EMPTY, numbers=(*UNKNOWN, ONE))
BOTH = (found(slot(), *practice()), found(slot(at="2"), *practice(OTHER, "2")))
SITE = {"resourceType": "Location", "id": "s"}
SHARED = slot(meta=of("CPTS"), serviceType=to("HealthcareService/a", "HealthcareService/b"))
COMMUNITIES = [*community(FINESS, "a"), *community(SECOND, "b")]
OF_TWO = opens(publics=["CPTS"], cpts=[FINESS, SECOND[1:]])
TO_ONE = slot(meta=of("CPTS"), serviceType=to("HealthcareService/a"))


def cpts(*resources: Json) -> Entry:
    return search(found(*resources, *practice()), includes=CPTS)


def with_phone(value: str, **more: Any) -> Entry:
    return search(found(slot(), *practice(telecom=[{"system": "phone", "value": value}], **more)))


def stranger(status: int | None, certificat: str = "sas-cn-faux", **more: Any) -> Entry:
    return search({}, status, certificat=certificat, **more)


CASES = [
    Case(
        "AGD-067",
        accepted=[[search()], [search(took_ms=6900)], [search(status=500, answer={})]],
        refused=[
            ([search(took_ms=7100)], ["1 temps de réponse"]),
            ([search(status=None, silence="delai", delai_s=7)], ["1 temps de réponse"]),
            # the vendor's own patience, shorter than that of the SAS
            ([search(status=None, silence="delai", delai_s=3)], ["1 temps de réponse (banc)"]),
        ],
        silent=[[page()]],
    ),
    Case(
        "AGD-068",
        accepted=[
            [search()],
            [search(), search(numbers=(*UNKNOWN, ONE))],
            [search(EMPTY, 429)],
            # somebody took the slot in the meantime
            [search(), action("occuper_creneau_sas"), MANY],
            # another window, another practitioner
            [search(), search(EMPTY, start="2024-10-29T08:00:00Z", numbers=(*UNKNOWN, ONE))],
            [search(), search(EMPTY, numbers=(OTHER, *UNKNOWN))],
        ],
        refused=[
            ([search({}, 400, numbers=(*UNKNOWN, ONE))], ["1 statut HTTP"]),
            ([search({}, 500)], ["1 statut HTTP"]),
            ([search({}, 400, more="&_count=1000")], ["1 statut HTTP (deduite)"]),
            ([search(), MANY], ["2 Bundle.entry"]),
        ],
        silent=[
            [search({}, 400, numbers=(*UNKNOWN, ONE, OTHER))],
            [search({}, 400, free="busy")],
            [search({}, 400, start="2024-10-20T08:00:00")],
            [search(status=None, silence="coupure")],
            # whoever is not the platform is rightly refused
            [search({}, 403, certificat="sas-cn-faux")],
        ],
    ),
    Case(
        "AGD-069",
        accepted=[[search(EMPTY)], [search()], [sites(EMPTY)], [search({}, 500)]],
        refused=[
            ([search({}, 404)], ["1 statut HTTP"]),
            ([search("", 204)], ["1 statut HTTP"]),
            ([search(found(total=None))], ["1 Bundle.total"]),
            ([search(found(type="collection"))], ["1 Bundle.type"]),
            ([search(found(*practice()))], ["1 Bundle.entry"]),
            ([search([])], ["1 Bundle.resourceType", "1 Bundle.total", "1 Bundle.type"]),
        ],
        silent=[[search(EMPTY, numbers=())]],
    ),
    Case(
        "AGD-070",
        accepted=[
            [search()],
            [search(found(slot(start="2024-10-28T08:00:00Z", end="2024-10-28T08:20:00Z"), *practice()))],
            [search(found(slot(), *practice()), start="2024-10-28T09:00:00+01:00")],
            [sites(found(slot(start=LATER, end="2024-10-29T09:20:00+01:00")))],
        ],
        refused=[
            ([search(found(slot(status="busy")))], ["1 Bundle.entry[0].resource.status"]),
            ([search(found(slot(end=None)))], ["1 Bundle.entry[0].resource.end"]),
            ([search(found(slot(end=START)))], ["1 Bundle.entry[0].resource.end"]),
            ([search(found(slot(start="2024-10-28T09:00:00")))], ["1 Bundle.entry[0].resource.start"]),
            ([search(start="2024-10-28T09:00:01+01:00")], ["1 Bundle.entry[0].resource.start"]),
            ([search(found(slot(start="2024-10-19T09:00:00Z")))], ["1 Bundle.entry[0].resource.start"]),
            ([sites(found(slot(end=None)))], ["1 Bundle.entry[0].resource.end"]),
        ],
        silent=[[search({}, 500)]],
    ),
    Case(
        "AGD-077",
        accepted=[[sites(found(slot()))], [sites(EMPTY)]],
        refused=[
            ([sites(found(slot(status="busy")))], ["1 Bundle.entry[0].resource.status"]),
            ([sites(found(slot(start="2024-11-28T09:00:00+01:00")))], ["1 Bundle.entry[0].resource.start"]),
            ([sites(found(slot(start="2024-10-19T09:00:00Z")))], ["1 Bundle.entry[0].resource.start"]),
        ],
        silent=[[search()], [sites({}, 400)]],
    ),
    Case(
        "AGD-072",
        accepted=[
            [search()],
            [opens(), search()],
            [opens(publics=["PUBLIC", "CPTS"]), search()],
            [sites(found(slot(meta=of("PUBLIC", "SNP"))))],
            # two slots at that time: nobody knows which one is shown
            [opens(), opens(publics=["PRO"]), search()],
        ],
        refused=[
            ([opens(publics=["PUBLIC", "SNP"]), search()], ["2 Bundle.entry[0].resource.meta.security"]),
            ([opens(reserve_patientele=True), search()], ["2 Bundle.entry[0].resource"]),
            ([search(found(slot(meta=None)))], ["1 Bundle.entry[0].resource.meta.security"]),
            ([search(found(slot(meta=of("TOUS"))))], ["1 Bundle.entry[0].resource.meta.security"]),
            ([sites(found(slot(meta=of("PRO"))))], ["1 Bundle.entry[0].resource.meta.security"]),
            ([opens(publics=["PUBLIC", "CPTS"]), cpts(slot())], ["2 Bundle.entry[0].resource.meta.security"]),
        ],
        silent=[[opens(), search(EMPTY)]],
    ),
    Case(
        "AGD-074",
        accepted=[
            [search()],
            [search(), page("/rendez-vous/l1?origin=sas")],
            [search(found(slot(comment=None, appointmentType={"coding": [{"code": "WALKIN"}]})))],
            # without `origin` the page is not the regulator's
            [search(), page("/rendez-vous/l1", status=404)],
        ],
        refused=[
            ([search(found(slot(comment=None)))], ["1 Bundle.entry[0].resource.comment"]),
            ([search(found(slot(comment="Appeler le cabinet")))], ["1 Bundle.entry[0].resource.comment"]),
            ([search(found(slot(comment="https://[cassé")))], ["1 Bundle.entry[0].resource.comment"]),
            ([search(), page("/rendez-vous/l1?origin=sas", status=400)], ["2 Slot.comment"]),
        ],
        silent=[[search(EMPTY), page("/autre?origin=sas", status=404)]],
    ),
    Case(
        "AGD-071",
        accepted=[
            [search()],
            [search(found(slot(), *practice("0990000017", structure=SIRET)))],
            [search(found(slot(), *practice(structure="499990000001001")))],
            [search(found(slot(), *practice(organization=None)))],
            [sites(found(slot(), SITE, community("399900000000017", "a")[1]))],
        ],
        refused=[
            ([search(found(slot(), *practice(ONE[1:])))], ["1 Bundle.entry[2].resource.identifier[0].value"]),
            (
                [search(found(slot(), *practice(structure=FINESS[1:])))],
                ["1 Bundle.entry[3].resource.organization.identifier.value"],
            ),
            (
                [search(found({"resourceType": "Practitioner", "identifier": [{"value": ONE}]}))],
                ["1 Bundle.entry[0].resource.identifier"],
            ),
            (
                [cpts(slot(), *community(FINESS[1:], "a"))],
                ["1 Bundle.entry[2].resource.identifier[0].value"],
            ),
            ([sites(found(community(FINESS, "a")[1]))], ["1 Bundle.entry[0].resource.identifier[0].value"]),
        ],
        silent=[[search({}, 404)]],
    ),
    Case(
        "AGD-073",
        accepted=[
            [search()],
            [search(found(slot(), slot("2", "2"), *practice(), *practice(at="2")))],
            [search(found(slot()), includes=())],
        ],
        refused=[
            ([search(found(slot(), *practice()[1:]))], ["1 Bundle.entry[0].resource.schedule"]),
            (
                [search(found(slot(), *practice()[:2]))],
                ["1 Bundle.entry[1].resource.actor"],
            ),
            (
                [search(found(slot(), slot("2", "2"), *practice(), {**practice()[0], "id": "2"}))],
                ["1 Bundle.entry[5].resource.actor"],
            ),
            ([search(found(slot(), *practice(contained=None)))], ["1 Bundle.entry[3].resource.location"]),
            ([search(found(slot(), *practice(), SITE))], ["1 Bundle.entry[4].resource"]),
        ],
        silent=[[sites(found(slot(), SITE))]],
    ),
    Case(
        "AGD-075",
        accepted=[[search()], [with_phone("+33199001234")], [with_phone("+262262991234")], [with_phone("+687991234")]],
        refused=[
            ([with_phone("01 99 00 12 34")], ["1 Bundle.entry[3].resource.telecom[0].value"]),
            ([with_phone("+330199001234")], ["1 Bundle.entry[3].resource.telecom[0].value"]),
            ([search(found(slot(comment=""), *practice()))], ["1 Bundle.entry[0].resource.comment"]),
            ([search(found(slot(serviceType=[{}]), *practice()))], ["1 Bundle.entry[0].resource.serviceType[0]"]),
            ([search(found(entry=[]))], ["1 Bundle.entry"]),
        ],
        silent=[[search({}, 500)]],
    ),
    Case(
        "AGD-076",
        accepted=[
            [cpts(slot())],
            [OF_TWO, cpts(SHARED, *COMMUNITIES)],
            [cpts(SHARED, *COMMUNITIES)],
        ],
        refused=[
            ([cpts(slot(meta=of("CPTS")))], ["1 Bundle.entry[0].resource.serviceType"]),
            (
                [cpts(slot(serviceType=to("HealthcareService/a")), *COMMUNITIES)],
                ["1 Bundle.entry[0].resource.serviceType[0]"],
            ),
            ([cpts(TO_ONE)], ["1 Bundle.entry[0].resource.serviceType[0].extension"]),
            ([OF_TWO, cpts(TO_ONE, *COMMUNITIES)], ["2 Bundle.entry[0].resource.serviceType"]),
        ],
        silent=[[search()], [sites(found(slot()))]],
    ),
    Case(
        "AGD-078",
        accepted=[
            [stranger(403)],
            [stranger(None, silence="tls")],
            [stranger(None, "sas-revoque", silence="coupure")],
            [stranger(None, "sas-plateforme", silence="tls", tls="TLS 1.1")],
        ],
        refused=[
            ([stranger(200)], ["1 connexion"]),
            ([stranger(302, "aucun")], ["1 connexion"]),
            ([stranger(200, "sas-plateforme", tls="TLS 1.1")], ["1 connexion"]),
            ([stranger(500)], ["1 connexion (SHOULD)"]),
        ],
        silent=[[search()], [stranger(200, "sas-plateforme")], [stranger(None, silence="delai")]],
    ),
]
