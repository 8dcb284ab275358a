"""One FHIR call over HTTP: what was asked, who may, and the answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl
from wsgiref.types import WSGIEnvironment

import orjson
from flask import Response, request
from werkzeug.datastructures import Headers
from werkzeug.http import http_date

from mocks.call import Call
from mocks.fhir import negotiation
from mocks.fhir.declaration import (
    CONDITIONAL_PATCH,
    CONDITIONAL_UPDATE,
    CREATE,
    DELETE,
    PATCH,
    READ,
    SEARCH,
    UPDATE,
    Demand,
    FhirEndpoint,
    Interaction,
    Query,
    Resource,
    Scope,
)
from mocks.fhir.json_body import read_resource
from mocks.fhir.outcome import DEFAULT_CODES, FhirError, OutcomeIssue, operation_outcome
from mocks.fhir.spoil import spoiled
from mocks.fhir.store import Stored
from mocks.service import plain_refusal

if TYPE_CHECKING:
    from mocks.fhir.server import FhirServer


@dataclass(frozen=True)
class Web:
    """A call, the server that it reached, and the endpoint concerned."""

    server: FhirServer
    call: Call
    endpoint: FhirEndpoint

    @property
    def base(self) -> str:
        """URL of the FHIR API."""
        return f"{self.call.base_url}/fhir"

    def admit(self, interaction: Interaction, id_: str = "", query: Query = ()) -> Scope:
        """The scope that the guard gives for a call without body; then the media type asked must be ours."""
        scope = self.endpoint.guard(self.call, Demand(interaction, self.endpoint.type, id_, query))
        check_accept(self.call, self.server.media_types)
        return scope

    def admit_resource(self, interaction: Interaction, id_: str = "", query: Query = ()) -> tuple[Scope, Resource]:
        """The scope and the body. Rights come before content: the guard runs even when the body cannot be read."""
        resource, refusal = read_body(self.call)
        scope = self.endpoint.guard(self.call, Demand(interaction, self.endpoint.type, id_, query, resource))
        check_accept(self.call, self.server.media_types)
        if resource is None:
            raise refusal or FhirError(400)
        return scope, resource

    def shown(self, stored: Stored) -> Resource | orjson.Fragment:
        """What the caller sees of a version: as stored, unless the service presents it or a fault spoils it."""
        present = self.server.endpoints[stored.type].present
        text = stored.body if present is None else present(self.call, stored.body)
        fault = self.call.play(("code_inconnu", "accents"))
        return orjson.Fragment(text) if fault is None else spoiled(orjson.loads(text), str(fault["nature"]))


def not_offered(endpoint: FhirEndpoint, what: str, *, one: bool) -> FhirError:
    """Refusal 405, with the methods that the address takes (RFC 9110). one: an address with an id."""
    methods = {READ: "GET", UPDATE: "PUT", PATCH: "PATCH", DELETE: "DELETE"} if one else {SEARCH: "GET", CREATE: "POST"}
    if not one:
        methods = {**methods, CONDITIONAL_UPDATE: "PUT", CONDITIONAL_PATCH: "PATCH"}
    allowed = ", ".join(method for interaction, method in methods.items() if interaction in endpoint.interactions)
    return FhirError(405, f"{what} sur {endpoint.type}.", headers={"Allow": allowed})


def read_body(call: Call) -> tuple[Resource | None, FhirError | None]:
    """The resource in the body, or why there is none."""
    try:
        negotiation.check_content_type(call, request.environ.get("CONTENT_TYPE", ""))
        return read_resource(call.body), None
    except FhirError as refusal:
        return None, refusal


def check_accept(call: Call, names: Collection[str] = ()) -> None:
    """Raise FhirError 406 when the client does not take FHIR JSON. names: of it, besides the usual."""
    environ = request.environ
    formats = request.args.get("_format", "") if "_format" in environ.get("QUERY_STRING", "") else ""
    negotiation.check_accept(call, environ.get("HTTP_ACCEPT", ""), formats, names)


def query_of(call: Call, raw: str, *, form: bytes = b"") -> list[tuple[str, str]]:
    """Decoded parameters of a query string and of a form. Raises FhirError 400 for what is not UTF-8."""
    if "|" in raw or b"|" in form:
        call.note("barre-nue", "barre « | » non encodée dans l'adresse ; attendu : %7C (RFC 3986)")
    pairs: list[tuple[str, str]] = []
    for text in (raw, form.decode("latin-1")) if form else (raw,):
        try:
            pairs += parse_qsl(text, keep_blank_values=True, errors="strict")
        except UnicodeDecodeError:
            raise FhirError(400, "Les paramètres de recherche ne sont pas en UTF-8.") from None
    return pairs


class FhirResponse(Response):
    """An answer whose headers are already what is sent: addresses are ASCII and absolute."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """Werkzeug would parse and rebuild Location, for a tenth of the time of a create."""
        return self.headers


def answer(status: int, body: Mapping[str, object] | orjson.Fragment | None, headers: Mapping[str, str]) -> Response:
    """HTTP answer with a FHIR JSON body, or none."""
    if body is None:
        return FhirResponse(status=status, headers=dict(headers))
    data = orjson.dumps(body)
    sent = {"Content-Type": negotiation.CONTENT_TYPE, "Content-Length": str(len(data)), **headers}
    return FhirResponse(data, status, sent)


def refusal(error: FhirError) -> Response:
    """HTTP answer of a refusal."""
    return answer(error.status, operation_outcome(error.issues), error.headers)


def bench_refusal(path: str, status: int, code: str, text: str) -> tuple[str, bytes]:
    """`Service.refusal` of a service that has a FHIR API: an OperationOutcome there, plain JSON elsewhere."""
    if not path.startswith("/fhir"):
        return plain_refusal(path, status, code, text)
    issue = OutcomeIssue(DEFAULT_CODES[status], text, details=("https://banc.test/refus", code))
    return negotiation.CONTENT_TYPE, orjson.dumps(operation_outcome([issue]))


_http_date = lru_cache(maxsize=64)(http_date)  # many writes fall in one second


def version_headers(stored: Stored) -> dict[str, str]:
    """ETag and Last-Modified of a version."""
    return {"ETag": negotiation.etag(stored.version), "Last-Modified": _http_date(stored.updated // 1_000_000)}


def preferred(web: Web, status: int, stored: Stored, headers: dict[str, str]) -> Response:
    """Answer of a write, with the body that `Prefer: return=` asks for (default: the resource)."""
    prefer = request.environ.get("HTTP_PREFER", "")
    wanted = negotiation.preferences(prefer).get("return", "representation") if prefer else "representation"
    if wanted == "minimal" or status == 204:
        return answer(status, None, headers)
    if wanted.lower() == "operationoutcome":
        said = "créée" if status == 201 else "enregistrée"
        issue = OutcomeIssue("informational", f"{stored.type}/{stored.id} {said}.", "information")
        return answer(status, operation_outcome([issue]), headers)
    return answer(status, web.shown(stored), headers)
