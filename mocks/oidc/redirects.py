"""The way back to the client, right or spoilt by a fault. Only registered addresses come here."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from authlib.oauth2 import OAuth2Error
from flask import Response, redirect

from mocks.call import Call
from mocks.oidc.model_sessions import SignedIn
from mocks.oidc.oauth_server import SERVER
from mocks.oidc.provider import OidcProvider, issuer_of

FAULTS = ("etat_melange", "sans_etat", "emetteur_melange")


def granted(call: Call, provider: OidcProvider, params: Mapping[str, str], session: SignedIn) -> Response:
    """Send the browser back with a code, for the session of whoever signed in.

    The client may have lost the right to it meanwhile: it is then told so.
    """
    try:
        grant = SERVER.get_consent_grant(params)
    except OAuth2Error as error:
        return refused(call, provider, params, error.error, error.description or "")
    answer = SERVER.create_authorization_response(grant.request, session, grant)
    assert isinstance(answer, Response)
    return _back(call, provider, answer.headers["Location"])


def refused(call: Call, provider: OidcProvider, params: Mapping[str, str], error: str, description: str) -> Response:
    """Send the browser back with an error (RFC 6749 §4.1.2.1)."""
    call.context["refusal"] = error
    said = {"error": error, "error_description": description, "state": params.get("state", "")}
    return _back(call, provider, with_query(params["redirect_uri"], {k: v for k, v in said.items() if v}))


def with_query(address: str, added: Mapping[str, str]) -> str:
    """An address with more parameters."""
    parts = urlsplit(address)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *added.items()]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _back(call: Call, provider: OidcProvider, address: str) -> Response:
    fault = call.play(FAULTS)
    nature = "" if fault is None else str(fault["nature"])
    parts = urlsplit(with_query(address, {"iss": issuer_of(call, provider)}))  # RFC 9207
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if nature == "etat_melange":
        query["state"] = secrets.token_urlsafe(24)
    elif nature == "sans_etat":
        query.pop("state", None)
    elif nature == "emetteur_melange":
        query["iss"] = "https://autre-fournisseur.banc.test"
    response = redirect(urlunsplit(parts._replace(query=urlencode(query))), provider.redirect_status)
    assert isinstance(response, Response)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
