"""References: the type and the profile of what they lead to, as far as the scope reaches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from profiles.elements import base
from profiles.faults import NO_MEMBER, Fault, Judge, Reach
from profiles.model import FHIR, Issue, Json
from profiles.paths import Step
from profiles.related import Maker, conforms, fewest, of_its_type
from profiles.scope import CURRENT

REFERENCE = re.compile(r"(?:https?://.+/|)([A-Z][A-Za-z]+)/[A-Za-z0-9.\-]{1,64}(?:/_history/[A-Za-z0-9.\-]{1,64})?$")


def judge_reference(reach: Reach) -> Maker:
    """Return the maker of the judges of references.

    `targets` are the resource types allowed, `profiles` the profiles asked of a target by its type (one of them must
    hold). Of a target out of reach only the type that the reference states is judged.
    """

    def make(value: Json) -> Judge:
        targets = frozenset(value["targets"])
        profiles: dict[str, list[str]] = value["profiles"]
        expected = "une référence vers " + " ou ".join(sorted(targets))

        def judge(instance: Any) -> list[Fault]:
            if not isinstance(instance, dict):
                return []
            literal, faults = instance.get("reference"), []
            target, kind = followed(instance) if isinstance(literal, str) else (None, None)
            if isinstance(literal, str) and literal != "#":
                if target is None and literal.startswith("#"):
                    wanted = "une ressource contenue portant cet id"
                    return [Fault("error", "not-found", "ref-1", wanted, literal, ("reference",))]
                if targets and kind is not None and kind not in targets:
                    seen = kind if literal.startswith("#") else literal
                    faults.append(Fault("error", "value", "reference", expected, seen, ("reference",)))
                elif target is not None and kind in profiles:
                    faults += departures(profiles[kind], target, reach)
            stated = resource_name(instance.get("type"))
            if targets and stated and stated not in targets:
                faults.append(Fault("error", "value", "reference", expected, str(instance["type"]), ("type",)))
            return faults

        return judge

    return make


def departures(profiles: list[str], target: Json, reach: Reach) -> list[Fault]:
    """Return the fault of a target that none of the profiles holds for; nothing when one of them is not loaded.

    It is told where the target stands, not where it is referred to: what is wrong is there.
    """
    loaded = [c for each in profiles if (c := reach(each))]
    if len(loaded) < len(profiles) or any(conforms(each, target) for each in loaded):
        return []

    def details(resource: Json, path: list[Step]) -> list[Issue]:
        place = next((p for p, inner in resources_in(resource, []) if inner is target), None)
        return fewest(loaded)(resource, place) if place is not None else []

    return [Fault("error", "value", "target-profile", "", "", details=details)]


def resources_in(resource: Json, path: list[Step]) -> Iterator[tuple[list[Step], Json]]:
    """Yield a resource and those inside it (contained, entries of a Bundle), each with its path."""
    yield path, resource
    inner = [([*path, "contained", rank], each) for rank, each in enumerate(listed(resource, "contained"))]
    for rank, entry in enumerate(listed(resource, "entry")):
        inner.append(([*path, "entry", rank, "resource"], entry.get("resource") if isinstance(entry, dict) else None))
    for place, each in inner:
        if isinstance(each, dict):
            yield from resources_in(each, place)


def listed(resource: Json, name: str) -> list[Any]:
    """Return the list at a property, empty when it is anything else."""
    found = resource.get(name)
    return found if isinstance(found, list) else []


def judge_target(reach: Reach, compiled_schema: Callable[[Json], Callable[[Any], bool]]) -> Maker:
    """Return the maker of the judges that tell whether a reference leads to some kind of resource (for a slice).

    `types`: its type is one of them; `profiles`: it holds for one of them; `schema`: it obeys it. Of a target out of
    reach only the type is told, by what the reference states; where that does not settle it, the item may be in
    the slice but not surely (`member`).
    """

    def make(value: Json) -> Judge:
        types, profiles, sure = frozenset(value["types"]), value.get("profiles", []), value["member"] == "sure"
        obeys = compiled_schema(value["schema"]) if "schema" in value else None

        def leads(instance: Any) -> bool:
            target, kind = followed(instance)
            if types and kind is not None and kind not in types:
                return False
            if not profiles and obeys is None and kind is not None:
                return True
            loaded = [c for each in profiles if (c := reach(each))]
            if target is None or len(loaded) < len(profiles):
                return not sure
            if obeys is not None:
                return obeys(target)
            return any(conforms(each, target) for each in of_its_type(loaded, target))

        return lambda instance: [] if leads(instance) else [NO_MEMBER]

    return make


def followed(reference: Any) -> tuple[Json | None, str | None]:
    """Return the target of a reference, when it is in reach, and its type, when anything tells it."""
    if not isinstance(reference, dict):
        return None, None
    literal = reference.get("reference")
    if not isinstance(literal, str):
        return None, resource_name(reference.get("type"))
    target = CURRENT.get().target(literal)
    if target is not None:
        return target, resource_name(target.get("resourceType"))
    found = REFERENCE.match(literal)
    return None, (resource_name(found[1]) if found else None) or resource_name(reference.get("type"))


def resource_name(stated: object) -> str | None:
    """Return the name of a resource type, as `Patient` or as its canonical; None for anything else."""
    name = stated.removeprefix(FHIR) if isinstance(stated, str) else ""
    return name if base().is_resource(name) else None
