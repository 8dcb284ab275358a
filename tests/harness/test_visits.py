"""A page of the portal served to somebody else is seen, and a page that is not served is not accused."""

from __future__ import annotations

import pytest

from harness.actors.pages import Page
from harness.actors.portal import Visit, nothing_served

ADDRESS = "http://portail.test/synthese"
OWN = Page(ADDRESS, 200, "<p>Zo&eacute; LEPETIT-ŒUVRARD</p>")
MUTE = Page(ADDRESS, 200, "%PDF-1.7")
NAMES = ("Lepetit-Œuvrard", "Zoé")
NAMED = Visit(ADDRESS, OWN, Page(ADDRESS, 403, "Connectez-vous"), NAMES)


@pytest.mark.parametrize(
    ("owner", "other"),
    [
        (OWN, Page(ADDRESS, 403, "Connectez-vous")),
        (OWN, Page(ADDRESS, 200, "Connectez-vous")),
        (OWN, Page("http://portail.test/connexion", 200, "Connectez-vous")),
        (MUTE, Page("http://portail.test/connexion", 200, "Connectez-vous")),
        (MUTE, Page(ADDRESS, 404, "")),
    ],
)
def test_a_closed_page_is_closed(owner: Page, other: Page) -> None:
    nothing_served([NAMED, Visit(ADDRESS, owner, other, NAMES)])


def test_another_usager_may_read_a_page_that_names_nobody() -> None:
    nothing_served([NAMED, Visit(ADDRESS, MUTE, MUTE, NAMES, anonymous=False)])


@pytest.mark.parametrize(
    ("owner", "other", "message"),
    [
        (OWN, OWN, "rien du dossier de l'usager"),
        (OWN, Page(ADDRESS, 403, "Refus&eacute; &agrave; Zoé"), "page 403"),
        (OWN, Page("http://portail.test/accueil", 200, "Dossier de LEPETIT-ŒUVRARD"), "page 200"),
        (MUTE, MUTE, "un refus à http://portail.test/synthese. Vu : page 200"),
    ],
)
def test_an_open_page_is_said_open(owner: Page, other: Page, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        nothing_served([NAMED, Visit(ADDRESS, owner, other, NAMES)])


def test_pages_that_never_name_their_owner_prove_nothing() -> None:
    with pytest.raises(AssertionError, match="le nom de l'usager sur une de ses pages"):
        nothing_served([Visit(ADDRESS, MUTE, Page(ADDRESS, 403, ""), NAMES)])
