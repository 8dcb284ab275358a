"""The service's part of the admin API, as a table (contract of MSSanté §8)."""

from __future__ import annotations

from mocks.admin.operations import FLAG, TEXT, Operation, Schema, thing
from mocks.mssante.citizen_acts import ACTS
from mocks.mssante.model_citizens import ABSENT
from mocks.mssante.model_mailboxes import ADDRESS as ADDRESS_RULE
from mocks.mssante.model_mailboxes import APPLICATION, CLOSED, FULL, OPEN, PERSONAL
from mocks.mssante.receipts import NEW, OLD

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
    {
        "etat": {"enum": [OPEN, CLOSED, FULL]},
        "titulaires": HOLDERS,
        "structure": STRUCTURE,
        "libelle": LABEL,
        "annuaire": FLAG,
        "liste_rouge": FLAG,
        "rang": {"type": "integer", "minimum": 0, "maximum": 100},
        "description": LABEL,
        "service": LABEL,
        "responsable": LABEL,
    }
)
MESSAGE = thing(
    {
        "de": ADDRESS,
        "a": {"type": "array", "items": ADDRESS, "minItems": 1, "maxItems": 100},
        "contenu_base64": {"type": "string", "maxLength": 5_000_000},
    },
    ("de", "a", "contenu_base64"),
)
TEXT_OF: Schema = {"type": "string", "maxLength": 20_000, "pattern": "^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]*$"}
NUMBER: Schema = {"type": "integer", "minimum": 1, "maximum": 2**53}
USAGER = thing({"etat": {"enum": [OPEN, CLOSED, ABSENT]}}, ("etat",))
ACT = thing(
    {
        "acte": {"enum": list(ACTS)},
        "message": NUMBER,
        "a": ADDRESS,
        "objet": {**LABEL, "minLength": 1},
        "texte": TEXT_OF,
        "document": LABEL,
    },
    ("acte",),
)
RECEIPT = thing(
    {
        "message": NUMBER,
        "disposition": {"enum": ["displayed", "dispatched", "processed", "deleted"]},
        "code": {"type": "string", "pattern": "^[0-9]{3}$"},
        "libelle": LABEL,
        "forme": {"enum": [NEW, OLD]},
    },
    ("message",),
)
_BOX = "/boites/{adresse}"
_USAGER = "/usagers/{personne}"

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
    Operation(
        "POST",
        f"{_BOX}/accuses",
        "accuser",
        "Rendre, de cette boîte, l'accusé d'un message reçu (MDN), bon ou d'échec.",
        RECEIPT,
        success=201,
        errors=(409,),
    ),
    Operation("GET", _USAGER, "usager", "Rendre l'état de la messagerie d'un usager."),
    Operation("PUT", _USAGER, "changer_usager", "Changer l'état de la messagerie d'un usager.", USAGER),
    Operation("GET", f"{_USAGER}/messages", "messages_usager", "Lister les messages reçus par un usager."),
    Operation(
        "POST",
        f"{_USAGER}/actes",
        "agir",
        "Lire, répondre, écrire, ranger dans le DMP, dans Mon espace santé.",
        ACT,
        success=201,
        errors=(409,),
    ),
    Operation("GET", "/messages", "messages", "Lister les messages acceptés.", query={"boite": TEXT}),
    Operation("POST", "/messages", "deposer", "Déposer un message pour un autre.", MESSAGE, success=201),
    Operation("GET", "/messages/{numero}", "message", "Rendre un message accepté."),
    Operation("GET", "/bilan", "bilan", "Compter les messages, et dire ceux qui sont en double."),
)
