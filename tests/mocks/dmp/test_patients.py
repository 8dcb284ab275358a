"""TD0.2, TD0.3, and what the DMP offers outside of SOAP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.mocks.dmp.client import TD02, TD03, Dui, Reply, td03_body
from tests.mocks.dmp.conftest import Bench


def said(reply: Reply) -> dict[str, str]:
    """The observations of an answer of TD0.2."""
    found = reply.all("//h:administrativeObservation")
    return {one.find("{*}code").get("code"): one.find("{*}value").get("value") for one in found}


def acknowledged(reply: Reply) -> str:
    """`AA`, or `AE` and why."""
    word = reply.one("//h:acknowledgement/h:typeCode/@code")
    return " ".join([word, *reply.all("//h:acknowledgementDetail/h:code/@code")])


def test_an_active_dmp_of_an_authorised_structure(dui: Dui, bench: Bench) -> None:
    """Homologation case 0.2-100."""
    reply = dui.td02()
    assert acknowledged(reply) == "AA"
    assert reply.one("//h:queryResponseCode/@code") == "OK"
    assert said(reply) == {
        "STATUT_DMP": "ACTIF",
        "RATTACHEMENT_MES": "true",
        "AUTORISATION": "VALIDE",
        "MEDECIN_TRAITANT_DMP": "false",
    }
    assert reply.one("//h:patient/h:id/@extension") == dui.ins
    assert reply.one("//h:family[@qualifier='BR']").text == dui.person["nom"]
    assert reply.one("//h:family[@qualifier='SP']").text == "NON RENSEIGNE"
    assert reply.one("//h:birthTime/@value") == dui.person["date_naissance"].replace("-", "")
    assert reply.one("//wsa:Action").text == "urn:hl7-org:v3:PRPA_IN201308UV02"
    told = bench.last()
    assert (told["operation"], told["context"]["transaction"]) == ("dmp.hl7v3.td02", "TD0.2")
    assert told["context"]["answer_traits"]["birth"] == dui.person["nom"]
    assert told["context"]["response_status"] == "AA"


def test_a_closed_dmp_says_since_when(dui: Dui, bench: Bench) -> None:
    closing = {"date": "2026-01-02", "motif": "DECES", "raison": "Décès"}
    bench.dmp(dui.person, "PUT", body={"statut": "ferme", "fermeture": closing, "rattache_mes": False})
    reply = dui.td02()
    assert reply.one("//h:statusCode/@code") == "terminated"
    told = said(reply)
    assert (told["STATUT_DMP"], told["RATTACHEMENT_MES"]) == ("FERME", "false")
    assert (told["DATE_FERMETURE"], told["MOTIF_FERMETURE"], told["RAISON_FERMETURE"]) == tuple(closing.values())


@pytest.mark.parametrize("absent", ["dmp", "personne"])
def test_no_dmp(dui: Dui, bench: Bench, absent: str) -> None:
    if absent == "dmp":
        bench.dmp(dui.person, "PUT", body={"statut": "absent"})
    else:
        dui.person = {**dui.person, "ins": {"matricule": "248029999900100"}}
    reply = dui.td02()
    assert (acknowledged(reply), reply.one("//h:queryResponseCode/@code")) == ("AA", "NF")
    assert reply.all("//h:patient") == []


@pytest.mark.parametrize(
    ("state", "word"), [("aucune", "INEXISTANTE"), ("expiree", "EXPIREE"), ("valide", "VALIDE"), ("bloque", "BLOQUE")]
)
def test_the_authorisation_of_the_caller(dui: Dui, bench: Bench, state: str, word: str) -> None:
    if state == "bloque":
        bench.dmp(dui.person, "POST", "/actes", {"acte": "bloquer", "professionnel": dui.name_id})
    else:
        bench.dmp(dui.person, "PUT", "/autorisations", {"titulaire": dui.structure, "statut": state})
    assert said(dui.td02())["AUTORISATION"] == word


def test_a_usual_name_and_a_treating_doctor(dui: Dui, bench: Bench) -> None:
    bench.dmp(dui.person, "PUT", body={"nom_utilise": "DUPONT", "medecins_traitants": [dui.name_id]})
    reply = dui.td02()
    assert reply.one("//h:family[@qualifier='SP']").text == "DUPONT"
    assert said(reply)["MEDECIN_TRAITANT_DMP"] == "true"


def test_an_authorisation_is_added_and_removed(dui: Dui, bench: Bench) -> None:
    bench.dmp(dui.person, "PUT", "/autorisations", {"titulaire": dui.structure, "statut": "aucune"})
    assert dui.find().outcome == "Failure BancAutorisationAbsente"
    reply = dui.td03()
    assert (acknowledged(reply), reply.one("//wsa:Action").text) == ("AA", "urn:hl7-org:v3:PRPA_IN201315UV02")
    assert bench.last()["context"]["authorisation_change"] == {
        "holder": dui.structure,
        "action": "AJOUT",
        "from": "aucune",
        "to": "valide",
    }
    assert dui.find().outcome == "Success"
    assert acknowledged(dui.td03("SUPPRESSION")) == "AA"
    assert dui.find().outcome == "Failure BancAutorisationAbsente"


def test_who_holds_the_authorisation_depends_on_the_mode(dui: Dui, bench: Bench) -> None:
    dui.said["Authentification_Mode"] = "AIR"
    dui.td03()
    held = {one["titulaire"]: one["statut"] for one in bench.dmp(dui.person)["autorisations"]}
    assert held == {dui.structure: "valide", dui.name_id: "valide"}


@pytest.mark.parametrize(("status", "code"), [("ferme", "BancDmpFerme"), ("absent", "BancDmpAbsent")])
def test_no_authorisation_on_a_dmp_that_is_not_active(dui: Dui, bench: Bench, status: str, code: str) -> None:
    bench.dmp(dui.person, "PUT", body={"statut": status})
    reply = dui.td03()
    assert acknowledged(reply) == f"AE {code}"
    assert bench.last()["context"]["response_status"] == "AE"


def test_a_blocked_professional_does_not_authorise_himself(dui: Dui, bench: Bench) -> None:
    bench.dmp(dui.person, "POST", "/actes", {"acte": "bloquer", "professionnel": dui.name_id})
    assert acknowledged(dui.td03()) == "AE BancProfessionnelBloque"


def test_another_action(dui: Dui) -> None:
    assert acknowledged(dui.td03("PEUT-ETRE")) == "AE XDSRegistryError"


def test_a_message_without_authorisation_is_td1_which_is_not_offered(dui: Dui) -> None:
    reply = dui.send("patients", TD03, td03_body(dui.ins, "AJOUT", code="ADRESSE"))
    assert reply.fault == (400, "Sender", "wsa:ActionNotSupported", "banc_action")


@pytest.mark.parametrize("transaction", ["td02", "td03"])
def test_the_patient_is_that_of_the_vihf(dui: Dui, bench: Bench, transaction: str) -> None:
    other = bench.person()["ins"]["matricule"]
    body: Any = td03_body(other, "AJOUT")
    if transaction == "td02":
        body = (
            '<PRPA_IN201307UV02 xmlns="urn:hl7-org:v3"><controlActProcess><queryByParameter><parameterList>'
            f'<patientIdentifier><value root="1.2.250.1.213.1.4.10" extension="{other}"/></patientIdentifier>'
            "</parameterList></queryByParameter></controlActProcess></PRPA_IN201307UV02>"
        )
    reply = dui.send("patients", TD02 if transaction == "td02" else TD03, body)
    assert acknowledged(reply) == "AE BancPatientDuVihf"


@pytest.mark.check("DMP-088")
def test_the_interactions_are_settings(dui: Dui, bench: Bench) -> None:
    bench.set(td02_interaction="QUPA_IN000001")
    assert dui.td02().fault == (400, "Sender", "wsa:ActionNotSupported", "banc_action")
    value = f'<patientIdentifier><value root="1.2.250.1.213.1.4.10" extension="{dui.ins}"/></patientIdentifier>'
    body = f'<QUPA_IN000001 xmlns="urn:hl7-org:v3">{value}</QUPA_IN000001>'
    assert acknowledged(dui.send("patients", "urn:hl7-org:v3:QUPA_IN000001", body)) == "AA"


def test_the_parameter_file_is_elsewhere(dui: Dui, http: httpx.Client, bench: Bench) -> None:
    bench.set(cumul_invisible_patient_masque_ps=True, age_majorite=17)
    moved = http.get(f"{dui.url}/web/dmp/documents/param-lps")
    assert (moved.status_code, moved.headers["Location"]) == (302, f"{dui.url}/parametres/param-lps.xml")
    text = http.get(moved.headers["Location"]).text
    assert '<parametre nom="cumul-invisible_patient-masque_ps" valeur="true"/>' in text
    assert '<parametre nom="age-majorite" valeur="17"/>' in text


@pytest.mark.parametrize("way", ["chemin", "requete", "formulaire", "inconnu"])
def test_the_web_page_opens_on_the_patient(dui: Dui, http: httpx.Client, bench: Bench, way: str) -> None:
    url = f"{dui.url}/web-ps/ouverture"
    answers = {
        "chemin": lambda: http.get(f"{url}/{dui.ins}"),
        "requete": lambda: http.get(url, params={"patient": dui.patient_id}),
        "formulaire": lambda: http.post(url, data={"ins": dui.ins}),
        "inconnu": lambda: http.get(url, params={"patient": "248029999900100"}),
    }
    page = answers[way]().text
    assert (dui.person["nom"] in page) is (way != "inconnu")
    told = bench.last()
    assert (told["operation"], told["context"]["transaction"]) == ("dmp.page.web_ps", "TD0.9")
    assert told["context"]["web_ps"]["person"] == (None if way == "inconnu" else dui.person["id"])
