"""The public judgment: a resource, a canonical, issues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from profiles.bounds import MAX_ISSUES, cut, too_large, too_many_values
from profiles.compiled import Compiled, nested_resources
from profiles.elements import base
from profiles.library import ANONYMOUS
from profiles.model import FHIR, Issue, Json
from profiles.paths import fhirpath
from profiles.registry import Registry, default_registry
from profiles.scope import CURRENT, Scope


def validate(
    resource: Mapping[str, Any], canonical: str | None = None, *, registry: Registry | None = None
) -> list[Issue]:
    """Return what is wrong with a resource; an empty list means that nothing is.

    `canonical` is the profile (`url` or `url|version`); None means the base R4 type of `resourceType`: profiles
    claimed in `meta.profile` are not looked at, the caller says what counts. Contained resources and those of a
    Bundle or Parameters are judged against their base type.

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
        return judge(document, asked, known)
    finally:
        CURRENT.reset(token)


def judge(document: Any, asked: Compiled | None, known: Registry) -> list[Issue]:
    """Return the issues of a resource and of those inside it."""
    type_name = document.get("resourceType") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(type_name, str) or not base().is_resource(type_name):
        return [unjudgeable(type_name)]
    compiled = asked or known.compiled(FHIR + type_name)
    try:
        if compiled.valid(document):
            found = []
        elif heavy := too_many_values(document):
            return [heavy]
        else:
            found = compiled.details(document, [])
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        return [unreadable(document, error)]
    said = {(issue.expression, issue.rule) for issue in found}
    for pattern in compiled.nested:
        for path, inner in nested_resources(document, pattern):
            for issue in below(document, inner, known):
                raised = lifted(document, path, issue)
                if (raised.expression, raised.rule) not in said:
                    found.append(raised)
            if len(found) > MAX_ISSUES:
                return [*found[:MAX_ISSUES], cut(document)]
    return found if len(found) <= MAX_ISSUES else [*found[:MAX_ISSUES], cut(document)]


def below(holder: Json, inner: Any, known: Registry) -> list[Issue]:
    """Return the issues of a resource inside another one, by its base type."""
    stack = CURRENT.get().stack
    stack.append(holder)
    try:
        return judge(inner, None, known)
    finally:
        stack.pop()


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
