"""Judgments made by another definition: an extension by its url, a nested value by the profile its place asks for.

Those definitions are compiled apart, once for all that cite them, when the first value needs them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from profiles.contexts import fits, names
from profiles.faults import NO_MEMBER, WRONG, Compiled, Fault, Judge, Reach
from profiles.model import FHIR, Issue, Json
from profiles.paths import Step
from profiles.scope import CURRENT, NOWHERE

Maker = Callable[[Any], Judge]
ANY_EXTENSION = FHIR + "Extension"


def judge_extension(reach: Reach) -> Maker:
    """Return the maker of the judges of extensions: by the known definition of the url, else as any extension.

    `owner` is the type that carries it, where the definition may say that it does not belong.
    """

    def make(value: Json) -> Judge:
        owner, modifier = str(value["owner"]), bool(value["modifier"])

        def judge(instance: Any) -> list[Fault]:
            url = instance.get("url") if isinstance(instance, dict) else None
            versions = CURRENT.get().extensions.get(url, ()) if isinstance(url, str) else ()
            faults = []
            if versions and not any(fits(owner, each.content) for each in versions):
                expected = f"cette extension sur {names(versions[0].content)}"
                faults.append(Fault("error", "structure", "context", expected, str(url), ("url",)))
            elif modifier and not versions and isinstance(url, str):
                expected = "une extension modificatrice connue du destinataire"
                faults.append(Fault("error", "not-supported", "modifierExtension", expected, url, ("url",)))
            asked = [each.canonical for each in versions] or [ANY_EXTENSION]
            found = [c for each in asked if (c := reach(each))]
            if found and not any(holds(each, instance) for each in found):
                faults.append(Fault("error", "structure", "extension", "", "", details=found[0].details))
            return faults

        return judge

    return make


def holds(compiled: Compiled, value: Any) -> bool:
    """Tell whether a value has neither error nor remark by a definition, each value being judged once.

    Without that memory, definitions nested in one another, each judged for several reasons, would be judged as many
    times as there are ways to reach them.
    """
    scope = CURRENT.get()
    if scope is NOWHERE or not isinstance(value, dict):
        return compiled.valid(value)  # values are known by their identity, which only lasts for one judgment
    known, key = scope.valid, (id(value), compiled.canonical)
    if key not in known:
        known[key] = compiled.valid(value)
    return known[key]


def conforms(compiled: Compiled, value: Any) -> bool:
    """Tell whether a value has no error by a definition; remarks do not count. Each value is judged once."""
    scope, key = CURRENT.get(), (id(value), compiled.canonical)
    if scope is NOWHERE:
        return compiled.valid(value) or not wrong(compiled, value)
    if key in scope.running:
        return True  # references that go round: the verdict is that of the rest
    if key not in scope.verdicts:
        scope.running.add(key)
        try:
            scope.verdicts[key] = holds(compiled, value) or not wrong(compiled, value)
        finally:
            scope.running.discard(key)
    return scope.verdicts[key]


def wrong(compiled: Compiled, value: Any) -> bool:
    """Tell whether a definition finds an error in a value."""
    return any(issue.severity in WRONG for issue in compiled.details(value, []))


def of_its_type(found: list[Compiled], value: Any) -> list[Compiled]:
    """Return the definitions whose type is that of a value (of a data type, all of them)."""
    kind = value.get("resourceType") if isinstance(value, dict) else None
    return [each for each in found if kind is None or each.type == kind]


def judge_profile(reach: Reach) -> Maker:
    """Return the maker of the judges of a nested value by `profiles`, one of which must hold.

    The issues are those of the profile of its type that finds the fewest. A profile that is not loaded accuses
    nobody. With `member` the judge only tells whether an item is in a slice: a profile that is not loaded makes
    it possible, not sure.
    """

    def make(value: Json) -> Judge:
        profiles: list[str] = value["profiles"]
        member: str = value.get("member", "")

        def judge(instance: Any) -> list[Fault]:
            loaded = [c for each in profiles if (c := reach(each))]
            if len(loaded) < len(profiles):
                return [NO_MEMBER] if member == "sure" else []
            found = of_its_type(loaded, instance)
            if member:
                return [] if any(conforms(each, instance) for each in found) else [NO_MEMBER]
            if any(holds(each, instance) for each in found):
                return []
            if not found:
                return [wrong_type(loaded, instance)]
            return [Fault("error", "structure", "profile", "", "", details=fewest(found))]

        return judge

    return make


def wrong_type(loaded: list[Compiled], instance: Any) -> Fault:
    """Return the fault of a resource of a type that no profile is for."""
    expected = "une ressource de type " + " ou ".join(sorted({each.type for each in loaded}))
    seen = str(instance.get("resourceType")) if isinstance(instance, dict) else "autre chose"
    return Fault("error", "structure", "type", expected, seen)


def fewest(found: list[Compiled]) -> Callable[[Json, list[Step]], list[Issue]]:
    """Return the details of the definition that finds the fewest errors, then the fewest remarks."""

    def details(resource: Json, path: list[Step]) -> list[Issue]:
        answers = [each.details(resource, path) for each in found]
        return min(answers, key=lambda issues: (sum(i.severity in WRONG for i in issues), len(issues)))

    return details
