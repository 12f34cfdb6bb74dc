"""Fixed-width files: cells at their places, whatever the encoding, and lines that are no rows."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import polars as pl
import pytest

from evalkit.errors import InternalError, LayoutError
from evalkit.registers.contracts.contract import load_contract
from evalkit.registers.files import fixed_width_file
from evalkit.registers.files.fixed_width_file import FixedWidthFile, open_fixed_width
from evalkit.registers.files.piece import MalformedRow
from tests.unit.extract_pieces import contract_of, read_pieces, read_rows

# Position 5 belongs to no cell.
PLACES = {"PNR": (1, 4), "NAVN": (6, 9), "TAL": (10, 12)}


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some two lines a piece."""
    monkeypatch.setattr(fixed_width_file, "_PIECE", 25)


def fixed_width(path: Path, content: bytes, filled: tuple[str, ...] = ()) -> FixedWidthFile:
    path.write_bytes(content)
    return open_fixed_width(path, "kvp", contract_of(PLACES, filled))


def malformed(file: FixedWidthFile) -> list[MalformedRow]:
    return [row for piece in read_pieces(file) for row in piece.malformed]


def test_cells_stand_at_their_places(tmp_path: Path) -> None:
    rows = read_rows(fixed_width(tmp_path / "a.txt", b"0001xAnna 30\n0002 Bo   7 \n0003 Cleo123\n"))
    assert rows.to_dict(as_series=False) == {
        "PNR": ["0001", "0002", "0003"],
        "NAVN": ["Anna", "Bo  ", "Cleo"],
        "TAL": [" 30", " 7 ", "123"],
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "break"])
def test_places_are_letters(tmp_path: Path, encoding: str, line_break: str, last: str) -> None:
    lines = ["0001 Åse  30", "0002 Bodø 40", "0003 ÆØÅæ 50"]
    content = (line_break.join(lines) + (line_break if last else "")).encode(encoding)
    file = fixed_width(tmp_path / "a.txt", content)
    rows = read_rows(file)
    assert rows["NAVN"].to_list() == ["Åse ", "Bodø", "ÆØÅæ"]
    assert rows["TAL"].to_list() == [" 30", " 40", " 50"]
    assert file.digest() == hashlib.sha256(content).hexdigest()


def test_a_packed_file(tmp_path: Path) -> None:
    content = gzip.compress("0001 Åse  30\n".encode("cp1252"))
    file = fixed_width(tmp_path / "a.txt.gz", content)
    assert read_rows(file).rows() == [("0001", "Åse ", " 30")]
    assert file.digest() == hashlib.sha256(content).hexdigest()


def test_a_line_may_lack_the_blanks_at_its_end(tmp_path: Path) -> None:
    file = fixed_width(tmp_path / "a.txt", b"0001 Anna 30\n0002 Bo\n0003\n0004 \n")
    assert read_rows(file).rows() == [
        ("0001", "Anna", " 30"),
        ("0002", "Bo", None),
        ("0003", None, None),
        ("0004", None, None),
    ]


def test_a_line_that_ends_before_what_every_row_has_is_no_row(tmp_path: Path) -> None:
    content = b"0001 Anna 30\n000\n0002 Bo\n0003 Cleo \n0004 Dora7\n"
    file = fixed_width(tmp_path / "a.txt", content, filled=("TAL",))
    # NAVN ends at letter 9 and TAL begins at letter 10: a line of ten reaches into it, one of nine does not.
    assert malformed(file) == [MalformedRow(2, "000"), MalformedRow(3, "0002 Bo")]
    assert [number for piece in read_pieces(file) for number in piece.numbers] == [1, 4, 5]
    assert file.n_rows() == 5
    only_person = fixed_width(tmp_path / "b.txt", content)
    assert malformed(only_person) == [MalformedRow(2, "000")]


def test_only_blanks_may_stand_after_the_last_cell(tmp_path: Path) -> None:
    file = fixed_width(tmp_path / "a.txt", b"0001 Anna 30   \n0002 Bo   40  x\n0003 Cleo 50\t\n")
    assert malformed(file) == [MalformedRow(2, "0002 Bo   40  x"), MalformedRow(3, "0003 Cleo 50\t")]
    assert [cell for piece in read_pieces(file) for cell in piece.rows["PNR"]] == ["0001"]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r\r\n"])
def test_empty_lines_are_no_records(tmp_path: Path, line_break: str) -> None:
    lines = ["", "0001 Anna 30", "", "", "0002 Bo   40", "", "", "", "            ", "", ""]
    file = fixed_width(tmp_path / "a.txt", line_break.join(lines).encode())
    assert read_rows(file)["PNR"].to_list() == ["0001", "0002", "    "]


def test_a_last_line_that_is_cut_off(tmp_path: Path) -> None:
    whole = b"0001 Anna 30\n0002 Bo   40\n"
    file = fixed_width(tmp_path / "a.txt", whole + b"0003 s3cret"[:9])
    with pytest.raises(
        LayoutError, match=r"a\.txt is truncated: its last row, 3, is shorter than all others"
    ) as caught:
        read_pieces(file)
    assert "s3c" not in str(caught.value)
    with pytest.raises(InternalError):
        file.n_rows()
    # With a line break it is a line that lacks its blanks, and so it is where other lines lack them too.
    assert read_rows(fixed_width(tmp_path / "b.txt", whole + b"0003 Cl\n")).height == 3
    assert read_rows(fixed_width(tmp_path / "c.txt", b"0001 Anna\n" + whole + b"0003 Cl")).height == 4


def test_a_file_without_line_breaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixed_width_file, "_LONGEST_LINE", 100)
    file = fixed_width(tmp_path / "a.txt", b"0001 Anna 30\n" + b"x" * 300)
    with pytest.raises(LayoutError, match="line 2 is longer than 1 MB"):
        read_pieces(file)


def test_a_binary_file(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match=r"a\.txt is not a text file"):
        read_pieces(fixed_width(tmp_path / "a.txt", b"0001 Anna 30\n\0\0"))


def test_codes_and_chosen_columns(tmp_path: Path) -> None:
    file = fixed_width(tmp_path / "a.txt", b"0001 Anna730\n0002 Bo  111\n0003 Cleo007\n0004 Dora\n")
    pieces = list(file.pieces({"code": 2, "again": 2}, codes=["code"]))
    assert pl.concat([piece.rows["again"] for piece in pieces]).to_list() == ["730", "111", "007", None]
    assert [piece.rows["code"].dtype for piece in pieces if "007" in piece.rows["again"]] == [pl.String]
    assert pieces[0].rows["code"].dtype == pl.Int32
    assert sum(piece.rows.height for piece in file.pieces({})) == 4


def test_the_norwegian_layout(tmp_path: Path) -> None:
    places = load_contract("kvp").fixed_width
    line = [" "] * max(last for _, last in places.values())
    cells = {"KOMMUNE_NR": "0301", "PERSON_FODSELSNR": "PSEUDONYM01", list(places)[-1]: "7"}
    for name, text in cells.items():
        line[places[name][0] - 1 : places[name][0] - 1 + len(text)] = text
    (tmp_path / "kvp.txt").write_text("".join(line).rstrip() + "\n")
    rows = read_rows(open_fixed_width(tmp_path / "kvp.txt", "kvp", load_contract("kvp")))
    assert {name: cell.strip() for name, cell in rows.row(0, named=True).items() if cell.strip()} == cells
