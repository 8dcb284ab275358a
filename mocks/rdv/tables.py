"""The tables of the block: who is connected to it, whom they hold, what was asked, what is to be written elsewhere."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Integer, String, Table, Text

from mocks.store import METADATA

# Software connected to the block. agenda: FHIR base where the block writes, empty when it has none.
SOFTWARE = Table(
    "rdv_software",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("client_id", String(200), primary_key=True),
    Column("agenda", Text, nullable=False),
    Column("authorization", Text, nullable=False),  # of the block at that agenda: a whole header
)
# Who answers for whom. A professional may work with several pieces of software.
HELD = Table(
    "rdv_held",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("professional", String(80), primary_key=True),
    Column("client_id", String(200), primary_key=True),
)
REQUESTS = Table(
    "rdv_requests",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("appointment", String(64), primary_key=True),
    Column("client_id", String(200), nullable=False),  # who asked
    Column("proposer", String(80), nullable=False),  # professional who gave the time now discussed, or empty
    Column("deadline", BigInteger, nullable=False),  # microseconds since 1970, 0 for none
)
# One row per agenda where an appointment must be written; it always carries the newest version.
DELIVERIES = Table(
    "rdv_deliveries",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("appointment", String(64), primary_key=True),
    Column("client_id", String(200), primary_key=True),
    Column("wanted", Integer, nullable=False),  # grows with each change to be written
    Column("state", String(20), nullable=False),  # a_envoyer, en_cours, fait, echec
    Column("attempts", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Column("taken", Float, nullable=False),  # when a courier took it, seconds since 1970
)
# Usagers who let the block read and feed their agenda of MES.
AGREEMENTS = Table(
    "rdv_agreements",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("person", String(40), primary_key=True),
)
# The event of MES that stands for an appointment.
MES_EVENTS = Table(
    "rdv_mes_events",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("appointment", String(64), primary_key=True),
    Column("person", String(40), primary_key=True),
    Column("event", String(64), nullable=False),
)
ALL = (SOFTWARE, HELD, REQUESTS, DELIVERIES, AGREEMENTS, MES_EVENTS)
