"""The service's part of the admin API, as a table (contract of MSSanté §7)."""

from __future__ import annotations

from mocks.admin.operations import TEXT, Operation, Schema, thing
from mocks.mssante.model_mailboxes import ADDRESS as ADDRESS_RULE
from mocks.mssante.model_mailboxes import APPLICATION, CLOSED, FULL, OPEN, PERSONAL

ADDRESS: Schema = {"type": "string", "maxLength": 254, "pattern": f"^{ADDRESS_RULE.pattern}$"}
LABEL: Schema = {"type": "string", "maxLength": 200, "pattern": "^[^\\x00-\\x1f]*$"}
STRUCTURE: Schema = {"type": "string", "maxLength": 20, "pattern": "^[0-9A-Z]*$"}
NAMES: Schema = {"type": "array", "items": {"type": "string", "pattern": "^[a-z][a-z-]{0,60}$"}, "maxItems": 20}
HOLDERS: Schema = {"type": "array", "items": {"type": "string", "pattern": "^[!-~]{1,40}$"}, "maxItems": 50}
PORTS = thing({"serveur": NAMES["items"], "tls": {"enum": ["1.1"]}, "certificats": NAMES})
MAILBOX = thing(
    {
        "adresse": ADDRESS,
        "type": {"enum": [*PERSONAL, APPLICATION]},
        "titulaires": HOLDERS,
        "structure": STRUCTURE,
        "libelle": LABEL,
    },
    ("adresse", "type"),
)
CHANGE = thing(
    {"etat": {"enum": [OPEN, CLOSED, FULL]}, "titulaires": HOLDERS, "structure": STRUCTURE, "libelle": LABEL}
)
MESSAGE = thing(
    {
        "de": ADDRESS,
        "a": {"type": "array", "items": ADDRESS, "minItems": 1, "maxItems": 100},
        "contenu_base64": {"type": "string", "maxLength": 5_000_000},
    },
    ("de", "a", "contenu_base64"),
)
_BOX = "/boites/{adresse}"

OPERATIONS = (
    Operation(
        "POST",
        "/ecoutes",
        "ecouter",
        "Ouvrir pour ce locataire les ports de messagerie, sur la machine locale.",
        PORTS,
        success=201,
        errors=(501,),
    ),
    Operation("GET", "/boites", "boites", "Lister les boîtes."),
    Operation("POST", "/boites", "ouvrir_boite", "Ouvrir une boîte.", MAILBOX, success=201, errors=(409,)),
    Operation("PATCH", _BOX, "changer_boite", "Changer une boîte.", CHANGE),
    Operation("GET", f"{_BOX}/messages", "courrier", "Lister les messages d'une boîte."),
    Operation("GET", "/messages", "messages", "Lister les messages acceptés.", query={"boite": TEXT}),
    Operation("POST", "/messages", "deposer", "Déposer un message pour un autre.", MESSAGE, success=201),
    Operation("GET", "/messages/{numero}", "message", "Rendre un message accepté."),
    Operation("GET", "/bilan", "bilan", "Compter les messages, et dire ceux qui sont en double."),
)
