"""What a run needs around the product: sandbox, driver, tenant, registrations; and a scene for each scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from harness import registrations, waiting
from harness.drivers import open_driver
from harness.errors import SetUpError
from harness.lock import exclusive
from harness.place import Place
from harness.registrations import Registration, Site
from harness.sandbox_client import SandboxClient, TenantClient
from harness.sandboxes import local_sandbox, open_sandbox
from harness.scene import Scene
from harness.target import Target
from harness.target_sections import DEFAULT_TENANT

LOCKS_DIRECTORY = Path(".banc") / "verrous"


class Environment:
    """A running sandbox, a tenant of it, and the product registered there.

    registrations: by section of `cible.toml`. shared: other test processes may drive the same product, so scenarios
    take turns.
    """

    def __init__(self, site: Site, known: Mapping[str, Registration]) -> None:
        self.target = site.target
        self.driver = site.driver
        self.tenant = site.tenant
        self.site = site
        self.registrations = known
        self.configurable = site.configurable
        self.shared = site.target.driver.kind != "python" or not site.configurable

    @contextmanager
    def scene(self) -> Iterator[Scene]:
        """The scene of one scenario: services put back as at the start, product configured.

        Raises SandboxError, ProductUnreachable, SetUpError when the product refuses its configuration.
        """
        with exclusive(_lock_path(self.target)) if self.shared else nullcontext():
            self.tenant.restore()
            configuration, told = self._configure() if self.configurable else ({}, {})
            known = {section: one.api for section, one in self.registrations.items() if one.api}
            pages = [page for registration in self.registrations.values() for page in registration.pages]
            scene = Scene(
                self.tenant,
                self.driver,
                oid=self.target.mes.oid if self.target.mes else "",
                budget=waiting.budget(self.target.sandbox.mode, self.target.wait_s),
                absent=self.target.absent_actions,
                configuration=configuration,
                products=frozenset(filter(None, (self.driver.url, *pages))),
                claimed=frozenset(self.registrations),
                apis={**known, **told},
                facts={section: one.facts for section, one in self.registrations.items()},
                place=self.site.place,
            )
            try:
                yield scene
            finally:
                scene.close()

    def _configure(self) -> tuple[Mapping[str, Any], Mapping[str, str]]:
        """Give the product its addresses and secrets; those, and the addresses that it gives back.

        Not journaled: it is not part of any scenario.
        """
        configuration = registrations.configuration(self.site, self.registrations)
        answer = self.driver.perform("configurer", configuration)
        if answer.refused:
            raise SetUpError(f"Le produit refuse sa configuration : {answer.message} ({answer.error}).")
        return configuration, answer.result.get("adresses", {})


@contextmanager
def open_environment(target: Target, *, defect: str = "", sandbox_url: str = "") -> Iterator[Environment]:
    """Start what the mode of the target needs, and stop it at the end.

    defect: seeded defect of the bench's own product. sandbox_url: sandbox already started for this run (mode local,
    several test processes). Raises HarnessError (French).
    """
    with ExitStack() as stack:
        driver = open_driver(target.driver, defect)
        stack.callback(driver.close)
        client = SandboxClient(open_sandbox(target, driver, stack, sandbox_url), token=target.sandbox.token)
        stack.callback(client.close)
        configurable = "configurer" not in target.absent_actions and driver.offers("configurer")
        tenant = _open_tenant(target, client, stack, configurable=configurable)
        place = Place.open(tenant) if target.sandbox.mode == "local" and target.asks_for_tls else Place()
        site = Site(target, driver, tenant, place, configurable)
        yield Environment(site, registrations.register(site))


def _open_tenant(target: Target, client: SandboxClient, stack: ExitStack, *, configurable: bool) -> TenantClient:
    """A tenant of this process's own when the product can be told of it; else the one it was configured with."""
    named = target.sandbox.tenant if not configurable or target.sandbox.tenant != DEFAULT_TENANT else ""
    tenant = client.open_tenant(named)
    if not named and target.sandbox.mode == "distant":
        stack.callback(tenant.close)
    return tenant


def _lock_path(target: Target) -> Path:
    """One lock per product: named by its driver's address, or its tenant."""
    name = urlsplit(target.driver.url).netloc.replace(":", "-") or target.sandbox.tenant
    return LOCKS_DIRECTORY / f"{name}.sqlite"


__all__ = ["Environment", "local_sandbox", "open_environment"]
