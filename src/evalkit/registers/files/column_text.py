"""Columns of files that know types become text: what a cell holds, written as a person would write it in a CSV file."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

__all__ = ["as_text", "day_text", "frame_text", "has_text", "moment_text", "number_text"]

# Year 1 to year 9999 in days since 1970: what ISO 8601 can write, and what the registers can mean.
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896
_DAY_IN_US = 86_400_000_000
_WHOLE = frozenset({pl.String, pl.Float64, pl.Float32, pl.Int64, pl.Int32, pl.Int16, pl.Int8})
_NESTED = (pl.List, pl.Array, pl.Struct, pl.Object, pl.Binary, pl.Duration)


def has_text(dtype: pl.DataType) -> bool:
    """Tell whether a column's cells are single values that can be written.

    Parameters
    ----------
    dtype : DataType
        Its type.

    Returns
    -------
    bool
        False for lists, records, bytes and durations.
    """
    return not isinstance(dtype, _NESTED)


def as_text(column: pl.Series) -> pl.Series:
    """Write a column's cells.

    Whole numbers have no fraction whatever type holds them, true and false are 1 and 0, a date is ``YYYY-MM-DD``, and
    so is a moment at midnight; other moments are ``YYYY-MM-DD HH:MM:SS``, on the clock of their time zone. What holds
    nothing, a text without letters and a number that is not one are null.

    Parameters
    ----------
    column : Series
        Of a type that has text.

    Returns
    -------
    Series
        String.

    Examples
    --------
    >>> as_text(pl.Series([2.0, 2.5, None])).to_list()
    ['2', '2.5', None]
    """
    dtype = column.dtype
    if dtype == pl.Boolean:
        return column.cast(pl.Int8).cast(pl.String)
    if dtype.is_float() or dtype.is_decimal():
        return number_text(column)
    if dtype == pl.Date:
        days = column.to_physical()
        return _or_else(day_text(days), days.cast(pl.String))
    if isinstance(dtype, pl.Datetime):
        ticks = column.dt.replace_time_zone(None).dt.cast_time_unit("us").to_physical()
        return _or_else(moment_text(ticks), ticks.cast(pl.String))
    text = column.dt.to_string("iso") if dtype == pl.Time else column.cast(pl.String)
    is_nothing = text == ""
    return text.set(is_nothing, None) if is_nothing.any() else text


def frame_text(columns: Sequence[pl.Series], codes: Collection[str]) -> pl.DataFrame:
    """Write the cells of columns, or leave them whole numbers where that is wanted and says the same.

    Parameters
    ----------
    columns : sequence of Series
        Of types that have text.
    codes : collection of str
        Those, hundreds perhaps, that may be whole numbers.

    Returns
    -------
    DataFrame
        String, as :func:`as_text` writes it; Int32 for a column of `codes` of which every filled cell is written as an
        Int32 is, so that ``007`` stays text.

    Examples
    --------
    >>> frame_text([pl.Series("a", [730.0, None]), pl.Series("b", ["730", "007"])], ["a", "b"]).dtypes
    [Int32, String]
    """
    texts = pl.DataFrame([column for column in columns if column.name in codes and column.dtype == pl.String])
    n_letters = texts.select(pl.all().str.len_bytes().cast(pl.Int64).sum()).to_dict(as_series=False)
    return pl.DataFrame(
        [
            _as_code(column, n_letters.get(column.name, [0])[0]) if column.name in codes else as_text(column)
            for column in columns
        ]
    )


def number_text(column: pl.Series) -> pl.Series:
    """Write numbers, whole ones without a fraction.

    Parameters
    ----------
    column : Series
        Floats or decimals.

    Returns
    -------
    Series
        String; null for what is not a number.

    Examples
    --------
    >>> number_text(pl.Series([1e15, -0.0, 0.1, float("nan")])).to_list()
    ['1000000000000000', '0', '0.1', None]
    """
    filled = column.fill_nan(None) if column.dtype.is_float() else column
    whole = filled.cast(pl.Int64, strict=False)
    is_whole = (whole == filled).fill_null(value=False)
    text = whole.cast(pl.String)
    return text if is_whole.sum() == filled.len() - filled.null_count() else _choose(is_whole, text, filled)


def day_text(days: pl.Series) -> pl.Series:
    """Write days as dates.

    Parameters
    ----------
    days : Series
        Whole numbers: days since 1970-01-01.

    Returns
    -------
    Series
        ``YYYY-MM-DD``; null for days outside the years 1 to 9999.

    Examples
    --------
    >>> day_text(pl.Series([-1, 0, 10**9])).to_list()
    ['1969-12-31', '1970-01-01', None]
    """
    known = pl.when(days.is_between(_FIRST_DAY, _LAST_DAY)).then(days)
    return pl.select(known.cast(pl.Int32).cast(pl.Date).cast(pl.String)).to_series()


def moment_text(ticks: pl.Series) -> pl.Series:
    """Write moments: a date alone at midnight, with the time of day otherwise.

    Parameters
    ----------
    ticks : Series
        Whole numbers: microseconds since 1970-01-01.

    Returns
    -------
    Series
        ``YYYY-MM-DD`` or ``YYYY-MM-DD HH:MM:SS``, with a fraction where there is one; null outside the years 1 to 9999.

    Examples
    --------
    >>> moment_text(pl.Series([86_400_000_000, 1_500_000])).to_list()
    ['1970-01-02', '1970-01-01 00:00:01.500']
    """
    days = ticks // _DAY_IN_US
    date, after_midnight = day_text(days), ticks - days * _DAY_IN_US
    if (after_midnight == 0).all():
        return date
    time = (after_midnight * 1000).cast(pl.Time).dt.to_string("iso")
    return _choose(after_midnight == 0, date, date + " " + time)


def _or_else(text: pl.Series, other: pl.Series) -> pl.Series:
    return text if text.null_count() == other.null_count() else _choose(text.is_not_null(), text, other)


def _choose(condition: pl.Series, text: pl.Series, other: pl.Series) -> pl.Series:
    return other.cast(pl.String).zip_with(~condition.fill_null(value=False), text)


def _as_code(column: pl.Series, n_letters: int) -> pl.Series:
    """Make whole numbers of a column if they say all that it says; `n_letters` are those of all its cells, if text."""
    if column.dtype not in _WHOLE:
        return as_text(column)
    number = column.cast(pl.Int32, strict=False)
    is_same = _n_letters(number) == n_letters if column.dtype == pl.String else bool((number == column).all())
    return number if is_same and number.null_count() == column.null_count() else as_text(column)


def _n_letters(number: pl.Series) -> int:
    low, high = number.min(), number.max()
    if not (isinstance(low, int) and isinstance(high, int)):
        return 0
    if low < 0:
        return int(number.cast(pl.String).str.len_bytes().sum())
    return number.len() - number.null_count() + sum(int((number >= 10**n).sum()) for n in range(1, len(str(high))))
