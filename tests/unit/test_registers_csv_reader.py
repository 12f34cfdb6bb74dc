"""Reading a CSV file: hand-made bytes, and the rows, malformed rows or refusal that they must give."""

from __future__ import annotations

import bz2
import codecs
import gzip
import hashlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from evalkit.errors import InternalError, LayoutError
from evalkit.registers.files import csv_blocks, csv_file
from evalkit.registers.files.csv_file import CsvFile, open_csv
from evalkit.registers.files.piece import Piece

PLAIN = "pnr,dato,tekst\na1,2016-01-01,\nb2,,x y\n"
ROWS = [("a1", "2016-01-01", None), ("b2", None, "x y")]


@pytest.fixture(params=[5, 64, None], ids=["few bytes", "some bytes", "one block"])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param is not None:
        monkeypatch.setattr(csv_file, "_BLOCK", request.param)
        monkeypatch.setattr(csv_blocks, "_WINDOW", request.param)


def opened(folder: Path, content: bytes) -> CsvFile:
    path = folder / "x.csv"
    path.write_bytes(content)
    return open_csv(path, "layout", {"pnr", "dato", "tekst"})


def pieces_of(file: CsvFile, codes: tuple[str, ...] = ()) -> list[Piece]:
    return list(file.pieces({name: index for index, name in enumerate(file.names)}, codes=codes))


def rows_of(pieces: list[Piece]) -> list[tuple[Any, ...]]:
    return [row for piece in pieces for row in piece.rows.rows()]


def read(folder: Path, content: bytes) -> tuple[list[tuple[Any, ...]], list[tuple[int, str]]]:
    file = opened(folder, content)
    pieces = pieces_of(file)
    malformed = [(row.number, row.text) for piece in pieces for row in piece.malformed]
    numbers = [number for piece in pieces for number in piece.numbers]
    assert sorted(numbers + [number for number, _ in malformed]) == list(range(1, file.n_rows() + 1))
    assert file.digest() == hashlib.sha256(content).hexdigest()
    return rows_of(pieces), malformed


def refused(folder: Path, content: bytes) -> str:
    with pytest.raises(LayoutError) as caught:
        pieces_of(opened(folder, content))
    message = str(caught.value)
    assert message.startswith("extract layout: x.csv")
    return message


def zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as packed:
        packed.write(data)
    return bytes(sink.getvalue())


def gzipped(content: bytes) -> bytes:
    """Without the time of day, which would stand in the names of the tests."""
    return gzip.compress(content, mtime=0)


PACKINGS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzipped, "bzip2": bz2.compress, "zstd": zstd}


@pytest.mark.usefixtures("block")
@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.rstrip("\n").encode(),
        codecs.BOM_UTF8 + PLAIN.encode(),
        codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r\r\n").encode(),
        PLAIN.replace("\n", "\r\n", 2).encode(),
        PLAIN.replace("\n", "\n\n").encode(),
        PLAIN.replace("\n", "\r\n\r\n").encode(),
        ("\r\n\n" + PLAIN + "\n\r").encode(),
        *(PLAIN.replace(",", delimiter).encode() for delimiter in ";\t|"),
        PLAIN.replace("x y", '"x y"').replace("a1", '"a1"').replace("tekst", '"tekst"').encode(),
        PLAIN.replace(",\n", ',""\n').replace(",,", ',"",').encode(),
        *(pack(PLAIN.encode()) for pack in PACKINGS.values()),
        gzipped(PLAIN[:30].encode()) + gzipped(PLAIN[30:].encode()),
    ],
)
def test_the_same_rows_however_they_are_written(content: bytes, tmp_path: Path) -> None:
    assert read(tmp_path, content) == (ROWS, [])


@pytest.mark.usefixtures("block")
@pytest.mark.parametrize(
    ("row", "cells"),
    [
        (b'"a,b","c\nd","e ""f"""', ("a,b", "c\nd", 'e "f"')),
        (b'"a\r\nb","\r","\n\n"', ("a\r\nb", "\r", "\n\n")),
        (b'5" pipe,a"b"c,""', ('5" pipe', 'a"b"c', None)),
        (b'x,5" pipe,"a\n5"" b"', ("x", '5" pipe', 'a\n5" b')),
        (b"a\rb,\rc,d\r", ("a\rb", "\rc", "d")),
        (b"a\r,b,c", ("a\r", "b", "c")),
        (b'"""","""""",""', ('"', '""', None)),
        (b" a , ,\t", (" a ", " ", "\t")),
        (b"NA,null,#x", ("NA", "null", "#x")),
        (b"\xef\xbb\xbfa,b,c", ("\ufeffa", "b", "c")),
        ("å,ø,😀".encode(), ("å", "ø", "😀")),
    ],
)
def test_cells(row: bytes, cells: tuple[str | None, ...], tmp_path: Path) -> None:
    content = b"pnr,dato,tekst\n1,2,3\n" + row + b"\n4,5,6\n"
    assert read(tmp_path, content) == ([("1", "2", "3"), cells, ("4", "5", "6")], [])


@pytest.mark.usefixtures("block")
def test_bars_with_blanks_around_them(tmp_path: Path) -> None:
    file = opened(tmp_path, b'pnr | dato | tekst\na | "b" | 5" c\n')
    assert file.names == ("pnr", "dato", "tekst")
    assert rows_of(pieces_of(file)) == [("a ", ' "b" ', ' 5" c')]


@pytest.mark.usefixtures("block")
@pytest.mark.parametrize("line_break", [b"\n", b"\r\n"])
@pytest.mark.parametrize(
    "row", [b"1", b"1,2", b"1,2,3,4", b"1,2,3,", b'"1,2",3', b'1,2,"3"x', b'1,"2" ,3', b'1,2,3,"x\ny"', b" "]
)
def test_rows_that_are_none(row: bytes, line_break: bytes, tmp_path: Path) -> None:
    lines = [b"pnr,dato,tekst", b"a,b,c", row, b'd,"e",f', b"", row, b"g,h,i", b""]
    rows, malformed = read(tmp_path, line_break.join(lines))
    assert rows == [("a", "b", "c"), ("d", "e", "f"), ("g", "h", "i")]
    assert malformed == [(2, row.decode()), (4, row.decode())]


@pytest.mark.usefixtures("block")
def test_a_field_too_many_does_not_hide_one_too_few(tmp_path: Path) -> None:
    content = b"pnr,dato,tekst\na,b\n1,2,3\na,b,c,d\n4,5,6\n"
    assert read(tmp_path, content) == ([("1", "2", "3"), ("4", "5", "6")], [(1, "a,b"), (3, "a,b,c,d")])


def test_good_rows_around_a_bad_one_are_read_in_a_large_file(tmp_path: Path) -> None:
    rows = [f'{number},"x {number}",' for number in range(40_000)]
    rows[20_000] = '20000,5" pipe,"'
    rows[20_001] = 'a",x'
    rows[30_000] = "a,b"
    rows[30_001] = "c,d,e,f"
    read_rows, malformed = read(tmp_path, "\n".join(["pnr,dato,tekst", *rows, ""]).encode())
    wanted = [
        (str(number), f"x {number}", None) for number in range(40_000) if number not in {20_000, 20_001, 30_000, 30_001}
    ]
    assert read_rows == wanted
    assert malformed == [(20_001, '20000,5" pipe,"\na",x'), (30_000, "a,b"), (30_001, "c,d,e,f")]


@pytest.mark.usefixtures("block")
@pytest.mark.parametrize("n_rows_before", [0, 1, 400])
@pytest.mark.parametrize(
    ("letters", "written", "read_as"),
    [
        ("latin-1", "é", "é"),
        ("cp1252", "€ – å", "€ – å"),
        ("utf-8", "€ – å", "€ – å"),
    ],
)
def test_encodings(letters: str, written: str, read_as: str, n_rows_before: int, tmp_path: Path) -> None:
    before = b"1,2,3\n" * n_rows_before
    content = b"pnr,dato,tekst\n" + before + f"a,b,{written}".encode(letters)
    rows, malformed = read(tmp_path, content)
    assert rows[n_rows_before:] == [("a", "b", read_as)]
    assert not malformed


@pytest.mark.usefixtures("block")
def test_one_letter_that_is_not_utf_8_makes_the_whole_file_windows_1252(tmp_path: Path) -> None:
    content = b"pnr,dato,tekst\n\xc3\xa5,1,2\n" + b"1,2,3\n" * 100 + b"\xe5,3,4\n"
    rows, _ = read(tmp_path, content)
    assert (rows[0], rows[-1]) == (("Ã¥", "1", "2"), ("å", "3", "4"))


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
def test_a_header_with_letters_beyond_ascii(encoding: str, tmp_path: Path) -> None:
    file = opened(tmp_path, 'pnr,"køn",tekst\nå,1,2\n'.encode(encoding))
    assert file.names == ("pnr", "køn", "tekst")
    assert rows_of(pieces_of(file)) == [("å", "1", "2")]


def test_a_header_over_two_lines(tmp_path: Path) -> None:
    file = opened(tmp_path, b'pnr,"dato\n(iso)",tekst\na,b,c\n')
    assert file.names == ("pnr", "dato\n(iso)", "tekst")
    assert rows_of(pieces_of(file)) == [("a", "b", "c")]


def test_a_header_longer_than_what_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "_HEAD", 4)
    assert opened(tmp_path, PLAIN.encode()).names == ("pnr", "dato", "tekst")


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n"])
def test_a_header_only(end: bytes, tmp_path: Path) -> None:
    assert read(tmp_path, b"pnr,dato,tekst" + end) == ([], [])


@pytest.mark.usefixtures("block")
def test_one_column(tmp_path: Path) -> None:
    assert read(tmp_path, b'pnr\na\n\n""\n"b\n"\nc,d\ne') == (
        [("a",), (None,), ("b\n",), ("e",)],
        [(4, "c,d")],
    )


@pytest.mark.usefixtures("block")
def test_wanted_columns_under_their_new_names(tmp_path: Path) -> None:
    (piece, *_) = opened(tmp_path, PLAIN.encode()).pieces({"TEXT": 2, "ID": 0, "AGAIN": 0})
    assert piece.rows.columns == ["TEXT", "ID", "AGAIN"]
    assert piece.rows.row(0) == (None, "a1", "a1")
    (piece, *_) = opened(tmp_path, PLAIN.encode()).pieces({})
    assert (piece.rows.width, piece.numbers[0]) == (0, 1)


@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize(
    "cell", ["007", "+5", "1e3", "7.0", " 730", "730 ", "-0", "00", "2147483648", "x", "\t5", "5\r", "٣", "1_000"]
)
def test_codes_that_a_number_would_not_give_back(cell: str, quoted: bool, tmp_path: Path) -> None:
    written = f'"{cell}"' if quoted else cell
    content = f'pnr,a,b\nx,730,1\ny,{written},-2\nz,,\nw,"",3\n'
    (piece,) = pieces_of(opened(tmp_path, content.encode()), codes=("a", "b"))
    assert piece.rows["a"].to_list() == ["730", cell, None, None]
    assert piece.rows["b"].dtype == pl.Int32
    assert piece.rows["b"].to_list() == [1, -2, None, 3]


def test_codes_that_are_numbers(tmp_path: Path) -> None:
    content = 'pnr,a,b,c\nå1,730,1,\n"b ""2""",-1,12345,\n,2147483647,-2147483648,\n'
    (piece,) = pieces_of(opened(tmp_path, content.encode()), codes=("a", "b", "c"))
    assert piece.rows.schema == {"pnr": pl.String, "a": pl.Int32, "b": pl.Int32, "c": pl.Int32}
    assert piece.rows.row(2) == (None, 2147483647, -2147483648, None)


def test_a_code_column_is_text_from_its_first_cell_that_is_no_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_file, "_BLOCK", 12)
    monkeypatch.setattr(csv_file, "_BLOCKS_A_PIECE", 1)
    file = opened(tmp_path, b"pnr,a,b\n" + b"x,730,111\n" * 9 + b"x,07,111\n" + b"x,730,111\n" * 9)
    pieces = pieces_of(file, codes=("a", "b"))
    kinds = [piece.rows["a"].dtype for piece in pieces]
    first = kinds.index(pl.String())
    assert kinds == [pl.Int32] * first + [pl.String] * (len(kinds) - first)
    assert {piece.rows["b"].dtype for piece in pieces} == {pl.Int32}
    assert "07" in pieces[first].rows["a"]
    assert [str(cell) for piece in pieces for cell in piece.rows["a"]] == ["730"] * 9 + ["07"] + ["730"] * 9


def test_blocks_are_joined_to_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "_BLOCK", 12)
    file = opened(tmp_path, b"pnr,a,b\n" + b"x,730,111\n" * 3 + b"x\n" + b"x,07,111\n" + b"x,730,111\n" * 3)
    pieces = pieces_of(file, codes=("a", "b"))
    assert len(pieces) == 2
    assert [number for piece in pieces for number in piece.numbers] == [1, 2, 3, 5, 6, 7, 8]
    assert [str(cell) for piece in pieces for cell in piece.rows["a"]] == ["730"] * 3 + ["07"] + ["730"] * 3
    assert {piece.rows["b"].dtype for piece in pieces} == {pl.Int32}


@pytest.mark.usefixtures("block")
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", " is empty."),
        (b"\n\r\n", " is empty."),
        (codecs.BOM_UTF8, " is empty."),
        (b"PK\x03\x04" + b"x" * 100, " is a zip or Excel file, which cannot be read. Unpack it"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, " is an old Excel file"),
        (bytes(range(256)) * 40, " is not a text file."),
        (b"pnr,dato,tekst\na,b\0,c\n", " is not a text file."),
        (b"pnr,dato,tekst\n\xe5,b\0,c\n", " is not a text file."),
        (gzipped(b"pnr,dato,tekst\na,b\0,c\n"), " is not a text file."),
        ("pnr,dato\na,\0\n".encode("utf-16"), " is not a text file."),
        (codecs.BOM_UTF16_LE + b"p\0n\0r\0\n\0\x00\xd8a\0\n\0", " says that it is UTF-16, and it is not."),
        (codecs.BOM_UTF16_LE + b"p\0n\0r\0\n\0a\0b", " is truncated: it ends inside a letter."),
        (b"pnr,dato\n\x81\x8d\x8f", " is not a text file in UTF-8, Latin-1 or Windows-1252."),
        ("pnr,dato\nå,".encode() + b"\xc3", " is truncated: it ends inside a letter."),
        (b"pnr,dato,tekst\na,b,c\nd,e", " is truncated: its last row, 2, has 2 of 3 columns."),
        (b"pnr,dato,tekst\na\n\nd", " is truncated: its last row, 2, has 1 of 3 columns."),
        (b'pnr,dato,tekst\na,"b",c\n"d","e', " is truncated: row 2 ends inside quotation marks."),
        (b'pnr,dato,tekst\na,"b",c\n"d,e,f\ng,h,i\n', ": a quotation mark in row 2 is never closed."),
        (b'pnr,dato,tekst\na,"b",c\nd\n"d,e,""\n",g,h,"i\n', ": a quotation mark in row 3 is never closed."),
    ],
)
def test_refusals(content: bytes, says: str, tmp_path: Path) -> None:
    message = refused(tmp_path, content)
    assert message.startswith(f"extract layout: x.csv{says}")
    assert message.count(". ") >= 1


@pytest.mark.parametrize("kind", PACKINGS)
@pytest.mark.parametrize("n_bytes", [-1, -4, -30, 5])
def test_a_compressed_file_that_is_cut(kind: str, n_bytes: int, tmp_path: Path) -> None:
    rows = "".join(f"{hashlib.sha256(bytes([number])).hexdigest()},,\n" for number in range(100))
    packed = PACKINGS[kind](("pnr,dato,tekst\n" + rows).encode())
    assert " is compressed, and it is cut off or damaged." in refused(tmp_path, packed[:n_bytes])


def test_a_compressed_file_with_more_after_its_end(tmp_path: Path) -> None:
    assert "cut off or damaged" in refused(tmp_path, gzipped(PLAIN.encode()) + b"more")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'pnr,dato\n1,"2\n' + b"a,b\n" * 60, ": a quotation mark in row 1 is never closed."),
        (b"pnr,dato\n1,2\n" + b"a" * 300, ": row 2 is longer than 1 MB."),
    ],
)
def test_records_longer_than_any_is(content: bytes, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_blocks, "_LONGEST_RECORD", 100)
    monkeypatch.setattr(csv_file, "_BLOCK", 40)
    assert says in refused(tmp_path, content)


def test_rows_after_a_lone_quotation_mark_are_no_long_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_blocks, "_LONGEST_RECORD", 100)
    monkeypatch.setattr(csv_file, "_BLOCK", 400)
    lines = [b"a,b"] * 10 + [b'5" pipe,b'] + [b"c,d"] * 200
    rows, malformed = read(tmp_path, b"\n".join([b"pnr,dato", *lines]))
    assert [row[0] for row in rows] == ["a"] * 10 + ['5" pipe'] + ["c"] * 200
    assert not malformed


def test_a_first_line_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "_LONGEST_HEADER", 100)
    assert " begins with a line of more than 1 MB." in refused(tmp_path, b"x" * 101)


def read_while_it_becomes(other: bytes, file: CsvFile) -> None:
    for _ in file.pieces({"pnr": 0}):
        file.path.write_bytes(other)


@pytest.mark.parametrize("pack", [bytes, zstd])
@pytest.mark.parametrize("change", ["shrinks", "grows", "before"])
def test_a_file_that_changes_while_it_is_read(
    change: str, pack: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_file, "_BLOCK", 64)
    rows = "".join(f"{hashlib.sha256(bytes([number])).hexdigest()},,\n" for number in range(100))
    content = pack(("pnr,dato,tekst\n" + rows * 20).encode())
    file = opened(tmp_path, content)
    other = content[:-500] if change == "shrinks" else content + content[-500:]
    if change == "before":
        file.path.write_bytes(other)
    with pytest.raises(LayoutError, match="changed its size while it was read: is it still being written"):
        read_while_it_becomes(other, file)


def test_a_file_that_becomes_another_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "_BLOCK", 16)
    content = "pnr,dato,tekst\nå,1,2\n".encode() + b"a,b,c\n" * 100
    file = opened(tmp_path, content)
    with pytest.raises(LayoutError, match="changed while it was read: is it still being written"):
        read_while_it_becomes(content[:-3] + b"\xe5,\n", file)


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    file = opened(tmp_path, PLAIN.encode())
    file.path.unlink()
    with pytest.raises(LayoutError, match=r"x\.csv cannot be read"):
        list(file.pieces({"pnr": 0}))
    with pytest.raises(LayoutError, match=r"x\.csv cannot be read"):
        open_csv(file.path, "layout", set())


def test_rows_counted_otherwise_than_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parse = pl.read_csv

    def loses_a_row(*arguments: Any, **options: Any) -> pl.DataFrame:
        return parse(*arguments, **options).head(-1)

    monkeypatch.setattr(pl, "read_csv", loses_a_row)
    assert ": rows 1 to 2 cannot be read as a table." in refused(tmp_path, PLAIN.encode())


def test_rows_and_digest_are_not_known_before_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "_BLOCK", 16)
    file = opened(tmp_path, PLAIN.encode() * 100)
    pieces = file.pieces({"pnr": 0})
    next(pieces)
    with pytest.raises(InternalError):
        file.n_rows()
    with pytest.raises(InternalError):
        file.digest()


def test_whoever_stops_early_leaves_no_thread_and_can_begin_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_file, "_BLOCK", 16)
    file = opened(tmp_path, b"pnr,dato,tekst\n" + b"a,b,c\n" * 500)
    pieces = file.pieces({"pnr": 0})
    next(pieces)
    assert threading.active_count() == 2
    pieces.close()
    assert threading.active_count() == 1
    assert sum(piece.rows.height for piece in file.pieces({"pnr": 0})) == file.n_rows() == 500


def test_good_files_are_read_without_a_loop_over_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> Iterator[object]:
        raise AssertionError

    monkeypatch.setattr(csv_blocks, "split_records", none)
    content = b'"pnr","dato","tekst"\r\n' + b'"a, ""b""","c\r\nd",""\r\n' * 3
    assert read(tmp_path, content) == ([('a, "b"', "c\r\nd", None)] * 3, [])
