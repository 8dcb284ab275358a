"""The lint refuses each kind of fault that pytest-bdd would swallow, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.lint import LintError, lint

FEATURES = Path(__file__).parents[2] / "features"
TAGS = '[autorites]\nofficielle = ""\nbanc = ""\n[etats]\ncible = ""\netude = ""\n[services]\nMES = ""\n'
GOOD = """\
# language: fr
@MES
Fonctionnalité: Le portail tient l'agenda de l'usager
  Cadre d'urbanisation, recommandation 1.1.9.

  @banc @REC-1.1.9
  Scénario: Un fait à tenir
    Étant donné un usager connu du produit
    Quand l'usager se connecte au portail
    Alors aucun échange n'a eu lieu avec Mon espace santé
"""
OUTLINE = """\
# language: fr
Fonctionnalité: Un plan
  @banc @REC-1.1.9
  Plan du scénario: Un rendez-vous <constat>
    Étant donné un usager connu du produit
    Et un rendez-vous de l'usager le 12/11/2024 à 14:00
    Quand le professionnel note ce rendez-vous <constat>

    Exemples:
      | constat |
      | honoré  |
      | perdu   |
"""


def lint_text(tmp_path: Path, text: str) -> list[LintError]:
    (tmp_path / "tags.toml").write_text(TAGS, encoding="utf-8")
    (tmp_path / "essai.feature").write_text(text, encoding="utf-8")
    return lint(tmp_path)


def test_the_features_of_the_bench_hold() -> None:
    assert [str(error) for error in lint(FEATURES)] == []


def test_a_good_feature_holds(tmp_path: Path) -> None:
    assert lint_text(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        ("# language: fr\n", "#language fr\n", 1, "« # language: fr »"),
        ("l'agenda de l'usager", "l’agenda de l'usager", 3, "U+2019"),
        ("    Quand l'usager", "    Quand l’usager", 9, "U+2019"),
        ("  Cadre d'urbanisation,", "  Étant donné un usager\n  Cadre,", 4, "jamais exécuté"),
        ("  Cadre d'urbanisation,", "  Scenario: perdu\n  Cadre,", 4, "jamais exécuté"),
        ("    Étant donné un usager", "    Etand donné un usager", 8, "jamais exécuté"),
        ("    Étant donné un usager", "    Alor un usager", 8, "jamais exécuté"),
        ("    Quand l'usager", "    Quant l'usager", 9, "ne comprend pas"),
        ("@MES", "@MESS", 7, "étiquette non déclarée : @MESS"),
        ("@REC-1.1.9", "@REC-1.1.9 @REC-9.9.9", 7, "étiquette non déclarée : @REC-9.9.9"),
        ("@banc ", "", 7, "une étiquette d'autorité et une seule est attendue, vu : aucune"),
        ("@banc ", "@banc @officielle ", 7, "vu : @banc, @officielle"),
        (" @REC-1.1.9", "", 7, "aucun identifiant du catalogue"),
        ("@REC-1.1.9", "@REC-1.1.10", 7, "étiquette @cible attendue"),
        ("@REC-1.1.9", "@REC-1.1.9 @etude", 7, "étiquette @etude de trop"),
        ("se connecte au portail", "se téléporte", 9, "étape sans définition : « l'usager se téléporte »"),
        ("se connecte au portail", "ouvre https://exemple.test", 9, "adresse ou code technique"),
        ("se connecte au portail", 'envoie {"a": 1}', 9, "adresse ou code technique"),
        ("se connecte au portail", "reçoit une réponse HTTP", 9, "adresse ou code technique"),
        ("Mon espace santé\n", "Mon espace santé\n\n" + GOOD[GOOD.index("  @banc") :], 13, "titre déjà employé"),
        (GOOD[GOOD.index("    Étant") :], "", 7, "jamais joué"),
        (GOOD, "# rien\n", 1, "aucune fonctionnalité"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(tmp_path: Path, before: str, after: str, line: int, message: str) -> None:
    assert before in GOOD
    found = lint_text(tmp_path, GOOD.replace(before, after, 1))
    assert [error for error in found if message in error.message], found
    assert line in [error.line for error in found if message in error.message]


def test_a_definition_of_another_kind_does_not_serve(tmp_path: Path) -> None:
    found = lint_text(tmp_path, GOOD.replace("    Quand l'usager se connecte", "    Et l'usager se connecte"))
    assert [(error.line, error.message) for error in found] == [
        (9, "étape sans définition : « l'usager se connecte au portail »")
    ]


def test_every_row_of_an_outline_is_read(tmp_path: Path) -> None:
    found = lint_text(tmp_path, OUTLINE)
    assert [error.message for error in found] == [
        "étape sans définition : « le professionnel note ce rendez-vous perdu »"
    ]


def test_an_outline_without_rows_is_never_played(tmp_path: Path) -> None:
    found = lint_text(tmp_path, OUTLINE[: OUTLINE.index("      | honoré")])
    assert [(error.line, error.message) for error in found] == [
        (4, "scénario jamais joué, sans étape ou sans exemple : « Un rendez-vous <constat> »")
    ]


def test_a_placeholder_without_column_is_named(tmp_path: Path) -> None:
    found = lint_text(tmp_path, OUTLINE.replace("| constat |", "| issue   |").replace("      | perdu   |\n", ""))
    assert "aucune colonne d'exemples pour <constat>" in [error.message for error in found]


def test_an_error_reads_as_a_place_and_a_sentence(tmp_path: Path) -> None:
    error = lint_text(tmp_path, GOOD.replace("@MES", "@MESS"))[0]
    assert str(error) == f"{tmp_path / 'essai.feature'}:7 : étiquette non déclarée : @MESS"
