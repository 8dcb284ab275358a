"""Every defect of the catalogue changes what the product emits or shows; the correct product is steady."""

from __future__ import annotations

import ast
import csv
import re
import secrets
from collections import Counter
from functools import cache, partial
from pathlib import Path
from unittest.mock import patch

import pytest

import rules
from reference.defects import CATALOGUE, Defects, agenda, france_connect, life, pairing, portal, reading
from reference.login.kinds import SWITCHES
from reference.spoil import Outgoing, Switch
from tests.reference.bench import bench
from tests.reference.journeys import DEFAULT, READING, WATCHED, Journey, Trace, journey_of, read

# Those of Mon espace santé all show in a journey here; of identity, those that have one.
_WHOLE = {one.id for room in (agenda, life, pairing, portal, reading) for one in room.DEFECTS}
# Chance is drawn to its highest here, where a code of two digits and a longer one begin alike; the doors of
# FranceConnect show for particular persons only, whom the suite brings.
_ELSEWHERE = {"ciba-code-long", *(one.id for one in france_connect.DOORS)}
JOURNEYED = (_WHOLE | set(WATCHED) | set(READING)) - _ELSEWHERE
ROOT = Path(__file__).parents[2]
SOURCES = [path for path in (ROOT / "reference").rglob("*.py") if "defects" not in path.parts]


def trace(journey: Journey, *defects: str) -> Trace:
    """What the journey shows of a product with these defects; chance is drawn in order, so that runs compare."""
    counts: Counter[str] = Counter()

    def drawn(kind: str, size: int = 32) -> str:
        counts[kind] += 1
        return f"{counts[kind]:0{2 * size}x}"

    with (
        patch.object(secrets, "token_hex", partial(drawn, "hex")),
        patch.object(secrets, "token_urlsafe", partial(drawn, "url")),
        patch.object(secrets, "randbelow", lambda limit: limit - 1),
        bench(*defects) as made,
    ):
        return journey(made)


@cache
def correct(journey: Journey) -> Trace:
    """The same of a correct product, run once."""
    return trace(journey)


@pytest.mark.parametrize("defect", sorted(JOURNEYED))
def test_the_defect_shows(defect: str) -> None:
    """The others show in the suite alone, on pages of identity providers or over TLS: `banc prove` sees to it."""
    journey = journey_of(defect)
    assert trace(journey, defect) != correct(journey)


@pytest.mark.parametrize("journey", [DEFAULT, read, *dict.fromkeys(WATCHED.values())])
def test_the_correct_product_is_steady(journey: Journey) -> None:
    assert trace(journey) == correct(journey)


def test_the_journeys_name_defects_of_the_catalogue() -> None:
    assert set(WATCHED) | set(READING) <= set(CATALOGUE)


def test_every_switch_is_read_and_every_one_read_is_in_the_catalogue() -> None:
    switches = {d.spoil.name for d in CATALOGUE.values() if isinstance(d.spoil, Switch)}
    texts = [path.read_text(encoding="utf-8") for path in SOURCES]
    literals = {n.value for text in texts for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant)}
    built = {f"vue_{vue}_incomplete" for vue in ("dui", "portail")}
    built |= {f"{provider}_{name}" for provider in ("psc", "fc") for name in SWITCHES}
    assert switches <= literals | built
    asked = {name for text in texts for name in re.findall(r'has\("(\w+)"\)', text)}
    assert asked <= switches


def test_rules_named_exist_and_sentences_are_french() -> None:
    with (ROOT / "rules" / "checks.csv").open(encoding="utf-8") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    for defect in CATALOGUE.values():
        for name in (*defect.trips, *defect.also):
            assert name in known or not re.fullmatch(r"(MES|AGD|PSC|FC|SEC|INS|DMP)-\d+", name), (defect.id, name)
        assert defect.trips or defect.load, defect.id
        assert defect.says.endswith("."), defect.id
        assert not set(defect.trips) & set(defect.also), defect.id


@pytest.mark.parametrize("rule", sorted(rules.load_all()))
def test_every_rule_has_a_defect(rule: str) -> None:
    assert [d.id for d in CATALOGUE.values() if rule in d.trips]


def test_an_unknown_defect_is_refused() -> None:
    with pytest.raises(ValueError, match="inventé"):
        Defects(["inventé"])


def test_a_correct_product_changes_nothing() -> None:
    request = Outgoing("POST", "https://mes.test", "/fhir/Appointment", json={"status": "booked"})
    Defects().apply(request)
    assert request == Outgoing("POST", "https://mes.test", "/fhir/Appointment", json={"status": "booked"})


def test_the_places_of_defects_that_are_reached_are_told_once() -> None:
    correct = Defects()
    correct.apply(Outgoing("POST", "https://mes.test", "/fhir/Appointment", json={"status": "proposed"}))
    assert not correct.has("annulation_tue")
    met = correct.met()
    assert {"demande-envoyee-confirmee", "annulation-tue"} <= met
    assert not {"fin-absente", "statut-no-show", "barre-nue", "deplacement-tu"} & met
    assert correct.met() == frozenset()


def test_the_table_of_scenarios_names_defects_of_the_catalogue_once_each() -> None:
    with (ROOT / "reference" / "defects" / "scenarios.csv").open(encoding="utf-8") as file:
        rows = [(row["defaut"], row["scenario"]) for row in csv.DictReader(file)]
    assert {defect for defect, _ in rows} <= set(CATALOGUE)
    assert len(rows) == len(set(rows))
    assert all("::" in scenario for _, scenario in rows)
