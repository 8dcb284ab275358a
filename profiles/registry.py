"""The set of definitions that a judgment uses: base R4, our guides, and packages that a user brings.

A registry does not change: loading gives a new one. So a tenant's registry is its own, and what was compiled
for one set of definitions is never used with another.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from profiles.compiled import Compiled
from profiles.differential import apply, root_of_type
from profiles.elements import Element, base
from profiles.invariants import TABLE
from profiles.model import FHIR, Json, UnknownProfile, UnusableDefinition, split_canonical
from profiles.terminology import Codes, expand

KINDS = ("StructureDefinition", "ValueSet", "CodeSystem")
MAX_MEMBER = 20_000_000
FHIR_VERSION = "4.0.1"
GUIDES = ("fr-core", "gap")


class Registry:
    """StructureDefinitions, ValueSets and CodeSystems by canonical, and the schemas compiled from them."""

    def __init__(
        self, definitions: Mapping[str, Mapping[str, Json]] | None = None, missing: Iterable[str] = ()
    ) -> None:
        """`definitions` maps a resource type to its definitions by url; `missing` is what loading could not use."""
        given = definitions or {}
        self._definitions: dict[str, dict[str, Json]] = {kind: dict(given.get(kind, {})) for kind in KINDS}
        self._loading_notes = tuple(missing)
        self._snapshots: dict[str, Element | None] = {}
        self._compiled: dict[str, Compiled] = {}
        self._codes: dict[str, Codes | None] = {}

    def load_folder(self, path: Path | str) -> Registry:
        """Return a registry with the JSON definitions of a folder added (subfolders included).

        Raises UnusableDefinition when a file is not JSON.
        """
        files = sorted(Path(path).rglob("*.json"))
        return self._with(((f.name, f.read_bytes()) for f in files), f"{path}")

    def load_package(self, path: Path | str) -> Registry:
        """Return a registry with the definitions of a FHIR package (.tgz) added.

        Only files directly under `package/` count, as the package specification says. Raises
        UnusableDefinition when the file is not such a package.
        """
        try:
            with tarfile.open(path, "r:gz") as archive:
                members = list(definitions_in(archive))
        except (tarfile.TarError, OSError, EOFError) as error:
            raise UnusableDefinition(f"{path} n'est pas un paquet FHIR lisible : {error}") from error
        return self._with(members, f"{path}")

    def _with(self, files: Iterable[tuple[str, bytes]], origin: str) -> Registry:
        merged = {kind: dict(known) for kind, known in self._definitions.items()}
        notes = list(self._loading_notes)
        for name, content in files:
            try:
                resource = json.loads(content)
            except ValueError as error:
                raise UnusableDefinition(f"{origin} : {name} n'est pas du JSON ({error})") from error
            kind = resource.get("resourceType") if isinstance(resource, dict) else None
            if kind not in KINDS or not isinstance(resource.get("url"), str):
                continue
            if kind == "StructureDefinition" and resource.get("type") not in base():
                notes.append(f"modèle logique ou type absent de R4 : {resource['url']}")
                continue
            merged[kind][resource["url"]] = resource
        return Registry(merged, notes)

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not judged: profiles and value sets cited and brought by nobody, invariants without a predicate.

        What compiling left out (slices that cannot be told apart) is added once a profile has been compiled.
        """
        notes = list(self._loading_notes)
        for url, definition in self._definitions["StructureDefinition"].items():
            parent = str(definition.get("baseDefinition", ""))
            if self.snapshot(parent) is None:
                notes.append(f"{url} : base absente {parent}")
            root = self.snapshot(url)
            cited = bound_value_sets(root) if root else set()
            notes += [f"{url} : jeu de valeurs absent {each}" for each in sorted(cited) if self.codes(each) is None]
            notes += [f"{url} : invariant non exécuté {key}" for key in unknown_invariants(definition)]
        for compiled in self._compiled.values():
            notes += compiled.limits
        return tuple(dict.fromkeys(notes))

    def canonicals(self) -> tuple[str, ...]:
        """Return the canonicals of the loaded profiles, base types not included."""
        return tuple(sorted(self._definitions["StructureDefinition"]))

    def profile(self, canonical: str) -> Json:
        """Return a loaded StructureDefinition. Raises UnknownProfile."""
        url, version = split_canonical(canonical)
        found = self._definitions["StructureDefinition"].get(url)
        if found is None:
            raise UnknownProfile(f"profil inconnu : {canonical}")
        if version and found.get("version") and found["version"] != version:
            raise UnknownProfile(f"profil connu en version {found['version']}, pas {version} : {url}")
        return found

    def knows(self, canonical: str) -> bool:
        """Tell whether `validate` accepts a canonical: a loaded profile or an R4 type, in the version asked if any."""
        url, version = split_canonical(canonical)
        if url in self._definitions["StructureDefinition"]:
            loaded = self._definitions["StructureDefinition"][url].get("version")
            return (version is None or loaded in (None, version)) and self.snapshot(url) is not None
        return url.startswith(FHIR) and url.removeprefix(FHIR) in base() and version in (None, FHIR_VERSION)

    def snapshot(self, canonical: str) -> Element | None:
        """Return the snapshot of a profile or base type, whatever the version asked.

        None when it is not known, or when it is a differential on a profile that is not: half of it is not judged.
        """
        url = split_canonical(canonical)[0]
        if url not in self._snapshots:
            self._snapshots[url] = None
            self._snapshots[url] = self._build(url)
        return self._snapshots[url]

    def _build(self, url: str) -> Element | None:
        definition = self._definitions["StructureDefinition"].get(url)
        if definition is None:
            name = url.removeprefix(FHIR)
            return root_of_type(name, url) if name != url and name in base() else None
        full = definition.get("snapshot", {}).get("element")
        rows = full or definition.get("differential", {}).get("element", [])
        parent = FHIR + str(definition["type"]) if full else str(definition.get("baseDefinition", ""))
        root = self.snapshot(parent)
        if root is None:
            return None
        start = root.copy()
        start.source = url
        return apply(start, definition, rows, self.snapshot)

    def codes(self, value_set: str) -> Codes | None:
        """Return the codes of a value set, None when they cannot be told."""
        if value_set not in self._codes:
            self._codes[value_set] = expand(value_set, self._find("ValueSet"), self._find("CodeSystem"))
        return self._codes[value_set]

    def _find(self, kind: str) -> Any:
        known = self._definitions[kind]
        return lambda canonical: known.get(split_canonical(canonical)[0])

    def compiled(self, canonical: str) -> Compiled:
        """Return the compiled validator of a profile or base type, compiled at the first call.

        Raises UnknownProfile for a canonical that is neither.
        """
        if canonical not in self._compiled:
            root = self.snapshot(canonical) if self.knows(canonical) else None
            if root is None:
                self.profile(canonical)
                raise UnknownProfile(f"profil sans base connue : {canonical}")
            url = split_canonical(canonical)[0]
            self._compiled[canonical] = Compiled(root, url, self.snapshot, self._extensions(), self.codes)
        return self._compiled[canonical]

    def _extensions(self) -> dict[str, Json]:
        known = self._definitions["StructureDefinition"]
        return {url: d for url, d in known.items() if d.get("type") == "Extension"}


def definitions_in(archive: tarfile.TarFile) -> Iterable[tuple[str, bytes]]:
    """Yield the definition files of a package; oversized members and examples are passed over."""
    for member in archive:
        folder, _, name = member.name.rpartition("/")
        if folder == "package" and name.endswith(".json") and member.isfile() and member.size <= MAX_MEMBER:
            stream = archive.extractfile(member)
            if stream and name.partition("-")[0] in KINDS:
                yield name, stream.read()


def bound_value_sets(element: Element) -> set[str]:
    """Return the value sets that a snapshot binds strongly enough to be judged, base code lists aside."""
    found: set[str] = set()
    binding = element.binding
    if binding and not binding.codes and binding.value_set and binding.strength in ("required", "extensible"):
        found.add(binding.value_set)
    for each in (*(element.children or {}).values(), *element.slices.values()):
        found |= bound_value_sets(each)
    return found


def unknown_invariants(definition: Json) -> list[str]:
    """Return the keys of the invariants that a definition adds and that no predicate of ours executes."""
    rows = definition.get("differential", {}).get("element", [])
    keys = {str(c.get("key")) for row in rows for c in row.get("constraint", [])}
    return sorted(keys - TABLE.keys())


@functools.cache
def default_registry() -> Registry:
    """Return the registry of the guides that the project ships (read once, never changed)."""
    registry = Registry()
    root = importlib.resources.files("profiles")
    for guide in GUIDES:
        with importlib.resources.as_file(root.joinpath(guide)) as folder:
            registry = registry.load_folder(folder)
    return registry
