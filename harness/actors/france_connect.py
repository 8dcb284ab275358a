"""FranceConnect and FranceConnect+ as scenarios play them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.actors.browser import Browser
from harness.actors.login import LoginPage
from harness.actors.pages import Page
from harness.actors.person import Person
from harness.product import Product
from harness.sandbox_client import TenantClient


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
        """The whole journey, from the button of the portal to the page where it ends. asked: `retour`."""
        return self.start_login(person, **asked).accept()

    def start_login(self, person: Person, **asked: Any) -> LoginPage:
        """The journey as far as the page of FranceConnect."""
        answer = self._product.act("connecter_usager", moyen=self._means, **asked)
        return self.login_page(person, self._browser_of(person).get(str(answer["url"])))

    def login_page(self, person: Person, page: Page) -> LoginPage:
        """The login page that this browser has reached. Raises AssertionError (French) when it is another one."""
        values = {"identifiant": person.france_connect_login, "mot_de_passe": person.france_connect_password}
        return LoginPage(self._browser_of(person), page, values)

    def rotate_keys(self) -> None:
        """FranceConnect signs with a new key."""
        self._tenant.call("POST", f"/{self.service}/actes", {"acte": "renouveler_cles"})
