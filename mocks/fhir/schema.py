"""Tables of the FHIR engine: all versions of all resources, what they are found by, and pages kept for later."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, String, Table, Text, UniqueConstraint, text

from mocks.store import METADATA

RESOURCES = Table(
    "fhir_resources",
    METADATA,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("space", String(160), nullable=False),  # tenant/service/type
    Column("id", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("current", SmallInteger, nullable=False),  # 1 for the newest version, deleted or not
    Column("deleted", SmallInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),  # microseconds since 1970, tenant's clock
    Column("compartment", String(200), nullable=False),  # empty: none
    Column("owner", String(200), nullable=False),  # empty: none
    Column("body", Text, nullable=False),
    UniqueConstraint("space", "id", "version"),
    Index("fhir_resources_by_compartment", "space", "compartment", "current"),
)

# The newest version of each resource has one row per value that it can be found by.
VALUES = Table(
    "fhir_values",
    METADATA,
    Column("resource", Integer, primary_key=True, autoincrement=False),  # fhir_resources.key
    Column("param", String(120), primary_key=True),  # see search/values.py
    Column("ordinal", SmallInteger, primary_key=True, autoincrement=False),
    Column("space", String(160), nullable=False),
    Column("system", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("low", BigInteger, nullable=False),  # dates: [low, high[ in microseconds since 1970
    Column("high", BigInteger, nullable=False),
    Column("sought", SmallInteger, nullable=False),  # 1 when a search may start from this row
    # Partial: each page of this index that an insert touches costs as much as the row itself.
    Index(
        "fhir_values_by_value",
        "space",
        "param",
        "value",
        "low",
        sqlite_where=text("sought = 1"),
        postgresql_where=text("sought = 1"),
    ),
    sqlite_with_rowid=False,
)

PAGES = Table(
    "fhir_pages",
    METADATA,
    Column("token", String(40), primary_key=True),
    Column("space", String(160), nullable=False),
    Column("compartment", String(200), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("keys", Text, nullable=False),  # JSON list of fhir_resources.key: versions, so that pages never move
)
