"""What the registry writes in the ebRIM that it was given: its identifiers, statuses, versions, slots."""

from __future__ import annotations

import copy
import re
import uuid
from collections.abc import Mapping
from typing import Any

from lxml import etree

from mocks.dmp.names import rim

_UUID = re.compile(r"urn:uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_REFERENCES = ("id", "classifiedObject", "registryObject", "sourceObject", "targetObject")


def new_uuid() -> str:
    """An entryUUID."""
    return f"urn:uuid:{uuid.uuid4()}"


def is_uuid(text: str | None) -> bool:
    """Whether an id is a UUID, rather than a symbol that stands for one inside a submission."""
    return bool(_UUID.fullmatch(text or ""))


def registered(element: Any, ids: Mapping[str, str]) -> Any:
    """A copy of an element where symbols are the UUIDs that the registry gave. ids: UUID by symbol."""
    made = copy.deepcopy(element)
    etree.cleanup_namespaces(made)
    for one in made.iter("{*}*"):
        for name in _REFERENCES:
            value = one.get(name)
            if value in ids:
                one.set(name, ids[value])
            elif name == "id" and value is not None and not is_uuid(value):
                one.set(name, new_uuid())
    return made


def set_version(element: Any, lid: str, version: int) -> None:
    """Write lid and version."""
    element.set("lid", lid)
    info = element.find(rim("VersionInfo"))
    if info is None:
        info = etree.Element(rim("VersionInfo"))
        element.insert(_before_classifications(element), info)
    info.set("versionName", str(version))


def set_slot(element: Any, name: str, value: str) -> None:
    """Write a slot of one value, instead of the one of that name."""
    for old in element.findall(rim("Slot")):
        if old.get("name") == name:
            element.remove(old)
    slot = etree.Element(rim("Slot"), {"name": name})
    etree.SubElement(etree.SubElement(slot, rim("ValueList")), rim("Value")).text = value
    element.insert(0, slot)


def _before_classifications(element: Any) -> int:
    """Where VersionInfo stands in the schema: after Slot, Name and Description."""
    first = (rim("Slot"), rim("Name"), rim("Description"))
    return sum(1 for child in element if child.tag in first)


def text(element: Any) -> str:
    """An element as it is stored."""
    return etree.tostring(element, encoding="unicode", with_tail=False)
