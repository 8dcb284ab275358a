"""The national side: the registry, what the usager does and sees, what the journal keeps of it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from mocks.mes import model_pairings
from mocks.mes.model_consent import differs
from mocks.mes.settings import DEFAULTS, SETTINGS
from mocks.world import people
from tests.mocks.mes.product import Product, Tokens

START = "2024-10-27T09:00:00+01:00"


def refusal(product: Product, method: str, path: str, **body: Any) -> tuple[int, str]:
    answer = product.admin.client.request(method, f"mes/{path}", json=body)
    return answer.status_code, answer.json()["erreur"]


def test_the_registry_shows_its_services_without_their_secrets(product: Product) -> None:
    other = product.another(statut="PRESERIE", finalites=["AGENDA_LECTURE"], assign_auth="1.2.250.1.999.88")
    found = product.admin("GET", "mes/services")["services"]
    assert [(s["oid"], s["statut"], s["assign_auth"]) for s in found] == [
        (product.oid, "EN_LIGNE", "1.2.250.1.999.77"),
        (other.oid, "PRESERIE", "1.2.250.1.999.88"),
    ]
    assert product.secret not in json.dumps(found)
    assert product.admin("GET", f"mes/services/{other.oid}")["finalites"][0]["perimetre"] == "Agenda"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "services", {"oid": "pas un oid", "nom": "X"}, 400, "corps-invalide"),
        ("POST", "services", {"oid": "1.2.3"}, 400, "corps-invalide"),
        ("POST", "services", {"oid": "1.2.3", "nom": "X", "finalites": ["RIEN"]}, 400, "finalite-inconnue"),
        ("PATCH", "services/1.2.3", {"statut": "EN_LIGNE"}, 404, "service-inconnu"),
        ("PATCH", "services/1.2.250.1.999.10.1", {"statut": "OUVERT"}, 400, "corps-invalide"),
        ("GET", "usagers/personne/agenda", {}, 404, "personne-inconnue"),
        ("POST", "usagers/{p}/actes", {"acte": "rien"}, 400, "acte-inconnu"),
        ("POST", "usagers/{p}/actes", {"acte": "majorite"}, 409, "pas-d-appariement"),
        ("POST", "usagers/{p}/actes", {"acte": "majorite", "oid": "1.2.9"}, 404, "service-inconnu"),
        ("POST", "usagers/{p}/evenements", {"debut": "demain", "libelle": "x"}, 400, "corps-invalide"),
        ("POST", "usagers/{p}/evenements", {"debut": START, "fin": START, "libelle": "x"}, 400, "evenement-invalide"),
        ("PATCH", "usagers/{p}/evenements/rien", {}, 404, "evenement-inconnu"),
        ("POST", "usagers/{p}/mesures", {"code": "1-8", "valeur": 1, "instant": START}, 400, "mesure-inconnue"),
        ("POST", "usagers/{p}/mesures", {"code": "85354-9", "valeur": 1, "instant": START}, 400, "mesure-invalide"),
    ],
)
def test_the_admin_part_refuses_in_words(
    product: Product, person: dict[str, Any], method: str, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    assert refusal(product, method, path.format(p=person["id"]), **body) == (status, code)


def test_a_client_id_belongs_to_one_oid(product: Product) -> None:
    body = {"oid": "1.2.3", "nom": "X", "client_id": product.client_id}
    assert refusal(product, "POST", "services", **body) == (409, "client-deja-connu")


def test_an_act_may_leave_out_the_only_service(product: Product, person: dict[str, Any], tokens: Tokens) -> None:
    assert product.admin.act(person["id"], "desappariement")["etat"] == "revoque"
    product.another()
    assert refusal(product, "POST", f"usagers/{person['id']}/actes", acte="majorite") == (400, "oid-manquant")


def test_a_finality_that_the_service_has_not_cannot_be_granted(
    product: Product, person: dict[str, Any], tokens: Tokens
) -> None:
    body = {"acte": "consentement_donne", "finalite": "RIEN"}
    assert refusal(product, "POST", f"usagers/{person['id']}/actes", **body) == (400, "finalite-inconnue")


def test_consents_have_a_dated_history(product: Product, person: dict[str, Any]) -> None:
    product.admin("PUT", "horloge", mode="figee", instant="2024-10-01T10:00:00Z")
    product.pair(person, "AGENDA_LECTURE")
    product.admin("PUT", "horloge", mode="figee", instant="2024-10-02T10:00:00Z")
    product.admin.act(person["id"], "consentement_retire", finalite="AGENDA_LECTURE")
    [pairing] = product.admin("GET", f"mes/usagers/{person['id']}/appariements")["appariements"]
    assert pairing["historique"] == [
        {"finalite": "AGENDA_LECTURE", "consenti": True, "instant": "2024-10-01T10:00:00.000Z"},
        {"finalite": "AGENDA_LECTURE", "consenti": False, "instant": "2024-10-02T10:00:00.000Z"},
    ]
    assert (pairing["finalites"], pairing["etat"], pairing["service"]) == ([], "actif", "Portail des Tilleuls")


@pytest.mark.parametrize(
    ("act", "more"),
    [
        ("consentement_donne", {"finalite": "DOCUMENTS_LECTURE"}),
        ("consentement_retire", {"finalite": "AGENDA_LECTURE"}),
        ("version_reconnue", {}),
        ("majorite", {}),
        ("reapprobation_confirmee", {}),
        ("desappariement", {}),
    ],
)
def test_each_act_is_in_the_journal(
    product: Product, person: dict[str, Any], tokens: Tokens, act: str, more: dict[str, str]
) -> None:
    pairing = product.admin.act(person["id"], act, **more)
    entry = product.admin.last()
    assert (entry["protocol"], entry["operation"], entry["person"]) == ("acte", f"mes.usager.{act}", person["id"])
    body = json.loads(entry["request"]["body"])
    assert body == {"person": person["id"], "pairing": pairing["id"], "oid": product.oid, **more}


def test_the_operator_s_acts_are_in_the_journal(product: Product) -> None:
    product.admin("PATCH", f"mes/services/{product.oid}", statut="SUSPENDUE")
    assert json.loads(product.admin.last("mes.service.statut")["request"]["body"])["statut"] == "SUSPENDUE"
    product.admin("PATCH", f"mes/services/{product.oid}", finalites=["AGENDA_LECTURE"], version=4)
    body = json.loads(product.admin.last("mes.service.version")["request"]["body"])
    assert (body["version"], body["finalites"]) == (4, ["AGENDA_LECTURE"])


def test_a_new_staging_puts_services_and_settings_back(product: Product) -> None:
    product.admin("PATCH", f"mes/services/{product.oid}", statut="SUSPENDUE", finalites=["AGENDA_LECTURE"], version=9)
    product.admin.set(pkce="ignore")
    product.admin("POST", "remise-en-scene")
    [service] = product.admin("GET", "mes/services")["services"]
    assert (service["statut"], service["version"], len(service["finalites"])) == ("EN_LIGNE", 1, 6)
    assert product.admin("GET", "reglages")["mes.pkce"] == "requis"


def test_the_usager_types_changes_and_removes_events(product: Product, person: dict[str, Any]) -> None:
    path = f"mes/usagers/{person['id']}/evenements"
    typed = product.admin("POST", path, debut=START, libelle="Coiffeur", commentaire="à pied")
    assert (typed["auteur"], typed["source"], typed["fin"]) == ("PATIENT", None, "2024-10-27T09:30:00+01:00")
    moved = product.admin("PATCH", f"{path}/{typed['id']}", debut="2024-10-28T09:00:00+01:00")
    assert (moved["fin"], moved["libelle"], moved["version"]) == ("2024-10-28T09:30:00+01:00", "Coiffeur", 2)
    product.admin("DELETE", f"{path}/{typed['id']}")
    assert product.admin("GET", f"mes/usagers/{person['id']}/agenda")["evenements"] == []
    entries = product.admin("GET", "echanges?operation=mes.usager.evenement_*")["echanges"]
    assert [entry["operation"].rpartition("_")[2] for entry in entries] == ["ajoute", "modifie", "supprime"]


def test_an_event_sent_by_a_service_is_its_own(product: Product, person: dict[str, Any], tokens: Tokens) -> None:
    path = f"mes/usagers/{person['id']}/evenements"
    sent = product.put_appointment(tokens).json()["id"]
    expected = (409, "evenement-d-une-autre-source")
    assert refusal(product, "PATCH", f"usagers/{person['id']}/evenements/{sent}", libelle="x") == expected
    assert product.admin.client.delete(f"{path}/{sent}").status_code == 409
    elsewhere = product.admin("POST", path, debut=START, libelle="Kiné", source="1.2.250.1.999.55", identifiant="k-1")
    assert elsewhere["identifiant"] == {"system": "urn:oid:1.2.250.1.999.55", "value": "k-1"}
    assert product.admin("PATCH", f"{path}/{elsewhere['id']}", statut="cancelled")["statut"] == "cancelled"
    illegal = refusal(product, "PATCH", f"usagers/{person['id']}/evenements/{elsewhere['id']}", statut="booked")
    assert illegal == (409, "evenement-invalide")


@pytest.mark.check("MES-81")
def test_each_exchange_is_in_the_usager_s_trace(product: Product, person: dict[str, Any], tokens: Tokens) -> None:
    product.put_appointment(tokens)
    product.fhir("GET", "Appointment", tokens, params={"patient.identifier": tokens.subject})
    product.admin.act(person["id"], "consentement_retire", finalite="AGENDA_ECRITURE")
    product.put_appointment(tokens)
    other = product.pair(product.admin("POST", "personnes"))
    product.put_appointment(other)
    trace = product.admin("GET", f"mes/usagers/{person['id']}/activite")["activite"]
    assert [(line["libelle"], line["auteur"], line["abouti"], line["refus"]) for line in trace] == [
        ("Service relié", "Vous", True, None),
        ("Ajout d'un rendez-vous", "Portail des Tilleuls", True, None),
        ("Lecture de l'agenda", "Portail des Tilleuls", True, None),
        ("Autorisation retirée", "Vous", True, None),
        ("Ajout d'un rendez-vous", "Portail des Tilleuls", False, "CONSENT_REQUIRED"),
    ]


def test_a_tenant_forgotten_leaves_nothing(product: Product, person: dict[str, Any], tokens: Tokens) -> None:
    product.put_appointment(tokens)
    forgotten = product.http.delete(f"https://banc.test/_banc/tenants/{product.admin.tenant}")
    assert forgotten.status_code == 204
    answer = product.http.post("https://banc.test/_banc/tenants", json={"nom": product.admin.tenant})
    assert answer.status_code == 201
    assert product.admin("GET", "mes/services")["services"] == []
    assert product.admin("POST", "personnes")["id"] == person["id"]
    assert product.admin("GET", f"mes/usagers/{person['id']}/agenda")["evenements"] == []
    assert product.admin("GET", f"mes/usagers/{person['id']}/appariements")["appariements"] == []


def test_every_setting_has_a_default_and_says_what_it_does() -> None:
    assert [key for key, setting in SETTINGS.items() if not setting["explication"].endswith(".")] == []
    choices = [(setting["defaut"], setting["choix"]) for setting in SETTINGS.values() if "choix" in setting]
    assert [default for default, known in choices if default not in known] == []
    assert DEFAULTS["id_token_lifetime_s"] == DEFAULTS["refresh_token_lifetime_s"]


@pytest.mark.parametrize(
    ("born", "majority"), [("2006-10-27", "2024-10-26T22:00:00"), ("2008-02-29", "2026-02-28T23:00:00")]
)
def test_majority_falls_at_midnight_in_paris(born: str, majority: str) -> None:
    seconds = model_pairings.majority_of(date.fromisoformat(born))
    assert datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S") == majority


def test_names_are_compared_as_people_do() -> None:
    one = replace(people.make(1, date(1980, 1, 1)), family="Œuvrard d'Ys", given=("Marie-Thérèse", "Zoé"))
    assert not differs({"firstName": "MARIE THERESE", "lastName": "oeuvrard D YS"}, [one])
    assert not differs({"firstName": "zoe", "lastName": "OEUVRARD-D'YS"}, [one])
    assert differs({"firstName": "Marie", "lastName": "Oeuvrard"}, [one])
    assert not differs({}, [one])
