"""How an exchange is judged: one small pure function per check of the fact sheets."""

from importlib import import_module
from pkgutil import iter_modules

from rules.core import Authority, Examined, Finding, Judgement, Level, Rule, all_rules, checks, judge, rule
from rules.exchange import Exchange

__all__ = [
    "Authority",
    "Examined",
    "Exchange",
    "Finding",
    "Judgement",
    "Level",
    "Rule",
    "all_rules",
    "checks",
    "judge",
    "load_all",
    "rule",
]


def load_all() -> dict[str, Rule]:
    """Import every module of this room, so that all rules are registered; returns them by id."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(all_rules())
