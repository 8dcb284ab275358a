"""The portal that the establishment offers: the contents it owes to the usager, and who may open them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

from harness.actors.browser import Browser
from harness.actors.pages import Page
from harness.actors.person import Person
from harness.errors import ActionNotOffered
from harness.expectations import expect

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.scene import Scene

AGENDA = "agenda_url"
ADDRESSES = (AGENDA, "synthese_url", "contrat_url")
CONTENTS = {"synthese": "la synthèse du dossier", "contrat": "le contrat"}


@dataclass(frozen=True)
class Visit:
    """One page of a usager: what its owner receives, and what somebody else receives at the same address.

    names: of the owner, which tell the two apart. anonymous: nobody had signed in.
    """

    address: str
    owner: Page
    other: Page
    names: tuple[str, ...]
    anonymous: bool = True

    def names_in(self, page: Page) -> list[str]:
        """The names of the owner that a page says, whatever the case."""
        text = unescape(page.body).casefold()
        return [name for name in self.names if name.casefold() in text]


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
    """The space holds the summary of the file and the contract, neither of them empty.

    A portal that names the addresses of its pages names that of the agenda too.
    """
    named = [key for key in ADDRESSES if space.get(key)]
    expect(not named or AGENDA in named, "une page d'agenda sur le portail", named)
    for key, name in CONTENTS.items():
        expect(bool(str(space[key] if key in space or space.refused else "").strip()), f"{name} sur le portail", "rien")


def visit(scene: Scene, owner: Person, session: Mapping[str, Any] | None, visitor: Person | None = None) -> list[Visit]:
    """Open the pages of a usager, first as the owner, then in a browser of its own with this session or with none.

    visitor: whose session it is, when it is not the owner's. Raises ActionNotOffered when the product gives no
    address of its pages.
    """
    own_session = sign_in(scene, owner)
    space = own_space(scene, owner, own_session)
    addresses = [str(space[key]) for key in ADDRESSES if space.get(key)]
    if not addresses:
        raise ActionNotOffered("lire_espace_usager, adresses des pages")
    shared = _names(visitor) if visitor else ()
    names = tuple(name for name in _names(owner) if name not in shared)
    own, other = scene.stranger(own_session), scene.stranger(session)
    return [Visit(address, own.get(address), other.get(address), names, visitor is None) for address in addresses]


def _names(person: Person) -> tuple[str, ...]:
    return (person.family_name, *person.given_names)


def open_agenda(scene: Scene, person: Person) -> Page:
    """The usager opens the page of the agenda, in an own session."""
    session = sign_in(scene, person)
    browser: Browser = scene.browser(person)
    browser.open_session(session)
    address = own_space(scene, person, session).get(AGENDA)
    if not address:
        raise ActionNotOffered(f"lire_espace_usager, {AGENDA}")
    return browser.get(str(address))


def nothing_served(visits: Sequence[Visit]) -> None:
    """Nothing of its owner is read in these pages by the other visitor.

    What to look for is taken from the page of the owner. A page that names nobody must be plainly refused to who has
    not signed in; to another usager it may show that usager's own content.
    """
    expect(any(one.names_in(one.owner) for one in visits), "le nom de l'usager sur une de ses pages", "aucun")
    for one in visits:
        given = one.names_in(one.other)
        expect(not given, f"rien du dossier de l'usager à {one.address}", f"page {one.other.status} avec {given}")
        refused = one.other.status in (401, 403, 404) or one.other.url != one.address
        told = bool(one.names_in(one.owner)) or not one.anonymous
        expect(told or refused, f"un refus à {one.address}", f"page {one.other.status}")


def not_through_mes(scene: Scene, visits: Sequence[Visit]) -> None:
    """Who has not signed in is neither sent to Mon espace santé nor refused with that advice."""
    for one in visits:
        sent = [url for url in one.other.visited if url.startswith(scene.tenant.bases["mes"])]
        expect(not sent, "une connexion sur le portail, sans passer par Mon espace santé", sent)
        advised = one.other.status >= 400 and "Mon espace santé" in unescape(one.other.body)
        expect(not advised, "une connexion ouverte sur le portail", one.other.body[:200])
