"""Kinds of documents of the sector, with the codes that go with them (sheet DMP §5.1).

Only the code of the PPA is published for certain; the class that goes with each code (ASS_X04) is not public.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LOINC = "2.16.840.1.113883.6.1"
TYPES = "1.2.250.1.213.1.1.4.12"  # TRE_A05
CLASSES = "1.2.250.1.213.1.1.4.1"  # TRE_A03


@dataclass(frozen=True)
class Code:
    """A coded value: code, OID of its system, label."""

    code: str
    system: str
    label: str


SYNTHESIS = Code("11", CLASSES, "Synthèse")
CARE_PLAN = Code("44", CLASSES, "Plan de soins ou protocole")
CERTIFICATE = Code("52", CLASSES, "Certificat, déclaration")
PPA = Code("80788-3", LOINC, "Projet personnalisé d'accompagnement")


@dataclass(frozen=True)
class Kind:
    """A kind of document. name: as people call it."""

    name: str
    type: Code
    class_: Code


KINDS: Mapping[str, Kind] = {
    "ppa": Kind("Projet personnalisé d'accompagnement", PPA, CARE_PLAN),
    "avenant": Kind("Avenant au projet personnalisé d'accompagnement", PPA, CARE_PLAN),
    "fiche_liaison_mdph": Kind(
        "Fiche de liaison à la MDPH", Code("CERT_DECL", TYPES, "Certificat, déclaration"), CERTIFICATE
    ),
    "synthese": Kind("Synthèse du dossier de l'usager", Code("SYNTH", TYPES, "Synthèse"), SYNTHESIS),
    "volet_medical": Kind("Volet médical", Code("60591-5", LOINC, "Synthèse médicale"), SYNTHESIS),
}


def kind_of(name: str, liaison_sheet: Mapping[str, str] | None = None) -> Kind:
    """The kind of that name; KeyError for an unknown one.

    liaison_sheet: the code of the fiche de liaison (`code`, `systeme`, `libelle`), which no public text gives.
    """
    found = KINDS[name]
    if name != "fiche_liaison_mdph" or not liaison_sheet:
        return found
    code = Code(liaison_sheet["code"], liaison_sheet["systeme"], liaison_sheet.get("libelle", found.type.label))
    return Kind(found.name, code, found.class_)
