"""The reader of IHE_XDM archives: what it gives, what it refuses, and that nothing makes it fall."""

from __future__ import annotations

import io
import random
import stat
import struct
import tracemalloc
import zipfile

import pytest

from profiles.mail import xdm

GOOD = {
    "INDEX.HTM": b"<html/>",
    "README.TXT": b"Lisez-moi",
    "IHE_XDM/SUBSET01/METADATA.XML": b"<a/>",
    "IHE_XDM/SUBSET01/DOC0001.XML": b"<ClinicalDocument/>",
}


def archive(files: dict[str, bytes] | None = None, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as written:
        for name, content in (GOOD if files is None else files).items():
            written.writestr(name, content)
    return made.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(xdm.RefusedArchiveError) as refused:
        xdm.read(content)
    return refused.value.code


def test_an_archive_is_read_in_memory() -> None:
    read = xdm.read(archive())
    assert [one.name for one in read.files] == list(GOOD)
    assert read.has(xdm.INDEX)
    assert read.has(xdm.README)
    (one,) = read.sets
    assert (one.folder, one.metadata) == ("IHE_XDM/SUBSET01", b"<a/>")
    found = one.at("DOC0001.XML")
    assert found is not None
    assert found.content == b"<ClinicalDocument/>"
    assert one.at("AUTRE.XML") is None
    assert one.at("../SUBSET01/DOC0001.XML") is None


def test_what_is_missing_is_no_refusal() -> None:
    read = xdm.read(archive({"a.txt": b"x"}))
    assert (read.has(xdm.INDEX), read.sets) == (False, ())
    assert xdm.read(archive({})).files == ()


def test_names_are_found_whatever_their_case_and_told_as_they_are() -> None:
    read = xdm.read(archive({"ihe_xdm/Subset01/metadata.xml": b"<a/>"}))
    assert [one.folder for one in read.sets] == ["ihe_xdm/Subset01"]
    assert not read.has("IHE_XDM/SUBSET01/METADATA.XML")


@pytest.mark.parametrize(
    "name",
    ["../x", "a/../../x", "/etc/passwd", "C:/x", "c:x", "a\\..\\x", "a\nb", "x" * 300],
)
def test_names_that_lead_out_are_refused(name: str) -> None:
    assert refusal(archive({**GOOD, name: b"x"})) == "chemin"


def test_two_files_of_one_name_are_refused() -> None:
    assert refusal(archive({**GOOD, "index.htm": b"x"})) == "doublon"


def test_links_are_refused() -> None:
    made = io.BytesIO()
    entry = zipfile.ZipInfo("lien")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(made, "w") as written:
        written.writestr(entry, "/etc/passwd")
    assert refusal(made.getvalue()) == "lien"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions_are_refused(method: int) -> None:
    assert refusal(archive(method=method)) == "compression"


def test_an_encrypted_file_is_refused() -> None:
    content = bytearray(archive())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        content[at + offset] |= 1
    assert refusal(bytes(content)) == "chiffre"


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    content = archive({"a": b"\0" * 40_000_000})
    assert len(content) < 100_000
    tracemalloc.start()
    assert refusal(content) == "bombe"
    assert tracemalloc.get_traced_memory()[1] < 25_000_000
    tracemalloc.stop()


def test_a_size_that_lies_is_not_believed() -> None:
    content = bytearray(archive({"a": b"\0" * 20_000_000}))
    at = content.find(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    assert refusal(bytes(content)) in ("bombe", "illisible")


def test_many_small_bombs_are_refused_together() -> None:
    assert refusal(archive({f"f{number}": bytes(900_000) for number in range(120)})) == "bombe"


def test_too_many_files_are_refused() -> None:
    assert refusal(archive({f"f{number}": b"" for number in range(xdm.MAX_FILES + 1)})) == "trop-de-fichiers"


@pytest.mark.parametrize("content", [b"", b"PK", b"%PDF-1.4", archive()[:-30], bytes(1000)])
def test_what_is_no_archive(content: bytes) -> None:
    assert refusal(content) == "illisible"


def test_an_empty_archive_is_one() -> None:
    assert xdm.read(b"PK\x05\x06" + bytes(18)).files == ()


def test_mutated_archives_are_read_or_refused() -> None:
    dice, good = random.Random("xdm"), archive({**GOOD, "IHE_XDM/SUBSET01/DOC0002.PDF": bytes(range(256)) * 20})
    outcomes = {"lu": 0, "refuse": 0}
    for _ in range(10_000):
        content = bytearray(good)
        for _ in range(dice.randint(1, 8)):
            at = dice.randrange(len(content))
            if dice.random() < 0.2:
                del content[at : at + dice.randint(1, 40)]
            else:
                content[at] = dice.randrange(256)
        try:
            xdm.read(bytes(content))
            outcomes["lu"] += 1
        except xdm.RefusedArchiveError:
            outcomes["refuse"] += 1
    assert min(outcomes.values()) > 50
