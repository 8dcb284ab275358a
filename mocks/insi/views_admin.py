"""What each operation of the service's admin API does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g

from mocks.admin.errors import AdminError
from mocks.insi import model_register
from mocks.insi.model_register import Identity, MatriculeError
from mocks.insi.settings import DEFAULTS
from mocks.journal import events
from mocks.world import UnknownPersonError

Body = Mapping[str, Any]
Query = Mapping[str, Any]


def identites(_body: Body, _query: Query) -> Any:
    return {"identites": [_shown(one) for one in model_register.identities(g.session, g.tenant.name)]}


def identite(_body: Body, _query: Query, personne: str) -> Any:
    try:
        return _shown(model_register.identity(g.session, g.tenant.name, personne))
    except UnknownPersonError as error:
        raise _unknown(error) from None


def modifier(body: Body, _query: Query, personne: str) -> Any:
    try:
        changed = _shown(model_register.change(g.session, g.tenant.name, personne, body))
    except UnknownPersonError as error:
        raise _unknown(error) from None
    except MatriculeError as error:
        raise AdminError(400, "matricule-refuse", str(error)) from None
    events.act(g.session, g.tenant, "insi.identite.modifiee", personne, {"change": sorted(body), "identite": changed})
    return changed


def _shown(one: Identity) -> dict[str, Any]:
    return one.as_json(g.tenant.settings.get("insi.oid_nir", DEFAULTS["oid_nir"]))


def _unknown(error: UnknownPersonError) -> AdminError:
    return AdminError(404, "personne-inconnue", f"Aucune personne « {error} » chez ce locataire.")
