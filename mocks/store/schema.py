"""The one MetaData on which every room of `mocks` declares its tables."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData()

TENANTS = Table(
    "tenants",
    METADATA,
    Column("name", String(80), primary_key=True),
    Column("created", String(32), nullable=False),
    Column("settings", Text, nullable=False),  # JSON object: only what differs from the services' defaults
    Column("clock", Text, nullable=False),  # JSON object, see mocks/clock.py
    Column("faults", Text, nullable=False),  # JSON list, see mocks/faults.py
)

# Within a tenant ids only grow. Without AUTOINCREMENT, SQLite may give again the last ids of a tenant that was
# removed, to another tenant, for which they are new.
EXCHANGES = Table(
    "exchanges",
    METADATA,
    # Of 64 bits: SQLite's are, and numbers itself only what is an INTEGER.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("tenant", String(80), nullable=False),
    Column("service", String(40), nullable=False),
    Column("operation", String(80), nullable=False),
    Column("person", String(80)),
    Column("entry", Text, nullable=False),  # JSON of the exchange but its id
    Index("exchanges_by_tenant", "tenant", "id"),
)
