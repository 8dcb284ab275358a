"""The refusals of business calls: which one, and in which order (fact sheet §12)."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest

from tests.mocks.mes.product import ASSIGN_AUTH, Product, Tokens, appointment, tokens_of

READ, WRITE = "AGENDA_LECTURE", "AGENDA_ECRITURE"


def search(product: Product, tokens: Tokens, **more: Any) -> Any:
    return product.fhir("GET", "Appointment", tokens, params={"patient.identifier": tokens.subject}, **more)


def code_of(answer: Any) -> str | None:
    """Code of a refusal; None for a success."""
    if answer.is_success:
        return None
    coding = answer.json()["issue"][0].get("details", {"coding": [{"code": "payload"}]})["coding"][0]
    return str(coding["code"])


# One way to break each thing that the guard looks at, in the order in which it looks. Each row breaks the product's
# side of the call, or the national side.
Break = Callable[[Product, dict[str, Any], dict[str, Any]], None]


def _no_bearer(_product: Product, _person: dict[str, Any], call: dict[str, Any]) -> None:
    call["headers"]["Authorization"] = "Bearer banc-at-inconnu0"


def _bad_id_token(_product: Product, _person: dict[str, Any], call: dict[str, Any]) -> None:
    call["headers"]["ID_TOKEN"] = "eyJhbGciOiJub25lIn0.e30."


def _other_oid(product: Product, _person: dict[str, Any], _call: dict[str, Any]) -> None:
    product.admin("POST", "pannes", operation="mes.fhir.*", nature="oid_different", fois=0)


def _other_idpe(_product: Product, _person: dict[str, Any], call: dict[str, Any]) -> None:
    call["json"]["participant"][0]["actor"]["identifier"]["value"] = "quelqu-un-d-autre"


def _suspended(product: Product, _person: dict[str, Any], _call: dict[str, Any]) -> None:
    product.admin("PATCH", f"mes/services/{product.oid}", statut="SUSPENDUE")


def _unpaired(product: Product, person: dict[str, Any], _call: dict[str, Any]) -> None:
    product.admin.act(person["id"], "desappariement", oid=product.oid)


def _no_consent(product: Product, person: dict[str, Any], _call: dict[str, Any]) -> None:
    product.admin.act(person["id"], "consentement_retire", oid=product.oid, finalite=WRITE)


def _bad_payload(_product: Product, _person: dict[str, Any], call: dict[str, Any]) -> None:
    call["json"]["status"] = "n-existe-pas"


BREAKS: list[tuple[Break, int, str]] = [
    (_no_bearer, 401, "INVALID_TOKEN"),
    (_bad_id_token, 400, "INVALID_ID_TOKEN"),
    (_other_oid, 409, "OID_MISMATCH"),
    (_other_idpe, 403, "IDPE_MISMATCH"),
    (_suspended, 403, "PAIRING_SUSPENDED"),
    (_no_consent, 403, "CONSENT_REQUIRED"),
    (_bad_payload, 422, "payload"),
]


@pytest.mark.parametrize("first", range(len(BREAKS)))
def test_of_several_faults_the_first_in_order_is_told(
    product: Product, person: dict[str, Any], tokens: Tokens, first: int
) -> None:
    call = {"json": appointment(tokens), "headers": tokens.headers()}
    for spoil, _, _ in BREAKS[first:]:
        spoil(product, person, call)
    answer = product.http.post(f"{product.base}/fhir/Appointment", **call)
    _, status, code = BREAKS[first]
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert product.admin.last()["context"].get("refusal", "payload") == code


def test_an_ended_pairing_comes_before_consent(product: Product, person: dict[str, Any], tokens: Tokens) -> None:
    _no_consent(product, person, {})
    _unpaired(product, person, {})
    assert code_of(product.put_appointment(tokens)) == "PAIRING_REVOKED"


@pytest.mark.parametrize(
    ("headers", "status", "state"),
    [
        ({"Authorization": ""}, 401, "absent"),
        ({"Authorization": "Basic x"}, 401, "absent"),
        ({"Authorization": "Bearer"}, 401, "absent"),
        ({"Authorization": "Bearer x y|z"}, 401, "unknown"),
    ],
)
def test_states_of_the_access_token(
    product: Product, tokens: Tokens, headers: dict[str, str], status: int, state: str
) -> None:
    raw = {name: value.encode("latin-1") for name, value in tokens.headers(**headers).items()}
    answer = product.http.get(f"{product.base}/fhir/Appointment", headers=raw)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (status, 'Bearer error="invalid_token"')
    assert product.admin.last()["context"]["token"]["state"] == state


@pytest.mark.parametrize("identity", ["", "x", "a.b.c", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA"])
def test_an_id_token_that_is_none_is_refused(product: Product, tokens: Tokens, identity: str) -> None:
    tokens.identity = identity
    answer = search(product, tokens)
    assert (answer.status_code, code_of(answer)) == (400, "INVALID_ID_TOKEN")


def test_an_id_token_may_come_in_the_other_header_or_the_one_of_the_setting(product: Product, tokens: Tokens) -> None:
    identity, tokens.identity = tokens.identity, ""
    assert search(product, tokens, headers={"X-ID-TOKEN": identity}).status_code == 200
    product.admin.set(entete_id_token="X-Identite")
    assert search(product, tokens, headers={"X-Identite": identity}).status_code == 200


def test_an_expired_id_token_is_refused_unless_the_setting_tolerates_it(
    product: Product, person: dict[str, Any]
) -> None:
    product.admin.set(id_token_lifetime_s=10)
    tokens = product.pair(person)
    product.admin("PUT", "horloge", mode="decalee", secondes=30)
    assert code_of(search(product, tokens)) == "INVALID_ID_TOKEN"
    assert product.admin.last()["context"]["id_token"]["state"] == "expired"
    assert search(product, tokens_of(product.refresh(tokens.refresh))).status_code == 200
    product.admin.set(id_token_expire_refuse=False)
    assert search(product, tokens).status_code == 200


def test_the_tokens_of_two_usagers_do_not_mix(product: Product, tokens: Tokens) -> None:
    other = product.pair(product.admin("POST", "personnes"))
    mixed = Tokens(tokens.access, "", other.identity, "", tokens.idpe)
    assert code_of(search(product, mixed)) == "IDPE_MISMATCH"
    answer = product.fhir("GET", "Appointment", tokens, params={"patient.identifier": other.subject})
    assert code_of(answer) == "IDPE_MISMATCH"
    assert product.admin.last()["context"]["requested_idpe"] == other.idpe


def test_the_id_token_of_another_service_or_tenant_is_not_valid(product: Product, tokens: Tokens) -> None:
    other = product.another("1.2.250.1.999.20").pair(product.admin("POST", "personnes"))
    neighbour = Product.registered(client_id=product.client_id)
    elsewhere = neighbour.pair(neighbour.admin("POST", "personnes"), idpe=tokens.idpe)
    for identity in (other.identity, elsewhere.identity):
        assert code_of(search(product, Tokens(tokens.access, "", identity, "", tokens.idpe))) == "INVALID_ID_TOKEN"
    assert code_of(search(neighbour, tokens)) == "INVALID_TOKEN"


@pytest.mark.parametrize("subject", ["1.2.250.1.999.78%7C{idpe}", f"{ASSIGN_AUTH}%7C255069999999934"])
def test_another_authority_or_an_ins_is_not_the_usager(product: Product, tokens: Tokens, subject: str) -> None:
    answer = product.fhir("GET", f"Appointment?patient.identifier={subject.format(idpe=tokens.idpe)}", tokens)
    assert (answer.status_code, code_of(answer)) == (403, "IDPE_MISMATCH")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"statut": "PRESERIE"}, None),
        ({"statut": "EN_LIGNE"}, None),
        ({"statut": "SUSPENDUE"}, "PAIRING_SUSPENDED"),
        ({"statut": "HORS_LIGNE"}, "PAIRING_SUSPENDED"),
        ({"statut": "DEREFERENCEE"}, "SERVICE_NOT_REFERENCED"),
        ({"reference_avec_echange": False}, "SERVICE_NOT_REFERENCED"),
        ({"statut": "SUSPENDUE", "reference_avec_echange": False}, "SERVICE_NOT_REFERENCED"),
    ],
)
def test_a_status_permits_exchange_or_not_on_every_family(
    product: Product, tokens: Tokens, change: dict[str, Any], code: str | None
) -> None:
    product.admin("PATCH", f"mes/services/{product.oid}", **change)
    measures = {"subject.identifier": tokens.subject, "code": "29463-7", "_sort": "-date", "_count": "1"}
    seen = [search(product, tokens), product.fhir("GET", "Observation", tokens, params=measures)]
    assert [code_of(answer) for answer in [*seen, product.put_appointment(tokens)]] == [code] * 3


def test_a_consent_opens_one_perimeter_and_one_action(product: Product, person: dict[str, Any]) -> None:
    writer = product.pair(person, WRITE)
    assert (code_of(product.put_appointment(writer)), code_of(search(product, writer))) == (None, "CONSENT_REQUIRED")
    product.admin.act(person["id"], "consentement_donne", oid=product.oid, finalite=READ)
    product.admin.act(person["id"], "consentement_retire", oid=product.oid, finalite=WRITE)
    assert (code_of(product.put_appointment(writer)), code_of(search(product, writer))) == ("CONSENT_REQUIRED", None)


def test_new_finalities_wait_for_acknowledgement_then_for_consent(product: Product, person: dict[str, Any]) -> None:
    product.admin("PATCH", f"mes/services/{product.oid}", finalites=[WRITE])
    tokens = product.pair(person, WRITE)
    changed = product.admin("PATCH", f"mes/services/{product.oid}", finalites=[WRITE, READ])
    assert changed["version"] == 2
    assert code_of(product.put_appointment(tokens)) is None
    product.admin.act(person["id"], "consentement_donne", oid=product.oid, finalite=READ)
    assert code_of(search(product, tokens)) == "ACKNOWLEDGEMENT_REQUIRED"
    product.admin.act(person["id"], "version_reconnue", oid=product.oid)
    assert code_of(search(product, tokens)) is None
    product.admin.act(person["id"], "consentement_retire", oid=product.oid, finalite=READ)
    assert code_of(search(product, tokens)) == "CONSENT_REQUIRED"


@pytest.mark.parametrize(("mode", "status"), [("403", 403), ("401", 401)])
def test_unpairing_is_found_out_at_the_next_call(
    product: Product, person: dict[str, Any], tokens: Tokens, mode: str, status: int
) -> None:
    product.admin.set(desappariement_refus=mode)
    _unpaired(product, person, {})
    assert search(product, tokens).status_code == status
    assert product.refresh(tokens.refresh).json()["error"] == "invalid_grant"


def child_pairing(product: Product, parent: dict[str, Any], age: int) -> tuple[dict[str, Any], Tokens]:
    child = product.admin("POST", "personnes", age=age, enfant_de=parent["id"])
    return child, product.pair(parent, profile=child["id"])


def test_at_majority_exchanges_stop_until_reapproval(product: Product, person: dict[str, Any]) -> None:
    child, tokens = child_pairing(product, person, 17)
    assert code_of(search(product, tokens)) is None
    product.admin.act(child["id"], "majorite", oid=product.oid)
    assert code_of(search(product, tokens)) == "REAPPROVAL_REQUIRED"
    product.admin.set(majorite_avant_limite="tolerer")
    assert code_of(search(product, tokens)) is None
    product.admin.set(majorite_avant_limite="refuser")
    product.admin.act(child["id"], "reapprobation_confirmee", oid=product.oid)
    assert code_of(search(product, tokens)) is None


def test_after_the_limit_date_the_pairing_is_lost(product: Product, person: dict[str, Any]) -> None:
    child, tokens = child_pairing(product, person, 17)
    product.admin.set(access_token_lifetime_s=10**9)
    product.admin("PUT", "horloge", mode="decalee", secondes=300 * 86_400)  # the birthday is within six months
    tokens = Tokens(tokens.access, tokens.refresh, tokens.identity, "", tokens.idpe)
    found = product.admin("GET", f"mes/usagers/{child['id']}/appariements")["appariements"]
    assert [pairing["etat"] for pairing in found] == ["perdu"]
    assert product.refresh(tokens.refresh).json()["error"] == "invalid_grant"


def test_a_lost_pairing_refuses_living_tokens(product: Product, person: dict[str, Any]) -> None:
    product.admin.set(access_token_lifetime_s=10**9, id_token_lifetime_s=10**9)
    _child, tokens = child_pairing(product, person, 17)
    product.admin("PUT", "horloge", mode="decalee", secondes=300 * 86_400)
    assert code_of(search(product, tokens)) == "PAIRING_REVOKED"


@pytest.mark.parametrize(
    ("nature", "status"), [("jeton_expire", 401), ("jeton_mal_signe", 400), ("oid_different", 409)]
)
def test_a_content_fault_refuses_one_call(product: Product, tokens: Tokens, nature: str, status: int) -> None:
    product.admin("POST", "pannes", operation="mes.fhir.appointment.search", nature=nature)
    assert [search(product, tokens).status_code for _ in range(2)] == [status, 200]


def test_a_consent_withdrawn_while_the_content_is_judged_waits_for_the_write(
    product: Product, person: dict[str, Any], tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdrawals: list[Future[None]] = []

    def slow(*_given: Any) -> list[Any]:
        withdrawals.append(pool.submit(_no_consent, product, person, {}))
        assert not wait(withdrawals, timeout=0.2).done
        return []

    monkeypatch.setattr("mocks.mes.agenda.profiles.validate", slow)
    with ThreadPoolExecutor(1) as pool:
        assert product.put_appointment(tokens).status_code == 201
        withdrawals[0].result(30)
    told = [entry["operation"] for entry in product.admin("GET", "echanges")["echanges"]]
    assert told[-2:] == ["mes.fhir.appointment.create", "mes.usager.consentement_retire"]
    assert code_of(product.put_appointment(tokens)) == "CONSENT_REQUIRED"


def test_the_correlation_header_is_echoed_and_the_context_told(
    product: Product, person: dict[str, Any], tokens: Tokens
) -> None:
    answer = search(product, tokens, headers={"X-Request-ID": "abc-1"})
    assert answer.headers["X-Request-ID"] == "abc-1"
    entry = product.admin.last()
    assert (entry["operation"], entry["person"]) == ("mes.fhir.appointment.search", person["id"])
    context = entry["context"]
    told = {key: context[key] for key in ("oid", "idpe", "perimeter", "access", "requested_idpe")}
    assert told == {
        "oid": product.oid,
        "idpe": tokens.idpe,
        "perimeter": "agenda",
        "access": "lecture",
        "requested_idpe": tokens.idpe,
    }
    assert (context["token"]["state"], context["id_token"]["state"]) == ("valid", "valid")
    assert context["id_token"]["oid"] == product.oid
