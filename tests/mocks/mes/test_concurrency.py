"""Several threads at once: one refresh wins, one event is made. Threads have no clock to race against."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from mocks.sandbox import Sandbox
from tests.mocks.mes.direct import Direct
from tests.mocks.mes.product import Browser, Product, Tokens, appointment

THREADS = 8


def all_at_once(call: Any) -> list[Any]:
    """What `call` gives in each of several threads that start together."""
    barrier = Barrier(THREADS)

    def run(_rank: int) -> Any:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_of_refreshes_with_one_token_exactly_one_wins_and_the_family_dies(
    sandbox: Sandbox, product: Product, tokens: Tokens
) -> None:
    direct = Direct(sandbox, product)
    form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
    answers = all_at_once(lambda: direct.post("/oauth2/token", data=form))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * (THREADS - 1)
    won = next(answer.json for answer in answers if answer.status_code == 200)
    assert product.refresh(won["refresh_token"]).json()["error"] == "invalid_grant"
    told = product.admin("GET", "echanges?operation=mes.oauth.token")["echanges"]
    assert sum(entry["context"]["grant"].get("reused", False) for entry in told) == THREADS - 1


def test_of_exchanges_with_one_code_exactly_one_wins(
    sandbox: Sandbox, product: Product, person: dict[str, Any]
) -> None:
    code, direct = product.code_for(person, "AGENDA_LECTURE"), Direct(sandbox, product)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": "https://portail.test/retour"}
    answers = all_at_once(lambda: direct.post("/oauth2/token", data={**form, "code_verifier": "v" * 64}))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * (THREADS - 1)


def test_of_posts_with_one_identifier_one_event_is_made(
    sandbox: Sandbox, product: Product, person: dict[str, Any], tokens: Tokens
) -> None:
    direct = Direct(sandbox, product)
    answers = all_at_once(
        lambda: direct.post("/fhir/Appointment", json=appointment(tokens), headers=tokens.headers(), auth=None)
    )
    assert sorted(answer.status_code for answer in answers) == [200] * (THREADS - 1) + [201]
    events = product.admin("GET", f"mes/usagers/{person['id']}/agenda")["evenements"]
    assert [(event["version"], event["statut"]) for event in events] == [(THREADS, "booked")]


def test_of_decisions_on_one_page_exactly_one_counts(
    sandbox: Sandbox, product: Product, person: dict[str, Any]
) -> None:
    browser, direct = Browser(), Direct(sandbox, product)
    browser.open(f"{product.base}/oauth2/authorize", params=product.request())
    browser.log_in(person)
    form = {**browser.hidden(), "decision": "autoriser", "finalite": "AGENDA_LECTURE"}
    cookie = {"Cookie": f"mes_navigateur={browser.http.cookies['mes_navigateur']}"}
    path = browser.action().removeprefix(product.base)
    answers = all_at_once(lambda: direct.post(path, data=form, headers=cookie, auth=None))
    assert sorted(answer.status_code for answer in answers) == [302] + [404] * (THREADS - 1)
    assert len(product.admin("GET", f"mes/usagers/{person['id']}/appariements")["appariements"]) == 1
