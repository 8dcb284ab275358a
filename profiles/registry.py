"""The set of definitions that a judgment uses: base R4, our guides, and packages that a user brings.

A registry does not change: loading gives a new one. So a tenant's registry is its own, and what was compiled
for one set of definitions is never used with another.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import json
from collections.abc import Iterable
from importlib.resources.abc import Traversable
from pathlib import Path

from profiles.archive import read_package
from profiles.cache import Cache, Plan, user_cache
from profiles.compiled import Compiled, plan_of
from profiles.differential import apply, constraint_of, root_of_type
from profiles.elements import Element, base
from profiles.guides import MANIFEST, PACKAGE_MANIFEST, Guide, from_manifest
from profiles.keywords import Judges
from profiles.library import ANONYMOUS, KINDS, Definition, Extensions, Library, definition_of
from profiles.model import FHIR, Json, ProfileError, UnknownProfile, UnusableDefinition, split_canonical
from profiles.packages import DROPPED, dependencies_first, packages_in
from profiles.stated import stated
from profiles.terminology import GRAMMARS, Codes, expand

FHIR_VERSION = "4.0.1"


class Registry:
    """StructureDefinitions, ValueSets and CodeSystems by canonical, and the schemas compiled from them."""

    def __init__(
        self,
        library: Library | None = None,
        missing: Iterable[str] = (),
        *,
        cache: Cache | None = None,
        digest: str = "",
    ) -> None:
        """`library` holds the definitions, `digest` is that of their content; `missing` is what loading left out."""
        self.library = library or Library()
        self._cache = cache or Cache()
        self._digest = digest
        self._loading_notes = tuple(missing)
        self._snapshots: dict[str, Element | None] = {}
        self._compiled: dict[str, Compiled] = {}
        self._codes: dict[str, Codes | None] = {}
        self._extensions: dict[str, Extensions] = {}
        self._judges = Judges(self.codes, self.reach)

    def load_folder(self, path: Path | str) -> Registry:
        """Return a registry with the JSON definitions of a folder added (subfolders included).

        Each folder with a manifest (`guide.json`) is a guide; the definitions under no manifest belong to none.
        Raises UnusableDefinition when a file is not JSON.
        """
        return self._with(guide_files(Path(path), ANONYMOUS), f"{path}")

    def load_package(self, path: Path | str) -> Registry:
        """Return a registry with the definitions of a FHIR package (.tgz) added.

        Only files directly under `package/` count, as the package specification says; its `package.json` is
        its manifest. Raises UnusableDefinition when the file is not such a package.
        """
        members = read_package(path)
        manifest = members.pop(PACKAGE_MANIFEST, None)
        guide = from_manifest(manifest, f"{path}") if manifest else ANONYMOUS
        return self._with(((guide, name, content) for name, content in members.items()), f"{path}")

    def _with(self, files: Iterable[tuple[Guide, str, bytes]], origin: str) -> Registry:
        definitions: list[Definition] = []
        notes = list(self._loading_notes)
        digest = hashlib.sha256(self._digest.encode())
        last: Guide | None = None
        for guide, name, content in files:
            if guide is not last:
                digest.update(repr(guide).encode())
                last = guide
            digest.update(content)
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
            definitions.append(definition_of(resource, guide))
        library = self.library.with_definitions(definitions)
        return Registry(library, notes, cache=self._cache, digest=digest.hexdigest())

    @property
    def left_out(self) -> tuple[str, ...]:
        """What loading could not use: logical models, types that R4 does not have."""
        return self._loading_notes

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not judged: profiles and value sets cited and brought by nobody, invariants without a predicate.

        What compiling left out (slices that cannot be told apart) is added once a profile has been compiled.
        """
        notes = list(self._loading_notes)
        for each in self.library.of_kind("StructureDefinition"):
            name, parent = each.canonical, str(each.content.get("baseDefinition", ""))
            if self.snapshot(self._pinned(parent, each.guide)) is None:
                notes.append(f"{name} : base absente {parent}")
            root = self.snapshot(name)
            cited = bound_value_sets(root) if root else set()
            notes += [f"{name} : jeu de valeurs absent {one}" for one in sorted(cited) if self.codes(one) is None]
            notes += [f"{name} : {limit}" for limit in unknown_invariants(each.content)]
        for compiled in self._compiled.values():
            notes += compiled.limits
        return tuple(dict.fromkeys(notes))

    def canonicals(self) -> tuple[str, ...]:
        """Return the urls of the loaded profiles (each once, whatever its versions), base types not included."""
        return tuple(sorted({d.url for d in self.library.of_kind("StructureDefinition")}))

    def versions(self) -> tuple[str, ...]:
        """Return the canonicals of the loaded profiles, every version (`url|version`)."""
        return tuple(sorted(d.canonical for d in self.library.of_kind("StructureDefinition")))

    def profile(self, canonical: str) -> Json:
        """Return a loaded StructureDefinition, the latest one without a version. Raises UnknownProfile."""
        found = self.library.exact("StructureDefinition", canonical)
        if found is not None:
            return found.content
        url, version = split_canonical(canonical)
        known = sorted(d.version for d in self.library.of_kind("StructureDefinition") if d.url == url)
        if known:
            raise UnknownProfile(f"profil connu en version {', '.join(known)}, pas {version} : {url}")
        raise UnknownProfile(f"profil inconnu : {canonical}")

    def knows(self, canonical: str) -> bool:
        """Tell whether `validate` accepts a canonical: a loaded profile or an R4 type, in the version asked if any."""
        if self.library.exact("StructureDefinition", canonical) is not None:
            return self.snapshot(canonical) is not None
        url, version = split_canonical(canonical)
        return url.startswith(FHIR) and url.removeprefix(FHIR) in base() and version in (None, FHIR_VERSION)

    def snapshot(self, canonical: str) -> Element | None:
        """Return the snapshot of a profile (the latest one without a version) or base type.

        None when it is not known, or when it is a differential on a profile that is not: half of it is not judged.
        """
        found = self.library.exact("StructureDefinition", canonical)
        name = found.canonical if found else split_canonical(canonical)[0]
        if name not in self._snapshots:
            self._snapshots[name] = None
            self._snapshots[name] = self._build(found) if found else type_root(name)
        return self._snapshots[name]

    def _build(self, definition: Definition) -> Element | None:
        content = definition.content
        full = content.get("snapshot", {}).get("element")
        rows = full or content.get("differential", {}).get("element", [])
        parent = FHIR + str(content["type"]) if full else str(content.get("baseDefinition", ""))
        root = self.snapshot(self._pinned(parent, definition.guide))
        if root is None:
            return None
        start = root.copy()
        start.source = definition.canonical
        return apply(start, definition.canonical, rows, self.snapshot, functools.partial(self._pin, definition.guide))

    def _pin(self, guide: Guide, kind: str, canonical: str) -> str:
        found = self.library.cited(kind, canonical, guide)
        return found.canonical if found else canonical

    def _pinned(self, canonical: str, guide: Guide) -> str:
        return self._pin(guide, "StructureDefinition", canonical)

    def codes(self, value_set: str, guide: Guide = ANONYMOUS) -> Codes | None:
        """Return the codes of a value set as a guide means it, None when they cannot be told."""
        found = self.library.cited("ValueSet", value_set, guide)
        name = found.canonical if found else value_set
        if name not in self._codes:
            self._codes[name] = expand(found, self.library.cited) if found else None
        return self._codes[name]

    def compiled(self, canonical: str) -> Compiled:
        """Return the compiled validator of a profile or base type, compiled at the first call.

        Raises UnknownProfile for a canonical that is neither.
        """
        if canonical not in self._compiled:
            found = self.library.exact("StructureDefinition", canonical)
            name = found.canonical if found else canonical
            if name not in self._compiled:
                extensions = self.extensions(found.guide if found else ANONYMOUS)
                self._compiled[name] = Compiled(self._plan(name), name, extensions, self._judges)
            self._compiled[canonical] = self._compiled[name]
        return self._compiled[canonical]

    def _plan(self, canonical: str) -> Plan:
        if kept := self._cache.get(self._digest, canonical):
            return kept
        root = self.snapshot(canonical) if self.knows(canonical) else None
        if root is None:
            self.profile(canonical)
            raise UnknownProfile(f"profil sans base connue : {canonical}")
        fresh = plan_of(root, self.snapshot)
        self._cache.put(self._digest, canonical, fresh)
        return fresh

    def reach(self, canonical: str) -> Compiled | None:
        """Return the compiled validator that a judgment needs on its way, None when it is not loaded or not usable."""
        if canonical in self._compiled:
            return self._compiled[canonical]
        try:
            return self.compiled(canonical)
        except ProfileError:
            return None

    def extensions(self, guide: Guide) -> Extensions:
        """Return url -> extension definition, as a guide means it (every version when none is followed)."""
        if guide.key not in self._extensions:
            self._extensions[guide.key] = self.library.extensions(guide)
        return self._extensions[guide.key]


def type_root(name: str) -> Element | None:
    """Return the root of an R4 type by its canonical, None for another canonical."""
    tail = name.removeprefix(FHIR)
    return root_of_type(tail, name) if tail != name and tail in base() else None


def guide_files(folder: Traversable, guide: Guide) -> Iterable[tuple[Guide, str, bytes]]:
    """Yield the JSON files of a folder and of those below, each with the guide whose manifest is nearest above."""
    files = sorted(folder.iterdir(), key=lambda f: f.name) if folder.is_dir() else []
    for file in files:
        if file.name == MANIFEST:
            guide = from_manifest(file.read_bytes(), file.name)
    for file in files:
        if file.is_dir():
            yield from guide_files(file, guide)
        elif file.name.endswith(".json") and file.name != MANIFEST:
            yield guide, file.name, file.read_bytes()


def bound_value_sets(element: Element) -> set[str]:
    """Return the value sets that a snapshot binds strongly enough to be judged, base code lists aside."""
    found: set[str] = set()
    binding = element.binding
    judged = binding and not binding.codes and not binding.value_set.startswith(GRAMMARS)
    if binding and judged and binding.value_set and binding.strength in ("required", "extensible"):
        found.add(binding.value_set)
    for each in (*(element.children or {}).values(), *element.slices.values()):
        found |= bound_value_sets(each)
    return found


def unknown_invariants(definition: Json) -> list[str]:
    """Return what a definition states as invariants and that neither our table nor its FHIRPath can judge."""
    rows = (definition.get("differential") or definition.get("snapshot") or {}).get("element", [])
    own = [constraint_of(c, str(definition.get("url"))) for row in rows for c in row.get("constraint", [])]
    return list(dict.fromkeys(stated(own, "").limits))


@functools.cache
def default_registry() -> Registry:
    """Return the registry of the guides that the project ships, and of the packages dropped in `profiles/packages/`.

    A guide is a folder `profiles/<guide>/<version>/` with a manifest. Read once, never changed. Raises
    UnusableDefinition when a package that was dropped cannot be read.
    """
    root = importlib.resources.files("profiles")
    files = [row for folder in shipped(root) for row in guide_files(folder, ANONYMOUS)]
    registry = Registry(cache=user_cache())._with(files, "profiles")
    for package in dependencies_first(packages_in(DROPPED)):
        registry = registry.load_package(package.path)
    return registry


def shipped(root: Traversable) -> list[Traversable]:
    """Return the folders of the guides: those two levels down that hold a manifest."""
    names = sorted((f for f in root.iterdir() if f.is_dir()), key=lambda f: f.name)
    below = [v for f in names for v in sorted(f.iterdir(), key=lambda f: f.name) if v.is_dir()]
    return [v for v in below if v.joinpath(MANIFEST).is_file()]
