"""Defects of the product as a client of the FHIR face of the DMP (PDSm 3.1.1)."""

from __future__ import annotations

import base64
from typing import Any

from reference.defects.kind import Defect
from reference.spoil import REMOVE, Outgoing, Spoil, outgoing, switch


def _is_lot(request: Any) -> bool:
    return bool((request.json or {}).get("resourceType") == "Bundle")


def _lot() -> Spoil:
    return outgoing("POST", "/dmp/fhir").only_if(_is_lot)


def _replacing(request: Any) -> bool:
    return _is_lot(request) and len(request.json["entry"]) > 3


def _simplified() -> Spoil:
    return outgoing("POST", "/dmp/fhir/DocumentReference")


def _searched() -> Spoil:
    return outgoing("GET", "/dmp/fhir/DocumentReference").only_if(lambda request: "patient.identifier" in request.query)


def _without_last_entry(request: Outgoing) -> None:
    request.json["entry"].pop()


def _hexadecimal(hash_: str) -> str:
    return base64.b64encode(base64.b64decode(hash_).hex().encode()).decode()


DEFECTS = (
    Defect(
        "fhir-lot-sans-source",
        ("DMP-074",),
        "Le lot déposé par FHIR ne dit pas quel système l'envoie.",
        _lot().json("entry.0.resource.extension.1", REMOVE),
    ),
    Defect(
        "fhir-contenu-hors-du-lot",
        ("DMP-074",),
        "Le contenu du document n'est pas dans le lot déposé par FHIR.",
        _lot().json("entry.2", REMOVE),
    ),
    Defect(
        "fhir-empreinte-hexadecimale",
        ("DMP-075",),
        "L'empreinte du document, en FHIR, est l'hexadécimal du SHA-1 et non ses octets.",
        _lot().json("entry.1.resource.content.0.attachment.hash", _hexadecimal),
    ),
    Defect(
        "fhir-sans-conservateur",
        ("DMP-075",),
        "La fiche déposée par FHIR ne dit pas quel organisme garde le document (custodian).",
        _lot().json("entry.1.resource.custodian", REMOVE),
    ),
    Defect(
        "fhir-etat-du-document",
        ("DMP-076",),
        "La fiche déposée par FHIR porte docStatus, que le volet interdit.",
        _lot().json("entry.1.resource.docStatus", "final"),
    ),
    Defect(
        "fhir-identifiant-au-depot-simplifie",
        ("DMP-076",),
        "La fiche du dépôt simplifié porte un identifiant de fiche, que le volet interdit.",
        _simplified().json("identifier", [{"system": "urn:ietf:rfc:3986", "value": "urn:uuid:1"}]),
    ),
    Defect(
        "fhir-recherche-sans-statut",
        ("DMP-077",),
        "La recherche par FHIR ne dit pas le statut des documents cherchés.",
        _searched().query(lambda query: query.replace("&status=current", "")),
    ),
    Defect(
        "fhir-titre-change-aussi",
        ("DMP-078",),
        "En masquant un document par FHIR, le produit change aussi sa description.",
        switch("fhir_titre_change_aussi"),
    ),
    Defect(
        "fhir-change-par-adresse",
        ("DMP-078",),
        "Le document à masquer est désigné par son adresse, et non par son identifiant métier.",
        switch("fhir_change_par_adresse"),
    ),
    Defect(
        "fhir-remplacement-sans-patch",
        ("DMP-079",),
        "La nouvelle version n'est pas accompagnée du changement de statut de l'ancienne.",
        _lot().only_if(_replacing).and_then(_without_last_entry),
    ),
    Defect(
        "fhir-remplacement-sans-lien",
        ("DMP-079",),
        "La nouvelle version ne dit pas quel document elle remplace.",
        _lot().only_if(_replacing).json("entry.1.resource.relatesTo", REMOVE),
    ),
    Defect(
        "fhir-adresse-prise-telle-quelle",
        ("DMP-080",),
        "L'adresse relative d'un contenu n'est pas lue à partir de la base du service.",
        switch("fhir_adresse_prise_telle_quelle"),
    ),
    Defect(
        "fhir-contenu-brut",
        (),
        "Un document ouvert par FHIR est montré comme du XML, et non comme le PDF qu'il porte.",
        switch("fhir_contenu_brut"),
    ),
    Defect(
        "fhir-refus-tu",
        (),
        "Un dépôt que le DMP refuse en FHIR est montré comme fait.",
        switch("fhir_refus_montre_depose"),
    ),
)
