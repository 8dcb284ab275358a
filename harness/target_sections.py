"""The sections of `cible.toml`: what each says of the product. `read` takes a table that the schema has accepted."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from harness.errors import SetUpError

Mode = Literal["embarque", "local", "distant"]
MODES: tuple[Mode, ...] = ("embarque", "local", "distant")
DEFAULT_TENANT = "defaut"
FINALITIES = (
    "AGENDA_ECRITURE",
    "AGENDA_LECTURE",
    "MESURES_ECRITURE",
    "MESURES_LECTURE",
    "DOCUMENTS_ECRITURE",
    "DOCUMENTS_LECTURE",
)
# Subject of the platform's certificate in the test PKI; the real one is not public.
SAS_CN, SAS_OU = "PLATEFORME SAS FICTIVE", "SAS-FICTIF"
FICTITIOUS_HOMOLOGATION = "BANC-DMP-0001-FICTIF"
SAS_PATIENCE_S = 7.0  # SAS 1.2.0, annexes


@dataclass(frozen=True, slots=True)
class ProductIdentity:
    name: str
    version: str
    editor: str
    kind: str

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> ProductIdentity:
        return cls(table["nom"], table["version"], table["editeur"], table["type"])


@dataclass(frozen=True, slots=True)
class DriverSettings:
    """kind: http, python, browser or manual; url and class_path: where the driver is; timeout_s: seconds per action."""

    kind: str
    url: str = ""
    class_path: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    timeout_s: float = 30.0

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> DriverSettings:
        return cls(
            table["type"],
            table.get("url", ""),
            table.get("classe", ""),
            table.get("options", {}),
            table.get("delai_s", 30.0),
        )


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    mode: Mode
    url: str = ""
    token_env: str = ""
    tenant: str = DEFAULT_TENANT

    @property
    def token(self) -> str:
        """Admin token, read from the environment. Raises SetUpError when the variable is not set."""
        return _from_environment(self.token_env, "bac_a_sable.jeton_env")

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> SandboxSettings:
        return cls(
            table["mode"],
            table.get("url", ""),
            table.get("jeton_env", ""),
            table.get("locataire", DEFAULT_TENANT),
        )


@dataclass(frozen=True, slots=True)
class Claims:
    """What the vendor claims: blocks, and rows of the catalogue in state target or study (None: all of them)."""

    blocks: frozenset[str]
    rows: frozenset[str] | None = frozenset()

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Claims:
        rows = table.get("cibles", [])
        return cls(frozenset(table["blocs"]), None if rows == "toutes" else frozenset(rows))


@dataclass(frozen=True, slots=True)
class MesSettings:
    """How the product is registered at Mon espace santé. redirect_uri and sync_url may be paths on the product."""

    oid: str
    redirect_uri: str
    client_id: str = ""
    client_secret: str = ""
    client_secret_env: str = ""
    sync_url: str = ""
    with_exchange: bool = True
    finalities: tuple[str, ...] = FINALITIES

    @property
    def secret(self) -> str:
        """Client secret, empty when the bench may choose one. Raises SetUpError when its variable is not set."""
        return self.client_secret or _from_environment(self.client_secret_env, "mes.client_secret_env")

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> MesSettings:
        return cls(
            oid=table["oid"],
            redirect_uri=table["redirect_uri"],
            client_id=table.get("client_id", ""),
            client_secret=table.get("client_secret", ""),
            client_secret_env=table.get("client_secret_env", ""),
            sync_url=table.get("url_synchronisation", ""),
            with_exchange=table.get("reference_avec_echange", True),
            finalities=tuple(table.get("finalites", FINALITIES)),
        )


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """How the product is registered at an identity provider. The redirect URIs may be paths on the product.

    level: acr asked (FranceConnect+). space: `communautaire` or `confiance` (Pro Santé Connect, mutual TLS).
    """

    redirect_uri: str
    post_logout_redirect_uri: str
    client_id: str = ""
    client_secret: str = ""
    client_secret_env: str = ""
    level: str = ""
    space: str = "communautaire"
    ciba: bool = False

    def secret(self, section: str) -> str:
        """Client secret, empty when the bench may choose one. Raises SetUpError when its variable is not set."""
        return self.client_secret or _from_environment(self.client_secret_env, f"{section}.client_secret_env")

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> OidcSettings:
        return cls(
            redirect_uri=table["redirect_uri"],
            post_logout_redirect_uri=table["post_logout_redirect_uri"],
            client_id=table.get("client_id", ""),
            client_secret=table.get("client_secret", ""),
            client_secret_env=table.get("client_secret_env", ""),
            level=table.get("niveau", ""),
            space=table.get("espace", "communautaire"),
            ciba=table.get("ciba", False),
        )


@dataclass(frozen=True, slots=True)
class InsiSettings:
    """How the product calls INSi. idam: CNDA authorization number. mode: `certificat` (of the structure) or `cps`."""

    idam: str
    mode: str = "certificat"

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> InsiSettings:
        return cls(table["idam"], table.get("mode", "certificat"))


@dataclass(frozen=True, slots=True)
class ApiPscSettings:
    """How the product is enrolled at the authorization server of a PSC-connected API."""

    client_id: str = ""
    scopes: tuple[str, ...] = ("cahier.read",)

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> ApiPscSettings:
        return cls(table.get("client_id", ""), tuple(table.get("scopes", cls().scopes)))


@dataclass(frozen=True, slots=True)
class SasSettings:
    """How the SAS platform meets the product.

    base_url: FHIR base that the product exposes to the platform, may be a path on the product; empty without one.
    variants: searches that it serves, `ps` (INT_R01), `cpts` (INT_R04), `sos`. oid: of the editor, in the identifiers
    of its appointments. cn, ou: subject of the platform's certificate. certificates: folder of its PEM files (`banc
    pki`), where the bench cannot make them. patience_s: seconds after which the platform hangs up.
    """

    base_url: str = ""
    variants: tuple[str, ...] = ("ps",)
    oid: str = ""
    cn: str = SAS_CN
    ou: str = SAS_OU
    certificates: str = ""
    patience_s: float = SAS_PATIENCE_S

    @classmethod
    def read(cls, table: Mapping[str, Any], oid: str) -> SasSettings:
        """oid: of the product at Mon espace santé, for when the section has none."""
        usual = cls()
        return cls(
            base_url=table.get("base_url", ""),
            variants=tuple(table.get("variantes", usual.variants)),
            oid=table.get("oid", oid),
            cn=table.get("cn", usual.cn),
            ou=table.get("ou", usual.ou),
            certificates=table.get("certificats", ""),
            patience_s=table.get("delai_s", usual.patience_s),
        )


@dataclass(frozen=True, slots=True)
class RdvSettings:
    """How the product is connected to the block of appointments between professionals.

    agenda: FHIR base of the product where the block writes, which may be a path; empty when it has none. token: of the
    product at the block; agenda_token: of the block at the product; both may be chosen by the bench.
    """

    agenda: str = ""
    client_id: str = ""
    token: str = ""
    token_env: str = ""
    agenda_token: str = ""
    agenda_token_env: str = ""

    @property
    def secrets(self) -> tuple[str, str]:
        """Both tokens, empty when the bench may choose. Raises SetUpError when a variable is not set."""
        own = self.token or _from_environment(self.token_env, "rdv.jeton_env")
        return own, self.agenda_token or _from_environment(self.agenda_token_env, "rdv.jeton_agenda_env")

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> RdvSettings:
        return cls(
            agenda=table.get("agenda", ""),
            client_id=table.get("client_id", ""),
            token=table.get("jeton", ""),
            token_env=table.get("jeton_env", ""),
            agenda_token=table.get("jeton_agenda", ""),
            agenda_token_env=table.get("jeton_agenda_env", ""),
        )


@dataclass(frozen=True, slots=True)
class AgendaSettings:
    """How the product is a client of the manager of shared agendas."""

    client_id: str = ""
    token: str = ""
    token_env: str = ""

    @property
    def secret(self) -> str:
        """Token, empty when the bench may choose one. Raises SetUpError when its variable is not set."""
        return self.token or _from_environment(self.token_env, "agenda.jeton_env")

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> AgendaSettings:
        return cls(table.get("client_id", ""), table.get("jeton", ""), table.get("jeton_env", ""))


@dataclass(frozen=True, slots=True)
class ThirdPartySettings:
    """How the agenda that a professional chose meets the product.

    base_url: FHIR base that the product exposes to it, may be a path on the product. token: how it presents itself
    there, chosen by the bench when the product can be configured.
    """

    base_url: str
    token: str = ""
    token_env: str = ""

    @property
    def secret(self) -> str:
        """Token, empty when the bench may choose one. Raises SetUpError when its variable is not set."""
        return self.token or _from_environment(self.token_env, "agenda_tiers.jeton_env")

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> ThirdPartySettings:
        return cls(table["base_url"], table.get("jeton", ""), table.get("jeton_env", ""))


@dataclass(frozen=True, slots=True)
class BspSettings:
    """How the product meets the future agenda API of the BSP (convention of the bench).

    structure, finess: the structure in whose name the product writes. oid: of the product, the source of its events.
    scopes: asked at the exchange of tokens.
    """

    client_id: str = ""
    oid: str = ""
    scopes: tuple[str, ...] = ("agenda.write", "agenda.read")
    structure: str = "Établissement du produit"
    finess: str = "000500001"

    @classmethod
    def read(cls, table: Mapping[str, Any], oid: str) -> BspSettings:
        """oid: of the product at Mon espace santé, for when the section has none."""
        usual = cls()
        return cls(
            client_id=table.get("client_id", ""),
            oid=table.get("oid", oid),
            scopes=tuple(table.get("scopes", usual.scopes)),
            structure=table.get("structure", usual.structure),
            finess=table.get("finess", usual.finess),
        )


@dataclass(frozen=True, slots=True)
class DmpSettings:
    """How the product is known to the DMP.

    sector: healthcareFacilityTypeCode of its structure. structure: Struct_IdNat, empty for that of the bench's own
    certificates. authorities: PEM file of who signs its certificates, where they are not the bench's. liaison_sheet:
    code of the fiche de liaison (`code`, `systeme`, `libelle`).
    """

    number: str = ""
    number_env: str = ""
    sector: str = "SA16"
    structure: str = ""
    authorities: str = ""
    liaison_sheet: Mapping[str, str] = field(default_factory=dict)

    @property
    def homologation(self) -> str:
        """Homologation number, a fictitious one when none is given. Raises SetUpError when its variable is not set."""
        given = self.number or _from_environment(self.number_env, "dmp.homologation_env")
        return given or FICTITIOUS_HOMOLOGATION

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> DmpSettings:
        return cls(
            number=table.get("homologation", ""),
            number_env=table.get("homologation_env", ""),
            sector=table.get("secteur", cls().sector),
            structure=table.get("structure", ""),
            authorities=table.get("autorites", ""),
            liaison_sheet=table.get("type_fiche_liaison", {}),
        )


def _from_environment(variable: str, key: str) -> str:
    if not variable:
        return ""
    if variable not in os.environ:
        raise SetUpError(f"La variable d'environnement « {variable} » (clé {key} de cible.toml) n'est pas définie.")
    return os.environ[variable]
