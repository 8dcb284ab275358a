"""The scene of one scenario: the product, the national side, persons, and what was exchanged since it began."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from harness import waiting
from harness.actors.browser import Browser
from harness.actors.mes import Event, MesActor, PairingPage
from harness.actors.pages import Page
from harness.actors.person import Person
from harness.drivers import Driver
from harness.product import Outcome, Product
from harness.sandbox_client import TenantClient
from harness.waiting import Budget
from rules import Exchange

__all__ = ["Browser", "Event", "MesActor", "Outcome", "Page", "PairingPage", "Person", "Product", "Scene"]


class Scene:
    """What steps work with (architecture §7).

    oid: of the product at Mon espace santé. configuration: parameters of `configurer` in force, empty when the product
    is configured by its vendor. products: addresses of the product, whose pages receive the portal session.
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
    ) -> None:
        self.tenant = tenant
        self.product = Product(driver, tenant, absent=absent, usager_of=self.usager)
        self.mes = MesActor(tenant, self.product, oid=oid, usager_of=self.usager, browser_of=self.browser)
        self.mark = tenant.last_id()
        self._budget = budget
        self._configuration = dict(configuration or {})
        self._products = products
        self._persons: dict[str, Person] = {}
        self._usagers: dict[str, str] = {}
        self._browsers: dict[str, Browser] = {}
        self._strangers: list[Browser] = []
        self._shift = timedelta()

    # -- persons

    def person(self, *, age: int | None = None, child_of: Person | None = None) -> Person:
        """A fresh fictitious person, not yet known to the product. child_of: its representative."""
        wishes: dict[str, Any] = {} if age is None else {"age": age}
        if child_of is not None:
            wishes["enfant_de"] = child_of.id
        person = Person.from_json(self.tenant.new_person(**wishes))
        self._persons[person.id] = person
        return person

    def usager(self, person: Person) -> str:
        """Declare this person (and first its representative) to the product, once; its id there."""
        if person.id not in self._usagers:
            representative = self._persons.get(person.representative or "")
            more = {"representant": self.usager(representative)} if representative else {}
            self._usagers[person.id] = self.product.declare(person, **more)
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
        return self.product.act("configurer", **{**self._configuration, **changes})

    def close(self) -> None:
        for browser in [*self._browsers.values(), *self._strangers]:
            browser.close()


def _id(person: Person | None) -> str:
    return "" if person is None else person.id
