"""Answers to the SAS platform against the profiles of SAS 1.2.0, where the guide does not contradict itself."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

from profiles import Issue, validate
from rules.exchange import Exchange
from rules.reading import dig, objects, text
from rules.sas_bundle import COMMUNITY, Answer
from rules.sas_searches import FOUND, variant

_OLD, _NEW = (
    "http://sas.fr/fhir/StructureDefinition/",
    "https://interop.esante.gouv.fr/ig/fhir/sas/StructureDefinition/",
)
PROFILES = MappingProxyType(
    {
        "ps": f"{_OLD}BundleAgregateur",
        "cpts": f"{_NEW}sas-cpts-bundle-aggregator",
        "sos": f"{_NEW}sas-sos-bundle-aggregator",
    }
)
EMPTY = MappingProxyType(
    {
        "code": "guide-contradictoire",
        "text": "Réponse vide : la FAQ du SAS la demande, le profil du Bundle exige quatre entrées. Elle n'est pas "
        "jugée sur son profil.",
    }
)

# The guide writes these systems in several ways: any of them is taken as the one of the profile.
_CATEGORIES = "https://mos.esante.gouv.fr/NOS/TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement"
_OF_R66 = re.compile(r"https?://\S*TRE[_-]R66-\S*")
_TYPES = ("http://interopsante.org/fhir/CodeSystem/", "https://hl7.fr/ig/fhir/core/CodeSystem/")
_V2_0203 = f"{_TYPES[0]}fr-v2-0203"
_ORGANIZATION = {"cpts": f"{_TYPES[1]}fr-core-cs-v2-0203", "sos": f"{_TYPES[0]}fr-location-identifier-type"}


def faults(search: Exchange) -> list[Issue]:
    """What the profiles of this search refuse in its answer, errors only; nothing of an answer that is not judged."""
    if not FOUND(search) or unjudged(search):
        return []
    which = variant(search)
    issues = validate(_as_the_profiles_write(search.answer_resource, which), PROFILES[which])
    return [issue for issue in issues if issue.severity in ("error", "fatal")]


def unjudged(search: Exchange) -> bool:
    """Whether the guide contradicts itself on this answer: an empty one of CPTS or SOS."""
    return FOUND(search) and variant(search) != "ps" and not Answer.of(search).entries


def notes(search: Exchange) -> Iterator[MappingProxyType[str, str]]:
    """What the journal says of an answer that the profiles do not judge."""
    if unjudged(search):
        yield EMPTY


def _as_the_profiles_write(bundle: Any, which: str) -> dict[str, Any]:
    """A copy of the bundle with the systems spelt as the profiles spell them."""
    written: dict[str, Any] = copy.deepcopy(dict(bundle))
    for _, resource in Answer(written).of_type("Slot"):
        for _, service in objects(resource.get("serviceType")):
            _respell(service.get("coding"), lambda one: one.get("code") == COMMUNITY, _OF_R66, _CATEGORIES)
    for _, role in Answer(written).of_type("PractitionerRole"):
        _retype(dig(role, "organization", "identifier"), _V2_0203)
    for _, organization in Answer(written).of_type("Organization") if which in _ORGANIZATION else ():
        for _, identifier in objects(organization.get("identifier")):
            _retype(identifier, _ORGANIZATION[which])
    return written


def _retype(identifier: Any, system: str) -> None:
    known = re.compile("|".join(f"{re.escape(base)}.+" for base in _TYPES))
    _respell(dig(identifier, "type", "coding"), lambda one: one.get("code") == "IDNST", known, system)


def _respell(codings: Any, aimed: Any, known: re.Pattern[str], system: str) -> None:
    for _, coding in objects(codings):
        if aimed(coding) and known.fullmatch(text(coding.get("system"))) and isinstance(coding, dict):
            coding["system"] = system
