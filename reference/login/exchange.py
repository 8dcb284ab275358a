"""Exchange of a token of Pro Santé Connect for one of an API (RFC 8693), bound to the certificate presented.

ANS, Sécurisation de la couche transport des API REST PSC 1.2.0, steps 9 and 10. Several APIs are reached this way.
"""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import httpx

from reference.config import ApiPscSettings, CertificateSettings
from reference.refusal import Refusal
from reference.wire import Wire, request_to

_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
_SUBJECT_REFUSED = (400, 401)
DOWN = "Le service ne répond pas : réessayez plus tard. Le reste du logiciel fonctionne."
REFUSED = "Le service refuse la demande ({status})."


class SubjectRefusedError(Exception):
    """The authorization server no longer accepts the PSC token."""


def exchanged(
    wire: Wire,
    api: ApiPscSettings,
    certificates: CertificateSettings | None,
    subject_token: str,
    about: Mapping[str, str] | None = None,
) -> tuple[str, float]:
    """A token of this API and for how many seconds it lives. about: facts that stay here (see `Outgoing`).

    Raises SubjectRefusedError, Refusal for every other failure, and httpx.TransportError when nobody answers.
    """
    form = {
        "grant_type": _GRANT,
        "subject_token": subject_token,
        "subject_token_type": _ACCESS_TOKEN,
        "scope": api.scope,
        "client_id": api.client_id,
    }
    if certificates is not None:
        form["cnf"] = json.dumps({"x5t#S256": _thumbprint(certificates)})
    response = wire.send(request_to("POST", api.token_url, form=form, about=about or {}))
    if response.status_code in _SUBJECT_REFUSED and _error(response) in ("invalid_grant", "invalid_request"):
        raise SubjectRefusedError
    if not response.is_success:
        message = DOWN if response.status_code >= 500 else REFUSED.format(status=response.status_code)
        raise Refusal("echange_refuse", message)
    try:
        answer = response.json()
        return str(answer["access_token"]), float(answer.get("expires_in") or 0)
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal("echange_refuse", DOWN) from error


def _thumbprint(certificates: CertificateSettings) -> str:
    """`x5t#S256` of the certificate presented (RFC 8705 §3.1)."""
    der = ssl.PEM_cert_to_DER_cert(_first_certificate(Path(certificates.client).read_text(encoding="ascii")))
    return base64.urlsafe_b64encode(sha256(der).digest()).rstrip(b"=").decode()


def _first_certificate(pem: str) -> str:
    end = "-----END CERTIFICATE-----"
    return pem[pem.index("-----BEGIN CERTIFICATE-----") : pem.index(end) + len(end)]


def _error(response: httpx.Response) -> str:
    try:
        return str(response.json().get("error") or "")
    except (ValueError, AttributeError):
        return ""
