"""A third-party agenda: where the product lets it in, and the token that it shows there."""

from __future__ import annotations

import secrets

from harness.errors import SetUpError
from harness.registrations.site import Registration, Site


def register(site: Site) -> Registration | None:
    """What the product is told of the third-party agenda; None when the target has no section [agenda_tiers].

    Raises SetUpError when the product is configured by its vendor and the target does not give the token.
    """
    settings = site.target.third_party
    if settings is None:
        return None
    token = settings.secret
    if not site.configurable and not token:
        raise SetUpError(
            "Le produit n'offre pas l'action « configurer » : donnez dans cible.toml, sous [agenda_tiers], la "
            "clé jeton ou jeton_env que l'agenda tiers doit présenter au produit."
        )
    token = token or f"banc-at-{secrets.token_urlsafe(24)}"
    api = site.absolute(settings.base_url, "agenda_tiers.base_url")
    return Registration({"jeton": token}, api=api, facts={"jeton": token})
