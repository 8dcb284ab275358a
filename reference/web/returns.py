"""Addresses of return that were declared at a service, wherever the establishment put them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from flask import Blueprint, abort

from reference.login.kinds import KINDS, PSC
from reference.web import fc_pages, mes_pages, pro_pages
from reference.web.session import product

routes = Blueprint("returns", __name__)


@routes.get("/<path:elsewhere>")
def configured_return(elsewhere: str) -> Any:
    """The page of whoever comes back there; 404 when no service was told this address."""
    view = dict(_declared()).get(f"/{elsewhere}")
    return view() if view else abort(404)


def _declared() -> Iterator[tuple[str, Callable[[], Any]]]:
    settings = product().settings
    if settings.mes is not None:
        yield settings.mes.callback_path, mes_pages.come_back
    for name, kind in KINDS.items():
        provider = settings.provider(name)
        if provider is None:
            continue
        if kind is PSC:
            yield provider.callback_path, pro_pages.come_back_from_psc
            yield provider.logout_path, pro_pages.left_psc
        else:
            yield provider.callback_path, partial(fc_pages.come_back_from, kind)
            yield provider.logout_path, partial(fc_pages.left, kind)
