"""The running request, as authlib reads it."""

from __future__ import annotations

from collections import defaultdict

from authlib.oauth2.base import invalid_error_characters
from authlib.oauth2.rfc6749 import OAuth2Payload, OAuth2Request
from flask import request as flask_request
from werkzeug.datastructures import Headers, MultiDict


class Payload(OAuth2Payload):  # type: ignore[misc]
    """The parameters of a request, wherever they come from."""

    def __init__(self, values: MultiDict[str, str]) -> None:
        self._values = values

    @property
    def data(self) -> MultiDict[str, str]:
        """Parameters, the first value of each."""
        return self._values

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        """Parameters with all their values."""
        return defaultdict(list, self._values.to_dict(flat=False))

    @property
    def response_type(self) -> str | None:
        """The response_type; authlib says it again in error_description, where only some characters may stand."""
        value: str | None = super().response_type
        return value if value is None or not invalid_error_characters(value) else "?"


class OAuthRequest(OAuth2Request):  # type: ignore[misc]
    """The running request, or the parameters of one kept from before."""

    def __init__(self, values: MultiDict[str, str] | None = None) -> None:
        # A constant address: the bench also serves plain HTTP on loopback, which authlib would refuse.
        super().__init__(flask_request.method, "https://banc.test/", headers=_legible(flask_request.headers))
        posted = flask_request.form if flask_request.method == "POST" else flask_request.args
        self._values: MultiDict[str, str] = posted if values is None else values
        self.payload = Payload(self._values)

    @property
    def args(self) -> MultiDict[str, str]:
        """Parameters of the query."""
        return self._values

    @property
    def form(self) -> MultiDict[str, str]:
        """Parameters of the body."""
        return self._values


def _legible(headers: Headers) -> Headers:
    """Headers without an Authorization that says nothing, on which authlib breaks."""
    if len(headers.get("Authorization", "").split(None, 1)) == 2:
        return headers
    return Headers([(name, value) for name, value in headers.items() if name != "Authorization"])
