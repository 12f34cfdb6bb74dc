"""SQL that reads a date however it is written.

A date lies between 1850 and 2100 and is written in one of these ways:

* ``2016-01-02``, also with ``/`` or blanks; ``02-01-2016``, also with ``/`` or ``.``; ``20160102`` and ``02012016``;
  with the month's name, ``02JAN2016`` or ``02-jan-2016``, in Danish, Norwegian or English. A clock time after it is
  left out. With a time zone the time must be midnight: 23:00 in London is another day in Copenhagen, and which one was
  meant is not written.
* A whole number of at most five digits: days since 1960-01-01, as SAS and Stata keep dates.
* A number of 9 or 10 digits that is a whole day: seconds since then, as SAS keeps clock times. Of 11: seconds since
  1582-10-14, as SPSS does. Of 12 or 13: milliseconds since 1960, as Stata does.

A number may be a float (``18262.0``). Where a text could be read in two ways:

* ``02012016`` or ``20120106``: a year from 1850 to 2100 stands first or last, never both, since no month is 18 or more.
* ``01022016``: the day stands first, as all Nordic registers write.
* ``2012016`` is 2 January 2016, whose zero was lost, and not day 16 of 2012: spreadsheets lose zeros, and no register
  counts the days of a year.
* A two-digit year is no date: 16 may be 1916. Six digits are such a date, or a month, and are none.
* ``2016`` is day 2016, in July 1965, and no year: people born on such days come in every delivery by SAS. A whole
  column of years breaks the rules on the order of dates.
* A day count after 2059 is no date. Spreadsheets count from 1899-12-30, and what they write for a day since 2000 would
  be a day after 2059 here.
* 0 is no date: where it is written it more often means that there is none than 1960-01-01. Nor is a count with leading
  zeros, which no program writes: it is a date that was cut off.
* Seconds that are no whole day are no date, since identity and journal numbers have as many digits; one in 86,400 of
  those is a whole day. Eight digits are never seconds, because they are year, month and day. Seconds since 1970 are
  read as if since 1960: no register is kept so.
"""

from __future__ import annotations

from datetime import date

from evalkit.registers.sql_text import literal

__all__ = ["FIRST_DAY", "LAST_DAY", "date_pattern", "other_date"]

FIRST_DAY, LAST_DAY = date(1850, 1, 1), date(2100, 12, 31)
"""What a date lies between."""

_SAS_DAY_0, _SPSS_DAY_0 = date(1960, 1, 1), date(1582, 10, 14)
_LAST_DAY_COUNT = date(2059, 12, 31)
_DAY_SECONDS = 86_400

_YEAR = r"(?:18[5-9]\d|19\d\d|20\d\d|2100)"
_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d*)?)?|24:00(?::00(?:\.0*)?)?"
_MIDNIGHT = r"00:00(?::00(?:\.0*)?)? ?(?:Z|UTC|[+-]\d\d(?::?\d\d)?)"
_FLOAT = r"(?:\.0*)?"
# In English, as the database reads them, with what Danish and Norwegian write instead.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NORDIC = {"maj": "may", "mai": "may", "okt": "oct", "des": "dec"}


def other_date(text: str) -> str:
    """Return SQL for a date that is not written as ``2016-01-02``.

    Parameters
    ----------
    text : str
        SQL of the trimmed text.

    Returns
    -------
    str
        SQL of type DATE; NULL for a text that is no date, or none between 1850 and 2100.
    """
    digits, milliseconds = f"split_part({text}, '.', 1)", 1000 * _DAY_SECONDS
    shapes = {
        _year_first(_YEAR, r"\d{1,2}", r"\d{1,2}"): f"TRY_CAST({text} AS DATE)",
        rf"{_YEAR}{_MONTH}{_DAY}{_FLOAT}": _parsed(digits, "%Y%m%d"),
        rf"(?:[1-9]|{_DAY}){_MONTH}{_YEAR}{_FLOAT}": _parsed(f"lpad({digits}, 8, '0')", "%d%m%Y"),
        rf"[+-]?[1-9]\d{{0,4}}{_FLOAT}": _counted(text, 1, _SAS_DAY_0, _LAST_DAY_COUNT),
        _day_first(r"\d{1,2}", r"\d{1,2}", _YEAR): _parsed(f"regexp_replace({text}, '[/.]', '-', 'g')", "%d-%m-%Y"),
        _named(r"\d{1,2}", "[A-Za-z]{3}", _YEAR): _parsed(_in_english(text), "%d%b%Y"),
        rf"[+-]?[1-9]\d{{8,9}}{_FLOAT}": _counted(text, _DAY_SECONDS, _SAS_DAY_0, LAST_DAY),
        rf"[1-9]\d{{10}}{_FLOAT}": _counted(text, _DAY_SECONDS, _SPSS_DAY_0, LAST_DAY),
        rf"[+-]?[1-9]\d{{11,12}}{_FLOAT}": _counted(text, milliseconds, _SAS_DAY_0, LAST_DAY),
    }
    cases = (f"WHEN regexp_full_match({text}, {literal(shape)}) THEN {value}" for shape, value in shapes.items())
    return f"CASE {' '.join(cases)} END"


def date_pattern(days: tuple[str, ...]) -> str:
    """Return a regular expression for these days, however they are written.

    Parameters
    ----------
    days : tuple of str
        ISO dates, also outside the years that a date lies between.

    Returns
    -------
    str
        Matches the whole of a trimmed text; nothing when there are no days.
    """
    return "|".join(_written(date.fromisoformat(day)) for day in days)


def _written(day: date) -> str:
    year, month, day_of_month = day.isoformat().split("-")
    names = [name for name in (*_MONTHS, *_NORDIC) if _NORDIC.get(name, name) == _MONTHS[day.month - 1]]
    days = (day - _SAS_DAY_0).days
    counts = (days, days * _DAY_SECONDS, (day - _SPSS_DAY_0).days * _DAY_SECONDS, 1000 * days * _DAY_SECONDS)
    numbers = (f"{year}{month}{day_of_month}", f"{day_of_month}{month}{year}", f"{day.day}{month}{year}", *counts)
    short_month, short_day = f"0?{day.month}", f"0?{day.day}"
    shapes = (
        _year_first(year, short_month, short_day),
        _day_first(short_day, short_month, year),
        _named(short_day, f"(?i:{'|'.join(names)})", year),
        rf"(?:{'|'.join(map(str, numbers))}){_FLOAT}",
    )
    return "|".join(shapes)


def _year_first(year: str, month: str, day: str) -> str:
    return rf"{year}(?:-{month}-{day}|/{month}/{day}| {month} {day})(?:(?: +|T)(?:{_CLOCK}|{_MIDNIGHT}))?"


def _day_first(day: str, month: str, year: str) -> str:
    return rf"{day}(?:-{month}-|/{month}/|\.{month}\.){year}"


def _named(day: str, month: str, year: str) -> str:
    return rf"{day}[-. ]?{month}[-. ]?{year}(?:[: ](?:{_CLOCK}))?"


def _parsed(text: str, form: str) -> str:
    return f"CAST(try_strptime({text}, {literal(form)}) AS DATE)"


def _counted(text: str, a_day: int, day_0: date, last: date) -> str:
    count = f"TRY_CAST({text} AS BIGINT)"
    first_count, last_count = ((day - day_0).days * a_day for day in (FIRST_DAY, last))
    is_date = f"{count} BETWEEN {first_count} AND {last_count} AND {count} % {a_day} = 0"
    return f"CASE WHEN {is_date} THEN DATE '{day_0}' + TRY_CAST({count} // {a_day} AS INTEGER) END"


def _in_english(text: str) -> str:
    value = rf"lower(regexp_replace({text}, '^(\d+)[-. ]?(\D{{3}})[-. ]?(\d{{4}}).*$', '\1\2\3'))"
    for name, english in _NORDIC.items():
        value = f"replace({value}, {literal(name)}, {literal(english)})"
    return value
