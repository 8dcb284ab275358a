"""Defects of the accounts of regulators, that the SAS platform opens and changes in the product (INT_R02)."""

from __future__ import annotations

from reference.defects.kind import Defect
from reference.spoil import REMOVE, Answering, Spoil, answering, switch


def _accounts(methods: str = "POST PUT") -> Spoil:
    return answering(methods, "/sas/fhir/Practitioner")


def _refuses(answer: Answering) -> bool:
    return answer.status == 422


def _malformed(answer: Answering) -> bool:
    return answer.status == 400


def _slash(answer: Answering) -> bool:
    return "%2F" in answer.query


def _without_reason(answer: Answering) -> None:
    answer.json = {}


def _not_found(answer: Answering) -> None:
    answer.status = 404
    answer.headers.pop("Location", None)
    answer.json = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "not-found"}]}


def _broken(answer: Answering) -> None:
    answer.status = 500


DEFECTS = (
    Defect(
        "sas-compte-sans-adresse",
        ("AGD-079",),
        "La réponse ne dit pas l'adresse du compte.",
        _accounts().header("Location", REMOVE),
    ),
    Defect(
        "sas-mise-a-jour-d-inconnu-refusee",
        ("AGD-079",),
        "La mise à jour d'un régulateur inconnu est refusée, au lieu d'ouvrir son compte.",
        switch("sas_inconnu_refuse"),
    ),
    Defect(
        "sas-compte-en-double",
        (),
        "Le même compte est ouvert autant de fois qu'il est demandé.",
        switch("sas_compte_en_double"),
    ),
    Defect(
        "sas-mise-a-jour-perdue",
        (),
        "La mise à jour d'un compte est acceptée, mais rien n'en est gardé.",
        switch("sas_mise_a_jour_perdue"),
    ),
    Defect(
        "sas-compte-par-mise-a-jour",
        ("AGD-082", "AGD-083"),
        "Chaque mise à jour d'un compte en ouvre un autre.",
        switch("sas_compte_par_mise_a_jour"),
    ),
    Defect(
        "sas-identifiant-non-exige",
        ("AGD-080",),
        "Un compte sans identifiant est ouvert.",
        switch("sas_identifiant_non_exige"),
    ),
    Defect(
        "sas-nom-non-exige",
        ("AGD-080",),
        "Un compte sans nom est ouvert.",
        switch("sas_nom_non_exige"),
    ),
    Defect(
        "sas-nom-absent-casse",
        ("AGD-080",),
        "Le produit tombe en panne quand le nom manque.",
        switch("sas_nom_absent_casse"),
    ),
    Defect(
        "sas-droit-non-exige",
        ("AGD-080",),
        "Un compte est ouvert sans qu'il soit dit si le droit est tenu.",
        switch("sas_actif_non_exige"),
    ),
    Defect(
        "sas-refus-sans-motif",
        ("AGD-080", "AGD-081"),
        "Le refus d'un compte ne dit pas pourquoi.",
        _accounts().only_if(_refuses).and_then(_without_reason),
    ),
    Defect(
        "sas-refus-en-panne",
        ("AGD-080", "AGD-081"),
        "Le produit répond à un compte invalide qu'il est en panne.",
        _accounts().only_if(_refuses).and_then(_broken),
    ),
    Defect(
        "sas-corps-illisible-en-panne",
        ("AGD-080",),
        "Le produit répond à un compte illisible qu'il est en panne.",
        _accounts().only_if(_malformed).and_then(_broken),
    ),
    Defect(
        "sas-courriel-non-verifie",
        (),
        "L'adresse électronique d'un compte n'est pas regardée.",
        switch("sas_courriel_non_verifie"),
    ),
    Defect(
        "sas-type-non-verifie",
        ("AGD-081",),
        "Le type d'un identifiant n'est pas regardé.",
        switch("sas_type_non_verifie"),
    ),
    Defect(
        "sas-compte-supprime",
        ("AGD-082",),
        "Le compte d'un régulateur qui perd son droit est supprimé.",
        switch("sas_compte_supprime"),
        also={"AGD-079": "le droit rendu ouvre un compte, faute de celui qui était là"},
    ),
    Defect(
        "sas-droit-jamais-rendu",
        ("AGD-082",),
        "Le droit retiré à un régulateur ne lui est jamais rendu.",
        switch("sas_droit_jamais_rendu"),
    ),
    Defect(
        "sas-deux-comptes-apres-changement",
        ("AGD-083",),
        "Un changement d'identifiant ouvre un second compte.",
        switch("sas_deux_comptes"),
    ),
    Defect(
        "sas-ancien-identifiant-garde",
        ("AGD-083",),
        "Le compte garde l'ancien identifiant avec le nouveau.",
        switch("sas_ancien_identifiant_garde"),
    ),
    Defect(
        "sas-barre-oblique-refusee",
        ("AGD-083",),
        "Un identifiant qui porte une barre oblique n'est pas trouvé.",
        _accounts("PUT").only_if(_slash).and_then(_not_found),
    ),
    Defect(
        "sas-identifiant-non-reattribue",
        (),
        "L'identifiant d'un compte sans droit ne peut passer à un autre régulateur.",
        switch("sas_identifiant_non_reattribue"),
    ),
)
