"""The page of an identity provider, where a person says who she is."""

from __future__ import annotations

from harness.actors.browser import Browser
from harness.actors.pages import Page


class LoginPage:
    """The login page of Pro Santé Connect or FranceConnect. values: what this person fills in."""

    def __init__(self, browser: Browser, page: Page, values: dict[str, str]) -> None:
        if not page.has_field("decision"):
            raise AssertionError(
                f"La page de connexion du fournisseur d'identité n'est pas atteinte : {page.url} ({page.status}) "
                f"dit « {page.text[:300]} »."
            )
        self._browser = browser
        self._values = values
        self.page = page

    def accept(self) -> Page:
        """Sign in; the page of the product where the browser comes back."""
        return self._answer("continuer")

    def cancel(self) -> Page:
        """Give up; the page of the product where the browser comes back."""
        return self._answer("annuler")

    def _answer(self, decision: str) -> Page:
        shown = {name: value for name, value in self._values.items() if self.page.has_field(name)}
        return self._browser.submit(self.page.fill("decision", {**shown, "decision": decision}))
