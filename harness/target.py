"""The product under test, as `cible.toml` describes it (schema: `harness/cible.schema.json`)."""

from __future__ import annotations

import difflib
import json
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any, Literal, cast

import jsonschema_rs

from harness import catalogue, vocabulary
from harness.errors import SetUpError, TargetError
from harness.french import Fault, faults
from harness.toml_lines import error_line, line_of

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


@dataclass(frozen=True, slots=True)
class DriverSettings:
    """kind: http, python, browser or manual; url and class_path: where the driver is; timeout_s: seconds per action."""

    kind: str
    url: str = ""
    class_path: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    timeout_s: float = 30.0


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


@dataclass(frozen=True, slots=True)
class Claims:
    """What the vendor claims: blocks, and rows of the catalogue in state target or study (None: all of them)."""

    blocks: frozenset[str]
    rows: frozenset[str] | None = frozenset()


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


@dataclass(frozen=True, slots=True)
class InsiSettings:
    """How the product calls INSi. idam: CNDA authorization number. mode: `certificat` (of the structure) or `cps`."""

    idam: str
    mode: str = "certificat"


@dataclass(frozen=True, slots=True)
class ApiPscSettings:
    """How the product is enrolled at the authorization server of a PSC-connected API."""

    client_id: str = ""
    scopes: tuple[str, ...] = ("cahier.read",)


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


@dataclass(frozen=True, slots=True)
class Target:
    """The content of one `cible.toml`, checked."""

    path: Path
    product: ProductIdentity
    driver: DriverSettings
    sandbox: SandboxSettings
    claims: Claims
    mes: MesSettings | None = None
    psc: OidcSettings | None = None
    franceconnect: OidcSettings | None = None
    franceconnect_plus: OidcSettings | None = None
    insi: InsiSettings | None = None
    api_psc: ApiPscSettings | None = None
    sas: SasSettings | None = None
    rdv: RdvSettings | None = None
    agenda: AgendaSettings | None = None
    third_party: ThirdPartySettings | None = None
    bsp: BspSettings | None = None
    dmp: DmpSettings | None = None
    wait_s: float | None = None
    absent_actions: frozenset[str] = frozenset()

    @property
    def asks_for_tls(self) -> bool:
        """Whether the product calls a service that wants a client certificate, or is called by one that has one."""
        trusted = self.psc is not None and self.psc.space == "confiance"
        return trusted or any(part is not None for part in (self.insi, self.api_psc, self.sas, self.bsp, self.dmp))


def load_target(path: Path, *, mode: str = "") -> Target:
    """Read a `cible.toml`. mode: replaces the one of the file when given (option --mode).

    Raises TargetError (French) with the key, the line and the closest known key.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TargetError(f"Le fichier {path} ne peut pas être lu : {error}.") from error
    return parse_target(text, path, mode=mode)


def parse_target(text: str, path: Path, *, mode: str = "") -> Target:
    """The same, from a text; `path` only names the file in errors."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = error_line(str(error))
        raise TargetError(f"{path}, ligne {line} : ce n'est pas du TOML valide ({error}).", line=line) from error
    if mode:
        document.setdefault("bac_a_sable", {})["mode"] = mode
    for key, sentence in chain(_schema_faults(document), _cross_faults(document)):
        line = line_of(text, key)
        place = f"{path}, ligne {line}" if line else str(path)
        raise TargetError(f"{place}, clé « {key} » : {sentence}.", key=key, line=line)
    return _build(document, path)


@cache
def _schema() -> Mapping[str, Any]:
    text = resources.files("harness").joinpath("cible.schema.json").read_text(encoding="utf-8")
    return cast(Mapping[str, Any], json.loads(text))


def _schema_faults(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    validator = jsonschema_rs.validator_for(dict(_schema()), validate_formats=True)
    found = faults(validator.iter_errors(document))
    # A misspelt key is also a missing one: the spelling comes first.
    for fault in sorted(found, key=lambda fault: fault.kind != "additionalProperties"):
        yield fault.path, fault.text + _hint(fault)


def _hint(fault: Fault) -> str:
    if fault.kind != "additionalProperties":
        return ""
    place: Mapping[str, Any] = _schema()
    for part in fault.path.split(".")[:-1]:
        place = place["properties"][part]
    return closest(fault.key, place["properties"])


def closest(word: str, known: Iterable[str]) -> str:
    """End of a French sentence that names the closest known word, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f" ; la plus proche connue est « {near[0]} »"
    return f" ; connues : {', '.join(names)}"


def _cross_faults(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the schema cannot say: keys that depend on other keys."""
    driver, sandbox, mes = document["pilote"], document["bac_a_sable"], document.get("mes", {})
    needed = {"http": "url", "python": "classe"}.get(driver["type"])
    if needed and needed not in driver:
        yield f"pilote.{needed}", f"clé obligatoire quand pilote.type vaut « {driver['type']} »"
    if sandbox["mode"] == "distant" and "url" not in sandbox:
        yield "bac_a_sable.url", "clé obligatoire en mode « distant »"
    if sandbox["mode"] == "embarque" and driver["type"] != "python":
        yield "bac_a_sable.mode", "le mode « embarque » ne vaut que pour un produit piloté en Python"
    for section, table in document.items():
        if "client_secret" in table and "client_secret_env" in table:
            yield f"{section}.client_secret_env", "donnez soit client_secret, soit client_secret_env, pas les deux"
        if "jeton" in table and "jeton_env" in table:
            yield f"{section}.jeton_env", "donnez soit jeton, soit jeton_env, pas les deux"
        if "homologation" in table and "homologation_env" in table:
            yield f"{section}.homologation_env", "donnez soit homologation, soit homologation_env, pas les deux"
    if "sas" in document and not mes and "oid" not in document["sas"]:
        yield "sas.oid", "clé obligatoire sans la section [mes] : l'OID de l'éditeur, dans les identifiants du SAS"
    if "bsp" in document and not mes and "oid" not in document["bsp"]:
        yield "bsp.oid", "clé obligatoire sans la section [mes] : l'OID du produit, source des événements qu'il écrit"
    if "bsp" in document and "psc" not in document:
        yield "bsp", "cette API veut un professionnel connecté par Pro Santé Connect : ajoutez la section [psc]"
    for code in mes.get("finalites", ()):
        if code not in FINALITIES:
            yield "mes.finalites", f"finalité inconnue « {code} »{closest(code, FINALITIES)}"
    for name in document.get("actions", {}).get("absentes", ()):
        if name not in vocabulary.load().actions:
            yield "actions.absentes", f"action inconnue « {name} »{closest(name, vocabulary.load().actions)}"
    yield from _claim_faults(document["revendications"])


def _claim_faults(claims: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    rows = catalogue.load()
    for block in claims["blocs"]:
        if block not in rows.blocks:
            yield "revendications.blocs", f"bloc inconnu « {block} »{closest(block, rows.blocks)}"
    named = claims.get("cibles", [])
    for row in [] if named == "toutes" else named:
        if row not in rows:
            near = closest(row, [known.id for known in rows])
            yield "revendications.cibles", f"ligne inconnue du catalogue « {row} »{near if 'proche' in near else ''}"


def _build(document: Mapping[str, Any], path: Path) -> Target:
    product, driver, sandbox = document["produit"], document["pilote"], document["bac_a_sable"]
    return Target(
        path=path,
        product=ProductIdentity(product["nom"], product["version"], product["editeur"], product["type"]),
        driver=DriverSettings(
            driver["type"],
            driver.get("url", ""),
            driver.get("classe", ""),
            driver.get("options", {}),
            driver.get("delai_s", 30.0),
        ),
        sandbox=SandboxSettings(
            sandbox["mode"],
            sandbox.get("url", ""),
            sandbox.get("jeton_env", ""),
            sandbox.get("locataire", DEFAULT_TENANT),
        ),
        claims=_claims(document["revendications"]),
        mes=_mes(document.get("mes")),
        psc=_oidc(document.get("psc")),
        franceconnect=_oidc(document.get("franceconnect")),
        franceconnect_plus=_oidc(document.get("franceconnect_plus")),
        insi=_insi(document.get("insi")),
        api_psc=_api_psc(document.get("api_psc")),
        sas=_sas(document.get("sas"), document.get("mes", {}).get("oid", "")),
        rdv=_rdv(document.get("rdv")),
        agenda=_agenda(document.get("agenda")),
        dmp=_dmp(document.get("dmp")),
        third_party=_third_party(document.get("agenda_tiers")),
        bsp=_bsp(document.get("bsp"), document.get("mes", {}).get("oid", "")),
        wait_s=document.get("attentes", {}).get("delai_s"),
        absent_actions=frozenset(document.get("actions", {}).get("absentes", ())),
    )


def _claims(table: Mapping[str, Any]) -> Claims:
    rows = table.get("cibles", [])
    return Claims(frozenset(table["blocs"]), None if rows == "toutes" else frozenset(rows))


def _mes(table: Mapping[str, Any] | None) -> MesSettings | None:
    if table is None:
        return None
    return MesSettings(
        oid=table["oid"],
        redirect_uri=table["redirect_uri"],
        client_id=table.get("client_id", ""),
        client_secret=table.get("client_secret", ""),
        client_secret_env=table.get("client_secret_env", ""),
        sync_url=table.get("url_synchronisation", ""),
        with_exchange=table.get("reference_avec_echange", True),
        finalities=tuple(table.get("finalites", FINALITIES)),
    )


def _oidc(table: Mapping[str, Any] | None) -> OidcSettings | None:
    if table is None:
        return None
    return OidcSettings(
        redirect_uri=table["redirect_uri"],
        post_logout_redirect_uri=table["post_logout_redirect_uri"],
        client_id=table.get("client_id", ""),
        client_secret=table.get("client_secret", ""),
        client_secret_env=table.get("client_secret_env", ""),
        level=table.get("niveau", ""),
        space=table.get("espace", "communautaire"),
        ciba=table.get("ciba", False),
    )


def _insi(table: Mapping[str, Any] | None) -> InsiSettings | None:
    return None if table is None else InsiSettings(table["idam"], table.get("mode", "certificat"))


def _api_psc(table: Mapping[str, Any] | None) -> ApiPscSettings | None:
    if table is None:
        return None
    return ApiPscSettings(table.get("client_id", ""), tuple(table.get("scopes", ApiPscSettings().scopes)))


def _sas(table: Mapping[str, Any] | None, oid: str) -> SasSettings | None:
    if table is None:
        return None
    usual = SasSettings()
    return SasSettings(
        base_url=table.get("base_url", ""),
        variants=tuple(table.get("variantes", usual.variants)),
        oid=table.get("oid", oid),
        cn=table.get("cn", usual.cn),
        ou=table.get("ou", usual.ou),
        certificates=table.get("certificats", ""),
        patience_s=table.get("delai_s", usual.patience_s),
    )


def _rdv(table: Mapping[str, Any] | None) -> RdvSettings | None:
    if table is None:
        return None
    return RdvSettings(
        agenda=table.get("agenda", ""),
        client_id=table.get("client_id", ""),
        token=table.get("jeton", ""),
        token_env=table.get("jeton_env", ""),
        agenda_token=table.get("jeton_agenda", ""),
        agenda_token_env=table.get("jeton_agenda_env", ""),
    )


def _agenda(table: Mapping[str, Any] | None) -> AgendaSettings | None:
    if table is None:
        return None
    return AgendaSettings(table.get("client_id", ""), table.get("jeton", ""), table.get("jeton_env", ""))


def _third_party(table: Mapping[str, Any] | None) -> ThirdPartySettings | None:
    if table is None:
        return None
    return ThirdPartySettings(table["base_url"], table.get("jeton", ""), table.get("jeton_env", ""))


def _bsp(table: Mapping[str, Any] | None, oid: str) -> BspSettings | None:
    if table is None:
        return None
    usual = BspSettings()
    return BspSettings(
        client_id=table.get("client_id", ""),
        oid=table.get("oid", oid),
        scopes=tuple(table.get("scopes", usual.scopes)),
        structure=table.get("structure", usual.structure),
        finess=table.get("finess", usual.finess),
    )


def _dmp(table: Mapping[str, Any] | None) -> DmpSettings | None:
    if table is None:
        return None
    return DmpSettings(
        number=table.get("homologation", ""),
        number_env=table.get("homologation_env", ""),
        sector=table.get("secteur", DmpSettings().sector),
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
