"""Columns that are one fact repeated become rows: weeks and months as runs of equal cells, other columns cell by cell.

Runs are found by comparing neighbouring columns of a piece, so that a register of 1,800 week columns never becomes
thousands of rows a person.
"""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.registers.contracts.matching import period_of

__all__ = ["named_cells", "runs"]

_BLANK = np.iinfo(np.int32).min


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
        _row, name (the column that the run begins in), start_date, stop_date (the day after the last period), cell: the
        text of the run's cells. By row, then by date.

    Examples
    --------
    >>> frame = pl.DataFrame({"Y_1601": ["730"], "Y_1602": ["730"], "Y_1603": [None], "Y_1604": ["111"]})
    >>> runs(frame, pl.Series([1]), "iso_week").select("start_date", "stop_date", "cell").rows()[0]
    (datetime.date(2016, 1, 4), datetime.date(2016, 1, 18), '730')
    """
    periods = dict(
        sorted(((name, period) for name in rows.columns if (period := period_of(name, kind))), key=lambda item: item[1])
    )
    codes, texts = _coded(rows.select(list(periods)))
    filled = codes != _BLANK
    is_other = np.ones((rows.height, len(periods) + 1), dtype=np.bool_, order="F")
    np.not_equal(codes[:, 1:], codes[:, :-1], out=is_other[:, 1:-1])
    is_other[:, 1:-1] |= _gaps(list(periods.values()))
    # Read row by row, the first and the last cells of the runs come in the same order.
    row, first = np.divmod(np.flatnonzero(filled & is_other[:, :-1]), max(len(periods), 1))
    last = np.flatnonzero(filled & is_other[:, 1:]) % max(len(periods), 1)
    starts, stops = (pl.Series([period[i] for period in periods.values()], dtype=pl.Date) for i in (0, 1))
    cells = pl.Series("cell", codes[row, first])
    return pl.DataFrame(
        {
            "_row": numbers.gather(row),
            "name": pl.Series(list(periods), dtype=pl.String).gather(first),
            "start_date": starts.gather(first),
            "stop_date": stops.gather(last),
            "cell": cells.cast(pl.String) if texts is None else texts.gather(cells),
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


def _coded(rows: pl.DataFrame) -> tuple[npt.NDArray[np.int32], pl.Series | None]:
    """One number a cell, shape (n_rows, n_columns), and what the numbers stand for when they are not the cells."""
    if all(dtype == pl.Int32 for dtype in rows.dtypes):
        return rows.select(pl.all().fill_null(_BLANK)).to_numpy(order="fortran"), None
    trimmed = rows.select(pl.all().cast(pl.String).str.strip_chars())
    texts = pl.concat([column.unique() for column in trimmed]).unique().sort()
    texts = texts.filter(texts != "")
    coded = trimmed.select(pl.all().cast(pl.Enum(texts), strict=False).to_physical().cast(pl.Int32).fill_null(_BLANK))
    return coded.to_numpy(order="fortran"), texts


def _gaps(periods: list[tuple[date, date]]) -> npt.NDArray[np.bool_]:
    """Whether each period but the first begins later than on the day on which the one before it ends."""
    return np.array([later[0] != earlier[1] for earlier, later in itertools.pairwise(periods)], dtype=np.bool_)
