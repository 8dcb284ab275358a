"""Locust users: one module per service called; an action is a function of (caller, its name in the mix)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from load.users import manager, mes, product, sas
from load.users.caller import Caller

ACTIONS: Mapping[str, Callable[[Caller, str], None]] = {
    **mes.ACTIONS,
    **manager.ACTIONS,
    **product.ACTIONS,
    **sas.ACTIONS,
}
__all__ = ["ACTIONS", "Caller"]
