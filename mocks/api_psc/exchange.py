"""The exchange of a Pro Santé Connect token for a token of the API (RFC 8693, as the ANS guide profiles it)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from authlib.oauth2.rfc6749 import (
    InvalidClientError,
    InvalidRequestError,
    InvalidScopeError,
    UnsupportedGrantTypeError,
)
from flask import request

from mocks.api_psc import confirmation
from mocks.api_psc.confirmation import Confirmation
from mocks.call import Call
from mocks.journal import fingerprint
from mocks.oidc import keys, model_clients, model_tokens
from mocks.oidc.model_clients import Client
from mocks.oidc.model_tokens import Held
from mocks.oidc.oauth_client import certificate_is_asked, shows_certificate_of
from mocks.psc import PSC
from mocks.world import professionals

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
SUBJECT_TYPES = (ACCESS_TOKEN, "urn:ietf:params:oauth:token-type:jwt")
RING = "api-psc:RS256"
AUDIENCE = "api-psc"


def authenticate(call: Call, form: Mapping[str, str]) -> Client:
    """The client that calls, whose certificate must be the one enrolled. Raises OAuth2Error.

    Over plain HTTP no certificate can be seen: the client_id is then taken at its word (contract of identity, §3).
    """
    client_id = form.get("client_id", "")
    client = model_clients.find(call.session, call.tenant.name, call.service.name, client_id)
    if client is None:
        raise InvalidClientError(description="The client_id is unknown.", status_code=401)
    call.client_id = call.context["client_id"] = client.client_id
    if certificate_is_asked() and not shows_certificate_of(client):
        raise InvalidClientError(description="The certificate is not that of the client.", status_code=401)
    if form.get("client_secret") or request.authorization is not None:
        call.note("secret-inutile", "un secret est envoyé, alors que le certificat identifie le client")
    return client


def exchange(call: Call, form: Mapping[str, str]) -> dict[str, Any]:
    """The answer of an exchange. Raises OAuth2Error."""
    bound = confirmation.read(form.get("cnf"))
    _describe(call, form, bound)
    client = authenticate(call, form)
    if form.get("grant_type") != GRANT:
        raise UnsupportedGrantTypeError(form.get("grant_type"))
    if form.get("subject_token_type") not in SUBJECT_TYPES:
        raise InvalidRequestError("The subject_token_type is missing or not supported.")
    scopes = form.get("scope", "").split()
    if not scopes:
        raise InvalidRequestError("Missing 'scope' in request.")
    if not set(scopes) <= set(client.sheet["scopes"]):
        raise InvalidScopeError()
    _check_binding(call, bound)
    subject = _subject(call, form.get("subject_token", ""))
    return _issue(call, client, subject, scopes, bound)


def presented_thumbprint() -> str:
    """x5t#S256 of the certificate of the call, "" when none can be seen."""
    client = (request.environ.get("banc.tls") or {}).get("client") or {}
    return str(client.get("thumbprint", ""))


def _describe(call: Call, form: Mapping[str, str], bound: Confirmation) -> None:
    seen = presented_thumbprint()
    matches = bound.thumbprint == seen if seen and bound.form != "absent" else None
    call.context["exchange"] = {
        "subject_token_type": form.get("subject_token_type"),
        "scope": form.get("scope"),
        "cnf": bound.form,
        "cnf_matches": matches,
    }


def _check_binding(call: Call, bound: Confirmation) -> None:
    """What cnf must be is asked for where a certificate can be seen. Raises OAuth2Error."""
    if not certificate_is_asked():
        return
    if bound.thumbprint and bound.thumbprint != presented_thumbprint():
        raise InvalidRequestError("The cnf is not that of the certificate presented.")
    if bound.form == "rfc8705":
        return
    if bound.form != "tr" and call.setting("cnf") == "strict":
        raise InvalidRequestError("The cnf is missing or is not an x5t#S256 (RFC 8705).")
    call.note("cnf", f"cnf de forme « {bound.form} » au lieu de celle de la RFC 8705")


def _subject(call: Call, value: str) -> Held:
    """What Pro Santé Connect says of the subject token, asked on the spot. Raises OAuth2Error (RFC 8693 §2.2.2)."""
    state, held = "absent", None
    if value:
        psc = replace(call, service=PSC)
        held = model_tokens.find(psc, value)
        if held is not None and held.kind != "access":
            held = None
        state = "unknown" if held is None else held.state(psc)
    call.context["token"] = {"fingerprint": fingerprint(value) if value else None, "state": state, "place": "body"}
    if held is not None:
        call.identify(held.family.session.person)
    if held is None or state != "valid":
        raise InvalidRequestError("The subject_token is missing, unknown, expired or revoked.")
    return held


def _issue(call: Call, client: Client, subject: Held, scopes: list[str], bound: Confirmation) -> dict[str, Any]:
    now, lifetime = int(call.now.timestamp()), call.setting("access_token_lifetime_s")
    who = professionals.by_id(call.session, call.tenant.name, subject.family.session.person)
    said = {
        "iss": f"{call.base_url}/oauth2",
        "sub": who.national_id,
        "aud": AUDIENCE,
        "client_id": client.client_id,
        "scope": " ".join(scopes),
        "iat": now,
        "exp": now + lifetime,
        "jti": secrets.token_urlsafe(12),
    }
    thumbprint = presented_thumbprint() or bound.thumbprint
    if thumbprint:
        said["cnf"] = {"x5t#S256": thumbprint}
    token = keys.sign(call.session, RING, said, tenant=call.tenant.name)
    call.context["exchange"]["issued_access"] = fingerprint(token)
    return {
        "access_token": token,
        "issued_token_type": ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": lifetime,
        "scope": said["scope"],
    }
