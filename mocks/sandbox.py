"""The sandbox: services composed under one root, in process or behind a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import respx

from mocks import tenants
from mocks import world as world  # its table must be known before the store is made
from mocks.embedded import answer_with
from mocks.journal import events
from mocks.listeners import Listeners
from mocks.recorder import Recorder
from mocks.servers.cheroot import RunningServer
from mocks.servers.tls import Refusal, Tls
from mocks.service import Service
from mocks.store import Store

EMBEDDED_URL = "https://banc.test"
Judge = Callable[[Sequence[Mapping[str, Any]]], Sequence[Mapping[str, Any]]]


def all_services() -> tuple[Service, ...]:
    """The services of this release, in the order of the index page."""
    from mocks.api_psc import API_PSC
    from mocks.bsp import BSP
    from mocks.dmp import DMP
    from mocks.franceconnect import FRANCECONNECT, FRANCECONNECT_PLUS
    from mocks.gap import GAP
    from mocks.insi import INSI
    from mocks.mes import MES
    from mocks.mssante import MSSANTE
    from mocks.psc import PSC
    from mocks.rdv import RDV
    from mocks.sas import SAS

    return (MES, PSC, FRANCECONNECT, FRANCECONNECT_PLUS, INSI, API_PSC, GAP, RDV, SAS, BSP, DMP, MSSANTE)


class Sandbox:
    """National services of one store.

    store_url: SQLAlchemy URL, None for a temporary SQLite file. services: default all. judge: what turns journal
    entries into findings for the admin API (the mocks do not know the rules). admin_token: opens the admin API to
    callers that are not on loopback. listens: whether TLS listeners may be opened (not where other processes share the
    port).
    """

    def __init__(
        self,
        store_url: str | None = None,
        *,
        services: Sequence[Service] | None = None,
        judge: Judge | None = None,
        admin_token: str | None = None,
        listens: bool = True,
    ) -> None:
        self.services = tuple(services) if services is not None else all_services()
        self.judge = judge
        self.admin_token = admin_token
        self.listeners = Listeners(self) if listens else None
        self.store = Store(store_url)
        self._recorders = {service.name: Recorder(service, self.store) for service in self.services}
        self._admin: WSGIApplication = self._make_admin()
        self.open_tenant(tenants.DEFAULT)

    def open_tenant(self, name: str) -> None:
        """Make a tenant if there is none of that name. Raises tenants.TenantNameError."""
        with self.store.session(name) as session:
            tenants.create(session, name)
            for service in self.services:
                service.open_tenant(session, name)
            session.commit()

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The whole sandbox as one WSGI application."""
        tenant, service, prefix, rest = split(environ.get("PATH_INFO", ""))
        recorder = self._recorders.get(service)
        if recorder is None:
            return self._admin(environ, start_response)
        environ["banc.tenant"] = tenant
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
        environ["PATH_INFO"] = rest
        return recorder(environ, start_response)

    @contextmanager
    def embedded(self, others: Mapping[str, WSGIApplication] | None = None) -> Iterator[respx.Router]:
        """Route to these applications what httpx clients of this process send; no socket is opened.

        The national base URL of each service leads to it (tenant `defaut`), and `https://banc.test` to the whole
        sandbox. others: more WSGI applications by base URL, such as the product's own pages. A call to any other
        address fails.
        """
        with respx.mock(assert_all_called=False) as router:
            for service in self.services:
                answer = answer_with(self._national(service.name))
                for url in service.national_urls:
                    router.route(host=urlsplit(url).hostname).mock(side_effect=answer)
            router.route(host=urlsplit(EMBEDDED_URL).hostname).mock(side_effect=answer_with(self.wsgi))
            for base, application in (others or {}).items():
                router.route(host=urlsplit(base).hostname).mock(side_effect=answer_with(application))
            try:
                yield router
            finally:
                self.store.errands.wait()  # they use these routes

    def serve(
        self, host: str = "127.0.0.1", port: int = 0, *, tls: Tls | None = None, tenant: str = tenants.DEFAULT
    ) -> RunningServer:
        """Serve the sandbox on a real socket, in a thread of this process, until `stop`.

        port: 0 takes a free one. tls: how to do TLS, None for plain HTTP. tenant: in whose journal refused handshakes
        enter, since nothing in them says whose they are. Raises mocks.servers.cheroot.PortInUseError.
        """
        return RunningServer(self.wsgi, host, port, tls=tls, on_refusal=partial(self._journal_refusal, tenant))

    def _journal_refusal(self, tenant: str, refusal: Refusal) -> None:
        context = {name: getattr(refusal, name) for name in ("alert", "reason", "client", "server")}
        with self.store.session(tenant) as session:
            events.refused_handshake(session, tenants.load(session, tenant), context, refusal.address)
            session.commit()
        self.store.notify()

    def close(self) -> None:
        """Close listeners and store; the sandbox cannot be used afterwards."""
        if self.listeners is not None:
            self.listeners.close()
        self.store.close()

    def _national(self, name: str) -> WSGIApplication:
        """A service at its national address, where it has no prefix."""

        def national(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            environ["banc.tenant"] = tenants.DEFAULT
            return self._recorders[name](environ, start_response)

        return national

    def _make_admin(self) -> WSGIApplication:
        from mocks.admin import make_app

        return make_app(self)


def split(path: str) -> tuple[str, str, str, str]:
    """(tenant, service, prefix that belongs to both, rest) of a path of the sandbox."""
    parts = path.split("/", 4)
    if len(parts) >= 4 and parts[1] == "t":
        prefix = "/".join(parts[:4])
        return parts[2], parts[3], prefix, path[len(prefix) :]
    service = parts[1] if len(parts) > 1 else ""
    return tenants.DEFAULT, service, f"/{service}", path[len(service) + 1 :]
