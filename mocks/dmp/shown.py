"""A DMP as the admin API shows it: to its person, to a representative, to a professional, or whole (contract §6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from mocks.dmp.access import visibilities
from mocks.dmp.deposit import sha1
from mocks.dmp.model_documents import Association, Entry, Registry
from mocks.dmp.names import (
    ARCHIVED,
    DELETED,
    DEPRECATED,
    HIDDEN_FROM_PATIENT,
    HIDDEN_FROM_REPRESENTATIVES,
    RPLC,
)
from mocks.dmp.tables import CONTENTS, ENTRIES, LOTS

_HIDDEN_FROM = {"usager": {HIDDEN_FROM_PATIENT}, "representant": {HIDDEN_FROM_PATIENT, HIDDEN_FROM_REPRESENTATIVES}}
_WORDS = {DEPRECATED: "Deprecated", ARCHIVED: "Archived", DELETED: "Deleted"}


def visible(entries: Iterable[Entry], view: str) -> list[Entry]:
    """What the usager (`usager`) or a legal representative (`representant`) sees: the last versions in force."""
    hidden = _HIDDEN_FROM[view]
    return [
        one
        for one in entries
        if one.latest and one.status not in (DELETED, DEPRECATED) and not hidden & visibilities(one.facts)
    ]


def documents(registry: Registry, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Documents as the admin API tells them, in order of creation, then of versions."""
    listed = sorted(entries, key=lambda one: (str(one.facts["creation_time"]), one.unique_id, one.version))
    return [_document(registry, one) for one in listed]


def _document(registry: Registry, entry: Entry) -> dict[str, Any]:
    facts, codes = entry.facts, visibilities(entry.facts)
    replaces = _other(registry.associations("source", [entry.lid]), registry, "target")
    replaced_by = _other(registry.associations("target", [entry.lid, entry.uuid]), registry, "source")
    return {
        "unique_id": entry.unique_id,
        "entry_uuid": entry.uuid,
        "lid": entry.lid,
        "version": entry.version,
        "statut": _WORDS.get(entry.status, "Approved"),
        "titre": facts["title"],
        "type": facts["type"],
        "classe": facts["class"],
        "confidentialite": [one["code"] for one in facts["confidentiality"]],
        "date_acte": facts["service_start_time"],
        "date_creation": facts["creation_time"],
        "auteurs": [one["person"] for one in facts["authors"]],
        "structure": next((xon for one in facts["authors"] for xon in one["institutions"]), None),
        "origine": entry.origin,
        "taille": int(facts["size"]),
        "sha1": facts["hash"],
        "lot": entry.lot,
        "remplace": replaces,
        "remplace_par": replaced_by,
        "alerte": bool(codes & {HIDDEN_FROM_PATIENT, HIDDEN_FROM_REPRESENTATIVES}),
        "metadonnees": facts,
    }


def _other(links: Iterable[Association], registry: Registry, end: str) -> str | None:
    """The uniqueId at the other end of a replacement."""
    for link in links:
        if link.type == RPLC:
            found = registry.entry(getattr(link, end))
            return None if found is None else found.unique_id
    return None


def integrity(registry: Registry) -> Mapping[str, Any]:
    """Whether registry and repository hold together: what a load test asks when it is over."""
    session, tenant = registry.session, registry.tenant
    entries = session.query(
        select(ENTRIES.c.unique_id, ENTRIES.c.lid, ENTRIES.c.status).where(
            ENTRIES.c.tenant == tenant, ENTRIES.c.latest == 1
        )
    )
    contents = session.query(
        select(CONTENTS.c.unique_id, CONTENTS.c.sha1, CONTENTS.c.size).where(CONTENTS.c.tenant == tenant)
    )
    lots = session.query(select(LOTS.c.uuid).where(LOTS.c.tenant == tenant))
    chains = Counter(row.unique_id for row in {(one.unique_id, one.lid): one for one in entries}.values())
    kept = {row.unique_id: row for row in contents}
    return {
        "lots": len(lots),
        "documents": len(chains),
        "octets": sum(row.size for row in contents),
        "par_statut": dict(Counter(_WORDS.get(row.status, "Approved") for row in entries)),
        "doublons": sorted(name for name, count in chains.items() if count > 1),
        "sans_contenu": sorted(name for name in chains if name not in kept),
        "empreintes_fausses": _wrong_digests(registry, kept),
    }


def _wrong_digests(registry: Registry, kept: Mapping[str, Any]) -> list[str]:
    found = []
    for name, row in kept.items():
        content = registry.content(name)
        assert content is not None
        if sha1(content.content) != row.sha1 or len(content.content) != row.size:
            found.append(name)
    return sorted(found)
