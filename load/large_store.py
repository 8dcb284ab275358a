"""`python -m load.large_store`: a person's agenda searched among a thousand appointments, then among a million.

The first thousand are written through the service; they are then copied in the store for other persons, with what
they are found by, since a million calls would measure patience. Prints JSON; the measures of the small store are
taken before and after, so that a machine that is busy with something else shows.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from load.bench import Paired, Sandbox
from load.generator import Measure, measure
from load.servers import served

SMALL, ROUNDS = 1_000, 6
MAKE = "mocks.servers.workers:make"
CLONED = """
INSERT INTO fhir_resources (space, id, version, current, deleted, updated, compartment, owner, body)
SELECT space, id || '-' || :copy, version, current, deleted, updated, compartment || '-' || :copy, owner, body
FROM fhir_resources WHERE space LIKE '%/Appointment' AND key <= :last ORDER BY key
"""
VALUES = """
INSERT INTO fhir_values (resource, param, ordinal, space, system, value, low, high, sought)
SELECT made.key, v.param, v.ordinal, v.space, v.system,
  CASE WHEN v.param LIKE '%identifier%' THEN v.value || '-' || :copy ELSE v.value END, v.low, v.high, v.sought
FROM fhir_values v JOIN fhir_resources r ON r.key = v.resource
JOIN fhir_resources made ON made.space = r.space AND made.id = r.id || '-' || :copy AND made.version = r.version
WHERE r.key <= :last AND made.key > :last
"""


def run(rows: int, seconds: float) -> dict[str, Any]:
    """Measure. rows: appointments of the large store. seconds: length of each of the measures, in turn on both."""
    with tempfile.TemporaryDirectory(prefix="banc-grand-") as folder:
        small, large = Path(folder) / "petite.sqlite", Path(folder) / "grande.sqlite"
        with served(MAKE, {"BANC_BASE": f"sqlite:///{small}"}) as url:
            sandbox = Sandbox(url)
            people = sandbox.group()
            sandbox.fill(people, SMALL // len(people))
        _save(small, large)
        stored = _copy(large, rows)
        found: dict[str, list[Measure]] = {"petite": [], "grande": []}
        with (
            served(MAKE, {"BANC_BASE": f"sqlite:///{small}"}) as one,
            served(MAKE, {"BANC_BASE": f"sqlite:///{large}"}) as other,
        ):
            for _ in range(ROUNDS):
                found["petite"].append(_searched(one, people, seconds))
                found["grande"].append(_searched(other, people, seconds))
    # The best of each: what the machine does meanwhile for somebody else only adds to it.
    least = {name: min(measure.percentile(0.5) for measure in measures) for name, measures in found.items()}
    return {
        "events_per_search": SMALL // len(people),
        "search_among_1000": [measure.as_json() for measure in found["petite"]],
        "search_among_many": {"appointments": stored, "measures": [one.as_json() for one in found["grande"]]},
        "times_slower_p50": round(least["grande"] / least["petite"], 3),
    }


def _searched(url: str, people: list[Paired], seconds: float) -> Measure:
    searches = [paired.search for paired in people]
    for paired in people:
        target = paired.search.split(b" ")[1].decode()
        found = httpx.get(url + target, headers=paired.headers, timeout=60, trust_env=False).json()["total"]
        if found != SMALL // len(people):
            raise RuntimeError(f"{SMALL // len(people)} appointments of one person expected, {found} found")
    measure(url, lambda rank: searches[rank % len(searches)], expect=200, requests=200, connections=1)
    # One call at a time: the time of a search, not that of a queue.
    return measure(url, lambda rank: searches[rank % len(searches)], expect=200, seconds=seconds, connections=1)


def _save(path: Path, aside: Path) -> None:
    """The store as it is now, what its log has not yet given to its file included."""
    with closing(sqlite3.connect(path)) as database, closing(sqlite3.connect(aside)) as kept:
        database.backup(kept)


def _copy(path: Path, rows: int) -> int:
    """Copy the appointments of the store until it holds so many; how many it holds."""
    with closing(sqlite3.connect(path)) as database:
        (last,) = database.execute("SELECT max(key) FROM fhir_resources").fetchone()
        for copy in range(1, rows // SMALL):
            for statement in (CLONED, VALUES):
                database.execute(statement, {"copy": copy, "last": last})
            database.commit()
        counted = "SELECT count(*) FROM fhir_resources WHERE space LIKE '%/Appointment' AND current = 1"
        return int(database.execute(counted).fetchone()[0])


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="appointments in the large store")
    parser.add_argument("--seconds", type=float, default=10, help="length of each measure")
    options = parser.parse_args()
    print(json.dumps(run(options.rows, options.seconds), indent=1))


if __name__ == "__main__":
    main()
