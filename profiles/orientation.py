"""Invariants of the orientation and offer guides: SDO 4.0.7 (ViaTrajectoire) and ROR 0.7.0.

Keys that begin with `regle-` or `ror-questionnaire-` are those of the guides; the others are ours and say a reading
that the manifest of the guide explains. Each has its FHIRPath in the profile that uses it.
"""

from __future__ import annotations

from typing import Any

from profiles.invariant import Invariant

INPUTS = "https://interop.esante.gouv.fr/ig/fhir/sdo/CodeSystem/input-task-sdo-codesystem"
NOS = "https://mos.esante.gouv.fr/NOS/"
STATUS = f"{NOS}TRE_R357-StatutPersonnePriseCharge/FHIR/TRE-R357-StatutPersonnePriseCharge"
REASON = f"{NOS}TRE_R358-MotifStatutPersonnePriseCharge/FHIR/TRE-R358-MotifStatutPersonnePriseCharge"
WITH_UNIT_STATUS = ("idUnite", "nomUnite", "categorieOrganisation", "modePriseCharge", "dateStatutUnite")
# Statuses of one level only: JDV_J252 (the establishment) and JDV_J253 (the unit) have no code in common.
OF_ESTABLISHMENT = frozenset(map(str, (37, *range(39, 50), 51, 54, 71, 72)))
OF_UNIT = frozenset(map(str, range(180, 189)))
# Reasons that ASS_A32 pairs with a status of the establishment although JDV_J251 lacks them.
OUT_OF_LIST = {"100": "49", "92": "51", "93": "51", "172": "51"}

TITLES = {"57830-2": "Document Individu et décision", "51848-0": "Document évaluation"}
TEMPLATE = "https://interop.esante.gouv.fr/ig/fhir/ror/StructureDefinition/ror-meta-questionnaire-used-as-a-template"
OLD_SYSTEMS = tuple(f"http://{each}" for each in ("finess.", "sirene.", "rppsrang.", "adelirang."))


def named(entry: Any, name: str) -> bool:
    """Tell whether a Task.input is of that name, by its coding or by its text alone."""
    kind = entry.get("type", {})
    codings = kind.get("coding", [])
    return kind.get("text") == name or any(c.get("system") == INPUTS and c.get("code") == name for c in codings)


def gives(task: Any, name: str) -> bool:
    """Tell whether a Task has an input of that name."""
    return any(named(entry, name) for entry in task.get("input", []))


def codes(task: Any, name: str, system: str) -> set[str]:
    """Return the codes, in one nomenclature, of the coded inputs of that name."""
    concepts = [entry.get("valueCodeableConcept", {}) for entry in task.get("input", []) if named(entry, name)]
    return {str(c.get("code")) for concept in concepts for c in concept.get("coding", []) if c.get("system") == system}


def unit_status_complete(task: Any) -> bool:
    """A unit status comes with the unit, its category, the mode of care and a date (guide, regle-StatutUnite)."""
    return not gives(task, "statutUnite") or all(gives(task, name) for name in WITH_UNIT_STATUS)


def status_of_its_level(task: Any) -> bool:
    """No unit status is given as a status of the establishment, nor the other way round."""
    wrong = codes(task, "statutESMS", STATUS) & OF_UNIT or codes(task, "statutUnite", STATUS) & OF_ESTABLISHMENT
    return not wrong


def reason_out_of_list(task: Any) -> bool:
    """A reason that JDV_J251 lacks goes only with the status that ASS_A32 pairs it with."""
    wanted = {OUT_OF_LIST[code] for code in codes(task, "motifESMS", REASON) if code in OUT_OF_LIST}
    return wanted <= codes(task, "statutESMS", STATUS)


def reason_in_list(task: Any) -> bool:
    """No reason of the establishment is one of those that ASS_A32 admits and JDV_J251 lacks."""
    return not codes(task, "motifESMS", REASON) & OUT_OF_LIST.keys()


def title_goes_with_type(document: Any) -> bool:
    """The title of the attachment is the one that the guide gives to the document type (regle-NomPieceJointe-type)."""
    stated = {c.get("code") for c in document.get("type", {}).get("coding", [])}
    titles = {content.get("attachment", {}).get("title") for content in document.get("content", [])}
    return all(TITLES[code] in titles for code in stated & TITLES.keys())


def carries_data(document: Any) -> bool:
    """The attachment carries the document (regle-Contenu: needed when the whole resource travels)."""
    return any("data" in content.get("attachment", {}) for content in document.get("content", []))


def https_system(identifier: Any) -> bool:
    """The system of a national identifier is not written in its old `http:` form (ROR, since 0.4.0)."""
    return not str(identifier.get("system", "")).startswith(OLD_SYSTEMS)


def versioned_template(extension: Any) -> bool:
    """The canonical of the entry model carries its version (ror-questionnaire-version-required)."""
    return extension["url"] != TEMPLATE or "|" in extension["valueCanonical"]


def act_type_where_due(characteristic: Any) -> bool:
    """ror-act-type is on the acts (TRE_R210), and on no other characteristic."""
    acts = f"{NOS}TRE_R210-ActeSpecifique/FHIR/TRE-R210-ActeSpecifique"
    is_act = any(c.get("system") == acts for c in characteristic.get("coding", []))
    return is_act == any(e.get("url", "").endswith("/ror-act-type") for e in characteristic.get("extension", []))


ROWS = (
    Invariant("regle-StatutUnite", "avec un statut d'unité, les entrants " + ", ".join(WITH_UNIT_STATUS),
              unit_status_complete),
    Invariant("sdo-niveau-statut", "un statut de la personne dans l'ESMS (JDV_J252) pour statutESMS, "
              "dans l'unité (JDV_J253) pour statutUnite", status_of_its_level),
    Invariant("sdo-motif-hors-liste", "les motifs 92, 93 et 172 avec le statut 51, le motif 100 avec le statut 49, "
              "comme ASS_A32 les associe", reason_out_of_list),
    Invariant("sdo-motif-incoherent", "un motif de JDV_J251 (92, 93, 100 et 172 sont admis par ASS_A32 mais absents de "
              "JDV_J251 : incohérence des nomenclatures)", reason_in_list, "warning"),
    Invariant("regle-NomPieceJointe-type", "le titre « Document Individu et décision » pour le type 57830-2, "
              "« Document évaluation » pour 51848-0", title_goes_with_type),
    Invariant("regle-Contenu", "attachment.data dans une ressource complète", carries_data, "warning"),
    Invariant("ror-questionnaire-version-required", "une canonique avec sa version, sous la forme url|version",
              versioned_template,
              shows=("valueCanonical",)),
    Invariant("ror-systeme-https", "un système d'identifiant en https, comme le guide l'écrit depuis la version 0.4.0",
              https_system, "warning",
              shows=("system",)),
    Invariant("ror-type-acte", "l'extension ror-act-type sur les actes (TRE_R210), et seulement là",
              act_type_where_due),
)  # fmt: skip
