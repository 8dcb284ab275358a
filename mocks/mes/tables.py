"""The tables of the service. Instants that are compared are seconds since 1970; those that are shown, RFC 3339."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from mocks.store import METADATA


def _tenant() -> Column[str]:
    return Column("tenant", String(80), primary_key=True)


SERVICES = Table(
    "mes_services",
    METADATA,
    _tenant(),
    Column("oid", String(120), primary_key=True),
    Column("client_id", String(200), nullable=False),
    Column("secret", String(64), nullable=False),  # SHA-256
    Column("status", String(20), nullable=False),
    Column("exchange", Integer, nullable=False),  # 1: referenced with exchange
    Column("version", Integer, nullable=False),
    Column("assign_auth", String(120), nullable=False),
    Column("sheet", Text, nullable=False),  # JSON: names, addresses, redirect URIs
    Column("finalities", Text, nullable=False),  # JSON list
    Column("initial", Text, nullable=False),  # JSON: what a new staging puts back
    Index("mes_services_by_client", "tenant", "client_id", unique=True),
)
PUSHED = Table(
    "mes_pushed",
    METADATA,
    _tenant(),
    Column("uri", String(64), primary_key=True),  # SHA-256 of request_uri
    Column("client_id", String(200), nullable=False),
    Column("params", Text, nullable=False),
    Column("expires", BigInteger, nullable=False),
)
ATTEMPTS = Table(
    "mes_attempts",
    METADATA,
    _tenant(),
    Column("id", String(40), primary_key=True),  # pairingId
    Column("oid", String(120), nullable=False),
    Column("params", Text, nullable=False),  # JSON: the authorization request
    Column("browser", String(64), nullable=False),  # SHA-256 of the cookie of the browser that began
    Column("csrf", String(64), nullable=False),
    Column("holder", String(80)),  # who logged in
    Column("expires", BigInteger, nullable=False),
)
PAIRINGS = Table(
    "mes_pairings",
    METADATA,
    _tenant(),
    Column("id", String(40), primary_key=True),
    Column("number", BigInteger, nullable=False),  # order of creation in the tenant
    Column("oid", String(120), nullable=False),
    Column("person", String(80), nullable=False),  # the profile
    Column("holder", String(80), nullable=False),  # who authorised: the person, or the legal representative
    Column("assign_auth", String(120), nullable=False),
    Column("idpe", String(200), nullable=False),
    Column("external_user", Text, nullable=False),
    Column("created", String(32), nullable=False),
    Column("revoked", String(32)),
    Column("consents", Text, nullable=False),  # JSON list of the codes granted now
    Column("acknowledged", Integer, nullable=False),  # version of the service that the user has seen
    Column("majority", BigInteger),  # when the authorisations of the representative fall due
    Column("reapproved", Integer, nullable=False),
    Index("mes_pairings_by_person", "tenant", "person"),
)
CONSENTS = Table(
    "mes_consents",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("tenant", String(80), nullable=False),
    Column("pairing", String(40), nullable=False),
    Column("finality", String(80), nullable=False),
    Column("given", Integer, nullable=False),
    Column("instant", String(32), nullable=False),
    Index("mes_consents_by_pairing", "tenant", "pairing"),
)
CODES = Table(
    "mes_codes",
    METADATA,
    _tenant(),
    Column("code", String(64), primary_key=True),  # SHA-256
    Column("client_id", String(200), nullable=False),
    Column("pairing", String(40), nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("challenge", String(128), nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("family", String(40), nullable=False),  # tokens issued for it
    Column("used", Integer, nullable=False),
)
TOKENS = Table(
    "mes_tokens",
    METADATA,
    _tenant(),
    Column("token", String(64), primary_key=True),  # SHA-256
    Column("kind", String(8), nullable=False),  # access, refresh
    Column("family", String(40), nullable=False),
    Column("client_id", String(200), nullable=False),
    Column("pairing", String(40), nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("used", Integer, nullable=False),
    Column("revoked", Integer, nullable=False),
    Index("mes_tokens_by_family", "tenant", "family"),
    Index("mes_tokens_by_pairing", "tenant", "pairing"),
)
ALL = (SERVICES, PUSHED, ATTEMPTS, PAIRINGS, CONSENTS, CODES, TOKENS)
