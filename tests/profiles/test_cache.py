"""The cache of compiled profiles: keyed by content, safe with several processes, never a reason to fail or to err."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from profiles import Registry, UnknownProfile, cache, compiled, registry, validate
from profiles.cache import Cache, user_cache

URL = "https://exemple.test/StructureDefinition/patient"
PATIENT: dict[str, Any] = {"resourceType": "Patient", "gender": "female"}


def write(folder: Path, **row: Any) -> Path:
    """A profile of Patient in a folder, with one row on birthDate."""
    definition = {
        "resourceType": "StructureDefinition",
        "url": URL,
        "type": "Patient",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
        "differential": {"element": [{"id": "Patient.birthDate", "path": "Patient.birthDate", **row}]},
    }
    folder.mkdir(exist_ok=True)
    (folder / "profil.json").write_text(json.dumps(definition))
    return folder


def loaded(folder: Path, kept: Path) -> Registry:
    return Registry(cache=Cache(kept)).load_folder(folder)


def entries(kept: Path) -> list[Path]:
    return sorted(path for path in kept.rglob("*") if path.is_file())


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The types that were compiled since."""
    made: list[str] = []
    real = compiled.plan_of

    def counted(root: Any, resolve: Any) -> Any:
        made.append(root.source)
        return real(root, resolve)

    monkeypatch.setattr(registry, "plan_of", counted)
    return made


def test_a_second_start_compiles_nothing_and_judges_the_same(tmp_path: Path, compilations: list[str]) -> None:
    folder, kept = write(tmp_path / "d", min=1), tmp_path / "c"
    first = validate(PATIENT, URL, registry=loaded(folder, kept))
    assert [issue.expression for issue in first] == ["Patient.birthDate"]
    assert compilations
    done = len(compilations)
    assert validate(PATIENT, URL, registry=loaded(folder, kept)) == first
    assert len(compilations) == done


def test_other_definitions_or_other_code_are_another_key(
    tmp_path: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "c"
    assert validate(PATIENT, URL, registry=loaded(write(tmp_path / "d", min=1), kept))
    assert validate(PATIENT, URL, registry=loaded(write(tmp_path / "d", min=0), kept)) == []
    done = len(compilations)
    monkeypatch.setattr(cache, "code_version", lambda: "autre")
    assert validate(PATIENT, URL, registry=loaded(tmp_path / "d", kept)) == []
    assert len(compilations) > done


@pytest.mark.parametrize("damage", [b"", b"{}", b"\0" * 100, None])
def test_a_damaged_entry_is_compiled_again_and_written_again(
    damage: bytes | None, tmp_path: Path, compilations: list[str]
) -> None:
    folder, kept = write(tmp_path / "d", min=1), tmp_path / "c"
    first = validate(PATIENT, URL, registry=loaded(folder, kept))
    whole = {path: path.read_bytes() for path in entries(kept)}
    for path, content in whole.items():
        path.write_bytes(content[:-1] + b"x" if damage is None else damage)
    done = len(compilations)
    assert validate(PATIENT, URL, registry=loaded(folder, kept)) == first
    assert len(compilations) > done
    assert {path: path.read_bytes() for path in entries(kept)} == whole


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("un fichier, pas un dossier")
    found = validate(PATIENT, URL, registry=loaded(write(tmp_path / "d", min=1), tmp_path / "c"))
    assert [issue.expression for issue in found] == ["Patient.birthDate"]


def test_an_unknown_profile_stays_unknown(tmp_path: Path) -> None:
    folder, kept = write(tmp_path / "d", min=1), tmp_path / "c"
    loaded(folder, kept).compiled(URL)
    for canonical in (f"{URL}x", "http://hl7.org/fhir/StructureDefinition/Patient|5.0.0"):
        with pytest.raises(UnknownProfile):
            loaded(folder, kept).compiled(canonical)


FILL = """
from pathlib import Path
import sys
from profiles import Registry, validate
from profiles.cache import Cache
registry = Registry(cache=Cache(Path(sys.argv[2]))).load_folder(sys.argv[1])
print([issue.expression for issue in validate({"resourceType": "Patient"}, sys.argv[3], registry=registry)])
"""


def test_several_processes_fill_it_at_once(tmp_path: Path) -> None:
    folder, kept = write(tmp_path / "d", min=1), tmp_path / "c"
    command = [sys.executable, "-c", FILL, str(folder), str(kept), URL]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 4
    assert answers == ["['Patient.birthDate']\n"] * 4
    assert not [path for path in entries(kept) if path.name.startswith(".")]


def test_only_the_last_used_sets_are_kept(tmp_path: Path) -> None:
    kept = tmp_path / "c"
    for number in range(cache.KEPT + 5):
        old = kept / f"ancien-{number}"
        old.mkdir(parents=True)
        os.utime(old, (number, number))
    loaded(write(tmp_path / "d", min=1), kept).compiled(URL)
    assert len(list(kept.iterdir())) == cache.KEPT
    assert entries(kept)


def test_where_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BANC_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_cache()._folder == tmp_path / "banc" / "profils"
    monkeypatch.setenv("BANC_CACHE", str(tmp_path / "ici"))
    assert user_cache()._folder == tmp_path / "ici"
    monkeypatch.setenv("BANC_CACHE", "")
    assert user_cache()._folder is None
