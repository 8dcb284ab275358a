"""INSi: no registration, an address and an authorization number."""

from __future__ import annotations

from harness.registrations.site import Registration, Site


def register(site: Site) -> Registration | None:
    """What the product is told of INSi; None when the target has no section [insi]."""
    settings = site.target.insi
    if settings is None:
        return None
    url = f"{site.base('insi', secure=True)}/lps"
    return Registration({"url": url, "idam": settings.idam, "mode": settings.mode})
