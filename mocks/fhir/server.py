"""The FHIR API of one service: its endpoints, and what it offers as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, Response

from mocks.call import Call
from mocks.fhir.declaration import FhirEndpoint, Interaction, Resource
from mocks.fhir.store import Repository


class FhirServer:
    """What a service offers under `/fhir`.

    service: its name, first part of the operation names. endpoints: one per resource type. system_interactions:
    (TRANSACTION,) or nothing. on_bundle(call, bundle): controls of the service on a transaction, before its entries
    are looked at; raises FhirError. title, version: for the CapabilityStatement. page_default, page_maximum:
    matches of a page; the service's settings `fhir_page_default` and `fhir_page_maximum` win where it has them.
    refuse_large_pages: whether a `_count` above the maximum is refused (400) rather than brought down.
    media_types: other names of FHIR JSON that the service's own guide prints, asked without a note.
    repository: of another service, whose resources these are too; its own by default. transact: how the service
    runs a transaction itself, from the call to the answer, when its entries are not each a write of the engine.
    """

    def __init__(
        self,
        service: str,
        endpoints: Sequence[FhirEndpoint],
        *,
        system_interactions: Sequence[Interaction] = (),
        on_bundle: Callable[[Call, Resource], None] | None = None,
        title: str = "",
        version: str = "1",
        page_default: int = 50,
        page_maximum: int = 100,
        refuse_large_pages: bool = False,
        media_types: Sequence[str] = (),
        repository: Repository | None = None,
        transact: Callable[[Call], Response] | None = None,
    ) -> None:
        self.service = service
        self.endpoints = {endpoint.type: endpoint for endpoint in endpoints}
        self.system_interactions = tuple(system_interactions)
        self.on_bundle = on_bundle
        self.title = title or service
        self.version = version
        self.page_default = page_default
        self.page_maximum = page_maximum
        self.refuse_large_pages = refuse_large_pages
        self.media_types = tuple(media_types)
        self.repository = repository or Repository(service, endpoints)
        self.transact = transact

    def register(self, app: Flask) -> None:
        """Add the routes under `/fhir` to the service's application."""
        from mocks.fhir.routes import add_routes

        add_routes(app, self)
