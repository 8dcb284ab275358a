"""How the product is made known to each national service, and what `configurer` tells it of that service.

A service has a section in `cible.toml`; without it, its scenarios are not applicable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.registrations import agenda_tiers, api_psc, bsp, dmp, gap, insi, mes, oidc, rdv, sas
from harness.registrations.site import Registration, Site

__all__ = ["Registration", "Site", "configuration", "register"]

# By section of cible.toml, which is also the key of `configurer`.
_REGISTRARS: Mapping[str, Callable[[Site], Registration | None]] = {
    "mes": mes.register,
    "psc": oidc.register_psc,
    "franceconnect": oidc.register_franceconnect,
    "franceconnect_plus": oidc.register_franceconnect_plus,
    "insi": insi.register,
    "api_psc": api_psc.register,
    "sas": sas.register,
    "rdv": rdv.register,
    "agenda": gap.register,
    "agenda_tiers": agenda_tiers.register,
    "bsp": bsp.register,
    "dmp": dmp.register,
}


def register(site: Site) -> Mapping[str, Registration]:
    """Register the product at each service that the target names; by section. Raises SandboxError, SetUpError."""
    made = {section: registrar(site) for section, registrar in _REGISTRARS.items()}
    return {section: registration for section, registration in made.items() if registration is not None}


def configuration(site: Site, registrations: Mapping[str, Registration]) -> dict[str, Any]:
    """Parameters of `configurer`: one part per service, the certificates, and what concerns the whole product."""
    parts = {section: dict(registration.configuration) for section, registration in registrations.items()}
    certificates = site.place.all_files()
    exchange = {"avec_echange": site.target.mes.with_exchange} if site.target.mes else {}
    return {**parts, **exchange, **({"certificats": certificates} if certificates else {})}
