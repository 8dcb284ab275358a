"""Each misbehaviour of the contract is played, once, and told in the journal."""

import base64
import json
from typing import Any

import pytest
from joserfc.errors import JoseError

from tests.mocks.psc.product import NONCE, STATE, Browser, Product


def part(token: str, rank: int) -> dict[str, Any]:
    text = token.split(".")[rank]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


@pytest.mark.parametrize("nature", ["jeton_mal_signe", "alg_none", "kid_inconnu"])
def test_signatures_that_must_not_be_believed(product: Product, pro: dict[str, Any], nature: str) -> None:
    right = part(product.log_in(pro)["id_token"], 0)
    product.fault("oidc.token", nature)
    token = product.log_in(pro)["id_token"]
    with pytest.raises((JoseError, ValueError)):
        product.claims(token)
    header = part(token, 0)
    assert {
        "jeton_mal_signe": header == right,
        "alg_none": header["alg"] == "none" and token.endswith("."),
        "kid_inconnu": header.get("kid") != right["kid"],
    }[nature]
    said = product.last("oidc.token")
    assert (said["fault"], said["context"]["id_token"]["spoilt"]) == (nature, nature)
    assert product.claims(product.log_in(pro)["id_token"])  # played once


@pytest.mark.parametrize(
    ("nature", "claim"),
    [
        ("mauvais_emetteur", "iss"),
        ("mauvaise_audience", "aud"),
        ("mauvais_nonce", "nonce"),
        ("niveau_inferieur", "acr"),
        ("jeton_expire", "exp"),
    ],
)
def test_claims_that_must_be_refused(product: Product, pro: dict[str, Any], nature: str, claim: str) -> None:
    product.fault("oidc.token", nature)
    said = product.claims(product.log_in(pro)["id_token"])
    right: dict[str, Any] = {"iss": product.issuer, "aud": "dui", "nonce": NONCE, "acr": "eidas1"}
    wrong = {name for name, value in right.items() if said[name] != value}
    if said["exp"] < said["auth_time"]:
        wrong.add("exp")
    assert wrong == {claim}


def test_keys_renewed_before_signing(product: Product, pro: dict[str, Any]) -> None:
    before = part(product.log_in(pro)["id_token"], 0)["kid"]
    product.fault("oidc.token", "cle_renouvelee")
    token = product.log_in(pro)["id_token"]
    assert part(token, 0)["kid"] != before
    assert product.claims(token)  # the new key is published


@pytest.mark.parametrize("nature", ["etat_melange", "sans_etat", "emetteur_melange"])
def test_ways_back_that_must_be_refused(product: Product, pro: dict[str, Any], nature: str) -> None:
    product.fault("page.connexion", nature)
    back = Browser().log_in(product, pro)
    assert back["code"]
    assert (back.get("state") == STATE) == (nature == "emetteur_melange")
    assert ("state" in back) == (nature != "sans_etat")
    assert (back["iss"] == product.issuer) == (nature != "emetteur_melange")
    assert product.last("page.connexion")["fault"] == nature


def test_a_code_that_has_served(product: Product, pro: dict[str, Any]) -> None:
    product.fault("page.connexion", "code_rejoue")
    answer = product.redeem(product.code_for(pro))
    assert answer.json()["error"] == "invalid_grant"
    assert product.last("oidc.token")["context"]["grant"]["reused"] is True


def test_a_refresh_that_is_refused(product: Product, pro: dict[str, Any]) -> None:
    tokens = product.log_in(pro)
    product.fault("oidc.token", "actualisation_refusee")
    assert product.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert product.last("oidc.token")["fault"] == "actualisation_refusee"
    assert product.refresh(tokens["refresh_token"]).status_code == 200


def test_userinfo_of_somebody_else_or_without_a_place(product: Product, pro: dict[str, Any]) -> None:
    tokens = product.log_in(pro)
    right = product.userinfo(tokens["access_token"]).json()
    product.fault("oidc.userinfo", "userinfo_autrui")
    assert product.userinfo(tokens["access_token"]).json()["sub"] != right["sub"]
    product.fault("oidc.userinfo", "sans_exercice")
    assert product.userinfo(tokens["access_token"]).json()["SubjectRefPro"]["exercices"] == []
    product.fault("oidc.userinfo", "finess_vide")
    places = product.userinfo(tokens["access_token"]).json()["SubjectRefPro"]["exercices"][0]["activities"]
    assert [place["numeroFinessSite"] for place in places] == [""]
    assert product.userinfo(tokens["access_token"]).json() == right


def test_signed_userinfo_and_its_fault(product: Product, pro: dict[str, Any]) -> None:
    product.set(userinfo_signe=True)
    tokens = product.log_in(pro)
    answer = product.userinfo(tokens["access_token"])
    assert answer.headers["Content-Type"] == "application/jwt"
    assert product.claims(answer.text)["aud"] == "dui"
    product.fault("oidc.userinfo", "userinfo_mal_signe")
    with pytest.raises(JoseError):
        product.claims(product.userinfo(tokens["access_token"]).text)


def test_unavailable(product: Product, pro: dict[str, Any]) -> None:
    product.fault("oidc.token", "503")
    assert product.redeem(product.code_for(pro)).status_code == 503
    product.fault("oidc.authorize", "503")
    assert Browser().open(product).status_code == 503
