"""The envelope of a message: who sends, to whom, and which reports are wanted (RFC 5321, RFC 3461)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NEVER, SUCCESS, FAILURE, DELAY = "NEVER", "SUCCESS", "FAILURE", "DELAY"
_PARAMETER = re.compile(r"\s+(RET|ENVID|NOTIFY|ORCPT)=([^\s]+)", re.IGNORECASE)
_XTEXT = re.compile(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})+")
_LONGEST_ENVID, _LONGEST_ORCPT = 100, 500  # RFC 3461 §4.4, §4.2


class BadParameterError(ValueError):
    """A parameter that RFC 3461 does not allow."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One RCPT. notify: words of NOTIFY, empty when it was not given. orcpt: as given. refusal: why it will bounce."""

    address: str
    notify: tuple[str, ...] = ()
    orcpt: str = ""
    refusal: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the journal keeps it."""
        return {"address": self.address, "notify": list(self.notify), "orcpt": self.orcpt or None}

    def wants(self, word: str) -> bool:
        """Whether a report is wanted on `SUCCESS` or `FAILURE`; failures are told unless NOTIFY says otherwise."""
        return word in self.notify or (word == FAILURE and not self.notify)


@dataclass
class Envelope:
    """What was said before DATA. sender: empty for `<>`. size: as announced."""

    sender: str = ""
    size: int | None = None
    ret: str = ""
    envid: str = ""
    recipients: list[Recipient] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As the journal keeps it."""
        return {
            "from": self.sender,
            "to": [one.as_json() for one in self.recipients],
            "size": self.size,
            "ret": self.ret or None,
            "envid": self.envid or None,
        }


def without_reports(argument: str) -> tuple[str, dict[str, str]]:
    """The argument of MAIL or RCPT without the parameters of RFC 3461, and these. Raises BadParameterError."""
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(argument):
        name = match[1].upper()
        if name in found:
            raise BadParameterError(name)
        found[name] = match[2]
    return _PARAMETER.sub("", argument), found


def of_mail(found: Mapping[str, str]) -> tuple[str, str]:
    """(RET, ENVID) of a MAIL. Raises BadParameterError."""
    ret, envid = found.get("RET", "").upper(), found.get("ENVID", "")
    wrong = (set(found) - {"RET", "ENVID"}) or ret not in ("", "FULL", "HDRS")
    if wrong or (envid and (len(envid) > _LONGEST_ENVID or not _XTEXT.fullmatch(envid))):
        raise BadParameterError("MAIL")
    return ret, envid


def of_recipient(found: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """(NOTIFY, ORCPT) of a RCPT. Raises BadParameterError."""
    words = tuple(word for word in found.get("NOTIFY", "").upper().split(",") if word)
    orcpt = found.get("ORCPT", "")
    wrong = (set(found) - {"NOTIFY", "ORCPT"}) or not set(words) <= {NEVER, SUCCESS, FAILURE, DELAY}
    if wrong or (NEVER in words and len(words) > 1) or ("NOTIFY" in found and not words):
        raise BadParameterError("NOTIFY")
    kind, separator, value = orcpt.partition(";")
    if orcpt and (len(orcpt) > _LONGEST_ORCPT or not kind or not separator or not _XTEXT.fullmatch(value)):
        raise BadParameterError("ORCPT")
    return words, orcpt
