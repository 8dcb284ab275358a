"""The tables of the service. The events are in the store of Mon espace santé. Instants are seconds since 1970."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from mocks.store import METADATA

STRUCTURES = Table(
    "bsp_structures",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("client_id", String(200), primary_key=True),  # at the authorization server of the API
    Column("oid", String(120), nullable=False),  # of the solution: source of what it writes
    Column("finess", String(9), nullable=False),
    Column("nom", String(200), nullable=False),
)
CONSENTS = Table(
    "bsp_consents",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("tenant", String(80), nullable=False),
    Column("person", String(80), nullable=False),
    Column("structure", String(9), nullable=False),  # FINESS, "" when it is given to a professional
    Column("professional", String(80), nullable=False),  # national identifier, "" when it is given to a structure
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger),  # end that the person chose
    Column("withdrawn", BigInteger),
    Index("bsp_consents_by_person", "tenant", "person"),
)
PROFILES = Table(
    "bsp_profiles",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("person", String(80), primary_key=True),
    Column("closed", Integer, nullable=False),
    Column("opposed", Integer, nullable=False),
)
ALL = (STRUCTURES, CONSENTS, PROFILES)
