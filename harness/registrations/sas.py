"""The SAS platform: what the product exposes to it, and which certificate the platform shows."""

from __future__ import annotations

from typing import Any

from harness.place import Place
from harness.registrations.site import Registration, Site
from harness.target_sections import SasSettings

SERVER = "serveur"
PLATFORM = "sas-plateforme"


def register(site: Site) -> Registration | None:
    """What the product is told of the SAS, and where its API is; None when the target has no section [sas]."""
    settings = site.target.sas
    if settings is None:
        return None
    base = f"{site.base('sas', secure=True)}/fhir"
    told: dict[str, Any] = {"variantes": list(settings.variants), "oid": settings.oid, "base_url": base}
    api = site.absolute(settings.base_url, "sas.base_url") if settings.base_url else ""
    if api and site.place.secure_url and site.configurable:
        told["serveur"] = _server(site, settings)
    facts = {"variantes": settings.variants, "delai_s": settings.patience_s, "certificats": settings.certificates}
    return Registration(told, api=api, facts=facts)


def _server(site: Site, settings: SasSettings) -> dict[str, str]:
    """Files with which the product opens its TLS listener, and the client that it expects there."""
    Place.open(site.tenant, certificates=[SERVER, PLATFORM])
    return {**site.place.server_files(SERVER), "cn": settings.cn, "ou": settings.ou}
