"""A suite of toy features: its target, and a conftest with a scene that needs no sandbox, toy steps and toy rules."""

TARGET = """\
[produit]
nom = "Portail"
version = "1"
editeur = "Éditeur"
type = "portail"
[pilote]
type = "python"
classe = "produit:Portail"
[bac_a_sable]
mode = "embarque"
[revendications]
blocs = ["mes-agenda"]
[mes]
oid = "1.2.250.1.999.10.1"
redirect_uri = "/retour"
"""

CONFTEST = """
from contextlib import contextmanager

import pytest
from pytest_bdd import given, parsers, then

from harness import judging
from harness.errors import ActionNotOffered, DriverError, ProductBroke, ProductUnreachable, ServiceNotClaimed
from rules import Authority, Exchange, Finding, Level
from rules.core import Rule

pytest_plugins = ["harness.plugin"]
ERRORS = {
    "action absente": ActionNotOffered("lire_mesures"),
    "pilote en défaut": DriverError("résultat hors vocabulaire"),
    "produit arrêté": ProductBroke("le produit s'arrête"),
    "injoignable": ProductUnreachable("personne ne répond"),
    "bogue": ZeroDivisionError("bogue du banc"),
}


class FakeScene:
    def __init__(self, target):
        self.seen = []
        self.target = target

    def require(self, section):
        if getattr(self.target, section) is None:
            raise ServiceNotClaimed(section)

    def exchanges(self):
        return [
            Exchange({"id": number, "instant": "2024-10-27T08:12:03.000Z", "operation": "mes.fhir.appointment.create",
                      "request": {"method": "POST", "path": "/mes/fhir/Appointment"}, "context": {"says": says},
                      "answer": {"status": 500 if "500" in says else 201},
                      "fault": "500" if says == "panne 500" else None})
            for number, says in enumerate(self.seen, start=1)
        ]


class FakeEnvironment:
    def __init__(self, target):
        self.target = target

    @contextmanager
    def scene(self):
        yield FakeScene(self.target)


@pytest.fixture(scope="session")
def banc_environment(pytestconfig):
    from harness.plugin import TARGET

    return FakeEnvironment(pytestconfig.stash[TARGET])


def toy_rule(rule_id, level, authority):
    def function(exchange):
        if exchange.context["says"] == rule_id:
            yield Finding("Appointment.start", "un décalage", "2024-10-27T09:00")

    return Rule(rule_id, level, authority, "HL7 FHIR R4, type instant", "Sans décalage, la visite se déplace.",
                function, lambda exchange: True, None)


RULES = [
    toy_rule("OFF-1", Level.SHALL, Authority.OFFICIELLE),
    toy_rule("DED-1", Level.SHALL, Authority.DEDUITE),
    toy_rule("BAN-1", Level.SHALL, Authority.BANC),
]


def broken_rule(exchange):
    raise KeyError("règle cassée")


@pytest.fixture(autouse=True)
def toy_rules(monkeypatch, request):
    rules = {rule.id: rule for rule in RULES}
    if "casse" in request.node.name:
        rules["X"] = Rule("X", Level.SHALL, Authority.OFFICIELLE, "", "", broken_rule, lambda exchange: True, None)
    monkeypatch.setattr(judging, "_all_rules", lambda: rules)


@given(parsers.parse("un échange {says}"))
def an_exchange(scene, says):
    scene.seen.append(says)


@given("une situation qui ne s'installe pas")
def unset():
    raise AssertionError("rien ne s'installe")


@then("tout va bien")
def fine():
    assert True


@then("rien ne va")
def wrong():
    raise AssertionError("Attendu : un événement ; vu : aucun.")


@then(parsers.parse("il y a {what}"))
def error(what):
    raise ERRORS[what]


def pytest_unconfigure(config):
    pass


def pytest_banc_scenario_judged(item, result, exchanges):
    with open("juges.txt", "a", encoding="utf-8") as file:
        file.write(f"{result.name}|{result.outcome}|{len(exchanges)}\\n")
"""
