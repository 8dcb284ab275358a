"""The tables of the service."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from mocks.soap.seen import Seen
from mocks.store import METADATA

# What the register says otherwise than the world: who was never touched has no row.
IDENTITIES = Table(
    "insi_identities",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("person", String(40), primary_key=True),
    Column("changes", Text, nullable=False),  # JSON object
)
SEEN = Seen("insi")  # identifiers that clients must not use twice
ALL = (IDENTITIES, SEEN.table)
