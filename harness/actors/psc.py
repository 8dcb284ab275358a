"""Pro Santé Connect as scenarios play it: the professional in front of its page and with her telephone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from harness.actors.browser import Browser
from harness.actors.login import LoginPage
from harness.actors.pages import Page
from harness.actors.professional import Professional
from harness.product import Product
from harness.sandbox_client import TenantClient


class PscActor:
    """The national side of Pro Santé Connect, for one scenario. browser_of: browser of a professional."""

    def __init__(
        self, tenant: TenantClient, product: Product, *, browser_of: Callable[[Professional], Browser]
    ) -> None:
        self._tenant = tenant
        self._product = product
        self._browser_of = browser_of

    def professional(self, **wishes: Any) -> Professional:
        """A fresh fictitious professional (keys of the admin API: profession, categorie, exercices, activites, nom)."""
        return Professional.from_json(self._tenant.call("POST", "/professionnels", wishes))

    def log_in(self, professional: Professional, *, means: str = "CPS", **asked: Any) -> Page:
        """The whole journey, from the login button of the product to the page where it ends.

        means: `CPS` or `ECPS`. asked: other parameters of `connecter_professionnel` (retour). A session still open at
        Pro Santé Connect leads through without its page.
        """
        page = self.reach(professional, **asked)
        return self.login_page(professional, page, means=means).accept() if page.has_field("decision") else page

    def start_login(self, professional: Professional, *, means: str = "CPS", **asked: Any) -> LoginPage:
        """The journey as far as the page of Pro Santé Connect (arguments of `log_in`)."""
        return self.login_page(professional, self.reach(professional, **asked), means=means)

    def reach(self, professional: Professional, **asked: Any) -> Page:
        """The page that the login button of the product leads to; one that says why when the product refuses."""
        answer = self._product.act("connecter_professionnel", moyen="psc", **asked)
        if answer.refused:
            return Page("", 422, answer.message)
        browser = self._browser_of(professional)
        browser.open_session(answer.get("session", {}))
        return browser.get(str(answer["url"]))

    def login_page(self, professional: Professional, page: Page, *, means: str = "CPS") -> LoginPage:
        """The login page that this browser has reached. Raises AssertionError (French) when it is another one."""
        values = {"identifiant": professional.login, "mot_de_passe": professional.password, "moyen": means}
        return LoginPage(self._browser_of(professional), page, values)

    def ciba_requests(self, professional: Professional) -> Sequence[Mapping[str, Any]]:
        """Requests that wait on her telephone; each shows `binding_message`."""
        waiting: Sequence[Mapping[str, Any]] = self._tenant.call("GET", "/psc/demandes-ciba")["demandes"]
        return [one for one in waiting if one["professionnel"] == professional.id]

    def accept_ciba(self, professional: Professional) -> None:
        """She accepts on her telephone."""
        self._answer_ciba(professional, "accepter")

    def refuse_ciba(self, professional: Professional) -> None:
        """She refuses on her telephone."""
        self._answer_ciba(professional, "refuser")

    def close_session(self, professional: Professional) -> None:
        """Pro Santé Connect ends her session."""
        self._act("fermer_session", professionnel=professional.id)

    def expire_tokens(self, professional: Professional) -> None:
        """Her access tokens are no longer valid."""
        self._act("expirer_jetons", professionnel=professional.id)

    def rotate_keys(self) -> None:
        """Pro Santé Connect signs with a new key."""
        self._act("renouveler_cles")

    def _answer_ciba(self, professional: Professional, decision: str) -> None:
        requests = self.ciba_requests(professional)
        if not requests:
            raise AssertionError("Aucune demande CIBA n'attend le professionnel sur son téléphone.")
        self._tenant.call("POST", f"/psc/demandes-ciba/{requests[-1]['id']}", {"decision": decision})

    def _act(self, act: str, **details: str) -> None:
        self._tenant.call("POST", "/psc/actes", {"acte": act, **details})
