"""Exchanges in which the product answers the bench (service `serveur`): who asked, and what a rule may say of it."""

from __future__ import annotations

from rules.selectors import On

SERVED = On(lambda e: e.protocol == "http" and e.service == "serveur")
# The bench hung up, or the connection broke: there is no answer to judge.
ANSWERED = On(lambda e: e.status != 0)


def served(*operations: str) -> On:
    """Calls of these operations that the product answered, or not: served("sas.slot.search")."""
    wanted = frozenset(f"serveur.{operation}" for operation in operations)
    return On(lambda e: SERVED(e) and e.operation in wanted)
