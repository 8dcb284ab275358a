"""Verification: OK for an identity that is wholly that of the register, KO as soon as one thing differs (INS-30)."""

from __future__ import annotations

from typing import Any

import pytest

from profiles.keys import nir_key
from tests.mocks.insi.client import Soap
from tests.mocks.insi.conftest import Register
from tests.mocks.insi.test_search import JEANNE, SENT, matricule, valid


@pytest.mark.check("INS-30")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "OK"),
        ({"LieuNaissance": "2A999"}, "OK"),
        ({"ListePrenom": "JEANNE-MARIE ZOE EVE"}, "OK"),
        ({"Prenom": "JEANNE-MARIE ZOE"}, "OK"),
        ({"NumIdentifiant": "2480299999123", "Cle": nir_key("2480299999123")}, "KO"),
        ({"Cle": "00"}, "KO"),
        ({"OID": "1.2.250.1.213.1.4.9"}, "KO"),
        ({"NomNaissance": "AUTRE"}, "KO"),
        ({"NomNaissance": "D'ŒUVRARD FICTIF"}, "KO"),
        ({"Prenom": "ZOE"}, "KO"),
        ({"ListePrenom": "JEANNE-MARIE EVE"}, "KO"),
        ({"Sexe": "M"}, "KO"),
        ({"DateNaissance": "1948-02-02"}, "KO"),
        ({"DateNaissance": "1948-02-00"}, "KO"),
        ({"LieuNaissance": "99999"}, "KO"),
    ],
)
def test_verification(register: Register, soap: Soap, changes: dict[str, Any], code: str) -> None:
    person = register.change(register.person(), traits=JEANNE)
    answer = valid(soap.verify(person, **{**SENT, **changes}))
    assert (answer.http.status_code, answer.code) == (200, code)
    told = register.last()
    assert (told["operation"], told["context"]["insi"]["code"]) == ("insi.verification", code)
    sent = told["context"]["insi"]["traits"]
    assert sent["NumIdentifiant"] == changes.get("NumIdentifiant", person["matricule"][:13])
    assert sent["OID"] == changes.get("OID", person["oid"])
    assert told["person"] == (None if "NumIdentifiant" in changes else person["personne"])


@pytest.mark.check("INS-30")
def test_what_changes_in_the_register_makes_it_ko(register: Register, soap: Soap) -> None:
    person, former = register.person(), matricule("1480299999001")
    assert soap.verify(person).code == "OK"
    register.change(person, traits={"nom_naissance": "Autre"})
    assert soap.verify(person).code == "KO"
    register.change(person, traits={"nom_naissance": person["traits"]["nom_naissance"]})
    assert soap.verify(person).code == "OK"
    register.change(person, matricule=former, historique=[{"matricule": person["matricule"]}])
    assert soap.verify(person).code == "KO"  # a former number is nobody's any more
    register.change(person, nature="NIA")
    assert soap.verify(person, NumIdentifiant=former[:13], Cle=former[13:]).code == "KO"
    assert soap.verify(person, NumIdentifiant=former[:13], Cle=former[13:], OID="1.2.250.1.213.1.4.9").code == "OK"
    register.change(person, absente=True)
    assert soap.verify(person, NumIdentifiant=former[:13], Cle=former[13:], OID="1.2.250.1.213.1.4.9").code == "KO"
