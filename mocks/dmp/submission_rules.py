"""What holds a submission together: ids, and the ends of associations (IHE ITI TF vol. 3 §4.2.1). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mocks.dmp.ebrim_writing import is_uuid
from mocks.dmp.refusals import XdsError

REGISTRY = "XDSRegistryMetadataError"
LONGEST_TYPE = 120  # characters of an association type
Facts = Mapping[str, Any]


def errors(entries: Sequence[Facts], lots: Sequence[Facts], associations: Sequence[Facts]) -> Iterator[XdsError]:
    """Errors of the objects of a submission, whatever they say."""
    ids = [*(one["entry_uuid"] for one in entries), *(one["id"] for one in lots)]
    if not all(ids):
        yield XdsError(REGISTRY, "Une fiche ou un lot n'a pas d'identifiant (id).")
    named = [*ids, *(one["id"] for one in associations if one["id"])]
    if len(set(named)) != len(named):
        yield XdsError(REGISTRY, "Deux objets du lot ont le même identifiant.")
    for one in associations:
        yield from _association(one, set(ids))


def _association(association: Facts, here: set[str]) -> Iterator[XdsError]:
    where = str(association["id"])
    if not association["type"] or len(association["type"]) > LONGEST_TYPE:
        yield XdsError(REGISTRY, "Une association ne dit pas son type.", where)
    for end in (association["source"], association["target"]):
        if not end or (end not in here and not is_uuid(end)):
            yield XdsError("UnresolvedReferenceException", f"Association vers l'inconnu : {end}.", where)
