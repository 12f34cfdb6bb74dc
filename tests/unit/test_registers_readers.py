"""What all readers of files have in common, the choice of the reader, and Parquet."""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
from collections.abc import Generator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from evalkit.errors import InternalError, LayoutError
from evalkit.registers.files import watched_file
from evalkit.registers.files.csv_file import CsvFile
from evalkit.registers.files.extract_file import open_extract
from evalkit.registers.files.file_bytes import find_bytes
from evalkit.registers.files.fixed_width_file import FixedWidthFile
from evalkit.registers.files.parquet_file import ParquetFile, open_parquet
from evalkit.registers.files.statistical_file import StatisticalFile
from evalkit.registers.files.watched_file import WatchedFile
from tests.unit.extract_pieces import contract_of, read_pieces, read_rows, unpack

EXPECTED = {"pnr", "afgd"}
PLACES = {"PNR": (1, 4), "AFGD": (5, 12)}


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows of four columns a piece."""
    monkeypatch.setattr(watched_file, "_CELLS", 8)


def write_parquet(path: Path, columns: dict[str, object]) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_parquet_cells_become_text(tmp_path: Path) -> None:
    cells = {
        "whole_float": pa.array([2.0, -0.0, None]),
        "float": pa.array([2.0, 2.5, float("nan")]),
        "single": pa.array([0.1, 1.0, None], pa.float32()),
        "integer": pa.array([1, -20, None], pa.int64()),
        "decimal": pa.array([Decimal("12.00"), Decimal("12.50"), None]),
        "flag": pa.array([True, False, None]),
        "day": pa.array([date(1599, 12, 31), date(2020, 2, 29), None]),
        "moment": pa.array([datetime(2020, 1, 1), datetime(2020, 1, 1, 13, 5, 0, 500_000), None]),  # noqa: DTZ001 - as most are
        "time": pa.array([time(13, 5), time(0, 0, 0, 250_000), None], pa.time64("us")),
        "text": pa.array(["Ærø", "  007 ", ""]),
        "category": pa.array(["a", "b", None]).dictionary_encode(),
        "nothing": pa.nulls(3),
    }
    rows = read_rows(open_parquet(write_parquet(tmp_path / "a.parquet", cells), "krsi"))
    assert rows.to_dict(as_series=False) == {
        "whole_float": ["2", "0", None],
        "float": ["2", "2.5", None],
        "single": ["0.1", "1", None],
        "integer": ["1", "-20", None],
        "decimal": ["12", "12.50", None],
        "flag": ["1", "0", None],
        "day": ["1599-12-31", "2020-02-29", None],
        "moment": ["2020-01-01", "2020-01-01 13:05:00.500", None],
        "time": ["13:05:00", "00:00:00.250", None],
        "text": ["Ærø", "  007 ", None],
        "category": ["a", "b", None],
        "nothing": [None, None, None],
    }


def test_a_moment_is_on_the_clock_of_its_zone(tmp_path: Path) -> None:
    midnight = datetime(2020, 6, 1, tzinfo=ZoneInfo("Europe/Copenhagen"))
    cells = {"a": pa.array([midnight.astimezone(UTC)], pa.timestamp("us", "Europe/Copenhagen"))}
    assert read_rows(open_parquet(write_parquet(tmp_path / "a.parquet", cells), "krsi")).item() == "2020-06-01"


def test_a_day_that_no_calendar_has_stays_a_number(tmp_path: Path) -> None:
    cells = {
        "a": pa.array([10**8, 0], pa.int32()).cast(pa.date32()),
        "b": pa.array([2**62, 0]).cast(pa.timestamp("us")),
    }
    rows = read_rows(open_parquet(write_parquet(tmp_path / "a.parquet", cells), "krsi"))
    assert rows.rows() == [("100000000", str(2**62)), ("1970-01-01", "1970-01-01")]


@pytest.mark.usefixtures("small_pieces")
def test_codes_are_whole_numbers_where_that_loses_nothing(tmp_path: Path) -> None:
    cells = {
        "float": [730.0, None, 5.0, 2.5],
        "text": ["730", None, "007", "111"],
        "wide": [1, 2, 3, 2**31],
        "other": ["-5", "100", "a", "1"],
    }
    file = open_parquet(write_parquet(tmp_path / "a.parquet", cells), "dream")
    first, second = read_pieces(file, codes=["float", "text", "wide", "other"])
    assert first.rows.dtypes == [pl.Int32, pl.Int32, pl.Int32, pl.Int32]
    assert first.rows.rows() == [(730, 730, 1, -5), (None, None, 2, 100)]
    assert second.rows.dtypes == [pl.String, pl.String, pl.String, pl.String]
    assert second.rows.rows() == [("5", "007", "3", "a"), ("2.5", "111", str(2**31), "1")]


@pytest.mark.parametrize("text", ["+5", " 5", "5 ", "-0", "05", "5.0", "1e3", "2147483648"])
def test_what_is_written_in_another_way_than_a_number_is_text(tmp_path: Path, text: str) -> None:
    file = open_parquet(write_parquet(tmp_path / "a.parquet", {"a": ["12", text, "3"]}), "dream")
    assert read_rows(file, codes=["a"])["a"].to_list() == ["12", text, "3"]


@pytest.mark.usefixtures("small_pieces")
def test_columns_are_told_apart_by_place(tmp_path: Path) -> None:
    table = pa.table([pa.array([1, 2, 3]), pa.array(["a", "b", "c"]), pa.array([4, 5, 6])], names=["x", "x", "x.y"])
    pq.write_table(table, tmp_path / "a.parquet")
    file = open_parquet(tmp_path / "a.parquet", "krsi")
    assert file.names == ("x", "x", "x.y")
    rows = pl.concat([piece.rows for piece in file.pieces({"second": 1, "third": 2, "again": 1})])
    assert rows.rows() == [("a", "4", "a"), ("b", "5", "b"), ("c", "6", "c")]
    assert [piece.rows.height for piece in file.pieces({})] == [3]


@pytest.mark.usefixtures("small_pieces")
def test_pieces_are_small_and_numbered_through_all_row_groups(tmp_path: Path) -> None:
    table = pa.table({name: pa.array(range(7)) for name in "abcd"})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=3)
    pieces = read_pieces(open_parquet(tmp_path / "a.parquet", "krsi"))
    assert max(piece.rows.height for piece in pieces) == 2
    assert [number for piece in pieces for number in piece.numbers] == [1, 2, 3, 4, 5, 6, 7]
    assert [cell for piece in pieces for cell in piece.rows["a"]] == ["0", "1", "2", "3", "4", "5", "6"]


def test_a_column_of_lists_is_refused_when_it_is_wanted(tmp_path: Path) -> None:
    file = open_parquet(write_parquet(tmp_path / "a.parquet", {"a": ["x"], "l": [["s3cret"]]}), "krsi")
    assert next(iter(file.pieces({"a": 0}))).rows.rows() == [("x",)]
    with pytest.raises(LayoutError, match=r"extract krsi: a\.parquet: column l holds lists") as caught:
        list(file.pieces({"l": 1}))
    assert "s3cret" not in str(caught.value)


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", {"a": [f"s3cret{number}" for number in range(5000)]})
    whole = path.read_bytes()
    for n_bytes in (4, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:n_bytes])
        with pytest.raises(LayoutError, match=r"a\.parquet is a Parquet file that is cut off or damaged") as caught:
            open_parquet(path, "krsi")
        assert caught.value.__cause__ is None
        assert "s3cret" not in str(caught.value)
    path.write_bytes(whole[:4] + bytes(1000) + whole[1004:])  # the end, which is read first, is whole
    with pytest.raises(LayoutError, match="cut off or damaged"):
        list(open_parquet(path, "krsi").pieces({"a": 0}))


def test_n_rows_and_digest_are_known_at_the_end(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", {"a": [1, 2, 3]})
    file = open_parquet(path, "krsi")
    for known in (file.n_rows, file.digest):
        with pytest.raises(InternalError):
            known()
    read_pieces(file)
    assert (file.n_rows(), file.digest()) == (3, hashlib.sha256(path.read_bytes()).hexdigest())
    next(iter(file.pieces({"a": 0}))).rows.height  # noqa: B018 - read anew, and not to the end
    with pytest.raises(InternalError):
        file.n_rows()


def frames(n: int) -> Generator[pl.DataFrame, None, None]:
    for number in range(n):
        yield pl.DataFrame({"a": [str(number)]})


def test_a_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"1234")
    watched = WatchedFile(find_bytes(path, "krsi"), "a file")
    pieces = watched.pieces(frames(2), 2)
    next(pieces)
    with path.open("ab") as file:
        file.write(b"5")
    with pytest.raises(LayoutError, match=r"a\.bin changed its size while it was read: is it still being written\?"):
        list(pieces)


def test_a_file_that_is_still_written_is_not_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"1234")
    watched = WatchedFile(find_bytes(path, "krsi"), "a file")
    path.write_bytes(b"12")

    def broken() -> Generator[pl.DataFrame, None, None]:
        yield from frames(1)
        raise watched.damaged()

    with pytest.raises(LayoutError, match="is it still being written"):
        list(watched.pieces(broken(), 2))


@pytest.mark.parametrize("n_said", [1, 3])
def test_a_file_must_have_the_rows_that_it_says_it_has(tmp_path: Path, n_said: int) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"1234")
    with pytest.raises(LayoutError, match="is a file that is cut off or damaged"):
        list(WatchedFile(find_bytes(path, "krsi"), "a file").pieces(frames(2), n_said))


def test_the_reader_is_chosen_by_what_the_file_is(tmp_path: Path) -> None:
    frame = pl.DataFrame({"PNR": ["a"]})
    frame.write_parquet(tmp_path / "parquet.csv")
    pyreadstat.write_sav(frame, tmp_path / "spss.csv")
    pyreadstat.write_sav(frame, tmp_path / "zspss.csv", compress=True)
    pyreadstat.write_dta(frame, tmp_path / "stata.csv")
    pyreadstat.write_dta(frame, tmp_path / "old.csv", version=8)
    unpack("datetime", tmp_path).rename(tmp_path / "sas.csv")
    (tmp_path / "text.sas7bdat").write_text("PNR;AFGD\na;b\n")
    found = {
        path.stem: (type(file), getattr(getattr(file, "outline", None), "program", None))
        for path in tmp_path.iterdir()
        for file in [open_extract(path, "krsi", EXPECTED, contract_of())]
    }
    assert found == {
        "parquet": (ParquetFile, None),
        "spss": (StatisticalFile, "SPSS"),
        "zspss": (StatisticalFile, "SPSS"),
        "stata": (StatisticalFile, "Stata"),
        "old": (StatisticalFile, "Stata"),
        "sas": (StatisticalFile, "SAS"),
        "text": (CsvFile, None),
    }


def test_a_fixed_width_layout_may_come_as_csv(tmp_path: Path) -> None:
    (tmp_path / "kvp.txt").write_text("000120200101\n")
    (tmp_path / "kvp.csv").write_text("PNR,AFGD\n0001,20200101\n")
    kinds = [type(open_extract(path, "kvp", EXPECTED, contract_of(PLACES))) for path in sorted(tmp_path.iterdir())]
    assert kinds == [CsvFile, FixedWidthFile]


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"PK\x03\x04", "is a zip or Excel file"),
        (b"HEADER RECORD*******LIBRARY HEADER RECORD", "is a SAS transport file"),
        (gzip.compress(b"<stata_dta>", mtime=0), "is a Stata file that is compressed by gzip"),
        (gzip.compress(b"PAR1", mtime=0), "is a Parquet file that is compressed by gzip"),
        (b"", "is empty"),
    ],
)
def test_files_of_other_kinds_are_refused(tmp_path: Path, start: bytes, said: str) -> None:
    (tmp_path / "a.bin").write_bytes(start)
    with pytest.raises(LayoutError, match=f"extract krsi: a.bin {said}"):
        open_extract(tmp_path / "a.bin", "krsi", EXPECTED, contract_of())


# The kernel's own count, since a new process begins with its parent's peak in getrusage.
PEAK = """
import re, sys
from pathlib import Path
from evalkit.registers.files.parquet_file import open_parquet
def peak(): return int(re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1])
before = peak()
file = open_parquet(Path(sys.argv[1]), "krsi")
assert sum(piece.rows.height for piece in file.pieces({f"c{i}": i for i in range(4)})) == file.n_rows() == 4_000_000
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")
def test_a_big_parquet_file_of_one_row_group_takes_little_memory(tmp_path: Path) -> None:
    schema = pa.schema([(f"c{number}", pa.string()) for number in range(4)])
    texts = pl.int_range(4_000_000, eager=True).cast(pl.String).str.zfill(32).to_arrow().cast(pa.string())
    with pq.ParquetWriter(tmp_path / "a.parquet", schema, compression="none", use_dictionary=False) as writer:
        writer.write_table(pa.table([texts] * 4, schema=schema), row_group_size=4_000_000)
    assert (tmp_path / "a.parquet").stat().st_size > 500 * 1024 * 1024
    read = subprocess.run([sys.executable, "-c", PEAK, tmp_path / "a.parquet"], check=True, capture_output=True)
    # Seen: 240 MB, and 790 MB when the row group is held whole.
    assert int(read.stdout) < 500 * 1024
