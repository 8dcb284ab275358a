"""Reading a stored query (ITI-18): which one, with what values (IHE ITI TF vol. 2 §3.18.4.1.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from mocks.dmp.names import QUERY, rim
from mocks.dmp.refusals import RefusedError, XdsError
from mocks.dmp.settings import DATA

QUERIES: dict[str, dict[str, Any]] = orjson.loads((DATA / "requetes.json").read_bytes())
LEAF, REFERENCE = "LeafClass", "ObjectRef"
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
Groups = Sequence[Sequence[str]]


@dataclass(frozen=True)
class StoredQuery:
    """A stored query. parameters: for each name the values of each slot (slots of one name restrict each other)."""

    id: str
    name: str
    returns: str
    parameters: Mapping[str, Groups]

    def values(self, name: str) -> list[str]:
        """All the values of a parameter."""
        return [value for group in self.parameters.get(name, ()) for value in group]

    def first(self, name: str) -> str | None:
        """The first value of a parameter."""
        return next(iter(self.values(name)), None)

    @property
    def patient(self) -> str | None:
        """The patient asked about, None where the query does not name one."""
        name = QUERIES[self.id].get("patient")
        return None if name is None else self.first(name)

    @property
    def keys(self) -> tuple[str, list[str]]:
        """(`uuid`, `unique_id` or `lid`, values) by which a Get query asks."""
        for key, names in QUERIES[self.id].get("cles", {}).items():
            found = [value for name in names for value in self.values(name)]
            if found:
                return str(key), found
        return "", []

    @property
    def is_local(self) -> bool:
        """Whether this is TD3.1b: the technical id is asked from the local one."""
        return self.name == "GetDocuments" and self.keys[0] == "unique_id"

    def as_json(self) -> dict[str, Any]:
        """As the journal keeps it."""
        flat = {name: self.values(name) for name in self.parameters}
        return {"id": self.id, "name": self.name, "return_type": self.returns, "parameters": flat}


def read(request: Any) -> StoredQuery:
    """The query of an AdhocQueryRequest, as it stands; its name is empty when it is unknown."""
    asked = request.find(rim("AdhocQuery"))
    option = request.find(f"{{{QUERY}}}ResponseOption")
    parameters: dict[str, list[list[str]]] = {}
    for slot in [] if asked is None else asked.iterfind(rim("Slot")):
        texts = [value.text or "" for value in slot.iterfind(f"{rim('ValueList')}/{rim('Value')}")]
        parameters.setdefault(slot.get("name", ""), []).append([value for text in texts for value in _values(text)])
    id_ = "" if asked is None else asked.get("id", "")
    return StoredQuery(
        id=id_,
        name=QUERIES.get(id_, {}).get("nom", ""),
        returns=(None if option is None else option.get("returnType")) or "RegistryObject",
        parameters=parameters,
    )


def check(query: StoredQuery) -> None:
    """Raises RefusedError for a query that the registry cannot run."""
    if not query.name:
        raise RefusedError(XdsError("XDSUnknownStoredQuery", f"Requête inconnue : « {query.id[:100]} »."))
    if query.returns not in (LEAF, REFERENCE):
        raise RefusedError(XdsError("XDSRegistryError", f"returnType : attendu {LEAF} ou {REFERENCE}."))
    wanted = QUERIES[query.id]
    required = [*([wanted["patient"]] if "patient" in wanted else []), *wanted.get("obligatoires", [])]
    missing = [name for name in required if not query.values(name)]
    if "cles" in wanted and not query.keys[1]:
        missing.append(" ou ".join(names[0] for names in wanted["cles"].values()))
    if missing:
        raise RefusedError(XdsError("XDSStoredQueryMissingParam", f"Paramètre absent : {', '.join(missing)}."))
    if "patient" in wanted and len(query.values(wanted["patient"])) > 1:
        raise RefusedError(XdsError("XDSStoredQueryParamNumber", f"{wanted['patient']} : une seule valeur."))


def _values(text: str) -> list[str]:
    """The values of one Value: `'text'`, a number, or a list of them in parentheses."""
    bare = text.strip()
    if bare.startswith("(") and bare.endswith(")"):
        inner = bare[1:-1].strip()
        quoted = [found.replace("''", "'") for found in _QUOTED.findall(inner)]
        return quoted or [part.strip() for part in inner.split(",") if part.strip()]
    quoted_one = _QUOTED.fullmatch(bare)
    return [quoted_one[1].replace("''", "'")] if quoted_one else [bare]
