"""Defects of documents deposited in the DMP: the metadata of the entry, the header of the CDA.

Each is narrowed to the syntheses, or to the documents hidden from the patient: one scenario shows it.
"""

from __future__ import annotations

from reference.defects import dmp_changes, dmp_pieces
from reference.defects.kind import Defect
from reference.spoil import Spoil, written

_PATIENT = "recordTarget/patientRole/patient"
_HIDDEN = "INVISIBLE_PATIENT"


def _entry() -> Spoil:
    """The entry of a synthesis."""
    return dmp_changes.deposit().only_if(dmp_changes.of_type("SYNTH"))


def _hidden() -> Spoil:
    """The entry of a document hidden from the patient."""
    return dmp_changes.deposit().only_if(dmp_pieces.holds(_HIDDEN))


def _cda() -> Spoil:
    """A synthesis."""
    return written("CDA", "synthese")


def _new_version() -> Spoil:
    """A document that takes the place of another."""
    return written("CDA").only_if(dmp_pieces.replaces)


ENTRIES = (
    Defect(
        "entree-statut-invente",
        ("DMP-033",),
        "L'entrée d'une synthèse porte un statut, que seul le DMP donne.",
        _entry().and_then(dmp_pieces.approved),
    ),
    Defect(
        "entree-sans-cadre-d-exercice",
        ("DMP-033",),
        "L'entrée d'un document caché à l'usager n'a pas de cadre d'exercice (practiceSettingCode).",
        _hidden().and_then(dmp_pieces.uncoded("practice")),
    ),
    Defect(
        "titre-autre-que-le-cda",
        ("DMP-034",),
        "Le titre de l'entrée d'une synthèse n'est pas celui du CDA.",
        _entry().and_then(dmp_pieces.title),
    ),
    Defect(
        "classe-libre",
        ("DMP-035",),
        "La classe d'une synthèse est un code propre au produit.",
        _entry().and_then(dmp_pieces.coded("class", "PROJET", "1.2.250.1.999.6")),
    ),
    Defect(
        "creation-heure-locale",
        ("DMP-036",),
        "La date de création d'une synthèse est à l'heure de Paris, et non en temps universel.",
        _entry().and_then(dmp_pieces.slot("creationTime", dmp_changes.local_time)),
    ),
    Defect(
        "acte-date-de-l-envoi",
        ("DMP-037", "DMP-036"),
        "La date de l'acte d'une synthèse est celle de l'envoi.",
        _entry().and_then(dmp_pieces.sent_time),
    ),
    Defect(
        "taille-fausse",
        ("DMP-038",),
        "La taille annoncée d'un document caché à l'usager est un nombre de caractères.",
        _hidden().and_then(dmp_pieces.slot("size", lambda size: str(int(size) - 12))),
    ),
    Defect(
        "type-de-media-pdf",
        ("DMP-039",),
        "Le CDA d'une synthèse est annoncé comme un PDF.",
        _entry().and_then(dmp_pieces.media_type("application/pdf")),
    ),
    Defect(
        "format-libre",
        ("DMP-039",),
        "Le format d'une synthèse de niveau 1 n'est pas celui de son PDF.",
        _entry().and_then(dmp_pieces.coded("format", "urn:ihe:pcc:apr:lab:2008")),
    ),
    Defect(
        "langue-en-minuscules",
        ("DMP-040",),
        "La langue du CDA d'une synthèse s'écrit fr-fr.",
        _cda().and_then(dmp_pieces.changed("languageCode", "code", "fr-fr")),
    ),
    Defect(
        "visibilite-sans-niveau",
        ("DMP-041",),
        "Un document caché à l'usager n'a plus de niveau de confidentialité.",
        _hidden().and_then(dmp_pieces.uncoded("confidentiality", "N")),
    ),
    Defect(
        "cache-aux-deux",
        ("DMP-042",),
        "Un document caché à l'usager l'est aussi aux professionnels.",
        _hidden().and_then(dmp_pieces.hidden_twice),
    ),
    Defect(
        "auteur-sans-oid",
        ("DMP-045",),
        "L'auteur d'une synthèse est identifié sans l'OID de son identifiant.",
        _entry().and_then(dmp_pieces.slot("authorPerson", lambda xcn: xcn.replace("&1.2.250.1.71.4.2.1&ISO", ""))),
    ),
    Defect(
        "logiciel-prefixe-1",
        ("DMP-046",),
        "L'auteur d'une synthèse est le logiciel, identifié avec le préfixe 1 d'une structure.",
        _entry().and_then(
            dmp_pieces.slot("authorPerson", "1009000019/7^DUI^Référence^^^^^^&1.2.250.1.71.4.2.1&ISO^U^^^RI")
        ),
    ),
    Defect(
        "responsable-logiciel",
        ("DMP-047",),
        "Le responsable d'une synthèse est le logiciel, et non le professionnel.",
        _entry().and_then(
            dmp_pieces.slot("legalAuthenticator", "3009000019/7^DUI^Référence^^^^^^&1.2.250.1.71.4.2.1&ISO^U^^^RI")
        ),
    ),
    Defect(
        "entree-d-un-autre-patient",
        ("DMP-004",),
        "L'entrée d'un document caché à l'usager désigne une autre personne.",
        _hidden().and_then(dmp_pieces.external("patient", dmp_pieces.somebody_else)),
    ),
)

HEADERS = (
    Defect(
        "cda-sans-modele",
        ("DMP-048",),
        "Le CDA d'une synthèse ne déclare pas ses modèles.",
        _cda().and_then(dmp_pieces.without("templateId")),
    ),
    Defect(
        "cda-sans-prise-en-charge",
        ("DMP-048",),
        "Le CDA d'une synthèse ne dit pas la prise en charge (componentOf).",
        _cda().and_then(dmp_pieces.without("componentOf")),
    ),
    Defect(
        "cda-nom-sans-qualificatif",
        ("DMP-049",),
        "Le nom de naissance de l'usager n'a pas de qualificatif dans le CDA d'une synthèse.",
        _cda().and_then(dmp_pieces.changed(f"{_PATIENT}/name/family", "qualifier", None)),
        {"DMP-005": "le nom de naissance ne se reconnaît plus"},
    ),
    Defect(
        "cda-avec-religion",
        ("DMP-049",),
        "Le CDA d'une synthèse dit la religion de l'usager.",
        _cda().and_then(dmp_pieces.religion),
    ),
    Defect(
        "cda-sans-sexe",
        ("DMP-005",),
        "Le CDA d'une synthèse ne dit pas le sexe de l'usager.",
        _cda().and_then(dmp_pieces.without(f"{_PATIENT}/administrativeGenderCode")),
    ),
    Defect(
        "cda-nom-utilise-seul",
        ("DMP-005",),
        "Le CDA d'une synthèse donne le nom de naissance comme nom utilisé.",
        _cda().and_then(dmp_pieces.changed(f"{_PATIENT}/name/family", "qualifier", "CL")),
    ),
    Defect(
        "cda-sans-lieu-de-naissance",
        ("DMP-006",),
        "Le CDA d'une synthèse ne dit pas le lieu de naissance de l'usager.",
        _cda().and_then(dmp_pieces.without(f"{_PATIENT}/birthplace")),
    ),
    Defect(
        "cda-sans-liste-de-prenoms",
        ("DMP-006",),
        "Le CDA d'une synthèse ne donne que le premier prénom de l'usager.",
        _cda().and_then(dmp_pieces.first_name_only),
    ),
    Defect(
        "cda-autre-serie",
        ("DMP-052",),
        "Chaque version d'un document ouvre une série nouvelle (setId).",
        _new_version().and_then(dmp_pieces.own_series),
    ),
    Defect(
        "cda-version-figee",
        ("DMP-052",),
        "Le numéro de version du CDA ne change pas d'une version à l'autre.",
        _new_version().and_then(dmp_pieces.changed("versionNumber", "value", "1")),
    ),
    Defect(
        "cda-ins-d-un-autre",
        ("DMP-004", "DMP-001"),
        "Le CDA d'un volet médical porte un matricule INS dont la clé est fausse.",
        written("CDA", "volet_medical").and_then(dmp_pieces.wrong_key_in_cda),
    ),
)

DEFECTS = (*ENTRIES, *HEADERS)
