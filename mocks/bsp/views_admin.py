"""What each operation of the service's admin API does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import g

from mocks import world
from mocks.admin.errors import AdminError
from mocks.bsp import model_consent, model_structures
from mocks.journal import events
from mocks.world import UnknownPersonError

Body = Mapping[str, Any]
Query = Mapping[str, Any]
DECISIONS: Mapping[str, Mapping[str, bool]] = {
    "opposition": {"opposed": True},
    "opposition_levee": {"opposed": False},
    "profil_clos": {"closed": True},
    "profil_ouvert": {"closed": False},
}
CONSENTS = ("consentement_donne", "consentement_retire")


def structures(_body: Body, _query: Query) -> Any:
    return {"structures": [one.as_json() for one in model_structures.of_tenant(g.session, g.tenant.name)]}


def enroler(body: Body, _query: Query) -> Any:
    return model_structures.register(g.session, g.tenant.name, dict(body)).as_json()


def consentements(_body: Body, _query: Query, personne: str) -> Any:
    stands = model_consent.profile(g.session, g.tenant.name, _person(personne))
    given = model_consent.history(g.session, g.tenant.name, personne)
    return {"consentements": given, "clos": stands.closed, "oppose": stands.opposed}


def agir(body: Body, query: Query, personne: str) -> Any:
    act, person = body["acte"], _person(personne)
    g.session.begin()
    if act in DECISIONS:
        model_consent.decide(g.session, g.tenant.name, person, DECISIONS[act])
        details: dict[str, Any] = {}
    elif act in CONSENTS:
        details = _consent(act, body, person)
    else:
        known = ", ".join((*CONSENTS, *DECISIONS))
        raise AdminError(400, "acte-inconnu", f"L'acte « {act} » n'existe pas ; possibles : {known}.")
    events.act(g.session, g.tenant, f"bsp.usager.{act}", person, details)
    return consentements({}, query, person)


def _consent(act: str, body: Body, person: str) -> dict[str, Any]:
    """Give or withdraw a consent to the reading; what the journal tells of it (finality as in pairing)."""
    whom = {"structure": body.get("structure", ""), "professional": body.get("professionnel", "")}
    if not any(whom.values()):
        whom["structure"] = _only_structure()
    if act == "consentement_donne":
        until = datetime.fromisoformat(body["jusqu_au"]) if "jusqu_au" in body else None
        model_consent.give(g.session, g.tenant.name, person, now=g.tenant.now(), until=until, **whom)
    else:
        model_consent.withdraw(g.session, g.tenant.name, person, now=g.tenant.now(), **whom)
    told = {"structure": whom["structure"] or None, "professionnel": whom["professional"] or None}
    return {"finalite": "AGENDA_LECTURE", **told}


def _only_structure() -> str:
    known = model_structures.of_tenant(g.session, g.tenant.name)
    if len(known) != 1:
        text = "« structure » ou « professionnel » est nécessaire : le locataire n'a pas une seule structure."
        raise AdminError(400, "structure-manquante", text)
    return known[0].finess


def _person(person_id: str) -> str:
    try:
        return world.person(g.session, g.tenant.name, person_id).id
    except UnknownPersonError:
        raise AdminError(404, "personne-inconnue", f"Aucune personne « {person_id} » chez ce locataire.") from None
