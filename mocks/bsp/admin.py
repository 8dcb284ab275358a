"""The service's part of the admin API, as a table (contract of agendas, section on the BSP)."""

from __future__ import annotations

from mocks.admin.operations import TEXT, Operation, Schema, thing
from profiles import keys

FINESS: Schema = {"type": "string", "pattern": "^[0-9A-Z]{9}$"}
INSTANT: Schema = {"type": "string", "format": "date-time", "pattern": "(Z|[+-][0-9]{2}:[0-9]{2})$"}
STRUCTURE = thing(
    {
        "client_id": {"type": "string", "pattern": "^[!-9;-~]{1,200}$"},
        "oid": {"type": "string", "pattern": f"^{keys.OID}$", "maxLength": 120},
        "finess": FINESS,
        "nom": {"type": "string", "minLength": 1, "maxLength": 200},
    },
    ("client_id", "oid", "finess", "nom"),
)
ACT = thing(
    {
        "acte": TEXT,
        "structure": FINESS,
        "professionnel": {"type": "string", "pattern": "^[!-~]{1,80}$"},
        "jusqu_au": INSTANT,
    },
    ("acte",),
)
USAGER = "/usagers/{personne}"

OPERATIONS = (
    Operation("GET", "/structures", "structures", "Lister les structures enrôlées."),
    Operation("POST", "/structures", "enroler", "Enrôler une structure et sa solution.", STRUCTURE, success=201),
    Operation("GET", f"{USAGER}/consentements", "consentements", "Rendre ce que la personne a décidé."),
    Operation("POST", f"{USAGER}/actes", "agir", "Faire décider la personne.", ACT),
)
