"""Values of HL7 v2.5 inside metadata: identifiers, names, dates (sheet DMP §5 and §6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_TIME = re.compile(r"\d{4}(\d{2}(\d{2}(\d{2}(\d{2}(\d{2})?)?)?)?)?")
_OID = re.compile(r"[0-2](\.(0|[1-9]\d*))+")
_CDA_TIME = re.compile(r"(\d{4,14})(?:\.\d+)?([+-]\d{4})?")
_FORMATS = {4: "%Y", 6: "%Y%m", 8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
MAX_UNIQUE_ID = 256


@dataclass(frozen=True, slots=True)
class Identifier:
    """A CX. oid: universal id of the assigning authority (CX.4.2); type: CX.5."""

    value: str
    oid: str
    type: str


def cx(text: str) -> Identifier | None:
    """The identifier of a CX (`value^^^&oid&ISO^type`), None when it is none."""
    parts = (text.split("^") + [""] * 5)[:5]
    authority = [*parts[3].split("&"), "", ""]
    if not parts[0] or not is_oid(authority[1]):
        return None
    return Identifier(parts[0], authority[1], parts[4])


def written_cx(value: str, oid: str, kind: str = "NH") -> str:
    """A CX."""
    return f"{value}^^^&{oid}&ISO^{kind}"


def person_id(xcn: str) -> str:
    """Identifier of a person or system (XCN.1), empty when there is none."""
    return xcn.split("^")[0].strip()


def institution_id(xon: str) -> str:
    """Struct_IdNat of an institution (XON.10), empty when there is none."""
    parts = xon.split("^")
    return parts[9].strip() if len(parts) > 9 else ""


def is_oid(text: str) -> bool:
    """Whether a text is an OID."""
    return bool(_OID.fullmatch(text)) and len(text) <= MAX_UNIQUE_ID


def is_unique_id(text: str) -> bool:
    """Whether a text may identify a document: an OID, followed or not by `^` and an extension."""
    root, caret, extension = text.partition("^")
    return is_oid(root) and len(text) <= MAX_UNIQUE_ID and bool(extension) == bool(caret)


def is_time(text: str) -> bool:
    """Whether a text is a DTM of XDS: digits, no offset (IHE ITI TF vol. 3 §4.2.3.1.7)."""
    if not _TIME.fullmatch(text):
        return False
    try:
        datetime.strptime(text, _FORMATS[len(text)]).replace(tzinfo=UTC)
    except ValueError:
        return False
    return True


def utc_time(text: str) -> str | None:
    """A time of a CDA as XDS writes it, in UTC with the same precision; None when it says no offset or is no time.

    A date (without hours) is itself.
    """
    found = _CDA_TIME.fullmatch(text)
    if found is None or len(found[1]) not in _FORMATS or not is_time(found[1]):
        return None
    digits, offset = found[1], found[2]
    if len(digits) <= 8:
        return digits
    if offset is None:
        return None
    read = datetime.strptime(f"{digits.ljust(14, '0')}{offset}", "%Y%m%d%H%M%S%z")
    return read.astimezone(UTC).strftime(_FORMATS[len(digits)])


def now_time(instant: datetime) -> str:
    """An instant as XDS writes it."""
    return instant.astimezone(UTC).strftime("%Y%m%d%H%M%S")
