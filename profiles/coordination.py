"""Invariants of the coordination guides: CDS 2.0.1, CDL 3.0.0, NDE 3.0.0, and that of R4 for the circle (CareTeam)."""

from __future__ import annotations

from typing import Any

from profiles.invariant import Invariant


def ctm_1(participant: Any) -> bool:
    """R4: a member acts on behalf of an organization only as a Practitioner. An unreadable reference is not judged."""
    member = participant.get("member", {})
    kind = member.get("type") or kind_of(member.get("reference", ""))
    return "onBehalfOf" not in participant or kind in ("", "Practitioner")


def kind_of(reference: str) -> str:
    """Return the resource type written in a reference (`Practitioner/d3`, `https://…/Practitioner/d3`), or nothing."""
    parts = reference.partition("/_history/")[0].split("/")
    return parts[-2] if len(parts) > 1 and parts[-2].isalpha() and not reference.startswith("urn:") else ""


ROWS = (
    Invariant("ctm-1", "onBehalfOf seulement pour un membre Practitioner", ctm_1,
              sure={"not": {"required": ["onBehalfOf"]}},
              shows=("member",)),
    Invariant("event-subject", "subject ou about, un seul des deux",
              lambda r: ("subject" in r) != ("about" in r),
              expression="subject.exists() xor about.exists()"),
    Invariant("req-met", "POST ou PUT", lambda method: method in ("POST", "PUT"),
              expression="value='POST' or value='PUT'", of_value=True),
    Invariant("req-met-1", "POST ou PUT", lambda method: method in ("POST", "PUT"),
              expression="value='POST' or value='PUT'", of_value=True),
)  # fmt: skip
