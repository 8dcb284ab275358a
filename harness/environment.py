"""What a run needs around the product: sandbox, driver, tenant, registration; and a scene for each scenario."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from harness import waiting
from harness.drivers import Driver, open_driver
from harness.errors import SetUpError
from harness.lock import exclusive
from harness.sandbox_client import SandboxClient, TenantClient
from harness.scene import Scene
from harness.target import DEFAULT_TENANT, Target

EMBEDDED_PRODUCT = "https://produit.test"
LOCKS_DIRECTORY = Path(".banc") / "verrous"


@dataclass(frozen=True)
class Registration:
    """The product as registered at Mon espace santé, addresses made absolute."""

    oid: str
    client_id: str
    client_secret: str
    redirect_uri: str
    sync_url: str

    def configuration(self, base_url: str, *, with_exchange: bool) -> dict[str, Any]:
        """Parameters of the action `configurer`."""
        return {
            "mes": {
                "base_url": base_url,
                "client_id": self.client_id,
                "client_secret": self.client_secret,
                "oid": self.oid,
                "redirect_uri": self.redirect_uri,
            },
            "avec_echange": with_exchange,
        }


class Environment:
    """A running sandbox, a tenant of it, and the product registered there.

    shared: other test processes may drive the same product, so scenarios take turns. configurable: the product takes
    its addresses from `configurer`.
    """

    def __init__(
        self, target: Target, driver: Driver, tenant: TenantClient, registration: Registration, *, configurable: bool
    ) -> None:
        self.target = target
        self.driver = driver
        self.tenant = tenant
        self.registration = registration
        self.configurable = configurable
        self.shared = target.driver.kind != "python" or not configurable

    @contextmanager
    def scene(self) -> Iterator[Scene]:
        """The scene of one scenario: services put back as at the start, product configured.

        Raises SandboxError, ProductUnreachable, SetUpError when the product refuses its configuration.
        """
        with exclusive(_lock_path(self.target)) if self.shared else nullcontext():
            self.tenant.restore()
            configuration = self._configure() if self.configurable else {}
            scene = Scene(
                self.tenant,
                self.driver,
                oid=self.registration.oid,
                budget=waiting.budget(self.target.sandbox.mode, self.target.wait_s),
                absent=self.target.absent_actions,
                configuration=configuration,
                products=frozenset(filter(None, (self.driver.url, self.registration.redirect_uri))),
            )
            try:
                yield scene
            finally:
                scene.close()

    def _configure(self) -> Mapping[str, Any]:
        """Give the product its addresses and secrets. Not journaled: it is not part of any scenario."""
        base_url = self.tenant.bases["mes"]
        configuration = self.registration.configuration(base_url, with_exchange=self.target.mes.with_exchange)
        answer = self.driver.perform("configurer", configuration)
        if answer.refused:
            raise SetUpError(f"Le produit refuse sa configuration : {answer.message} ({answer.error}).")
        return configuration


@contextmanager
def open_environment(target: Target, *, defect: str = "", sandbox_url: str = "") -> Iterator[Environment]:
    """Start what the mode of the target needs, and stop it at the end.

    defect: seeded defect of the bench's own product. sandbox_url: sandbox already started for this run (mode local,
    several test processes). Raises HarnessError (French).
    """
    with ExitStack() as stack:
        driver = open_driver(target.driver, defect)
        stack.callback(driver.close)
        client = _open_sandbox(target, driver, stack, sandbox_url)
        stack.callback(client.close)
        configurable = "configurer" not in target.absent_actions and driver.offers("configurer")
        tenant = _open_tenant(target, client, stack, configurable=configurable)
        registration = _register(target, driver, tenant, configurable=configurable)
        yield Environment(target, driver, tenant, registration, configurable=configurable)


@contextmanager
def local_sandbox(target: Target) -> Iterator[str]:
    """A sandbox on a loopback socket, at bac_a_sable.url when given, else on a free port; gives its URL.

    Raises SetUpError when the address is taken or is not one of this machine.
    """
    from mocks.sandbox import Sandbox

    address = urlsplit(target.sandbox.url)
    host = address.hostname or "127.0.0.1"
    if host not in ("127.0.0.1", "::1", "localhost"):
        raise SetUpError(f"En mode « local », bac_a_sable.url doit être sur cette machine ; vu : {target.sandbox.url}.")
    sandbox = Sandbox()
    try:
        with _served(sandbox.wsgi, host, address.port or 0) as url:
            yield url
    finally:
        sandbox.close()


@contextmanager
def _served(application: Any, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    from mocks.servers.cheroot import PortInUseError, RunningServer

    try:
        server = RunningServer(application, host, port)
    except PortInUseError as error:
        raise SetUpError(f"L'adresse {host}:{port} est déjà prise par un autre programme.") from error
    try:
        yield server.url
    finally:
        server.stop()


def _open_sandbox(target: Target, driver: Driver, stack: ExitStack, sandbox_url: str) -> SandboxClient:
    if target.sandbox.mode == "embarque":
        return SandboxClient(_embed(driver, stack))
    if driver.application is not None and target.sandbox.mode == "local":
        driver.serve_at(stack.enter_context(_served(driver.application)))
    if target.sandbox.mode == "local":
        return SandboxClient(sandbox_url or stack.enter_context(local_sandbox(target)))
    return SandboxClient(target.sandbox.url, token=target.sandbox.token)


def _embed(driver: Driver, stack: ExitStack) -> str:
    """Sandbox and pages of the product in this process, no socket; the URL of the sandbox."""
    from mocks.sandbox import EMBEDDED_URL, Sandbox

    sandbox = Sandbox()
    stack.callback(sandbox.close)
    others = {}
    if driver.application is not None:
        if not driver.url:
            driver.serve_at(EMBEDDED_PRODUCT)
        others[driver.url] = driver.application
    stack.enter_context(sandbox.embedded(others))
    return EMBEDDED_URL


def _open_tenant(target: Target, client: SandboxClient, stack: ExitStack, *, configurable: bool) -> TenantClient:
    """A tenant of this process's own when the product can be told of it; else the one it was configured with."""
    named = target.sandbox.tenant if not configurable or target.sandbox.tenant != DEFAULT_TENANT else ""
    tenant = client.open_tenant(named)
    if not named and target.sandbox.mode == "distant":
        stack.callback(tenant.close)
    return tenant


def _register(target: Target, driver: Driver, tenant: TenantClient, *, configurable: bool) -> Registration:
    """Register the product at Mon espace santé of this tenant, with what `cible.toml` says."""
    mes = target.mes
    if not configurable and not (mes.client_id and mes.secret):
        raise SetUpError(
            "Le produit n'offre pas l'action « configurer » : donnez dans cible.toml, sous [mes], les clés client_id "
            "et client_secret (ou client_secret_env) avec lesquelles il est configuré."
        )
    registration = Registration(
        oid=mes.oid,
        client_id=mes.client_id or f"banc-{tenant.name}",
        client_secret=mes.secret or f"banc-cs-{secrets.token_urlsafe(24)}",
        redirect_uri=_absolute(driver, mes.redirect_uri, "redirect_uri"),
        sync_url=_absolute(driver, mes.sync_url, "url_synchronisation") if mes.sync_url else "",
    )
    body = {
        "oid": registration.oid,
        "nom": target.product.name,
        "editeur": target.product.editor,
        "client_id": registration.client_id,
        "client_secret": registration.client_secret,
        "redirect_uris": [registration.redirect_uri],
        "finalites": list(mes.finalities),
        "statut": "EN_LIGNE",
        "reference_avec_echange": mes.with_exchange,
    }
    tenant.call("POST", "/mes/services", {**body, "url_synchronisation": registration.sync_url})
    return registration


def _absolute(driver: Driver, address: str, key: str) -> str:
    if not address.startswith("/"):
        return address
    if not driver.url:
        raise SetUpError(f"Clé mes.{key} : un chemin ne suffit pas, car le produit ne dit pas à quelle adresse il est.")
    return urljoin(driver.url + "/", address)


def _lock_path(target: Target) -> Path:
    """One lock per product: named by its driver's address, or its tenant."""
    name = urlsplit(target.driver.url).netloc.replace(":", "-") or target.sandbox.tenant
    return LOCKS_DIRECTORY / f"{name}.sqlite"


__all__ = ["Environment", "Registration", "local_sandbox", "open_environment"]
