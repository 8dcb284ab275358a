"""National numbers as the SAS wants them: always prefixed, however they are kept here; telephones in full."""

from __future__ import annotations

import re

# SAS 1.2.0: `8` and RPPS (11 digits), `0` and ADELI (9); `1` and FINESS (9), `3` and SIRET (14), `4` and RPPS-rang.
_PRACTITIONER = {11: "8", 9: "0"}
_STRUCTURE = {"finess": ("1", 9), "siret": ("3", 14), "rang": ("4", 14)}
_OVERSEAS = {"262": "+262", "692": "+262", "693": "+262", "269": "+262", "639": "+262", "590": "+590", "690": "+590"}
_OVERSEAS |= {"594": "+594", "694": "+594", "596": "+596", "696": "+596"}


def practitioner(kept: str) -> str:
    """National identifier of a practitioner, with its prefix."""
    return _PRACTITIONER.get(len(kept), "") + kept


def structure(kind: str, kept: str) -> str:
    """National identifier of a structure, with its prefix. kind: `finess`, `siret`, `rang`."""
    prefix, length = _STRUCTURE[kind]
    return prefix + kept if len(kept) == length else kept


def telephone(typed: str) -> str:
    """A French number with its country (`+33193246789`); empty when it is none."""
    digits = re.sub(r"[\s.\-]", "", typed)
    if re.fullmatch(r"\+\d{11,12}", digits):
        return digits
    if not re.fullmatch(r"0\d{9}", digits):
        return ""
    return _OVERSEAS.get(digits[1:4], "+33") + digits[1:]
