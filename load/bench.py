"""`make bench`: how fast the sandbox is, as ratios to a ceiling measured in the same run on the same server.

Prints JSON. Ceiling: a bare Flask route that inserts one row (load/bare.py). Measured: creation of an Appointment
(two tokens checked, validated, stored, indexed, journaled, committed), search of a person's agenda, and the same
search with a large store; a code of Pro Santé Connect redeemed (load/tokens_bench.py). Then how resources are judged
(load/profiles_bench.py).
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from load import profiles_bench, tokens_bench
from load.generator import Measure, measure, request
from load.servers import served

OID = "1.2.250.1.999.9"
FINALITIES = ["AGENDA_ECRITURE", "AGENDA_LECTURE"]
SEARCHED = 3  # events of each person whose agenda is searched, a week's: the same answer whatever the size of the store
OTHERS = 100  # events of each of the others


@dataclass(frozen=True, slots=True)
class Paired:
    """A person paired with the measured client, and the headers of its calls."""

    patient: dict[str, str]
    headers: dict[str, str]

    @property
    def search(self) -> bytes:
        """The search of this person's agenda."""
        token = f"{self.patient['system']}%7C{self.patient['value']}"
        return request("GET", f"/mes/fhir/Appointment?patient.identifier={token}", self.headers)


class Sandbox:
    """The measured sandbox, prepared through its admin API."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._admin = httpx.Client(base_url=f"{url}/_banc/tenants/defaut", timeout=30)
        self.created = 0
        self._post(
            "mes/services",
            oid=OID,
            nom="Mesure",
            editeur="banc",
            client_id="mesure",
            client_secret="banc-cs-mesure-de-la-vitesse",
            redirect_uris=["https://mesure.test/retour"],
            url_synchronisation="https://mesure.test/",
            statut="EN_LIGNE",
        )

    def pair(self) -> Paired:
        """A fresh person, paired."""
        person = self._post("personnes")["id"]
        tokens = self._post(f"mes/usagers/{person}/appariements", finalites=FINALITIES, base=f"{self.url}/mes")
        headers = {"Authorization": f"Bearer {tokens['access_token']}", "ID_TOKEN": tokens["id_token"]}
        return Paired({"system": f"urn:oid:{tokens['assign_auth']}", "value": tokens["idpe"]}, headers)

    def group(self) -> list[Paired]:
        """Twenty fresh persons, paired."""
        return [self.pair() for _ in range(20)]

    def fill(self, people: Sequence[Paired], each: int) -> None:
        """Create the events of these people."""
        measure(self.url, lambda _: self.creation(people), expect=201, requests=each * len(people))

    def creation(self, people: Sequence[Paired]) -> bytes:
        """The next creation, for each person in turn."""
        self.created += 1
        paired = people[self.created % len(people)]
        body = json.dumps(appointment(self.created, paired.patient)).encode()
        return request(
            "POST", "/mes/fhir/Appointment", {**paired.headers, "Content-Type": "application/fhir+json"}, body
        )

    def _post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self._admin.post(path, json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def appointment(number: int, patient: dict[str, str]) -> dict[str, Any]:
    """A plain visit of half an hour, two kilobytes as products send them."""
    day, half = 1 + number % 28, number % 20
    start = f"2026-03-{day:02d}T{8 + half // 2:02d}:{30 * (half % 2):02d}:00+01:00"
    end = f"2026-03-{day:02d}T{8 + (half + 1) // 2:02d}:{30 * ((half + 1) % 2):02d}:00+01:00"
    practitioner = {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "899990000053"}
    return {
        "resourceType": "Appointment",
        "meta": {"profile": ["https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-appointment"]},
        "identifier": [{"system": f"urn:oid:{OID}", "value": f"rdv-{number}"}],
        "status": "booked",
        "description": "Séance de kinésithérapie au domicile de la personne",
        "start": start,
        "end": end,
        "minutesDuration": 30,
        "created": "2026-02-20T10:00:00+01:00",
        "comment": "Prévoir l'ordonnance et le carnet de liaison. " * 20,
        "participant": [
            {"actor": {"type": "Patient", "identifier": patient}, "required": "required", "status": "accepted"},
            {
                "actor": {"type": "Practitioner", "identifier": practitioner, "display": "Mme Ève Brûlé"},
                "required": "required",
                "status": "accepted",
            },
        ],
    }


def run(seconds: float, large: int) -> dict[str, Any]:
    """All measures. seconds: length of each. large: number of appointments of the large store."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    server_core = cores[0] if len(cores) > 1 else None
    if server_core is not None:
        os.sched_setaffinity(0, set(cores[1:]))
    with tempfile.TemporaryDirectory(prefix="banc-mesure-") as folder:
        bare_at, store = Path(folder) / "nu.sqlite", f"sqlite:///{Path(folder) / 'banc.sqlite'}"
        with (
            served("load.bare:make", {"BANC_NU": str(bare_at)}, core=server_core) as bare,
            served("mocks.servers.workers:make", {"BANC_BASE": store}, core=server_core) as url,
        ):
            return _measured(bare, Sandbox(url), seconds, large)


def _measured(bare_url: str, sandbox: Sandbox, seconds: float, large: int) -> dict[str, Any]:
    people = sandbox.group()
    row = json.dumps(appointment(0, people[0].patient)).encode()
    inserted = request("POST", "/rows", {"Content-Type": "application/json"}, row)

    def bare() -> Measure:
        return measure(bare_url, lambda _: inserted, expect=201, seconds=seconds)

    def search() -> Measure:
        return measure(sandbox.url, lambda rank: people[rank % len(people)].search, expect=200, seconds=seconds)

    sandbox.fill(people, SEARCHED)
    ceiling, small = bare(), search()
    others, again = sandbox.group(), bare()
    created = measure(sandbox.url, lambda _: sandbox.creation(others), expect=201, seconds=seconds)
    while sandbox.created < large:
        sandbox.fill(sandbox.group(), OTHERS)
    among_many = search()
    redeemed, last = tokens_bench.redeemed(sandbox.url), bare()
    return {
        "bare_insert": [ceiling.as_json(), again.as_json(), last.as_json()],
        "create_appointment": {**created.as_json(), "ratio_to_bare": round(created.rate / again.rate, 3)},
        "redeem_code": {**redeemed.as_json(), "ratio_to_bare": round(redeemed.rate / last.rate, 3), **_signing(last)},
        "events_per_search": SEARCHED,
        "search_by_person": {**small.as_json(), "ratio_to_bare": round(small.rate / ceiling.rate, 3)},
        "search_by_person_in_large_store": {
            **among_many.as_json(),
            "appointments": sandbox.created,
            "times_slower": round(small.rate / among_many.rate, 3),
        },
    }


def _signing(bare: Measure) -> dict[str, float]:
    """What the signature leaves possible: the ratio of a bare route that would do nothing else than sign."""
    signature = tokens_bench.signature_us()
    return {"signature_us": round(signature, 1), "highest_ratio": round(1 / (1 + signature * 1e-6 * bare.rate), 3)}


def main() -> None:
    """Entry point of `make bench`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="length of each measure")
    parser.add_argument("--large", type=int, default=100_000, help="appointments in the large store")
    options = parser.parse_args()
    print(json.dumps({**run(options.seconds, options.large), "profiles": profiles_bench.measured()}, indent=1))


if __name__ == "__main__":
    main()
