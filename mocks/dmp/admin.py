"""The service's part of the admin API, as a table (contract of the DMP §6)."""

from __future__ import annotations

from mocks.admin.operations import FLAG, TEXT, Operation, Schema, thing
from mocks.dmp.acts import ACTS
from mocks.dmp.foreign import ORIGINS
from mocks.dmp.names import VISIBILITY

LABEL: Schema = {"type": "string", "maxLength": 200, "pattern": "^[^\\x00-\\x1f]*$"}
HOLDER: Schema = {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"}
UNIQUE_ID: Schema = {"type": "string", "maxLength": 256, "pattern": r"^[0-2](\.(0|[1-9][0-9]*))+(\^[!-~]+)?$"}
INSTANT: Schema = {"type": "string", "format": "date-time", "pattern": "(Z|[+-][0-9]{2}:[0-9]{2})$"}
PEM: Schema = {"type": "string", "maxLength": 200_000}
CODE = thing({"code": HOLDER, "systeme": HOLDER, "libelle": LABEL}, ("code", "systeme"))
TRUST = thing({"autorites": PEM, "revocations": PEM}, ("autorites",))
RECORD = thing(
    {
        "statut": {"enum": ["actif", "ferme", "absent"]},
        "fermeture": thing({"date": LABEL, "motif": LABEL, "raison": LABEL}),
        "rattache_mes": FLAG,
        "medecins_traitants": {"type": "array", "items": HOLDER, "maxItems": 20},
        "nom_utilise": LABEL,
    }
)
AUTHORISATION = thing(
    {"titulaire": HOLDER, "statut": {"enum": ["valide", "expiree", "aucune"]}}, ("titulaire", "statut")
)
DOCUMENT = thing(
    {
        "origine": {"enum": list(ORIGINS)},
        "titre": {**LABEL, "minLength": 1},
        "type": CODE,
        "classe": CODE,
        "confidentialite": {"type": "array", "items": {"enum": list(VISIBILITY)}, "maxItems": 3, "uniqueItems": True},
        "date_acte": INSTANT,
        "unique_id": UNIQUE_ID,
        "remplace": UNIQUE_ID,
        "contenu_base64": {"type": "string", "maxLength": 5_000_000},
    },
    ("origine",),
)
ACT = thing({"acte": {"enum": list(ACTS)}, "document": UNIQUE_ID, "professionnel": HOLDER}, ("acte",))
VIEW: Schema = {"type": "string", "enum": ["tout", "usager", "representant", "professionnel"]}
_PERSON = "/personnes/{personne}"

OPERATIONS = (
    Operation("PUT", "/confiance", "faire_confiance", "Dire de quelles autorités viennent les signataires.", TRUST),
    Operation("GET", _PERSON, "dossier", "Rendre l'état du DMP d'une personne."),
    Operation("PUT", _PERSON, "changer", "Changer l'état du DMP d'une personne.", RECORD),
    Operation("PUT", f"{_PERSON}/autorisations", "autoriser", "Changer une autorisation d'accès.", AUTHORISATION),
    Operation(
        "GET",
        f"{_PERSON}/documents",
        "documents",
        "Lister les documents, vus par l'usager, son représentant, un professionnel, ou tous.",
        query={"vue": VIEW, "titulaire": TEXT, "structure": TEXT},
    ),
    Operation("GET", f"{_PERSON}/documents/{{document}}", "document", "Rendre un document et son contenu."),
    Operation(
        "POST",
        f"{_PERSON}/documents",
        "deposer",
        "Déposer un document pour un autre.",
        DOCUMENT,
        success=201,
        errors=(409,),
    ),
    Operation("POST", f"{_PERSON}/actes", "agir", "Agir sur le DMP, dans Mon espace santé.", ACT, errors=(409,)),
    Operation("GET", "/bilan", "bilan", "Dire si le registre et l'entrepôt sont cohérents."),
)
