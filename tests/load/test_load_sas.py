"""The SAS platform as a load: the reference product in time, a stand-in that is once beyond the seven seconds."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.load.command import TARGET, load, said

CIBLE = """
[produit]
nom = "Serveur d'essai"
version = "1"
editeur = "essai"
type = "dui"

[pilote]
type = "http"
url = "{url}/pilote"

[bac_a_sable]
mode = "local"

[revendications]
blocs = ["sas"]

[mes]
oid = "1.2.250.1.999.13"
redirect_uri = "{url}/retour"
client_id = "essai"
client_secret = "banc-cs-essai"

[sas]
base_url = "{url}/sas"
"""


class Slow(ThreadingHTTPServer):
    """A product that knows slots only; searches: queries received; late: ranks of those that take too long."""

    daemon_threads = True
    late: frozenset[int] = frozenset()

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.searches: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Slow

    def do_GET(self) -> None:
        if urlsplit(self.path).path == "/pilote/actions":
            return self._answer({"actions": ["ouvrir_creneaux_sas"]})
        self.server.searches.append(self.path)
        if len(self.server.searches) - 1 in self.server.late:
            time.sleep(7.3)
        return self._answer({"resourceType": "Bundle", "type": "searchset", "total": 0})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer({"creneaux": [f"c{rank}" for rank in range(len(asked["creneaux"]))]})

    def _answer(self, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[Slow]:
    with Slow() as server:
        (tmp_path / "cible.toml").write_text(CIBLE.format(url=server.url), encoding="utf-8")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("late", "code"), [((), 0), ((5,), 1)])
def test_seven_seconds_is_the_limit_that_accuses(
    tmp_path: Path,
    profiles: Path,
    stand_in: Slow,
    late: tuple[int, ...],
    code: int,
) -> None:
    stand_in.late = frozenset(late)
    found, verdict, errors = load(tmp_path, "L1", "--profils", profiles, "--debit", 5, "--duree", 4)
    assert found == code, errors
    assert bool(late) == any("max de sas.creneaux 7." in one for one in said(verdict).get("non conforme", ()))
    queries = [dict(parse_qsl(urlsplit(target).query)) for target in stand_in.searches]
    counts = [len(query["schedule.actor:Practitioner.identifier"].split(",")) for query in queries]
    assert len(queries) == 20
    assert min(counts) >= 1
    assert max(counts) <= 25
    assert all(query["status"] == "free" and query["start"].startswith("le") for query in queries)


@pytest.mark.parametrize("profile", ["L1", "L2"])
def test_the_reference_product_answers_the_platform_in_time(tmp_path: Path, profiles: Path, profile: str) -> None:
    told = ("--cible", TARGET, "--profils", profiles, "--debit", 4, "--duree", 5)
    code, verdict, errors = load(tmp_path, profile, *told)
    assert code == 0, errors
    assert "non conforme" not in said(verdict)
    assert verdict["chiffres"]["par_action"]["sas.creneaux"]["reponses"].keys() == {"200"}
