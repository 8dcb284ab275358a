"""An identity provider as its discovery document describes it: addresses, keys, and calls between servers."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from reference.config import ProviderSettings
from reference.defects import Defects
from reference.login.kinds import Kind
from reference.wire import Wire, request_to

ALGORITHMS = ("RS256", "ES256")


class ProviderError(Exception):
    """The provider refused, did not answer, or answered something that cannot be trusted.

    code: OAuth error, `http_<status>`, `sans_reponse`, or our own name for what is wrong.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def is_outage(self) -> bool:
        """Whether the provider is not able to answer now, whatever is asked."""
        return self.code.startswith(("http_5", "http_429")) or self.code == "sans_reponse"


class Provider:
    """One provider and one registration of the product there.

    Metadata are fetched once. So are keys, and once more when a token names a key that is not among them.
    """

    def __init__(
        self, kind: Kind, settings: ProviderSettings, wire: Wire, defects: Defects, now: Callable[[], float]
    ) -> None:
        self.kind, self.settings, self.now = kind, settings, now
        self.defects = defects
        self._wire = wire
        self._metadata: Mapping[str, Any] = {}
        self._keys: Mapping[str, Any] | None = None

    def reach(self) -> None:
        """Read what is needed to log somebody in: metadata and keys. Raises ProviderError."""
        self.endpoint("authorization_endpoint")
        self._key_set()

    def address(self, endpoint: str, params: Mapping[str, str]) -> str:
        """Where a browser goes, with these parameters."""
        return self._wire.address(request_to("GET", self.endpoint(endpoint), form=dict(params)))

    def post(self, endpoint: str, form: Mapping[str, str]) -> Mapping[str, Any]:
        """Answer of an endpoint that wants the product to say who it is. Raises ProviderError."""
        sent, headers = self._identified(dict(form))
        request = request_to("POST", self.endpoint(endpoint), form=sent, headers=headers)
        response = self._send(request)
        body = _object(response)
        if response.is_success and body:
            return body
        raise ProviderError(_refusal(response, body))

    def read_with(self, endpoint: str, access_token: str) -> tuple[str, httpx.Response]:
        """Content type and answer of a resource opened by an access token. Raises ProviderError."""
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json, application/jwt"}
        response = self._send(request_to("GET", self.endpoint(endpoint), headers=headers))
        if not response.is_success:
            raise ProviderError(_refusal(response, _object(response)))
        return response.headers.get("Content-Type", "").partition(";")[0].strip().lower(), response

    def signed_claims(self, token: str, *, ignore: str = "") -> Mapping[str, Any]:
        """Claims of a JWT signed by the provider. ignore: defect by which the signature is not looked at.

        Raises ProviderError `signature_fausse`, `cle_inconnue`.
        """
        try:
            header, payload = _parts(token)
        except (JoseError, ValueError, TypeError) as error:
            raise ProviderError("jeton_illisible") from error
        try:
            return self._verified(token, header)
        except ProviderError:
            unsigned = header.get("alg") == "none" and self.defects.has(self.kind.switch("alg_none_accepte"))
            if unsigned or (ignore and self.defects.has(ignore)):
                return payload
            raise

    def endpoint(self, name: str) -> str:
        """Address of that endpoint in the discovery document. Raises ProviderError."""
        if not self._metadata:
            response = self._send(request_to("GET", self.settings.discovery_url))
            if not response.is_success:
                raise ProviderError(f"http_{response.status_code}")
            found = _object(response)
            if found.get("issuer") != self.settings.issuer:
                raise ProviderError("emetteur_inattendu")
            self._metadata = found
        if not self._metadata.get(name):
            raise ProviderError(f"sans_{name}")
        return str(self._metadata[name])

    def _verified(self, token: str, header: Mapping[str, Any]) -> Mapping[str, Any]:
        kid = header.get("kid")
        for key in self._keys_named(kid):
            try:
                return dict(jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims)
            except (JoseError, ValueError, TypeError):
                continue
        raise ProviderError("signature_fausse")

    def _keys_named(self, kid: object) -> list[Any]:
        """Keys that may have signed; the set is read again, once, for a kid that is not in it."""
        found = _of_kid(self._key_set(), kid)
        if not found and not self.defects.has(self.kind.switch("cles_jamais_relues")):
            self._keys = None
            found = _of_kid(self._key_set(), kid)
        if not found:
            raise ProviderError("cle_inconnue")
        return found

    def _key_set(self) -> Mapping[str, Any]:
        if self._keys is None:
            response = self._send(request_to("GET", self.endpoint("jwks_uri")))
            if not response.is_success:
                raise ProviderError(f"http_{response.status_code}")
            self._keys = _object(response)
        return self._keys

    def _identified(self, form: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """The form and headers by which the product says who it is.

        Without secret, or in the Espace de Confiance, the certificate says it (ANS, FAQ Pro Santé Connect).
        """
        client_id, secret = self.settings.client_id, self.settings.client_secret
        headers = {"Accept": "application/json"}
        trusted = self.settings.espace == "confiance" and not self.defects.has("psc_secret_en_confiance")
        if not secret or trusted:
            return {**form, "client_id": client_id}, headers
        if self.kind.secret_in_form:
            return {**form, "client_id": client_id, "client_secret": secret}, headers
        pair = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        return form, {**headers, "Authorization": f"Basic {pair}"}

    def _send(self, request: Any) -> httpx.Response:
        try:
            return self._wire.send(request)
        except httpx.TransportError as error:
            raise ProviderError("sans_reponse") from error


def _parts(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and payload of a compact JWT, unverified."""
    header, payload, _ = [*token.split("."), "", ""][:3]
    read = [json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in (header, payload)]
    if not all(isinstance(part, dict) for part in read):
        raise ValueError("un JWT est fait de deux objets")
    return read[0], read[1]


def _of_kid(key_set: Mapping[str, Any], kid: object) -> list[Any]:
    """Public keys of that kid; all of them for a token that names none."""
    found = []
    for entry in key_set.get("keys") or []:
        if isinstance(entry, dict) and entry.get("kty") in ("RSA", "EC") and kid in (None, entry.get("kid")):
            try:
                found.append(jwk.import_key(entry, entry["kty"]))
            except (JoseError, ValueError, KeyError):
                continue
    return found


def _object(response: httpx.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _refusal(response: httpx.Response, body: Mapping[str, Any]) -> str:
    """OAuth error of an answer; the status tells of an outage whatever the body says."""
    unable = response.status_code >= 500 or response.status_code == 429
    return f"http_{response.status_code}" if unable or not body.get("error") else str(body["error"])
