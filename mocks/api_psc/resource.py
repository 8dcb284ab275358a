"""What every API behind the authorization server checks of a token before it answers (ANS guide; RFC 6750, 8705)."""

from __future__ import annotations

from typing import Any

from flask import request

from mocks.api_psc import exchange
from mocks.call import Call
from mocks.journal import fingerprint
from mocks.oidc import keys
from mocks.world import professionals


class TokenRefusedError(Exception):
    """The token does not open this call. status: HTTP; code: of RFC 6750 §3.1; text: French sentence."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status, self.code, self.text = status, code, text

    @property
    def challenge(self) -> str:
        """Value of WWW-Authenticate."""
        return f'Bearer error="{self.code}"'


def admit(call: Call, scope: str, *, about_reader: bool = True) -> dict[str, Any]:
    """Claims of the token of the call, which must be in the header, valid, bound to the certificate, with this scope.

    about_reader: the professional is the person whom the exchange concerns; else the API says later who it is.
    Raises TokenRefusedError: 401, or 403 for the scope.
    """
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    place = "header"
    if scheme.lower() != "bearer" or not value:
        value, place = request.args.get("access_token", ""), "query" if request.args.get("access_token") else "header"
    said = look(call, value.strip(), place, about_reader=about_reader)
    if said and call.play(("jeton_expire",)) is not None:
        call.context["token"]["state"] = "expired"
    if place != "header" or call.context["token"]["state"] != "valid":
        raise TokenRefusedError(401, "invalid_token", "Le jeton d'accès est absent, inconnu ou expiré.")
    bound, shown = (said.get("cnf") or {}).get("x5t#S256"), exchange.presented_thumbprint()
    if shown:
        call.context["exchange"] = {"cnf_matches": bound == shown}
    if shown and bound != shown:
        raise TokenRefusedError(401, "invalid_token", "Le jeton n'est pas lié au certificat présenté.")
    if scope not in str(said["scope"]).split():
        raise TokenRefusedError(403, "insufficient_scope", "Le jeton ne donne pas ce droit.")
    return said


def look(call: Call, value: str, place: str, *, about_reader: bool = True) -> dict[str, Any]:
    """Claims of a token of the authorization server, empty when it is none; tells the journal of it.

    place: where the token was (`header`, `query`, `body`). about_reader: see `admit`.
    """
    said = keys.read(call.session, exchange.RING, value, tenant=call.tenant.name) if value else None
    if said is not None and said.get("aud") != exchange.AUDIENCE:
        said = None
    expired = said is not None and int(said["exp"]) <= call.now.timestamp()
    state = "absent" if not value else "unknown" if said is None else "expired" if expired else "valid"
    call.context["token"] = {"fingerprint": fingerprint(value) if value else None, "state": state, "place": place}
    if said is None:
        return {}
    call.client_id = call.context["client_id"] = said["client_id"]
    who = professionals.by_login(call.session, call.tenant.name, said["sub"])
    if about_reader:
        call.identify(None if who is None else who.id)
    return said
