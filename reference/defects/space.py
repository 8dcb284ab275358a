"""Defects of documents exchanged with Mon espace santé (API Documents)."""

from __future__ import annotations

from reference.defects import changes
from reference.defects.kind import Defect
from reference.spoil import REMOVE, Spoil, outgoing, switch

_TRE = "https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument"


def _added() -> Spoil:
    return outgoing("POST", "/mes/fhir/DocumentReference")


def _searched() -> Spoil:
    return outgoing("GET", "/mes/fhir/DocumentReference")


DEFECTS = (
    Defect(
        "mes-document-par-adresse",
        ("MES-64",),
        "Le contenu d'un document est donné par une adresse, comme dans PDSm, et non dans l'envoi.",
        _added().json("content.0.attachment.data", REMOVE).json("content.0.attachment.url", "Binary/1"),
    ),
    Defect(
        "mes-document-type-menteur",
        ("MES-64",),
        "Le type annoncé d'un document n'est pas celui de son contenu.",
        _added().json("content.0.attachment.contentType", "image/jpeg"),
    ),
    Defect(
        "mes-document-categorie-nationale",
        ("MES-65",),
        "La catégorie d'un document est celle de la nomenclature nationale, et non celle de Mon espace santé.",
        _added().json("category", [{"coding": [{"system": _TRE, "code": "10"}]}]),
    ),
    Defect(
        "mes-documents-criteres-pdsm",
        ("MES-66",),
        "Les documents sont cherchés avec des critères de PDSm.",
        _searched().query(lambda query: f"{query}&status=current"),
    ),
    Defect(
        "mes-documents-patient-au-point",
        ("MES-66",),
        "L'usager est désigné dans la recherche de documents par un paramètre écrit avec un point.",
        _searched().query(changes.replaced("patient:identifier=", "patient.identifier=")),
    ),
    Defect(
        "mes-document-sans-limite",
        ("MES-67",),
        "Un document trop grand, ou d'un type refusé, est envoyé sans être contrôlé.",
        switch("document_sans_limite"),
    ),
    Defect(
        "mes-document-modifie",
        ("MES-68",),
        "Un document ajouté est modifié ensuite, ce que l'API n'offre pas.",
        switch("document_modifie_ensuite"),
    ),
    Defect(
        "mes-document-sans-accord",
        ("MES-46",),
        "Un document est envoyé sans l'accord de l'usager.",
        switch("document_sans_accord"),
    ),
    Defect(
        "mes-document-refait",
        (),
        "Un document dont la réponse s'est perdue est fabriqué de nouveau, et se trouve en double.",
        switch("document_refait_a_la_relance"),
    ),
    Defect(
        "mes-document-refus-tu",
        (),
        "Un document refusé par Mon espace santé est montré comme envoyé.",
        switch("document_refuse_montre_envoye"),
    ),
    Defect(
        "mes-documents-des-autres-caches",
        (),
        "Le portail ne montre que les documents qu'il a envoyés.",
        switch("documents_des_autres_caches"),
    ),
    Defect(
        "mes-document-auteur-efface",
        (),
        "Les documents lus sont montrés sans leur auteur.",
        switch("auteur_du_document_efface"),
    ),
    Defect(
        "mes-document-abime",
        (),
        "Le contenu d'un document est lu comme un texte et abîmé.",
        switch("document_ouvert_abime"),
    ),
    Defect(
        "mes-document-renvoye",
        (),
        "Un document lu dans Mon espace santé y est renvoyé comme s'il venait du portail.",
        switch("document_lu_renvoye"),
    ),
    Defect(
        "mes-documents-categorie-ignoree",
        (),
        "La catégorie demandée est ignorée : tous les documents sont montrés.",
        switch("document_categorie_ignoree"),
    ),
)
