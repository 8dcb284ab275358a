"""Each fault of the contract spoils one thing, once, and the journal says which."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from joserfc.errors import JoseError

from tests.mocks.franceconnect.portal import LEVELS, NONCE, STATE, Browser, Portal

SPOILT_CLAIMS = {
    "mauvais_emetteur": "iss",
    "mauvaise_audience": "aud",
    "mauvais_nonce": "nonce",
    "jeton_expire": "exp",
    "niveau_inferieur": "acr",
}


@pytest.mark.parametrize("nature", SPOILT_CLAIMS)
def test_one_claim_of_the_id_token_is_wrong(portal: Portal, person: dict[str, Any], nature: str) -> None:
    portal.fault("oidc.token", nature)
    said = portal.verified(portal.log_in(person)["id_token"])
    spoilt = {
        "iss": said["iss"] != portal.issuer,
        "aud": said["aud"] != portal.client_id,
        "nonce": said["nonce"] != NONCE,
        "exp": said["exp"] < said["auth_time"],
        "acr": said["acr"] != LEVELS[portal.service],
    }
    assert [name for name, wrong in spoilt.items() if wrong] == [SPOILT_CLAIMS[nature]]
    exchange = portal.last("oidc.token")
    assert (exchange["fault"], exchange["context"]["id_token"]["spoilt"]) == (nature, nature)
    assert portal.verified(portal.log_in(person)["id_token"])["nonce"] == NONCE


@pytest.mark.parametrize("nature", ["jeton_mal_signe", "kid_inconnu", "alg_none"])
@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_no_published_key_verifies_the_id_token(
    portal: Portal, person: dict[str, Any], nature: str, algorithm: str
) -> None:
    portal.set(algorithme=algorithm)
    portal.fault("oidc.token", nature)
    token = portal.log_in(person)["id_token"]
    with pytest.raises((JoseError, ValueError)):
        portal.verified(token)
    if nature == "alg_none":
        assert base64.urlsafe_b64decode(token.partition(".")[0] + "==") == b'{"alg":"none","typ":"JWT"}'


def test_a_renewed_key_is_published_and_the_old_one_stays(portal: Portal, person: dict[str, Any]) -> None:
    before = portal.log_in(person)["id_token"]
    keys = portal.http.get(f"{portal.issuer}/jwks").json()["keys"]
    portal.fault("oidc.token", "cle_renouvelee")
    after = portal.log_in(person)["id_token"]
    assert before.partition(".")[0] != after.partition(".")[0]
    assert len(portal.http.get(f"{portal.issuer}/jwks").json()["keys"]) == len(keys) + 1
    assert portal.verified(before)["sub"] == portal.verified(after)["sub"]


def test_keys_are_renewed_by_an_act(portal: Portal) -> None:
    keys = portal.http.get(f"{portal.issuer}/jwks").json()["keys"]
    portal.admin("POST", f"{portal.service}/actes", acte="renouveler_cles")
    assert len(portal.http.get(f"{portal.issuer}/jwks").json()["keys"]) > len(keys)
    assert portal.last("cles.renouvelees")["protocol"] == "acte"


def test_userinfo_of_somebody_else(portal: Portal, person: dict[str, Any]) -> None:
    tokens = portal.log_in(person)
    right = portal.verified(portal.userinfo(tokens["access_token"]).text)
    portal.fault("oidc.userinfo", "userinfo_autrui")
    wrong = portal.verified(portal.userinfo(tokens["access_token"]).text)
    assert wrong["sub"] != right["sub"]
    assert len(wrong["sub"]) == len(right["sub"])


def test_userinfo_wrongly_signed(portal: Portal, person: dict[str, Any]) -> None:
    token = portal.log_in(person)["access_token"]
    portal.fault("oidc.userinfo", "userinfo_mal_signe")
    with pytest.raises((JoseError, ValueError)):
        portal.verified(portal.userinfo(token).text)
    assert portal.verified(portal.userinfo(token).text)["sub"]


def test_userinfo_that_is_not_signed_cannot_be_wrongly_signed(portal: Portal, person: dict[str, Any]) -> None:
    portal.set(userinfo_signe=False)
    token = portal.log_in(person)["access_token"]
    portal.fault("oidc.userinfo", "userinfo_mal_signe")
    assert portal.userinfo(token).json()["family_name"] == person["nom"].upper()
    assert portal.last("oidc.userinfo")["fault"] is None


@pytest.mark.parametrize("nature", ["etat_melange", "sans_etat", "emetteur_melange"])
def test_the_redirection_is_mixed_up(portal: Portal, person: dict[str, Any], nature: str) -> None:
    portal.fault("page.connexion", nature)
    back = Browser().log_in(portal, person)
    seen = {
        "etat_melange": back.get("state") not in (STATE, None),
        "sans_etat": "state" not in back,
        "emetteur_melange": back["iss"] != portal.issuer,
    }
    assert [name for name, wrong in seen.items() if wrong] == [nature]
    assert portal.last("page.connexion")["fault"] == nature


def test_the_redirection_carries_a_code_that_was_used(portal: Portal, person: dict[str, Any]) -> None:
    portal.fault("page.connexion", "code_rejoue")
    answer = portal.redeem(Browser().log_in(portal, person)["code"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert portal.last("oidc.token")["context"]["grant"]["reused"] is True


@pytest.mark.parametrize("nature", ["500", "503"])
def test_the_service_is_down(portal: Portal, person: dict[str, Any], nature: str) -> None:
    portal.fault("oidc.*", nature)
    assert Browser().open(portal).status_code == int(nature)
    assert Browser().open(portal).status_code == 200
