"""What the bench can be told to do wrong (contract of identity §1)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.mocks.insi.client import Soap
from tests.mocks.insi.conftest import Register
from tests.mocks.insi.test_search import valid


def test_the_technical_fault_is_that_of_the_real_service(register: Register, soap: Soap) -> None:
    person = register.person()
    register.fault("insi.*", "siram_40", fois=3)
    for answer in (soap.by_traits(person), soap.by_card(MatriculeOD=person["matricule"][:13]), soap.verify(person)):
        assert answer.fault == (500, "Receiver", "insi_102")
        assert answer.text(".//s:Subcode/s:Value") == "S:siram_40"
        assert answer.root.find(".//{urn:siram}Erreur").get("severite") == "fatal"
        told = register.last()
        assert (told["fault"], told["context"]["insi"]["code"]) == ("siram_40", "fault")
        assert (told["context"]["insi"]["fault"], told["person"]) == ("insi_102", person["personne"])
    assert soap.by_traits(person).code == "00"


@pytest.mark.parametrize(
    ("nature", "element", "told"),
    [
        ("jour_00", "DateNaissance", "1948-02-00"),
        ("nom_vide", "NomNaissance", ""),
        ("traits_differents", "NomNaissance", "TESTEUR-AUTRE"),
    ],
)
def test_spoilt_answers(register: Register, soap: Soap, nature: str, element: str, told: str) -> None:
    person = register.person(date_naissance="1948-02-17")
    person = register.change(person, traits={"nom_naissance": "Testeur"})
    register.fault("insi.recherche_traits", nature)
    answer = valid(soap.by_traits(person))
    assert (answer.code, answer.text(f".//r:TIQ/r:{element}")) == ("00", told)
    assert register.last()["fault"] == nature
    whole = soap.by_traits(person)
    assert (whole.DateNaissance, whole.NomNaissance) == ("1948-02-17", "TESTEUR")


def test_a_fault_of_another_operation_or_person_waits(register: Register, soap: Soap) -> None:
    person, other = register.person(), register.person()
    register.fault("insi.recherche_carte", "jour_00")
    register.fault("insi.recherche_traits", "siram_40", personne=other["personne"])
    register.fault("insi.verification", "verification_ko", personne=other["personne"])
    assert soap.by_traits(person).code == "00"
    assert soap.verify(person).code == "OK"
    assert soap.by_traits(other).fault[2] == "insi_102"
    assert soap.verify(other).code == "KO"
    assert soap.verify(other).code == "OK"
    assert [fault["nature"] for fault in register("GET", "pannes")["pannes"]] == ["jour_00"]


def test_a_spoiling_waits_for_somebody_to_be_found(register: Register, soap: Soap) -> None:
    person = register.person()
    register.fault("insi.recherche_traits", "nom_vide")
    assert soap.by_traits(person, NomNaissance="PERSONNE").code == "01"
    assert valid(soap.by_traits(person)).NomNaissance == ""


@pytest.mark.parametrize(("nature", "status"), [("503", 503), ("500", 500), ("429", 429)])
@pytest.mark.parametrize("more", [{}, {"personne": True}])
def test_transport_faults_know_the_operation(
    register: Register, soap: Soap, nature: str, status: int, more: dict[str, Any]
) -> None:
    person = register.person()
    if more:
        more = {"personne": person["personne"]}
    register.fault("insi.recherche_traits", nature, **more)
    assert soap.verify(person).code == "OK"
    assert soap.by_traits(person).http.status_code == status
    assert (register.last()["operation"], register.last()["fault"]) == ("insi.recherche_traits", nature)
    assert soap.by_traits(person).code == "00"


def test_an_outage_of_the_whole_service(register: Register, soap: Soap) -> None:
    """The journal still says what was asked; what cannot be read is not answered either."""
    person = register.person()
    register.fault("insi.*", "503", fois=0)
    assert soap.verify(person).http.status_code == 503
    told = register.last()
    assert (told["operation"], told["fault"]) == ("insi.verification", "503")
    assert (told["context"]["insi"]["mode"], "code" in told["context"]["insi"]) == ("verification", False)
    assert soap.post("n'importe quoi").http.status_code == 503
    assert register.last()["operation"] == "insi.inconnue"
    assert soap.http.get(f"{soap.url}?wsdl").status_code == 503
    register("DELETE", "pannes")
    assert soap.verify(person).code == "OK"


@pytest.mark.parametrize("nature", ["coupure_avant", "coupure_apres"])
def test_cut_connections(register: Register, soap: Soap, nature: str) -> None:
    person = register.person()
    register.fault("insi.recherche_traits", nature)
    with pytest.raises(httpx.RemoteProtocolError):
        soap.by_traits(person)
    told = register.last()
    assert (told["operation"], told["answer"], told["fault"]) == ("insi.recherche_traits", None, nature)


def test_a_slow_answer_is_whole(register: Register, soap: Soap) -> None:
    person = register.person()
    register.fault("insi.recherche_traits", "lenteur", secondes=0.05)
    assert soap.by_traits(person).code == "00"
    assert register.last()["fault"] == "lenteur"
