"""A product in front of the scripted MES, with its clock and its browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import respx
from flask.testing import FlaskClient

from reference.people import COOKIE
from reference.product import Product
from tests.reference import fake_bsp, fake_insi
from tests.reference.fake_bsp import FakeBsp
from tests.reference.fake_identity import FakeApi, FakeProvider, providers
from tests.reference.fake_insi import FakeInsi
from tests.reference.fake_mes import ALL, SETTINGS, FakeMes

MARIE = {
    "nom": "TESTINE",
    "prenoms": ["Marie", "Anne"],
    "sexe": "F",
    "date_naissance": "1955-06-09",
    "courriel": "marie.testine@exemple.test",
    "ins": {"matricule": "255069999999934", "oid": "1.2.250.1.213.1.4.10"},
}
PROFESSIONAL = {"nom": "DUSOIN", "prenom": "Claude", "rpps": "10009998880"}


@dataclass
class Clock:
    instant: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant

    def advance(self, **amount: float) -> None:
        self.instant += timedelta(**amount)


@dataclass
class Bench:
    """What a test needs of both sides."""

    product: Product
    mes: FakeMes
    clock: Clock
    providers: dict[str, FakeProvider]
    api: FakeApi
    insi: FakeInsi = field(default_factory=FakeInsi)
    bsp: FakeBsp = field(default_factory=FakeBsp)
    browsers: dict[str, FlaskClient] = field(default_factory=dict)

    @property
    def psc(self) -> FakeProvider:
        return self.providers["psc"]

    @property
    def fc(self) -> FakeProvider:
        return self.providers["franceconnect"]

    def declare(self, **details: Any) -> str:
        return str(self.product.declarer_usager(**{**MARIE, **details})["usager"])

    def declare_without_ins(self, **details: Any) -> str:
        return self.declare(**{"ins": None, "lieu_naissance": "99999", **details})

    def browser(self, usager: str) -> FlaskClient:
        """Browser of the usager, logged in."""
        if usager not in self.browsers:
            client = self.product.application.test_client()
            cookie = self.product.ouvrir_session(usager)["session"]["cookies"][COOKIE]
            client.set_cookie(COOKIE, cookie, domain="portail.banc.test")
            self.browsers[usager] = client
        return self.browsers[usager]

    def get(self, usager: str, path: str, **params: str) -> Any:
        return self.browser(usager).get(path, base_url="https://portail.banc.test", query_string=params or None)

    def pair(self, usager: str, scope: str | None = ALL, pour: str | None = None) -> str:
        """The whole journey; the state of the pairing afterwards."""
        self.mes.scope = scope
        self.browser(usager)
        url = self.product.apparier_mes(usager, pour=pour)["url"]
        self.get(usager, "/appariement-mes/retour", **self.mes.accept(url))
        return str(self.product.lire_appariement(pour or usager)["etat"])

    def book(self, usager: str, debut: str = "2026-07-10T14:30", **details: Any) -> dict[str, Any]:
        details = {"intitule": "Kinésithérapie", "professionnel": PROFESSIONAL, **details}
        return self.product.creer_rendez_vous(usager, debut, **details)


@contextmanager
def bench(*defects: str) -> Iterator[Bench]:
    """A product with these defects, configured, in front of a fake MES."""
    clock = Clock()
    mes = FakeMes(clock)
    product = Product(defects=defects, now=clock)
    known, api = providers(clock), FakeApi()
    services: dict[str, Any] = {name: one.settings for name, one in known.items()}
    services |= {"api_psc": api.settings, "insi": fake_insi.SETTINGS, "bsp": fake_bsp.SETTINGS}
    product.configurer(mes=SETTINGS, **services)
    with respx.mock(assert_all_called=False) as router:
        router.route(host="mes.test").mock(side_effect=mes.handle)
        router.route(host="api.test").mock(side_effect=api.handle)
        for one in known.values():
            router.route(host=str(urlsplit(one.issuer).hostname)).mock(side_effect=one.handle)
        made = Bench(product, mes, clock, known, api)
        router.route(host="insi.test").mock(side_effect=made.insi.handle)
        router.route(host="bsp.test").mock(side_effect=made.bsp.handle)
        yield made
    product.close()
