"""SQL that reads one text as one type: the text when it is blank, the value, or NULL when it is not of that type.

How a date is written
---------------------
A date lies between 1850 and 2100 and is written in one of these ways:

* ``2016-01-02``, also with ``/`` or blanks; ``02-01-2016``, also with ``/`` or ``.``; ``20160102`` and ``02012016``; with
  the month's name, ``02JAN2016`` or ``02-jan-2016``, in Danish, Norwegian or English. A clock time after it is left out.
  With a time zone the time must be midnight: 23:00 in London is another day in Copenhagen, and which one was meant is
  not written.
* A whole number of at most five digits: days since 1960-01-01, as SAS and Stata keep dates.
* A number of 9 or 10 digits that is a whole day: seconds since then, as SAS keeps clock times. Of 11: seconds since
  1582-10-14, as SPSS does. Of 12 or 13: milliseconds since 1960, as Stata does.

A number may be a float (``18262.0``). Where a text could be read in two ways:

* ``02012016`` or ``20120106``: a year from 1850 to 2100 stands first or last, never both, since no month is 18 or more.
* ``01022016``: the day stands first, as all Nordic registers write.
* ``2012016`` is 2 January, whose zero was lost, and not day 16 of 2012: spreadsheets lose zeros, and no register counts
  the days of a year.
* A two-digit year is no date: 16 may be 1916. Six digits are such a date, a month, or a day count that lies outside
  the years allowed, and are none.
* ``2016`` is day 2016, in July 1965, and no year: people born on such days come in every delivery by SAS. A whole column
  of years breaks the rules on the order of dates.
* A day count after 2059 is no date. Spreadsheets count from 1899-12-30, and what they write for a day since 2000 would
  be a day after 2059 here.
* 0 is no date: where it is written it more often means that there is none than 1960-01-01. Nor is a count with leading
  zeros, which no program writes: it is a date that was cut off.
* Seconds that are no whole day are no date, since identity and journal numbers have as many digits; one in 86,400 of
  them is a whole day. Eight digits are never seconds, because they are year, month and day. Seconds since 1970 are read
  as if since 1960: no register is kept so.
"""

from __future__ import annotations

from datetime import date

from evalkit.registers.contract import Column
from evalkit.registers.sql_text import literal, literals

__all__ = ["absent", "code", "is_wrong", "number", "sql_type", "text_or_null", "typed_value", "wrong_name"]

# A missing value as SAS, R and Python write it; "NA" may be a code, so codes give up less.
_NO_VALUE = {"date": (".", "NA", "NaN"), "integer": (".", "NA", "NaN"), "number": (".", "NA", "NaN")}
_NO_CODE = (".",)
_SQL_TYPE = {"date": "DATE", "integer": "INTEGER", "number": "DOUBLE", "flag": "BOOLEAN"}
_WRONG = {
    "date": "not_a_date",
    "integer": "not_an_integer",
    "number": "not_a_number",
    "flag": "not_yes_or_no",
}
_POINT = r"'^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?$'"
_COMMA = r"'^[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+$'"
# More digits than this could be infinite.
_LONGEST_NUMBER = 200

_FIRST_DAY, _LAST_DAY = date(1850, 1, 1), date(2100, 12, 31)
_SAS_DAY_0, _SPSS_DAY_0 = date(1960, 1, 1), date(1582, 10, 14)
_LAST_DAY_COUNT = (date(2059, 12, 31) - _SAS_DAY_0).days
_DAY_SECONDS = 86_400
_YEARS = f"DATE '{_FIRST_DAY}' AND DATE '{_LAST_DAY}'"
_TIME = r"\d{1,2}:\d\d(?::\d\d(?:\.\d*)?)?"
_MIDNIGHT = r"00:00(?::00(?:\.0*)?)? ?(?:Z|UTC|[+-]\d\d(?::?\d\d)?)"
_MONTHS = {"maj": "may", "mai": "may", "okt": "oct", "des": "dec"}


def text_or_null(column: Column, source: str) -> str:
    """Return SQL for a delivered text, trimmed; NULL when nothing is there.

    Parameters
    ----------
    column : Column
        The column.
    source : str
        SQL of the delivered text.

    Returns
    -------
    str
        SQL.
    """
    # Trimming costs more than reading the type: it is left out where there is nothing but ASCII and no blank.
    clean = f"strlen({source}) = length({source}) AND NOT contains({source}, ' ')"
    trimmed = f"CASE WHEN {clean} THEN {source} ELSE trim({source}) END"
    nothing = ("",) if column.type == "text" else ("", *_NO_VALUE.get(column.type, _NO_CODE))
    return f"CASE WHEN {trimmed} NOT IN ({literals(nothing)}) THEN {trimmed} END"


def typed_value(column: Column, text: str, no_date: tuple[str, ...]) -> str:
    """Return SQL for the value of a text; "no date" and a text of another type are both NULL.

    Parameters
    ----------
    column : Column
        The column.
    text : str
        SQL of the trimmed text.
    no_date : tuple of str
        ISO dates that mean "no date".

    Returns
    -------
    str
        SQL of type DATE, INTEGER, DOUBLE, BOOLEAN or VARCHAR.
    """
    match column.type:
        case "date":
            return _date(text, no_date)
        case "integer":
            return _integer(text)
        case "number":
            return number(text)
        case "flag":
            return _flag(column, text)
        case "code":
            return _code(column, text)
        case "text":
            return text


def is_wrong(column: Column, text: str, value: str, no_date: tuple[str, ...]) -> str | None:
    """Return SQL that is true for a text that is not of the column's type.

    Parameters
    ----------
    column : Column
        The column.
    text : str
        SQL of the trimmed text.
    value : str
        SQL of its value.
    no_date : tuple of str
        ISO dates that mean "no date".

    Returns
    -------
    str or None
        SQL; None for types that every text is of.
    """
    if column.type not in _WRONG:
        return None
    if column.type != "date":
        return f"{text} IS NOT NULL AND {value} IS NULL"
    # CASE, because DuckDB works out both sides of AND and OR for every row.
    counts = "|".join(_as_counts(no_date))
    any_date = f"coalesce({_iso_date(text)}, {_other_date(text)})"
    return (
        f"CASE WHEN {value} IS NOT NULL OR {text} IS NULL THEN FALSE WHEN {text} IN ({literals(no_date)}) THEN FALSE "
        rf"WHEN regexp_full_match({text}, '(?:{counts})(?:\.0*)?') THEN FALSE "
        f"ELSE NOT coalesce({any_date} IN ({_dates(no_date)}), FALSE) END"
    )


def wrong_name(name: str, column: Column) -> str:
    """Name the rule that a text of another type breaks.

    Parameters
    ----------
    name : str
        The column's name.
    column : Column
        The column.

    Returns
    -------
    str
        ``<name>_not_a_date`` and the like.
    """
    return f"{name}_{_WRONG[column.type]}"


def sql_type(column: Column) -> str:
    """Name the SQL type of a column's values.

    Parameters
    ----------
    column : Column
        The column.

    Returns
    -------
    str
        DATE, INTEGER, DOUBLE, BOOLEAN or VARCHAR.
    """
    return _SQL_TYPE.get(column.type, "VARCHAR")


def absent(column: Column) -> str:
    """Return SQL for the value of a column that the file does not have.

    Parameters
    ----------
    column : Column
        The column.

    Returns
    -------
    str
        NULL of its type.
    """
    return f"CAST(NULL AS {sql_type(column)})"


def number(text: str) -> str:
    """Return SQL for a number written with a decimal point, or with a comma and perhaps points between thousands.

    Parameters
    ----------
    text : str
        SQL of the trimmed text.

    Returns
    -------
    str
        SQL of type DOUBLE.
    """
    danish = f"replace(replace({text}, '.', ''), ',', '.')"
    return (
        f"CASE WHEN strlen({text}) > {_LONGEST_NUMBER} THEN NULL "
        f"WHEN contains({text}, ',') THEN CASE WHEN regexp_matches({text}, {_COMMA}) THEN TRY_CAST({danish} AS DOUBLE) END "
        f"WHEN regexp_matches({text}, {_POINT}) THEN TRY_CAST({text} AS DOUBLE) END"
    )


def code(text: str) -> str:
    """Return SQL for a code in which ``2.0`` has become ``2``.

    Parameters
    ----------
    text : str
        SQL of the trimmed text.

    Returns
    -------
    str
        SQL of type VARCHAR.
    """
    return rf"CASE WHEN strlen({text}) > 2 AND contains({text}, '.0') THEN regexp_replace({text}, '^(\d+)\.0+$', '\1') ELSE {text} END"


def _code(column: Column, text: str) -> str:
    value = code(text)
    if column.strip_zeros:
        value = rf"CASE WHEN prefix({text}, '0') THEN regexp_replace({value}, '^0+(\d)', '\1') ELSE {value} END"
    return f"{column.case}({value})" if column.case else value


def _flag(column: Column, text: str) -> str:
    value = f"lower({code(text)})"
    yes = " ".join(f"WHEN {literal(word.lower())} THEN TRUE" for word in column.yes)
    no = " ".join(f"WHEN {literal(word.lower())} THEN FALSE" for word in column.no)
    # No IN: of more than a few words DuckDB makes a join. Without words for no, everything else is one.
    if not column.no:
        return f"CASE WHEN {text} IS NOT NULL THEN CASE {value} {yes} ELSE FALSE END END"
    return f"CASE {value} {yes} {no} END"


def _integer(text: str) -> str:
    # DuckDB also reads '1_000', '0x1F', '2.5' and '1e3' as integers, but it does not write them so.
    plain = _cast_if(f"strlen({text}) < 10", text, "INTEGER")
    value = number(text)
    whole = f"CASE WHEN {value} = floor({value}) AND abs({value}) < 2147483647 THEN TRY_CAST({value} AS INTEGER) END"
    return (
        f"CASE WHEN CAST({plain} AS VARCHAR) = {text} THEN {plain} WHEN {text} IS NULL THEN NULL "
        rf"WHEN regexp_full_match({text}, '[+-]?\d{{1,9}}(\.0*)?') THEN TRY_CAST({text} AS INTEGER) ELSE {whole} END"
    )


def _date(text: str, no_date: tuple[str, ...]) -> str:
    iso, other = _iso_date(text), _other_date(text)
    value = (
        f"CASE WHEN {iso} BETWEEN {_YEARS} THEN {iso} "
        f"WHEN {iso} IS NULL AND {text} IS NOT NULL THEN CASE WHEN {other} BETWEEN {_YEARS} THEN {other} END END"
    )
    if any(_FIRST_DAY <= date.fromisoformat(day) <= _LAST_DAY for day in no_date):
        return f"CASE WHEN {value} NOT IN ({_dates(no_date)}) THEN {value} END"
    return value


def _iso_date(text: str) -> str:
    return _cast_if(f"strlen({text}) = 10", text, "DATE")


def _cast_if(is_short: str, text: str, sql_type: str) -> str:
    # Casts that fail are slow. As one expression, so that DuckDB works it out once however often it stands in a CASE.
    return f"TRY_CAST(CASE WHEN {is_short} THEN {text} END AS {sql_type})"


def _other_date(text: str) -> str:
    whole, day_0 = f"TRY_CAST({text} AS BIGINT)", f"DATE '{_SAS_DAY_0}'"
    digits = f"split_part({text}, '.', 1)"
    shapes = {
        rf"\s*\d{{4}}[-/ ]\d{{1,2}}[-/ ]\d{{1,2}}(?:[ T]+(?:{_TIME}|{_MIDNIGHT}))?\s*": f"TRY_CAST({text} AS DATE)",
        r"\d{8}(?:\.0*)?": _day_of(digits, "%Y%m%d", "%d%m%Y"),
        r"[1-9]\d{6}(?:\.0*)?": _day_of(f"'0' || {digits}", "%d%m%Y"),
        r"[+-]?[1-9]\d{0,4}(?:\.0*)?": _days_after(day_0, whole, most=_LAST_DAY_COUNT),
        r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}": _day_of(text, "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"),
        rf"\d{{1,2}}[-. ]?[A-Za-z]{{3}}[-. ]?\d{{4}}(?:[: ]{_TIME})?": _day_of(_with_english_month(text), "%d%b%Y"),
        r"[+-]?[1-9]\d{8,9}(?:\.0*)?": _seconds_after(day_0, whole, _DAY_SECONDS),
        r"[1-9]\d{10}(?:\.0*)?": _seconds_after(f"DATE '{_SPSS_DAY_0}'", whole, _DAY_SECONDS),
        r"[+-]?[1-9]\d{11,12}(?:\.0*)?": _seconds_after(day_0, whole, 1000 * _DAY_SECONDS),
    }
    cases = (f"WHEN regexp_full_match({text}, '{shape}') THEN {value}" for shape, value in shapes.items())
    return f"CASE {' '.join(cases)} END"


def _day_of(text: str, *formats: str) -> str:
    return f"CAST(try_strptime({text}, [{literals(formats)}]) AS DATE)"


def _days_after(day: str, count: str, *, most: int) -> str:
    return f"CASE WHEN {count} <= {most} THEN {day} + CAST({count} AS INTEGER) END"


def _seconds_after(day: str, count: str, a_day: int) -> str:
    return f"CASE WHEN {count} % {a_day} = 0 THEN {day} + CAST({count} // {a_day} AS INTEGER) END"


def _with_english_month(text: str) -> str:
    value = rf"lower(regexp_replace({text}, '^(\d+)[-. ]?(\D+?)[-. ]?(\d{{4}}).*$', '\1\2\3'))"
    for name, english in _MONTHS.items():
        value = f"replace({value}, {literal(name)}, {literal(english)})"
    return value


def _as_counts(no_date: tuple[str, ...]) -> tuple[str, ...]:
    """Write dates that mean "no date" as SAS, SPSS and Stata count them."""
    days = [(date.fromisoformat(day) - _SAS_DAY_0).days for day in no_date]
    spss_days = [(date.fromisoformat(day) - _SPSS_DAY_0).days for day in no_date]
    seconds = [count * _DAY_SECONDS for count in (*days, *spss_days)]
    return tuple(str(count) for count in (*days, *seconds, *(1000 * count * _DAY_SECONDS for count in days)))


def _dates(no_date: tuple[str, ...]) -> str:
    return ", ".join(f"DATE {literal(day)}" for day in no_date) or "NULL"
