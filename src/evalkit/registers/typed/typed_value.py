"""SQL that reads one text as one type: the text when it is blank, the value, or NULL when it is not of that type."""

from __future__ import annotations

from datetime import date

from evalkit.registers.contracts.contract import Column
from evalkit.registers.sql_text import literal, literals
from evalkit.registers.typed.date_text import FIRST_DAY, LAST_DAY, date_pattern, other_date

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
_NUMBER = (
    r"[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?"  # with a point
    r"|(?:\d+|\d{1,3}(?:\.\d{3})+),\d+)"  # with a comma, and points between thousands
)
# More digits than this could be infinite.
_LONGEST_NUMBER = 200


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
    return (
        f"CASE WHEN {value} IS NOT NULL OR {text} IS NULL OR {text} IN ({literals(no_date)}) THEN FALSE "
        f"ELSE NOT regexp_full_match({text}, {literal(date_pattern(no_date))}) END"
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
        f"CASE WHEN strlen({text}) <= {_LONGEST_NUMBER} AND regexp_full_match({text}, {literal(_NUMBER)}) "
        f"THEN TRY_CAST(CASE WHEN contains({text}, ',') THEN {danish} ELSE {text} END AS DOUBLE) END"
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
    without = rf"regexp_replace({text}, '^(\d+)\.0+$', '\1')"
    return f"CASE WHEN strlen({text}) > 2 AND contains({text}, '.0') THEN {without} ELSE {text} END"


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
    whole = f"CASE WHEN {value} % 1 = 0 AND abs({value}) < 2147483647 THEN TRY_CAST({value} AS INTEGER) END"
    return (
        f"CASE WHEN CAST({plain} AS VARCHAR) = {text} THEN {plain} WHEN {text} IS NULL THEN NULL "
        rf"WHEN regexp_full_match({text}, '[+-]?\d{{1,9}}(?:\.0*)?') THEN TRY_CAST({text} AS INTEGER) ELSE {whole} END"
    )


def _date(text: str, no_date: tuple[str, ...]) -> str:
    # The order matters: a date of another kind is looked for only where there is none of the usual one.
    iso = _cast_if(f"strlen({text}) = 10", text, "DATE")
    value = (
        f"CASE WHEN {iso} BETWEEN DATE '{FIRST_DAY}' AND DATE '{LAST_DAY}' THEN {iso} "
        f"WHEN {text} IS NULL OR {iso} IS NOT NULL THEN NULL ELSE {other_date(text)} END"
    )
    if any(FIRST_DAY <= date.fromisoformat(day) <= LAST_DAY for day in no_date):
        days = ", ".join(f"DATE {literal(day)}" for day in no_date)
        return f"CASE WHEN {value} NOT IN ({days}) THEN {value} END"
    return value


def _cast_if(is_short: str, text: str, sql_type: str) -> str:
    # Casts that fail are slow. As one expression, so that DuckDB works it out once however often it stands in a CASE.
    return f"TRY_CAST(CASE WHEN {is_short} THEN {text} END AS {sql_type})"
