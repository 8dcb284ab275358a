"""The service's part of the admin API, as a table (architecture §4)."""

from __future__ import annotations

from mocks.admin.operations import TEXT, Operation, Schema, thing
from mocks.mes.model_services import STATUSES
from profiles import keys

OID: Schema = {"type": "string", "pattern": f"^{keys.OID}$", "maxLength": 120}
FLAG: Schema = {"type": "boolean"}
VERSION: Schema = {"type": "integer", "minimum": 1, "maximum": 10_000}
STATUS: Schema = {"enum": list(STATUSES)}
LABEL: Schema = {"type": "string", "maxLength": 200}
CODE: Schema = {"type": "string", "pattern": "^[A-Z0-9_]{1,80}$"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
FINALITIES: Schema = {
    "type": "array",
    "items": {
        "anyOf": [
            CODE,
            {
                "type": "object",
                "properties": {
                    "id": {"type": "integer"},
                    "codeFinalite": CODE,
                    "libelle": LABEL,
                    "description": TEXT,
                    "perimetre": LABEL,
                    "action": {"enum": ["Ecriture", "Lecture"]},
                    "categories": {"type": "array", "items": {"type": "object"}},
                },
                "required": ["codeFinalite", "perimetre", "action"],
                "additionalProperties": False,
            },
        ]
    },
}
SERVICE = thing(
    {
        "oid": OID,
        "nom": {"type": "string", "minLength": 1, "maxLength": 200},
        "editeur": LABEL,
        "description": TEXT,
        "cgu_url": TEXT,
        "url_synchronisation": TEXT,
        "client_id": {"type": "string", "pattern": "^[!-9;-~]{1,200}$"},
        "client_secret": {"type": "string", "pattern": "^[!-~]{8,200}$"},
        "redirect_uris": {"type": "array", "items": {"type": "string", "pattern": "^[a-z][a-z0-9+.-]*:[!-~]+$"}},
        "finalites": FINALITIES,
        "statut": STATUS,
        "version": VERSION,
        "reference_avec_echange": FLAG,
        "assign_auth": OID,
    },
    ("oid", "nom"),
)
CHANGE = thing({"statut": STATUS, "version": VERSION, "finalites": FINALITIES, "reference_avec_echange": FLAG})
EVENT_FIELDS = {
    "debut": INSTANT,
    "fin": INSTANT,
    "libelle": LABEL,
    "commentaire": TEXT,
    "statut": {"enum": ["proposed", "pending", "booked", "arrived", "checked-in", "fulfilled", "cancelled", "noshow"]},
    "identifiant": LABEL,
    "source": OID,
    "structure": thing({"finess": {"type": "string", "pattern": "^[0-9A-Z]{9}$"}, "nom": LABEL}, ("finess", "nom")),
    "professionnel": {
        "anyOf": [LABEL, thing({"nom": LABEL, "systeme": LABEL, "valeur": LABEL}, ("nom",))],
    },
}
EVENT, EVENT_CHANGE = thing(EVENT_FIELDS, ("debut", "libelle")), thing(EVENT_FIELDS)
ACT = thing({"acte": TEXT, "oid": OID, "finalite": TEXT}, ("acte",))
DIRECT = thing({"oid": OID, "finalites": {"type": "array", "items": CODE}, "idpe": LABEL, "base": TEXT}, ("finalites",))
NUMBER: Schema = {"type": "number", "minimum": 0, "maximum": 100_000}
MEASURE = thing(
    {
        "code": TEXT,
        "valeur": {
            "anyOf": [NUMBER, thing({"systolique": NUMBER, "diastolique": NUMBER}, ("systolique", "diastolique"))]
        },
        "unite": LABEL,
        "instant": INSTANT,
        "source": OID,
        "appareil": thing({"systeme": LABEL, "valeur": LABEL}, ("systeme", "valeur")),
    },
    ("code", "valeur", "instant"),
)
USAGER = "/usagers/{personne}"

OPERATIONS = (
    Operation("GET", "/services", "services", "Lister les services référencés."),
    Operation("POST", "/services", "enregistrer", "Enregistrer un service.", SERVICE, success=201, errors=(409,)),
    Operation("GET", "/services/{oid}", "service", "Rendre un service référencé."),
    Operation("PATCH", "/services/{oid}", "changer", "Changer statut, version ou finalités d'un service.", CHANGE),
    Operation("GET", f"{USAGER}/agenda", "agenda", "Rendre l'agenda consolidé de l'usager."),
    Operation("GET", f"{USAGER}/appariements", "appariements", "Rendre les appariements du profil."),
    Operation(
        "POST",
        f"{USAGER}/appariements",
        "apparier",
        "Apparier sans passer par les pages, et rendre les jetons (tests unitaires, mesures).",
        DIRECT,
        success=201,
    ),
    Operation("GET", f"{USAGER}/activite", "activite", "Rendre la trace des échanges, telle que l'usager la voit."),
    Operation("POST", f"{USAGER}/evenements", "ajouter", "Ajouter un événement.", EVENT, success=201),
    Operation(
        "PATCH",
        f"{USAGER}/evenements/{{id_}}",
        "modifier",
        "Changer un événement, pour sa source.",
        EVENT_CHANGE,
        errors=(409,),
    ),
    Operation(
        "DELETE",
        f"{USAGER}/evenements/{{id_}}",
        "supprimer",
        "Supprimer un événement, pour sa source.",
        query={"source": TEXT},
        success=204,
        errors=(409,),
    ),
    Operation("GET", f"{USAGER}/documents", "documents", "Rendre les documents que l'usager voit."),
    Operation("POST", f"{USAGER}/actes", "agir", "Faire agir l'usager sur un appariement.", ACT, errors=(409,)),
    Operation("POST", f"{USAGER}/mesures", "mesurer", "Ajouter une mesure.", MEASURE, success=201),
)
