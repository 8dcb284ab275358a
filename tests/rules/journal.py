"""Journal entries in one line, for tests of rules. `journal(...)` numbers them 1, 2, 3… one second apart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from rules import Exchange

Entry = dict[str, Any]
START = datetime(2024, 10, 20, 8, 0, tzinfo=UTC)

OID = "1.2.250.1.999.10.1"
ASSIGN = "urn:oid:1.2.250.1.999.77"
KEY = {"system": "urn:oid:1.2.250.1.999.10.1.5", "value": "rdv-1"}
KEY_QUERY = "identifier=urn:oid:1.2.250.1.999.10.1.5%7Crdv-1"
INS = "279035121518989"
AGENDA_WRITE = {"perimeter": "agenda", "access": "ecriture"}
AGENDA_READ = {"perimeter": "agenda", "access": "lecture"}
BEARER = (("Authorization", "Bearer ‹at:aaaa000001›"), ("ID_TOKEN", "‹jwt:bbbb000001›"))


def journal(*entries: Entry) -> list[Exchange]:
    """The exchanges of these entries, in order."""
    made = []
    for place, entry in enumerate(entries, start=1):
        after = timedelta(seconds=entry.get("_after", place))
        instant = (START + after).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        kept = {name: value for name, value in entry.items() if not name.startswith("_")}
        made.append(Exchange({"id": place, "tenant": "defaut", "instant": instant, **kept}))
    return made


def http(
    operation: str,
    method: str = "GET",
    target: str = "/",
    body: Any = None,
    status: int | None = 200,
    *,
    answer: Any = None,
    headers: Sequence[tuple[str, str]] = (),
    answer_headers: Sequence[tuple[str, str]] = (),
    person: str | None = "p1",
    fault: str | None = None,
    after: float | None = None,
    **context: Any,
) -> Entry:
    """An HTTP exchange; status None means that the connection was cut; after: seconds since the start."""
    path, _, query = target.partition("?")
    request = {
        "method": method,
        "target": target,
        "path": path,
        "query": [list(pair) for pair in parse_qsl(query, keep_blank_values=True)],
        "headers": [list(header) for header in headers],
        "body": _text(body),
    }
    replied = {"status": status, "headers": [list(header) for header in answer_headers], "body": _text(answer)}
    entry = {
        "protocol": "http",
        "service": operation.split(".")[0],
        "operation": operation,
        "person": person,
        "request": request,
        "answer": None if status is None else replied,
        "context": {"oid": OID, **context},
        "fault": fault,
    }
    return entry if after is None else {**entry, "_after": after}


def action(name: str, result: Any = None, status: int = 200, person: str | None = "p1", **params: Any) -> Entry:
    """An action asked of the product, with its parameters and result."""
    made = http(f"produit.{name}", "POST", f"/actions/{name}", params, status, answer=result or {}, person=person)
    return {**made, "protocol": "action", "context": {}}


def began(entry: Entry, after: int) -> Entry:
    """The same action, whose journal says after which exchange it began."""
    return {**entry, "context": {"apres": after}}


def act(name: str, person: str | None = "p1", **body: Any) -> Entry:
    """An act on the national side: act("usager.consentement_retire", finalite="AGENDA_LECTURE")."""
    return {**http(f"mes.{name}", body={"person": person, **body}, person=person), "protocol": "acte"}


def pro_act(name: str, **body: Any) -> Entry:
    """What the person decides of professionals: pro_act("consentement_retire")."""
    given = {"finalite": "AGENDA_LECTURE"} if name.startswith("consentement") else {}
    return {**act(f"usager.{name}", **given, **body), "service": "bsp", "operation": f"bsp.usager.{name}"}


def page(target: str = "/portail", answer: str = "<html></html>", **more: Any) -> Entry:
    """A page of the product seen by the browser of the usager."""
    return http("navigateur.page", more.pop("method", "GET"), target, answer=answer, **more)


def appointment(**elements: Any) -> dict[str, Any]:
    """A right Appointment for MES; an element given as None is left out."""
    right = {
        "resourceType": "Appointment",
        "identifier": [KEY],
        "status": "booked",
        "start": "2024-10-28T09:00:00+01:00",
        "end": "2024-10-28T09:30:00+01:00",
        "created": "2024-10-20",
        "description": "Séance de kinésithérapie",
        "participant": [patient(), practitioner()],
    }
    return {name: value for name, value in {**right, **elements}.items() if value is not None}


def patient(system: str = ASSIGN, value: str = "esms-u-00042", **more: Any) -> dict[str, Any]:
    actor = {"type": "Patient", "identifier": {"system": system, "value": value}}
    return {"actor": actor, "status": "accepted", **more}


def practitioner(kind: str = "Practitioner", display: str = "Dr Camille Test", **more: Any) -> dict[str, Any]:
    return {"actor": {"type": kind, "display": display, **more}, "status": "accepted", "required": "required"}


def create(resource: Any = None, status: int | None = 201, service: str = "mes", **more: Any) -> Entry:
    """POST of an Appointment; keyword arguments are those of `http`."""
    more.setdefault("headers", (("Content-Type", "application/fhir+json"), *BEARER))
    body = appointment() if resource is None else resource
    more = {**AGENDA_WRITE, **more}
    return http(f"{service}.fhir.appointment.create", "POST", f"/{service}/fhir/Appointment", body, status, **more)


def update(resource: Any = None, query: str = KEY_QUERY, status: int | None = 200, **more: Any) -> Entry:
    """Conditional PUT of an Appointment."""
    service = more.pop("service", "mes")
    more.setdefault("headers", (("Content-Type", "application/fhir+json"), *BEARER))
    target = more.pop("target", f"/{service}/fhir/Appointment?{query}")
    body = appointment() if resource is None else resource
    return http(f"{service}.fhir.appointment.update", "PUT", target, body, status, **{**AGENDA_WRITE, **more})


def search(query: str = "patient.identifier=urn:oid:1.2.250.1.999.77%7Cesms-u-00042", **more: Any) -> Entry:
    """Search of the agenda."""
    service, more = more.pop("service", "mes"), {"headers": BEARER, **AGENDA_READ, **more}
    return http(f"{service}.fhir.appointment.search", "GET", f"/{service}/fhir/Appointment?{query}", **more)


def measures(query: str, **more: Any) -> Entry:
    """Search of measures."""
    subject = "subject.identifier=urn:oid:1.2.250.1.999.77%7Cesms-u-00042&code=29463-7&"
    target = f"/mes/fhir/Observation?{more.pop('subject', subject)}{query}"
    more = {"headers": BEARER, "perimeter": "mesures", "access": "lecture", **more}
    return http("mes.fhir.observation.search", "GET", target, **more)


def bundle(*resources: Mapping[str, Any], next_page: str = "", mode: str = "match") -> dict[str, Any]:
    """A searchset of these resources."""
    links = [{"relation": "next", "url": next_page}] if next_page else []
    entries = [{"resource": resource, "search": {"mode": mode}} for resource in resources]
    return {"resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries}


def token(grant: str = "authorization_code", status: int | None = 200, **more: Any) -> Entry:
    """A call of the token endpoint; `code`, `refresh`, `reused`, `issued_access`, `issued_refresh` go to the grant."""
    names = ("code", "refresh", "reused", "issued_access", "issued_refresh")
    seen = {name: more.pop(name) for name in names if name in more}
    form = {"grant_type": grant, **more.pop("form", {})}
    if "code" in seen:
        form["code"] = f"‹ac:{seen['code']}›"
    more.setdefault("answer", {"access_token": f"‹at:{seen.get('issued_access', 'aaaa000001')}›"})
    body = urlencode(form, safe="‹›:")
    return http("mes.oauth.token", "POST", "/mes/oauth2/token", body, status, grant={"type": grant, **seen}, **more)


def refresh(status: int | None = 200, **more: Any) -> Entry:
    return token("refresh_token", status, **more)


def pairing_request(status: int | None = 201, **fields: Any) -> Entry:
    """A pushed authorization request, right unless told otherwise; a field given as None is left out."""
    user = {"id": "u-42", "firstName": "Ana", "lastName": "TEST", "email": "ana@exemple.test", "login": "ana"}
    right = {
        "redirect_uri": "https://produit.test/retour",
        "state": "s" * 32,
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
        "external_user": json.dumps({**user, **fields.pop("user", {})}),
    }
    answer = fields.pop("answer", {})
    kept = {name: value for name, value in {**right, **fields}.items() if value is not None}
    return http("mes.oauth.par", "POST", "/mes/oauth2/par", urlencode(kept), status, answer=answer, person=None)


def valid(idpe: str = "esms-u-00042", mark: str = "aaaa000001") -> dict[str, Any]:
    """Context of a call whose tokens are right: `create(**valid())`."""
    return {
        "idpe": idpe,
        "requested_idpe": idpe,
        "token": {"fingerprint": mark, "state": "valid", "idpe": idpe},
        "id_token": {"fingerprint": "bbbb000001", "state": "valid", "idpe": idpe, "oid": OID},
    }


def stored(identity: str, created: bool = True) -> dict[str, Any]:
    """What the service says it stored: `create(stored=stored("1"))`."""
    return {"type": "Appointment", "id": identity, "version": 1, "created": created, "source": OID}


def typed(debut: str = "2024-10-28T09:00", **more: Any) -> Entry:
    """The action that creates rendez-vous r1, answered as sent."""
    result = {"rendez_vous": "r1", "identifiant": KEY, "envoi": {"etat": "envoye"}, **more.pop("result", {})}
    return action("creer_rendez_vous", result, usager="u1", debut=debut, intitule="Séance", **more)


def followed(name: str, etat: str = "envoye", **more: Any) -> Entry:
    """A later action on rendez-vous r1: followed("annuler")."""
    return action(f"{name}_rendez_vous", {"envoi": {"etat": etat}}, rendez_vous="r1", **more)


def pairing_shown(etat: str, **result: Any) -> Entry:
    """What the product shows of the pairing."""
    return action("lire_appariement", {"etat": etat, "message": "Un message.", **result}, usager="u1")


def _text(body: Any) -> str:
    return body if isinstance(body, str) else "" if body is None else json.dumps(body, ensure_ascii=False)
