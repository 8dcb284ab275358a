"""The scene of one scenario: the product, the national side, persons, and what was exchanged since it began."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from harness import waiting
from harness.actors.browser import Browser
from harness.actors.dmp import DmpActor
from harness.actors.france_connect import FranceConnectActor
from harness.actors.insi import InsiActor
from harness.actors.meetings import BlockActor
from harness.actors.mes import Event, MesActor, PairingPage
from harness.actors.pages import Page
from harness.actors.person import Person
from harness.actors.pro_agenda import BspActor
from harness.actors.product_api import Caller, ProductApi
from harness.actors.professional import Professional
from harness.actors.psc import PscActor
from harness.actors.sas_platform import SasPlatform
from harness.actors.shared_agendas import SharedAgendaActor
from harness.drivers import Driver
from harness.errors import ApiNotExposed, NotTestableHere, ServiceNotClaimed
from harness.place import Place
from harness.product import Outcome, Product
from harness.sandbox_client import TenantClient
from harness.waiting import Budget, Seen
from rules import Exchange

SAS_PLATFORM = "sas-plateforme"  # its certificate in the test PKI

__all__ = [
    "Browser",
    "Event",
    "MesActor",
    "Outcome",
    "Page",
    "PairingPage",
    "Person",
    "Product",
    "Professional",
    "Scene",
]


class Scene:
    """What steps work with (architecture §7).

    oid: of the product at Mon espace santé. configuration: parameters of `configurer` in force, empty when the product
    is configured by its vendor. products: addresses of the product, whose pages receive the portal session. claimed:
    sections of services in `cible.toml`. apis: addresses of the APIs that the product exposes, by section. facts: what
    else `cible.toml` says of a section. place: where TLS is.
    """

    def __init__(
        self,
        tenant: TenantClient,
        driver: Driver,
        *,
        oid: str,
        budget: Budget,
        absent: frozenset[str] = frozenset(),
        configuration: Mapping[str, Any] | None = None,
        products: frozenset[str] = frozenset(),
        claimed: frozenset[str] = frozenset(),
        apis: Mapping[str, str] | None = None,
        facts: Mapping[str, Mapping[str, Any]] | None = None,
        place: Place | None = None,
    ) -> None:
        self.tenant = tenant
        self.product = Product(driver, tenant, absent=absent, usager_of=self.usager, account_of=self.account)
        self.mes = MesActor(tenant, self.product, oid=oid, usager_of=self.usager, browser_of=self.browser)
        self.mark = tenant.last_id()
        self._budget = budget
        self._configuration = dict(configuration or {})
        self._products = products
        self._claimed = claimed
        self._apis = dict(apis or {})
        self._facts = facts or {}
        self._place = place or Place()
        self._accounts: dict[str, str] = {}
        self._persons: dict[str, Person] = {}
        self._usagers: dict[str, str] = {}
        self._browsers: dict[str, Browser] = {}
        self._strangers: list[Browser] = []
        self._callers: list[ProductApi] = []
        self._shift = timedelta()
        self._sas: SasPlatform | None = None

    # -- persons

    def person(self, *, age: int | None = None, child_of: Person | None = None, **birth: Any) -> Person:
        """A fresh fictitious person, not yet known to the product. child_of: its representative.

        birth: what is particular about it (keys of the admin API: ne_a_l_etranger, corse, jour_inconnu,
        prenoms_composes).
        """
        wishes: dict[str, Any] = {**birth} if age is None else {"age": age, **birth}
        if child_of is not None:
            wishes["enfant_de"] = child_of.id
        person = Person.from_json(self.tenant.new_person(**wishes))
        self._persons[person.id] = person
        return person

    def usager(self, person: Person, *, without: Collection[str] = (), **told: Any) -> str:
        """Declare this person (and first its representative) to the product, once; its id there.

        told, without: what the first declaration says otherwise, or leaves out (parameters of `declarer_usager`).
        """
        if person.id not in self._usagers:
            representative = self._persons.get(person.representative or "")
            more = {"representant": self.usager(representative)} if representative else {}
            self._usagers[person.id] = self.product.declare(person, without=without, **more, **told)
        return self._usagers[person.id]

    def browser(self, person: Person) -> Browser:
        """The browser of this person, the same during the whole scenario."""
        if person.id not in self._browsers:
            self._browsers[person.id] = Browser(person.id, self.tenant, products=self._products)
        return self._browsers[person.id]

    def stranger(self, session: Mapping[str, Any] | None = None) -> Browser:
        """A fresh browser of nobody, which may carry a session of the portal on."""
        browser = Browser("", self.tenant, products=self._products)
        browser.open_session(session or {})
        self._strangers.append(browser)
        return browser

    # -- professionals

    def account(self, professional: Professional, **rights: Any) -> str:
        """Declare this professional to the product, once; her account there. rights: `droits`, `identifiant_local`."""
        if professional.id not in self._accounts:
            asked = {**professional.as_declared(), **rights}
            self._accounts[professional.id] = str(self.product.act("declarer_professionnel", **asked)["professionnel"])
        return self._accounts[professional.id]

    def professional_browser(self, professional: Professional) -> Browser:
        """The browser of this professional, the same during the whole scenario."""
        if professional.id not in self._browsers:
            trust = self._place.trust()
            self._browsers[professional.id] = Browser(
                professional.id, self.tenant, products=self._products, trust=trust
            )
        return self._browsers[professional.id]

    # -- providers of identity; each raises ServiceNotClaimed when `cible.toml` does not have its section

    @property
    def psc(self) -> PscActor:
        """Pro Santé Connect."""
        self.require("psc")
        return PscActor(self.tenant, self.product, browser_of=self.professional_browser)

    def france_connect(self, *, plus: bool = False) -> FranceConnectActor:
        """FranceConnect, or FranceConnect+."""
        self.require("franceconnect_plus" if plus else "franceconnect")
        return FranceConnectActor(self.tenant, self.product, plus=plus, browser_of=self.browser)

    @property
    def insi(self) -> InsiActor:
        """The register of INSi."""
        self.require("insi")
        return InsiActor(self.tenant)

    @property
    def block(self) -> BlockActor:
        """The block of appointments between professionals, and who is connected to it elsewhere."""
        self.require("rdv")
        return BlockActor(self.tenant)

    @property
    def agendas(self) -> SharedAgendaActor:
        """The manager of shared agendas, and what others do there."""
        self.require("agenda")
        return SharedAgendaActor(self.tenant)

    @property
    def pro_agenda(self) -> BspActor:
        """What a person decides of her agenda, for professionals."""
        self.require("bsp")
        return BspActor(self.tenant)

    @property
    def dmp(self) -> DmpActor:
        """The DMP, and who else puts documents there or looks at them."""
        self.require("dmp")
        return DmpActor(self.tenant, structure=str(self._facts["dmp"].get("structure", "")))

    # -- the product as a server

    def require_api(self, section: str) -> None:
        """Go on only if the product exposes an API for this section. Raises ServiceNotClaimed, ApiNotExposed."""
        self.require(section)
        if section not in self._apis:
            raise ApiNotExposed(section)

    def api(self, section: str, caller: Caller) -> ProductApi:
        """The API that the product exposes for this section of `cible.toml`, as this caller sees it.

        Raises ServiceNotClaimed, ApiNotExposed.
        """
        self.require_api(section)
        opened = ProductApi(self.tenant, section, self._apis[section], caller)
        self._callers.append(opened)
        return opened

    def facts(self, section: str) -> Mapping[str, Any]:
        """What `cible.toml` says of the product in this section (`Registration.facts`). Raises ServiceNotClaimed."""
        self.require(section)
        return self._facts.get(section, {})

    @property
    def sas(self) -> SasPlatform:
        """The SAS platform, caller of the product and told by it. Raises ServiceNotClaimed, ApiNotExposed."""
        if self._sas is None:
            trust = self.identity(SAS_PLATFORM, self.facts("sas").get("certificats", ""))
            caller = Caller("plateforme-sas", {}, trust=trust, certificate=SAS_PLATFORM if trust else "")
            self._sas = SasPlatform(self.tenant, self.api("sas", caller))
        return self._sas

    # -- certificates

    def identity(self, certificate: str, folder: str = "", *, most: str = "") -> ssl.SSLContext | None:
        """TLS of a caller of the product that shows this client certificate; None where there is no TLS.

        certificate: name in `mocks.pki`, empty for none. folder: where its files are, those of the test PKI by default.
        most: highest version that it speaks (`1.1`, `1.2`).
        """
        if folder:
            return Place(certificates=folder).client(certificate, most=most)
        if not self._place.secure_url:
            return None
        if certificate:
            Place.open(self.tenant, certificates=[certificate])
        return self._place.client(certificate, most=most)

    def present(self, certificate: str) -> Outcome:
        """Have the product present this client certificate (name in `mocks.pki`) until the end of the scenario.

        Raises NotTestableHere where there is no TLS.
        """
        self.require_tls()
        Place.open(self.tenant, certificates=[certificate])
        return self.configure(certificats=self._place.files(certificate))

    def meet_server(self, certificate: str) -> Outcome:
        """Have INSi answer with this server certificate, wrong in some way, until the end of the scenario.

        Raises NotTestableHere where there is no TLS.
        """
        self.require("insi")
        self.require_tls()
        place = Place.open(self.tenant, server=certificate)
        told = self._configuration["insi"]
        return self.configure(insi={**told, "url": place.secure(told["url"])})

    def enter_trusted_space(self) -> Outcome:
        """Have the product be a client of the Espace de Confiance of Pro Santé Connect until the end of the scenario.

        Raises NotTestableHere where there is no TLS.
        """
        self.require("psc")
        self.require_tls()
        place = Place.open(self.tenant, client="admis")  # the browser comes there too, without a certificate
        told = {**self._configuration["psc"], "espace": "confiance"}
        told |= {key: place.secure(told[key]) for key in ("issuer", "discovery_url")}
        told["client_id"] += "-confiance"
        addresses = {f"{key}s": [told[key]] for key in ("redirect_uri", "post_logout_redirect_uri")}
        client = {"client_id": told["client_id"], "client_secret": told["client_secret"], "espace": "confiance"}
        self.tenant.call("POST", "/psc/clients", {**client, **addresses})
        return self.configure(psc=told)

    def require_tls(self) -> None:
        """Raises NotTestableHere where there is no TLS."""
        if not self._place.secure_url:
            raise NotTestableHere("sans prise réseau il n'y a ni TLS ni certificat : essayez en mode local")

    def require(self, section: str) -> None:
        """Go on only if `cible.toml` has this section (psc, api_psc...). Raises ServiceNotClaimed."""
        if section not in self._claimed:
            raise ServiceNotClaimed(section)

    # -- what was exchanged

    def exchanges(self, *, service: str = "", operation: str = "", person: Person | None = None) -> list[Exchange]:
        """Exchanges since the scenario began, in order."""
        return self.tenant.read_all(after=self.mark, service=service, operation=operation, person=_id(person))

    def wait_for(self, operation: str, *, person: Person | None = None, count: int = 1) -> list[Exchange]:
        """The exchanges of that operation since the scenario began, once there are `count` of them.

        Raises AssertionError (French) if they do not come in the time of [attentes] delai_s.
        """
        return waiting.wait_for(
            self.tenant,
            operation,
            after=self.mark,
            wait_s=self._budget.wait_s,
            person=_id(person),
            count=count,
        )

    def eventually(self, check: Callable[[], Seen], *, service: str) -> Seen:
        """What `check` gives, tried again each time that the product calls this service, within [attentes] delai_s.

        Raises the AssertionError of the last try.
        """
        return waiting.eventually(self.tenant, check, service=service, wait_s=self._budget.wait_s)

    def silence(self, *, service: str = "mes", person: Person | None = None) -> AbstractContextManager[None]:
        """A block in which the product must not call that service. Raises AssertionError (French) when it does."""
        return waiting.silence(self.tenant, service=service, watch_s=self._budget.silence_s, person=_id(person))

    # -- what goes wrong, what time it is

    def fault(self, operation: str, nature: str, *, fois: int = 1, person: Person | None = None, **params: Any) -> None:
        """Ask the service to misbehave `fois` times at that operation (natures: architecture §4)."""
        whose = {"personne": person.id} if person else {}
        self.tenant.add_fault(operation=operation, nature=nature, fois=fois, **whose, **params)

    def advance(self, **timedelta_args: float) -> None:
        """Move the clock of the national services (arguments of `timedelta`); it adds to earlier moves."""
        self._shift += timedelta(**timedelta_args)
        self.tenant.set_clock("decalee", secondes=self._shift.total_seconds())

    def now(self) -> datetime:
        """Instant of the clock of the national services."""
        return datetime.fromisoformat(self.tenant.call("GET", "/horloge")["maintenant"])

    def configure(self, **changes: Any) -> Outcome:
        """Configure the product again with some other parameters of `configurer`, until the end of the scenario."""
        outcome = self.product.act("configurer", **{**self._configuration, **changes})
        self._apis.update(outcome.get("adresses", {}))
        return outcome

    def close(self) -> None:
        for browser in [*self._browsers.values(), *self._strangers]:
            browser.close()
        for api in self._callers:
            api.close()


def _id(person: Person | None) -> str:
    return "" if person is None else person.id
