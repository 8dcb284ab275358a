"""The token request of CIBA in poll mode (OpenID CIBA Core 1.0 §10.1), which authlib does not have."""

from __future__ import annotations

from typing import Any, NamedTuple

from authlib.oauth2.rfc6749 import AccessDeniedError, InvalidGrantError, InvalidRequestError, UnauthorizedClientError
from authlib.oauth2.rfc6749.grants import BaseGrant, TokenEndpointMixin
from authlib.oauth2.rfc8628 import AuthorizationPendingError, ExpiredTokenError, SlowDownError

from mocks.call import Call, current_call
from mocks.journal import fingerprint
from mocks.oidc import model_ciba, model_sessions, model_tokens
from mocks.oidc.model_ciba import SLOWER_S, Asked
from mocks.oidc.model_tokens import Family
from mocks.oidc.oauth_client import CIBA_GRANT, METHODS, OAuthClient

MEANS = ("mfa", "swk")  # RFC 8176: several factors, proof of possession of a key in the telephone


class Approval(NamedTuple):
    """What stands where the code of another flow would."""

    family: Family


class CibaGrant(BaseGrant, TokenEndpointMixin):  # type: ignore[misc]
    """A poll: pending, slow_down, denied, expired, or the tokens."""

    GRANT_TYPE = CIBA_GRANT
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def validate_token_request(self) -> None:
        """Find the request and see how it stands. Raises OAuth2Error."""
        call, client = current_call(), self.authenticate_token_endpoint_client()
        value = self.request.form.get("auth_req_id")
        call.context["grant"].update(type=self.GRANT_TYPE, request=fingerprint(value or ""))
        if not client.check_grant_type(self.GRANT_TYPE):
            raise UnauthorizedClientError("CIBA is not enabled for this client.")
        if not value:
            raise InvalidRequestError("Missing 'auth_req_id' in request.")
        asked = model_ciba.find(call, value)
        if asked is None or asked.client_id != client.get_client_id():
            raise InvalidGrantError("Unknown 'auth_req_id'.")
        call.identify(asked.person)
        self.request.client, self._asked = client, asked
        call.context["grant"]["outcome"] = self._judge(call, asked)

    def create_token_response(self) -> tuple[int, dict[str, Any], Any]:
        """The tokens of a request that was accepted, once."""
        call, asked, client = current_call(), self._asked, self.request.client
        session = model_sessions.begin(call, asked.person, asked.level, MEANS)
        family = model_tokens.begin_family(call, session, client.get_client_id(), asked.scope, asked.level)
        model_ciba.decide(call.session, call.tenant.name, call.service.name, asked.id, "done")
        self.request.user, self.request.authorization_code = session, Approval(family)
        call.context |= {"level": asked.level, "session": fingerprint(session.id)}
        token = self.generate_token(user=session, scope=asked.scope, include_refresh_token=_refreshes(client))
        self.save_token(token)
        return 200, token, self.TOKEN_RESPONSE_HEADER

    def _judge(self, call: Call, asked: Asked) -> str:
        """What becomes of this poll. Raises OAuth2Error unless the tokens are due."""
        now_ms, grant = int(call.now.timestamp() * 1000), call.context["grant"]
        grant.update(elapsed_s=now_ms // 1000 - asked.issued, interval_s=asked.interval)
        hasty = asked.is_hasty(now_ms)
        model_ciba.polled(call, asked, now_ms, asked.interval + (SLOWER_S if hasty else 0))
        if asked.status == "done":
            raise InvalidGrantError("The 'auth_req_id' has already been used.")
        if asked.status == "denied":
            grant["outcome"] = "denied"
            raise AccessDeniedError()
        if now_ms // 1000 >= asked.expires:
            grant["outcome"] = "expired"
            raise ExpiredTokenError()
        if hasty:
            grant["outcome"] = "slow_down"
            raise SlowDownError()
        if asked.status == "pending":
            grant["outcome"] = "pending"
            raise AuthorizationPendingError()
        return "done"


def _refreshes(client: OAuthClient) -> bool:
    return client.check_grant_type("refresh_token")
