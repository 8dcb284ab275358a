"""What every provider adds to the admin API, as a table (contract of identity, §2)."""

from __future__ import annotations

from mocks.admin.operations import TEXT, Operation, Schema, thing

URIS: Schema = {
    "type": "array",
    "items": {"type": "string", "pattern": "^[a-z][a-z0-9+.-]*:[!-~]+$", "maxLength": 2000},
    "maxItems": 50,
}
_COMMON = {
    "client_id": {"type": "string", "pattern": "^[!-9;-~]{1,200}$"},
    "client_secret": {"type": "string", "pattern": "^[!-~]{8,200}$"},
    "nom": {"type": "string", "minLength": 1, "maxLength": 200},
    "redirect_uris": URIS,
    "post_logout_redirect_uris": URIS,
}
CLIENT = thing(_COMMON, ("redirect_uris",))
PSC_CLIENT = thing(
    {
        **_COMMON,
        "espace": {"enum": ["communautaire", "confiance"]},
        "ciba": {"type": "boolean"},
        "dn": {"type": "string", "maxLength": 400},
    },
    ("redirect_uris",),
)
RENEWAL = thing({"acte": {"enum": ["renouveler_cles"]}}, ("acte",))
PSC_ACT = thing(
    {"acte": {"enum": ["fermer_session", "expirer_jetons", "renouveler_cles"]}, "professionnel": TEXT}, ("acte",)
)
DECISION = thing({"decision": {"enum": ["accepter", "refuser"]}}, ("decision",))


def operations(client: Schema, act: Schema) -> tuple[Operation, ...]:
    """Registration of clients and acts on the provider's side."""
    return (
        Operation("GET", "/clients", "clients", "Lister les clients enregistrés."),
        Operation("POST", "/clients", "enregistrer", "Enregistrer un client (le produit).", client, success=201),
        Operation("POST", "/actes", "agir", "Faire ce qui arrive du côté du fournisseur d'identité.", act, success=201),
    )


CIBA_OPERATIONS = (
    Operation("GET", "/demandes-ciba", "demandes_ciba", "Lister les demandes CIBA qui attendent une réponse."),
    Operation(
        "POST", "/demandes-ciba/{id_}", "repondre_ciba", "Répondre à une demande CIBA, sur le téléphone.", DECISION
    ),
)
