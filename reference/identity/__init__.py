"""Identities of the usagers: INS, statuses, the INSi teleservice (guide d'implémentation de l'INS, RNIV)."""
