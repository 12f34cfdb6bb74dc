"""Columns that are one fact repeated become rows: weeks and months as runs of equal cells, other columns cell by cell.

Runs are found by comparing neighbouring columns of a piece, so that a register of 1,800 week columns never becomes
thousands of rows a person.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.registers.contracts.matching import period_of

__all__ = ["named_cells", "runs"]

_BLANK = np.iinfo(np.int32).min
_Codes: TypeAlias = npt.NDArray[np.int32]
_Places: TypeAlias = npt.NDArray[np.int64]


def runs(rows: pl.DataFrame, numbers: pl.Series, kind: str) -> pl.DataFrame:
    """Find each row's runs of equal, filled cells in consecutive periods.

    Parameters
    ----------
    rows : DataFrame
        Columns named after weeks or months, String or Int32; blank cells are null or hold white space only.
    numbers : Series
        Each row's number in the file.
    kind : {"iso_week", "month"}
        What the columns are named after.

    Returns
    -------
    DataFrame
        _row, name (the column that the run begins in), start_date, stop_date (the day after the last period), cell (as
        the columns hold it: Int32 if all do, else text). By row, then by date.

    Examples
    --------
    >>> frame = pl.DataFrame({"Y_1601": ["730"], "Y_1602": ["730"], "Y_1603": [None], "Y_1604": ["111"]})
    >>> runs(frame, pl.Series([1]), "iso_week").select("start_date", "stop_date", "cell").rows()[0]
    (datetime.date(2016, 1, 4), datetime.date(2016, 1, 18), '730')
    """
    periods = dict(
        sorted(((name, period) for name in rows.columns if (period := period_of(name, kind))), key=lambda item: item[1])
    )
    columns, texts = _coded(rows.select(list(periods)))
    first, last, codes = _edges(columns, _gaps(list(periods.values())))
    starts, stops = (pl.Series([period[i] for period in periods.values()], dtype=pl.Date) for i in (0, 1))
    cells = pl.Series("cell", codes)
    return pl.DataFrame(
        {
            "_row": numbers.gather(first.row),
            "name": pl.Series(list(periods), dtype=pl.String).gather(first.period),
            "start_date": starts.gather(first.period),
            "stop_date": stops.gather(last.period),
            "cell": cells if texts is None else texts.gather(cells),
        }
    )


def named_cells(rows: pl.DataFrame, numbers: pl.Series) -> pl.DataFrame:
    """List all filled cells.

    Parameters
    ----------
    rows : DataFrame
        String columns.
    numbers : Series
        Each row's number in the file.

    Returns
    -------
    DataFrame
        _row, name, cell.
    """
    texts = rows.select(pl.all().cast(pl.String)).with_columns(numbers.alias("_row"))
    cells = texts.unpivot(index="_row", variable_name="name", value_name="cell")
    return cells.filter(pl.col("cell").str.strip_chars() != "")


def _coded(rows: pl.DataFrame) -> tuple[list[_Codes], pl.Series | None]:
    """Each column as numbers, _BLANK where it is blank, and what the numbers stand for when they are not the cells."""
    if all(dtype == pl.Int32 for dtype in rows.dtypes):
        # In one piece first: blanks in many small ones take five times as long to fill.
        return [column.to_numpy() for column in rows.rechunk().select(pl.all().fill_null(_BLANK))], None
    trimmed = rows.select(pl.all().cast(pl.String).str.strip_chars())
    texts = pl.concat([column.unique() for column in trimmed]).unique().sort()
    texts = texts.filter(texts != "")
    coded = trimmed.select(pl.all().cast(pl.Enum(texts), strict=False).to_physical().cast(pl.Int32).fill_null(_BLANK))
    return [column.to_numpy() for column in coded.rechunk()], texts


def _edges(columns: Sequence[_Codes], gaps: Sequence[bool]) -> tuple[_Cells, _Cells, _Codes]:
    """Find the first cells of all runs, their last ones, and what is in them, each by row and then by period.

    Two columns at a time stay in the processor's cache; to compare all at once takes three times as long.
    """
    n_rows = columns[0].size if columns else 0
    nothing = np.full(n_rows, _BLANK, dtype=np.int32)
    firsts, lasts, codes = [], [], []
    breaks = [True, *gaps, True][: len(columns) + 1]
    for before, here, is_gap in zip([nothing, *columns], [*columns, nothing], breaks, strict=True):
        is_other = before != here
        is_other |= is_gap
        begins = np.flatnonzero(is_other & (here != _BLANK))
        firsts.append(begins)
        codes.append(here[begins])
        lasts.append(np.flatnonzero(is_other & (before != _BLANK)))
    order = _by_row(firsts)
    return _cells(firsts, order, 0), _cells(lasts, _by_row(lasts), -1), np.concatenate(codes)[order]


@dataclass(frozen=True, slots=True)
class _Cells:
    """Cells of a piece: which row, and which period."""

    row: _Places
    period: _Places


def _by_row(rows: Sequence[_Places]) -> _Places:
    every = np.concatenate(rows)
    # Numbers of sixteen bits are sorted by their digits, in a fraction of the time.
    return np.argsort(every.astype(np.uint16) if every.max(initial=0) < 2**16 else every, kind="stable")


def _cells(rows: Sequence[_Places], order: _Places, first_period: int) -> _Cells:
    periods = np.repeat(np.arange(first_period, first_period + len(rows)), [one.size for one in rows])
    return _Cells(np.concatenate(rows)[order], periods[order])


def _gaps(periods: list[tuple[date, date]]) -> list[bool]:
    """Whether each period but the first begins later than on the day on which the one before it ends."""
    return [later[0] != earlier[1] for earlier, later in itertools.pairwise(periods)]
