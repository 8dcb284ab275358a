"""The tables of all identity providers. Instants are seconds since 1970."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from mocks.store import METADATA


def _place() -> tuple[Column[str], Column[str]]:
    return Column("tenant", String(80), primary_key=True), Column("service", String(40), primary_key=True)


CLIENTS = Table(
    "oidc_clients",
    METADATA,
    *_place(),
    Column("client_id", String(200), primary_key=True),
    Column("secret", String(64), nullable=False),  # SHA-256, "" for none
    Column("sheet", Text, nullable=False),  # JSON: addresses, space, certificate
)
REQUESTS = Table(
    "oidc_requests",
    METADATA,
    *_place(),
    Column("id", String(40), primary_key=True),
    Column("client_id", String(200), nullable=False),
    Column("params", Text, nullable=False),  # JSON: the authorization request
    Column("browser", String(64), nullable=False),  # SHA-256 of the cookie of the browser that began
    Column("csrf", String(64), nullable=False),
    Column("expires", BigInteger, nullable=False),
)
# Somebody signed in. What hangs from a session falls with it.
SESSIONS = Table(
    "oidc_sessions",
    METADATA,
    *_place(),
    Column("id", String(40), primary_key=True),
    Column("browser", String(64), nullable=False),  # SHA-256 of the cookie, "" without a browser (CIBA)
    Column("person", String(80), nullable=False),
    Column("level", String(40), nullable=False),
    Column("means", Text, nullable=False),  # JSON list
    Column("started", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("ended", Integer, nullable=False),
    Index("oidc_sessions_by_browser", "tenant", "service", "browser"),
)
# One authorization given to one client: the family of its code and tokens.
GRANTS = Table(
    "oidc_grants",
    METADATA,
    *_place(),
    Column("family", String(40), primary_key=True),
    Column("session", String(40), nullable=False),
    Column("client_id", String(200), nullable=False),
    Column("person", String(80), nullable=False),
    Column("scope", Text, nullable=False),
    Column("level", String(40), nullable=False),
    Column("nonce", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("challenge", String(128), nullable=False),
    Column("method", String(8), nullable=False),
    Column("revoked", Integer, nullable=False),
    Index("oidc_grants_by_person", "tenant", "service", "person"),
)
SECRETS = Table(
    "oidc_secrets",
    METADATA,
    *_place(),
    Column("secret", String(64), primary_key=True),  # SHA-256
    Column("kind", String(8), nullable=False),  # code, access, refresh
    Column("family", String(40), nullable=False),
    Column("issued", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("used", Integer, nullable=False),
    Column("revoked", Integer, nullable=False),
    Index("oidc_secrets_by_family", "tenant", "service", "family"),
)
CIBA = Table(
    "oidc_ciba",
    METADATA,
    *_place(),
    Column("id", String(40), primary_key=True),
    Column("secret", String(64), nullable=False),  # SHA-256 of auth_req_id
    Column("client_id", String(200), nullable=False),
    Column("person", String(80), nullable=False),
    Column("scope", Text, nullable=False),
    Column("level", String(40), nullable=False),
    Column("binding_message", String(200), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("status", String(10), nullable=False),  # pending, accepted, denied, done
    Column("interval", Integer, nullable=False),
    Column("issued", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("polled_ms", BigInteger, nullable=False),  # 0 before the first poll
    Index("oidc_ciba_by_secret", "tenant", "service", "secret", unique=True),
)
# Signing keys of a ring (a provider and an algorithm). tenant "": the first key, that all tenants share until one of
# them renews its own.
KEYS = Table(
    "oidc_keys",
    METADATA,
    Column("ring", String(80), primary_key=True),
    Column("tenant", String(80), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("pem", Text, nullable=False),
)
OF_TENANT = (CLIENTS, REQUESTS, SESSIONS, GRANTS, SECRETS, CIBA)
