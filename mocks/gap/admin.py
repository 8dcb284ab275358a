"""The service's part of the admin API, as a table (contract of agendas §5)."""

from __future__ import annotations

from mocks.admin.operations import TEXT, Operation, Schema, thing
from mocks.gap.national import ACTS

INSTANT: Schema = {"type": "string", "format": "date-time", "pattern": "(Z|[+-][0-9]{2}:[0-9]{2})$"}
LABEL: Schema = {"type": "string", "maxLength": 200}
CLIENT = thing({"client_id": {"type": "string", "pattern": "^[!-9;-~]{1,200}$"}, "nom": LABEL}, ("client_id",))
OPENING = thing(
    {
        "debut": INSTANT,
        "fin": INSTANT,
        "type": {"enum": ["free", "busy-unavailable"]},
        "frequence": {"enum": ["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]},
        "jours": {"type": "array", "items": {"enum": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]}, "maxItems": 7},
        "jusqu_au": INSTANT,
    },
    ("debut", "fin"),
)
AGENDA = thing(
    {
        "professionnel": TEXT,
        "disponibilites": {"type": "array", "items": OPENING, "minItems": 1, "maxItems": 50},
        "durees_min": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 1440}, "maxItems": 10},
    },
    ("disponibilites",),
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
    Operation("GET", "/rendez-vous", "rendez_vous", "Lister les rendez-vous.", query={"personne": TEXT}),
    Operation(
        "POST", "/rendez-vous/{rdv}/actes", "agir", "Agir sur un rendez-vous, au gestionnaire.", ACT, errors=(409,)
    ),
    Operation("GET", "/bilan", "bilan", "Dire si agendas, créneaux et rendez-vous sont cohérents."),
)
