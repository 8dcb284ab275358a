"""Drivers: what each answer of a product becomes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest

from harness.drivers import Answer, open_driver
from harness.drivers.http import HttpDriver
from harness.drivers.python import PythonDriver
from harness.errors import ActionNotOffered, DriverError, ProductBroke, ProductUnreachable, SetUpError
from harness.target_sections import DriverSettings


def product(status: str, body: str, seen: list[Any] | None = None) -> HttpDriver:
    """A driver in front of a tiny product that always gives this answer."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if seen is not None:
            seen.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], json.loads(environ["wsgi.input"].read())))
        start_response(status, [("Content-Type", "application/json")])
        return [body.encode()]

    return HttpDriver("http://produit.test/pilote/", transport=httpx.WSGITransport(app=application))


def failing(error: Exception) -> HttpDriver:
    def handle(request: httpx.Request) -> httpx.Response:
        raise error

    return HttpDriver("http://produit.test", transport=httpx.MockTransport(handle))


def test_http_posts_the_parameters_and_gives_the_result() -> None:
    seen: list[Any] = []
    answer = product("200 OK", '{"etat": "rompu"}', seen).perform("desapparier_mes", {"usager": "u1"})
    assert answer == Answer(result={"etat": "rompu"})
    assert answer.status == 200
    assert seen == [("POST", "/pilote/actions/desapparier_mes", {"usager": "u1"})]


def test_http_refusal_keeps_code_and_message() -> None:
    answer = product("422 X", '{"erreur": "session", "message": "Connectez-vous."}').perform("apparier_mes", {})
    assert (answer.refused, answer.error, answer.message, answer.status) == (True, "session", "Connectez-vous.", 422)


@pytest.mark.parametrize(
    ("driver", "error", "said"),
    [
        (lambda: product("501 X", "{}"), ActionNotOffered, "n'offre pas l'action « lire_mesures »"),
        (lambda: product("500 X", '{"trace": 1}'), ProductBroke, "s'arrête pendant l'action « lire_mesures »"),
        (lambda: product("404 X", '{"trace": 1}'), DriverError, "répond 404 à l'action « lire_mesures »"),
        (lambda: product("200 OK", "<html>"), DriverError, "pas un objet JSON : « <html> »"),
        (lambda: product("200 OK", "[]"), DriverError, "pas un objet JSON : « [] »"),
        (lambda: product("422 X", "{}"), DriverError, "sans dire pourquoi"),
        (lambda: failing(httpx.ConnectError("refusée")), ProductUnreachable, "http://produit.test"),
        (lambda: failing(httpx.ReadTimeout("trop long")), DriverError, "ReadTimeout, trop long"),
    ],
)
def test_http_other_answers(driver: Callable[[], HttpDriver], error: type[Exception], said: str) -> None:
    with pytest.raises(error) as caught:
        driver().perform("lire_mesures", {})
    assert said in str(caught.value)


def test_http_actions_offered_are_asked_once() -> None:
    calls: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        return httpx.Response(200, json={"actions": ["configurer"]})

    driver = HttpDriver("http://produit.test", transport=httpx.MockTransport(handle))
    assert driver.offers("configurer")
    assert not driver.offers("lire_mesures")
    assert calls == ["/actions"]


@pytest.mark.parametrize(("status", "body"), [("404 X", "{}"), ("200 OK", '{"actions": "toutes"}')])
def test_http_a_wrong_list_of_actions_is_said(status: str, body: str) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(int(status.split()[0]), text=body)

    driver = HttpDriver("http://produit.test", transport=httpx.MockTransport(handle))
    with pytest.raises(DriverError, match="la liste des actions offertes"):
        driver.offers("configurer")


class RefusedHere(Exception):  # noqa: N818 (the vendor's own name)
    erreur = "session-absente"
    message = "Connectez-vous d'abord."


class Portal:
    url = "https://produit.test/"

    def __init__(self, couleur: str = "bleu", defects: tuple[str, ...] = ()) -> None:
        if couleur == "rouge":
            raise ValueError("pas de rouge")
        self.couleur = couleur
        self.defects = list(defects)
        self.closed = False

    def desapparier_mes(self, usager: str) -> dict[str, str]:
        return {"etat": f"rompu pour {usager}"}

    def apparier_mes(self, usager: str) -> dict[str, str]:
        raise RefusedHere

    def lire_mesures(self, usager: str) -> dict[str, str]:
        raise NotImplementedError

    def annuler_rendez_vous(self, rendez_vous: str) -> dict[str, str]:
        raise KeyError(rendez_vous)

    def fermer_session(self, usager: str) -> None:
        return None

    def close(self) -> None:
        self.closed = True


def test_python_calls_the_method() -> None:
    driver = PythonDriver(Portal())
    assert driver.perform("desapparier_mes", {"usager": "u1"}).result == {"etat": "rompu pour u1"}
    assert driver.perform("fermer_session", {"usager": "u1"}).result == {}
    assert driver.url == "https://produit.test"


def test_python_refusal_is_an_exception_with_a_code_and_a_message() -> None:
    answer = PythonDriver(Portal()).perform("apparier_mes", {"usager": "u1"})
    assert (answer.refused, answer.error, answer.message) == (True, "session-absente", "Connectez-vous d'abord.")


@pytest.mark.parametrize("action", ["lire_mesures", "lire_espace_usager"])
def test_python_not_offered(action: str) -> None:
    with pytest.raises(ActionNotOffered, match=action):
        PythonDriver(Portal()).perform(action, {"usager": "u1"})


def test_python_crash_is_a_fault_of_the_driver() -> None:
    with pytest.raises(ProductBroke, match=r"annuler_rendez_vous.*KeyError, 'r9'"):
        PythonDriver(Portal()).perform("annuler_rendez_vous", {"rendez_vous": "r9"})


def test_python_the_bench_tells_the_product_its_address_and_closes_it() -> None:
    portal = Portal()
    driver = PythonDriver(portal)
    driver.serve_at("http://127.0.0.1:9999/")
    driver.close()
    assert (portal.url, portal.closed) == ("http://127.0.0.1:9999", True)


def test_the_driver_of_the_target_is_opened_with_its_options() -> None:
    driver = open_driver(DriverSettings("python", class_path=f"{__name__}:Portal", options={"couleur": "vert"}), "x")
    assert isinstance(driver, PythonDriver)
    portal = driver._product
    assert isinstance(portal, Portal)
    assert (portal.couleur, portal.defects) == ("vert", ["x"])


@pytest.mark.parametrize(
    ("settings", "defect", "said"),
    [
        (DriverSettings("python", class_path="absent.module:Produit"), "", "ne peut pas être chargée"),
        (DriverSettings("python", class_path=f"{__name__}:Absent"), "", "ne peut pas être chargée"),
        (
            DriverSettings("python", class_path=f"{__name__}:Portal", options={"couleur": "rouge"}),
            "",
            "ValueError, pas de rouge",
        ),
        (DriverSettings("browser"), "", "« browser » est annoncé pour une version suivante"),
        (DriverSettings("manual"), "", "« manual » est annoncé pour une version suivante"),
        (DriverSettings("http", url="http://produit.test"), "un-defaut", "--defaut"),
    ],
)
def test_a_driver_that_cannot_be_opened_says_why(settings: DriverSettings, defect: str, said: str) -> None:
    with pytest.raises(SetUpError, match=said):
        open_driver(settings, defect)
