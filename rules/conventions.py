"""Services whose form no public text gives: what a rule finds there informs, and accuses nobody.

The API by which professionals will feed and read the agenda of Mon espace santé is announced (cadre d'urbanisation,
recommandation 1.1.8) and not published: the sandbox speaks a convention of the bench there. What an official text
says whatever the wire keeps its authority.
"""

from __future__ import annotations

from rules.exchange import Exchange

SERVICES = ("bsp",)
WHATEVER_THE_WIRE = frozenset({"INS-16", "INS-29"})
"""Rules on what may leave a product at all, to anybody."""
_IN_THE_DUI = frozenset(
    f"produit.{name}"
    for name in (
        "creer_rendez_vous",
        "deplacer_rendez_vous",
        "annuler_rendez_vous",
        "constater_rendez_vous",
        "confirmer_rendez_vous",
        "renvoyer_rendez_vous",
        "reprendre_envois",
        "synchroniser_agenda",
    )
)


def is_convention(rule_id: str, exchange: Exchange) -> bool:
    """Whether what this rule finds in this exchange is held against a convention of the bench.

    True of a call to such a service, and of an action that was asked in the session of a professional, which goes
    that way.
    """
    if rule_id in WHATEVER_THE_WIRE:
        return False
    if exchange.protocol == "action":
        return exchange.operation in _IN_THE_DUI and bool(exchange.resource.get("session"))
    return exchange.service in SERVICES
