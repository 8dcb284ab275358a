"""The manager of shared agendas: the product as one of its clients."""

from __future__ import annotations

import secrets

from harness.errors import SetUpError
from harness.registrations.site import Registration, Site


def register(site: Site) -> Registration | None:
    """Make the product known to the manager; None when the target has no section [agenda].

    Raises SetUpError when the product is configured by its vendor and the target does not give its token.
    """
    settings = site.target.agenda
    if settings is None:
        return None
    token = settings.secret
    if not site.configurable and not token:
        raise SetUpError(
            "Le produit n'offre pas l'action « configurer » : donnez dans cible.toml, sous [agenda], la clé jeton ou "
            "jeton_env avec laquelle il est configuré."
        )
    token = token or f"banc-at-{secrets.token_urlsafe(32)}"
    client_id = settings.client_id or f"banc-{site.tenant.name}"
    site.tenant.call("POST", "/gap/clients", {"client_id": client_id, "nom": site.target.product.name, "jeton": token})
    return Registration({"base_url": f"{site.base('gap')}/fhir", "jeton": token})
