"""The mailboxes of the Annuaire Santé over HTTP (guide "API MSSanté" 0.1.0): search, read, change."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, request

from mocks.call import Call, current_call
from mocks.fhir.json_body import read_resource
from mocks.fhir.negotiation import check_content_type
from mocks.fhir.outcome import FhirError
from mocks.fhir.web import answer, check_accept, query_of
from mocks.fhir.web import refusal as refused
from mocks.mssante import directory, model_mailboxes
from mocks.mssante.directory import MODIFIERS, Carrier
from mocks.mssante.directory_patch import Change, Patch
from mocks.mssante.model_mailboxes import Mailbox

ROOT = "/fhir/v2"
PAGE, MOST = 50, 1_000
_MAILBOX = "mailbox-mss"
_CONTROL = ("_elements", "_count", "_page_token", "_format", "identifier")
_VARIANTS = ("practitioner.identifier", "organization.identifier", "practitionerRole.identifier")
Query = list[tuple[str, str]]


def search(type_: str) -> Response:
    """GET [base]/<type>."""
    call = _admitted()
    query = query_of(call, request.query_string.decode("latin-1"))
    wanted = _wanted(call, query)
    pages = [
        (carrier, boxes)
        for carrier in directory.carriers(call)
        if carrier.type == type_ and _asked(carrier, query)
        for boxes in [directory.mailboxes(call, carrier)]
        if _matches(directory.visible(call, boxes), wanted)
    ]
    start, size = _start(query), _size(query)
    shown = pages[start : start + size]
    _tell(call, type_, wanted, pages, shown)
    return answer(200, _bundle(call, type_, query, pages, shown, start, size), {})


def read(type_: str, id_: str) -> Response:
    """GET [base]/<type>/<id>."""
    call = _admitted()
    carrier = directory.one_of(directory.carriers(call), type_, id_)
    return answer(200, directory.shown(call, carrier, directory.mailboxes(call, carrier)), {})


def change(type_: str, id_: str = "") -> Response:
    """PATCH [base]/<type>/<id>, or conditional."""
    call = _admitted()
    mode = str(call.setting("ecriture_annuaire"))
    if mode == "fermee":
        raise FhirError(501, "La modification de l'annuaire n'est pas encore ouverte.")
    check_content_type(call, request.headers.get("Content-Type", ""))
    body = read_resource(call.body)
    call.session.begin()
    carriers = directory.carriers(call)
    carrier = directory.one_of(carriers, type_, id_) if id_ else _only(call, carriers, type_, strict=mode == "strict")
    boxes = tuple(directory.mailboxes(call, carrier))
    patch = Patch(
        carrier,
        mode == "strict",
        tuple(call.setting("domaines")),
        lambda address: _listed_elsewhere(call, address),
        call.note,
    )
    call.context["directory"] = {"type": type_, "id": carrier.id, "mode": mode}
    done, told = patch.apply(body, boxes)
    call.context["directory"]["operations"] = told
    _save(call, boxes, done)
    return answer(200, directory.shown(call, carrier, directory.mailboxes(call, carrier)), {})


def not_routed(_rest: str = "") -> Response:
    """[base] itself: `_type` and batch, which the guide shows and the gateway does not route (06/2026)."""
    _admitted()
    raise FhirError(404, "La passerelle ne route pas cette adresse : une recherche par type de ressource.")


def refusal(error: FhirError) -> Response:
    """The answer to a refusal; the journal says why."""
    call = current_call()
    call.session.rollback()
    call.context["refusal"] = error.issues[0].code
    return refused(error)


def _admitted() -> Call:
    call = current_call()
    given = request.headers.get("ESANTE-API-KEY", "")
    call.context["api_key"] = "absente" if not given else "autre"
    if not hmac.compare_digest(given.encode(), str(call.setting("cle_api")).encode()):
        raise FhirError(401, "L'en-tête ESANTE-API-KEY manque, ou n'est pas la clé attendue.", code="security")
    call.context["api_key"] = "valide"
    check_accept(call)
    return call


def _wanted(call: Call, query: Query) -> tuple[str, str] | None:
    """(modifier, value) of the search on mailboxes, None without. Raises FhirError 400 for another parameter."""
    found = None
    for name, value in query:
        base, _, modifier = name.partition(":")
        if base == _MAILBOX and modifier in MODIFIERS and found is None:
            found = modifier, value
        elif name not in _CONTROL:
            text = f"Le paramètre « {name[:60]} » n'est pas connu."
            raise FhirError(400, text, code="structure", details=directory.outcome("MSG_PARAM_UNKNOWN"))
    return found


def _matches(boxes: list[Mailbox], wanted: tuple[str, str] | None) -> bool:
    return wanted is None or any(MODIFIERS[wanted[0]](one.address, wanted[1]) for one in boxes)


def _asked(carrier: Carrier, query: Query) -> bool:
    return all(directory.found_by(carrier, value) for name, value in query if name == "identifier")


def _size(query: Query) -> int:
    text = dict(query).get("_count", str(PAGE))
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) <= MOST:
        raise FhirError(400, f"« _count » va de 1 à {MOST}.", code="structure")
    return int(text)


def _start(query: Query) -> int:
    token = dict(query).get("_page_token")
    if token is None:
        return 0
    try:
        start = orjson.loads(base64.urlsafe_b64decode(token.encode()))["rang"]
        return int(start)
    except (ValueError, KeyError, TypeError):
        raise FhirError(400, "« _page_token » ne vient pas d'un lien « next ».", code="structure") from None


def _bundle(
    call: Call, type_: str, query: Query, pages: list[Any], shown: list[Any], start: int, size: int
) -> Mapping[str, Any]:
    base = f"{call.base_url}{ROOT}"
    elements = [name for name in dict(query).get("_elements", "").split(",") if name]
    links = [{"relation": "self", "url": f"{base}/{type_}?{urlencode(query)}"}]
    if start + size < len(pages):
        token = base64.urlsafe_b64encode(orjson.dumps({"rang": start + size})).decode()
        following = [(name, value) for name, value in query if name != "_page_token"]
        url = f"{base}/{type_}?{urlencode([*following, ('_page_token', token)])}"
        links.append({"relation": "next", "url": _looped(call, links[0]["url"], url)})
    resources = [directory.shown(call, carrier, boxes) for carrier, boxes in shown]
    if elements:
        resources = [directory.subset(one, elements) for one in resources]
    entries = [
        {"fullUrl": f"{base}/{type_}/{one['id']}", "resource": one, "search": {"mode": "match"}} for one in resources
    ]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(pages), "link": links, "entry": entries}


def _looped(call: Call, here: str, following: str) -> str:
    """The address of the next page, or of this one again where the bench was asked for that fault."""
    return following if call.play(("lien_boucle",)) is None else here


def _tell(call: Call, type_: str, wanted: tuple[str, str] | None, pages: list[Any], shown: list[Any]) -> None:
    boxes = [one for _, held in shown for one in directory.visible(call, held)]
    call.context["directory"] = {
        "type": type_,
        "modifier": None if wanted is None else wanted[0],
        "value": None if wanted is None else wanted[1],
        "total": len(pages),
        "shown": [one.address for one in boxes],
        "red": [one.address for one in boxes if one.red_list],
    }


def _only(call: Call, carriers: list[Carrier], type_: str, *, strict: bool) -> Carrier:
    """The resource of a conditional change. Raises FhirError 400, 404, 412."""
    query = query_of(call, request.query_string.decode("latin-1"))
    named = [(name, value) for name, value in query if name == "identifier" or (name in _VARIANTS and not strict)]
    if not named or len(named) != len(query):
        raise FhirError(400, "Sans id, la ressource se désigne par « identifier ».", code="structure")
    if any(name in _VARIANTS for name, _ in named):
        call.note("variante-identifiant", "identifiant chaîné, vu par endroits dans le guide ; ailleurs « identifier »")
    found = [one for one in carriers if one.type == type_ and all(_named(carriers, one, *pair) for pair in named)]
    if len(found) > 1:
        details = directory.outcome("SEARCH_MULTIPLE")
        raise FhirError(412, "Plusieurs ressources ont cet identifiant.", code="conflict", details=details)
    if not found:
        raise FhirError(404, "Aucune ressource n'a cet identifiant.", details=directory.outcome("MSG_NO_EXIST"))
    return found[0]


def _named(carriers: list[Carrier], one: Carrier, name: str, token: str) -> bool:
    """Whether an identifier names a resource, or what it refers to where the parameter is chained."""
    if name in ("identifier", "practitionerRole.identifier"):
        return directory.found_by(one, token)
    reference = one.body.get(name.partition(".")[0], {}).get("reference", "")
    return any(directory.found_by(other, token) for other in carriers if f"{other.type}/{other.id}" == reference)


def _listed_elsewhere(call: Call, address: str) -> bool:
    known = model_mailboxes.find(call.session, call.tenant.name, address)
    return known is not None and known.listed


def _save(call: Call, before: tuple[Mailbox, ...], done: Change) -> None:
    """Write what has changed; a mailbox new to the sandbox opens, one that leaves the directory stays open."""
    session, tenant = call.session, call.tenant.name
    for address in done.removed:
        model_mailboxes.change(session, tenant, address, {"listed": False})
    for one in done.boxes:
        if one.address in done.added and model_mailboxes.find(session, tenant, one.address) is None:
            model_mailboxes.add(session, tenant, one)
        elif one not in before:
            fields = ("listed", "red_list", "rank", "description", "service", "responsible")
            model_mailboxes.change(session, tenant, one.address, {name: getattr(one, name) for name in fields})
