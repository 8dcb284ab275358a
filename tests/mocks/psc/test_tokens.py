"""Refresh, introspection, revocation, UserInfo, end of session, and what happens on the side of Pro Santé Connect."""

from typing import Any

import pytest

from tests.mocks.psc.product import GOODBYE, Browser, Product, query_of


def test_refresh_rotates(product: Product, pro: dict[str, Any]) -> None:
    first = product.log_in(pro)
    answer = product.refresh(first["refresh_token"])
    assert answer.status_code == 200, answer.text
    second = answer.json()
    assert second["refresh_token"] != first["refresh_token"]
    assert product.claims(second["id_token"])["sub"] == product.claims(first["id_token"])["sub"]
    assert product.userinfo(second["access_token"]).status_code == 200
    grant = product.last("oidc.token")["context"]["grant"]
    assert (grant["type"], grant["reused"]) == ("refresh_token", False)


def test_a_refresh_token_shown_twice_revokes_its_family(product: Product, pro: dict[str, Any]) -> None:
    first = product.log_in(pro)
    second = product.refresh(first["refresh_token"]).json()
    again = product.refresh(first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert product.last("oidc.token")["context"]["grant"]["reused"] is True
    assert product.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    assert product.userinfo(second["access_token"]).status_code == 401


def test_a_refresh_token_of_another_client_is_refused(product: Product, pro: dict[str, Any]) -> None:
    tokens = product.log_in(pro)
    assert product.register("autre").refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert product.refresh(tokens["refresh_token"]).status_code == 200


def test_lifetimes_of_tokens_and_session(product: Product, pro: dict[str, Any]) -> None:
    tokens = product.log_in(pro)
    product.advance(119)
    assert product.active(tokens["access_token"])
    product.advance(121)
    assert not product.active(tokens["access_token"])
    refused = product.userinfo(tokens["access_token"])
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert product.last("oidc.userinfo")["context"]["token"]["state"] == "expired"
    product.advance(1799)
    later = product.refresh(tokens["refresh_token"]).json()
    product.advance(1799 + 1801)
    assert product.refresh(later["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_session_lives_four_hours_whatever_is_refreshed(product: Product, pro: dict[str, Any]) -> None:
    tokens = product.log_in(pro)
    for minutes in range(25, 240, 25):
        product.advance(minutes * 60)
        answer = product.refresh(tokens["refresh_token"])
        assert answer.status_code == 200, minutes
        tokens = answer.json()
    assert tokens["refresh_expires_in"] <= 15 * 60
    product.advance(4 * 3600 + 1)
    assert product.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_introspection(product: Product, pro: dict[str, Any]) -> None:
    tokens = product.log_in(pro)
    said = product.register("api").post("/token/introspect", token=tokens["access_token"]).json()
    assert (said["active"], said["client_id"], said["scope"]) == (True, "dui", "openid scope_all")
    assert said["SubjectNameID"] == pro["identifiant_national"]
    assert product.last("oidc.introspection")["context"]["token"]["state"] == "valid"
    assert product.post("/token/introspect", token="inconnu").json() == {"active": False}
    assert product.post("/token/introspect").json()["error"] == "invalid_request"
    assert product.post("/token/introspect", auth=None, token="x").status_code == 401
    code = product.code_for(pro)
    assert product.post("/token/introspect", token=code).json() == {"active": False}


def test_revocation(product: Product, pro: dict[str, Any]) -> None:
    tokens = product.log_in(pro)
    assert product.post("/revoke", token=tokens["access_token"]).status_code == 200
    assert not product.active(tokens["access_token"])
    assert product.active(tokens["refresh_token"])
    second = product.refresh(tokens["refresh_token"]).json()
    assert product.post("/revoke", token=second["refresh_token"], token_type_hint="x").status_code == 200
    assert not product.active(second["access_token"])
    assert product.post("/revoke", token="inconnu").status_code == 200
    assert product.post("/revoke").json()["error"] == "invalid_request"


def test_a_client_cannot_revoke_what_is_not_its_own(product: Product, pro: dict[str, Any]) -> None:
    tokens = product.log_in(pro)
    assert product.register("autre").post("/revoke", token=tokens["access_token"]).json()["error"] == "invalid_grant"
    assert product.active(tokens["access_token"])


@pytest.mark.parametrize("place", ["query", "body", "header"])
def test_a_token_out_of_the_header_is_seen_and_not_accepted(product: Product, pro: dict[str, Any], place: str) -> None:
    token, url = product.log_in(pro)["access_token"], f"{product.issuer}/protocol/openid-connect/userinfo"
    if place == "query":
        answer = product.http.get(url, params={"access_token": token})
    elif place == "body":
        answer = product.http.post(url, data={"access_token": token})
    else:
        answer = product.http.post(url, headers={"Authorization": f"bearer {token}"})
    assert answer.status_code == (200 if place == "header" else 401)
    seen = product.last("oidc.userinfo")["context"]["token"]
    assert (seen["place"], seen["state"]) == (place, "valid")


def test_userinfo_wants_an_access_token(product: Product, pro: dict[str, Any]) -> None:
    tokens = product.log_in(pro)
    for wrong, state in (("", "absent"), ("inconnu", "unknown"), (tokens["refresh_token"], "valid")):
        assert product.userinfo(wrong or " ").status_code == 401, wrong
        assert product.last("oidc.userinfo")["context"]["token"]["state"] == state


def test_end_of_session(product: Product, pro: dict[str, Any]) -> None:
    browser = Browser()
    tokens = product.redeem(browser.log_in(product, pro)["code"]).json()
    asked = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": GOODBYE, "state": "fin"}
    product.advance(300)  # an expired id_token still says which session
    answer = browser.http.get(f"{product.issuer}/protocol/openid-connect/logout", params=asked)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(GOODBYE)
    assert query_of(answer.headers["Location"]) == {"state": "fin"}
    said = product.last("oidc.end_session")
    assert said["context"]["logout"] == {
        "id_token_hint": "valid",
        "redirect_uri": GOODBYE,
        "registered": True,
        "state_given": True,
    }
    assert tokens["id_token"] not in str(said)
    assert product.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert "identifiant" in browser.open(product).text  # the login page again


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"post_logout_redirect_uri": "https://voleur.test/"}, "valid"),
        ({"id_token_hint": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."}, "invalid"),
        ({"id_token_hint": "n'importe quoi"}, "invalid"),
        ({"id_token_hint": ""}, "absent"),
    ],
)
def test_logout_never_sends_to_an_unknown_place(
    product: Product, pro: dict[str, Any], changes: dict[str, str], hint: str
) -> None:
    tokens = product.log_in(pro)
    asked = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": GOODBYE, **changes}
    answer = product.http.get(f"{product.issuer}/protocol/openid-connect/logout", params=asked)
    assert (answer.status_code, "Location" in answer.headers) == (400, False)
    assert product.last("oidc.end_session")["context"]["logout"]["id_token_hint"] == hint


def test_logout_without_an_address_says_goodbye(product: Product, pro: dict[str, Any]) -> None:
    tokens = product.log_in(pro)
    url = f"{product.issuer}/protocol/openid-connect/logout"
    answer = product.http.post(url, data={"id_token_hint": tokens["id_token"]})
    assert (answer.status_code, "déconnecté" in answer.text) == (200, True)
    assert not product.active(tokens["access_token"])


def test_the_side_of_pro_sante_connect_acts(product: Product, pro: dict[str, Any]) -> None:
    other = product.admin("POST", "professionnels")
    mine, hers = product.log_in(pro), product.log_in(other)
    done = product.admin("POST", "psc/actes", acte="expirer_jetons", professionnel=pro["id"])
    assert done["nombre"] == 1
    assert product.userinfo(mine["access_token"]).status_code == 401
    assert product.userinfo(hers["access_token"]).status_code == 200
    mine = product.refresh(mine["refresh_token"]).json()
    product.admin("POST", "psc/actes", acte="fermer_session", professionnel=pro["id"])
    assert product.refresh(mine["refresh_token"]).json()["error"] == "invalid_grant"
    assert product.refresh(hers["refresh_token"]).status_code == 200
    act = product.last("session.fermee")
    assert (act["protocol"], act["service"], act["person"]) == ("acte", "psc", pro["id"])
    assert product.last("jetons.expires")["protocol"] == "acte"


def test_keys_are_renewed_and_the_old_ones_stay(product: Product, pro: dict[str, Any]) -> None:
    before = product.log_in(pro)["id_token"]
    certs = f"{product.issuer}/protocol/openid-connect/certs"
    known = {key["kid"] for key in product.http.get(certs).json()["keys"]}
    product.admin("POST", "psc/actes", acte="renouveler_cles")
    keys = product.http.get(certs).json()["keys"]
    assert known < {key["kid"] for key in keys}
    assert all(key["use"] == "sig" and key["alg"] == "RS256" and "d" not in key for key in keys)
    after = product.log_in(pro)["id_token"]
    assert product.claims(before)
    assert product.claims(after)
    assert before.split(".")[0] != after.split(".")[0]
    assert product.last("cles.renouvelees")["protocol"] == "acte"
    untouched = Product.registered()
    assert len(untouched.http.get(f"{untouched.issuer}/protocol/openid-connect/certs").json()["keys"]) == len(known)


def test_a_removed_tenant_leaves_nothing(product: Product, pro: dict[str, Any]) -> None:
    product.log_in(pro)
    product.admin("POST", "psc/actes", acte="renouveler_cles")
    root = product.issuer.split("/t/")[0]
    assert product.http.delete(f"{root}/_banc/tenants/{product.tenant}").status_code == 204
    product.http.post(f"{root}/_banc/tenants", json={"nom": product.tenant})
    assert product.admin("GET", "psc/clients")["clients"] == []
    assert product.admin("GET", "professionnels")["professionnels"] == []
    assert len(product.http.get(f"{product.issuer}/protocol/openid-connect/certs").json()["keys"]) == 1
