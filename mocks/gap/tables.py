"""The tables of the service: clients, and what the manager must find without reading resources."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from mocks.store import METADATA

CLIENTS = Table(
    "gap_clients",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("client_id", String(200), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("token", String(64), nullable=False),  # SHA-256
    Index("gap_clients_by_token", "tenant", "token", unique=True),
)
# Whom a Patient is: by its address (`Patient/id`) and by its identifiers (`system|value`).
PERSONS = Table(
    "gap_persons",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("key", String(300), primary_key=True),
    Column("person", String(40), nullable=False),
)
# Who is taken when a Schedule is: the professionals and devices among its actors, by address and by identifier.
ACTORS = Table(
    "gap_actors",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("key", String(300), primary_key=True),
    Column("schedule", String(64), primary_key=True),
    Index("gap_actors_by_schedule", "tenant", "schedule"),
)
SLOTS = Table(
    "gap_slots",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("schedule", String(64), nullable=False),
    Column("low", BigInteger, nullable=False),  # [low, high[ in microseconds since 1970
    Column("high", BigInteger, nullable=False),
    Column("service", Text, nullable=False),  # JSON of the serviceType, empty for none
    Column("status", String(20), nullable=False),
    Index("gap_slots_by_time", "tenant", "schedule", "low"),
)
# The time that an appointment takes in a Schedule.
OCCUPATIONS = Table(
    "gap_occupations",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("appointment", String(64), primary_key=True),
    Column("rank", Integer, primary_key=True, autoincrement=False),
    Column("schedule", String(64), nullable=False),
    Column("low", BigInteger, nullable=False),
    Column("high", BigInteger, nullable=False),
    Column("status", String(20), nullable=False),  # what it makes of a slot: busy, busy-tentative
    Index("gap_occupations_by_time", "tenant", "schedule", "low"),
)
ALL = (CLIENTS, PERSONS, ACTORS, SLOTS, OCCUPATIONS)
