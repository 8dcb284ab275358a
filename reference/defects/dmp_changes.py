"""Changes made by the defects of the DMP: the classic confusions, and what a lot loses."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from reference.spoil import Outgoing, Spoil, outgoing

TYPE = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"
APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"
CONFIDENTIALITY = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"


def deposit() -> Spoil:
    """A lot that leaves."""
    return outgoing("POST", "/xds/repository")


def registry() -> Spoil:
    """A search, or an update of metadata."""
    return outgoing("POST", "/xds/registry")


def of_type(code: str) -> Callable[[Outgoing], bool]:
    """Whether a lot brings a document of that type."""
    path = f".//{{*}}Classification[@nodeRepresentation='{code}']"
    return lambda request: request.xml.find(path) is not None


def slot(name: str) -> str:
    """Values of a slot of metadata, as a path."""
    return f"Slot[@name='{name}']/ValueList/Value"


def in_base64(digest: str) -> str:
    """A digest in base64 instead of hexadecimal, as FHIR writes it."""
    return base64.b64encode(bytes.fromhex(digest)).decode()


def local_time(instant: str) -> str:
    """The time of Paris, where universal time is wanted."""
    read = datetime.strptime(instant, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return read.astimezone(ZoneInfo("Europe/Paris")).strftime("%Y%m%d%H%M%S")


def approved_only(statuses: str) -> str:
    """A list of statuses without that of archived documents."""
    return f"({','.join(one for one in statuses.strip('()').split(',') if 'Archived' not in one)})"


def with_archived(statuses: str) -> str:
    """A list of statuses with that of archived documents."""
    return statuses if "Archived" in statuses else f"{statuses.rstrip(')')},'{ARCHIVED}')"


def not_archived(status: str) -> str:
    """The status of documents in force, in the place of that of archived ones."""
    return APPROVED if status == ARCHIVED else status


def prefix_of_persons(institution: str) -> str:
    """FINESS with the prefix 3 of the identifiers of persons, where that of structures is 1."""
    head, _, number = institution.rpartition("^")
    return f"{head}^3{number[1:]}"
