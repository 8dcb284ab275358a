"""Availabilities that the product keeps, whether it shares them or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from reference.product import Product
from reference.refusal import Refusal

MORNING = {"debut": "2026-03-02T09:00", "fin": "2026-03-02T12:00", "frequence": "WEEKLY", "jours": ["MO", "TH"]}
LEAVE = {"debut": "2026-03-09T00:00", "fin": "2026-03-16T00:00", "type": "busy-unavailable"}


@pytest.fixture
def product() -> Iterator[Product]:
    made = Product()
    yield made
    made.close()


@pytest.fixture
def professional(product: Product) -> str:
    return str(product.declarer_professionnel("DUSOIN", "Claude")["professionnel"])


def test_what_is_declared_replaces_what_was(product: Product, professional: str) -> None:
    product.declarer_disponibilites(professional, [LEAVE])
    made = product.declarer_disponibilites(professional, [MORNING, LEAVE], 20)
    kept = product.plannings.of(professional)
    assert [one.id for one in kept] == [one["disponibilite"] for one in made["disponibilites"]]
    assert [(one.kind, one.days) for one in kept] == [("free", ["MO", "TH"]), ("busy-unavailable", [])]
    assert product.plannings.planning(professional).minutes == 20


def test_one_is_changed_or_withdrawn_and_it_alone(product: Product, professional: str) -> None:
    made = product.declarer_disponibilites(professional, [MORNING, LEAVE])["disponibilites"]
    product.modifier_disponibilite(professional, made[0]["disponibilite"], fin="2026-03-02T11:00")
    changed, leave = product.plannings.of(professional)
    assert (changed.id, changed.start, changed.end, changed.days) == (
        made[0]["disponibilite"],
        "2026-03-02T09:00",
        "2026-03-02T11:00",
        ["MO", "TH"],
    )
    product.retirer_disponibilite(professional, changed.id)
    assert product.plannings.of(professional) == [leave]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"fin": "2026-03-02T09:00"}, "disponibilite_vide"),
        ({"debut": "2026-03-29T02:30", "fin": "2026-03-29T04:00"}, "heure_inexistante"),
        ({"debut": "demain"}, "heure_illisible"),
        ({"type": "vacances"}, "disponibilite_illisible"),
        ({"frequence": "DAILY"}, "recurrence_incoherente"),
        ({"jusqu_au": "2026-03-01"}, "recurrence_incoherente"),
        ({"jusqu_au": "toujours"}, "date_illisible"),
        ({"couleur": "bleu"}, "parametres"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_lost(
    product: Product, professional: str, change: dict[str, Any], code: str
) -> None:
    product.declarer_disponibilites(professional, [MORNING])
    before = product.plannings.of(professional)
    with pytest.raises(Refusal) as refused:
        product.declarer_disponibilites(professional, [{**MORNING, **change}])
    assert refused.value.code == code
    assert product.plannings.of(professional) == before


def test_the_availability_of_somebody_else_is_not_touched(product: Product, professional: str) -> None:
    other = product.declarer_professionnel("AUTRE", "Dominique")["professionnel"]
    [made] = product.declarer_disponibilites(other, [LEAVE])["disponibilites"]
    with pytest.raises(Refusal, match="pas cette disponibilité"):
        product.retirer_disponibilite(professional, made["disponibilite"])
    assert len(product.plannings.of(other)) == 1
