"""The product's own agenda under load: races for its slots, appointments at the busy hour, what is read in the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from harness.errors import ProductUnreachable, SetUpError
from harness.target import load_target, parse_target
from load import agenda_side
from load.ledger import Entry
from load.reconcile import Seen
from load.run import named_origins
from tests.load.command import TARGET, load, said

NUMBER = "899990000053"
NINE, TEN = "2026-12-01T09:00:00Z", "2026-12-01T10:00:00Z"


@pytest.mark.parametrize(("defect", "code"), [("", 0), ("agenda-sans-tour", 1)])
def test_each_slot_of_the_product_has_one_winner(tmp_path: Path, profiles: Path, defect: str, code: int) -> None:
    spoilt = ("--defaut", defect) if defect else ()
    options = ("--cible", TARGET, "--profils", profiles, "--strict", *spoilt)
    found, verdict, errors = load(tmp_path, "L6", *options)
    assert found == code, (verdict, errors)
    fallen = said(verdict).get("non conforme", [])
    if defect:
        assert any("pris deux fois" in one for one in fallen), verdict
    else:
        assert fallen == []
        assert verdict["chiffres"]["rendez_vous"] == {"accepte": 30, "refuse": 570}


def test_appointments_of_the_busy_hour_are_all_in_the_agenda(tmp_path: Path, profiles: Path) -> None:
    text = profiles.read_text(encoding="utf-8").replace('"agenda.creer" = 2', '"agenda.creer" = 97')
    profiles.write_text(text, encoding="utf-8")
    told = ("--cible", TARGET, "--profils", profiles, "--debit", 4, "--duree", 5)
    code, verdict, errors = load(tmp_path, "L2", *told, "--strict")
    assert code == 0, (verdict, errors)
    made = verdict["chiffres"]["par_action"]["agenda.creer"]["reponses"]["201"]
    assert made == verdict["chiffres"]["rendez_vous"]["accepte"] > 3


def test_a_product_that_cannot_be_told_when_a_professional_receives_is_not_loaded(
    tmp_path: Path, profiles: Path
) -> None:
    text = TARGET.read_text(encoding="utf-8") + '\n[actions]\nabsentes = ["declarer_disponibilites"]\n'
    (tmp_path / "cible.toml").write_text(text, encoding="utf-8")
    code, _, errors = load(tmp_path, "L6", "--cible", tmp_path / "cible.toml", "--profils", profiles)
    assert code == 2, errors
    assert "rien à charger" in errors
    assert "agenda" in errors


# -- what is read in the end


class Agenda(ThreadingHTTPServer):
    """An agenda that answers page by page. pages: bundles, by type searched; paths: what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, list[dict[str, Any]]] = {}
        self.asked: list[dict[str, list[str]]] = []

    @property
    def told(self) -> dict[str, Any]:
        """As the generator is told of it."""
        base = f"http://127.0.0.1:{self.server_port}/fhir"
        agenda = {"identifier": NUMBER, "schedule": NUMBER}
        return {"base": base, "headers": {"Authorization": "Bearer jeton"}, "agendas": [agenda]}

    def holds(self, kind: str, *pages: list[dict[str, Any]]) -> None:
        """Let a search of this type give these resources, page by page, each with a professional included."""
        included = {"resource": {"resourceType": "Practitioner"}, "search": {"mode": "include"}}
        self.pages[kind] = []
        for rank, page in enumerate(pages):
            entries = [{"resource": {"resourceType": kind, **one}, "search": {"mode": "match"}} for one in page]
            more = [{"relation": "next", "url": f"{self.told['base']}/{kind}?page={rank + 1}"}]
            links = more if rank + 1 < len(pages) else []
            self.pages[kind].append({"resourceType": "Bundle", "entry": [*entries, included], "link": links})


class _Handler(BaseHTTPRequestHandler):
    server: Agenda

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        query, pages = parse_qs(target.query), self.server.pages.get(target.path.rpartition("/")[2])
        self.server.asked.append({**query, "jeton": [self.headers["Authorization"]]})
        text = json.dumps(pages[int(query.get("page", ["0"])[0])] if pages else {}).encode()
        self.send_response(200 if pages else 503)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def agenda() -> Iterator[Agenda]:
    with Agenda() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def event(value: str, start: str, status: str = "booked") -> dict[str, Any]:
    return {"identifier": [{"system": "urn:s", "value": value}], "start": start, "status": status}


def slot(id_: str, start: str) -> dict[str, Any]:
    return {"id": id_, "start": start, "end": start}


def test_every_page_of_the_agenda_is_read_and_nothing_that_comes_along(agenda: Agenda) -> None:
    agenda.holds("Appointment", [event("1", "2026-12-01T10:00:00+01:00")], [event("2", TEN, "cancelled"), {}])
    assert agenda_side.held(agenda.told) == [
        Seen("urn:s|1", NUMBER, NINE, "booked"),
        Seen("urn:s|2", NUMBER, TEN, "cancelled"),
        Seen("", NUMBER, "", ""),
    ]
    first = agenda.asked[0]
    assert (first["practitioner.identifier"], first["jeton"]) == (
        [f"urn:oid:1.2.250.1.71.4.2.1|{NUMBER}"],
        ["Bearer jeton"],
    )


def test_a_slot_that_was_won_and_is_still_free_is_seen(agenda: Agenda) -> None:
    agenda.holds("Slot", [slot("c1", NINE), slot("c2", TEN)])
    won = Entry("s|1", "agenda", NUMBER, NINE, "booked", "accepte", "c1")
    lost = Entry("s|2", "agenda", NUMBER, TEN, "booked", "refuse", "c2")
    assert agenda_side.offered_still(agenda.told, [won, lost]) == ["c1"]
    agenda.holds("Slot", [slot("c2", TEN)])
    assert agenda_side.offered_still(agenda.told, [won, lost]) == []
    assert agenda.asked[0]["status"] == ["free"]


def test_a_race_needs_a_slot_for_each_round(agenda: Agenda) -> None:
    agenda.holds("Slot", [slot("c2", TEN), slot("c1", NINE)])
    (first,), (second,) = agenda_side._rounds(agenda.told, 2)
    assert (first["id"], second["id"], first["schedule"]) == ("c1", "c2", NUMBER)
    with pytest.raises(SetUpError, match="3 créneaux libres par professionnel ; le produit en offre 2"):
        agenda_side._rounds(agenda.told, 3)


def test_an_agenda_that_cannot_be_read_is_no_verdict(agenda: Agenda) -> None:
    with pytest.raises(ProductUnreachable, match="ne se lit pas"):
        agenda_side.held(agenda.told)


def test_a_load_may_go_where_the_target_says_that_the_product_serves() -> None:
    text = TARGET.read_text(encoding="utf-8")
    text = text.replace('base_url = "/agenda/fhir"', 'base_url = "https://agenda.editeur.test/fhir"')
    assert named_origins(parse_target(text, TARGET)) == {"https://agenda.editeur.test"}
    assert named_origins(load_target(TARGET)) == frozenset()
