"""Faults of content: what a product must survive in a resource that it receives (faults `code_inconnu`, `accents`)."""

from __future__ import annotations

from mocks.fhir.declaration import Resource

UNKNOWN = "code-inconnu-du-banc"
TEXT = "Évaluation à l’œuvre : « Noël », Ÿ, ﬁn, 体, 😀 & <b>"


def spoiled(resource: Resource, nature: str) -> Resource:
    """The resource with a status and an extension that nobody knows, or with a text hard to display."""
    if nature == "code_inconnu":
        extension = {"url": "https://banc.test/fhir/extension-inconnue", "valueString": "inconnue"}
        return {**resource, "status": UNKNOWN, "extension": [*resource.get("extension", ()), extension]}
    return {**resource, "description": TEXT, "comment": TEXT} if "participant" in resource else _noted(resource)


def _noted(resource: Resource) -> Resource:
    return {**resource, "note": [*resource.get("note", ()), {"text": TEXT}]}
