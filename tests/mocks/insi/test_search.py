"""The two searches: who is found, several, nobody; what the answer and the journal say."""

from __future__ import annotations

from typing import Any

import pytest

from mocks.insi import schemas
from profiles.keys import TEST_INS_OID, nir_key
from tests.mocks.insi.client import TRAITS, Reply, Soap, traits_body
from tests.mocks.insi.conftest import Register

JEANNE = {
    "nom_naissance": "D'Œuvrard Fictif",
    "prenoms": ["Jeanne-Marie", "Zoé", "Ève"],
    "sexe": "F",
    "date_naissance": "1948-02-01",
    "lieu_naissance": "2A999",
}
SENT = {"NomNaissance": "D'OEUVRARD FICTIF", "Prenom": "JEANNE-MARIE", "Sexe": "F", "DateNaissance": "1948-02-01"}


def matricule(body: str) -> str:
    return body + nir_key(body)


def valid(answer: Reply) -> Reply:
    """The answer, whose content follows its schema."""
    [body] = answer.root.find("{http://www.w3.org/2003/05/soap-envelope}Body")
    schemas.check(body)
    return answer


def test_one_identity_is_told_whole(register: Register, soap: Soap) -> None:
    person = register.person()
    answer = valid(soap.by_traits(person))
    assert (answer.http.status_code, answer.code, answer.LibelleCR) == (200, "00", "OK")
    assert answer.http.headers["Content-Type"] == "application/soap+xml; charset=utf-8"
    assert (answer.NumIdentifiant, answer.Cle) == (person["matricule"][:13], person["matricule"][13:])
    assert answer.OID == TEST_INS_OID
    traits = person["traits"]
    assert (answer.NomNaissance, answer.Sexe) == (traits["nom_naissance"], traits["sexe"])
    assert (answer.Prenom, answer.ListePrenom) == (traits["prenoms"][0], " ".join(traits["prenoms"]))
    assert (answer.DateNaissance, answer.LieuNaissance) == (traits["date_naissance"], "99999")


def test_the_journal_tells_the_call(register: Register, soap: Soap) -> None:
    person = register.person()
    soap.by_traits(person)
    assert register.last()["person"] == person["personne"]
    soap.call(TRAITS, traits_body(person, Prenom=["A", "B"]), message="m-1", bam="b-1", lps="l-1")
    told = register.last()
    assert (told["operation"], told["person"], told["notes"]) == ("insi.recherche_traits", None, [])
    assert told["context"]["insi"] == {
        "mode": "traits",
        "code": "01",
        "traits": {
            "NomNaissance": person["traits"]["nom_naissance"],
            "Prenom": ["A", "B"],
            "Sexe": person["traits"]["sexe"],
            "DateNaissance": person["traits"]["date_naissance"],
        },
        "message_id": "uuid:m-1",
        "action": TRAITS,
        "bam": {"version": "01_02", "id": "b-1", "temps": "2026-03-02T09:00:00Z"},
        "lps": {"version": "01_00", "id": "l-1", "temps": "2026-03-02T09:00:00Z", "idam": "BANC0000001", "idam_r": "4"},
        "assertion": False,
        "certificate_cn": None,
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "00"),
        ({"NomNaissance": "D OEUVRARD-FICTIF"}, "00"),
        ({"NomNaissance": "OEUVRARD FICTIF"}, "01"),
        ({"NomNaissance": "D'OEUVRARD"}, "01"),
        ({"Prenom": "JEANNE MARIE"}, "00"),
        ({"Prenom": "JEANNE"}, "01"),
        ({"Prenom": "ZOE"}, "01"),
        ({"Prenom": "JEANNE-MARIE ZOE"}, "00"),
        ({"Prenom": ["JEANNE-MARIE", "ZOE", "EVE"]}, "00"),
        ({"Prenom": "JEANNE-MARIE EVE"}, "01"),
        ({"Prenom": "JEANNE-MARIE ZOE EVE ANNE"}, "01"),
        ({"Sexe": "M"}, "01"),
        ({"DateNaissance": "1948-02-02"}, "01"),
        ({"DateNaissance": "1948-02-00"}, "01"),
        ({"LieuNaissance": "2A999"}, "00"),
        ({"LieuNaissance": "2B999"}, "01"),
        ({"LieuNaissance": "99999"}, "01"),
    ],
)
def test_traits_that_match(register: Register, soap: Soap, changes: dict[str, Any], code: str) -> None:
    person = register.change(register.person(), traits=JEANNE)
    assert valid(soap.by_traits(person, **{**SENT, **changes})).code == code


@pytest.mark.parametrize(
    ("changes", "noted"),
    [
        ({"NomNaissance": "d'oeuvrard fictif"}, "NomNaissance"),
        ({"NomNaissance": "D’ŒUVRARD FICTIF"}, "NomNaissance"),
        ({"Prenom": "JEANNE-MARIE Zoé"}, "Prenom"),
    ],
)
def test_names_with_accents_or_small_letters(
    register: Register, soap: Soap, changes: dict[str, Any], noted: str
) -> None:
    person = register.change(register.person(), traits=JEANNE)
    sent = {**SENT, **changes}
    assert soap.by_traits(person, **sent).code == "01"
    [note] = register.last()["notes"]
    assert (note["code"], note["text"].rpartition(" ")[2]) == ("traits-non-normalises", noted)
    register.set(casse="souple")
    assert soap.by_traits(person, **sent).code == "00"
    assert [note["code"] for note in register.last()["notes"]] == ["traits-non-normalises"]


def test_any_first_name_by_setting(register: Register, soap: Soap) -> None:
    person = register.change(register.person(), traits=JEANNE)
    register.set(prenoms="quelconque")
    codes = [soap.by_traits(person, **{**SENT, "Prenom": sent}).code for sent in ("ZOE", "EVE", "ZOE EVE", "ANNE")]
    assert codes == ["00", "00", "01", "01"]


@pytest.mark.parametrize(
    ("unknown", "sent"),
    [
        ({"date_naissance": "1948-02-00"}, {"DateNaissance": "1948-02-17"}),
        ({"date_naissance": "1948-00-00"}, {"DateNaissance": "1948-07-17"}),
        ({"sexe": ""}, {"Sexe": "M"}),
        ({"nom_naissance": ""}, {"NomNaissance": "AUTRE"}),
        ({"prenoms": []}, {"Prenom": "AUTRE"}),
        ({"lieu_naissance": ""}, {"LieuNaissance": "75115"}),
    ],
)
def test_what_the_register_does_not_know_stops_nobody(
    register: Register, soap: Soap, unknown: dict[str, Any], sent: dict[str, Any]
) -> None:
    person = register.change(register.person(), traits={**JEANNE, **unknown})
    answer = valid(soap.by_traits(person, **{**SENT, **sent}))
    assert answer.code == "00"
    assert answer.DateNaissance == {**JEANNE, **unknown}["date_naissance"]
    assert answer.Sexe == {**JEANNE, **unknown}["sexe"]


def test_homonyms_until_one_more_trait_tells_them_apart(register: Register, soap: Soap) -> None:
    one, other = register.person(), register.person()
    register.change(one, traits=JEANNE)
    register.change(other, homonyme_de=one["personne"])
    answer = valid(soap.by_traits(one, **SENT))
    assert (answer.code, answer.LibelleCR, answer.text(".//r:INDIVIDU")) == ("02", "Plusieurs identites trouvees", None)
    assert register.last()["person"] == one["personne"]
    register.change(other, traits={"lieu_naissance": "99999"})
    assert soap.by_traits(one, **SENT).code == "02"
    found = soap.by_traits(one, **SENT, LieuNaissance="99999")
    assert (found.code, found.NumIdentifiant) == ("00", other["matricule"][:13])
    register.change(other, traits={"prenoms": ["Jeanne-Marie", "Ève"]})
    found = soap.by_traits(one, **{**SENT, "Prenom": "JEANNE-MARIE ZOE"})
    assert (found.code, found.NumIdentifiant) == ("00", one["matricule"][:13])


def test_whom_the_register_does_not_know(register: Register, soap: Soap) -> None:
    person = register.person()
    register.change(person, absente=True)
    answer = valid(soap.by_traits(person))
    assert (answer.code, answer.LibelleCR, answer.text(".//r:INDIVIDU")) == ("01", "Aucune identite trouvee", None)
    assert register.last()["person"] == person["personne"]
    register.change(person, absente=False)
    assert soap.by_traits(person).code == "00"


@pytest.mark.parametrize(
    ("wishes", "place"), [({"ne_a_l_etranger": True}, "99998"), ({"corse": "2B"}, "2B999"), ({"age": 3}, "99999")]
)
def test_births_of_the_world(register: Register, soap: Soap, wishes: dict[str, Any], place: str) -> None:
    person = register.person(**wishes)
    answer = soap.by_traits(person, LieuNaissance=place)
    assert (answer.code, answer.LieuNaissance, person["matricule"][5:10]) == ("00", place, place)


def test_an_unknown_day_is_told_as_00(register: Register, soap: Soap) -> None:
    person = register.person(jour_inconnu=True, date_naissance="1948-02-17")
    assert soap.by_traits(person, DateNaissance="1948-02-01").DateNaissance == "1948-02-00"


def test_nature_oid_and_former_numbers(register: Register, soap: Soap) -> None:
    person, former = register.person(), matricule("1480299999001")
    history = [{"matricule": former, "debut": "2019-03-01", "fin": "2020-01-31"}]
    register.change(person, historique=history, nature="NIA")
    answer = valid(soap.by_traits(person))
    assert answer.text(".//r:INSACTIF/r:OID") == "1.2.250.1.213.1.4.9"
    path = ".//r:INSHISTO/"
    told = [answer.text(path + name) for name in ("r:IdIndividu/r:NumIdentifiant", "r:IdIndividu/r:Cle", "r:OID")]
    assert told == [former[:13], former[13:], TEST_INS_OID]
    assert answer.text(f"{path}r:IdIndividu/r:TypeMatricule") == "NIR"
    assert (answer.DateDeb, answer.DateFin) == ("2019-03-01", "2020-01-31")
    register.set(oid_nir="1.2.250.1.213.1.4.8", prenom_rendu=False)
    register.change(person, nature="NIR")
    answer = valid(soap.by_traits(person))
    assert answer.texts(".//r:OID") == ["1.2.250.1.213.1.4.8"] * 2
    assert answer.Prenom is None
    assert answer.ListePrenom == " ".join(person["traits"]["prenoms"])


def test_a_card_designates_its_beneficiary(register: Register, soap: Soap) -> None:
    adult = register.person()
    child, twin = (
        register.person(enfant_de=adult["personne"], date_naissance="2020-05-04"),
        register.person(enfant_de=adult["personne"], date_naissance="2020-05-04"),
    )
    opener, born = adult["matricule"][:13], adult["traits"]["date_naissance"]

    def found(**data: str) -> tuple[str | None, str | None]:
        answer = valid(soap.by_card(**data))
        return answer.code, answer.NumIdentifiant

    assert found(MatriculeIndividu=opener, MatriculeOD=opener, DateNaissance=born) == ("00", opener)
    assert register.last()["operation"] == "insi.recherche_carte"
    assert register.last()["context"]["insi"]["traits"]["MatriculeOD"] == opener
    assert found(MatriculeOD=opener, DateNaissance=born, RangNaissance="1") == ("00", opener)
    for rank, one in (("1", child), ("2", twin)):
        assert found(MatriculeOD=opener, DateNaissance="2020-05-04", RangNaissance=rank) == (
            "00",
            one["matricule"][:13],
        )
    assert found(MatriculeOD=opener, DateNaissance="2020-05-04", RangNaissance="3") == ("02", None)
    assert found(MatriculeOD=opener, DateNaissance="2020-05-04") == ("02", None)
    name = twin["traits"]["nom_naissance"]
    assert found(MatriculeIndividu=twin["matricule"][:13], NomNaissance=name) == ("00", twin["matricule"][:13])
    assert found(MatriculeIndividu=twin["matricule"][:13], NomNaissance="AUTRE") == ("01", None)
    assert found(MatriculeOD="1480299999777", DateNaissance=born) == ("01", None)


def test_a_card_may_bear_a_former_number(register: Register, soap: Soap) -> None:
    person, former = register.person(), matricule("1480299999001")
    register.change(person, historique=[{"matricule": former}])
    answer = soap.by_card(MatriculeIndividu=former[:13])
    assert (answer.code, answer.text(".//r:INSACTIF//r:NumIdentifiant")) == ("00", person["matricule"][:13])


def test_a_card_of_somebody_of_whom_little_is_known(register: Register, soap: Soap) -> None:
    person = register.change(register.person(), traits={"date_naissance": "", "nom_naissance": ""})
    number = person["matricule"][:13]
    assert soap.by_card(MatriculeIndividu=number, NomNaissance="AUTRE", DateNaissance="1948-02-01").code == "00"
    register.fault("insi.recherche_carte", "jour_00")
    assert valid(soap.by_card(MatriculeIndividu=number)).DateNaissance == "1900-01-00"


def test_tenants_do_not_see_each_other(register: Register, soap: Soap) -> None:
    person = register.person()
    elsewhere = Soap(soap.http, soap.url.replace("/t/essai", ""))
    assert elsewhere.by_traits(person).code == "01"
    assert soap.by_traits(person).code == "00"
