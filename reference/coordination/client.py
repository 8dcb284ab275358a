"""Calls to the booking block. What it refuses is told to the professional in its own words."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx

from reference.config import RdvSettings, Settings
from reference.coordination.resources import Json, Period
from reference.defects import Defects
from reference.gateway import fhir_request
from reference.mapping import IDNPS
from reference.refusal import Refusal
from reference.wire import Wire, query_of

MOST_PAGES = 20
ATTEMPTS = 2
"""A request whose answer was lost is sent again: its identifier keeps it from being made twice."""


class BlockClient:
    """The product in front of the block."""

    def __init__(self, wire: Wire, settings: Callable[[], Settings], defects: Defects) -> None:
        self._wire, self._settings, self._defects = wire, settings, defects

    def store(self, resource: Json, id_: str = "") -> Json:
        """Create a resource, or replace the one of that id."""
        method, path = (
            ("PUT", f"/{resource['resourceType']}/{id_}") if id_ else ("POST", f"/{resource['resourceType']}")
        )
        body = {**resource, "id": id_} if id_ else resource
        return self._sent(method, path, resource=body)[0]

    def ask(self, resource: Json) -> Json:
        """Send a request; again, under the same identifier, when no answer comes."""
        identifier = resource["identifier"][0]
        for _ in range(ATTEMPTS):
            condition = query_of(("identifier", f"{identifier['system']}|{identifier['value']}"))
            try:
                return self._sent("POST", "/Appointment", resource=resource, headers={"If-None-Exist": condition})[0]
            except httpx.TransportError:
                if self._defects.has("rdv_nouvelle_demande_au_second_essai"):
                    identifier["value"] = secrets.token_hex(12)
        raise Refusal("bloc_injoignable", "Le bloc de prise de rendez-vous ne répond pas : réessayez plus tard.")

    def answer(self, resource: Json, version: str) -> Json | None:
        """Send an answer, on that version; None when it has changed meanwhile."""
        identifier = resource["identifier"][0]
        query = query_of(("identifier", f"{identifier['system']}|{identifier['value']}"))
        headers = {"If-Match": version} if version else {}
        try:
            body, response = self._sent("PUT", "/Appointment", query, resource, headers, also=(412,))
        except httpx.TransportError as error:
            raise _unreachable() from error
        return None if response.status_code == 412 else body

    def read(self, system: str, value: str) -> tuple[Json, str]:
        """A request as it now is, and its version. Refusal when the block does not know it."""
        found = list(self._found("/Appointment", query_of(("identifier", f"{system}|{value}"))))
        if len(found) != 1:
            raise Refusal("demande_inconnue", "Le bloc de prise de rendez-vous ne connaît pas cette demande.")
        return found[0], f'W/"{found[0].get("meta", {}).get("versionId", "")}"'

    def of_professional(self, number: str) -> list[Json]:
        """Requests in which a professional takes part."""
        return list(self._found("/Appointment", query_of(("practitioner.identifier", f"{IDNPS}|{number}"))))

    def free_slots(self, number: str, period: Period) -> list[Period]:
        """Free slots of a professional, of whatever structure."""
        asked = [("schedule.actor:Practitioner.identifier", f"{IDNPS}|{number}")]
        if self._defects.has("rdv_sans_filtre_du_professionnel"):
            asked = []
        asked += [("status", "free"), ("start", f"ge{_said(period[0])}"), ("start", f"lt{_said(period[1])}")]
        slots = self._found("/Slot", query_of(*asked))
        return sorted((_instant(slot["start"]), _instant(slot["end"])) for slot in slots)

    def common(
        self, numbers: Sequence[str], period: Period, minutes: int, ins: Mapping[str, str] | None
    ) -> tuple[Period, list[str]] | None:
        """The first time at which all are free (with her INS, the usager too), and its slots; None without one."""
        asked = [("professionnel", f"{IDNPS}|{number}") for number in numbers]
        asked += [] if ins is None else [("usager", f"urn:oid:{ins['oid']}|{ins['matricule']}")]
        asked += [("debut", _said(period[0])), ("fin", _said(period[1])), ("duree", str(minutes)), ("maximum", "1")]
        try:
            body, _ = self._sent("GET", "/$creneaux-communs", query_of(*asked))
        except httpx.TransportError as error:
            raise _unreachable() from error
        for time in body.get("parameter") or []:
            parts = time.get("part") or []
            instants = {part["name"]: part["valueInstant"] for part in parts if "valueInstant" in part}
            slots = [part["valueReference"]["reference"] for part in parts if part["name"] == "creneau"]
            return (_instant(instants["debut"]), _instant(instants["fin"])), slots
        return None

    def _found(self, path: str, query: str) -> Iterator[Json]:
        """Matches of a search, on all its pages."""
        base, url = self._block.base_url, ""
        for _ in range(MOST_PAGES):
            try:
                body, _ = self._sent("GET", path, query) if not url else self._at(url)
            except httpx.TransportError as error:
                raise _unreachable() from error
            for entry in body.get("entry") or []:
                if (entry.get("search") or {}).get("mode", "match") == "match":
                    yield entry["resource"]
            following = [link["url"] for link in body.get("link") or [] if link.get("relation") == "next"]
            if not following or not following[0].startswith(base) or following[0] == url:
                return
            url = following[0]

    def _at(self, url: str) -> tuple[Json, httpx.Response]:
        return self._answered(self._request("GET", url, "", None, {}))

    def _sent(
        self,
        method: str,
        path: str,
        query: str = "",
        resource: Json | None = None,
        headers: Mapping[str, str] | None = None,
        also: tuple[int, ...] = (),
    ) -> tuple[Json, httpx.Response]:
        request = self._request(method, self._block.base_url + path, query, resource, headers or {})
        return self._answered(request, also)

    def _request(self, method: str, url: str, query: str, resource: Json | None, headers: Mapping[str, str]) -> Any:
        request = fhir_request(method, url, query, resource)
        request.headers |= {
            "Authorization": f"Bearer {self._block.jeton}",
            "Accept": "application/fhir+json",
            **headers,
        }
        return request

    def _answered(self, request: Any, also: tuple[int, ...] = ()) -> tuple[Json, httpx.Response]:
        response = self._wire.send(request)
        try:
            body = response.json()
        except ValueError:
            body = {}
        if not response.is_success and response.status_code not in also:
            says, code = _refusal(body, response.status_code)
            raise Refusal(f"bloc_{code}", says)
        return body if isinstance(body, dict) else {}, response

    @property
    def _block(self) -> RdvSettings:
        settings = self._settings().rdv
        if settings is None:
            raise Refusal("bloc_absent", "Le produit n'est pas raccordé au bloc de prise de rendez-vous.")
        return settings


def _refusal(body: Json, status: int) -> tuple[str, str]:
    """What the block says of its refusal, and its code."""
    issues: list[Json] = body.get("issue") or [{}]
    codings: list[Json] = (issues[0].get("details") or {}).get("coding") or [{}]
    usual = f"Refus du bloc de prise de rendez-vous ({status})."
    return str(issues[0].get("diagnostics") or usual), str(codings[0].get("code") or status)


def _unreachable() -> Refusal:
    return Refusal("bloc_injoignable", "Le bloc de prise de rendez-vous ne répond pas : réessayez plus tard.")


def _said(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
