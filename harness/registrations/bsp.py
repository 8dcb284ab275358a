"""The future agenda API of the BSP: the product as a client of its authorization server, and its structure."""

from __future__ import annotations

from harness.registrations.site import Registration, Site


def register(site: Site) -> Registration | None:
    """Enrol the product and its structure; None when the target has no section [bsp].

    The source of what it writes is by default its OID at Mon espace santé: portal and DUI of one solution are one.
    """
    settings = site.target.bsp
    if settings is None:
        return None
    client_id = settings.client_id or f"banc-bsp-{site.tenant.name}"
    site.tenant.call("POST", "/api-psc/clients", {"client_id": client_id, "scopes": list(settings.scopes)})
    structure = {"oid": settings.oid, "finess": settings.finess, "nom": settings.structure}
    site.tenant.call("POST", "/bsp/structures", {"client_id": client_id, **structure})
    token_url = f"{site.base('api-psc', secure=True)}/oauth2/token"
    told = {"base_url": site.base("bsp", secure=True), "token_url": token_url, "client_id": client_id}
    return Registration({**told, "scope": " ".join(settings.scopes)})
