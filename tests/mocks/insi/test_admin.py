"""The register seen and changed by the admin API."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from profiles.keys import TEST_INS_OID, nir_key
from tests.mocks.insi.client import Soap
from tests.mocks.insi.conftest import ROOT, TENANT, Register

OURS = "1480299999001" + nir_key("1480299999001")
REAL = "1480275056001" + nir_key("1480275056001")


def test_everybody_of_the_tenant_is_in_the_register(register: Register) -> None:
    born = [register("POST", "personnes", wishes) for wishes in ({}, {"age": 80}, {"corse": "2A"})]
    told = register("GET", "insi/identites")["identites"]
    assert [one["personne"] for one in told] == [person["id"] for person in born]
    for one, person in zip(told, born, strict=True):
        assert (one["matricule"], one["oid"], one["nature"]) == (person["ins"]["matricule"], TEST_INS_OID, "NIR")
        assert one["traits"]["date_naissance"] == person["date_naissance"]
        assert one["traits"]["lieu_naissance"] == person["commune_naissance"]
        assert one["traits"]["nom_naissance"].isascii()
        assert len(one["traits"]["prenoms"]) == len(person["prenoms"])
        assert (one["absente"], one["historique"], one["homonyme_de"]) == (False, [], None)


def test_a_change_keeps_what_it_does_not_name(register: Register) -> None:
    person = register.person()
    register.change(person, matricule=OURS, traits={"sexe": ""})
    changed = register.change(person, traits={"lieu_naissance": "2B999"}, nature="NIA")
    assert (changed["matricule"], changed["nature"], changed["oid"]) == (OURS, "NIA", "1.2.250.1.213.1.4.9")
    traits = {**person["traits"], "sexe": "", "lieu_naissance": "2B999"}
    assert changed["traits"] == traits
    assert register("GET", f"insi/identites/{person['personne']}") == changed


def test_a_change_is_an_act(register: Register) -> None:
    person = register.person()
    changed = register.change(person, absente=True, nature="NIA")
    told = register.last()
    assert (told["protocol"], told["operation"], told["person"]) == (
        "acte",
        "insi.identite.modifiee",
        person["personne"],
    )
    body = json.loads(told["request"]["body"])
    assert (body["change"], body["identite"]) == (["absente", "nature"], changed)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"matricule": "123"}, 400, "matricule-refuse"),
        ({"matricule": OURS[:13] + "00"}, 400, "matricule-refuse"),
        ({"matricule": REAL}, 400, "matricule-refuse"),
        ({"historique": [{"matricule": REAL}]}, 400, "matricule-refuse"),
        ({"homonyme_de": "p999"}, 404, "personne-inconnue"),
        ({"traits": {"date_naissance": "01/02/1948"}}, 400, "corps-invalide"),
        ({"traits": {"lieu_naissance": "Paris"}}, 400, "corps-invalide"),
        ({"traits": {"sexe": "H"}}, 400, "corps-invalide"),
        ({"nature": "INS-C"}, 400, "corps-invalide"),
        ({"autre": 1}, 400, "corps-invalide"),
    ],
)
def test_refused_changes(register: Register, http: httpx.Client, body: dict[str, Any], status: int, code: str) -> None:
    person = register.person()
    answer = http.put(f"{ROOT}/_banc/tenants/{TENANT}/insi/identites/{person['personne']}", json=body)
    assert (answer.status_code, answer.json()["erreur"]) == (status, code)
    assert register("GET", f"insi/identites/{person['personne']}") == person


def test_unknown_people(http: httpx.Client) -> None:
    for method in ("GET", "PUT"):
        answer = http.request(method, f"{ROOT}/_banc/tenants/{TENANT}/insi/identites/p999", json={})
        assert (answer.status_code, answer.json()["erreur"]) == (404, "personne-inconnue")


def test_a_new_staging_keeps_people_and_a_closed_tenant_is_forgotten(register: Register, soap: Soap) -> None:
    person = register.person()
    register.change(person, matricule=OURS)
    register.set(casse="souple")
    soap.by_traits(person)
    register("POST", "remise-en-scene")
    assert register("GET", "reglages")["insi.casse"] == "stricte"
    assert register("GET", "insi/identites")["identites"][0]["matricule"] == OURS
    register("DELETE", "")
    register.http.post(f"{ROOT}/_banc/tenants", json={"nom": TENANT})
    born_again = register.person()
    assert born_again["matricule"] == person["matricule"]
    soap.by_traits(born_again)
    assert register.last()["notes"] == []
