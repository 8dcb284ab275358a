"""The tables of the service: mailboxes and their folders, messages, and where each message went."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from mocks.store import METADATA

MAILBOXES = Table(
    "mss_mailboxes",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("address", String(254), primary_key=True),  # lower case
    Column("sheet", Text, nullable=False),  # JSON object, see model_mailboxes
)
FOLDERS = Table(
    "mss_folders",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("address", String(254), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("uid_validity", Integer, nullable=False),
    Column("next_uid", Integer, nullable=False),
    Column("changes", Integer, nullable=False),  # number of the last change of the folder
    Column("subscribed", Integer, nullable=False),
)
# Each message once, whatever the number of its copies.
MESSAGES = Table(
    "mss_messages",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("tenant", String(80), nullable=False),
    Column("received", String(32), nullable=False),
    Column("origin", String(10), nullable=False),  # see model_messages
    Column("sender", String(254), nullable=False),  # MAIL FROM, empty for a report
    Column("message_id", String(998), nullable=False),
    Column("size", Integer, nullable=False),  # bytes as sent
    Column("sha256", String(64), nullable=False),  # of the message as sent
    Column("facts", Text, nullable=False),  # JSON object: subject, person, envelope
    Column("content", LargeBinary, nullable=False),  # with Return-Path and Received before it
    Index("mss_messages_by_tenant", "tenant", "id"),
)
DELIVERIES = Table(
    "mss_deliveries",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("message", Integer, primary_key=True),
    Column("recipient", String(254), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("reason", String(60), nullable=False),
)
# A message in a folder. A copy that is gone stays, without content, for who still shows it.
COPIES = Table(
    "mss_copies",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("address", String(254), primary_key=True),
    Column("folder", String(200), primary_key=True),
    Column("uid", Integer, primary_key=True),
    Column("message", Integer, nullable=False),
    Column("flags", Text, nullable=False),  # JSON list
    Column("received", String(32), nullable=False),
    Column("change", Integer, nullable=False),  # number of its last change in the folder
    Column("gone", Integer, nullable=False),
    Index("mss_copies_by_change", "tenant", "address", "folder", "change"),
)
ALL = (MAILBOXES, FOLDERS, MESSAGES, DELIVERIES, COPIES)
