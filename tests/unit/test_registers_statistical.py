"""SAS, Stata and SPSS files: written by the programs themselves or by other libraries than the one that reads them."""

from __future__ import annotations

import csv
import hashlib
import struct
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import polars as pl
import pyreadstat
import pytest

from evalkit.errors import LayoutError
from evalkit.registers import fast_reader, strict_reader, watched_file
from evalkit.registers.display_formats import Program, unit_of, when_text
from evalkit.registers.fast_reader import FastReader
from evalkit.registers.statistical_file import StatisticalFile, open_statistical
from tests.unit.extract_pieces import read_pieces, read_rows, unpack

SAS_DATA = Path(__file__).parent / "data" / "sas"
DAY_0 = date(1960, 1, 1)
# Where a SAS file says what its text is written in, and SAS's numbers for that.
ENCODING_PLACE, WLATIN1, PCOEM850 = 70, 62, 42


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows a piece; the strict reader reads at most four cells ahead."""
    monkeypatch.setattr(watched_file, "_ROWS", 2)
    monkeypatch.setattr(strict_reader, "_CELLS", 4)


def open_file(path: Path) -> StatisticalFile:
    programs: dict[str, Program] = {".sas7bdat": "SAS", ".dta": "Stata", ".sav": "SPSS", ".zsav": "SPSS"}
    return open_statistical(path, "krin", programs[path.suffix])


def strictly(file: StatisticalFile) -> StatisticalFile:
    """Have pyreadstat read everything."""
    return StatisticalFile(file.watched, file.outline, FastReader(file.watched, frozenset()))


def change(path: Path, *changes: tuple[bytes, bytes]) -> None:
    """Put other bytes in the place of some that are there once or more."""
    content = path.read_bytes()
    for old, new in changes:
        assert len(old) == len(new)
        assert old in content
        content = content.replace(old, new)
    path.write_bytes(content)


def in_encoding(path: Path, number: int, *changes: tuple[bytes, bytes]) -> Path:
    """Have a SAS file say that its text is in another encoding."""
    content = bytearray(path.read_bytes())
    content[ENCODING_PLACE] = number
    path.write_bytes(content)
    change(path, *changes)
    return path


def sas_values(name: str, file: StatisticalFile) -> dict[str, list[str | None]]:
    """Read the values that belong to a file of SAS, with the day numbers of date columns as dates."""
    with (SAS_DATA / name).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))

    def cell(column: str, text: str) -> str | None:
        if text and unit_of("SAS", file.outline.formats[column]) == "day":
            return str(DAY_0 + timedelta(days=int(text)))
        return text.rstrip("0") or None if "." in text else text or None

    return {column: [cell(column, row[column]) for row in rows] for column in rows[0]}


@pytest.mark.parametrize(
    ("name", "values"),
    [("test2", "test_sas7bdat_1.csv"), ("test3", "test_sas7bdat_1.csv"), ("test16", "test_sas7bdat_2.csv")],
    ids=["compressed as CHAR", "compressed as BINARY", "UTF-8"],
)
def test_files_that_sas_wrote(tmp_path: Path, name: str, values: str) -> None:
    file = open_file(unpack(name, tmp_path))
    assert file.fast.names == set(file.names)
    assert read_rows(file).to_dict(as_series=False) == sas_values(values, file)
    assert read_rows(strictly(file)).to_dict(as_series=False) == sas_values(values, file)
    assert file.digest() == hashlib.sha256(file.path.read_bytes()).hexdigest()


def test_dates_and_moments_that_sas_wrote(tmp_path: Path) -> None:
    with (SAS_DATA / "datetime.csv").open(encoding="utf-8") as lines:
        expected = [tuple(cell.split(" 00:00:00")[0] if "00:00:00" in cell else cell for cell in row) for row in csv.reader(lines)]
    assert read_rows(open_file(unpack("datetime", tmp_path))).rows() == expected[1:]


# What display_formats.c writes; 21915 days since 1960 are 2020-01-01, and so are 1893456000 seconds.
LONG_AGO = str(DAY_0 - timedelta(days=200_000)), str(datetime(1960, 1, 1) - timedelta(seconds=2 * 10**10))  # noqa: DTZ001
FORMATTED = {
    "DATO": ["1960-01-01", "2020-01-01", "1959-12-31", "2001-01-25", "10000000", LONG_AGO[0]],
    "TID": ["1960-01-01", "2020-01-01", "1959-12-31", "2020-01-01 00:00:00.250", "10000000000000", LONG_AGO[1]],
    "KLOKKEN": ["0", "3600", "90000", "-60", "1000000", "5"],
    "MAANED": ["1960-01-01", "2020-01-01", "1959-12-31", "1960-01-02", "10000000", "1960-03-01"],
    "TAL": ["1", "2.5", "-3", "1000000000000000", "0.1", None],
    "AARGR": ["1", "2.5", "3", "100000000000", "0.1", "1"],
    "TIMELOEN": ["1", "185.5", "100000", "-1", "0.1", "1"],
    "BRUDT": ["1960-01-01", "2020-01-01", "1959-12-31", "2001-01-25", "1960-01-02", "1960-03-01"],
    "TEKST": [None, "Øst", "007", " 7", "Køge", "7"],
}


def test_display_formats_of_sas(tmp_path: Path) -> None:
    file = open_file(unpack("display_formats", tmp_path))
    assert read_rows(file).to_dict(as_series=False) == FORMATTED
    # A time of day, two formats that only begin as such, and days with fractions are not left to polars-readstat.
    assert set(file.names) - file.fast.names == {"KLOKKEN", "AARGR", "TIMELOEN", "BRUDT"}
    pieces = read_pieces(file, codes=["TEKST", "TIMELOEN"])
    assert [piece.rows["TEKST"].dtype for piece in pieces] == [pl.String, pl.String, pl.String]
    assert [piece.rows["TIMELOEN"].to_list() for piece in pieces] == [["1", "185.5"], [100000, -1], ["0.1", "1"]]


def test_columns_of_both_readers_or_of_one_stand_beside_each_other(tmp_path: Path) -> None:
    file = open_file(unpack("display_formats", tmp_path))
    for names in (["KLOKKEN", "DATO"], ["KLOKKEN"], ["DATO"]):
        rows = pl.concat([one.rows for one in file.pieces({name.lower(): file.names.index(name) for name in names})])
        assert rows.to_dict(as_series=False) == {name.lower(): FORMATTED[name] for name in names}
    assert sum(piece.rows.height for piece in file.pieces({})) == 6


@pytest.mark.parametrize("why", ["its name", "this machine"])
def test_without_the_fast_reader_the_rows_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    path = unpack("display_formats", tmp_path)
    if why == "its name":
        path = path.rename(tmp_path / "display_formats.2019")
    else:
        monkeypatch.setattr(fast_reader, "find_spec", lambda _: None)
    file = open_statistical(path, "krin", "SAS")
    assert not file.fast.names
    assert read_rows(file).to_dict(as_series=False) == FORMATTED


@pytest.mark.parametrize("n_whole", [0, 1, 2])
def test_where_the_fast_reader_stops_the_strict_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_whole: int
) -> None:
    file = open_file(unpack("display_formats", tmp_path))
    frames, seen = FastReader.frames, iter([False] * n_whole + [True])
    monkeypatch.setattr(fast_reader, "_is_doubtful", lambda _frame, *, is_utf8: is_utf8 and next(seen))
    monkeypatch.setattr(FastReader, "frames", frames)
    assert read_rows(file).to_dict(as_series=False) == FORMATTED


def test_latin_1_text_of_a_sas_file(tmp_path: Path) -> None:
    latin = [("Øst".encode(), "Øst ".encode("cp1252")), ("Køge".encode(), "Køge ".encode("cp1252"))]
    file = open_file(in_encoding(unpack("display_formats", tmp_path), WLATIN1, *latin))
    assert "TEKST" in file.fast.names
    assert read_rows(file).to_dict(as_series=False) == FORMATTED


def test_text_that_polars_readstat_would_take_for_another_encoding(tmp_path: Path) -> None:
    dos = [("Øst".encode(), "Øst ".encode("cp850")), ("Køge".encode(), "Køge ".encode("cp850"))]
    file = open_file(in_encoding(unpack("display_formats", tmp_path), PCOEM850, *dos))
    assert "TEKST" not in file.fast.names
    assert read_rows(file)["TEKST"].to_list() == FORMATTED["TEKST"]


@pytest.mark.parametrize("suffix", [".sas7bdat", ".dta", ".sav"])
def test_text_that_is_not_in_the_encoding_that_a_file_names(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"krin{suffix}"
    if suffix == ".sas7bdat":
        path = unpack("display_formats", tmp_path)
    elif suffix == ".dta":
        pyreadstat.write_dta(pl.DataFrame({"a": ["a", "b", "c", "Køge"]}), path)
    else:
        pyreadstat.write_sav(pl.DataFrame({"a": ["a", "b", "c", "Køge"]}), path)
    change(path, ("Køge".encode(), "Køge".encode("cp1252") + b" "))
    with pytest.raises(LayoutError, match="holds text that is not in the encoding that it names") as caught:
        read_rows(open_file(path))
    assert "ge" not in str(caught.value).split(" holds text")[0].replace(path.name, "")
    assert caught.value.__cause__ is None


def test_a_replacement_character_that_was_delivered_stays(tmp_path: Path) -> None:
    pyreadstat.write_dta(pl.DataFrame({"a": ["a", "b", "K\N{REPLACEMENT CHARACTER}ge", "d"]}), tmp_path / "a.dta")
    assert read_rows(open_file(tmp_path / "a.dta"))["a"].to_list() == ["a", "b", "K\N{REPLACEMENT CHARACTER}ge", "d"]


def stata_file(path: Path, version: int) -> Path:
    """Have pandas write numbers of each kind, with some in the place of which missing values are put by hand."""
    frame = pd.DataFrame(
        {
            "pnr": ["001", "Ærø", ""],
            "byte": pd.array([1, -3, 77], dtype="int8"),
            "int": pd.array([1000, 7, 7777], dtype="int16"),
            "long": pd.array([100000, 7, 7777777], dtype="int32"),
            "float": pd.array([0.1, 2.0, 77.5], dtype="float32"),
            "double": [0.1, 2.0, 77.25],
            "dag": pd.to_datetime(["1899-12-31", "2020-02-29", None], format="%Y-%m-%d"),
            "tid": pd.to_datetime(["2020-02-29 00:00:00.0", "2020-02-29 13:05:00.5", None], format="%Y-%m-%d %H:%M:%S.%f"),
        }
    )
    frame.to_stata(path, version=version, write_index=False, convert_dates={"dag": "td", "tid": "tc"})
    # .a of each kind: `help dta`, section "Representation of numbers".
    change(
        path,
        (struct.pack("<bhi", 77, 7777, 7777777), struct.pack("<bhi", 102, 32742, 2147483622)),
        (struct.pack("<fd", 77.5, 77.25), struct.pack("<IQ", 0x7F000800, 0x7FE0010000000000)),
    )
    return path


@pytest.mark.parametrize("version", [114, 117, 118, 119])
def test_stata_files_of_all_kinds(tmp_path: Path, version: int) -> None:
    file = open_file(stata_file(tmp_path / "a.dta", version))
    expected = {
        "pnr": ["001", "Ærø", None],
        "byte": ["1", "-3", None],
        "int": ["1000", "7", None],
        "long": ["100000", "7", None],
        "float": ["0.1", "2", None],
        "double": ["0.1", "2", None],
        "dag": ["1899-12-31", "2020-02-29", None],
        "tid": ["2020-02-29", "2020-02-29 13:05:00.500", None],
    }
    assert file.fast.names == set(file.names)
    assert read_rows(file).to_dict(as_series=False) == expected
    assert read_rows(strictly(file)).to_dict(as_series=False) == expected
