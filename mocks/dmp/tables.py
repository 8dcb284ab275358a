"""The tables of the service: the DMP of each person, lots, documents and their contents, associations."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from mocks.soap.seen import Seen
from mocks.store import METADATA

# What somebody changed in the DMP of a person: who was never touched has no row.
RECORDS = Table(
    "dmp_records",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("person", String(40), primary_key=True),
    Column("state", Text, nullable=False),  # JSON object, see model_records
)
# Whose certificates may sign.
TRUST = Table(
    "dmp_trust",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("authorities", Text, nullable=False),  # PEM
    Column("revocations", Text, nullable=False),  # PEM
)
SEEN = Seen("dmp")  # identifiers that clients must not use twice: assertions, messages
LOTS = Table(
    "dmp_lots",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("uuid", String(64), primary_key=True),
    Column("unique_id", String(256), nullable=False),
    Column("person", String(40), nullable=False),
    Column("submitted", String(14), nullable=False),  # submissionTime
    Column("status", String(80), nullable=False),
    Column("facts", Text, nullable=False),  # JSON, as in context.lot
    Column("xml", Text, nullable=False),  # rim:RegistryPackage
    Column("updated", String(30), nullable=False),  # RFC 3339, clock of the tenant
    Index("dmp_lots_by_unique_id", "tenant", "unique_id", unique=True),
    Index("dmp_lots_by_person", "tenant", "person"),
)
# One row for each version of each entry.
ENTRIES = Table(
    "dmp_entries",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("uuid", String(64), primary_key=True),
    Column("lid", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("latest", Integer, nullable=False),  # 1 for the last version of its lid
    Column("unique_id", String(256), nullable=False),
    Column("person", String(40), nullable=False),
    Column("status", String(80), nullable=False),
    Column("lot", String(64), nullable=False),
    Column("origin", String(20), nullable=False),
    Column("facts", Text, nullable=False),  # JSON, as in context.documents[].entry
    Column("xml", Text, nullable=False),  # rim:ExtrinsicObject
    Column("changes", Integer, nullable=False),  # how many times its status was changed
    Column("updated", String(30), nullable=False),  # RFC 3339, clock of the tenant
    Index("dmp_entries_by_unique_id", "tenant", "unique_id"),
    Index("dmp_entries_by_person", "tenant", "person"),
    Index("dmp_entries_by_lid", "tenant", "lid"),
    Index("dmp_entries_by_lot", "tenant", "lot"),
)
CONTENTS = Table(
    "dmp_contents",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("unique_id", String(256), primary_key=True),
    Column("sha1", String(40), nullable=False),
    Column("size", Integer, nullable=False),
    Column("mime_type", String(100), nullable=False),
    Column("content", LargeBinary, nullable=False),
)
ASSOCIATIONS = Table(
    "dmp_associations",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("uuid", String(64), primary_key=True),
    Column("type", String(120), nullable=False),
    Column("source", String(64), nullable=False),
    Column("target", String(64), nullable=False),
    Column("lot", String(64), nullable=False),
    Column("xml", Text, nullable=False),  # rim:Association
    Index("dmp_associations_by_source", "tenant", "source"),
    Index("dmp_associations_by_target", "tenant", "target"),
)
ALL = (RECORDS, TRUST, SEEN.table, LOTS, ENTRIES, CONTENTS, ASSOCIATIONS)
