"""The service's part of the admin API, as a table (contract of agendas)."""

from __future__ import annotations

from mocks.admin.operations import FLAG, Operation, Schema, thing

NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[^\\x00-\\x1f]+$"}
REGULATOR = thing({"identifiant": {"enum": ["technique", "national", "rpps"]}})
CHANGE = thing(
    {
        "nom": NAME,
        "prenom": NAME,
        "courriel": {"type": "string", "maxLength": 200, "pattern": "^[^@\\s]+@[^@\\s]+$"},
        "actif": FLAG,
        "identifiant_national": {"const": True},
    }
)

OPERATIONS = (
    Operation("GET", "/regulateurs", "regulateurs", "Lister les régulateurs de la plateforme."),
    Operation("POST", "/regulateurs", "nommer", "Nommer un régulateur fictif.", REGULATOR, success=201),
    Operation("PATCH", "/regulateurs/{regulateur}", "changer", "Changer ce que la plateforme en dit.", CHANGE),
    Operation("GET", "/rendez-vous", "rendez_vous", "Lister les rendez-vous reçus, avec leur histoire."),
    Operation("GET", "/bilan", "bilan", "Compter les rendez-vous, et dire ceux qui sont en double."),
)
