"""The block of appointments between professionals: the product as a piece of software connected to it."""

from __future__ import annotations

import secrets

from harness.errors import SetUpError
from harness.registrations.site import Registration, Site


def register(site: Site) -> Registration | None:
    """Connect the product to the block; None when the target has no section [rdv].

    Raises SetUpError when the product is configured by its vendor and the target does not give its token.
    """
    settings = site.target.rdv
    if settings is None:
        return None
    token, agenda_token = settings.secrets
    if not site.configurable and not token:
        raise SetUpError(
            "Le produit n'offre pas l'action « configurer » : donnez dans cible.toml, sous [rdv], la clé jeton ou "
            "jeton_env avec laquelle il est configuré."
        )
    token = token or f"banc-at-{secrets.token_urlsafe(24)}"
    agenda_token = agenda_token or f"banc-at-{secrets.token_urlsafe(24)}"
    agenda = site.absolute(settings.agenda, "rdv.agenda") if settings.agenda else ""
    client_id = settings.client_id or f"banc-{site.tenant.name}"
    body = {"client_id": client_id, "nom": site.target.product.name, "jeton": token}
    where = {"agenda": agenda, "autorisation": f"Bearer {agenda_token}"} if agenda else {}
    site.tenant.call("POST", "/rdv/logiciels", {**body, **where})
    told = {"base_url": f"{site.base('rdv')}/fhir", "jeton": token, "jeton_agenda": agenda_token}
    return Registration(told, api=agenda)
