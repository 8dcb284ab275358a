"""The DMP: who signs for the product, and what the product is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID

from harness.errors import SandboxError, SetUpError
from harness.registrations.site import Registration, Site
from harness.target_sections import DmpSettings

SEAL = "signature"
AUTHORITIES, REVOCATIONS = "autorites.pem", "revocations.crl.pem"
_NOT_HERE = 501


def register(site: Site) -> Registration | None:
    """Have the DMP trust who signs for the product; None when the target has no section [dmp].

    Raises SetUpError when a file of the target cannot be read.
    """
    settings = site.target.dmp
    if settings is None:
        return None
    folder = _certificates(site)
    _trust(site, settings, folder)
    told: dict[str, Any] = {
        "base_url": site.base("dmp", secure=True),
        "homologation": settings.homologation,
        "secteur": settings.sector,
        **({"type_fiche_liaison": dict(settings.liaison_sheet)} if settings.liaison_sheet else {}),
    }
    if folder:
        told["signature"] = {"certificat": str(folder / f"{SEAL}.pem"), "cle": str(folder / f"{SEAL}.key.pem")}
    structure = settings.structure or _structure(folder)
    return Registration(told, facts={"structure": structure, "secteur": settings.sector})


def _certificates(site: Site) -> Path | None:
    """Folder of the test PKI, its seal included; None on a sandbox that writes none, or that is elsewhere."""
    if site.target.sandbox.mode == "distant":
        return None
    try:
        made = site.tenant.call("POST", "/certificats", {"certificats": [SEAL]})
    except SandboxError as error:
        if error.status == _NOT_HERE:
            return None
        raise
    return Path(made["dossier"])


def _trust(site: Site, settings: DmpSettings, folder: Path | None) -> None:
    """Tell the DMP whose certificates may sign; without any, it verifies signatures and trusts nobody."""
    if settings.authorities:
        site.tenant.call("PUT", "/dmp/confiance", {"autorites": _text(Path(settings.authorities))})
    elif folder is not None:
        told = {"autorites": _text(folder / AUTHORITIES), "revocations": _text(folder / REVOCATIONS)}
        site.tenant.call("PUT", "/dmp/confiance", told)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise SetUpError(f"Le fichier {path} ne peut pas être lu : {error}.") from error


def _structure(folder: Path | None) -> str:
    """Struct_IdNat that the seal names, its OU."""
    if folder is None:
        return ""
    read = x509.load_pem_x509_certificate((folder / f"{SEAL}.pem").read_bytes())
    units = read.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return str(units[0].value) if units else ""
