"""The public judgment: a resource, a canonical, issues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from profiles.bounds import MAX_ISSUES, cut, too_large
from profiles.causes import first_causes, identity
from profiles.compiled import Compiled, nested_resources
from profiles.elements import base
from profiles.library import ANONYMOUS
from profiles.model import FHIR, Issue, Json
from profiles.paths import fhirpath
from profiles.registry import Registry, default_registry
from profiles.scope import CURRENT, Scope


def validate(
    resource: Mapping[str, Any],
    canonical: str | None = None,
    *,
    registry: Registry | None = None,
    declared: bool = False,
) -> list[Issue]:
    """Return what is wrong with a resource; an empty list means that nothing is.

    `canonical` is the profile (`url` or `url|version`); None means the base R4 type of `resourceType`. Resources
    inside (contained, entries of a Bundle, parameters) are judged against their base type and the profile that
    their place asks for. Profiles claimed in `meta.profile` are looked at with `declared` only, here and inside: the
    caller says what counts; one that is not loaded is then an information.

    Raises UnknownProfile when the canonical is not known: what cannot be judged must not pass. A resource of any
    other shape, whatever its JSON, gives issues and never an exception.
    """
    known = registry or default_registry()
    asked = known.compiled(canonical) if canonical is not None else None
    document = dict(resource) if isinstance(resource, Mapping) and not isinstance(resource, dict) else resource
    if refusal := too_large(document):
        return [refusal]
    token = CURRENT.set(Scope(asked.extensions if asked else known.extensions(ANONYMOUS)))
    try:
        return first_causes(judge(document, asked, known, declared))
    finally:
        CURRENT.reset(token)


def judge(document: Any, asked: Compiled | None, known: Registry, declared: bool) -> list[Issue]:
    """Return the issues of a resource and of those inside it."""
    type_name = document.get("resourceType") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(type_name, str) or not base().is_resource(type_name):
        return [unjudgeable(type_name)]
    compiled = asked or known.compiled(FHIR + type_name)
    try:
        found = compiled.issues(document)
        if declared:
            found = once([*found, *claims(document, known)])
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        return [unreadable(document, error)]
    for pattern in compiled.nested:
        for path, inner in nested_resources(document, pattern):
            if below := inside(document, inner, known, declared):
                found = once([*found, *(lifted(document, path, issue) for issue in below)])
            if len(found) > MAX_ISSUES:
                return [*found[:MAX_ISSUES], cut(document)]
    return found if len(found) <= MAX_ISSUES else [*found[:MAX_ISSUES], cut(document)]


def once(issues: list[Issue]) -> list[Issue]:
    """Return issues without repeats: of two that say the same, the first speaks."""
    found: dict[tuple[str, str, str], Issue] = {}
    for issue in issues:
        found.setdefault(identity(issue), issue)
    return list(found.values())


def inside(holder: Json, inner: Any, known: Registry, declared: bool) -> list[Issue]:
    """Return the issues of a resource inside another one, by its base type."""
    stack = CURRENT.get().stack
    stack.append(holder)
    try:
        return judge(inner, None, known, declared)
    finally:
        stack.pop()


def claims(document: Json, known: Registry) -> list[Issue]:
    """Return the issues of a resource against the profiles that it claims."""
    found: list[Issue] = []
    for place, canonical in claimed(document):
        if not known.knows(canonical):
            found.append(not_loaded(document, place, canonical))
            continue
        compiled = known.compiled(canonical)
        scope = Scope(compiled.extensions)
        scope.stack = CURRENT.get().stack
        token = CURRENT.set(scope)
        try:
            found += compiled.issues(document)
        finally:
            CURRENT.reset(token)
    return found


def claimed(document: Json) -> list[tuple[int, str]]:
    """Return the canonicals of `meta.profile`, each with its rank."""
    meta = document.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    return [(i, p) for i, p in enumerate(profiles if isinstance(profiles, list) else ()) if isinstance(p, str)]


def not_loaded(document: Json, place: int, canonical: str) -> Issue:
    """Return the issue of a claimed profile that is not loaded."""
    where = fhirpath(document, ["meta", "profile", place])
    message = f"Le profil n'est pas jugé : attendu un profil chargé, vu {canonical}."
    return Issue(
        "information", "not-supported", where, message, "un profil chargé", canonical, canonical, "profil-inconnu"
    )


def lifted(outer: Json, path: tuple[str | int, ...], issue: Issue) -> Issue:
    """Return an issue of a nested resource with its place in the outer one."""
    tail = issue.expression.partition(".")[2]
    prefix = fhirpath(outer, path)
    return replace(issue, expression=f"{prefix}.{tail}" if tail else prefix)


def unjudgeable(seen: object) -> Issue:
    """Return the issue of something that is not a resource that R4 knows (or that we can judge)."""
    name = seen if isinstance(seen, str) else ""
    shown = f"« {name[:80]} »" if name else "autre chose"
    if name in base().unsupported:
        message = f"Ce type de ressource n'est pas jugé par le banc : attendu un type connu, vu {shown}."
        return Issue("warning", "not-supported", name, message, "un type connu", name, FHIR + name, "resourceType")
    expected = "une ressource FHIR R4 avec un resourceType connu"
    message = f"Le contenu n'est pas une ressource : attendu {expected}, vu {shown}."
    return Issue(
        "fatal", "structure", "Resource", message, expected, name or "autre chose", FHIR + "Resource", "resourceType"
    )


def unreadable(document: Json, error: Exception) -> Issue:
    """Return the issue of a content that JSON itself cannot carry (NaN, lone surrogate, depth)."""
    expected = "un contenu JSON interopérable"
    message = f"Le contenu ne peut pas être lu : attendu {expected}, vu {str(error)[:80]}."
    where = str(document["resourceType"])
    return Issue("fatal", "structure", where, message, expected, str(error)[:80], FHIR + where, "json")
