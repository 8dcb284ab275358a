"""FranceConnect and FranceConnect+ as scenarios play them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from harness.actors.browser import Browser
from harness.actors.login import LoginPage
from harness.actors.pages import Page
from harness.actors.person import Person
from harness.product import Product
from harness.sandbox_client import TenantClient

ELSEWHERE = "mon-espace-sante"  # client_id of the other service of a single sign-on


class FranceConnectActor:
    """One of the two, for one scenario. plus: FranceConnect+. browser_of: browser of a person."""

    def __init__(
        self, tenant: TenantClient, product: Product, *, plus: bool, browser_of: Callable[[Person], Browser]
    ) -> None:
        self._tenant = tenant
        self._product = product
        self._means = "franceconnect_plus" if plus else "franceconnect"
        self._browser_of = browser_of
        self.service = "franceconnect-plus" if plus else "franceconnect"

    def log_in(self, person: Person, **asked: Any) -> Page:
        """The whole journey, from the button of the portal to the page where it ends. asked: `retour`.

        A session still open at FranceConnect may lead through without its page.
        """
        page = self.reach(person, **asked)
        return self.login_page(person, page).accept() if page.has_field("decision") else page

    def start_login(self, person: Person, **asked: Any) -> LoginPage:
        """The journey as far as the page of FranceConnect."""
        return self.login_page(person, self.reach(person, **asked))

    def reach(self, person: Person, **asked: Any) -> Page:
        """The page that the button of the portal leads to; one that says why when the portal refuses."""
        answer = self._product.act("connecter_usager", moyen=self._means, **asked)
        return Page("", 422, answer.message) if answer.refused else self._browser_of(person).get(str(answer["url"]))

    def log_in_elsewhere(self, person: Person) -> Page:
        """She signs in to another service, Mon espace santé, with the same browser; the page where she lands there."""
        bases, level = self._tenant.bases, "eidas2" if self._means == "franceconnect_plus" else "eidas1"
        landing = f"{bases['mes']}/catalogue"
        body = {"client_id": ELSEWHERE, "nom": "Mon espace santé", "redirect_uris": [landing]}
        self._tenant.call("POST", f"/{self.service}/clients", body)
        asked = {
            "response_type": "code",
            "client_id": ELSEWHERE,
            "redirect_uri": landing,
            "scope": "openid identite_pivot",
            "acr_values": level,
            "state": secrets.token_hex(16),
            "nonce": secrets.token_hex(16),
        }
        address = f"{bases[self.service]}/api/v2/authorize?{urlencode(asked)}"
        return self.login_page(person, self._browser_of(person).get(address)).accept()

    def share_session(self) -> None:
        """One session serves every service (setting `authentification_unique`, banc)."""
        self._tenant.change_settings(**{f"{self.service}.authentification_unique": "session"})

    def login_page(self, person: Person, page: Page) -> LoginPage:
        """The login page that this browser has reached. Raises AssertionError (French) when it is another one."""
        values = {"identifiant": person.france_connect_login, "mot_de_passe": person.france_connect_password}
        return LoginPage(self._browser_of(person), page, values)

    def rotate_keys(self) -> None:
        """FranceConnect signs with a new key."""
        self._tenant.call("POST", f"/{self.service}/actes", {"acte": "renouveler_cles"})
