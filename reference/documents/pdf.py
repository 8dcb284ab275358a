"""A PDF of plain text, on one page or several (ISO 32000-1): all that a document without structure needs."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

WIDTH, HEIGHT, MARGIN, SIZE, LEADING = 595, 842, 56, 11, 15
_COLUMNS, _LINES = 88, (842 - 2 * 56) // 15


def pdf(title: str, lines: Sequence[str]) -> bytes:
    """The PDF of these lines under a title, in Latin letters (cp1252; another sign becomes `?`)."""
    flowing = [part for line in (title, "", *lines) for part in (wrap(line, _COLUMNS) or [""])]
    pages = [flowing[start : start + _LINES] for start in range(0, len(flowing), _LINES)]
    first = 4
    kids = " ".join(f"{first + 2 * rank} 0 R" for rank in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for rank, page in enumerate(pages):
        objects += [_page(first + 2 * rank + 1), _stream(page)]
    return _file(objects)


def _page(content: int) -> bytes:
    return (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
        f"/Resources << /Font << /F1 3 0 R >> >> /Contents {content} 0 R >>"
    ).encode()


def _stream(lines: Sequence[str]) -> bytes:
    shown = b"".join(b"(" + _escaped(line) + b") Tj T*\n" for line in lines)
    begin = f"BT /F1 {SIZE} Tf {LEADING} TL {MARGIN} {HEIGHT - MARGIN} Td\n".encode()
    drawn = begin + shown + b"ET\n"
    return f"<< /Length {len(drawn)} >>\nstream\n".encode() + drawn + b"endstream"


def _escaped(line: str) -> bytes:
    raw = line.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(objects: Sequence[bytes]) -> bytes:
    written, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = len(written)
    count = len(objects) + 1
    written += f"xref\n0 {count}\n0000000000 65535 f \n".encode()
    written += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    written += f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(written)
