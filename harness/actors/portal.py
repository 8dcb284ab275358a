"""The portal that the establishment offers: the contents it owes to the usager, and who may open them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.actors.browser import Browser, origin
from harness.actors.pages import Page
from harness.actors.person import Person
from harness.errors import ActionNotOffered
from harness.expectations import expect

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.scene import Scene

ADDRESSES = ("agenda_url", "synthese_url", "contrat_url")
CONTENTS = {"synthese": "la synthèse du dossier", "contrat": "le contrat"}


@dataclass(frozen=True)
class Visit:
    """One page asked for: the address, and what the browser received in the end."""

    asked: str
    page: Page


def sign_in(scene: Scene, person: Person) -> Mapping[str, Any]:
    """Sign in to the portal; the session that the product gives back."""
    session: Mapping[str, Any] = scene.product.act("ouvrir_session", usager=person)["session"]
    return session


def sign_out(scene: Scene, person: Person, session: Mapping[str, Any]) -> None:
    """Sign out of the portal."""
    scene.product.act("fermer_session", usager=person, session=session)


def own_space(scene: Scene, person: Person, session: Mapping[str, Any]) -> Outcome:
    """The contents that the portal shows for this usager, in this session."""
    return scene.product.act("lire_espace_usager", usager=person, session=session)


def offers_contents(space: Outcome) -> None:
    """The space holds the summary of the file and the contract, neither of them empty."""
    for key, name in CONTENTS.items():
        expect(bool(str(space[key] if key in space or space.refused else "").strip()), f"{name} sur le portail", "rien")


def visit(scene: Scene, owner: Person, session: Mapping[str, Any] | None) -> list[Visit]:
    """Open the pages of a usager in a browser of its own, with this session or with none.

    Raises ActionNotOffered when the product gives no address of its pages.
    """
    space = own_space(scene, owner, sign_in(scene, owner))
    addresses = [str(space[key]) for key in ADDRESSES if space.get(key)]
    if not addresses:
        raise ActionNotOffered("lire_espace_usager, adresses des pages")
    browser = scene.stranger(session)
    return [Visit(address, browser.get(address)) for address in addresses]


def open_agenda(scene: Scene, person: Person) -> Page:
    """The usager opens the page of the agenda, in an own session."""
    session = sign_in(scene, person)
    browser: Browser = scene.browser(person)
    browser.open_session(session)
    return browser.get(str(own_space(scene, person, session)["agenda_url"]))


def nothing_served(visits: Sequence[Visit], owner: Person) -> None:
    """None of these pages was given: refused, or replaced by another one that says nothing of the usager."""
    for one in visits:
        away = one.page.url != one.asked and origin(one.page.url) == origin(one.asked)
        refused = one.page.status in (401, 403, 404) or away
        expect(refused, f"un refus ou la page de connexion à la place de {one.asked}", f"{one.page.status}")
        expect(owner.family_name not in one.page.text, "rien du dossier de l'usager", one.page.text[:200])
