"""How a FHIR resource is judged: definitions, compiler, validator. Imports nothing of the other rooms."""

from profiles.model import Issue, ProfileError, UnknownProfile, UnusableDefinition
from profiles.outcome import outcome
from profiles.registry import Registry, default_registry
from profiles.validator import validate

__all__ = [
    "Issue",
    "ProfileError",
    "Registry",
    "UnknownProfile",
    "UnusableDefinition",
    "default_registry",
    "outcome",
    "validate",
]
