"""Driver over HTTP: the vendor serves `POST /actions/<nom>` (document: `harness.vocabulary.openapi`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from wsgiref.types import WSGIApplication

import httpx

from harness.drivers import Answer
from harness.errors import ActionNotOffered, DriverError, ProductBroke, ProductUnreachable
from harness.french import shown
from harness.tls import authorities

DEFAULT_TIMEOUT_S = 30.0


class HttpDriver:
    """Asks a product for actions over HTTP.

    url: base address of the vendor's driver. timeout_s: seconds allowed for one action.
    transport: httpx transport, for tests.
    """

    application: WSGIApplication | None = None

    def __init__(
        self, url: str, *, timeout_s: float = DEFAULT_TIMEOUT_S, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.url = url.rstrip("/")
        self._client = httpx.Client(timeout=timeout_s, transport=transport, trust_env=False, verify=authorities())
        self._offered: frozenset[str] | None = None

    def offers(self, action: str) -> bool:
        if self._offered is None:
            self._offered = self._list_actions()
        return action in self._offered

    def perform(self, action: str, params: Mapping[str, Any]) -> Answer:
        response = self._send("POST", f"/actions/{action}", json=dict(params))
        if response.status_code == 501:
            raise ActionNotOffered(action)
        if response.status_code == 500:
            raise ProductBroke(
                f"Le produit s'arrête pendant l'action « {action} » : son pilote répond 500, {shown(response.text)}."
            )
        body = _json_object(response, action)
        if response.status_code == 200:
            return Answer(result=body)
        if response.status_code == 422:
            return _refusal(body, action)
        raise DriverError(
            f"Le pilote du produit répond {response.status_code} à l'action « {action} » ; "
            f"attendu : 200 (faite), 422 (refusée) ou 501 (non offerte). Reçu : {shown(response.text)}."
        )

    def serve_at(self, url: str) -> None:
        raise NotImplementedError("a product behind HTTP serves its own pages")

    def close(self) -> None:
        self._client.close()

    def _list_actions(self) -> frozenset[str]:
        response = self._send("GET", "/actions")
        names = _json_object(response, "lister").get("actions") if response.status_code == 200 else None
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise DriverError(
                f"Le pilote du produit doit rendre, à GET {self.url}/actions, la liste des actions offertes "
                f'({{"actions": ["…"]}}). Reçu : {response.status_code}, {shown(response.text)}.'
            )
        return frozenset(names)

    def _send(self, method: str, path: str, **content: Any) -> httpx.Response:
        try:
            return self._client.request(method, self.url + path, **content)
        except httpx.ConnectError as error:
            raise ProductUnreachable(
                f"Personne ne répond à l'adresse du pilote, {self.url} (clé pilote.url de cible.toml) : {error}."
            ) from error
        except httpx.HTTPError as error:
            raise DriverError(
                f"Le pilote du produit n'a pas rendu de réponse à {method} {self.url}{path} : "
                f"{type(error).__name__}, {error}."
            ) from error


def _json_object(response: httpx.Response, action: str) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    raise DriverError(
        f"Le pilote du produit répond {response.status_code} à l'action « {action} » avec un corps "
        f"qui n'est pas un objet JSON : {shown(response.text)}."
    )


def _refusal(body: Mapping[str, Any], action: str) -> Answer:
    error, message = body.get("erreur"), body.get("message")
    if not isinstance(error, str) or not isinstance(message, str):
        raise DriverError(
            f"Le pilote du produit refuse l'action « {action} » (422) sans dire pourquoi : "
            f"attendu les clés « erreur » et « message », reçu {shown(dict(body))}."
        )
    return Answer(refused=True, error=error, message=message)
