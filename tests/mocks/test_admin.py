import threading
from pathlib import Path

import httpx
import jsonschema
import orjson
import pytest

from mocks.sandbox import Sandbox
from tests.mocks.toy import TOY

T = "/_banc/tenants/defaut"


def test_state_and_services(client: httpx.Client) -> None:
    assert client.get("/_banc/etat").json()["pret"] is True
    (service,) = client.get("/_banc/services").json()["services"]
    assert service["base"] == "https://banc.test/toy"
    assert service["base_nationale"] == "https://toy.banc.test"


def test_index_page_lists_services_in_french(client: httpx.Client) -> None:
    page = client.get("/").text
    assert '<html lang="fr">' in page
    assert "https://banc.test/toy" in page


def test_tenants_do_not_see_each_other(client: httpx.Client) -> None:
    made = client.post("/_banc/tenants", json={"nom": "autre"})
    assert (made.status_code, made.json()["bases"]["toy"]) == (201, "https://banc.test/t/autre/toy")
    client.post("/t/autre/toy/notes", content=b"a")
    assert len(client.get("/_banc/tenants/autre/echanges").json()["echanges"]) == 1
    assert client.get(f"{T}/echanges").json() == {"echanges": [], "dernier": 0}


def test_a_removed_tenant_leaves_nothing(client: httpx.Client) -> None:
    client.post("/_banc/tenants", json={"nom": "autre"})
    client.post("/_banc/tenants/autre/personnes")
    client.post("/t/autre/toy/notes", content=b"a")
    assert client.delete("/_banc/tenants/autre").status_code == 204
    assert client.post("/t/autre/toy/notes", content=b"a").status_code == 404
    client.post("/_banc/tenants", json={"nom": "autre"})
    assert client.get("/_banc/tenants/autre/personnes").json() == {"personnes": []}
    assert client.get("/_banc/tenants/autre/echanges").json()["echanges"] == []


def test_default_tenant_stays(client: httpx.Client) -> None:
    assert client.delete(T).json()["erreur"] == "locataire-permanent"


def test_exchange_follows_its_published_schema(client: httpx.Client) -> None:
    client.post("/toy/notes?a=1&a=é", content="été".encode(), headers={"X-Person": "p1", "Content-Type": "text/plain"})
    client.post("/toy/notes", content=b"\xff\xfe")
    entries = client.get(f"{T}/echanges").json()["echanges"]
    schema = orjson.loads(Path("mocks/journal/exchange.schema.json").read_bytes())
    for entry in entries:
        jsonschema.validate(entry, schema)
    first, second = entries
    assert (first["operation"], first["person"], first["answer"]["status"]) == ("toy.write", "p1", 201)
    assert first["request"]["query"] == [["a", "1"], ["a", "é"]]
    assert first["request"]["body"] == "été"
    assert second["request"]["body_base64"] == "//4="


def test_journal_filters(client: httpx.Client) -> None:
    for person in ("p1", "p2", "p1"):
        client.post("/toy/notes", headers={"X-Person": person})
    ids = [e["id"] for e in client.get(f"{T}/echanges?personne=p1&operation=toy.*").json()["echanges"]]
    assert len(ids) == 2
    assert [e["id"] for e in client.get(f"{T}/echanges?apres={ids[0]}&personne=p1").json()["echanges"]] == ids[1:]
    assert client.get(f"{T}/echanges?limite=1").json()["dernier"] == 3
    assert client.get(f"{T}/echanges?operation=toy.stop").json()["echanges"] == []


def test_long_poll_answers_when_the_exchange_comes(sandbox: Sandbox) -> None:
    got: list[httpx.Response] = []
    with sandbox.serve() as server, httpx.Client(base_url=server.url) as client:

        def wait() -> None:
            got.append(
                httpx.get(f"{server.url}{T}/echanges", params={"operation": "toy.write", "attendre": 20}, timeout=30)
            )

        waiting = threading.Thread(target=wait)
        waiting.start()
        client.post("/toy/stop")
        client.post("/toy/notes")
        waiting.join(30)
    assert [e["operation"] for e in got[0].json()["echanges"]] == ["toy.write"]


def test_exchange_added_by_the_bench_is_masked(client: httpx.Client) -> None:
    token = "banc-at-0123456789abcdef"
    seen = {
        "protocol": "http",
        "service": "navigateur",
        "operation": "navigateur.page",
        "request": {"method": "GET", "target": f"/p?t={token}", "headers": [["Authorization", "Basic YTpi"]]},
        "answer": {"status": 200, "body": f"<p>{token}</p>"},
    }
    assert client.post(f"{T}/echanges", json=seen).status_code == 201
    text = client.get(f"{T}/echanges").text
    assert token not in text
    assert "YTpi" not in text
    assert text.count("‹at:") == 3  # the target, its query, the page


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "code"),
    [
        ("POST", "/_banc/tenants", b"{", 400, "json-illisible"),
        ("POST", "/_banc/tenants", b"[]", 400, "corps-invalide"),
        ("POST", "/_banc/tenants", b'{"nom": "A B"}', 400, "corps-invalide"),
        ("POST", "/_banc/tenants", b'{"name": "x"}', 400, "corps-invalide"),
        ("POST", f"{T}/personnes", b'{"age": -1}', 400, "corps-invalide"),
        ("POST", f"{T}/personnes", b'{"date_naissance": "2023-02-30"}', 400, "corps-invalide"),
        ("POST", f"{T}/personnes", b'{"enfant_de": "p99"}', 404, "personne-inconnue"),
        ("GET", f"{T}/personnes/p99", b"", 404, "personne-inconnue"),
        ("GET", "/_banc/tenants/nul/horloge", b"", 404, "locataire-inconnu"),
        ("GET", f"{T}/echanges?apres=x", b"", 400, "parametre-invalide"),
        ("GET", f"{T}/echanges?attendre=1e9", b"", 400, "parametre-invalide"),
        ("GET", f"{T}/echanges?inconnu=1", b"", 400, "parametre-inconnu"),
        ("PUT", f"{T}/horloge", b'{"mode": "figee", "instant": "2026-01-01"}', 400, "horloge-invalide"),
        ("PUT", f"{T}/horloge", b'{"mode": "figee"}', 400, "horloge-invalide"),
        ("POST", f"{T}/pannes", b'{"operation": "x", "nature": "rien"}', 400, "panne-invalide"),
        ("POST", f"{T}/pannes", b'{"operation": "x", "nature": "lenteur", "secondes": 99}', 400, "panne-invalide"),
        ("PATCH", f"{T}/reglages", b'{"toy.rien": 1}', 400, "reglage-inconnu"),
        ("PATCH", f"{T}/reglages", b'{"toy.delai_s": "1"}', 400, "reglage-invalide"),
        ("PATCH", f"{T}/reglages", b'{"toy.mode": "laxiste"}', 400, "reglage-invalide"),
        ("GET", f"{T}/constats", b"", 501, "sans-juge"),
        ("GET", "/_banc/rien", b"", 404, "adresse-inconnue"),
        ("DELETE", "/_banc/etat", b"", 405, "methode-refusee"),
        ("POST", "/_banc/tenants", b" " * 6_000_000, 413, "corps-trop-grand"),
    ],
)
def test_errors_are_in_words(
    client: httpx.Client, method: str, path: str, content: bytes, status: int, code: str
) -> None:
    answer = client.request(method, path, content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["erreur"]) == (status, code)
    assert answer.json()["message"].endswith((".", ")")) or "»" in answer.json()["message"]


def test_media_type_is_checked(client: httpx.Client) -> None:
    answer = client.post(
        "/_banc/tenants", content=b"nom=x", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert (answer.status_code, answer.json()["erreur"]) == (415, "type-refuse")


def test_settings_clock_and_faults_come_back(client: httpx.Client) -> None:
    client.patch(f"{T}/reglages", json={"toy.delai_s": 9})
    client.put(f"{T}/horloge", json={"mode": "figee", "instant": "2024-10-27T09:00:00+01:00"})
    client.post(f"{T}/pannes", json={"operation": "toy.write", "nature": "503", "fois": 0})
    assert client.get(f"{T}/reglages").json()["toy.delai_s"] == 9
    assert client.get(f"{T}/horloge").json()["maintenant"] == "2024-10-27T08:00:00.000Z"
    assert client.post("/toy/notes").status_code == 503
    client.post(f"{T}/remise-en-scene")
    assert client.get(f"{T}/reglages").json()["toy.delai_s"] == 5
    assert client.get(f"{T}/horloge").json()["mode"] == "reelle"
    assert client.post("/toy/notes").status_code == 201


def test_a_setting_takes_one_of_its_choices(client: httpx.Client) -> None:
    assert client.patch(f"{T}/reglages", json={"toy.mode": "souple"}).json()["toy.mode"] == "souple"
    refused = client.patch(f"{T}/reglages", json={"toy.delai_s": 7, "toy.mode": "laxiste"})
    assert refused.json()["message"] == "« toy.mode » attend l'une de : strict, souple ; reçu : laxiste."
    kept = client.get(f"{T}/reglages").json()
    assert (kept["toy.mode"], kept["toy.delai_s"]) == ("souple", 5)


def test_findings_come_from_the_judge_given() -> None:
    sandbox = Sandbox(services=[TOY], judge=lambda entries: [{"regle": "X", "echange": e["id"]} for e in entries])
    with sandbox.embedded(), httpx.Client(base_url="https://banc.test") as client:
        client.post("/toy/notes")
        assert client.get(f"{T}/constats").json() == {"constats": [{"regle": "X", "echange": 1}]}
    sandbox.close()


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.7", {}, 401),
        ("10.0.0.7", {"Authorization": "Bearer faux"}, 401),
        ("10.0.0.7", {"Authorization": "Bearer secret-du-banc"}, 200),
        ("127.0.0.1", {"Origin": "https://ailleurs.test"}, 403),
        ("127.0.0.1", {"Host": "ailleurs.test"}, 403),
        ("127.0.0.1", {"Origin": "http://127.0.0.1", "Host": "127.0.0.1"}, 200),
    ],
)
def test_admin_api_is_closed_off_loopback(address: str, headers: dict[str, str], status: int) -> None:
    sandbox = Sandbox(services=[TOY], admin_token="secret-du-banc")
    transport = httpx.WSGITransport(app=sandbox.wsgi, remote_addr=address)
    with httpx.Client(transport=transport, base_url="http://127.0.0.1") as client:
        assert client.get("/_banc/etat", headers=headers).status_code == status
    sandbox.close()


def test_persons_have_valid_keys_and_their_own_accounts(client: httpx.Client) -> None:
    parent = client.post(f"{T}/personnes").json()
    child = client.post(f"{T}/personnes", json={"age": 9, "enfant_de": parent["id"]}).json()
    matricule = parent["ins"]["matricule"]
    assert int(matricule[13:]) == 97 - int(matricule[:13]) % 97
    assert (child["representant"], child["mes"]["profil"], parent["mes"]["profil"]) == (parent["id"], "AD", "OD")
    assert parent["ins"]["oid"] == "1.2.250.1.213.1.4.10"


def test_professionals_and_structures_have_luhn_keys(client: httpx.Client) -> None:
    for number in (0, 7, 99_999):
        rpps = client.get(f"/_banc/professionnels/{number}").json()["rpps"]
        finess = client.get(f"/_banc/structures/{number}").json()["finess"]
        assert [_luhn_sum(rpps) % 10, _luhn_sum(finess) % 10] == [0, 0]
        assert (len(rpps), len(finess)) == (11, 9)
    assert client.get("/_banc/structures/x").status_code == 404


def _luhn_sum(digits: str) -> int:
    doubled = [int(d) * (1 + rank % 2) for rank, d in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled)
