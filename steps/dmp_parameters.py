"""The parameter file that the DMP publishes for software."""

from __future__ import annotations

from pytest_bdd import given, when

from harness.actors import documents
from harness.actors.documents import Draft
from harness.scene import Outcome, Scene

BOTH = ["patient", "professionnels"]


@given("le DMP permet de cacher un document à la fois à l'usager et aux professionnels")
def allowed(scene: Scene) -> None:
    scene.tenant.call("PATCH", "/reglages", {"dmp.cumul_invisible_patient_masque_ps": True})


@when("le produit dépose ce projet en le cachant à l'usager et aux professionnels", target_fixture="depot")
def deposit_hidden_from_both(scene: Scene, projet: Draft) -> Outcome:
    return documents.deposit(scene, projet, cache_a=BOTH)
