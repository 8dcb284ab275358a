"""Calls that reach the sandbox without httpx: from several threads, and with what httpx would not send."""

from __future__ import annotations

from typing import Any

from werkzeug.test import Client, TestResponse

from mocks.sandbox import Sandbox
from tests.mocks.mes.product import ROOT, Product


class Direct:
    """A WSGI client of the sandbox, for one product."""

    def __init__(self, sandbox: Sandbox, product: Product) -> None:
        self._wsgi = sandbox.wsgi
        self._product = product
        self._prefix = product.base.removeprefix(ROOT)

    def post(self, path: str, **more: Any) -> TestResponse:
        """POST; with the product's own credentials unless `auth` says otherwise."""
        return self.call("POST", path, **{"auth": (self._product.client_id, self._product.secret), **more})

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        client = Client(self._wsgi, use_cookies=False)
        return client.open(self._prefix + path, method=method, base_url=ROOT, **more)
