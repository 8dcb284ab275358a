"""`banc pki`: the test certificates in a folder."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import SetUpError
from harness.verdict import ExitCode

if TYPE_CHECKING:
    from mocks.pki import Pki, Sheet

FOLDER = Path(".banc") / "pki"
SUMMARY = "fabriquer les certificats d'essai (autorités, serveurs, clients, bons et mauvais)"
DESCRIPTION = """\
Fabrique une IGC d'essai à l'image de l'IGC Santé : autorités, listes de révocation, certificats de serveur et de
client, dont des mauvais (expiré, révoqué, autorité inconnue...). Tout est neuf à chaque fois et ne vaut rien hors du
banc. Le fichier LISEZMOI.txt du dossier dit à quoi sert chaque certificat."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dossier", type=Path, default=FOLDER, help=f"où écrire ({FOLDER})")
    parser.add_argument("--json", action="store_true", help="écrire en JSON les fichiers fabriqués")


def run(arguments: argparse.Namespace) -> int:
    """Write the PKI. Raises SetUpError when the folder cannot be written."""
    from mocks.pki import Pki

    written = write(Pki(), arguments.dossier)
    if arguments.json:
        files = {name: str(path) for name, path in written.items()}
        authorities = str(arguments.dossier / "autorites.pem")
        lists = str(arguments.dossier / "revocations.crl.pem")
        print(json.dumps({"autorites": authorities, "revocations": lists, "certificats": files}, ensure_ascii=False))
    else:
        print(f"{len(written)} certificats d'essai dans {arguments.dossier} ; voir LISEZMOI.txt.")
    return ExitCode.CONFORME


def write(pki: Pki, folder: Path) -> Mapping[str, Path]:
    """Write the certificates and their read-me; gives the file of each. Raises SetUpError."""
    try:
        written = pki.write(folder)
        (folder / "LISEZMOI.txt").write_text(_read_me(pki.sheets), encoding="utf-8")
    except OSError as error:
        raise SetUpError(f"Impossible d'écrire dans {folder} : {error}.") from error
    return written


def _read_me(sheets: Mapping[str, Sheet]) -> str:
    lines = [
        "Certificats d'essai du banc : sans aucune valeur, refaits à chaque « banc pki ».",
        "",
        "autorites.pem        autorités à reconnaître (racine, organisations, serveurs, professionnels)",
        "revocations.crl.pem  listes de révocation de ces autorités",
        "NOM.pem              certificat, suivi de celui de son autorité",
        "NOM.key.pem          clé privée, en clair",
        "NOM.p12              les trois ensemble, mot de passe « banc »",
        "",
    ]
    return "\n".join([*lines, *(f"{name:26} {sheet.role}" for name, sheet in sheets.items()), ""])
