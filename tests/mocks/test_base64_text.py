"""Base64 in large messages: found where it stands, whatever surrounds it; prose is left alone."""

from __future__ import annotations

import base64
import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks import base64_text
from mocks.base64_text import LONGEST_RUN

LONG = bytes(range(256)) * 40
LINE = base64.b64encode(LONG)
LINES = base64.encodebytes(LONG)
AROUND = {
    "element": (b"<a><text>", b"</text></a>"),
    "string": (b'{"data": "', b'", "x": 1}'),
    "attribute": (b'<a href="data:application/pdf;base64,', b'"/>'),
    "alone": (b"", b""),
}


@pytest.mark.parametrize("written", [LINE, LINES, LINES.replace(b"\n", b"\r\n")], ids=["line", "lines", "crlf"])
@pytest.mark.parametrize("around", AROUND)
def test_a_long_run_is_found_where_it_stands(around: str, written: bytes) -> None:
    before, after = AROUND[around]
    content = before + written + after
    (run,) = base64_text.long_runs(content)
    assert run.decoded == LONG
    assert content[run.start : run.end].strip() == written.strip()


def test_runs_come_in_their_order() -> None:
    other = base64.b64encode(b"x" * LONGEST_RUN)
    runs = list(base64_text.long_runs(b"<a>" + LINE + b"</a><b>, " + other + b" ;</b>"))
    assert [run.decoded for run in runs] == [LONG, b"x" * LONGEST_RUN]


@pytest.mark.parametrize(
    "content",
    [
        b"<a>" + b"Un texte de tous les jours " * 400 + b"</a>",
        b"<a>" + LINE[:LONGEST_RUN] + b"</a>",
        b"<a>" + b" " * 10_000 + b"</a>",
        b"<a>" + LINE[:-3] + b"</a>",
        "é".encode() * 10_000,
        b"",
    ],
    ids=["prose", "short", "blanks", "cut", "accents", "empty"],
)
def test_what_is_no_long_run_is_left_alone(content: bytes) -> None:
    assert not list(base64_text.long_runs(content))


@given(st.binary(max_size=300), st.integers(4, 80))
def test_lines_are_put_together(said: bytes, width: int) -> None:
    text = base64.b64encode(said)
    lines = b"\r\n ".join(text[at : at + width] for at in range(0, len(text), width))
    assert base64_text.decode(b"\n" + lines + b"\n") == said


@pytest.mark.parametrize("text", [b"abc", b"ab*=", b"====", "é".encode(), b"YWJj=YWJj"])
def test_what_is_no_base64_is_refused(text: bytes) -> None:
    with pytest.raises(binascii.Error):
        base64_text.decode(text)
