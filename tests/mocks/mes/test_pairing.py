"""Pairing by the pages, as a browser and a product see it."""

import json
import re
from typing import Any

import httpx
import pytest

from tests.mocks.mes.product import CALLBACK, Browser, Product, decoded, external_user, query_of


def consent(product: Product, person: dict[str, Any], user: str | None = None, **asked: Any) -> Browser:
    """A browser that stands on the consent page."""
    browser = Browser()
    user = external_user(person, "esms-1") if user is None else user
    browser.open(f"{product.base}/oauth2/authorize", params=product.request(external_user=user or None, **asked))
    assert browser.log_in(person).status_code == 200, browser.page.text
    return browser


def test_a_pairing_gives_the_tokens_of_what_was_granted(product: Product, person: dict[str, Any]) -> None:
    answer = product.exchange(product.code_for(person, "AGENDA_ECRITURE", idpe="esms-42"))
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["scope"]) == (200, "Bearer", "openid AGENDA_ECRITURE")
    assert body["access_token"].startswith("banc-at-")
    assert body["refresh_token"].startswith("banc-rt-")
    claims = decoded(body["id_token"])
    named = {name: claims[name] for name in ("iss", "aud", "oid", "idPe", "assignAuth", "nonce", "sub")}
    assert named == {
        "iss": product.base,
        "aud": product.client_id,
        "oid": product.oid,
        "idPe": "esms-42",
        "assignAuth": "1.2.250.1.999.77",
        "nonce": "nonce-1",
        "sub": "esms-42",
    }


def test_the_page_shows_the_service_and_the_account_and_nothing_is_ticked(
    product: Product, person: dict[str, Any]
) -> None:
    text = consent(product, person).page.text
    shown = ("Portail des Tilleuls", "Éditeur fictif", person["courriel"], "moi", "Alimenter votre agenda")
    assert all(word in text for word in shown)
    assert text.count('type="checkbox"') == 6
    assert 'type="checkbox" checked' not in text
    assert "checked>" not in text.split("Ce que vous autorisez")[1]
    assert "identite-differente" not in text


def labels(page: str) -> list[str]:
    """Ids of the fields that a label names."""
    return re.findall(r'<label for="([^"]+)">', page)


def test_pages_are_accessible_and_need_no_script(product: Product, person: dict[str, Any]) -> None:
    browser = Browser()
    pages = [browser.open(f"{product.base}/oauth2/authorize", params=product.request()).text]
    pages += [browser.log_in(person).text, browser.open(f"{product.base}/catalogue").text]
    pages.append(browser.open(f"{product.base}/catalogue/{product.oid}").text)
    for page in pages:
        assert '<html lang="fr">' in page
        assert page.count("<h1>") == 1
        assert "<script" not in page
        fields = [tag for tag in re.findall(r"<input ([^>]+)>", page) if 'type="hidden"' not in tag]
        assert {re.findall(r'\bid="([^"]+)"', tag)[0] for tag in fields} == set(labels(page))


@pytest.mark.parametrize(
    ("first", "last", "warned"),
    [("{given}", "{family}", False), ("{given_upper}", "{family_upper}", False), ("Autre", "{family}", True)],
)
def test_a_name_that_is_not_the_holder_s_is_pointed_out(
    product: Product, person: dict[str, Any], first: str, last: str, warned: bool
) -> None:
    words = {"given": person["prenoms"][0], "family": person["nom"]}
    words |= {f"{name}_upper": word.upper() for name, word in words.items()}
    user = {"id": "x", "firstName": first.format(**words), "lastName": last.format(**words)}
    text = consent(product, person, json.dumps(user)).page.text
    assert ("identite-differente" in text) is warned


def test_refusing_goes_back_with_access_denied_and_state(product: Product, person: dict[str, Any]) -> None:
    back = consent(product, person).decide("refuser")
    assert (back["error"], back["state"]) == ("access_denied", "etat-1")
    assert product.admin("GET", f"mes/usagers/{person['id']}/appariements")["appariements"] == []
    assert product.admin.last("mes.usager.appariement_refuse")["person"] == person["id"]


def test_the_journal_keeps_the_act_and_no_secret(product: Product, person: dict[str, Any]) -> None:
    tokens = product.pair(person)
    entries = product.admin("GET", "echanges")["echanges"]
    act = next(entry for entry in entries if entry["operation"] == "mes.usager.appariement_autorise")
    assert json.loads(act["request"]["body"])["oid"] == product.oid
    text = json.dumps(entries)
    assert not [s for s in (tokens.access, tokens.refresh, product.secret, person["mes"]["mot_de_passe"]) if s in text]


def test_a_pushed_request_serves_once(product: Product, person: dict[str, Any]) -> None:
    pushed = product.post("/oauth2/par", **product.request(external_user=external_user(person, "esms-7")))
    assert (pushed.status_code, pushed.json()["expires_in"]) == (201, 60)
    asked = {"client_id": product.client_id, "request_uri": pushed.json()["request_uri"]}
    browser = Browser()
    browser.open(f"{product.base}/oauth2/authorize", params=asked)
    browser.log_in(person)
    code = browser.decide("autoriser", "AGENDA_LECTURE")["code"]
    assert decoded(product.exchange(code).json()["id_token"])["idPe"] == "esms-7"
    again = httpx.get(f"{product.base}/oauth2/authorize", params=asked)
    assert (again.status_code, "Location" in again.headers) == (400, False)


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"redirect_uri": "https://ailleurs.test/"}, 400, "invalid_request"),
        ({"response_type": "token"}, 400, "unsupported_response_type"),
        ({"code_challenge": None}, 400, "invalid_request"),
        ({"external_user": "pas du JSON"}, 400, "invalid_request"),
        ({"external_user": '{"id": "a|b"}'}, 400, "invalid_request"),
        ({"request_uri": "urn:x"}, 400, "invalid_request"),
        ({"client_id": "un-autre"}, 400, "invalid_request"),
        ({"state": ["a", "b"]}, 400, "invalid_request"),
    ],
)
def test_a_bad_pushed_request_is_refused_to_who_pushes(
    product: Product, changes: dict[str, Any], status: int, error: str
) -> None:
    answer = product.post("/oauth2/par", **product.request(**changes))
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_only_the_registered_client_pushes(product: Product) -> None:
    answer = product.post("/oauth2/par", secret="faux", **product.request())
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "inconnu"},
        {"client_id": "inconnu\x00"},
        {"client_id": None},
        {"redirect_uri": CALLBACK + "/autre"},
        {"redirect_uri": None},
        {"redirect_uri": "https://é\\.test/"},
        {"request_uri": "urn:ietf:params:oauth:request_uri:jamais-vue"},
        {"state": ["a", "b"]},
    ],
)
def test_an_untrusted_request_gets_a_french_page_never_a_redirect(product: Product, changes: dict[str, Any]) -> None:
    answer = httpx.get(f"{product.base}/oauth2/authorize", params=product.request(**changes))
    assert (answer.status_code, "Location" in answer.headers) == (400, False)
    assert 'lang="fr"' in answer.text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "é"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "court"}, "invalid_request"),
        ({"external_user": "[]"}, "invalid_request"),
        ({"external_user": '{"id": 12}'}, "invalid_request"),
    ],
)
def test_another_fault_goes_back_to_the_product_with_its_state(
    product: Product, changes: dict[str, Any], error: str
) -> None:
    answer = httpx.get(f"{product.base}/oauth2/authorize", params=product.request(**changes))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{CALLBACK}?")
    back = query_of(answer.headers["Location"])
    assert (back["error"], back["state"]) == (error, "etat-1")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"statut": "SUSPENDUE"}, "unauthorized_client"),
        ({"statut": "HORS_LIGNE"}, "unauthorized_client"),
        ({"statut": "DEREFERENCEE"}, "unauthorized_client"),
        ({"reference_avec_echange": False}, "unauthorized_client"),
        ({"statut": "PRESERIE"}, None),
    ],
)
def test_a_status_permits_pairing_or_not(product: Product, change: dict[str, Any], error: str | None) -> None:
    product.admin("PATCH", f"mes/services/{product.oid}", **change)
    answer = httpx.get(f"{product.base}/oauth2/authorize", params=product.request())
    assert query_of(answer.headers["Location"]).get("error") == error


def test_in_pre_production_only_test_accounts_pair(product: Product, person: dict[str, Any]) -> None:
    product.admin("PATCH", f"mes/services/{product.oid}", statut="PRESERIE")
    product.admin.set(comptes_de_test=["p999"])
    assert consent(product, person).decide("autoriser", "AGENDA_LECTURE")["error"] == "access_denied"
    product.admin.set(comptes_de_test=[person["id"]])
    assert "code" in consent(product, person).decide("autoriser", "AGENDA_LECTURE")


def test_a_service_suspended_while_the_usager_reads_gets_no_code(product: Product, person: dict[str, Any]) -> None:
    browser = consent(product, person)
    product.admin("PATCH", f"mes/services/{product.oid}", statut="SUSPENDUE")
    assert browser.decide("autoriser", "AGENDA_LECTURE")["error"] == "unauthorized_client"


def test_a_parent_pairs_a_child_s_profile_and_a_child_does_not_log_in(product: Product, person: dict[str, Any]) -> None:
    child = product.admin("POST", "personnes", age=9, enfant_de=person["id"])
    tokens = product.pair(person, profile=child["id"])
    found = product.admin("GET", f"mes/usagers/{child['id']}/appariements")["appariements"]
    assert [(p["personne"], p["autorise_par"], p["idpe"]) for p in found] == [(child["id"], person["id"], tokens.idpe)]
    assert product.admin("GET", f"mes/usagers/{person['id']}/appariements")["appariements"] == []
    browser = Browser()
    browser.open(f"{product.base}/oauth2/authorize", params=product.request())
    assert browser.log_in(child).status_code == 401
    assert "représentant" in browser.page.text


def test_somebody_else_s_child_cannot_be_chosen(product: Product, person: dict[str, Any]) -> None:
    other = product.admin("POST", "personnes")
    browser = consent(product, person)
    assert browser.submit(decision="autoriser", profil=other["id"]).status_code == 400


def test_a_wrong_password_says_so_and_a_second_try_succeeds(product: Product, person: dict[str, Any]) -> None:
    browser = Browser()
    browser.open(f"{product.base}/oauth2/authorize", params=product.request())
    page = browser.submit(identifiant=person["mes"]["identifiant"], mot_de_passe="non")
    assert (page.status_code, 'role="alert"' in page.text) == (401, True)
    assert "Le service n'a pas transmis" in browser.log_in(person).text.replace("&#39;", "'")


def test_without_external_user_the_idpe_is_drawn_or_the_request_refused(
    product: Product, person: dict[str, Any]
) -> None:
    code = consent(product, person, user="").decide("autoriser", "AGENDA_LECTURE")["code"]
    assert len(decoded(product.exchange(code).json()["id_token"])["idPe"]) > 15
    product.admin.set(external_user_requis=True)
    answer = httpx.get(f"{product.base}/oauth2/authorize", params=product.request())
    assert query_of(answer.headers["Location"])["error"] == "invalid_request"


def test_the_form_of_another_page_or_browser_is_refused(product: Product, person: dict[str, Any]) -> None:
    browser = consent(product, person)
    forged = browser.http.post(browser.action(), data={"csrf": "é", "decision": "autoriser"})
    stolen = httpx.post(browser.action(), data={**browser.hidden(), "decision": "autoriser"})
    assert (forged.status_code, stolen.status_code) == (403, 403)


def test_a_decision_is_taken_once_and_in_time(product: Product, person: dict[str, Any]) -> None:
    browser = consent(product, person)
    address, fields = browser.action(), browser.hidden()
    browser.decide("autoriser", "AGENDA_LECTURE")
    assert browser.http.post(address, data={**fields, "decision": "refuser"}).status_code == 404
    late = consent(product, person)
    product.admin("PUT", "horloge", mode="decalee", secondes=601)
    assert late.submit(decision="autoriser").status_code == 404


def test_pairing_again_ends_the_former_pairing_and_its_tokens(product: Product, person: dict[str, Any]) -> None:
    old, new = product.pair(person), product.pair(person)
    states = [p["etat"] for p in product.admin("GET", f"mes/usagers/{person['id']}/appariements")["appariements"]]
    assert states == ["revoque", "actif"]
    assert product.fhir("GET", f"Appointment?patient.identifier={old.subject}", old).status_code == 401
    assert product.refresh(old.refresh).json()["error"] == "invalid_grant"
    assert product.fhir("GET", f"Appointment?patient.identifier={new.subject}", new).status_code == 200


def test_the_catalogue_leads_to_the_service(product: Product) -> None:
    product.another("1.2.250.1.999.20", nom="En vol", statut="HORS_LIGNE")
    synchronised = product.another("1.2.250.1.999.30", nom="Autre", url_synchronisation="https://portail.test/lier")
    page = httpx.get(f"{product.base}/catalogue").text
    assert ("Portail des Tilleuls" in page, "Autre" in page, "En vol" in page) == (True, True, False)
    sheet = httpx.get(f"{product.base}/catalogue/{synchronised.oid}").text
    assert 'id="synchroniser" href="https://portail.test/lier"' in sheet
    assert httpx.get(f"{product.base}/catalogue/1.2.250.1.999.20").status_code == 404
    product.admin("PATCH", f"mes/services/{synchronised.oid}", statut="SUSPENDUE")
    assert 'id="suspendu"' in httpx.get(f"{product.base}/catalogue/{synchronised.oid}").text
