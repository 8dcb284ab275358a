"""Which invariants our table judges: ours, by their key and expression; never another guide's of the same key."""

from __future__ import annotations

import pytest

from profiles import default_registry
from profiles.elements import Constraint
from profiles.invariants import TABLE
from profiles.stated import BASE_KEYS, stated

OWN = "https://exemple.test/StructureDefinition/p|1.0.0"
R4 = "http://hl7.org/fhir/StructureDefinition/Patient"
# Judged by key alone: long expressions under names that no other guide would take.
BY_KEY_ALONE = {
    "fr-core-1", "vs-2", "vs-3", "regle-Contenu", "regle-NomPieceJointe-type", "regle-StatutUnite",
    "ror-questionnaire-version-required", "ror-systeme-https", "ror-type-acte", "sdo-motif-hors-liste",
    "sdo-motif-incoherent", "sdo-niveau-statut",
}  # fmt: skip


def test_each_row_of_a_guide_is_that_of_a_definition_of_ours() -> None:
    written = {
        (constraint["key"], constraint.get("expression", ""))
        for definition in default_registry().library.of_kind("StructureDefinition")
        for row in definition.content.get("differential", {}).get("element", [])
        for constraint in row.get("constraint", [])
    }
    rows = [row for key, row in TABLE.items() if key not in BASE_KEYS]
    assert {row.key for row in rows} <= {key for key, _ in written}
    assert {row.key for row in rows if not row.expression} == BY_KEY_ALONE
    assert [row.key for row in rows if row.expression and (row.key, row.expression) not in written] == []


@pytest.mark.parametrize(
    ("key", "expression", "source", "means"),
    [
        ("SIRET-invariant", "value.matches('^3[0-9]{14}$')", OWN, "table"),
        ("SIRET-invariant", "value.length() = 14", OWN, "library"),
        ("inv-1", "name.exists()", OWN, "library"),
        ("app-3", "(start.exists() and end.exists())", OWN, "library"),
        ("app-3", "(start.exists() and end.exists())", R4, "elsewhere"),
        ("ele-1", "hasValue()", f"{R4}|4.0.1", "elsewhere"),
        ("dom-6", "text.`div`.exists()", R4, "elsewhere"),
        ("vs-4", "value.exists()", R4, "library"),
        ("x-1", "value.memberOf('x')", OWN, "nothing"),
        ("x-2", "", OWN, "nothing"),
    ],
)
def test_by_which_means(key: str, expression: str, source: str, means: str) -> None:
    found = stated([Constraint(key, "error", expression, "texte", source)], "Identifier")
    assert {"table": found.keys, "library": found.rules, "nothing": found.limits}.get(means, True)
    assert sum(map(len, (found.keys, found.rules, found.limits))) == (means != "elsewhere")
