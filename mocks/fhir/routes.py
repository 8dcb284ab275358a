"""Routes of a FHIR API: addresses to interactions, and every refusal to an OperationOutcome."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from mocks.call import FaultPlayedError, current_call
from mocks.fhir import bundle, capability, interactions
from mocks.fhir.declaration import CONDITIONAL_PATCH, CREATE, PATCH, READ, SEARCH, FhirEndpoint, Interaction
from mocks.fhir.outcome import FhirError
from mocks.fhir.search import answer as search
from mocks.fhir.web import Web, not_offered, refusal

if TYPE_CHECKING:
    from mocks.fhir.server import FhirServer

log = logging.getLogger("banc.mocks.fhir")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
View = Callable[..., Response]


def add_routes(app: Flask, server: FhirServer) -> None:
    """Add the routes of a server under `/fhir`; endpoints are operation names."""
    prefix = f"{server.service}.fhir"
    app.add_url_rule("/fhir/metadata", f"{prefix}.capabilities", _guarded(lambda: capability.answer(server)))
    transaction = _guarded(lambda: bundle.transaction(server))
    for rule in ("/fhir", "/fhir/", "/fhir/Bundle"):
        app.add_url_rule(rule, f"{prefix}.transaction", transaction, methods=["POST"])
    for endpoint in server.endpoints.values():
        _add_type(app, server, endpoint, f"{prefix}.{endpoint.type.lower()}")
    unknown = _guarded(lambda rest="": _unknown(server, rest))
    for rule in ("/fhir", "/fhir/", "/fhir/<path:rest>"):
        app.add_url_rule(rule, f"{prefix}.inconnue", unknown, methods=list(METHODS))
    app.register_error_handler(413, _too_long)


def _add_type(app: Flask, server: FhirServer, endpoint: FhirEndpoint, name: str) -> None:
    whole, one = f"/fhir/{endpoint.type}", f"/fhir/{endpoint.type}/<id_>"

    def own(interaction: Interaction, usual: View) -> View:
        return endpoint.views.get(interaction, usual)

    def add(rule: str, operation: str, method: str, view: View) -> None:
        def run(**names: Any) -> Response:
            return view(Web(server, current_call(), endpoint), **names)

        known = app.view_functions.get(f"{name}.{operation}")
        app.add_url_rule(rule, f"{name}.{operation}", known or _guarded(run), methods=[method])

    add(whole, "search", "GET", own(SEARCH, search.search))
    add(f"{whole}/_search", "search", "POST", own(SEARCH, search.search))
    add(whole, "create", "POST", own(CREATE, interactions.create))
    add(whole, "update", "PUT", _either(interactions.conditional_update, interactions.update))
    add(one, "update", "PUT", interactions.update)
    add(whole, "patch", "PATCH", _either(own(CONDITIONAL_PATCH, _no_conditional_patch), own(PATCH, interactions.patch)))
    add(one, "patch", "PATCH", interactions.patch)
    add(whole, "delete", "DELETE", _either(_no_conditional_delete, interactions.delete))
    add(one, "delete", "DELETE", interactions.delete)
    add(one, "read", "GET", own(READ, interactions.read))
    add(f"{one}/_history", "history", "GET", interactions.history)
    add(f"{one}/_history/<version>", "vread", "GET", interactions.vread)


def _either(whole: View, one: View) -> View:
    """One operation for two addresses: with and without id."""

    def view(web: Web, id_: str = "") -> Response:
        return one(web, id_) if id_ else whole(web)

    return view


def _no_conditional_patch(web: Web) -> Response:
    raise not_offered(web.endpoint, "Le PATCH conditionnel n'est pas proposé", one=False)


def _no_conditional_delete(web: Web) -> Response:
    raise not_offered(web.endpoint, "La suppression conditionnelle n'est pas proposée", one=False)


def _guarded(view: View) -> View:
    def guarded(**names: Any) -> Response:
        try:
            return view(**names)
        except FhirError as error:
            for told in ("stored", "stored_entries"):  # what a refused transaction had begun to say
                current_call().context.pop(told, None)
            return refusal(error)
        except (HTTPException, FaultPlayedError):
            raise
        except RecursionError:
            return refusal(FhirError(400, "Le corps est imbriqué trop profondément.", code="structure"))
        except Exception:
            log.exception("échec de %s %s", request.method, request.path)
            return refusal(FhirError(500, "Le banc a échoué sur cette requête ; l'anomalie est dans son journal."))

    return guarded


def _unknown(server: FhirServer, rest: str) -> Response:
    type_, _, id_ = rest.partition("/")
    if type_ in server.endpoints:
        what = f"La méthode {request.method} n'est pas proposée"
        raise not_offered(server.endpoints[type_], what, one=bool(id_))
    if not rest or rest == "metadata":
        allowed = {"Allow": "GET" if rest else "POST"}
        raise FhirError(405, f"La méthode {request.method} n'est pas proposée sur /fhir/{rest}.", headers=allowed)
    raise FhirError(404, f"« {type_} » n'est pas une ressource de ce service.", code="not-supported")


def _too_long(error: HTTPException) -> Response | HTTPException:
    if not request.path.startswith("/fhir"):
        return error
    return refusal(FhirError(413, "Le corps dépasse la taille acceptée.", code="too-long"))
