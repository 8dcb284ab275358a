"""The admin API as a table: one row per operation, from which routes, checks of bodies and OpenAPI are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]
TEXT: Schema = {"type": "string"}


def thing(properties: Mapping[str, Any], required: tuple[str, ...] = ()) -> Schema:
    """Schema of a JSON object that holds only these properties."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. path: OpenAPI form. body: schema of the JSON body, None for none. query: schemas by name."""

    method: str
    path: str
    name: str
    summary: str
    body: Schema | None = None
    query: Mapping[str, Schema] = field(default_factory=dict)
    success: int = 200
    errors: tuple[int, ...] = ()


TENANT = "/tenants/{tenant}"
WHOLE: Schema = {"type": "integer", "minimum": 0, "maximum": 2**53}
DAY: Schema = {"type": "string", "format": "date"}
FLAG: Schema = {"type": "boolean"}
PERSON = thing(
    {
        "age": {"type": "integer", "minimum": 0, "maximum": 120},
        "date_naissance": DAY,
        "enfant_de": TEXT,
        "ne_a_l_etranger": FLAG,
        "corse": {"enum": ["2A", "2B"]},
        "jour_inconnu": FLAG,
        "prenoms_composes": FLAG,
    }
)
_FEW: Schema = {"type": "integer", "minimum": 1, "maximum": 3}
_NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[^\\x00-\\x1f]+$"}
PROFESSIONAL = thing(
    {
        "profession": {"type": "string", "pattern": "^[0-9A-Z]{1,10}$"},
        "categorie": {"enum": ["rpps", "rpps+", "structure"]},
        "exercices": _FEW,
        "activites": _FEW,
        "nom": _NAME,
        "prenom": _NAME,
    }
)
_CERTIFICATE: Schema = {"type": "string", "pattern": "^[a-z][a-z-]{0,60}$"}
LISTENER = thing(
    {
        "serveur": _CERTIFICATE,
        "client": {"enum": ["exige", "admis", "aucun"]},
        "certificats": {"type": "array", "items": _CERTIFICATE, "maxItems": 20},
    }
)
CERTIFICATES = thing({"certificats": {"type": "array", "items": _CERTIFICATE, "maxItems": 20}})
NAMED = thing({"nom": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,62}$"}})
PAIRS: Schema = {
    "type": "array",
    "items": {"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2},
}
MESSAGE: Schema = {
    "type": ["object", "null"],
    "properties": {
        "method": TEXT,
        "target": TEXT,
        "path": TEXT,
        "query": PAIRS,
        "headers": PAIRS,
        "body": TEXT,
        "body_base64": TEXT,
        "status": {"type": "integer", "minimum": 0, "maximum": 599},
    },
    "additionalProperties": False,
}
SEEN = thing(
    {
        "protocol": {"enum": ["http", "action", "acte"]},
        "service": {"type": "string", "pattern": "^[a-z-]{1,40}$"},
        "operation": {"type": "string", "pattern": "^[a-z_.-]{1,80}$"},
        "person": {"type": ["string", "null"], "maxLength": 80},
        "request": MESSAGE,
        "answer": MESSAGE,
        "context": {"type": "object"},
        "notes": {"type": "array", "items": {"type": "object"}},
        "duration_ms": {"type": "number"},
    },
    ("protocol", "service", "operation", "request"),
)
CLOCK = thing(
    {"mode": {"enum": ["reelle", "figee", "decalee"]}, "instant": TEXT, "secondes": {"type": "number"}}, ("mode",)
)
FAULT: Schema = {"type": "object", "required": ["operation", "nature"]}
FILTER: Mapping[str, Schema] = {
    "apres": WHOLE,
    "service": TEXT,
    "operation": TEXT,
    "personne": TEXT,
    "attendre": {"type": "number", "minimum": 0, "maximum": 60},
    "limite": {"type": "integer", "minimum": 1, "maximum": 5000},
}

OPERATIONS = (
    Operation("GET", "/etat", "etat", "Dire que le bac à sable est prêt, et sa version."),
    Operation("GET", "/services", "services", "Lister les services, leurs adresses et la spécification suivie."),
    Operation("GET", "/tenants", "locataires", "Lister les locataires."),
    Operation("POST", "/tenants", "ouvrir", "Ouvrir un locataire.", NAMED, success=201),
    Operation("GET", TENANT, "locataire", "Rendre un locataire et ses adresses."),
    Operation("DELETE", TENANT, "fermer", "Fermer un locataire et oublier ses données.", success=204, errors=(409,)),
    Operation(
        "POST",
        f"{TENANT}/remise-en-scene",
        "remettre",
        "Remettre horloge, pannes, réglages et statuts à l'état initial.",
    ),
    Operation("GET", f"{TENANT}/reglages", "reglages", "Lire les réglages (valeurs de convention)."),
    Operation("PATCH", f"{TENANT}/reglages", "regler", "Changer des réglages.", {"type": "object"}),
    Operation("GET", f"{TENANT}/personnes", "personnes", "Lister les personnes fictives."),
    Operation("POST", f"{TENANT}/personnes", "naitre", "Créer une personne fictive.", PERSON, success=201),
    Operation("GET", f"{TENANT}/personnes/{{personne}}", "personne", "Rendre une personne fictive."),
    Operation("GET", f"{TENANT}/professionnels", "professionnels", "Lister les professionnels fictifs."),
    Operation(
        "POST", f"{TENANT}/professionnels", "recruter", "Créer un professionnel fictif.", PROFESSIONAL, success=201
    ),
    Operation(
        "GET", f"{TENANT}/professionnels/{{professionnel}}", "professionnel_cree", "Rendre un professionnel fictif."
    ),
    Operation(
        "GET",
        f"{TENANT}/echanges",
        "echanges",
        "Lire le journal ; avec « attendre », attendre un échange.",
        query=FILTER,
    ),
    Operation("POST", f"{TENANT}/echanges", "ajouter", "Ajouter un échange vu par le banc.", SEEN, success=201),
    Operation(
        "GET",
        f"{TENANT}/constats",
        "constats",
        "Juger le journal et rendre les constats.",
        query={"apres": WHOLE, "personne": TEXT},
        errors=(501,),
    ),
    Operation(
        "POST",
        f"{TENANT}/tls",
        "ecouter",
        "Ouvrir pour ce locataire une écoute TLS sur la machine locale ; rend l'adresse et le dossier des certificats.",
        LISTENER,
        success=201,
        errors=(501,),
    ),
    Operation(
        "POST",
        f"{TENANT}/certificats",
        "certifier",
        "Écrire des certificats d'essai, sans écoute ; rend leur dossier.",
        CERTIFICATES,
        success=201,
        errors=(501,),
    ),
    Operation("GET", f"{TENANT}/horloge", "horloge", "Lire l'horloge."),
    Operation("PUT", f"{TENANT}/horloge", "regler_horloge", "Régler l'horloge.", CLOCK),
    Operation("GET", f"{TENANT}/pannes", "pannes", "Lister les pannes en attente."),
    Operation("POST", f"{TENANT}/pannes", "poser_panne", "Demander une panne.", FAULT, success=201),
    Operation("DELETE", f"{TENANT}/pannes", "lever_pannes", "Lever toutes les pannes.", success=204),
    Operation(
        "GET", "/professionnels/{numero}", "professionnel", "Rendre un professionnel fictif (RPPS à clé valide)."
    ),
    Operation("GET", "/structures/{numero}", "structure", "Rendre une structure fictive (FINESS à clé valide)."),
)
