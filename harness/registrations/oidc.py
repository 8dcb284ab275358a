"""Identity providers: the product as a client of Pro Santé Connect, FranceConnect and FranceConnect+."""

from __future__ import annotations

from typing import Any

from harness.registrations.site import Registration, Site
from harness.target_sections import OidcSettings

_WELL_KNOWN = ".well-known/openid-configuration"
_REALM = "auth/realms/esante-wallet"


def register_psc(site: Site) -> Registration | None:
    """Register the product at Pro Santé Connect; None when the target has no section [psc]."""
    settings = site.target.psc
    if settings is None:
        return None
    trusted = settings.space == "confiance"
    issuer = f"{site.base('psc', secure=trusted)}/{_REALM}"
    discovery = f"{issuer}/.well-known/wallet-openid-configuration"
    more: dict[str, Any] = {"espace": settings.space, "ciba": settings.ciba}
    return _register(
        site, settings, "psc", "psc", issuer, discovery, more, {"ciba": settings.ciba, "espace": settings.space}
    )


def register_franceconnect(site: Site) -> Registration | None:
    """Register the product at FranceConnect; None when the target has no section [franceconnect]."""
    return _france_connect(site, site.target.franceconnect, "franceconnect", "franceconnect", "eidas1")


def register_franceconnect_plus(site: Site) -> Registration | None:
    """Register the product at FranceConnect+; None when the target has no section [franceconnect_plus]."""
    return _france_connect(site, site.target.franceconnect_plus, "franceconnect_plus", "franceconnect-plus", "eidas2")


def _france_connect(
    site: Site, settings: OidcSettings | None, section: str, service: str, level: str
) -> Registration | None:
    if settings is None:
        return None
    issuer = f"{site.base(service)}/api/v2"
    told = {"acr_values": settings.level or level}
    return _register(site, settings, section, service, issuer, f"{issuer}/{_WELL_KNOWN}", {}, told)


def _register(
    site: Site,
    settings: OidcSettings,
    section: str,
    service: str,
    issuer: str,
    discovery: str,
    registered: dict[str, Any],
    told: dict[str, Any],
) -> Registration:
    client_id, client_secret = site.credentials(section, settings.client_id, settings.secret(section))
    redirect_uri = site.absolute(settings.redirect_uri, f"{section}.redirect_uri")
    after = site.absolute(settings.post_logout_redirect_uri, f"{section}.post_logout_redirect_uri")
    body = {
        "client_id": client_id,
        "client_secret": client_secret,
        "redirect_uris": [redirect_uri],
        "post_logout_redirect_uris": [after],
        **registered,
    }
    site.tenant.call("POST", f"/{service}/clients", body)
    configuration = {
        "issuer": issuer,
        "discovery_url": discovery,
        "client_id": client_id,
        "client_secret": client_secret,
        "redirect_uri": redirect_uri,
        "post_logout_redirect_uri": after,
        **told,
    }
    return Registration(configuration, (redirect_uri, after))
