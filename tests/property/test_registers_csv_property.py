"""Any table in any dialect, encoding, compression and cut is read as Python's csv module and a slow walk read it."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evalkit.errors import LayoutError
from evalkit.registers.files import csv_blocks, csv_file
from evalkit.registers.files.csv_file import open_csv
from evalkit.registers.files.piece import Piece

NAMES = ("pnr", "kode", "tekst")
# Letters whose Latin-1 bytes never follow each other as UTF-8's do.
TEXT = st.text('a17 -"\n,;|\t\råø', max_size=5)
CODE = st.sampled_from(["", "", "730", "1", "0", "-12", "2147483648", "007", "+5", "7.0", " 730", "1e3", "-0", "x"])
TABLES = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.tuples(*[TEXT, CODE, TEXT][:width]), max_size=12).map(lambda rows: (width, rows))
)


def zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as packed:
        packed.write(data)
    return bytes(sink.getvalue())


PACKINGS: list[Callable[[bytes], bytes]] = [lambda data: data, gzip.compress, bz2.compress, zstd]


def read(path: Path, codes: tuple[str, ...], block: int, window: int) -> tuple[list[Piece], int]:
    """Read a file with small pieces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_file, "_BLOCK", block)
        patch.setattr(csv_blocks, "_WINDOW", window)
        file = open_csv(path, "layout", set(NAMES))
        pieces = list(file.pieces({name: index for index, name in enumerate(file.names)}, codes=codes))
        return pieces, file.n_rows()


def cells_of(pieces: list[Piece]) -> list[tuple[str, ...]]:
    return [tuple("" if cell is None else str(cell) for cell in row) for piece in pieces for row in piece.rows.rows()]


@settings(max_examples=300, deadline=None)
@given(
    table=TABLES,
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    line_break=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"]),
    packed=st.sampled_from(PACKINGS),
    block=st.integers(4, 60),
    window=st.integers(1, 60),
    ends=st.booleans(),
)
def test_what_python_writes_is_read_as_python_reads_it(  # noqa: PLR0913 - one a choice
    *,
    table: tuple[int, list[tuple[str, ...]]],
    delimiter: str,
    quoting: Literal[0, 1],
    line_break: str,
    encoding: str,
    packed: Callable[[bytes], bytes],
    block: int,
    window: int,
    ends: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    width, rows = table
    delimiter = delimiter if width > 1 else ","
    file = io.StringIO(newline="")
    # Python's reader takes a carriage return for a line break wherever it is not quoted.
    quoting = csv.QUOTE_ALL if any("\r" in cell for row in rows for cell in row) else quoting
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=line_break)
    writer.writerows([NAMES[:width], *rows])
    text = file.getvalue() if ends else file.getvalue().removesuffix(line_break)
    path = tmp_path_factory.getbasetemp() / f"written_{width}.csv"
    path.write_bytes(packed(text.encode(encoding)))
    pieces, n_rows = read(path, NAMES[1:width], block, window)
    wanted = [tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)][1:]
    assert cells_of(pieces) == wanted
    assert [number for piece in pieces for number in piece.numbers] == list(range(1, len(wanted) + 1))
    assert n_rows == len(wanted)
    assert not any(piece.malformed for piece in pieces)


def slow_records(text: str, delimiter: str) -> tuple[list[tuple[list[str], str]], bool]:
    """Walk through whole lines: cells and text of each record that is not blank; whether the last one is open.

    A record in which a quoted field goes on after its closing quotation mark has no cells.
    """
    records: list[tuple[list[str], str]] = []
    begin = 0
    while begin < len(text):
        cells: list[str] = []
        place = begin - 1
        while not cells or text[place : place + 1] == delimiter:
            cell, place = slow_field(text, place + 1, delimiter)
            cells.append(cell)
        if place == len(text):
            return records, True
        end = text.index("\n", place)
        record = text[begin:end].rstrip("\r")
        if record:
            records.append(([] if text[place:end].strip("\r") else cells, record))
        begin = end + 1
    return records, False


def slow_field(text: str, place: int, delimiter: str) -> tuple[str, int]:
    """Read one field; the place after it is the text's end only when it is open."""
    cell = ""
    if text[place] != '"':
        while text[place] not in (delimiter, "\n"):
            cell, place = cell + text[place], place + 1
        return cell if text[place] == delimiter else cell.rstrip("\r"), place
    place += 1
    while place < len(text):
        if text[place] != '"':
            cell, place = cell + text[place], place + 1
        elif text[place : place + 2] == '""':
            cell, place = cell + '"', place + 2
        else:
            return cell, place + 1
    return cell, place


FILES = st.lists(
    st.sampled_from(["a,1,b", '"a","1","b"', '"a ""x""",,"y\nz"', ",,", "å,730,ø", 'a\r,2,5" pipe']), max_size=8
)
EDITS = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.integers(0, 3),
        st.sampled_from(
            [b"", b'"', b"\n", b",", b"\r", b"\r\n", b'""', b"x", b",,", b'",', b"\xe5", "ø".encode(), b"\0"]
        ),
    ),
    max_size=4,
)


@settings(max_examples=500, deadline=None)
@given(
    rows=FILES,
    edits=EDITS,
    line_break=st.sampled_from(["\n", "\r\n", "\r\r\n"]),
    block=st.integers(4, 60),
    window=st.integers(1, 60),
)
@example(
    # One field too many in one record, one too few in the next: together as many as are due.
    rows=[",,", '"a","1","b"', '"a","1","b"'],
    edits=[(4, 2, b'",'), (16, 3, b'"')],
    line_break="\n",
    block=20,
    window=22,
)
def test_a_spoilt_file_is_refused_or_nothing_of_it_is_lost(
    *,
    rows: list[str],
    edits: list[tuple[int, int, bytes]],
    line_break: str,
    block: int,
    window: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    body = "".join(row + line_break for row in rows).encode()
    for place, n_removed, added in edits:
        body = body[:place] + added + body[place + n_removed :]
    path = tmp_path_factory.getbasetemp() / "spoilt.csv"
    path.write_bytes(",".join(NAMES).encode() + b"\n" + body)
    text, refused = decoded(body)
    records, is_open = slow_records(text if text.endswith("\n") else text + "\n", ",")
    is_cut = not text.endswith("\n") and bool(records) and 0 < len(records[-1][0]) < len(NAMES)
    last_is_blank = not text.rpartition("\n")[2].rstrip("\r")
    if refused or is_open or (is_cut and not last_is_blank):
        with pytest.raises(LayoutError, match=r"spoilt\.csv"):
            read(path, ("kode",), block, window)
        return
    pieces, n_rows = read(path, ("kode",), block, window)
    assert n_rows == len(records)
    good = [(number, tuple(cells)) for number, (cells, _) in enumerate(records, 1) if len(cells) == len(NAMES)]
    bad = [(number, said) for number, (cells, said) in enumerate(records, 1) if len(cells) != len(NAMES)]
    numbers = [number for piece in pieces for number in piece.numbers]
    assert list(zip(numbers, cells_of(pieces), strict=True)) == good
    assert [(row.number, row.text) for piece in pieces for row in piece.malformed] == bad


def decoded(body: bytes) -> tuple[str, bool]:
    """Decode as a whole: UTF-8, or Windows-1252; whether the file must be refused."""
    try:
        return body.decode(), b"\0" in body
    except UnicodeDecodeError as error:
        is_cut = error.reason == "unexpected end of data" and not body[: error.start].isascii()
        return body.decode("cp1252"), is_cut or b"\0" in body
