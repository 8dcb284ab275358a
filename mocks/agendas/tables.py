"""The tables of a manager of agendas: clients, and what the manager must find without reading resources."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, delete

from mocks.agendas.state import space_of
from mocks.store import METADATA, Session

CLIENTS = Table(
    "agenda_clients",
    METADATA,
    Column("space", String(120), primary_key=True),
    Column("client_id", String(200), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("token", String(64), nullable=False),  # SHA-256
    Index("agenda_clients_by_token", "space", "token", unique=True),
)
# Whom a Patient is: by its address (`Patient/id`) and by its identifiers (`system|value`).
PERSONS = Table(
    "agenda_persons",
    METADATA,
    Column("space", String(120), primary_key=True),
    Column("key", String(300), primary_key=True),
    Column("person", String(40), nullable=False),
)
# Who is taken when a Schedule is: the professionals and devices among its actors, by address and by identifier.
ACTORS = Table(
    "agenda_actors",
    METADATA,
    Column("space", String(120), primary_key=True),
    Column("key", String(300), primary_key=True),
    Column("schedule", String(64), primary_key=True),
    Index("agenda_actors_by_schedule", "space", "schedule"),
)
SLOTS = Table(
    "agenda_slots",
    METADATA,
    Column("space", String(120), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("schedule", String(64), nullable=False),
    Column("low", BigInteger, nullable=False),  # [low, high[ in microseconds since 1970
    Column("high", BigInteger, nullable=False),
    Column("service", Text, nullable=False),  # JSON of the serviceType, empty for none
    Column("status", String(20), nullable=False),
    Index("agenda_slots_by_time", "space", "schedule", "low"),
)
# The time that an appointment takes in a Schedule.
OCCUPATIONS = Table(
    "agenda_occupations",
    METADATA,
    Column("space", String(120), primary_key=True),
    Column("appointment", String(64), primary_key=True),
    Column("rank", Integer, primary_key=True, autoincrement=False),
    Column("schedule", String(64), nullable=False),
    Column("low", BigInteger, nullable=False),
    Column("high", BigInteger, nullable=False),
    Column("status", String(20), nullable=False),  # what it makes of a slot: busy, busy-tentative
    Index("agenda_occupations_by_time", "space", "schedule", "low"),
)
ALL = (CLIENTS, PERSONS, ACTORS, SLOTS, OCCUPATIONS)


def forget(session: Session, tenant: str, service: str) -> None:
    """Remove all that a service holds for a tenant."""
    for table in ALL:
        session.execute(delete(table).where(table.c.space == space_of(tenant, service)))
