"""The service's part of the admin API, as a table (contract of agendas §5)."""

from __future__ import annotations

from mocks.admin.operations import TEXT, Operation, Schema, thing
from mocks.agendas.opening import AGENDA, INSTANT, LABEL
from mocks.gap.national import ACTS

CLIENT = thing(
    {
        "client_id": {"type": "string", "pattern": "^[!-9;-~]{1,200}$"},
        "nom": LABEL,
        "jeton": {"type": "string", "pattern": "^[!-~]{16,200}$"},
    },
    ("client_id",),
)
TAKEN = thing(
    {"debut": INSTANT, "fin": INSTANT, "libelle": LABEL, "statut": {"enum": ["proposed", "booked"]}}, ("debut", "fin")
)
ACT: Schema = {
    **thing({"acte": {"enum": list(ACTS)}, "debut": INSTANT, "fin": INSTANT}, ("acte",)),
    "if": {"properties": {"acte": {"const": "deplacer"}}},
    "then": {"required": ["debut", "fin"]},
}

OPERATIONS = (
    Operation("GET", "/clients", "clients", "Lister les clients du gestionnaire d'agendas."),
    Operation("POST", "/clients", "enregistrer", "Enregistrer un client.", CLIENT, success=201, errors=(409,)),
    Operation("GET", "/agendas", "agendas", "Lister les agendas et l'état de leurs créneaux."),
    Operation("POST", "/agendas", "ouvrir_agenda", "Ouvrir l'agenda d'un professionnel.", AGENDA, success=201),
    Operation("POST", "/agendas/{agenda}/creneaux", "calculer", "Calculer de nouveau les créneaux d'un agenda."),
    Operation("GET", "/agendas/{agenda}/creneaux", "creneaux", "Lister les créneaux d'un agenda."),
    Operation(
        "POST",
        "/agendas/{agenda}/rendez-vous",
        "prendre",
        "Donner du temps d'un agenda à quelqu'un d'autre.",
        TAKEN,
        success=201,
        errors=(409,),
    ),
    Operation("GET", "/rendez-vous", "rendez_vous", "Lister les rendez-vous.", query={"personne": TEXT}),
    Operation(
        "POST", "/rendez-vous/{rdv}/actes", "agir", "Agir sur un rendez-vous, au gestionnaire.", ACT, errors=(409,)
    ),
    Operation("GET", "/bilan", "bilan", "Dire si agendas, créneaux et rendez-vous sont cohérents."),
)
