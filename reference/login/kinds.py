"""What sets the identity providers apart, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LEVELS = ("eidas1", "eidas2", "eidas3")


@dataclass(frozen=True)
class Kind:
    """One provider.

    label: as people read it. scope: asked for. exact_level: a higher level than the one asked is refused too.
    secret_in_form: how the secret is presented (`client_secret_post`, else `client_secret_basic`).
    defects: prefix of the names of its switches.
    """

    name: str
    label: str
    scope: str
    exact_level: bool
    pkce: bool
    secret_in_form: bool
    defects: str

    def accepts(self, level: object, asked: str) -> bool:
        """Whether an acr reaches what was asked."""
        if self.exact_level:
            return level == asked
        return level in LEVELS and asked in LEVELS and LEVELS.index(str(level)) >= LEVELS.index(asked)

    def switch(self, name: str) -> str:
        """Name of a switch of the catalogue of defects, for this provider."""
        return _SWITCHES[name][self.defects]


def _named(name: str) -> Mapping[str, str]:
    return {prefix: f"{prefix}_{name}" for prefix in ("psc", "fc")}


SWITCHES = (
    "alg_none_accepte",
    "signature_non_verifiee",
    "emetteur_non_verifie",
    "audience_non_verifiee",
    "nonce_non_verifie",
    "expiration_non_verifiee",
    "niveau_non_verifie",
    "sub_non_compare",
    "cles_jamais_relues",
    "iss_de_retour_non_verifie",
    "state_constant",
    "nonce_constant",
    "state_non_verifie",
    "state_sans_navigateur",
    "retour_ouvert",
    "deconnexion_sans_indice",
    "deconnexion_locale_seulement",
    "etat_de_deconnexion_non_verifie",
)
"""Switches that exist for each provider: `psc_<name>` and `fc_<name>`."""

_SWITCHES = {name: _named(name) for name in SWITCHES}

# ANS, Sécurisation de la couche transport 1.2.0, API PSC web, étape 2; the ANS connector refuses any acr but eidas1.
PSC = Kind("psc", "Pro Santé Connect", "openid scope_all", True, True, False, "psc")
FRANCECONNECT = Kind("franceconnect", "FranceConnect", "openid identite_pivot email", False, False, True, "fc")
FRANCECONNECT_PLUS = Kind(
    "franceconnect_plus", "FranceConnect+", "openid identite_pivot email", False, False, True, "fc"
)
KINDS: Mapping[str, Kind] = {one.name: one for one in (PSC, FRANCECONNECT, FRANCECONNECT_PLUS)}
