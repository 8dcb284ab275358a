"""`banc init`: a commented `cible.toml` and a driver skeleton, both made from the vocabulary."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from harness import catalogue, vocabulary
from harness.errors import SetUpError
from harness.verdict import ExitCode
from harness.vocabulary import ActionSpec

SUMMARY = "écrire un cible.toml commenté et un squelette de pilote"
DESCRIPTION = """\
Écrit dans DOSSIER : cible.toml (le produit, ce qu'il revendique, comment le piloter), pilote.py (une classe Python,
une méthode par action du vocabulaire) et pilote_http.py (la même classe offerte par HTTP). N'écrase aucun fichier."""

_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "array": "list[Any]"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dossier", metavar="DOSSIER", nargs="?", default=".", help="où écrire (dossier courant)")
    parser.add_argument("--json", action="store_true", help="écrire en JSON la liste des fichiers écrits")


def run(arguments: argparse.Namespace) -> int:
    """Write the files. Raises SetUpError when one of them is already there."""
    written = write(Path(arguments.dossier))
    if arguments.json:
        print(json.dumps({"fichiers": [str(path) for path in written]}, ensure_ascii=False))
        return ExitCode.CONFORME
    for path in written:
        print(f"écrit : {path}")
    print("À faire : compléter cible.toml et pilote.py, puis « banc doctor » et « banc run ».")
    return ExitCode.CONFORME


def write(folder: Path) -> list[Path]:
    """Write every file of the skeleton into `folder`, made if missing. Raises SetUpError rather than overwrite."""
    contents = skeleton()
    there = [name for name in contents if (folder / name).exists()]
    if there:
        raise SetUpError(f"{folder} contient déjà {', '.join(there)} : rien n'a été écrit.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in contents.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in contents]


def skeleton() -> dict[str, str]:
    """Content of each file by name."""
    actions = vocabulary.load().actions.values()
    driver = _template("pilote.py").replace("# METHODES", "\n\n".join(map(method, actions)))
    return {
        "cible.toml": _template("cible.toml").replace("BLOCS", ", ".join(catalogue.load().blocks)),
        "pilote.py": driver,
        "pilote_http.py": _template("pilote_http.py"),
    }


def method(action: ActionSpec) -> str:
    """The Python method that a driver offers for an action, with its parameters and what it gives back."""
    required = action.parameters.get("required", ())
    properties: Mapping[str, Any] = action.parameters["properties"]
    parameters = [_parameter(name, schema, name in required) for name, schema in properties.items()]
    signature = ", ".join(["self", "*", *sorted(parameters, key=lambda p: "=" in p)] if parameters else ["self"])
    lines = [f"    def {action.name}({signature}) -> dict[str, Any]:"]
    lines += [f'        """{action.summary}', ""]
    lines += [f"        {name} : {schema['description']}" for name, schema in properties.items() if _said(schema)]
    lines += [f"        Rend : {_result(action)}", '        """', "        raise NotImplementedError"]
    return "\n".join(lines)


def _parameter(name: str, schema: Mapping[str, Any], required: bool) -> str:
    kind = _TYPES.get(str(schema.get("type", "string")), "dict[str, Any]")
    if required:
        return f"{name}: {kind}"
    if "default" in schema:
        return f"{name}: {kind} = {schema['default']!r}"
    return f"{name}: {kind} | None = None"


def _said(schema: Mapping[str, Any]) -> bool:
    return bool(schema.get("description"))


def _result(action: ActionSpec) -> str:
    required = action.result.get("required", ())
    names = [name if name in required else f"{name} (facultatif)" for name in action.result["properties"]]
    return ", ".join(names) + "." if names else "un dictionnaire vide."


def _template(name: str) -> str:
    return (resources.files("harness") / "commands" / "modeles" / f"{name}.txt").read_text(encoding="utf-8")
