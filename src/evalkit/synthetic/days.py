"""Days as whole numbers since 1970-01-01, for arrays of dates; NEVER stands for a day that does not come."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

__all__ = [
    "NEVER",
    "SENTINEL",
    "Bools",
    "Floats",
    "Ints",
    "add_months",
    "completed_years",
    "date_column",
    "day_number",
    "from_day_number",
    "month_number",
    "month_start",
    "year_number",
]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NEVER: Final = 5_000_000
"""Later than every day (9999-12-31 is 2,932,896); becomes a missing value in a register."""


def day_number(day: date) -> int:
    """Return a date's number of days since 1970-01-01.

    Parameters
    ----------
    day : date
        The date.

    Returns
    -------
    int
        Negative before 1970.

    Examples
    --------
    >>> day_number(date(1970, 2, 1))
    31
    """
    return day.toordinal() - date(1970, 1, 1).toordinal()


def from_day_number(number: int) -> date:
    """Return the date of a number of days since 1970-01-01.

    Parameters
    ----------
    number : int
        Days since 1970-01-01.

    Returns
    -------
    date
        The date.
    """
    return date.fromordinal(number + date(1970, 1, 1).toordinal())


SENTINEL: Final = day_number(date(1599, 12, 31))
"""1599-12-31, which the prison register writes where there is no date."""


def month_number(days: Ints) -> Ints:
    """Return months since 1970-01.

    Parameters
    ----------
    days : int array
        Days since 1970-01-01.

    Returns
    -------
    int array
        The month that each day lies in.
    """
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def year_number(days: Ints) -> Ints:
    """Return calendar years.

    Parameters
    ----------
    days : int array
        Days since 1970-01-01.

    Returns
    -------
    int array
        The year that each day lies in.
    """
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def month_start(months: Ints) -> Ints:
    """Return the first days of months.

    Parameters
    ----------
    months : int array
        Months since 1970-01.

    Returns
    -------
    int array
        Days since 1970-01-01.
    """
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def add_months(days: Ints, months: int) -> Ints:
    """Return the same day of the month so many months later, or that month's last day.

    Parameters
    ----------
    days : int array
        Days since 1970-01-01.
    months : int
        Months to add.

    Returns
    -------
    int array
        Days since 1970-01-01.

    Examples
    --------
    >>> from_day_number(int(add_months(np.array([day_number(date(2019, 1, 31))]), 13)[0]))
    datetime.date(2020, 2, 29)
    """
    month = month_number(days)
    day_of_month = days - month_start(month)
    first = month_start(month + months)
    length = month_start(month + months + 1) - first
    same_day: Ints = first + np.minimum(day_of_month, length - 1)
    return same_day


def completed_years(birth: Ints, on: Ints) -> Ints:
    """Return ages in completed years; who is born on 29 February has a birthday on 1 March in other years.

    Parameters
    ----------
    birth, on : int array
        Days since 1970-01-01.

    Returns
    -------
    int array
        Completed years on the day.
    """
    years = year_number(on) - year_number(birth)
    before_birthday: Ints = (_month_and_day(on) < _month_and_day(birth)).astype(np.int64)
    return years - before_birthday


def _month_and_day(days: Ints) -> Ints:
    month = month_number(days)
    both: Ints = month % 12 * 100 + days - month_start(month)
    return both


def date_column(days: Ints) -> pl.Series:
    """Return dates for a register; NEVER becomes a missing value.

    Parameters
    ----------
    days : int array
        Days since 1970-01-01.

    Returns
    -------
    Series
        Of type Date.
    """
    known = days < NEVER
    column = pl.Series(np.where(known, days, 0).astype(np.int32)).cast(pl.Date)
    return pl.select(pl.when(pl.Series(known)).then(column)).to_series()
