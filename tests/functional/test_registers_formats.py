"""One small register delivered in every format: the same typed rows, the same rows set aside and the same person keys.

The rows are those of ``tests/unit/data/sas/kvp.c``, which wrote the SAS files.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import count
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyreadstat
import pytest

from evalkit.registers import Delivery, ExtractSpec, ingest, load_contract
from evalkit.warehouse import Warehouse, open_warehouse
from tests.sql.text_tables import lines, rows_like, turned
from tests.unit.extract_pieces import unpack

REGISTER = """
    PERSON_FODSELSNR       | å7f3q9z1k2 | b8g4r0y2m3 | -          | c9h5s1x3n4 | b8g4r0y2m3 | d0j6t2w4p5 | 0042
    KOMMUNE_NR             | 0301       | 4601       | 0301       | 0301       | 4601       | 0301       | 5001
    VERSION                | 25         | 25         | 25         | 25         | 26         | 26         | 26
    KJONN                  | 1          | 2          | 2          | 1          | 2          | 1          | 2
    VEDTAK_DATO            | 2024-02-01 | 2024-02-09 | 2024-02-01 | 2024-02-01 | 2024-02-09 | 2024-02-01 | -
    BEGYNT_DATO            | 2024-03-15 | 2025-03-01 | 2024-03-15 | 2024-03-15 | 2025-03-01 | -          | 2025-12-02
    STMND_1                | 01         | 00         | 01         | 01         | 01         | 01         | 00
    STMND_12               | 12         | 12         | 12         | 12         | 00         | 00         | 00
    KVP_STONAD             | 250000     | 99999      | 1000       | 1000       | 5          | 1000       | -
    STATUS                 | 3          | 1          | 1          | 3          | 4          | 1          | 1
    AVSL_DATO              | 2025-06-30 | -          | -          | 2024-01-01 | 2026-02-28 | -          | -
    AVSL_ORDINAERTARB      | 01         | 00         | 00         | 00         | 00         | 00         | 00
    AVSL_VIKTIGSTE_INNTEKT | 01         | -          | -          | 03         | 17         | -          | -
"""
STAGED = """
    person_id              | å7f3q9z1k2 | b8g4r0y2m3 | b8g4r0y2m3 | 0042
    municipality           | 0301       | 4601       | 4601       | 5001
    reporting_year         | 2025       | 2025       | 2026       | 2026
    sex                    | man        | woman      | woman      | woman
    granted_on             | 2024-02-01 | 2024-02-09 | 2024-02-09 | -
    begun_on               | 2024-03-15 | 2025-03-01 | 2025-03-01 | 2025-12-02
    ended_on               | 2025-06-30 | -          | 2026-02-28 | -
    n_paid_months          | 2          | 1          | 1          | 0
    benefit_nok            | 250000     | 99999      | 5          | -
    state                  | completed  | under_way  | absent     | under_way
    exit_ordinary_work     | true       | false      | false      | false
    exit_income_code       | 01         | -          | 17         | -
"""
SET_ASIDE = {"person_missing": 1, "BEGYNT_DATO_blank": 1, "ended_before_begun": 1}

Row = Mapping[str, str | None]
Write = Callable[[Path, list[Row]], None]


def rows_of(year: str | None = None) -> list[Row]:
    header, *rows = lines(turned(REGISTER), ordered=False)
    named = [{name: None if cell == "-" else cell for name, cell in zip(header, row, strict=True)} for row in rows]
    return [row for row in named if year in (None, row["VERSION"])]


def as_numbers(rows: list[Row], dates: Callable[[date], object], dated: str = "date") -> pl.DataFrame:
    """Have every code and date as a number, as statistics programs keep them; the pseudonym stays a text."""

    def cell(name: str, text: str | None) -> object:
        if name == "PERSON_FODSELSNR":
            return text or ""
        if text is None:
            return None
        return dates(date.fromisoformat(text)) if name.endswith("DATO") else float(text)

    columns = {name: [cell(name, row[name]) for row in rows] for name in rows[0]}
    days = pl.Date if dated == "date" else pl.Float64
    types = {name: days if name.endswith("DATO") else pl.Float64 for name in columns}
    return pl.DataFrame(columns, schema_overrides={**types, "PERSON_FODSELSNR": pl.String})


def delimited(rows: list[Row], between: str, cell: Callable[[str, str], str]) -> bytes:
    said = [[cell(name, text) if text else "" for name, text in row.items()] for row in rows]
    return "".join(between.join(one) + "\n" for one in [list(rows[0]), *said]).encode()


def day_first(name: str, text: str) -> str:
    return "".join(reversed(text.split("-"))) if name.endswith("DATO") else text


def with_fraction(name: str, text: str) -> str:
    """A text that pandas wrote after a blank had made the column one of floats."""
    return text if name.endswith(("DATO", "SNR")) else f"{float(text)}"


def since_1960(days: int = 1) -> Callable[[date], float]:
    return lambda day: float((day - date(1960, 1, 1)).days * days)


def counted(days: int) -> Callable[[str, str], str]:
    count_of = since_1960(days)
    return lambda name, text: f"{count_of(date.fromisoformat(text)):.0f}" if name.endswith("DATO") else text


def fixed_width(rows: list[Row]) -> bytes:
    places = load_contract("kvp").fixed_width

    def line(row: Row) -> str:
        letters = [" "] * load_contract("kvp").line_length
        for name, text in row.items():
            first, last = places[name]
            letters[first - 1 : last] = day_first(name, text or "").ljust(last - first + 1)
        return "".join(letters) + "\n"

    return "".join(line(row) for row in rows).encode()


def zstd(content: bytes) -> bytes:
    packed = pa.BufferOutputStream()
    with pa.CompressedOutputStream(packed, "zstd") as out:
        out.write(content)
    return bytes(packed.getvalue())


def bytes_of(make: Callable[[list[Row]], bytes]) -> Write:
    def write(path: Path, rows: list[Row]) -> None:
        path.write_bytes(make(rows))

    return write


def write_sas(path: Path, rows: list[Row]) -> None:
    unpack(f"kvp_20{rows[0]['VERSION']}", path.parent).rename(path)


def write_stata(form: str, a_day: int) -> Write:
    def write(path: Path, rows: list[Row]) -> None:
        frame = as_numbers(rows, since_1960(a_day), "number")
        formats = {name: form for name in frame.columns if name.endswith("DATO")}
        pyreadstat.write_dta(frame, path, variable_format=formats)

    return write


def write_spss(path: Path, rows: list[Row], *, compress: bool = False) -> None:
    pyreadstat.write_sav(as_numbers(rows, lambda day: day), path, compress=compress)


WRITERS: dict[str, tuple[str, Write]] = {
    "CSV": (".csv", bytes_of(lambda rows: delimited(rows, ";", lambda _, text: text))),
    "CSV, DDMMYYYY": (".csv", bytes_of(lambda rows: delimited(rows, ",", day_first))),
    "CSV, codes with .0": (".csv", bytes_of(lambda rows: delimited(rows, "\t", with_fraction))),
    "CSV, days of SAS": (".csv", bytes_of(lambda rows: delimited(rows, "|", counted(1)))),
    "CSV, seconds of SAS": (".csv", bytes_of(lambda rows: delimited(rows, ",", counted(86_400)))),
    "CSV, milliseconds of Stata": (".csv", bytes_of(lambda rows: delimited(rows, ",", counted(86_400_000)))),
    "CSV, Windows-1252": (
        ".csv",
        bytes_of(lambda rows: delimited(rows, ";", lambda _, text: text).decode().encode("cp1252")),
    ),
    "CSV, gzip": (".csv.gz", bytes_of(lambda rows: gzip.compress(delimited(rows, ";", day_first)))),
    "CSV, zstd": (".csv.zst", bytes_of(lambda rows: zstd(delimited(rows, ";", day_first)))),
    "Parquet": (".parquet", lambda path, rows: as_numbers(rows, lambda day: day).write_parquet(path)),
    "Parquet, all text": (".parquet", lambda path, rows: pl.DataFrame(rows).write_parquet(path)),
    "SAS": (".sas7bdat", write_sas),
    "Stata, days": (".dta", write_stata("%td", 1)),
    "Stata, moments": (".dta", write_stata("%tc", 86_400_000)),
    "Stata, plain numbers": (".dta", write_stata("%9.0g", 1)),
    "SPSS": (".sav", write_spss),
    "SPSS, packed": (".zsav", lambda path, rows: write_spss(path, rows, compress=True)),
    "fixed width": (".txt", bytes_of(fixed_width)),
    "fixed width, gzip": (".txt.gz", bytes_of(lambda rows: gzip.compress(fixed_width(rows)))),
    "fixed width, zstd": (".txt.zst", bytes_of(lambda rows: zstd(fixed_width(rows)))),
}
WHOLE = [name for name in WRITERS if name != "SAS"]  # its files are of one year each


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with open_warehouse() as opened:
        yield opened


def require_the_register(warehouse: Warehouse, delivery: Delivery) -> None:
    expected = turned(STAGED)
    sql = "SELECT * FROM staging.kvp JOIN vault.person USING (person_key)"
    assert rows_like(warehouse, sql, expected) == lines(expected)[1:]
    assert (delivery.n_delivered, delivery.n_staged, delivery.rules) == (7, 4, SET_ASIDE)
    aside = warehouse.fetch(
        "SELECT file_number, row_number FROM quarantine.row WHERE delivery = $number ORDER BY ALL",
        {"number": delivery.number},
    )
    in_one_file, in_two = [(1, 3), (1, 4), (1, 6)], [(1, 3), (1, 4), (2, 2)]
    assert aside.rows() == (in_one_file if len(delivery.files) == 1 else in_two)


@pytest.mark.parametrize("name", WHOLE)
def test_a_register_in_one_file(name: str, warehouse: Warehouse, tmp_path: Path) -> None:
    suffix, write = WRITERS[name]
    write(tmp_path / f"kvp{suffix}", rows_of())
    delivery = ingest(warehouse, [ExtractSpec(layout="kvp", path=(f"kvp{suffix}",))], root=tmp_path)[0]
    require_the_register(warehouse, delivery)


@pytest.mark.parametrize("name", WRITERS)
def test_a_register_split_over_years(name: str, warehouse: Warehouse, tmp_path: Path) -> None:
    suffix, write = WRITERS[name]
    for year in ("25", "26"):
        write(tmp_path / f"kvp20{year}{suffix}", rows_of(year))
    delivery = ingest(warehouse, [ExtractSpec(layout="kvp", path=(f"kvp20*{suffix}",))], root=tmp_path)[0]
    assert [file.name for file in delivery.files] == [f"kvp2025{suffix}", f"kvp2026{suffix}"]
    require_the_register(warehouse, delivery)


def test_each_year_in_another_format(warehouse: Warehouse, tmp_path: Path) -> None:
    WRITERS["SAS"][1](tmp_path / "a.sas7bdat", rows_of("25"))
    WRITERS["fixed width"][1](tmp_path / "b.txt", rows_of("26"))
    delivery = ingest(warehouse, [ExtractSpec(layout="kvp", path=("a.sas7bdat", "b.txt"))], root=tmp_path)[0]
    require_the_register(warehouse, delivery)


def test_a_person_has_one_key_whatever_the_format(warehouse: Warehouse, tmp_path: Path) -> None:
    """The same register again and again, in one warehouse: nobody is new after the first time."""
    expected: list[tuple[int, ...]] = []
    for name, day in zip(WHOLE, count(1), strict=False):
        suffix, write = WRITERS[name]
        write(tmp_path / f"kvp{day}{suffix}", rows_of())
        spec = ExtractSpec(layout="kvp", path=(f"kvp{day}{suffix}",), vintage=date(2027, 1, day))
        ingest(warehouse, [spec], root=tmp_path)
        keys = warehouse.fetch("SELECT person_key FROM staging.kvp ORDER BY reporting_year, benefit_nok").rows()
        expected = expected or keys
        assert keys == expected, name
    # Those whose rows were set aside are persons too: they may come again with a good row.
    persons = warehouse.fetch("SELECT person_id FROM vault.person ORDER BY person_id")["person_id"].to_list()
    assert persons == ["0042", "b8g4r0y2m3", "c9h5s1x3n4", "d0j6t2w4p5", "å7f3q9z1k2"]
