"""The service's part of the admin API, as a table (contract of agendas, part of the block)."""

from __future__ import annotations

from mocks.admin.operations import TEXT, Operation, Schema, thing
from mocks.agendas.opening import AGENDA, INSTANT, LABEL
from mocks.rdv.acts import ANSWERS

_CLIENT: Schema = {"type": "string", "pattern": "^[!-9;-~]{1,200}$"}
_NATIONAL_ID: Schema = {"type": "string", "pattern": "^[0-9A-Za-z/]{1,80}$"}
SOFTWARE = thing(
    {
        "client_id": _CLIENT,
        "nom": LABEL,
        "agenda": {"type": "string", "pattern": "^https?://[^\\s]{1,500}$"},
        "jeton": {"type": "string", "pattern": "^[!-~]{16,200}$"},
        "autorisation": {"type": "string", "pattern": "^[!-~ ]{0,2000}$"},
        "professionnels": {"type": "array", "items": _NATIONAL_ID, "maxItems": 200},
    },
    ("client_id",),
)
OPENED = {**AGENDA, "properties": {**AGENDA["properties"], "logiciel": _CLIENT}}
ANSWER: Schema = {
    **thing(
        {
            "professionnel": _NATIONAL_ID,
            "reponse": {"enum": list(ANSWERS)},
            "debut": INSTANT,
            "fin": INSTANT,
            "motif": LABEL,
        },
        ("professionnel", "reponse"),
    ),
    "if": {"properties": {"reponse": {"const": "proposer"}}},
    "then": {"required": ["debut", "fin"]},
}
REQUEST = thing(
    {
        "demandeur": _NATIONAL_ID,
        "invites": {"type": "array", "items": _NATIONAL_ID, "minItems": 1, "maxItems": 25},
        "personne": TEXT,
        "debut": INSTANT,
        "fin": INSTANT,
        "intitule": LABEL,
        "motif": LABEL,
    },
    ("demandeur", "invites", "debut", "fin", "intitule", "motif"),
)
DELIVERY = thing({"refaire": {"type": "boolean"}})
AGREEMENT = thing({"accord": {"type": "boolean"}}, ("accord",))

OPERATIONS = (
    Operation("GET", "/logiciels", "logiciels", "Lister les logiciels raccordés au bloc."),
    Operation("POST", "/logiciels", "raccorder", "Raccorder un logiciel.", SOFTWARE, success=201, errors=(409,)),
    Operation("POST", "/agendas", "ouvrir_agenda", "Ouvrir l'agenda d'un professionnel au bloc.", OPENED, success=201),
    Operation("POST", "/usagers/{personne}/accord", "accorder", "Dire si l'usager s'ouvre au bloc.", AGREEMENT),
    Operation("GET", "/creneaux", "creneaux", "Lister les créneaux d'un professionnel.", query={"professionnel": TEXT}),
    Operation("GET", "/demandes", "demandes", "Lister les demandes de rendez-vous.", query={"personne": TEXT}),
    Operation(
        "POST", "/demandes/{demande}/reponses", "repondre", "Répondre pour un professionnel.", ANSWER, errors=(403, 409)
    ),
    Operation(
        "POST",
        "/demandes",
        "demander",
        "Demander pour un professionnel d'ailleurs.",
        REQUEST,
        success=201,
        errors=(403, 409),
    ),
    Operation("GET", "/envois", "envois", "Lister les écritures du bloc dans les agendas."),
    Operation("POST", "/envois", "envoyer", "Faire les écritures qui restent, ou toutes de nouveau.", DELIVERY),
    Operation("GET", "/bilan", "bilan", "Dire si agendas, créneaux et rendez-vous sont cohérents."),
)
