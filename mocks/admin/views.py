"""What each operation of the admin API does."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Any

from flask import g, request

from mocks import clock, faults, journal, tenants, world
from mocks.admin.errors import AdminError
from mocks.listeners import USUAL, Listeners
from mocks.pki import UnknownCertificateError
from mocks.sandbox import Sandbox
from mocks.tenants import Tenant

Body = Mapping[str, Any]
Query = Mapping[str, Any]
View = Callable[..., Any]
POLL_S = 0.05  # other processes of the same sandbox do not wake us


def etat(_body: Body, _query: Query) -> Any:
    return {"pret": True, "version": version("banc"), "services": [service.name for service in g.sandbox.services]}


def services(_body: Body, _query: Query) -> Any:
    return {
        "services": [
            {
                "nom": service.name,
                "titre": service.title,
                "specification": service.specification,
                "version": service.version,
                "base": f"{_root()}/{service.name}",
                "base_nationale": service.national_urls[0],
            }
            for service in g.sandbox.services
        ]
    }


def locataires(_body: Body, _query: Query) -> Any:
    return {"locataires": tenants.names(g.session)}


def ouvrir(body: Body, _query: Query) -> Any:
    name = body.get("nom") or f"l-{secrets.token_hex(6)}"
    sandbox: Sandbox = g.sandbox
    tenants.create(g.session, name)
    for service in sandbox.services:
        service.open_tenant(g.session, name)
    return _described(name)


def locataire(_body: Body, _query: Query) -> Any:
    return _described(g.tenant.name)


def fermer(_body: Body, _query: Query) -> Any:
    if g.tenant.name == tenants.DEFAULT:
        raise AdminError(409, "locataire-permanent", "Le locataire « defaut » ne peut pas être fermé.")
    for service in g.sandbox.services:
        service.forget_tenant(g.session, g.tenant.name)
    world.forget(g.session, g.tenant.name)
    if g.sandbox.listeners is not None:
        g.sandbox.listeners.close(g.tenant.name)
    tenants.remove(g.session, g.tenant.name)


def remettre(_body: Body, _query: Query) -> Any:
    tenants.save(g.session, tenants.restored(_locked()))
    for service in g.sandbox.services:
        service.restore_tenant(g.session, g.tenant.name)
    return {}


def reglages(_body: Body, _query: Query) -> Any:
    return _settings(g.tenant)


def regler(body: Body, _query: Query) -> Any:
    known, choices = _defaults(), _choices()
    for key, value in body.items():
        if key not in known:
            raise AdminError(400, "reglage-inconnu", f"Le réglage « {key} » n'existe pas ; voir GET reglages.")
        if type(value) is not type(known[key]) and not (isinstance(value, int) and isinstance(known[key], float)):
            raise AdminError(
                400, "reglage-invalide", f"« {key} » attend une valeur comme {known[key]!r} ; reçu : {value!r}."
            )
        if value not in choices.get(key, (value,)):
            admitted = ", ".join(map(str, choices[key]))
            raise AdminError(400, "reglage-invalide", f"« {key} » attend l'une de : {admitted} ; reçu : {value}.")
    current = _locked()
    changed = replace(current, settings={**current.settings, **body})
    tenants.save(g.session, changed)
    return _settings(changed)


def personnes(_body: Body, _query: Query) -> Any:
    return {"personnes": [person.as_json() for person in world.persons(g.session, g.tenant.name)]}


def naitre(body: Body, _query: Query) -> Any:
    born = body.get("date_naissance")
    birth = world.Birth(
        abroad=body.get("ne_a_l_etranger", False),
        corsica=body.get("corse"),
        day_unknown=body.get("jour_inconnu", False),
        composed=body.get("prenoms_composes", False),
    )
    if birth.abroad and birth.corsica:
        raise AdminError(400, "naissance-impossible", "Personne ne naît à la fois à l'étranger et en Corse.")
    try:
        return world.create(
            g.session,
            g.tenant.name,
            today=g.tenant.now().date(),
            age=body.get("age"),
            birth_date=None if born is None else date.fromisoformat(born),
            child_of=body.get("enfant_de"),
            birth=birth,
        ).as_json()
    except world.UnknownPersonError as error:
        raise AdminError(
            404, "personne-inconnue", f"Aucune personne « {error} » pour représenter cet enfant."
        ) from error


def personne(_body: Body, _query: Query, personne: str) -> Any:
    try:
        return world.person(g.session, g.tenant.name, personne).as_json()
    except world.UnknownPersonError:
        raise AdminError(404, "personne-inconnue", f"Aucune personne « {personne} » chez ce locataire.") from None


def professionnels(_body: Body, _query: Query) -> Any:
    found = world.professionals.of_tenant(g.session, g.tenant.name)
    return {"professionnels": [one.as_json() for one in found]}


def recruter(body: Body, _query: Query) -> Any:
    return world.professionals.create(g.session, g.tenant.name, body).as_json()


def professionnel_cree(_body: Body, _query: Query, professionnel: str) -> Any:
    try:
        return world.professionals.by_id(g.session, g.tenant.name, professionnel).as_json()
    except world.professionals.UnknownProfessionalError:
        text = f"Aucun professionnel « {professionnel} » chez ce locataire."
        raise AdminError(404, "professionnel-inconnu", text) from None


def echanges(_body: Body, query: Query) -> Any:
    deadline = time.monotonic() + query.get("attendre", 0)
    while True:
        found = journal.read(
            g.session,
            g.tenant.name,
            after=query.get("apres", 0),
            service=query.get("service", ""),
            operation=query.get("operation", ""),
            person=query.get("personne", ""),
            limit=query.get("limite", 1000),
        )
        left = deadline - time.monotonic()
        if found or left <= 0:
            return {"echanges": found, "dernier": journal.last_id(g.session, g.tenant.name)}
        with g.sandbox.store.changed:
            g.sandbox.store.changed.wait(min(left, POLL_S))


def ajouter(body: Body, _query: Query) -> Any:
    entry = {
        "answer": None,
        "person": None,
        "context": {},
        "notes": [],
        "duration_ms": 0,
        **body,
        "tenant": g.tenant.name,
        "instant": clock.rfc3339(g.tenant.now()),
        "client": {"client_id": None, "certificate": None, "address": request.remote_addr},
        "fault": None,
    }
    return {"id": journal.write(g.session, journal.masked(entry))}


def constats(_body: Body, query: Query) -> Any:
    if g.sandbox.judge is None:
        raise AdminError(501, "sans-juge", "Ce bac à sable a été lancé sans les règles ; voir « banc serve ».")
    found = journal.read(
        g.session, g.tenant.name, after=query.get("apres", 0), person=query.get("personne", ""), limit=100_000
    )
    return {"constats": list(g.sandbox.judge(found))}


def ecouter(body: Body, _query: Query) -> Any:
    try:
        opened = _listeners("il n'ouvre pas d'écoute TLS").open(
            g.tenant.name,
            server=body.get("serveur", "serveur"),
            client=body.get("client", "exige"),
            written=[*USUAL, *body.get("certificats", [])],
        )
    except UnknownCertificateError as error:
        raise _unknown_certificate(error) from None
    return {"url": opened.url, "dossier": opened.certificates}


def certifier(body: Body, _query: Query) -> Any:
    try:
        return {"dossier": _listeners("il n'écrit pas de certificats").certificates(body.get("certificats", ()))}
    except UnknownCertificateError as error:
        raise _unknown_certificate(error) from None


def _listeners(why: str) -> Listeners:
    if g.sandbox.listeners is None:
        raise AdminError(501, "sans-ecoute", f"Ce bac à sable a plusieurs processus : {why}.")
    listeners: Listeners = g.sandbox.listeners
    return listeners


def _unknown_certificate(error: UnknownCertificateError) -> AdminError:
    return AdminError(400, "certificat-inconnu", f"Aucun certificat d'essai « {error} » ; voir « banc pki ».")


def horloge(_body: Body, _query: Query) -> Any:
    return {**g.tenant.clock, "maintenant": clock.rfc3339(g.tenant.now())}


def regler_horloge(body: Body, _query: Query) -> Any:
    try:
        setting = clock.checked(body)
        shown = clock.rfc3339(clock.read(setting, datetime.now(UTC)))
    except (clock.ClockError, OverflowError) as error:
        raise AdminError(400, "horloge-invalide", str(error)) from error
    tenants.save(g.session, replace(_locked(), clock=setting))
    return {**setting, "maintenant": shown}


def pannes(_body: Body, _query: Query) -> Any:
    return {"pannes": list(g.tenant.faults)}


def poser_panne(body: Body, _query: Query) -> Any:
    try:
        fault = faults.checked(body)
    except faults.FaultError as error:
        raise AdminError(400, "panne-invalide", f"{error}.") from error
    current = _locked()
    tenants.save(g.session, replace(current, faults=[*current.faults, fault]))
    return fault


def lever_pannes(_body: Body, _query: Query) -> None:
    tenants.save(g.session, replace(_locked(), faults=()))


def professionnel(_body: Body, _query: Query, numero: str) -> Any:
    return world.professional(_number(numero))


def structure(_body: Body, _query: Query, numero: str) -> Any:
    return world.structure(_number(numero))


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 5:
        raise AdminError(404, "numero-inconnu", "Le numéro va de 0 à 99999.")
    return int(text)


def _locked() -> Tenant:
    """The tenant as it is now, in a transaction: what is saved next undoes nobody's change."""
    g.session.begin()
    return tenants.load(g.session, g.tenant.name)


def _described(name: str) -> dict[str, Any]:
    return {
        "nom": name,
        "bases": {service.name: f"{_root()}/t/{name}/{service.name}" for service in g.sandbox.services},
    }


def _settings(tenant: Tenant) -> dict[str, Any]:
    return {**_defaults(), **tenant.settings}


def _defaults() -> dict[str, Any]:
    return {f"{service.name}.{key}": value for service in g.sandbox.services for key, value in service.settings.items()}


def _choices() -> dict[str, Sequence[Any]]:
    return {
        f"{service.name}.{key}": values for service in g.sandbox.services for key, values in service.choices.items()
    }


def _root() -> str:
    return request.host_url.rstrip("/")
