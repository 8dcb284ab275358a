"""Services whose form no public text gives: what a rule finds there informs, and accuses nobody.

The API by which professionals will feed and read the agenda of Mon espace santé is announced (cadre d'urbanisation,
recommandation 1.1.8) and not published: the sandbox speaks a convention of the bench there. What an official text
says whatever the wire keeps its authority.
"""

from __future__ import annotations

from rules.exchange import Exchange
from rules.selectors import On, action

SERVICES = ("bsp",)
WHATEVER_THE_WIRE = frozenset({"INS-16", "INS-29"})
"""Rules on what may leave a product at all, to anybody."""
IN_A_SESSION = action(
    "creer_rendez_vous",
    "deplacer_rendez_vous",
    "annuler_rendez_vous",
    "constater_rendez_vous",
    "confirmer_rendez_vous",
    "renvoyer_rendez_vous",
    "reprendre_envois",
    "synchroniser_agenda",
) & On(lambda e: bool(e.resource.get("session")))
"""Actions asked in the session of a professional, which go by the agenda of professionals."""


def is_convention(rule_id: str, exchange: Exchange) -> bool:
    """Whether what this rule finds in this exchange is held against a convention of the bench.

    True of a call to such a service, and of an action that goes that way.
    """
    if rule_id in WHATEVER_THE_WIRE:
        return False
    return exchange.service in SERVICES or IN_A_SESSION(exchange)
