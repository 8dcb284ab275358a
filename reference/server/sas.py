"""What the SAS platform may ask of the product: free slots (INT_R01, INT_R04), those of fixed sites (SOS)."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from flask import Response, request

from reference import clock
from reference.config import SAS_PATH
from reference.sas import numbers
from reference.sas.records import Place, Practitioner, Slot
from reference.server import sas_resources as resources
from reference.server.fhir import FhirError, answer, fhir_api
from reference.server.sas_capability import statement
from reference.server.sas_query import SITES, SLOTS, Asked, Names, read
from reference.server.sas_resources import Resource
from reference.web.session import product

routes = fhir_api("sas", SAS_PATH)


@routes.before_request
def platform_only() -> None:
    """Where there is TLS, the SAS platform and nobody else: CN and OU of its certificate (SAS 1.2.0, sécurité)."""
    settings = product().settings.sas
    if settings is None:
        raise FhirError(404, "not-found", "Le produit n'est pas raccordé au SAS.")
    if settings.serveur is None:
        return
    shown = {part: str(request.environ.get(f"SSL_CLIENT_S_DN_{part.upper()}", "")) for part in ("cn", "ou")}
    wrong = [p for p, seen in shown.items() if not hmac.compare_digest(seen.encode(), settings.serveur[p].encode())]
    if wrong and not _overlooked(wrong, nobody=not shown["cn"]):
        raise FhirError(403, "forbidden", "Seule la plateforme du SAS est reçue ici.")


@routes.get("/metadata")
def metadata() -> Response:
    settings = product().settings.sas
    return answer(statement(() if settings is None else settings.variantes))


@routes.get("/Slot")
def slots() -> Response:
    """Free slots of practitioners; those of communities too when their references are asked for."""
    asked = _read(SLOTS)
    variant = "cpts" if "Slot:service-type-reference" in asked.includes else "ps"
    found = Found(variant)
    for one in _practitioners(asked):
        for place in product().practice.places_of(one.id):
            _slots_of(found, asked, place, one)
    return found.answer()


@routes.get("/Schedule")
def schedules() -> Response:
    """Agendas of the fixed sites of associations, with their free slots only."""
    asked = _read(SITES)
    found = Found("sos")
    for number in dict.fromkeys(numbers.structure("siret", number) for number in asked.numbers):
        for place in product().practice.places_of(number):
            shown = list(_shown(asked, place, "sos"))
            if shown:
                found.add(resources.schedule(place), match=True)
                found.add(resources.site(place))
                found.add(resources.association(place))
            for slot in shown:
                found.count += 1
                found.add(resources.slot(slot, "sos", _page(slot)))
    return found.answer()


class Found:
    """The bundle that is being made: each resource once. count: matches that it announces."""

    def __init__(self, variant: str) -> None:
        self.variant, self.count = variant, 0
        self._entries: dict[str, Resource] = {}

    def add(self, resource: Resource, *, match: bool = False) -> None:
        """Put a resource in, unless it is there."""
        url = f"{request.base_url.rpartition('/')[0]}/{resource['resourceType']}/{resource['id']}"
        mode = {"mode": "match" if match else "include"}
        self._entries.setdefault(url, {"fullUrl": url, "resource": resource, "search": mode})

    def answer(self) -> Response:
        """All on one page: CPTS and SOS bundles have one link only."""
        entries = list(self._entries.values())
        return answer(
            {
                "resourceType": "Bundle",
                "meta": {"profile": [resources.BUNDLES[self.variant]]},
                "type": "searchset",
                "total": self.count,
                "link": [{"relation": "self", "url": f"{request.base_url}?{_raw()}"}],
                **({"entry": entries} if entries else {}),
            }
        )


def _slots_of(found: Found, asked: Asked, place: Place, owner: Practitioner) -> None:
    shown = list(_shown(asked, place, found.variant))
    for slot in shown:
        found.count += 1
        found.add(resources.slot(slot, found.variant, _page(slot), owner.specialites), match=True)
    if shown and "Slot:schedule" in asked.includes:
        found.add(resources.schedule(place))
    if shown and "Schedule:actor" in asked.includes:
        found.add(resources.practitioner(owner))
        found.add(resources.role(place, owner))
    if found.variant == "cpts":
        _communities(found, asked, shown)


def _communities(found: Found, asked: Asked, shown: Iterable[Slot]) -> None:
    for finess, name in {pair for slot in shown for pair in slot.cpts.items()}:
        found.add(resources.service(finess))
        if "HealthcareService:organization" in asked.includes:
            found.add(resources.community(finess, name))


def _practitioners(asked: Asked) -> Iterator[Practitioner]:
    as_kept = product().defects.has("sas_numero_tel_quel")
    for one in product().practice.practitioners(asked.numbers):
        if not as_kept or one.identifiant in asked.numbers:
            yield one


def _shown(asked: Asked, place: Place, variant: str) -> Iterator[Slot]:
    """Free slots that the platform may see: never those of the past, nor those of the practitioner's own patients."""
    defects, (start, end) = product().defects, _window(asked)
    taken, private = defects.has("sas_pris_montres"), defects.has("sas_patientele_montree")
    everywhere = defects.has("sas_cpts_partout")
    for slot in product().practice.slots_at(place, start, end):
        open_to_us = variant == "cpts" or everywhere or set(slot.publics) != {"CPTS"}
        if open_to_us and (slot.libre or taken) and (not slot.patientele or private):
            yield slot


def _window(asked: Asked) -> tuple[datetime, datetime]:
    """What was asked for, from now on."""
    defects, now = product().defects, product().now()
    start, end = max(asked.start, now), asked.end
    if defects.has("sas_commences_montres"):
        start -= timedelta(hours=1)
    if defects.has("sas_fenetre_ignoree"):
        start, end = now, now + timedelta(days=366)
    return start, end


def _overlooked(wrong: Iterable[str], *, nobody: bool) -> bool:
    """Whether a defective product does not see what is wrong with the caller. nobody: no certificate at all."""
    defects = product().defects
    if nobody:
        return defects.has("sas_client_non_verifie") or defects.has("sas_certificat_non_exige")
    faults = {"cn": defects.has("sas_cn_non_verifie"), "ou": defects.has("sas_ou_non_verifie")}
    return all(faults[part] for part in wrong)


def _read(names: Names) -> Asked:
    if product().defects.has("sas_ancien_type_refuse") and "json+fhir" in request.headers.get("Accept", ""):
        raise FhirError(406, "not-supported", "Le type de média demandé n'est pas servi.")
    return read(_raw(), names, clock.zone(product().settings.fuseau))


def _page(slot: Slot) -> str:
    return f"{product().url}/rendez-vous/{slot.lieu}"


def _raw() -> str:
    return request.query_string.decode("latin-1")
