"""The service's part of the admin API: enrolment of clients at the authorization server."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import g

from mocks.admin.operations import Operation, Schema, thing
from mocks.oidc import model_clients

Body = Mapping[str, Any]
_SCOPE: Schema = {"type": "string", "pattern": "^[!#-\\[\\]-~]{1,100}$"}
_CLIENT = thing(
    {
        "client_id": {"type": "string", "pattern": "^[!-9;-~]{1,200}$"},
        "dn": {"type": "string", "maxLength": 400},
        "scopes": {"type": "array", "items": _SCOPE, "minItems": 1, "maxItems": 50},
    },
    ("scopes",),
)
OPERATIONS = (
    Operation("GET", "/clients", "clients", "Lister les clients du serveur d'autorisation."),
    Operation("POST", "/clients", "enregistrer", "Enrôler un client (Client_ID_AS, DN, scopes).", _CLIENT, success=201),
)


def clients(_body: Body, _query: Body) -> Any:
    found = model_clients.of_tenant(g.session, g.tenant.name, "api-psc")
    return {"clients": [client.as_json() for client in found]}


def enregistrer(body: Body, _query: Body) -> Any:
    client_id = body.get("client_id") or f"client-{secrets.token_hex(6)}"
    sheet = {"espace": "confiance", "dn": body.get("dn", ""), "scopes": list(body["scopes"])}
    return model_clients.register(g.session, g.tenant.name, "api-psc", client_id, "", sheet).as_json()
