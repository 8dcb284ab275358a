"""The proof on a handful of defects, one of each kind; the whole proof is `banc prove`."""

from __future__ import annotations

import pytest

from harness.proof_runs import prove
from harness.prove import Catch, Proof

KINDS = (
    "fin-absente",  # content of what is sent, changed at the way out
    "annulation-tue",  # life of an appointment
    "majorite-ignoree",  # reaction to a refusal
    "state-non-verifie",  # pairing
    "refresh-reutilise",  # tokens
    "mesures-parametre-patient",  # reading
    "code-inconnu-casse",  # the product breaks on an odd but legal answer
    "dossier-de-la-derniere-session",  # pages of the portal
)


@pytest.fixture(scope="module")
def proof() -> Proof:
    return prove(only=KINDS, workers=1, tell=lambda _: None)


def test_the_correct_product_is_all_green(proof: Proof) -> None:
    assert proof.baseline == ()


@pytest.mark.parametrize("place", range(len(KINDS)), ids=KINDS)
def test_the_defect_is_caught_and_brings_nothing_else_down(proof: Proof, place: int) -> None:
    one = proof.defects[place]
    assert (one.catch, one.missed, one.overflow) == (Catch.ATTRAPE, (), ())


def test_scenarios_that_a_defect_does_not_reach_need_not_be_played(proof: Proof) -> None:
    (whole,) = prove(only=["majorite-ignoree"], workers=1, whole=True, tell=lambda _: None).defects
    assert whole == proof.defects[KINDS.index("majorite-ignoree")]
