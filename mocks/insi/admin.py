"""The service's part of the admin API, as a table (contract of identity §2)."""

from __future__ import annotations

from mocks.admin.operations import DAY, TEXT, Operation, Schema, thing

NAME: Schema = {"type": "string", "maxLength": 200}
MATRICULE: Schema = {"type": "string", "maxLength": 40}
NATURE: Schema = {"enum": ["NIR", "NIA"]}
TRAITS = thing(
    {
        "nom_naissance": NAME,
        "prenoms": {"type": "array", "items": NAME, "maxItems": 20},
        "sexe": {"enum": ["M", "F", ""]},
        "date_naissance": {"type": "string", "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"},
        "lieu_naissance": {"type": "string", "pattern": "^([0-9][0-9AB][0-9]{3})?$"},
    }
)
FORMER = thing({"matricule": MATRICULE, "nature": NATURE, "debut": DAY, "fin": DAY}, ("matricule",))
CHANGE = thing(
    {
        "matricule": MATRICULE,
        "nature": NATURE,
        "traits": TRAITS,
        "historique": {"type": "array", "items": FORMER, "maxItems": 20},
        "homonyme_de": TEXT,
        "absente": {"type": "boolean"},
    }
)

OPERATIONS = (
    Operation("GET", "/identites", "identites", "Lister le registre : chaque personne du locataire."),
    Operation("GET", "/identites/{personne}", "identite", "Rendre une identité du registre."),
    Operation("PUT", "/identites/{personne}", "modifier", "Changer ce que le registre dit d'une personne.", CHANGE),
)
