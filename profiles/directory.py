"""Invariants of the mailboxes (ans.fhir.fr.mss 0.1.0-snapshot: openapi and pages of a draft without profiles)."""

from __future__ import annotations

import re
from typing import Any

from profiles.invariant import Invariant

ADDRESS = re.compile(r"[^@\s]+@([^@\s]+\.mssante\.fr|interop-mssante\.apicrypt\.org)")


def mailbox_address(contact: Any) -> bool:
    """Openapi, MailboxMssAddress: a subdomain of mssante.fr, or the bridge of Apicrypt."""
    return "value" not in contact or ADDRESS.fullmatch(contact["value"]) is not None


def part(operation: Any, name: str) -> Any:
    """Return a part of a FHIRPath Patch operation, None when it is not there."""
    return next((each for each in operation.get("part", []) if each.get("name") == name), None)


def verb(operation: Any) -> Any:
    """Return what an operation does (`insert`, `replace`, `delete`)."""
    return (part(operation, "type") or {}).get("valueCode")


def given(operation: Any) -> bool:
    """Tell whether an operation carries a value."""
    return any(name.startswith("value") for name in part(operation, "value") or {})


ROWS = (
    Invariant("mss-adresse", "une adresse d'un sous-domaine de mssante.fr, ou de interop-mssante.apicrypt.org",
              mailbox_address, shows=("value",),
              expression=r"value.matches('^[^@\\s]+@([^@\\s]+\\.mssante\\.fr|interop-mssante\\.apicrypt\\.org)$')"),
    Invariant("mss-maj-valeur", "une valeur à écrire, sauf pour delete qui n'en a pas",
              lambda o: verb(o) is None or given(o) != (verb(o) == "delete"),
              expression="(part.where(name = 'type').value = 'delete') xor part.where(name = 'value').value.exists()"),
    Invariant("mss-maj-index", "un index pour insert, et pour insert seulement",
              lambda o: verb(o) is None or (part(o, "index") is not None) == (verb(o) == "insert"), "warning",
              expression="(part.where(name = 'type').value = 'insert') = part.where(name = 'index').exists()"),
)  # fmt: skip
