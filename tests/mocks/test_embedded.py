"""In the same process as on a socket: what httpx sends reaches the service as it stands."""

import subprocess
import sys

import httpx
import pytest

from mocks.sandbox import Sandbox
from tests.mocks.toy import TOY

T = "/_banc/tenants/defaut"


@pytest.mark.parametrize("door", ["embedded", "socket"])
@pytest.mark.parametrize(
    ("header", "seen"), [("café".encode("latin-1"), "café"), ("œ".encode(), "Å\x93"), (b"\xff\xfe", "ÿþ")]
)
def test_a_header_outside_ascii_reaches_the_service_as_latin_1(door: str, header: bytes, seen: str) -> None:
    sandbox = Sandbox(services=[TOY])
    headers = {b"X-Remarque": header, b"Struct_IdNat": b"3999"}
    with sandbox.embedded() as router, sandbox.serve() as server:
        router.route(host="127.0.0.1").pass_through()
        root = "https://banc.test" if door == "embedded" else server.url
        with httpx.Client(base_url=root, trust_env=False) as client:
            assert client.post("/toy/notes", headers=headers).status_code == 201
            (entry,) = client.get(f"{T}/echanges").json()["echanges"]
    assert ["X-Remarque", seen] in entry["request"]["headers"]
    assert ["Struct-Idnat", "3999"] in entry["request"]["headers"]
    sandbox.close()


@pytest.mark.parametrize(("path", "status"), [("/toy/notes/caf%C3%A9", 501), ("/toy/notes/%E2%82%AC%FF", 501)])
def test_a_path_outside_ascii_is_journaled_as_received(path: str, status: int) -> None:
    sandbox = Sandbox(services=[TOY])
    with sandbox.embedded(), httpx.Client(base_url="https://banc.test") as client:
        assert client.get(path).status_code == status
        (entry,) = client.get(f"{T}/echanges").json()["echanges"]
    assert entry["request"]["target"] == path
    sandbox.close()


FRESH = """
import subprocess
import sys

import httpx
from mocks.sandbox import Sandbox
from tests.mocks.toy import TOY
sandbox = Sandbox(services=[TOY])
with sandbox.embedded():
    print(httpx.post("https://banc.test/_banc/tenants/defaut/personnes").status_code)
sandbox.close()
"""


def test_there_are_people_whatever_the_service_imports() -> None:
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("201\n", "")
