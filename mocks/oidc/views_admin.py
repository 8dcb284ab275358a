"""What the operations of a provider's admin API do."""

from __future__ import annotations

import secrets as random
from collections.abc import Callable, Mapping
from typing import Any

from flask import g

from mocks.admin.errors import AdminError
from mocks.journal import events
from mocks.oidc import id_tokens, keys, model_ciba, model_clients, model_sessions, model_tokens, secrets
from mocks.oidc.provider import OidcProvider

Body = Mapping[str, Any]
View = Callable[..., Any]


def views(provider: OidcProvider) -> dict[str, View]:
    """The views of a provider's operations, by name."""
    name = provider.name

    def clients(_body: Body, _query: Body) -> Any:
        found = model_clients.of_tenant(g.session, g.tenant.name, name)
        return {"clients": [client.as_json() for client in found]}

    def enregistrer(body: Body, _query: Body) -> Any:
        client_id = body.get("client_id") or f"client-{random.token_hex(6)}"
        secret = body.get("client_secret") or secrets.new("cs")
        hidden = ("client_id", "client_secret")
        sheet = {"post_logout_redirect_uris": [], **{k: v for k, v in body.items() if k not in hidden}}
        made = model_clients.register(g.session, g.tenant.name, name, client_id, secret, sheet)
        return {**made.as_json(), "client_secret": secret}

    def agir(body: Body, _query: Body) -> Any:
        return _act(provider, str(body["acte"]), body.get("professionnel"))

    def demandes_ciba(_body: Body, _query: Body) -> Any:
        waiting = model_ciba.waiting(g.session, g.tenant.name, name, g.tenant.now().timestamp())
        return {"demandes": [asked.as_json() for asked in waiting]}

    def repondre_ciba(body: Body, _query: Body, id_: str) -> Any:
        return _answer(name, id_, accept=body["decision"] == "accepter")

    return {
        "clients": clients,
        "enregistrer": enregistrer,
        "agir": agir,
        "demandes_ciba": demandes_ciba,
        "repondre_ciba": repondre_ciba,
    }


def _act(provider: OidcProvider, act: str, person: str | None) -> Any:
    """Do it and write it in the journal; `nombre`: sessions or tokens touched, keys made."""
    name, session, tenant = provider.name, g.session, g.tenant
    session.begin()
    if act == "fermer_session":
        operation, count = f"{name}.session.fermee", model_sessions.end_all_of(session, tenant.name, name, person)
    elif act == "expirer_jetons":
        now = int(tenant.now().timestamp())
        operation, count = f"{name}.jetons.expires", model_tokens.expire_access(session, tenant.name, name, now, person)
    else:
        operation, count = f"{name}.cles.renouvelees", len(id_tokens.rings(provider))
        for ring in id_tokens.rings(provider):
            keys.renew(session, ring, tenant.name)
    events.act(session, tenant, operation, person, {"nombre": count})
    return {"acte": act, "nombre": count}


def _answer(name: str, request_id: str, *, accept: bool) -> Any:
    session, tenant = g.session, g.tenant
    session.begin()
    waiting = model_ciba.waiting(session, tenant.name, name, tenant.now().timestamp())
    asked = next((one for one in waiting if one.id == request_id), None)
    if asked is None:
        raise AdminError(404, "demande-inconnue", "Aucune demande CIBA de cet identifiant n'attend de réponse.")
    model_ciba.decide(session, tenant.name, name, asked.id, "accepted" if accept else "denied")
    word = "ciba_accepte" if accept else "ciba_refuse"
    details = {"demande": asked.id, "client_id": asked.client_id, "binding_message": asked.binding_message}
    events.act(session, tenant, f"{name}.professionnel.{word}", asked.person, details)
    return {"id": asked.id, "decision": "accepter" if accept else "refuser"}
