"""SAS, Stata and SPSS files: written by the programs themselves or by other libraries than the one that reads them."""

from __future__ import annotations

import csv
import hashlib
import struct
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import polars as pl
import pyreadstat
import pytest

from evalkit.errors import LayoutError
from evalkit.registers.files import fast_reader, strict_reader, watched_file
from evalkit.registers.files.display_formats import Program, Unit, unit_of, when_text
from evalkit.registers.files.fast_reader import FastReader
from evalkit.registers.files.statistical_file import StatisticalFile, open_statistical
from evalkit.registers.files.strict_reader import Outline
from evalkit.registers.files.watched_file import WatchedFile
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
    "name",
    ["test2", "test3"],
    ids=["compressed as CHAR", "compressed as BINARY"],
)
def test_files_that_sas_wrote(tmp_path: Path, name: str) -> None:
    file = open_file(unpack(name, tmp_path))
    assert file.fast.names == set(file.names)
    assert read_rows(file).to_dict(as_series=False) == sas_values("test_sas7bdat_1.csv", file)
    assert read_rows(strictly(file)).to_dict(as_series=False) == sas_values("test_sas7bdat_1.csv", file)
    assert file.digest() == hashlib.sha256(file.path.read_bytes()).hexdigest()


def test_dates_and_moments_that_sas_wrote(tmp_path: Path) -> None:
    with (SAS_DATA / "datetime.csv").open(encoding="utf-8") as lines:
        expected = [tuple(cell.split(" 00:00:00")[0] for cell in row) for row in list(csv.reader(lines))[1:]]
    assert read_rows(open_file(unpack("datetime", tmp_path))).rows() == expected


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
    seen = iter([False] * n_whole + [True])
    monkeypatch.setattr(fast_reader, "_is_replaced", lambda _: next(seen))
    assert read_rows(file).to_dict(as_series=False) == FORMATTED


def test_latin_1_text_of_a_sas_file(tmp_path: Path) -> None:
    # The second fills the cell: decoders that take letters for bytes cut it.
    latin = [("Øst".encode(), "Øst ".encode("cp1252")), ("Køge\0\0\0".encode(), "Ærøskøbi".encode("cp1252"))]
    file = open_file(in_encoding(unpack("display_formats", tmp_path), WLATIN1, *latin))
    assert "TEKST" in file.fast.names
    assert read_rows(file)["TEKST"].to_list() == [None, "Øst", "007", " 7", "Ærøskøbi", "7"]


def test_text_that_polars_readstat_would_take_for_another_encoding(tmp_path: Path) -> None:
    dos = [("Øst".encode(), "Øst ".encode("cp850")), ("Køge".encode(), "Køge ".encode("cp850"))]
    file = open_file(in_encoding(unpack("display_formats", tmp_path), PCOEM850, *dos))
    assert "TEKST" not in file.fast.names
    assert read_rows(file)["TEKST"].to_list() == FORMATTED["TEKST"]


@pytest.mark.parametrize("suffix", [".sas7bdat", ".dta", ".sav"])
def test_text_that_is_not_in_the_encoding_that_a_file_names(tmp_path: Path, suffix: str) -> None:
    path, frame = tmp_path / f"krin{suffix}", pl.DataFrame({"a": ["a", "b", "c", "Øst"]})
    if suffix == ".sas7bdat":
        path = unpack("display_formats", tmp_path)
    elif suffix == ".dta":
        pyreadstat.write_dta(frame, path)
    else:
        pyreadstat.write_sav(frame, path)
    change(path, ("Øst".encode(), "Øst ".encode("cp1252")))
    with pytest.raises(LayoutError, match="holds text that is not in the encoding that it names") as caught:
        read_rows(open_file(path))
    assert caught.value.__cause__ is None


def test_a_replacement_character_that_was_delivered_stays(tmp_path: Path) -> None:
    path = unpack("display_formats", tmp_path)
    change(path, ("Køge\0".encode(), "K\N{REPLACEMENT CHARACTER}ge".encode()))
    assert read_rows(open_file(path))["TEKST"][4] == "K\N{REPLACEMENT CHARACTER}ge"


def stata_file(path: Path, version: Literal[114, 117, 118, 119]) -> Path:
    """Have pandas write numbers of each kind, with some in the place of which missing values are put by hand."""
    frame = pd.DataFrame(
        {
            "pnr": ["001", "Ærø", ""],
            "b": pd.array([1, -3, 77], dtype="int8"),
            "i": pd.array([1000, 7, 7777], dtype="int16"),
            "l": pd.array([100000, 7, 7777777], dtype="int32"),
            "f": pd.array([0.1, 2.0, 77.5], dtype="float32"),
            "d": [0.1, 2.0, 77.25],
            "dag": pd.Series([pd.Timestamp(1899, 12, 31), pd.Timestamp(2020, 2, 29), pd.NaT]),
            "tid": pd.Series([pd.Timestamp(2020, 2, 29), pd.Timestamp("2020-02-29 13:05:00.5"), pd.NaT]),
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
def test_stata_files_of_all_kinds(tmp_path: Path, version: Literal[114, 117, 118, 119]) -> None:
    file = open_file(stata_file(tmp_path / "a.dta", version))
    expected = {
        "pnr": ["001", "Ærø", None],
        "b": ["1", "-3", None],
        "i": ["1000", "7", None],
        "l": ["100000", "7", None],
        "f": ["0.1", "2", None],
        "d": ["0.1", "2", None],
        "dag": ["1899-12-31", "2020-02-29", None],
        "tid": ["2020-02-29", "2020-02-29 13:05:00.500", None],
    }
    assert read_rows(file).to_dict(as_series=False) == expected


@pytest.mark.parametrize(
    ("unit", "days"),
    [
        # The first days of the periods that Stata's manual gives for dofw(), dofm(), dofq() and dofh() of such numbers.
        ("%tw", {0: "1960-01-01", 51: "1960-12-23", 52: "1961-01-01", -1: "1959-12-24", 2601: "2010-01-08"}),
        ("%tm", {0: "1960-01-01", 481: "2000-02-01", -1: "1959-12-01", 10**7: "10000000"}),
        ("%tqCCYY!Qq", {0: "1960-01-01", 161: "2000-04-01", -1: "1959-10-01"}),
        ("%th", {0: "1960-01-01", 81: "2000-07-01", -1: "1959-07-01"}),
        ("%ty", {2019: "2019", 0: "0"}),
        ("%-tdDD.NN.CCYY", {21915: "2020-01-01"}),
        ("%d", {21915: "2020-01-01"}),
        ("%8.0g", {21915: "21915"}),
    ],
)
def test_display_formats_of_stata(tmp_path: Path, unit: str, days: dict[int, str]) -> None:
    pyreadstat.write_dta(pl.DataFrame({"a": list(days)}), tmp_path / "a.dta", variable_format={"a": unit})
    file = open_file(tmp_path / "a.dta")
    assert file.outline.formats["a"] == unit
    assert read_rows(file)["a"].to_list() == list(days.values())


def test_a_moment_of_stata_with_a_format_of_its_own(tmp_path: Path) -> None:
    numbers = [1893456000000.0, 1893456000000.0 + 45_000_000, None]
    formats = {"a": "%tcCCYY-NN-DD_HH:MM:SS", "b": "%tc", "c": "%tcHH:MM"}
    pyreadstat.write_dta(pl.DataFrame(dict.fromkeys("abc", numbers)), tmp_path / "a.dta", variable_format=formats)
    expected = ["2020-01-01", "2020-01-01 12:30:00", None]
    assert read_rows(open_file(tmp_path / "a.dta")).to_dict(as_series=False) == dict.fromkeys("abc", expected)


@pytest.mark.parametrize("n_cells", [1, 4, 5, 11])
def test_no_row_is_read_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_cells: int) -> None:
    pd.DataFrame({"A": [float(number) for number in range(9)]}).to_stata(tmp_path / "a.dta", write_index=False)
    monkeypatch.setattr(strict_reader, "_CELLS", n_cells)
    read = strict_reader.read_rows
    numbers: list[int] = []

    def noted(watched: WatchedFile, outline: Outline, names: Sequence[str], first: int, n: int) -> pl.DataFrame:
        frame = read(watched, outline, names, first, n)
        numbers.extend(range(first, first + frame.height))
        return frame

    monkeypatch.setattr(strict_reader, "read_rows", noted)
    rows = read_rows(open_file(tmp_path / "a.dta"))
    assert rows["A"].to_list() == [str(number) for number in range(9)]
    assert numbers == list(range(9))


def test_codes_and_not_their_labels(tmp_path: Path) -> None:
    frame, labels = pl.DataFrame({"KØN": [1.0, 2.0, 9.0]}), {"KØN": dict[int | float, str]({1: "mand", 2: "kvinde"})}
    pyreadstat.write_dta(frame, tmp_path / "a.dta", variable_value_labels=labels)
    pyreadstat.write_sav(frame, tmp_path / "a.sav", variable_value_labels=labels)
    for path in tmp_path.iterdir():
        file = open_file(path)
        assert file.names == ("KØN",)
        assert read_rows(file, codes=["KØN"])["KØN"].to_list() in ([1, 2, 9], ["1", "2", "9"])


def spss_frame() -> pl.DataFrame:
    seconds = [(date(2020, 1, 1) - date(1582, 10, 14)).days * 86_400.0, 12_219_379_200.0 + 45_000, None]
    formats = ["DATE11", "EDATE10", "ADATE10", "SDATE10", "MOYR8", "DATETIME20", "TIME8", "DTIME12"]
    return pl.DataFrame({"PNR": ["001", "Ærø", ""], "TAL": [2.0, 2.5, None], **dict.fromkeys(formats, seconds)})


@pytest.mark.parametrize("how", [{}, {"row_compress": True}, {"compress": True}], ids=["plain", "rows", "zsav"])
def test_spss_files_of_all_kinds(tmp_path: Path, how: dict[str, Any]) -> None:
    frame, path = spss_frame(), tmp_path / ("a.zsav" if "compress" in how else "a.sav")
    pyreadstat.write_sav(frame, path, variable_format={name: name for name in frame.columns[2:]}, **how)
    dates = ["2020-01-01", "1970-01-01 12:30:00", None]
    times = [str((date(2020, 1, 1) - date(1582, 10, 14)).days * 86_400), "12219424200", None]
    expected = {name: times if "TIME" in name and name != "DATETIME20" else dates for name in frame.columns[2:]}
    rows = read_rows(open_file(path))
    assert rows.to_dict(as_series=False) == {"PNR": ["001", "Ærø", None], "TAL": ["2", "2.5", None], **expected}


def test_an_spss_file_that_does_not_say_how_many_rows_it_has(tmp_path: Path) -> None:
    pyreadstat.write_sav(pl.DataFrame({"a": [1.0, 2.0, 3.0]}), tmp_path / "a.sav")
    content = bytearray((tmp_path / "a.sav").read_bytes())
    content[80:84] = struct.pack("<i", -1)  # PSPP, System File Format, field ncases
    (tmp_path / "a.sav").write_bytes(content)
    file = open_file(tmp_path / "a.sav")
    assert file.outline.n_rows is None
    assert read_rows(file)["a"].to_list() == ["1", "2", "3"]


def test_latin_1_text_of_an_spss_file(tmp_path: Path) -> None:
    pyreadstat.write_sav(pl.DataFrame({"a": ["Køge", "Ribe"]}), tmp_path / "a.sav")
    change(tmp_path / "a.sav", ("Køge".encode(), "Køge ".encode("cp1252")), (b"UTF-8", b"cp819"))  # ISO-8859-1
    assert read_rows(open_file(tmp_path / "a.sav"))["a"].to_list() == ["Køge", "Ribe"]


def test_values_that_an_spss_file_declares_missing_are_missing(tmp_path: Path) -> None:
    frame, missing = pl.DataFrame({"a": [1.0, 99.0, 3.0], "s": ["x", "u", "y"]}), dict[str, Any](a=[99], s=["u"])
    pyreadstat.write_sav(frame, tmp_path / "a.sav", missing_ranges=missing)
    assert read_rows(open_file(tmp_path / "a.sav")).rows() == [("1", "x"), (None, None), ("3", "y")]


@pytest.mark.parametrize("name", ["a.sas7bdat", "a.dta", "a.sav", "a.zsav"])
@pytest.mark.parametrize("share", [0.001, 0.5, 0.8, 0.999])
def test_a_file_that_was_cut_off(tmp_path: Path, name: str, share: float) -> None:
    path, frame = tmp_path / name, pl.DataFrame({"a": [f"s3cret{number}" for number in range(3000)]})
    if path.suffix == ".sas7bdat":
        path = unpack("display_formats", tmp_path)
    elif path.suffix == ".dta":
        pyreadstat.write_dta(frame, path)
    else:
        pyreadstat.write_sav(frame, path, compress=path.suffix == ".zsav")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(LayoutError, match=r"is an? (SAS|Stata|SPSS) file that is cut off or damaged") as caught:
        read_rows(open_file(path))
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_file_without_rows(tmp_path: Path) -> None:
    pyreadstat.write_dta(pl.DataFrame({"a": [1.0]}).clear(), tmp_path / "a.dta")
    file = open_file(tmp_path / "a.dta")
    assert read_pieces(file) == []
    assert (file.names, file.n_rows()) == (("a",), 0)


@pytest.mark.parametrize("number", [float("inf"), 1e300, -(10.0**17)])
@pytest.mark.parametrize("unit", ["day", "week", "month", "second", "millisecond"])
def test_a_number_that_is_no_date_stays_a_number(number: float, unit: Unit) -> None:
    text = {float("inf"): "inf", 1e300: "1e+300"}.get(number, "-100000000000000000")
    assert when_text(pl.Series([number, 0.0]), "Stata", unit).to_list() == [text, "1960-01-01"]
