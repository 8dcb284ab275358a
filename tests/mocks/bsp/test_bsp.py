"""The agenda of Mon espace santé for professionals: access, consent, one store with the usager's agenda."""

import json
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from mocks.api_psc import API_PSC
from mocks.bsp import BSP
from mocks.mes import MES
from mocks.pki import Pki
from mocks.psc import PSC
from mocks.sandbox import Sandbox
from mocks.servers.tls import Tls
from tests.mocks.psc.product import ROOT, Product

OID = "1.2.250.1.999.1"
FINESS = "000500001"
INS = "urn:oid:1.2.250.1.213.1.4.10"
SYSTEM = "urn:oid:1.2.250.1.999.10.1.4"
START = "2024-11-12T09:00:00+01:00"
HOSPITAL = {"finess": "000000035", "nom": "Hôpital fictif"}
EXCHANGE = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
}
SCOPES = ["agenda.write", "agenda.read"]


class Dui:
    """A DUI whose professional is signed in by Pro Santé Connect, and one usager."""

    def __init__(self) -> None:
        self.product = Product.registered()
        self.admin = self.product.admin
        self.admin("POST", "api-psc/clients", client_id="dui-bsp", scopes=SCOPES)
        self.admin("POST", "bsp/structures", client_id="dui-bsp", oid=OID, finess=FINESS, nom="Foyer fictif")
        self.pro = self.admin("POST", "professionnels")
        self.person = self.admin("POST", "personnes")
        self.token = self.exchanged()

    def exchanged(self, client_id: str = "dui-bsp", scope: str = " ".join(SCOPES)) -> str:
        psc = self.product.log_in(self.pro)["access_token"]
        url = f"{ROOT}/t/{self.product.tenant}/api-psc/oauth2/token"
        form = {**EXCHANGE, "subject_token": psc, "scope": scope, "client_id": client_id}
        return str(self.product.http.post(url, data=form).json()["access_token"])

    def call(self, method: str, path: str, resource: Any = None, **headers: str) -> httpx.Response:
        url = f"{ROOT}/t/{self.product.tenant}/bsp/fhir/{path}"
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/fhir+json", **headers}
        body = None if resource is None else json.dumps(resource)
        return self.product.http.request(method, url, headers=sent, content=body)

    def search(self, **more: str) -> httpx.Response:
        query = {"patient.identifier": f"{INS}|{self.person['ins']['matricule']}", **more}
        return self.call("GET", "Appointment?" + "&".join(f"{k}={quote(v)}" for k, v in query.items()))

    def consent(self, act: str = "consentement_donne", **details: Any) -> Any:
        return self.admin("POST", f"bsp/usagers/{self.person['id']}/actes", acte=act, **details)

    def agenda(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.admin("GET", f"mes/usagers/{self.person['id']}/agenda")["evenements"]
        return found

    def appointment(self, value: str = "rdv-1", start: str = START, **more: Any) -> dict[str, Any]:
        ins = {"system": INS, "value": self.person["ins"]["matricule"]}
        return {
            "resourceType": "Appointment",
            "identifier": [{"system": SYSTEM, "value": value}],
            "status": "booked",
            "description": "Consultation",
            "start": start,
            "end": start.replace(":00:00+", ":30:00+"),
            "participant": [{"actor": {"type": "Patient", "identifier": ins}, "status": "accepted"}],
            **more,
        }

    def last(self) -> dict[str, Any]:
        found: dict[str, Any] = self.admin("GET", "echanges?service=bsp")["echanges"][-1]
        return found


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(services=[PSC, API_PSC, MES, BSP])
    yield made
    made.close()


@pytest.fixture
def dui(sandbox: Sandbox) -> Iterator[Dui]:
    with sandbox.embedded():
        yield Dui()


def code_of(answer: httpx.Response) -> str:
    return str(answer.json()["issue"][0]["details"]["coding"][0]["code"])


def test_what_a_professional_writes_the_usager_sees(dui: Dui) -> None:
    answer = dui.call("POST", "Appointment", dui.appointment())
    assert answer.status_code == 201, answer.text
    assert answer.json()["participant"][0]["actor"]["identifier"]["value"] == dui.person["ins"]["matricule"]
    [event] = dui.agenda()
    assert (event["source"], event["structure"]) == (OID, {"finess": FINESS, "nom": "Foyer fictif"})
    assert dui.person["ins"]["matricule"] not in json.dumps(event["resource"])
    told = dui.last()
    assert (told["operation"], told["person"]) == ("bsp.fhir.appointment.create", dui.person["id"])
    assert told["context"]["professional"] == dui.pro["identifiant_national"]
    assert told["context"]["stored"]["created"] is True


def test_a_change_goes_by_the_identifier_and_a_second_post_makes_no_second_event(dui: Dui) -> None:
    dui.call("POST", "Appointment", dui.appointment())
    again = dui.call("POST", "Appointment", dui.appointment())
    assert again.status_code == 200
    where = f"Appointment?identifier={quote(SYSTEM + '|rdv-1')}"
    moved = dui.call("PUT", where, dui.appointment(start="2024-11-13T10:00:00+01:00"))
    assert moved.status_code == 200
    [event] = dui.agenda()
    assert event["debut"] == "2024-11-13T10:00:00+01:00"
    assert dui.call("PUT", where, dui.appointment(status="fulfilled")).status_code == 200
    back = dui.call("PUT", where, dui.appointment())
    assert (back.status_code, back.json()["issue"][0]["code"]) == (422, "business-rule")


def test_the_portal_and_the_dui_of_one_solution_make_one_event(dui: Dui) -> None:
    """Same source, same identifier: one event, whichever way it came; another identifier makes a second one."""
    dui.admin("POST", "mes/services", oid=OID, nom="Portail")
    person = dui.person["id"]
    paired = dui.admin("POST", f"mes/usagers/{person}/appariements", finalites=["AGENDA_ECRITURE"])
    named = {"system": f"urn:oid:{paired['assign_auth']}", "value": paired["idpe"]}
    through_portal = dui.appointment()
    through_portal["participant"] = [{"actor": {"type": "Patient", "identifier": named}, "status": "accepted"}]
    url = f"{ROOT}/t/{dui.product.tenant}/mes/fhir/Appointment"
    headers = {"Authorization": f"Bearer {paired['access_token']}", "ID_TOKEN": paired["id_token"]}
    headers["Content-Type"] = "application/fhir+json"
    first = dui.product.http.post(url, headers=headers, content=json.dumps(through_portal))
    assert first.status_code == 201, first.text
    assert dui.call("POST", "Appointment", dui.appointment()).status_code == 200
    assert len(dui.agenda()) == 1
    assert dui.call("POST", "Appointment", dui.appointment("autre")).status_code == 201
    assert len(dui.agenda()) == 2


def test_reading_asks_for_the_consent_of_the_person(dui: Dui) -> None:
    dui.call("POST", "Appointment", dui.appointment())
    elsewhere = {"debut": "2024-11-07T08:30:00+01:00", "libelle": "Scanner", "source": "1.2.250.1.999.55.3"}
    dui.admin("POST", f"mes/usagers/{dui.person['id']}/evenements", **elsewhere, structure=HOSPITAL)
    refused = dui.search()
    assert (refused.status_code, code_of(refused)) == (403, "CONSENT_REQUIRED")
    assert dui.last()["context"]["refusal"] == "CONSENT_REQUIRED"
    dui.consent()
    found = dui.search().json()
    assert found["total"] == 2
    tags = [tag for entry in found["entry"] for tag in entry["resource"]["meta"]["tag"]]
    assert {tag["display"] for tag in tags if tag["system"].endswith("structure")} == {"Foyer fictif", HOSPITAL["nom"]}
    dui.consent("consentement_retire")
    assert dui.search().status_code == 403
    [given] = dui.admin("GET", f"bsp/usagers/{dui.person['id']}/consentements")["consentements"]
    assert given["structure"] == FINESS
    assert given["retire"]


def test_without_consent_a_structure_reads_again_what_it_wrote_and_nothing_else(dui: Dui) -> None:
    mine = dui.call("POST", "Appointment", dui.appointment()).json()["id"]
    elsewhere = {"debut": "2024-11-07T08:30:00+01:00", "libelle": "Scanner", "source": "1.2.250.1.999.55.3"}
    theirs = dui.admin("POST", f"mes/usagers/{dui.person['id']}/evenements", **elsewhere)["id"]
    assert dui.call("GET", f"Appointment/{mine}").status_code == 200
    assert dui.call("GET", f"Appointment/{theirs}").status_code == 404
    dui.consent(professionnel=dui.pro["identifiant_national"])
    assert dui.call("GET", f"Appointment/{theirs}").status_code == 200
    changed = dui.call("PUT", f"Appointment/{theirs}", {**dui.appointment(), "id": theirs})
    assert changed.status_code == 403


def test_a_consent_ends_on_its_day_and_names_one_professional_or_one_structure(dui: Dui) -> None:
    now = "2024-11-05T08:00:00Z"
    dui.admin("PUT", "horloge", mode="figee", instant=now)
    dui.token = dui.exchanged()
    dui.consent(professionnel="899900000017")
    assert dui.search().status_code == 403
    dui.consent(structure="000000035")
    assert dui.search().status_code == 403
    later = now[:10] + "T23:59:59Z"
    dui.consent(jusqu_au=later)
    assert dui.search().status_code == 200
    dui.admin("PUT", "horloge", mode="figee", instant=later)
    dui.token = dui.exchanged()
    assert code_of(dui.search()) == "CONSENT_REQUIRED"


@pytest.mark.parametrize(
    ("identifier", "status", "code"),
    [
        ({"system": INS, "value": "inconnu"}, 400, "INS_INVALID"),
        ({"system": "urn:oid:1.2.250.1.999.77", "value": "{ins}"}, 400, "INS_INVALID"),
        ({"value": "{ins}"}, 400, "INS_REQUIRED"),
        ({"system": INS, "value": "199029999999919"}, 400, "INS_INVALID"),
        ({"system": INS, "value": "199029999999995"}, 404, "PERSON_UNKNOWN"),
    ],
)
def test_the_person_is_named_by_her_ins(dui: Dui, identifier: dict[str, str], status: int, code: str) -> None:
    said = {name: value.format(ins=dui.person["ins"]["matricule"]) for name, value in identifier.items()}
    resource = dui.appointment()
    resource["participant"][0]["actor"]["identifier"] = said
    answer = dui.call("POST", "Appointment", resource)
    assert (answer.status_code, code_of(answer)) == (status, code), answer.text
    assert dui.agenda() == []


def test_somebody_real_never_enters(dui: Dui) -> None:
    resource = dui.appointment()
    real = {"system": "urn:oid:1.2.250.1.213.1.4.8", "value": "255081416802538"}
    resource["participant"][0]["actor"]["identifier"] = real
    answer = dui.call("POST", "Appointment", resource)
    assert (answer.status_code, answer.json()["resourceType"]) == (451, "OperationOutcome")
    assert "255081416802538" not in json.dumps(dui.last())


def test_opposition_and_a_closed_profile_are_refused_until_they_are_lifted(dui: Dui) -> None:
    dui.consent()
    dui.consent("opposition")
    assert code_of(dui.call("POST", "Appointment", dui.appointment())) == "OPPOSITION"
    assert dui.search().status_code == 200
    dui.consent("opposition_levee")
    assert dui.call("POST", "Appointment", dui.appointment()).status_code == 201
    dui.consent("profil_clos")
    assert code_of(dui.search()) == "PROFILE_CLOSED"
    dui.consent("profil_ouvert")
    assert dui.search().status_code == 200


def test_tokens(dui: Dui) -> None:
    good = dui.token
    for token, status, challenge in (
        ("", 401, "invalid_token"),
        ("banc-at-inconnu", 401, "invalid_token"),
        (dui.product.log_in(dui.pro)["access_token"], 401, "invalid_token"),
        (dui.exchanged(scope="agenda.read"), 403, "insufficient_scope"),
    ):
        dui.token = token
        answer = dui.call("POST", "Appointment", dui.appointment())
        assert answer.status_code == status
        assert challenge in answer.headers["WWW-Authenticate"]
        assert dui.last()["person"] is None
    dui.admin("POST", "api-psc/clients", client_id="autre", scopes=SCOPES)
    dui.token = dui.exchanged("autre")
    assert code_of(dui.search()) == "STRUCTURE_UNKNOWN"
    dui.token = good
    assert dui.call("POST", "Appointment", dui.appointment()).status_code == 201


def test_bad_bodies_are_refused_as_a_fhir_server_refuses_them(dui: Dui) -> None:
    url, headers = f"{ROOT}/t/{dui.product.tenant}/bsp/fhir/Appointment", {"Authorization": f"Bearer {dui.token}"}
    for content, kind, status in (
        (b"{", "application/fhir+json", 400),
        (b"[]", "application/fhir+json", 400),
        (b"<Appointment/>", "application/fhir+xml", 415),
        (json.dumps({**dui.appointment(), "status": "Booked"}).encode(), "application/fhir+json", 422),
        (json.dumps({**dui.appointment(), "participant": "x"}).encode(), "application/fhir+json", 400),
    ):
        answer = dui.product.http.post(url, headers={**headers, "Content-Type": kind}, content=content)
        assert answer.status_code == status, answer.text
        assert answer.json()["resourceType"] == "OperationOutcome"
    assert dui.call("DELETE", "Appointment/x").status_code == 405
    assert dui.agenda() == []


def test_pages_hold_fifty_and_a_search_without_consent_may_be_empty(dui: Dui) -> None:
    dui.consent()
    for day in range(1, 29):
        for hour in ("09", "14"):
            start = f"2024-02-{day:02}T{hour}:00:00+01:00"
            dui.call("POST", "Appointment", dui.appointment(f"r{day}-{hour}", start))
    first = dui.search().json()
    following = next(link["url"] for link in first["link"] if link["relation"] == "next")
    rest = dui.product.http.get(following, headers={"Authorization": f"Bearer {dui.token}"}).json()
    assert (len(first["entry"]), len(rest["entry"])) == (50, 6)
    dui.consent("consentement_retire")
    assert dui.product.http.get(following, headers={"Authorization": f"Bearer {dui.token}"}).status_code == 403
    dui.admin("PATCH", "reglages", **{"bsp.sans_consentement": "vide"})
    assert dui.search().json()["total"] == 0


def test_the_usager_sees_who_did_what(dui: Dui) -> None:
    dui.call("POST", "Appointment", dui.appointment())
    dui.consent()
    dui.search()
    trace = dui.admin("GET", f"mes/usagers/{dui.person['id']}/activite")["activite"]
    assert [(one["libelle"], one["auteur"]) for one in trace] == [
        ("Ajout d'un rendez-vous", "Foyer fictif"),
        ("Autorisation donnée", "Vous"),
        ("Lecture de l'agenda", "Foyer fictif"),
    ]


def test_the_statement_says_that_it_is_a_convention(dui: Dui) -> None:
    said = dui.call("GET", "metadata").json()
    assert "convention du banc" in said["title"]
    codes = {one["code"] for one in said["rest"][0]["resource"][0]["interaction"]}
    assert codes == {"read", "vread", "update", "history-instance", "create", "search-type"}


def test_many_at_once_make_one_event(dui: Dui) -> None:
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: dui.call("POST", "Appointment", dui.appointment()).status_code, range(16)))
    assert sorted(codes) == [200] * 15 + [201]
    assert len(dui.agenda()) == 1


def test_over_mutual_tls_the_token_serves_its_certificate_only(sandbox: Sandbox, tmp_path: Path) -> None:
    pki = Pki()
    pki.write(tmp_path, ["serveur", "client", "client-siret"])
    with sandbox.embedded():
        dui = Dui()
        psc = dui.product.log_in(dui.pro)["access_token"]
    with sandbox.serve(tls=Tls(pki)) as server:
        mine, other = (_client(tmp_path, name) for name in ("client", "client-siret"))
        with closing(mine), closing(other):
            form = {**EXCHANGE, "subject_token": psc, "scope": " ".join(SCOPES), "client_id": "dui-bsp"}
            root = f"{server.url}/t/{dui.product.tenant}"
            token = mine.post(f"{root}/api-psc/oauth2/token", data=form).json()["access_token"]
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}
            url, body = f"{root}/bsp/fhir/Appointment", json.dumps(dui.appointment())
            stolen = other.post(url, headers=headers, content=body)
            assert (stolen.status_code, stolen.json()["issue"][0]["code"]) == (401, "login")
            assert mine.post(url, headers=headers, content=body).status_code == 201
    with sandbox.embedded():
        assert len(dui.agenda()) == 1


def _client(folder: Path, name: str) -> httpx.Client:
    context = ssl.create_default_context(cafile=str(folder / "autorites.pem"))
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key.pem")
    return httpx.Client(verify=context, timeout=10)
