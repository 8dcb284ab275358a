"""Settings of the product: where the national services are, with which secrets, and the establishment (fictitious)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from reference.refusal import Refusal

FINALITIES = ("AGENDA_ECRITURE", "AGENDA_LECTURE", "MESURES_LECTURE", "DOCUMENTS_ECRITURE", "DOCUMENTS_LECTURE")
"""What the product asks of the usager, in the codes of MES."""

FINALITY_LABELS = {
    "AGENDA_ECRITURE": "ajouter vos rendez-vous à votre agenda",
    "AGENDA_LECTURE": "lire votre agenda",
    "MESURES_LECTURE": "lire vos mesures de santé",
    "DOCUMENTS_ECRITURE": "ajouter des documents à votre espace",
    "DOCUMENTS_LECTURE": "lire vos documents",
}

ESTABLISHMENT = {"nom": "Foyer de vie Les Tilleuls", "finess": "990000010"}
CALLBACK_PATH = "/appariement-mes/retour"
SYNCHRONISATION_PATH = "/synchronisation-mes"
SAS_PATH = "/sas/fhir"
AGENDA_PATH = "/agenda/fhir"

T = TypeVar("T")


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
class ProviderSettings:
    """The product at an identity provider: Pro Santé Connect, FranceConnect or FranceConnect+.

    espace: of Pro Santé Connect; in the one of `confiance`, the certificate says who the product is.
    """

    issuer: str
    discovery_url: str
    client_id: str
    client_secret: str
    redirect_uri: str
    post_logout_redirect_uri: str
    acr_values: str = "eidas1"
    ciba: bool = False
    espace: str = "communautaire"

    @property
    def callback_path(self) -> str:
        return urlsplit(self.redirect_uri).path

    @property
    def logout_path(self) -> str:
        return urlsplit(self.post_logout_redirect_uri).path


@dataclass(frozen=True)
class ApiPscSettings:
    """A PSC-connected API: its authorization server and its base address."""

    token_url: str
    base_url: str
    client_id: str
    scope: str


@dataclass(frozen=True)
class InsiSettings:
    """The INSi teleservice. idam: authorization number of the software; mode: `certificat` (structure) or `cps`."""

    url: str
    idam: str
    mode: str = "certificat"


@dataclass(frozen=True)
class RdvSettings:
    """The booking block: its FHIR base, our token there, and the one by which it is known when it writes here."""

    base_url: str
    jeton: str
    jeton_agenda: str = ""


@dataclass(frozen=True)
class ThirdPartySettings:
    """The agendas of the professionals, open to a third-party agenda. jeton: how that one presents itself."""

    jeton: str


@dataclass(frozen=True)
class CertificateSettings:
    """PEM files of the structure: its certificate, its private key, and the authorities of the servers it trusts.

    insi_manu, insi_auto: files (`client`, `cle`) of the certificates for INSi, the first one where they are absent.
    revocations: lists of the authorities, empty when there is none to check.
    """

    client: str
    cle: str
    autorites: str
    insi_manu: Mapping[str, str] | None = None
    insi_auto: Mapping[str, str] | None = None
    revocations: str = ""

    def files(self) -> tuple[str, ...]:
        """All the files."""
        named = (self.autorites, self.revocations, *(name for pair in self.pairs().values() for name in pair))
        return tuple(filter(None, named))

    def pairs(self) -> dict[str, tuple[str, str]]:
        """Certificate and key by use; the empty name is for every call without one of its own."""
        named = {"insi_manu": self.insi_manu, "insi_auto": self.insi_auto}
        own = {name: (files["client"], files["cle"]) for name, files in named.items() if files}
        return {"": (self.client, self.cle), **own}


@dataclass(frozen=True)
class SasSettings:
    """The SAS platform. variantes: searches to serve (`ps`, `cpts`, `sos`). oid: of the editor, whose system of
    identifiers it is. base_url: FHIR address of the platform, which is told of appointments; empty without one.

    serveur: files of the TLS listener and its only client (`reference.server.listener`); None without TLS.
    """

    variantes: Sequence[str]
    oid: str
    serveur: Mapping[str, str] | None = None
    base_url: str = ""


@dataclass(frozen=True)
class AgendaSettings:
    """The manager of shared agendas: its FHIR base, and the token of the product there."""

    base_url: str
    jeton: str


@dataclass(frozen=True)
class DmpSettings:
    """The DMP: its base address and the homologation number of the product, a secret.

    secteur: healthcareFacilityTypeCode of the structure. signature: files (`certificat`, `cle`) of its seal.
    type_fiche_liaison: `code`, `systeme`, `libelle` of the fiche de liaison. finalite_urgence: code of the purpose of
    use when the glass is broken. Neither of the last two is published.
    """

    base_url: str
    homologation: str
    secteur: str
    signature: Mapping[str, str] | None = None
    type_fiche_liaison: Mapping[str, str] | None = None
    finalite_urgence: str = "bris_de_glace"


@dataclass(frozen=True)
class Settings:
    """Settings in force; a service is None until the product is configured for it."""

    mes: MesSettings | None = None
    fuseau: str = "Europe/Paris"
    avec_echange: bool = True
    psc: ProviderSettings | None = None
    franceconnect: ProviderSettings | None = None
    franceconnect_plus: ProviderSettings | None = None
    api_psc: ApiPscSettings | None = None
    bsp: ApiPscSettings | None = None
    dmp: DmpSettings | None = None
    insi: InsiSettings | None = None
    rdv: RdvSettings | None = None
    certificats: CertificateSettings | None = None
    sas: SasSettings | None = None
    agenda: AgendaSettings | None = None
    agenda_tiers: ThirdPartySettings | None = None

    @property
    def exchange(self) -> MesSettings:
        """Settings of MES for a call; Refusal when the product has none or works without exchange."""
        if not self.avec_echange:
            raise Refusal("sans_echange", "Le produit est référencé sans échange de données.")
        if self.mes is None:
            raise Refusal("non_configure", "Les adresses de Mon espace santé ne sont pas configurées.")
        return self.mes

    def provider(self, name: str) -> ProviderSettings | None:
        """Settings of the identity provider of that name (`psc`, `franceconnect`, `franceconnect_plus`), or None."""
        return {"psc": self.psc, "franceconnect": self.franceconnect, "franceconnect_plus": self.franceconnect_plus}[
            name
        ]


_SECTIONS: Mapping[str, tuple[str, type[Any]]] = {
    "mes": ("Mon espace santé", MesSettings),
    "psc": ("Pro Santé Connect", ProviderSettings),
    "franceconnect": ("FranceConnect", ProviderSettings),
    "franceconnect_plus": ("FranceConnect+", ProviderSettings),
    "api_psc": ("l'API Pro Santé Connectée", ApiPscSettings),
    "bsp": ("l'agenda du bouquet de services aux professionnels", ApiPscSettings),
    "dmp": ("le DMP", DmpSettings),
    "insi": ("l'INSi", InsiSettings),
    "rdv": ("la prise de rendez-vous entre professionnels", RdvSettings),
    "certificats": ("certificats", CertificateSettings),
    "sas": ("la plateforme du SAS", SasSettings),
    "agenda": ("l'agenda partagé", AgendaSettings),
    "agenda_tiers": ("l'agenda tiers", ThirdPartySettings),
}
"""Parameters of `configurer` that are about one service: its name in French, and what holds them."""


def settings_from(fuseau: str, avec_echange: bool, sections: Mapping[str, Mapping[str, Any] | None]) -> Settings:
    """Settings from the parameters of `configurer`; Refusal when one is missing or unknown."""
    unknown = sections.keys() - _SECTIONS.keys()
    if unknown:
        raise Refusal("configuration_inconnue", f"Paramètres inconnus : {', '.join(sorted(unknown))}.")
    parts = {name: _part(values, *_SECTIONS[name]) for name, values in sections.items() if values is not None}
    return Settings(fuseau=fuseau, avec_echange=avec_echange, **parts)


def _part(values: Mapping[str, Any], name: str, kind: type[T]) -> T:
    try:
        return kind(**values)
    except TypeError as error:
        raise Refusal("configuration_incomplete", f"Paramètres de {name} : {error}.") from error
