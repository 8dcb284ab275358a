"""The parameter file of the DMP: found by its redirection, kept a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

import httpx
import pytest

from reference.config import DmpSettings, Settings
from reference.defects import Defects
from reference.dmp.parameters import Parameters
from reference.refusal import Refusal
from reference.spoil import Outgoing
from reference.wire import Wire

FILE = '<parametres><parametre nom="cumul-invisible_patient-masque_ps" valeur="{}"/></parametres>'


class Clock:
    """The time, and a service that answers in turn; `asked`: paths."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.now, self.answers, self.asked = datetime(2026, 1, 15, tzinfo=UTC), list(answers), list[str]()

    def send(self, request: Outgoing) -> httpx.Response:
        self.asked.append(request.path)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def parameters(self, *defects: str) -> Parameters:
        dmp = cast("DmpSettings", type("Told", (), {"base_url": "https://dmp.test/dmp"})())
        settings = cast("Settings", type("Told", (), {"dmp": dmp})())
        wire = cast("Wire", self)
        return Parameters(wire, lambda: settings, Defects(defects), lambda: self.now)


def moved() -> httpx.Response:
    return httpx.Response(302, headers={"Location": "/dmp/parametres/param-lps.xml"})


def said(value: str) -> httpx.Response:
    return httpx.Response(200, text=FILE.format(value))


def test_the_file_is_where_the_redirection_says() -> None:
    clock = Clock(moved(), said("true"))
    assert clock.parameters().hides_from_both()
    assert clock.asked == ["/dmp/web/dmp/documents/param-lps", "/dmp/parametres/param-lps.xml"]


def test_it_is_kept_a_day_and_read_again() -> None:
    clock = Clock(said("true"), said("false"))
    parameters = clock.parameters()
    assert parameters.hides_from_both()
    clock.now += timedelta(hours=23)
    assert parameters.hides_from_both()
    clock.now += timedelta(hours=2)
    assert not parameters.hides_from_both()


@pytest.mark.parametrize(
    "answer", [httpx.Response(404), httpx.Response(200, text="<a"), httpx.Response(200, text="<a/>"), said("false")]
)
def test_what_does_not_say_yes_says_no(answer: httpx.Response) -> None:
    assert not Clock(answer).parameters().hides_from_both()


def test_redirections_come_to_an_end() -> None:
    clock = Clock(*[moved() for _ in range(4)])
    assert not clock.parameters().hides_from_both()
    assert len(clock.asked) == 4


def test_no_answer_is_a_refusal() -> None:
    with pytest.raises(Refusal, match="paramètres"):
        Clock(httpx.ConnectError("x")).parameters().hides_from_both()


def test_a_product_that_ignores_redirections() -> None:
    clock = Clock(moved())
    assert not clock.parameters("parametres-redirection-ignoree").hides_from_both()
