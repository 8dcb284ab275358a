"""The product under test, as `cible.toml` describes it (schema: `harness/cible.schema.json`)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from harness.errors import TargetError
from harness.target_faults import target_faults
from harness.target_sections import (
    AgendaSettings,
    ApiPscSettings,
    BspSettings,
    Claims,
    DmpSettings,
    DriverSettings,
    InsiSettings,
    MesSettings,
    OidcSettings,
    ProductIdentity,
    RdvSettings,
    SandboxSettings,
    SasSettings,
    ThirdPartySettings,
)
from harness.toml_lines import error_line, line_of

S = TypeVar("S")


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
    for key, sentence in target_faults(document):
        line = line_of(text, key)
        place = f"{path}, ligne {line}" if line else str(path)
        raise TargetError(f"{place}, clé « {key} » : {sentence}.", key=key, line=line)
    return _build(document, path)


def _build(document: Mapping[str, Any], path: Path) -> Target:
    own = document.get("mes", {}).get("oid", "")

    def section(name: str, read: Callable[[Mapping[str, Any]], S]) -> S | None:
        table = document.get(name)
        return None if table is None else read(table)

    return Target(
        path=path,
        product=ProductIdentity.read(document["produit"]),
        driver=DriverSettings.read(document["pilote"]),
        sandbox=SandboxSettings.read(document["bac_a_sable"]),
        claims=Claims.read(document["revendications"]),
        mes=section("mes", MesSettings.read),
        psc=section("psc", OidcSettings.read),
        franceconnect=section("franceconnect", OidcSettings.read),
        franceconnect_plus=section("franceconnect_plus", OidcSettings.read),
        insi=section("insi", InsiSettings.read),
        api_psc=section("api_psc", ApiPscSettings.read),
        sas=section("sas", lambda table: SasSettings.read(table, own)),
        rdv=section("rdv", RdvSettings.read),
        agenda=section("agenda", AgendaSettings.read),
        third_party=section("agenda_tiers", ThirdPartySettings.read),
        bsp=section("bsp", lambda table: BspSettings.read(table, own)),
        dmp=section("dmp", DmpSettings.read),
        wait_s=document.get("attentes", {}).get("delai_s"),
        absent_actions=frozenset(document.get("actions", {}).get("absentes", ())),
    )
