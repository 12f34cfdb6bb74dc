"""What a number of a SAS, Stata or SPSS file counts, which only its display format says.

The three programs hold dates as plain numbers. SAS counts days or seconds since 1960, Stata days, milliseconds, weeks,
months, quarters or half-years since 1960, SPSS seconds since 1582. A format that no program has by itself, such as one
that a data owner made for a code list, says nothing, whatever its name begins with.

References
----------
.. [1] SAS 9.4 Formats and Informats: Reference, "Formats by Category", Date and Time.
.. [2] Stata 18 Functions Reference Manual, Date and time functions: ``dofw()``, ``dofm()``, ``dofq()``, ``dofh()``.
.. [3] IBM SPSS Statistics Command Syntax Reference, "Date and Time Formats".
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

import polars as pl

from evalkit.registers.files.column_text import day_text, moment_text, number_text

__all__ = ["Program", "Unit", "unit_of", "when_text"]

Program = Literal["SAS", "Stata", "SPSS"]
Unit = Literal["day", "week", "month", "quarter", "half_year", "second", "millisecond"]

_SAS_DAYS = re.compile(
    "[BE]8601DA|IS8601DA|DATE|DAY|(DDMMYY|MMDDYY|YYMMDD)[BCDNPS]?|(MMYY|YYMM|YYQR)[CDNPS]?|YYQ[CDNPSZ]?|YYMON|MONYY|"
    "MONNAME|MONTH|YEAR|QTRR?|JULIAN|JULDAY|WEEK(DATE|DATX|DAY|[UVW])|YYWEEK[UVW]|WORDDAT[EX]|DOWNAME|"
    "EURDF(DD|DE|DN|DWN|MN|MY|WDX|WKX)|NLDATE[A-Z]{0,4}|MINGUO|NENGO"
)
_SAS_SECONDS = re.compile(
    "[BE]8601(DN|DT|DX|DZ|LX)|IS8601(DN|DT|DZ)|DATETIME|DATEAMPM|MDYAMPM|DT(DATE|MONYY|WKDATX|YEAR|YYQC)|EURDFDT|"
    "NLDATM[A-Z]{0,3}"
)
_SPSS_SECONDS = re.compile("[AEJS]?DATE|DATETIME|YMDHMS|MOYR|QYR|WKYR")
_STATA_UNITS: dict[str, Unit] = {
    "c": "millisecond",
    "C": "millisecond",  # counts leap seconds too: at most half a minute away
    "d": "day",
    "h": "half_year",
    "m": "month",
    "q": "quarter",
    "w": "week",
}
_WIDTH = re.compile(r"\d*(\.\d*)?$")
_STATA = re.compile(r"%-?(?:t([a-zA-Z])|(d))")
_UNIX = date(1970, 1, 1)
_EPOCH_DAYS = {
    "SAS": (date(1960, 1, 1) - _UNIX).days,
    "Stata": (date(1960, 1, 1) - _UNIX).days,
    "SPSS": (date(1582, 10, 14) - _UNIX).days,
}
_PERIODS_A_YEAR = {"week": 52, "month": 12, "quarter": 4, "half_year": 2}
_DAY_IN_US = 86_400_000_000
_TICKS = {"second": 1_000_000, "millisecond": 1_000}


def unit_of(program: Program, display_format: str) -> Unit | None:
    """Tell what a numeric column counts.

    Parameters
    ----------
    program : {"SAS", "Stata", "SPSS"}
        Whose file it is.
    display_format : str
        The column's format, such as ``DATE9``, ``%td`` or ``EDATE10``.

    Returns
    -------
    Unit or None
        None for a plain number, a time of day or a day of the week.

    Examples
    --------
    >>> unit_of("SAS", "YYMMDD10."), unit_of("SAS", "YEARGROUP"), unit_of("Stata", "%tmCCYY!mNN")
    ('day', None, 'month')
    """
    if program == "Stata":
        found = _STATA.match(display_format)
        return _STATA_UNITS.get(found[1] or found[2]) if found else None
    name = _WIDTH.sub("", display_format.upper())
    if program == "SAS" and _SAS_DAYS.fullmatch(name):
        return "day"
    seconds = _SAS_SECONDS if program == "SAS" else _SPSS_SECONDS
    return "second" if seconds.fullmatch(name) else None


def when_text(numbers: pl.Series, program: Program, unit: Unit) -> pl.Series:
    """Write what a column's numbers mean.

    Parameters
    ----------
    numbers : Series
        As the file holds them.
    program : {"SAS", "Stata", "SPSS"}
        Whose file it is.
    unit : Unit
        What they count.

    Returns
    -------
    Series
        The date, for a week or longer its first day; with a time of day for a moment after midnight. A number that is
        no date in the years 1 to 9999 stays a number.

    Examples
    --------
    >>> when_text(pl.Series([0, 480]), "Stata", "month").to_list()
    ['1960-01-01', '2000-01-01']
    """
    text = _date_text(numbers, _EPOCH_DAYS[program], unit)
    if text.null_count() == numbers.null_count():
        return text
    return pl.select(pl.coalesce(text, number_text(numbers))).to_series()


def _date_text(numbers: pl.Series, epoch: int, unit: Unit) -> pl.Series:
    if unit == "day":
        return day_text(numbers.floor().cast(pl.Int64, strict=False) + epoch)
    if unit in _TICKS:
        ticks = (numbers.cast(pl.Float64) * _TICKS[unit]).round().cast(pl.Int64, strict=False)
        return moment_text(ticks + epoch * _DAY_IN_US)
    n = _PERIODS_A_YEAR[unit]
    period = pl.lit(numbers.floor().cast(pl.Int64, strict=False))
    year, nth = 1960 + period // n, period % n
    year = pl.when(year.is_between(1, 9999)).then(year)
    # Stata's weeks: the first begins on 1 January, and there are always 52.
    month, days = (pl.lit(1), nth * 7) if unit == "week" else (1 + nth * (12 // n), pl.lit(0))
    return day_text(pl.select(pl.date(year, month, 1).cast(pl.Int32) + days).to_series())
