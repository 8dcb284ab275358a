"""`python -m tests.mocks.dmp.deposits_bench`: large documents deposited by several clients at once (TD2.1a, MTOM).

Prints JSON: what was lost or doubled (read back from the service), how much memory the service took at most, and how
many times a deposit costs what it costs to read the same bytes and insert them (load/bare.py), in the same run and on
the same server. Messages are made and signed beforehand, a batch at a time, so that the client takes no part in it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from load.generator import Measure, measure, request
from load.servers import Program, granian
from mocks.pki import Pki
from mocks.pki.kit import struct_idnats
from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import PROVIDE, Dui, mtom, provided

PEOPLE = 10
B64 = 4 / 3  # a PDF stands in a CDA in base64


@dataclass
class Depositors:
    """Products of one structure, one for each of these persons. octets: size of a document."""

    http: httpx.Client
    url: str
    octets: int
    sent: int = 0

    def __post_init__(self) -> None:
        pki, structure = Pki(), struct_idnats()["finess"]
        self._admin("PUT", "dmp/confiance", {"autorites": pki.trusted.decode()})
        self.people: list[Dui] = []
        for _ in range(PEOPLE):
            person = self._admin("POST", "personnes", {})
            self.people.append(Dui(self.http, f"{self.url}/dmp", pki.get("signature"), person, structure))

    def batch(self, count: int) -> list[bytes]:
        """That many deposits, as they go on the wire."""
        return [self._deposit() for _ in range(count)]

    def balance(self) -> dict[str, Any]:
        """What the service keeps."""
        return self._admin("GET", "dmp/bilan")

    def _deposit(self) -> bytes:
        self.sent += 1
        pdf = b"%PDF-1.4\n" + random.Random(self.sent).randbytes(int(self.octets / B64))
        document = self.people[self.sent % PEOPLE].document(pdf=pdf)
        octets = document.octets
        given = document.with_(content=octets)
        submit = provided(docs.deposit([given]), {given.symbol: f"{given.symbol}@essai"})
        envelope = self.people[self.sent % PEOPLE].envelope(PROVIDE, submit)
        body, kind = mtom(envelope, {f"{given.symbol}@essai": octets})
        return request("POST", "/dmp/xds/repository", {"Content-Type": kind}, body)

    def _admin(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, f"{self.url}/_banc/tenants/defaut/{path}", json=body)
        answer.raise_for_status()
        return answer.json()


def measured(documents: int, octets: int, clients: int, batch: int = 100) -> dict[str, Any]:
    """Deposit that many documents of this size (bytes) by that many clients at once, in batches.

    Each batch is sent to the bare route as well. Raises UnexpectedAnswerError when a deposit is refused.
    """
    with _servers() as (bare, program), httpx.Client(timeout=60) as http:
        depositors = Depositors(http, program.url, octets)
        seconds = {"bare": 0.0, "deposit": 0.0}
        while depositors.sent < documents:
            messages = depositors.batch(min(batch, documents - depositors.sent))
            seconds["bare"] += _sent(bare.url, _elsewhere(messages), 201, clients).seconds
            seconds["deposit"] += _sent(program.url, messages, 200, clients).seconds
        balance = depositors.balance()
        return {
            "documents": documents,
            "octets": octets,
            "clients": clients,
            "kept": balance["documents"],
            "doubled": len(balance["doublons"]),
            "without_content": len(balance["sans_contenu"]),
            "wrong_digest": len(balance["empreintes_fausses"]),
            "deposits_per_second": round(documents / seconds["deposit"], 1),
            "bare_per_second": round(documents / seconds["bare"], 1),
            "times_the_bare_cost": round(seconds["deposit"] / seconds["bare"], 2),
            "highest_memory_mb": round(highest_memory_mb(program.pid), 1),
        }


@contextmanager
def _servers() -> Iterator[tuple[Program, Program]]:
    with tempfile.TemporaryDirectory(prefix="banc-depots-") as folder:
        bare_at, store = Path(folder) / "nu.sqlite", f"sqlite:///{Path(folder) / 'banc.sqlite'}"
        with (
            granian("load.bare:make", {"BANC_NU": str(bare_at)}) as bare,
            granian("mocks.servers.workers:make", {"BANC_BASE": store}) as program,
        ):
            _apart(bare, program)
            yield bare, program


def _apart(*programs: Program) -> None:
    """Servers on the first core, the generator on the others, where the machine has them."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) > 1:
        for program in programs:
            for process in _family(program.pid):
                os.sched_setaffinity(process.pid, {cores[0]})


def _elsewhere(messages: Sequence[bytes]) -> list[bytes]:
    return [one.replace(b"/dmp/xds/repository", b"/octets", 1) for one in messages]


def _sent(url: str, messages: Sequence[bytes], expect: int, clients: int) -> Measure:
    return measure(
        url, lambda rank: messages[rank], expect=expect, requests=len(messages), connections=min(clients, len(messages))
    )


def _family(pid: int) -> list[psutil.Process]:
    first = psutil.Process(pid)
    return [first, *first.children(recursive=True)]


def highest_memory_mb(pid: int) -> float:
    """The most memory (MB) that the hungriest process of a program has held so far; Linux only, else what it holds."""
    found = []
    for process in _family(pid):
        status = Path(f"/proc/{process.pid}/status")
        told = status.read_text() if status.exists() else ""
        line = next((one for one in told.splitlines() if one.startswith("VmHWM:")), "")
        found.append(int(line.split()[1]) * 1024 / 1e6 if line else process.memory_info().rss / 1e6)
    return max(found)


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--octets", type=int, default=1_000_000, help="size of a document")
    parser.add_argument("--clients", type=int, default=8, help="clients at once")
    options = parser.parse_args()
    print(json.dumps(measured(options.documents, options.octets, options.clients), indent=1))


if __name__ == "__main__":
    main()
