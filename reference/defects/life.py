"""Defects of the life of an event in the agenda: changes, cancellations, sending again, waiting."""

from __future__ import annotations

from reference.defects import changes
from reference.defects.kind import Defect
from reference.spoil import REMOVE, Spoil, outgoing, switch


def _cancelling(methods: str) -> Spoil:
    return outgoing(methods, "/fhir/Appointment", beside=changes.OTHER_AGENDAS).only_if(changes.has_status("cancelled"))


DEFECTS = (
    Defect(
        "modification-par-post",
        ("AGD-002",),
        "Une modification est envoyée par un second POST.",
        switch("modification_par_post"),
    ),
    Defect(
        "annulation-par-delete",
        ("AGD-020",),
        "Une annulation supprime l'événement par DELETE.",
        _cancelling("PUT").and_then(changes.as_delete),
    ),
    Defect(
        "annulation-tue",
        ("AGD-021", "MES-58"),
        "Une annulation n'est pas envoyée.",
        switch("annulation_tue"),
    ),
    Defect(
        "annulation-envoyee-confirmee",
        ("MES-58",),
        "Une annulation est envoyée avec l'état confirmé.",
        _cancelling("POST PUT").json("status", "booked").json("cancelationReason", REMOVE),
        {"AGD-021": "l'état annulé n'est jamais envoyé"},
    ),
    Defect("deplacement-tu", ("AGD-021",), "Un déplacement n'est pas envoyé.", switch("deplacement_tu")),
    Defect("constat-tu", ("AGD-021",), "Le constat (honoré, non honoré) n'est pas envoyé.", switch("constat_tu")),
    Defect(
        "transitions-libres",
        ("AGD-023", "MES-59"),
        "Un rendez-vous annulé peut être confirmé de nouveau sous le même identifiant.",
        switch("transitions_libres"),
    ),
    Defect(
        "renvoi-nouvel-evenement",
        ("MES-57",),
        "Un renvoi crée un nouvel événement sous un autre identifiant.",
        switch("renvoi_nouvel_evenement"),
        {"MES-56": "l'identifiant de l'événement a changé", "AGD-003": "l'identifiant de l'événement a changé"},
    ),
    Defect(
        "reessai-par-post",
        ("AGD-039",),
        "Après une coupure, le produit refait un POST, sous un nouvel identifiant.",
        switch("reessai_par_post"),
        load=("L7",),
    ),
    Defect(
        "ecrit-sans-relire",
        ("AGD-041",),
        "Après un 412, le produit écrit de nouveau sans relire.",
        switch("ecrit_sans_relire"),
    ),
    Defect(
        "envoi-en-double",
        ("MES-57",),
        "Chaque rendez-vous est envoyé deux fois, sous deux identifiants.",
        switch("envoi_en_double"),
        {
            "AGD-037": "le second envoi ressemble à un événement lu",
            "AGD-038": "le second envoi ressemble à un événement lu",
            "AGD-039": "le second envoi ressemble à un nouvel essai",
        },
    ),
    Defect(
        "abandonne-apres-412",
        (),
        "Après un 412, le produit renonce à son changement.",
        switch("abandonne_apres_412"),
    ),
    Defect(
        "abandonne-en-panne",
        (),
        "Un envoi qui rencontre une panne est abandonné.",
        switch("abandonne_en_panne"),
    ),
    Defect(
        "refus-montre-envoye",
        ("AGD-040",),
        "Un envoi refusé par Mon espace santé est montré comme fait.",
        switch("refus_montre_envoye"),
    ),
    Defect(
        "retry-after-ignore",
        ("AGD-042",),
        "Le produit n'attend pas le délai demandé par Retry-After.",
        switch("retry_after_ignore"),
    ),
    Defect(
        "reessaie-422",
        ("MES-42",),
        "Un contenu refusé (422) est renvoyé sans changement.",
        switch("reessaie_422"),
    ),
)
