"""What the SAS platform asked of the product about accounts of regulators (INT_R02), as the journal tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rules.exchange import Exchange
from rules.reading import dig, objects, text
from rules.sas_security import stranger
from rules.selectors import DONE, On
from rules.served import ANSWERED, served
from rules.visits import Key, identifiers

NATIONAL = "urn:oid:1.2.250.1.71.4.2.1"
TECHNICAL = "urn:oid:1.2.250.1.213.3.6"
CODES: Mapping[str, str] = {NATIONAL: "IDNPS", TECHNICAL: "INTRN"}
_BUSY = On(lambda e: e.status in (429, 503))
_PLATFORM = On(lambda e: not stranger(e))
CREATED, UPDATED = (served(f"sas.practitioner.{what}") & ANSWERED & _PLATFORM & ~_BUSY for what in ("create", "update"))
CALLS = CREATED | UPDATED
TOLD = CALLS & DONE


def type_codes(identifier: Mapping[str, Any]) -> list[str]:
    """Codes of the type of an identifier."""
    return [text(coding.get("code")) for _, coding in objects(dig(identifier, "type", "coding"))]


def target(call: Exchange) -> Key | None:
    """The account that an update is about, as its address names it; None for what is no such update."""
    value = next(iter(call.values("identifier")), "")
    system, bar, number = value.partition("|")
    return (system, number) if UPDATED(call) and bar and system and number else None


def keys(call: Exchange) -> set[Key]:
    """Identifiers of the account in the body of a call."""
    return {key for key in identifiers(call.json) if all(key)}


def missing(call: Exchange) -> Iterator[str]:
    """Elements that FrPractitionerRegul makes mandatory and that a body does not have."""
    resource = call.resource
    if not keys(call):
        yield "identifier"
    if not isinstance(resource.get("active"), bool):
        yield "active"
    names = [name for _, name in objects(resource.get("name"))]
    if not any(text(name.get("family")).strip() and _given(name) for name in names):
        yield "name"


def mistyped(resource: Mapping[str, Any]) -> Iterator[tuple[int, str, list[str]]]:
    """Place, right code and codes seen of each identifier whose type is not that of its system."""
    for place, identifier in objects(resource.get("identifier")):
        wanted = CODES.get(text(identifier.get("system")))
        if wanted is not None and type_codes(identifier) != [wanted]:
            yield place, wanted, type_codes(identifier)


def right(call: Exchange) -> bool:
    """Whether a product has no reason to refuse this account: all that the profile wants is there."""
    resource = call.resource
    mails = [text(one.get("value")) for _, one in objects(resource.get("telecom")) if one.get("system") == "email"]
    known = all(system in CODES for system, _ in keys(call))
    telecoms = list(objects(resource.get("telecom")))
    whole = len(telecoms) == len(mails) > 0 and all("@" in mail for mail in mails)
    return known and whole and not any(missing(call)) and not any(mistyped(resource))


def _given(name: Mapping[str, Any]) -> bool:
    given = name.get("given")
    return isinstance(given, list) and any(text(one).strip() for one in given)
