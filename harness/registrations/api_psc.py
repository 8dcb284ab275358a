"""A PSC-connected API: the product as a client of its authorization server."""

from __future__ import annotations

from harness.registrations.site import Registration, Site


def register(site: Site) -> Registration | None:
    """Enrol the product at the authorization server; None when the target has no section [api_psc]."""
    settings = site.target.api_psc
    if settings is None:
        return None
    base = site.base("api-psc", secure=True)
    client_id = settings.client_id or f"banc-{site.tenant.name}"
    site.tenant.call("POST", "/api-psc/clients", {"client_id": client_id, "scopes": list(settings.scopes)})
    told = {"base_url": base, "token_url": f"{base}/oauth2/token", "client_id": client_id}
    return Registration({**told, "scope": " ".join(settings.scopes)})
