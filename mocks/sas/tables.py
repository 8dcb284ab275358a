"""The table of the service: the regulators that the platform knows."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table

from mocks.store import METADATA

REGULATORS = Table(
    "sas_regulators",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("family", String(200), nullable=False),
    Column("given", String(200), nullable=False),
    Column("email", String(200), nullable=False),
    Column("technical_id", String(40), nullable=False),  # UUID that the platform gave
    Column("national_id", String(80), nullable=False),  # empty as long as the platform does not have it
    Column("active", Boolean, nullable=False),
)
