"""The pairing: journey, checks of what comes back, tokens kept on the server."""

from __future__ import annotations

import base64
import hashlib
import json

import httpx
import pytest

from reference.product import Refusal
from tests.reference.bench import MARIE, Bench
from tests.reference.fake_mes import refused


def test_the_request_is_pushed_with_pkce_state_nonce_and_the_external_identity(bench: Bench) -> None:
    marie = bench.declare()
    bench.browser(marie)
    url = bench.product.apparier_mes(marie)["url"]
    (form,) = bench.mes.pushed
    assert url.startswith("https://mes.test/t/essai/mes/oauth2/authorize?client_id=produit-de-reference&request_uri=")
    assert form["code_challenge_method"] == "S256"
    assert form["redirect_uri"] == bench.product.redirect_uri
    external = json.loads(form["external_user"])
    assert (external["firstName"], external["lastName"], external["email"]) == ("Marie", "TESTINE", MARIE["courriel"])
    assert external["login"] == "usager00001"
    assert "255069999999934" not in form["external_user"]


def test_the_code_is_exchanged_with_the_verifier_of_the_challenge(bench: Bench) -> None:
    assert bench.pair(bench.declare()) == "apparie"
    (call,) = bench.mes.calls("POST", "/token")
    digest = hashlib.sha256(call.form["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == bench.mes.pushed[0]["code_challenge"]


def test_states_verifiers_and_nonces_differ_from_one_pairing_to_the_next(bench: Bench) -> None:
    marie = bench.declare()
    bench.pair(marie)
    bench.pair(marie)
    first, second = bench.mes.pushed
    verifiers = [call.form["code_verifier"] for call in bench.mes.calls("POST", "/token")]
    assert first["state"] != second["state"]
    assert first["nonce"] != second["nonce"]
    assert verifiers[0] != verifiers[1]


def test_pairing_needs_an_open_session(bench: Bench) -> None:
    marie = bench.declare()
    with pytest.raises(Refusal, match="se connecter"):
        bench.product.apparier_mes(marie)
    bench.browser(marie)
    bench.product.fermer_session(marie)
    with pytest.raises(Refusal, match="se connecter"):
        bench.product.apparier_mes(marie)
    assert bench.mes.seen == []


def test_the_session_of_another_usager_does_not_do(bench: Bench) -> None:
    marie, paul = bench.declare(), bench.declare(nom="AUTRE")
    session = bench.product.ouvrir_session(paul)["session"]
    with pytest.raises(Refusal, match="se connecter"):
        bench.product.apparier_mes(marie, session=session)


def test_a_replayed_return_does_not_exchange_again(bench: Bench) -> None:
    marie = bench.declare()
    bench.browser(marie)
    back = bench.mes.accept(bench.product.apparier_mes(marie)["url"])
    assert bench.get(marie, "/appariement-mes/retour", **back).status_code == 302
    assert bench.get(marie, "/appariement-mes/retour", **back).status_code == 400
    assert len(bench.mes.calls("POST", "/token")) == 1


def test_an_unknown_state_and_a_return_in_another_session_are_refused(bench: Bench) -> None:
    marie, paul = bench.declare(), bench.declare(nom="AUTRE")
    bench.browser(marie)
    back = bench.mes.accept(bench.product.apparier_mes(marie)["url"])
    assert bench.get(marie, "/appariement-mes/retour", code="code-0", state="inventé").status_code == 400
    assert bench.get(paul, "/appariement-mes/retour", **back).status_code == 400
    assert bench.mes.calls("POST", "/token") == []
    assert bench.get(marie, "/appariement-mes/retour", **back).status_code == 302


def test_a_refusal_of_the_usager_leaves_the_account_unpaired_and_says_so(bench: Bench) -> None:
    marie = bench.declare()
    bench.browser(marie)
    bench.product.apparier_mes(marie)
    assert bench.product.lire_appariement(marie)["etat"] == "en_cours"
    state = bench.mes.pushed[0]["state"]
    bench.get(marie, "/appariement-mes/retour", error="access_denied", state=state)
    shown = bench.product.lire_appariement(marie)
    assert shown["etat"] == "non_apparie"
    assert "pas été autorisée" in shown["message"]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://ailleurs.test"},
        {"aud": "un-autre"},
        {"nonce": "autre"},
        {"exp": 1_000_000},
        {"oid": "1.2.250.1.999.66"},
        {"idPe": "pe-autre"},
        {"assignAuth": None},
    ],
)
def test_an_id_token_that_does_not_fit_pairs_nobody(bench: Bench, claims: dict[str, object]) -> None:
    marie = bench.declare()
    bench.mes.claims = claims
    assert bench.pair(marie) == "non_apparie"
    bench.book(marie)
    assert bench.mes.business() == []


def test_another_oid_in_the_id_token_raises_the_alert(bench: Bench) -> None:
    marie = bench.declare()
    bench.mes.claims = {"oid": "1.2.250.1.999.66"}
    bench.pair(marie)
    assert "OID" in bench.product.lire_appariement(marie)["alerte_configuration"]


def test_an_id_token_signed_by_somebody_else_pairs_nobody(bench: Bench) -> None:
    marie = bench.declare()
    head, body, signature = bench.mes.id_token(nonce="n", idPe="p").split(".")
    forged = {"access_token": "a", "id_token": f"{head}.{body}.{signature[::-1]}", "refresh_token": "r"}
    bench.mes.next("POST", "/token", httpx.Response(200, json=forged))
    assert bench.pair(marie) == "non_apparie"


def test_the_product_learns_what_is_allowed_from_the_scope(bench: Bench) -> None:
    marie = bench.declare()
    bench.pair(marie, "openid AGENDA_ECRITURE")
    shown = bench.product.lire_appariement(marie)
    assert shown["finalites"] == ["AGENDA_ECRITURE"]
    missing = ["AGENDA_LECTURE", "MESURES_LECTURE", "DOCUMENTS_ECRITURE", "DOCUMENTS_LECTURE"]
    assert shown["consentements_manquants"] == missing
    assert "lire votre agenda" in shown["message"]
    assert bench.product.synchroniser_agenda(marie, "2026-07-01", "2026-07-31")["recus"] == 0
    assert "AGENDA_LECTURE" in bench.product.synchroniser_agenda(marie, "2026-07-01", "2026-07-31")["message"]
    assert bench.mes.business() == []
    assert bench.book(marie)["envoi"] == {"etat": "envoye"}


def test_reading_only_never_writes(bench: Bench) -> None:
    marie = bench.declare()
    bench.pair(marie, "openid AGENDA_LECTURE")
    envoi = bench.book(marie)["envoi"]
    assert envoi["etat"] == "sans_objet"
    assert "AGENDA_ECRITURE" in envoi["message"]
    assert bench.mes.business() == []


def test_the_representative_pairs_the_child_apart(bench: Bench) -> None:
    marie = bench.declare()
    child = bench.declare(nom="PETIT", prenoms=["Léo"], date_naissance="2015-01-02", representant=marie)
    bench.pair(marie)
    bench.pair(marie, pour=child)
    bench.book(child)
    identities = [json.loads(form["external_user"]) for form in bench.mes.pushed]
    assert identities[0]["id"] != identities[1]["id"]
    assert identities[1]["firstName"] == "Léo"
    (write,) = bench.mes.business()
    assert write.json["participant"][0]["actor"]["identifier"]["value"] == identities[1]["id"]
    assert write.headers["authorization"] == "Bearer at-2"


def test_nobody_but_the_representative_pairs_a_minor(bench: Bench) -> None:
    marie, paul = bench.declare(), bench.declare(nom="AUTRE")
    child = bench.declare(nom="PETIT", representant=marie)
    bench.browser(paul)
    with pytest.raises(Refusal, match="représentant"):
        bench.product.apparier_mes(paul, pour=child)


def test_unpairing_revokes_both_tokens_and_forgets_them(bench: Bench) -> None:
    marie = bench.declare()
    bench.pair(marie)
    assert bench.product.desapparier_mes(marie) == {"etat": "non_apparie"}
    assert [call.form["token"] for call in bench.mes.calls("POST", "/revoke")] == ["rt-1", "at-1"]
    assert bench.book(marie)["envoi"]["etat"] == "sans_objet"
    assert bench.mes.business() == []


def test_a_new_pairing_uses_only_the_new_tokens(bench: Bench) -> None:
    marie = bench.declare()
    bench.pair(marie)
    bench.product.desapparier_mes(marie)
    bench.pair(marie)
    bench.book(marie)
    assert [call.headers["authorization"] for call in bench.mes.business()] == ["Bearer at-2"]


def test_without_exchange_nothing_leaves(bench: Bench) -> None:
    marie = bench.declare()
    bench.product.configurer(mes=dict(bench.product.settings.exchange.__dict__), avec_echange=False)
    bench.browser(marie)
    with pytest.raises(Refusal, match="sans échange"):
        bench.product.apparier_mes(marie)
    assert bench.book(marie)["envoi"]["etat"] == "sans_objet"
    assert bench.product.synchroniser_agenda(marie, "2026-07-01", "2026-07-31")["recus"] == 0
    assert bench.mes.seen == []


def test_mes_out_of_order_at_the_start_is_said(bench: Bench) -> None:
    marie = bench.declare()
    bench.browser(marie)
    bench.mes.next("POST", "/par", refused(503))
    with pytest.raises(Refusal, match="ne répond pas"):
        bench.product.apparier_mes(marie)
    assert bench.product.lire_appariement(marie)["etat"] == "non_apparie"


def test_no_token_nor_ins_in_pages_or_log(bench: Bench) -> None:
    marie = bench.declare()
    bench.pair(marie)
    bench.book(marie)
    bench.product.synchroniser_agenda(marie, "2026-07-01", "2026-07-31")
    texts = [bench.product.lire_journal_technique()["texte"]]
    texts += [bench.get(marie, path).text for path in ("/", "/appariement-mes", "/espace/calendrier")]
    for secret in ("at-1", "rt-1", "255069999999934", "eyJ"):
        assert not [text for text in texts if secret in text]
    assert "POST /t/essai/mes/fhir/Appointment : 201" in texts[0]
    assert bench.product.lire_journal_technique() == {"texte": ""}
    for call in bench.mes.seen:
        assert "255069999999934" not in call.query + call.body + str(call.headers)
