"""A pairing made at once by the admin API, for unit tests and measures that are not about the pairing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mocks.journal import events
from mocks.mes import acts, id_tokens, model_pairings, model_tokens
from mocks.mes.model_pairings import Pairing
from mocks.mes.model_services import Snr
from mocks.oidc.secrets import new
from mocks.store import Session
from mocks.tenants import Tenant
from mocks.world import Person


def pair(
    session: Session, tenant: Tenant, snr: Snr, person: Person, codes: Sequence[str], idpe: str | None, issuer: str
) -> dict[str, Any]:
    """Pair a profile with a service as if its holder had authorised it, and give the tokens.

    codes: finalities granted. idpe: the product's id of the person, None makes one. issuer: base URL of the service as
    the product knows it.
    """
    now, holder = tenant.now(), person.representative or person.id
    external = {"id": idpe} if idpe else {}
    made = model_pairings.create(session, tenant.name, now, snr, person, holder, external, list(codes))
    details = {"pairing": made.id, "oid": snr.oid, "finalites": list(codes), "autorise_par": holder}
    events.act(session, tenant, "mes.usager.appariement_autorise", person.id, details)
    return {
        "pairing": made.id,
        "idpe": made.idpe,
        "assign_auth": made.assign_auth,
        **_tokens(session, tenant, snr, made, issuer),
    }


def _tokens(session: Session, tenant: Tenant, snr: Snr, pairing: Pairing, issuer: str) -> dict[str, str]:
    now, family = int(tenant.now().timestamp()), model_tokens.new_family()
    secrets = {"access": new("at"), "refresh": new("rt")}
    for kind, secret in secrets.items():
        expires = now + acts.setting(tenant, f"{kind}_token_lifetime_s")
        values = {"kind": kind, "family": family, "client_id": snr.client_id, "pairing": pairing.id}
        model_tokens.add_token(session, tenant.name, secret, expires=expires, **values)
    lifetime = acts.setting(tenant, "id_token_lifetime_s")
    said = id_tokens.claims(issuer=issuer, snr=snr, pairing=pairing, now=now, lifetime_s=lifetime, nonce="")
    return {
        "access_token": secrets["access"],
        "refresh_token": secrets["refresh"],
        "id_token": id_tokens.sign(session, said),
    }
