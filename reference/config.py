"""Settings of the product: where MES is, with which secrets, and the establishment that uses it (fictitious)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from reference.refusal import Refusal

FINALITIES = ("AGENDA_ECRITURE", "AGENDA_LECTURE", "MESURES_LECTURE")
"""What the product asks of the usager, in the codes of MES."""

FINALITY_LABELS = {
    "AGENDA_ECRITURE": "ajouter vos rendez-vous à votre agenda",
    "AGENDA_LECTURE": "lire votre agenda",
    "MESURES_LECTURE": "lire vos mesures de santé",
}

ESTABLISHMENT = {"nom": "Foyer de vie Les Tilleuls", "finess": "990000010"}
CALLBACK_PATH = "/appariement-mes/retour"
SYNCHRONISATION_PATH = "/synchronisation-mes"


@dataclass(frozen=True)
class MesSettings:
    """Addresses and secrets received when the product is registered at MES."""

    base_url: str
    client_id: str
    client_secret: str
    oid: str
    redirect_uri: str

    @property
    def callback_path(self) -> str:
        return urlsplit(self.redirect_uri).path


@dataclass(frozen=True)
class Settings:
    """Settings in force; `mes` is None until the product is configured."""

    mes: MesSettings | None = None
    fuseau: str = "Europe/Paris"
    avec_echange: bool = True

    @property
    def exchange(self) -> MesSettings:
        """Settings of MES for a call; Refusal when the product has none or works without exchange."""
        if not self.avec_echange:
            raise Refusal("sans_echange", "Le produit est référencé sans échange de données.")
        if self.mes is None:
            raise Refusal("non_configure", "Les adresses de Mon espace santé ne sont pas configurées.")
        return self.mes


def settings_from(mes: Mapping[str, Any], fuseau: str, avec_echange: bool) -> Settings:
    """Settings from the parameters of `configurer`; Refusal when one is missing."""
    try:
        received = MesSettings(**{name: str(value) for name, value in mes.items()})
    except TypeError as error:
        raise Refusal("configuration_incomplete", f"Paramètres de Mon espace santé : {error}.") from error
    return Settings(received, fuseau, avec_echange)
