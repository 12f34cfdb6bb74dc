"""Extracts of offers that something happened to on their way, and a slow, obvious account of what is left of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pyreadstat

__all__ = ["FORMATS", "MUTATIONS", "Extract", "made", "set_aside"]

REQUIRED = ("PNR", "KOMMUNE", "TILBUDT_DATO", "SVAR", "INDSKREVET_DATO")
DATES = ("TILBUDT_DATO", "INDSKREVET_DATO", "UDSKREVET_DATO")
_YES, _NO = ("1", "ja", "j", "yes", "y", "true"), ("0", "nej", "n", "no", "false")
_DAY_0 = date(1960, 1, 1)
_N_ROWS = 13


@dataclass
class Extract:
    """A file that is to be written.

    Rows are cells by column; `cut` has how many cells a row lost (above 0) or has too many (below), by its number;
    `encoding` and `n_bytes_cut` say how it is written.
    """

    columns: list[str]
    rows: list[dict[str, str]]
    suffix: str
    cut: dict[int, int] = field(default_factory=dict)
    encoding: str = "utf-8"
    n_bytes_cut: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether nothing can be taken in: a required column is missing, or the end of the file."""
        return not set(REQUIRED) <= set(self.columns) or self.n_bytes_cut > 0

    @property
    def is_in_doubt(self) -> bool:
        """Whether the file may be refused or not: its letters are not what any encoding says."""
        return self.encoding == "mixed"

    def write(self, path: Path) -> None:
        """Write the file."""
        FORMATS[self.suffix](self, path)
        if self.n_bytes_cut:
            content = path.read_bytes()
            path.write_bytes(content[: max(len(content) - self.n_bytes_cut, 1)])


def made(rng: np.random.Generator, suffix: str) -> Extract:
    """Make a good extract of few rows: of fewer than twenty no limit on a share holds."""
    rows = []
    for number in range(_N_ROWS):
        day, said = date(2016, 3, 1) + timedelta(days=int(rng.integers(300))), ("ja", "nej")[number % 3 == 0]
        enrolled = str(day + timedelta(days=int(rng.integers(40)))) if said == "ja" else ""
        left = str(date(2018, 1, 1) + timedelta(days=number)) if enrolled and number % 2 else ""
        person = f"{'abcdef'[number % 6]}{rng.integers(16**12):012x}ø{'s'[: number % 2]}"
        cells = (person, ("316", "615")[number % 2], str(day), said, enrolled, left)
        rows.append(dict(zip((*REQUIRED, "UDSKREVET_DATO"), cells, strict=True)))
    return Extract(list(rows[0]), rows, suffix)


# --- What is left of an extract


def set_aside(extract: Extract) -> list[int]:
    """Number the rows that must be set aside."""
    aside, keys = [], set()
    for number, row in enumerate(extract.rows, start=1):
        cells = {name: row[name].strip() if name in extract.columns else "" for name in row}
        days = {name: _day(cells[name]) for name in DATES}
        key = cells["PNR"], days["TILBUDT_DATO"]
        if number in extract.cut or not _is_good(cells, days) or key in keys:
            aside.append(number)
        else:
            keys.add(key)
    return aside


def _is_good(cells: Mapping[str, str], days: Mapping[str, date | str | None]) -> bool:
    offered, enrolled, left = (days[name] for name in DATES)
    answer = cells["SVAR"].lower().removesuffix(".0")
    return (
        cells["PNR"] not in ("", "0")
        and cells["KOMMUNE"] != ""
        and isinstance(offered, date)
        and answer in ("", *_YES, *_NO)
        and not isinstance(enrolled, str)
        and not isinstance(left, str)
        and (enrolled is None or enrolled >= offered)
        and (left is None or enrolled is None or left >= enrolled)
    )


def _day(text: str) -> date | str | None:
    """Read a date: itself, None for none, and the text when it is no date."""
    digits = text.removesuffix(".0")
    if not text:
        return None
    try:
        if len(digits) == len("20160301") and digits.isdecimal():
            return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        if digits.isdecimal() and len(digits) < len("100000") and digits[0] != "0":
            return _DAY_0 + timedelta(days=int(digits))
        if text[2:3] == "-":
            return date(int(text[6:]), int(text[3:5]), int(text[:2]))
        return date.fromisoformat(text) if len(text) == len("2016-03-01") else text
    except ValueError:
        return text


# --- What happens to it


def _swap_cells(rng: np.random.Generator, extract: Extract) -> None:
    row = extract.rows[int(rng.integers(len(extract.rows)))]
    one, other = rng.choice(list(row), size=2, replace=False)
    row[one], row[other] = row[other], row[one]


def _drop_column(rng: np.random.Generator, extract: Extract) -> None:
    # Half of them the one that need not be there.
    name = "UDSKREVET_DATO" if rng.random() < 0.5 else str(rng.choice(extract.columns))
    if name in extract.columns and len(extract.columns) > 1:
        extract.columns.remove(name)


def _break_encoding(rng: np.random.Generator, extract: Extract) -> None:
    extract.encoding = str(rng.choice(["latin-1", "cp1252", "utf-8-sig", "utf-16", "mixed"]))


def _cut_rows(rng: np.random.Generator, extract: Extract) -> None:
    """Take cells from the end of a row, or give it one too many; the last row would be a file that was cut off."""
    number = int(rng.integers(1, len(extract.rows)))
    extract.cut[number] = int(rng.integers(1, len(extract.columns))) if rng.random() < 0.5 else -1


def _cut_file(rng: np.random.Generator, extract: Extract) -> None:
    extract.n_bytes_cut = int(rng.integers(40, 400))


def _change_type(rng: np.random.Generator, extract: Extract) -> None:
    """Write a whole column otherwise: dates in another way, numbers with a fraction, answers in capitals."""
    name = str(rng.choice(extract.columns))
    how = int(rng.integers(4))
    for row in extract.rows:
        row[name] = _otherwise(row[name], how)


def _otherwise(text: str, how: int) -> str:
    day = _day(text)
    if isinstance(day, date):
        count = (day - _DAY_0).days
        ways = (f"{day:%d-%m-%Y}", f"{day:%Y%m%d}", str(count), f"{count}.0")
        return ways[how] if text.startswith("20") or how > 1 else text
    return (text.upper(), f" {text}", f"{text} ", text.capitalize())[how]


def _repeat_keys(rng: np.random.Generator, extract: Extract) -> None:
    row = dict(extract.rows[int(rng.integers(len(extract.rows)))])
    if rng.random() < 0.5:
        row["KOMMUNE"] = "101"
    extract.rows.insert(0, row)


def _blank_cell(rng: np.random.Generator, extract: Extract) -> None:
    row = extract.rows[int(rng.integers(len(extract.rows)))]
    row[str(rng.choice(list(row)))] = str(rng.choice(["", "  "]))


def _strange_text(rng: np.random.Generator, extract: Extract) -> None:
    row = extract.rows[int(rng.integers(len(extract.rows)))]
    row[str(rng.choice(list(row)))] = str(rng.choice(['a,"b"', "x;y|z", "\N{SNOWMAN}", "-", "2016-02-30", "999999"]))


def _shuffle_columns(rng: np.random.Generator, extract: Extract) -> None:
    extract.columns = [str(name) for name in rng.permutation(extract.columns)]


_Mutation = Callable[[np.random.Generator, Extract], None]
_IN_ANY_FILE: dict[str, _Mutation] = {
    "cells swapped": _swap_cells,
    "column dropped": _drop_column,
    "type changed": _change_type,
    "key repeated": _repeat_keys,
    "cell blank": _blank_cell,
    "strange text": _strange_text,
    "columns in another order": _shuffle_columns,
}
MUTATIONS: dict[str, dict[str, _Mutation]] = {
    ".csv": {**_IN_ANY_FILE, "encoding broken": _break_encoding, "row cut": _cut_rows},
    **{suffix: {**_IN_ANY_FILE, "file cut": _cut_file} for suffix in (".parquet", ".dta", ".sav")},
}


# --- How it is written


def _write_csv(extract: Extract, path: Path) -> None:
    lines = []
    for number, row in enumerate([dict.fromkeys(extract.columns, ""), *extract.rows]):
        cells = [row[name] for name in extract.columns] if number else extract.columns
        n_cut = extract.cut.get(number, 0)
        cells = [*cells, "more"] if n_cut < 0 else cells[: len(cells) - n_cut]
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\n").writerow(cells)
        lines.append(text.getvalue())
    if extract.encoding == "mixed":
        encodings = ("utf-8", "latin-1")
        path.write_bytes(b"".join(line.encode(encodings[n % 2], "replace") for n, line in enumerate(lines)))
    else:
        path.write_bytes("".join(lines).encode(extract.encoding, "replace"))


def _frame(extract: Extract) -> pl.DataFrame:
    """Have columns of dates and numbers as such, and the others as text."""
    frame = pl.DataFrame(extract.rows, infer_schema_length=None).select(extract.columns)
    blank_as_null = [pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name)) for name in frame.columns]
    frame = frame.with_columns(blank_as_null)
    typed = []
    for column in frame:
        cast = column.str.to_date("%Y-%m-%d", strict=False) if column.name in DATES else column
        number = column.cast(pl.Float64, strict=False)
        is_whole = [one.null_count() == column.null_count() for one in (cast, number)]
        typed.append(number if is_whole[1] else cast if is_whole[0] else column)
    return pl.DataFrame(typed)


def _write_parquet(extract: Extract, path: Path) -> None:
    _frame(extract).write_parquet(path)


def _write_stata(extract: Extract, path: Path) -> None:
    pyreadstat.write_dta(_frame(extract), path)


def _write_spss(extract: Extract, path: Path) -> None:
    pyreadstat.write_sav(_frame(extract), path)


FORMATS: dict[str, Callable[[Extract, Path], None]] = {
    ".csv": _write_csv,
    ".parquet": _write_parquet,
    ".dta": _write_stata,
    ".sav": _write_spss,
}
