"""Where something read in MES comes from, as people are told it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

AUTHOR_SYSTEM = "https://banc.test/mes/auteur"
STRUCTURE_SYSTEM = "https://banc.test/bsp/structure"
_OF_THE_USAGER = "urn:banc:usager"


def origin_of(resource: Mapping[str, Any]) -> tuple[str, str]:
    """Kind (`usager`, `autre`) and French label, from `meta.source` and `meta.tag`."""
    meta = resource.get("meta") or {}
    codes = {tag.get("code") for tag in meta.get("tag") or [] if tag.get("system") == AUTHOR_SYSTEM}
    source = str(meta.get("source") or "")
    if "PATIENT" in codes or source == _OF_THE_USAGER:
        return "usager", "Ajouté par l'usager dans Mon espace santé"
    structures = [str(t.get("display", "")) for t in meta.get("tag") or [] if t.get("system") == STRUCTURE_SYSTEM]
    if any(structures):
        return "autre", f"Mon espace santé, {structures[0]}"
    return "autre", f"Mon espace santé, autre service{f' ({source})' if source else ''}"
