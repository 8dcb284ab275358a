import json
from pathlib import Path

import pytest

from reports import html
from reports.outil import installer


def test_the_google_tag_is_removed() -> None:
    page = (
        '<head><script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>\n'
        "<script>window.dataLayer = [];\nsuite()</script><title>t</title></head>"
    )
    assert html.without_tag(page) == "<head><title>t</title></head>"


def test_a_tag_of_another_shape_stops_the_report() -> None:
    with pytest.raises(html.ReportError, match="mesure d'audience"):
        html.without_tag("<script src='https://www.googletagmanager.com/autre.js'></script>")


def test_no_result_is_said_and_not_shown_as_an_empty_report(tmp_path: Path) -> None:
    if not installer.generator():
        pytest.skip("Allure is not installed (make setup)")
    with pytest.raises(html.ReportError, match="aucun résultat"):
        html.build(tmp_path, tmp_path / "rapport.html")


def test_a_missing_generator_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installer, "generator", lambda: None)
    with pytest.raises(html.ReportError, match="make setup"):
        html.build(tmp_path, tmp_path / "rapport.html")


def test_the_report_is_one_french_page_that_calls_nobody(tmp_path: Path) -> None:
    if not (installer.generator() and installer.node()):
        pytest.skip("Allure is not installed (make setup)")
    result = {"uuid": "1", "name": "Un rendez-vous arrive", "status": "passed", "start": 1, "stop": 2}
    (tmp_path / "1-result.json").write_text(json.dumps(result), encoding="utf-8")
    page = html.build(tmp_path, tmp_path / "sortie" / "rapport.html", name="Conformité", variables={"Produit": "X"})
    text = page.read_text(encoding="utf-8")
    assert "googletagmanager" not in text
    assert '"reportLanguage":"fr"' in text
    assert sorted(path.name for path in page.parent.iterdir()) == ["rapport.html"]
