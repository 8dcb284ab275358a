"""Control keys of the national identifiers."""

from __future__ import annotations

TEST_INS_OID = "1.2.250.1.213.1.4.10"  # INS-C/NIR of test identities (ANS, référentiel INS, OID list)


def luhn(digits: str) -> str:
    """The Luhn key of a string of digits, as RPPS (10 digits) and FINESS (8 digits) carry it."""
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if rank % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def nir_key(body: str) -> str:
    """The two-digit key of a NIR or INS matricule.

    body: its 13 characters; Corsican departments 2A and 2B count as 19 and 18 (INSEE, key of the NIR).
    """
    number = int(body.replace("2A", "19", 1).replace("2B", "18", 1))
    return f"{97 - number % 97:02d}"
