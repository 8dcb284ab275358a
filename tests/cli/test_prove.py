"""The pure part of the proof, on results written by hand; and one real defect, end to end."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from harness import cli
from harness.commands.prove import lines
from harness.proof_runs import prove
from harness.prove import Catch, baseline_faults, compare, conclude, left_to_load, names, slug, to_json
from harness.results import ScenarioResult
from tests.reports.samples import finding, scenario

ARRIVES = "toy::Un rendez-vous arrive"


@dataclass(frozen=True)
class Toy:
    id: str = "defaut"
    says: str = "Le produit se trompe."
    trips: tuple[str, ...] = ("AGD-009",)
    also: Mapping[str, str] = field(default_factory=dict)
    sockets: bool = False
    load: tuple[str, ...] = ()


def found(*rules: str, **changes: Any) -> ScenarioResult:
    return scenario(findings=[finding(rule=rule) for rule in rules], **changes)


FAILED = scenario(outcome="echoue")


@pytest.mark.parametrize(
    ("defect", "results", "catch", "missed", "overflow"),
    [
        (Toy(), [found("AGD-009")], Catch.ATTRAPE, (), ()),
        (Toy(), [scenario()], Catch.NON_ATTRAPE, ("AGD-009",), ()),
        (Toy(), [], Catch.NON_ATTRAPE, ("AGD-009",), ()),
        (Toy(), [found("AGD-009", "AGD-010")], Catch.DEBORDE, (), ("AGD-010",)),
        (Toy(), [found("AGD-009", outcome="echoue")], Catch.DEBORDE, (), (ARRIVES,)),
        (Toy(also={"AGD-010": "suit"}), [found("AGD-009", "AGD-010")], Catch.ATTRAPE, (), ()),
        (Toy(also={ARRIVES: "suit"}), [found("AGD-009", outcome="echoue")], Catch.ATTRAPE, (), ()),
        (Toy(also={"AGD-010": "suit"}), [found("AGD-009")], Catch.NON_ATTRAPE, ("AGD-010",), ()),
        (Toy(trips=("DE1-AGENDA-UC1",)), [FAILED], Catch.ATTRAPE, (), ()),
        (Toy(trips=(ARRIVES,)), [FAILED], Catch.ATTRAPE, (), ()),
        (Toy(trips=("AUTRE",)), [FAILED], Catch.NON_ATTRAPE, ("AUTRE",), (ARRIVES,)),
        (Toy(), [found("AGD-009"), scenario(outcome="erreur", reason="panne")], Catch.ERREUR, (), ()),
        (Toy(), [scenario(outcome="erreur", reason="panne")], Catch.ERREUR, ("AGD-009",), ()),
    ],
)
def test_a_defect_must_bring_down_what_it_promises_and_nothing_else(
    defect: Toy, results: list[ScenarioResult], catch: Catch, missed: tuple[str, ...], overflow: tuple[str, ...]
) -> None:
    proof = compare(defect, results)
    assert (proof.catch, proof.missed, proof.overflow) == (catch, missed, overflow)


def test_a_finding_falls_a_rule_whatever_its_weight() -> None:
    light = scenario(findings=[finding(level=None, authority=None)])
    assert compare(Toy(), [light]).catch is Catch.ATTRAPE


def test_a_scenario_answers_to_its_tags_its_slug_and_its_id() -> None:
    assert names(scenario()) >= {"DE1-AGENDA-UC1", ARRIVES, "agenda/toy.feature::Un rendez-vous arrive"}
    assert slug(scenario()) == ARRIVES


@pytest.mark.parametrize(
    ("results", "faults"),
    [
        ([scenario()], 0),
        ([found("AGD-009")], 1),
        ([FAILED], 1),
        ([scenario(outcome="non_applicable")], 1),
        ([scenario(outcome="non_teste")], 1),
        ([], 1),
    ],
)
def test_the_correct_product_must_be_all_green(results: list[ScenarioResult], faults: int) -> None:
    assert len(baseline_faults(results)) == faults


def test_the_proof_holds_when_every_rule_and_scenario_fell_as_promised() -> None:
    runs = [(Toy(), [found("AGD-009")]), (Toy(id="autre", trips=(ARRIVES,)), [FAILED])]
    proof = conclude([scenario()], runs, ["AGD-009"])
    assert proof.holds


def test_what_no_defect_brought_down_is_listed_and_breaks_the_proof() -> None:
    proof = conclude([scenario()], [(Toy(), [found("AGD-009")])], ["AGD-009", "AGD-010"])
    assert proof.unproven_rules == ("AGD-010",)
    assert proof.unproven_scenarios == (ARRIVES,)
    assert not proof.holds


def test_a_rule_that_the_correct_product_gives_no_occasion_to_judge_is_said_and_breaks_nothing() -> None:
    runs = [(Toy(trips=("AGD-009", "AGD-038", ARRIVES)), [found("AGD-009", "AGD-038", outcome="echoue")])]
    proof = conclude([scenario(examined={"AGD-009": 2})], runs, ["AGD-009", "AGD-038"])
    assert proof.unexamined_rules == ("AGD-038",)
    assert "règle que le produit correct ne donne pas à juger : AGD-038" in list(lines(proof))
    assert proof.holds


def test_what_this_mode_cannot_play_is_said_and_breaks_nothing() -> None:
    apart = scenario(id="agenda/toy.feature::Sous TLS", name="Sous TLS", outcome="non_teste", cause="mode")
    promised = Toy(trips=("AGD-009", ARRIVES))
    proof = conclude([scenario(), apart], [(promised, [found("AGD-009", outcome="echoue"), apart])], ["AGD-009"])
    assert proof.unplayed_scenarios == ("toy::Sous TLS",)
    assert "scénario que ce mode ne permet pas de jouer : toy::Sous TLS" in list(lines(proof))
    assert proof.holds


def test_a_promise_that_is_not_kept_proves_nothing() -> None:
    proof = conclude([scenario()], [(Toy(trips=("AGD-010",)), [found("AGD-009")])], ["AGD-009", "AGD-010"])
    assert proof.unproven_rules == ("AGD-009", "AGD-010")


def test_a_proof_of_some_defects_says_nothing_of_the_rest() -> None:
    proof = conclude([scenario()], [(Toy(), [found("AGD-009")])], ["AGD-009", "AGD-010"], partial=True)
    assert proof.holds


def test_the_proof_is_readable_by_people_and_machines() -> None:
    proof = conclude([FAILED], [(Toy(), [found("AGD-010")])], ["AGD-009"])
    text = "\n".join(lines(proof))
    assert "produit correct, à tort : toy::Un rendez-vous arrive : echoue" in text
    assert "n'est pas tombé : AGD-009" in text
    assert "tombé sans être annoncé : AGD-010" in text
    assert "règle sans preuve : AGD-009" in text
    plain = json.loads(json.dumps(to_json(proof)))
    assert plain["preuve_complete"] is False
    assert plain["defauts"][0]["verdict"] == "non attrapé"


def test_an_unknown_defect_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["prove", "--defaut", "inexistant"]) == 2
    assert "défaut inconnu « inexistant » ; connus :" in capsys.readouterr().err


def test_a_seeded_defect_brings_its_rule_down_and_the_correct_product_does_not() -> None:
    told: list[str] = []
    proof = prove(only=["pkce-absent"], workers=1, tell=told.append)
    assert told[0] == "produit correct"
    assert "MES-06" in proof.defects[0].proven_rules
    assert not [fault for fault in proof.baseline if "MES-06" in fault]


@pytest.mark.parametrize(
    ("defect", "left"),
    [(Toy(), False), (Toy(trips=(), load=("L3",)), True), (Toy(load=("L7",)), False), (Toy(trips=()), False)],
)
def test_only_what_a_load_alone_shows_is_left_to_it(defect: Toy, left: bool) -> None:
    """A defect that announces nothing at all is not let off: the proof says that nothing fell."""
    assert left_to_load(defect) is left


def test_defects_left_to_the_load_are_said() -> None:
    proof = conclude([], [], [], load_defects=["un-sur-mille-perdu"])
    assert any("un-sur-mille-perdu" in line and "banc load" in line for line in lines(proof))
    assert to_json(proof)["defauts_laisses_a_la_charge"] == ["un-sur-mille-perdu"]
