"""What the catalogue says of a scenario, as Allure labels and links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from harness.catalogue import Catalogue, Requirement

MATRIX = "matrice.html"
OUTSIDE = "Hors catalogue"
_SEVERITIES = {"officielle": "critical", "deduite": "normal", "banc": "minor"}
_RFC = re.compile(r"RFC (\d+)")


def labels_of(tags: Iterable[str], feature: str, catalogue: Catalogue) -> list[tuple[str, str]]:
    """Epic (chapter), feature, story (requirement) and requirement ids, as (label, value).

    tags: of the scenario, its feature and its examples. A scenario without a row of the catalogue keeps an epic of
    its own, so that the report never loses it.
    """
    rows = catalogue.of(tags)
    epics = list(dict.fromkeys(row.chapter for row in rows)) or [OUTSIDE]
    labels = [("epic", epic) for epic in epics] + [("feature", feature)]
    labels += [("story", f"{row.id} : {row.title}") for row in rows]
    return labels + [("exigence", row.id) for row in rows]


def severity_of(tags: Iterable[str]) -> str:
    """Allure severity from the authority tag of the scenario: an official text weighs more than our convention."""
    return next((_SEVERITIES[tag] for tag in sorted(tags) if tag in _SEVERITIES), "normal")


def links_of(rows: Iterable[Requirement]) -> list[tuple[str, str]]:
    """(name, address) of each row in the conformity matrix, which lies beside the report."""
    return [(f"{row.id}, {row.citation}", f"{MATRIX}#{row.id}") for row in rows]


def source_links(sources: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(name, address) of the public texts that the sources of rules name: RFCs and FHIR R4."""
    text = " ; ".join(sources)
    for number in dict.fromkeys(_RFC.findall(text)):
        yield f"RFC {number}", f"https://www.rfc-editor.org/rfc/rfc{number}"
    if "FHIR R4" in text:
        yield "HL7 FHIR R4", "https://hl7.org/fhir/R4/"
