"""Archives from outside are read within limits, and refused for what has no place in a package."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from profiles import Registry, UnusableDefinition, archive
from tests.harness.package_server import archive as made


def member(name: str, kind: bytes, target: str = "") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as package:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        package.addfile(info)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "n'est pas un paquet FHIR lisible"),
        (b"pas une archive", "n'est pas un paquet FHIR lisible"),
        (gzip.compress(b"pas un tar"), "n'est pas un paquet FHIR lisible"),
        (made({"package/package.json": {}})[:-20], "n'est pas un paquet FHIR lisible"),
        (made({"package/../../StructureDefinition-x.json": {}}), "sort du paquet"),
        (made({"/package/StructureDefinition-x.json": {}}), "sort du paquet"),
        (member("package/StructureDefinition-x.json", tarfile.SYMTYPE, "/etc/passwd"), "est un lien"),
        (member("package/StructureDefinition-x.json", tarfile.LNKTYPE, "/etc/passwd"), "est un lien"),
        (member("package/StructureDefinition-x.json", tarfile.CHRTYPE), "est un lien"),
        (made({"package/StructureDefinition-x.json": b" " * 2_000_000}), "au-delà des limites"),
    ],
    # An archive bears the instant of its making: named by it, a test would have another name in each process.
    ids=["vide", "texte", "gzip", "coupée", "parent", "absolu", "lien", "lien dur", "périphérique", "bombe"],
)
def test_refused(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "paquet.tgz"
    path.write_bytes(content)
    with pytest.raises(UnusableDefinition, match=said):
        Registry().load_package(path)


def test_limits_in_size_and_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "paquet.tgz"
    path.write_bytes(made({f"package/StructureDefinition-{n}.json": {} for n in range(5)}))
    archive.read_package(path)
    monkeypatch.setattr(archive, "MAX_MEMBERS", 4)
    with pytest.raises(UnusableDefinition, match="plus de 4 fichiers"):
        archive.read_package(path)
    monkeypatch.setattr(archive, "MAX_MEMBERS", 5)
    monkeypatch.setattr(archive, "MAX_MEMBER", 1)
    with pytest.raises(UnusableDefinition, match="dépasse"):
        archive.read_package(path)
    monkeypatch.setattr(archive, "MAX_ARCHIVE", 10)
    with pytest.raises(UnusableDefinition, match="trop gros"):
        archive.read_package(path)


def test_examples_and_other_files_are_left(tmp_path: Path) -> None:
    path = tmp_path / "paquet.tgz"
    path.write_bytes(made({"package/example/StructureDefinition-x.json": {}, "package/other.txt": b"",
                           "package/StructureDefinition-y.json": {}, "package/package.json": {}}))  # fmt: skip
    assert set(archive.read_package(path)) == {"StructureDefinition-y.json", "package.json"}
