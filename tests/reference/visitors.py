"""People in front of the product with a browser: journeys to an identity provider and back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from reference.login.actions import FC_LINK, PRO_LINK
from reference.login.sessions import COOKIE as PRO_COOKIE
from reference.people import COOKIE
from tests.reference.bench import Bench
from tests.reference.fake_identity import PORTAL, FakeProvider

CLAUDE = {"nom": "DUSOIN", "prenom": "Claude", "identifiant_national": "899900000011"}


class Visitor:
    """One browser, that does not follow redirections by itself."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.client: FlaskClient = bench.product.application.test_client()

    def get(self, address: str, **params: str) -> TestResponse:
        """An address of the product; its query may be given apart."""
        split = urlsplit(address)
        query = params or split.query
        return self.client.get(split.path, base_url=PORTAL, query_string=query)

    def post(self, path: str, **fields: str) -> TestResponse:
        return self.client.post(path, base_url=PORTAL, data=fields)

    def cookie(self, name: str) -> str:
        found = self.client.get_cookie(name, domain="portail.banc.test")
        return "" if found is None else found.value

    @property
    def session(self) -> dict[str, Any]:
        """What the bench would give to the actions: the cookies that the product put."""
        names = (COOKIE, PRO_COOKIE, PRO_LINK, FC_LINK)
        return {"cookies": {name: self.cookie(name) for name in names if self.cookie(name)}}

    def leave_for_psc(self, retour: str = "") -> dict[str, str]:
        """As far as PSC, and accept there; what the browser would bring back."""
        asked = self.bench.product.connecter_professionnel("psc", retour=retour)["url"]
        return self.bench.psc.accept(self.get(asked).headers["Location"])

    def log_in_with_psc(self, retour: str = "") -> TestResponse:
        """The whole journey; the page where it ends."""
        return self.get("/retour-psc", **self.leave_for_psc(retour))

    def leave_for(self, provider: FakeProvider, retour: str = "") -> dict[str, str]:
        asked = self.bench.product.connecter_usager(provider.name, retour=retour)["url"]
        return provider.accept(self.get(asked).headers["Location"])

    def log_in_with(self, provider: FakeProvider, retour: str = "") -> TestResponse:
        back = self.leave_for(provider, retour)
        return self.get(f"/retour-{provider.name.replace('_', '-')}", **back)

    def professional(self) -> dict[str, Any]:
        """Where this browser is in the DUI."""
        return self.bench.product.lire_session_professionnel(session=self.session)

    def usager(self) -> dict[str, Any]:
        """Who is logged in to the portal in this browser."""
        return self.bench.product.lire_session_usager(session=self.session)


def declared(bench: Bench, **details: Any) -> str:
    """Account of Claude DUSOIN."""
    return str(bench.product.declarer_professionnel(**{**CLAUDE, **details})["professionnel"])


def settled(bench: Bench) -> Visitor:
    """Claude DUSOIN, logged in by PSC."""
    declared(bench)
    visitor = Visitor(bench)
    visitor.log_in_with_psc()
    return visitor
