"""The agendas of our professionals, open to the agenda of their choice (flow C) and to the booking block (D(5))."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Response, g, request

from reference.config import AGENDA_PATH
from reference.professionals import Professional
from reference.server import agenda_resources as resources
from reference.server import agenda_search, meetings
from reference.server.agenda_capability import statement
from reference.server.agenda_writes import Writer
from reference.server.fhir import FhirError, answer, body_of, fhir_api
from reference.web.session import product

routes = fhir_api("agenda", AGENDA_PATH)
_OPEN = "agenda.metadata"
_OF_THE_BLOCK = "agenda.update"


@routes.before_request
def who_calls() -> None:
    """The third-party agenda by its token; the booking block by its own, to write and for nothing else."""
    if request.endpoint == _OPEN:
        return
    settings = product().settings
    block = settings.rdv.jeton_agenda if settings.rdv else ""
    g.block = _shows(block) and request.endpoint == _OF_THE_BLOCK
    known = g.block or _shows(settings.agenda_tiers.jeton if settings.agenda_tiers else "")
    if not known and not product().defects.has("tiers_jeton_non_verifie"):
        raise FhirError(401, "login", "Un système se présente par le jeton qu'il a reçu.")


@routes.after_request
def say_how_to_enter(response: Response) -> Response:
    """RFC 6750: a 401 says by which scheme one enters."""
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


@routes.get("/metadata")
def metadata() -> Response:
    return answer(statement())


@routes.get("/Slot")
def slots() -> Response:
    return answer(agenda_search.slots())


@routes.get("/Appointment")
def appointments() -> Response:
    return answer(agenda_search.appointments())


@routes.get("/Slot/<id_>")
def slot(id_: str) -> Response:
    named = resources.slot_named(id_)
    account = None if named is None else _account(named[0])
    if named is not None and account is not None:
        for period, status in product().agendas.slots(account, (named[1][0], named[1][0])):
            if period == named[1]:
                return answer(resources.slot(account, period, status, product().agendas.zone(account)))
    raise FhirError(404, "not-found", "Ce créneau n'existe pas.")


@routes.get("/Appointment/<id_>")
def appointment(id_: str) -> Response:
    """R4: 304 when the reader has this version already."""
    found = agenda_search.event(id_)
    tag = resources.etag(found)
    if request.headers.get("If-None-Match") == tag:
        return Response(status=304, headers={"ETag": tag})
    return answer(found, headers=_version(found))


@routes.post("/Appointment")
def create() -> Response:
    """6a; If-None-Exist makes it conditional."""
    resource, query = body_of("Appointment"), agenda_search.query(request.headers.get("If-None-Exist", "").encode())
    kept, made = Writer(product()).create(resource, next(iter(query.tokens("identifier")), None))
    return _written(agenda_search.event(kept), made)


@routes.put("/Appointment")
def update() -> Response:
    """6b, conditional on the identifier."""
    if g.get("block"):
        return meetings.write()
    resource, condition = body_of("Appointment"), agenda_search.query(request.query_string)
    kept, made = Writer(product()).update(resource, condition, request.headers.get("If-Match", ""))
    return _written(agenda_search.event(kept), made)


@routes.put("/Appointment/<id_>")
def update_named(id_: str) -> Response:
    kept = Writer(product()).update_named(id_, body_of("Appointment"), request.headers.get("If-Match", ""))
    return _written(agenda_search.event(kept), made=False)


@routes.get("/Schedule/<id_>")
def schedule(id_: str) -> Response:
    return answer(resources.schedule(_with_agenda(id_)))


@routes.delete("/Schedule/<id_>")
def close(id_: str) -> Response:
    """2c: the agenda is closed, its slots with it; appointments stay."""
    account = _with_agenda(id_)
    if not product().defects.has("tiers_suppression_sans_effet"):
        product().plannings.close(account.id)
    return Response(status=204)


@routes.get("/Practitioner/<id_>")
def practitioner(id_: str) -> Response:
    return answer(resources.practitioner(_known(id_)))


@routes.get("/PractitionerRole/<id_>")
def role(id_: str) -> Response:
    return answer(resources.role(_known(id_)))


def _shows(token: str) -> bool:
    shown = request.headers.get("Authorization", "").encode()
    return bool(token) and hmac.compare_digest(shown, f"Bearer {token}".encode())


def _account(id_: str) -> Professional | None:
    return product().store.get(Professional, id_)


def _known(id_: str) -> Professional:
    found = _account(id_)
    if found is None:
        raise FhirError(404, "not-found", "Cette ressource n'existe pas.")
    return found


def _with_agenda(id_: str) -> Professional:
    found = _known(id_)
    if product().plannings.known(id_) is None:
        raise FhirError(404, "not-found", "Cet agenda n'existe pas.")
    return found


def _version(resource: dict[str, Any]) -> dict[str, str]:
    return {} if product().defects.has("tiers_sans_etag") else {"ETag": resources.etag(resource)}


def _written(resource: dict[str, Any], made: bool) -> Response:
    """R4: 201 and where it is, or 200."""
    address = f"{request.host_url.rstrip('/')}{AGENDA_PATH}/Appointment/{resource['id']}"
    where = {"Location": f"{address}/_history/{resource['meta']['versionId']}"} if made else {}
    return answer(resource, 201 if made else 200, {**where, **_version(resource)})
