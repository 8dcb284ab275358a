"""For each invariant of our table: values of its type on which it holds, and values on which it does not.

Written by hand from the text of the rule, a third opinion beside the predicate and the FHIRPath.
"""

from __future__ import annotations

from typing import Any

Truths = dict[str, tuple[list[Any], list[Any]]]

FR = "https://hl7.fr/ig/fhir/core/StructureDefinition/"
NOS = "https://mos.esante.gouv.fr/NOS/"
SDO_INPUT = "https://interop.esante.gouv.fr/ig/fhir/sdo/CodeSystem/input-task-sdo-codesystem"
STATUS = f"{NOS}TRE_R357-StatutPersonnePriseCharge/FHIR/TRE-R357-StatutPersonnePriseCharge"
REASON = f"{NOS}TRE_R358-MotifStatutPersonnePriseCharge/FHIR/TRE-R358-MotifStatutPersonnePriseCharge"
TEMPLATE = "https://interop.esante.gouv.fr/ig/fhir/ror/StructureDefinition/ror-meta-questionnaire-used-as-a-template"
ACTS = f"{NOS}TRE_R210-ActeSpecifique/FHIR/TRE-R210-ActeSpecifique"
ABSENT = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}
START, END = "2026-07-06T14:00:00+02:00", "2026-07-06T14:30:00+02:00"
KG = {"value": 61.5, "unit": "kg"}
CODE = {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]}


def of(resource_type: str, **elements: Any) -> dict[str, Any]:
    """Return a resource."""
    return {"resourceType": resource_type, **elements}


def appointment(**elements: Any) -> dict[str, Any]:
    """Return an Appointment, booked with both its ends unless they are given as None."""
    whole = {"status": "booked", "start": START, "end": END, **elements}
    return of("Appointment", **{k: v for k, v in whole.items() if v is not None})


def patch(verb: str, index: int | None = None, value: str = "") -> dict[str, Any]:
    """Return an operation of a FHIRPath Patch."""
    parts: list[dict[str, Any]] = [{"name": "type", "valueCode": verb}, {"name": "path", "valueString": "Organization"}]
    parts += [{"name": "index", "valueInteger": index}] if index is not None else []
    return {"name": "operation", "part": [*parts, *([{"name": "value", "valueString": value}] if value else [])]}


def bundle(kind: str, *entries: Any, **elements: Any) -> dict[str, Any]:
    """Return a Bundle."""
    return of("Bundle", type=kind, **elements, **({"entry": list(entries)} if entries else {}))


def entry(**elements: Any) -> dict[str, Any]:
    """Return an entry that holds a Slot."""
    return {"resource": of("Slot", id="s1"), **elements}


def holding(*inner: Any, **elements: Any) -> dict[str, Any]:
    """Return a Slot with contained resources."""
    return of("Slot", contained=list(inner), **elements)


def reliability(status: str, *systems: str) -> dict[str, Any]:
    """Return a Patient with an identity status and identifiers."""
    part = {"url": "identityStatus", "valueCoding": {"code": status}}
    extension = {"url": f"{FR}fr-core-identity-reliability", "extension": [part]}
    return of("Patient", extension=[extension], identifier=[{"system": s, "value": "1"} for s in systems])


def task(*inputs: tuple[str, str, str]) -> dict[str, Any]:
    """Return a Task with inputs (name, system, code)."""
    rows = [
        {
            "type": {"coding": [{"system": SDO_INPUT, "code": name}]},
            "valueCodeableConcept": {"coding": [{"system": system, "code": code}]},
        }
        for name, system, code in inputs
    ]
    return of("Task", input=rows)


def document(code: str, title: str, **attachment: Any) -> dict[str, Any]:
    """Return a DocumentReference with a type and an attachment."""
    kind = {"coding": [{"system": "http://loinc.org", "code": code}]}
    return of("DocumentReference", type=kind, content=[{"attachment": {"title": title, **attachment}}])


UNIT = [
    (n, "urn:x", "1") for n in ("idUnite", "nomUnite", "categorieOrganisation", "modePriseCharge", "dateStatutUnite")
]
ACT_TYPE = {"url": "https://interop.esante.gouv.fr/ig/fhir/ror/StructureDefinition/ror-act-type", "valueCode": "x"}

TRUTHS: Truths = {
    "app-1": ([{"type": [CODE]}, {"actor": {"reference": "Patient/1"}}], [{"status": "accepted"}]),
    "app-2": ([appointment(), appointment(start=None, end=None)], [appointment(end=None), appointment(start=None)]),
    "app-3": (
        [appointment(), *(appointment(status=s, start=None, end=None) for s in ("proposed", "cancelled", "waitlist"))],
        [appointment(start=None, end=None), appointment(status="noshow", start=None, end=None)],
    ),
    "app-4": (
        [appointment(), appointment(status="cancelled", cancelationReason=CODE)],
        [appointment(cancelationReason=CODE), appointment(status="proposed", cancelationReason=CODE)],
    ),
    "app-4-noshow": (
        [appointment(status="noshow"), appointment(status="cancelled", cancelationReason=CODE)],
        [appointment(status="noshow", cancelationReason=CODE)],
    ),
    "att-1": ([{"url": "urn:x"}, {"data": "YWJj", "contentType": "text/plain"}], [{"data": "YWJj"}]),
    "bdl-1": (
        [bundle("searchset", total=0), bundle("history", total=0), bundle("collection")],
        [bundle("collection", total=0), bundle("transaction", total=1)],
    ),
    "bdl-2": (
        [bundle("searchset", entry(search={"mode": "match"})), bundle("collection", entry())],
        [bundle("collection", entry(search={"mode": "match"}))],
    ),
    "bdl-3": (
        [bundle("transaction", entry(request={"method": "POST", "url": "Slot"})), bundle("collection", entry())],
        [bundle("transaction", entry()), bundle("collection", entry(request={"method": "POST", "url": "Slot"}))],
    ),
    "bdl-4": (
        [bundle("batch-response", entry(response={"status": "201"})), bundle("collection", entry())],
        [bundle("transaction-response", entry()), bundle("searchset", entry(response={"status": "200"}))],
    ),
    "bdl-5": ([entry(), {"request": {"method": "GET", "url": "Slot"}}], [{"fullUrl": "urn:x"}]),
    "bdl-7": (
        [
            bundle("collection", entry(fullUrl="urn:a"), entry(fullUrl="urn:b"), entry(), entry()),
            bundle("history", entry(fullUrl="urn:a"), entry(fullUrl="urn:a")),
            bundle(
                "collection",
                entry(fullUrl="urn:a", resource=of("Slot", meta={"versionId": "1"})),
                entry(fullUrl="urn:a", resource=of("Slot", meta={"versionId": "2"})),
            ),
        ],
        [bundle("collection", entry(fullUrl="urn:a"), entry(fullUrl="urn:a"))],
    ),
    "bdl-8": (
        [entry(fullUrl="https://exemple.test/Slot/1")],
        [entry(fullUrl="https://exemple.test/Slot/1/_history/2")],
    ),
    "bdl-9": (
        [bundle("document", identifier={"system": "urn:x", "value": "1"}), bundle("collection")],
        [bundle("document"), bundle("document", identifier={"value": "1"})],
    ),
    "bdl-10": ([bundle("document", timestamp=START), bundle("collection")], [bundle("document")]),
    "bdl-11": (
        [bundle("document", {"resource": of("Composition")}, entry()), bundle("collection", entry())],
        [bundle("document", entry(), {"resource": of("Composition")})],
    ),
    "bdl-12": (
        [bundle("message", {"resource": of("MessageHeader")}), bundle("collection", entry())],
        [bundle("message", entry())],
    ),
    "cmp-1": (
        [{"text": {"status": "generated"}}, {"entry": [{"reference": "#a"}]}, {"section": [{}]}],
        [{"title": "x"}],
    ),
    "cpb-1": ([of("CapabilityStatement", rest=[{"mode": "server"}])], [of("CapabilityStatement", status="active")]),
    "cpb-2": ([of("CapabilityStatement", description="x")], [of("CapabilityStatement", status="active")]),
    "cpt-2": ([{"system": "phone", "value": "1"}, {"use": "work"}], [{"value": "1"}]),
    "ctm-1": (
        [
            {"member": {"reference": "Practitioner/1"}, "onBehalfOf": {"reference": "Organization/1"}},
            {"member": {"reference": "RelatedPerson/1"}},
        ],
        [{"member": {"reference": "RelatedPerson/1"}, "onBehalfOf": {"reference": "Organization/1"}}],
    ),
    "dom-2": ([holding(of("Slot", id="a"))], [holding(of("Slot", id="a", contained=[of("Slot", id="b")]))]),
    "dom-3": (
        [
            holding(of("Schedule", id="a"), schedule={"reference": "#a"}),
            holding(of("Slot", id="a", schedule={"reference": "#"})),
        ],
        [holding(of("Schedule", id="a")), holding(of("Schedule", id="a"), schedule={"reference": "#b"})],
    ),
    "dom-4": (
        [holding(of("Slot", id="a", meta={"profile": ["urn:x"]}))],
        [
            holding(of("Slot", id="a", meta={"versionId": "1"})),
            holding(of("Slot", id="a", meta={"lastUpdated": START})),
        ],
    ),
    "dom-5": ([holding(of("Slot", id="a"))], [holding(of("Slot", id="a", meta={"security": [{"code": "R"}]}))]),
    "event-subject": (
        [
            of("CommunicationRequest", subject={"reference": "#p"}),
            of("CommunicationRequest", about=[{"reference": "#p"}]),
        ],
        [
            of("CommunicationRequest", status="active"),
            of("CommunicationRequest", subject={"reference": "#p"}, about=[{"reference": "#p"}]),
        ],
    ),
    "fr-core-1": (
        [reliability("PROV"), reliability("VALI", "urn:oid:1.2.250.1.213.1.4.8"), of("Patient", active=True)],
        [reliability("VALI"), reliability("VALI", "urn:oid:1.2.3")],
    ),
    "FINESS-invariant": ([{"value": "1990000010"}], [{"value": "990000010"}, {"value": "19900000101"}]),
    "inv-1": (
        [{"valueString": "x"}, {"resource": of("Slot")}, {"part": [{}]}],
        [{"name": "x"}, {"valueString": "x", "part": [{}]}],
    ),
    "lst-1": ([of("List", emptyReason=CODE), of("List", entry=[{}])], [of("List", emptyReason=CODE, entry=[{}])]),
    "lst-2": (
        [of("List", mode="changes", entry=[{"deleted": True}]), of("List", mode="working", entry=[{"date": START}])],
        [of("List", mode="working", entry=[{"deleted": True}])],
    ),
    "lst-3": (
        [of("List", mode="working", entry=[{"date": START}]), of("List", mode="snapshot")],
        [of("List", mode="snapshot", entry=[{"date": START}])],
    ),
    "mhd-startswithoid": ([{"value": "urn:oid:1.2.3"}], [{"value": "urn:uuid:1"}, {"value": "1.2.3"}]),
    "mhd-startswithuuid": ([{"value": "urn:uuid:1"}], [{"value": "urn:oid:1.2.3"}]),
    "obs-3": ([{"low": KG}, {"high": KG}, {"text": "x"}], [{"appliesTo": [CODE]}]),
    "obs-6": (
        [of("Observation", dataAbsentReason=CODE), of("Observation", valueQuantity=KG)],
        [of("Observation", dataAbsentReason=CODE, valueQuantity=KG)],
    ),
    "obs-7": (
        [of("Observation", code=CODE, component=[{"code": CODE}]), of("Observation", code=CODE, valueQuantity=KG)],
        [of("Observation", code=CODE, valueQuantity=KG, component=[{"code": CODE}])],
    ),
    "org-1": (
        [of("Organization", name="x"), of("Organization", identifier=[{"value": "1"}])],
        [of("Organization", active=True)],
    ),
    "org-2": (
        [of("Organization", address=[{"use": "work"}])],
        [of("Organization", address=[{"use": "work"}, {"use": "home"}])],
    ),
    "org-3": ([of("Organization", telecom=[{"use": "work"}])], [of("Organization", telecom=[{"use": "home"}])]),
    "pat-1": ([{"name": {"text": "x"}}, {"telecom": [{"value": "1"}]}], [{"gender": "female"}]),
    "per-1": (
        [{"start": START}, {"start": START, "end": END}, {"start": "2026-07-06", "end": "2026-07-06"}],
        [{"start": END, "end": START}, {"start": "2026-07-07", "end": "2026-07-06"}],
    ),
    "qty-3": ([{"value": 1}, {"system": "urn:x", "code": "kg"}], [{"code": "kg"}]),
    "rng-2": (
        [{"low": KG}, {"low": {"value": 1}, "high": {"value": 2}}],
        [{"low": {"value": 2}, "high": {"value": 1}}],
    ),
    "req-met": (["POST", "PUT"], ["GET", "DELETE"]),
    "req-met-1": (["POST", "PUT"], ["GET", "DELETE"]),
    "SIRET-invariant": ([{"value": "334567890100011"}], [{"value": "34567890100011"}]),
    "vs-1": (
        [of("Observation", effectiveDateTime="2026-07-06"), of("Observation", effectiveDateTime=START)],
        [of("Observation", effectiveDateTime="2026-07")],
    ),
    "vs-2": (
        [
            of("Observation", valueQuantity=KG),
            of("Observation", dataAbsentReason=CODE),
            of("Observation", component=[{}]),
        ],
        [of("Observation", status="final")],
    ),
    "vs-3": ([{"valueQuantity": KG}, {"dataAbsentReason": CODE}], [{"code": CODE}]),
    "regle-StatutUnite": (
        [task(("statutUnite", STATUS, "180"), *UNIT), task(("statutESMS", STATUS, "37"))],
        [task(("statutUnite", STATUS, "180"), *UNIT[1:])],
    ),
    "sdo-niveau-statut": (
        [task(("statutESMS", STATUS, "37")), task(("statutUnite", STATUS, "180"))],
        [task(("statutESMS", STATUS, "180")), task(("statutUnite", STATUS, "37"))],
    ),
    "sdo-motif-hors-liste": (
        [task(("statutESMS", STATUS, "51"), ("motifESMS", REASON, "92")), task(("motifESMS", REASON, "1"))],
        [task(("statutESMS", STATUS, "49"), ("motifESMS", REASON, "92"))],
    ),
    "sdo-motif-incoherent": ([task(("motifESMS", REASON, "1"))], [task(("motifESMS", REASON, "100"))]),
    "regle-NomPieceJointe-type": (
        [document("57830-2", "Document Individu et décision"), document("11488-4", "Lettre")],
        [document("57830-2", "Document évaluation"), document("51848-0", "Lettre")],
    ),
    "regle-Contenu": ([document("11488-4", "Lettre", data="YWJj")], [document("11488-4", "Lettre")]),
    "ror-questionnaire-version-required": (
        [{"url": TEMPLATE, "valueCanonical": "urn:q|1.0"}, {"url": "urn:x", "valueCanonical": "urn:q"}],
        [{"url": TEMPLATE, "valueCanonical": "urn:q"}],
    ),
    "mss-adresse": (
        [{"value": "lea.essai@ems.test.mssante.fr"}, {"value": "lea@interop-mssante.apicrypt.org"}],
        [{"value": "lea.essai@mssante.fr"}, {"value": "lea@exemple.fr"}, {"value": "ems.test.mssante.fr"}],
    ),
    "mss-maj-valeur": (
        [patch("insert", index=1, value="x"), patch("replace", value="x"), patch("delete")],
        [patch("insert", index=1), patch("replace"), patch("delete", value="x")],
    ),
    "mss-maj-index": (
        [patch("insert", index=1, value="x"), patch("replace", value="x"), patch("delete")],
        [patch("insert", value="x"), patch("replace", index=1, value="x")],
    ),
    "ror-systeme-https": ([{"system": "https://sirene.fr"}, {"value": "1"}], [{"system": "http://sirene.fr"}]),
    "ror-type-acte": (
        [{"coding": [{"system": ACTS, "code": "1"}], "extension": [ACT_TYPE]}, {"coding": [{"system": "urn:x"}]}],
        [{"coding": [{"system": ACTS, "code": "1"}]}, {"coding": [{"system": "urn:x"}], "extension": [ACT_TYPE]}],
    ),
}
"""key -> (values on which it holds, values on which it does not)"""
