"""A plan run in memory finds what the database finds: the same searches, on the same resources, by both."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mocks.fhir import FhirEndpoint, Repository, Scope, date, reference, string, token
from mocks.fhir.search import memory
from mocks.fhir.search.memory import Held
from mocks.fhir.search.params import Reading, plan_for
from mocks.fhir.search.values import Extractor
from mocks.sandbox import Sandbox

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
DOCUMENTS = FhirEndpoint(
    "DocumentReference",
    search=(
        token("identifier"),
        token("status"),
        token("type"),
        string("description"),
        string("author.given", "description"),  # a name with a dot
        date("date"),
        date("period", "context.period"),
        reference("patient", "Patient", path="subject"),
    ),
)
RESOURCES = [
    {
        "resourceType": "DocumentReference",
        "id": f"d{rank}",
        "identifier": [{"system": "urn:x", "value": str(rank)}],
        "status": "current" if rank % 2 else "superseded",
        "type": {"coding": [{"system": "http://loinc.org", "code": f"c{rank % 3}"}]},
        "description": text,
        "subject": {"reference": f"Patient/p{rank % 2}", "identifier": {"system": "urn:ins", "value": f"{rank % 2}"}},
        "context": {"period": {"start": f"2026-01-{10 + rank}", "end": f"2026-01-{12 + rank}"}},
        **({} if rank == 3 else {"date": f"2026-01-{20 - rank}T08:00:00Z"}),
    }
    for rank, text in enumerate(["Évaluation 100 %", "évaluation_du", "Projet", "PPA \\ suite", "Bilan", "Élan"])
]
QUERIES = [
    "identifier=urn:x|2", "identifier=2", "identifier=|2", "identifier=urn:x|", "status=current,superseded",
    "status:not=current", "type=http://loinc.org|c1", "type=c1,c2", "description=éval",
    "description:exact=Projet", "description:contains=0 %", "description:contains=_",
    "description:contains=\\\\", "author.given=pro", "date=2026-01-18", "date=ge2026-01-18",
    "date=lt2026-01-18", "date=ne2026-01-18", "date=ap2026-01-18", "date:missing=true", "period=ge2026-01-14",
    "period=sa2026-01-13", "period=eb2026-01-14", "patient=p1", "patient=Patient/p0",
    "patient:identifier=urn:ins|1", "patient.identifier=1", "_id=d1,d4", "_lastUpdated=gt2020-01-01",
    "_lastUpdated=lt2020-01-01",
]  # fmt: skip
SORTS = ["", "date", "-date", "status,-date", "-_id", "_lastUpdated,-_id", "description"]


@pytest.mark.parametrize("sort", SORTS)
def test_memory_finds_what_the_database_finds(store_url: str, sort: str) -> None:
    sandbox = Sandbox(store_url, services=[])
    repository, extractor = Repository("essai", [DOCUMENTS]), Extractor(DOCUMENTS)
    try:
        with sandbox.store.session("t") as session:
            session.begin()
            kept = [repository.put(session, "t", one, Scope(), NOW) for one in RESOURCES]
            held = [Held(one, extractor.rows(one.resource)) for one in kept]
            for query in QUERIES:
                name, _, value = query.partition("=")
                reading = Reading(repository.endpoints, DOCUMENTS.type, strict=True, now=NOW)
                plan = plan_for(reading, [(name, value)], Scope(), sort)
                expected = [one.id for one in repository.run(session, "t", DOCUMENTS.type, plan)]
                assert [one.id for one in memory.run(plan, held)] == expected, query
            session.rollback()
    finally:
        sandbox.close()
