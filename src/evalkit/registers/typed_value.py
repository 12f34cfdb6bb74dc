"""SQL that reads one text as one type: the text when it is blank, the value, or NULL when it is not of that type."""

from __future__ import annotations

from evalkit.registers.contract import Column
from evalkit.registers.sql_text import literals

__all__ = ["is_wrong", "number", "text_or_null", "typed_value", "wrong_name"]

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
# Day before month, as the Nordic countries write; with four-digit years no text fits two of these.
_DATE_FORMATS = ("%Y%m%d", "%d%m%Y", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%d%b%Y", "%d%b%Y:%H:%M:%S")
_DATES = "BETWEEN DATE '1850-01-01' AND DATE '2100-12-31'"
_POINT = r"'^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?$'"
_COMMA = r"'^[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+$'"


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
    trimmed = f"nullif(trim({source}), '')"
    if column.type == "text":
        return trimmed
    nothing = literals(_NO_VALUE.get(column.type, _NO_CODE))
    return f"CASE WHEN trim({source}) IN ({nothing}) THEN NULL ELSE {trimmed} END"


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
            return f"CASE WHEN {_date(text)} {_DATES} THEN {_no_date_is_null(_date(text), no_date)} END"
        case "integer":
            return f"CAST({_whole(text)} AS INTEGER)"
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
    wrong = f"{text} IS NOT NULL AND {value} IS NULL"
    if column.type == "date":
        return f"{wrong} AND NOT coalesce({_date(text)} IN ({_dates(no_date)}), FALSE)"
    return wrong


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
    return f"CAST(NULL AS {_SQL_TYPE.get(column.type, 'VARCHAR')})"


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
        f"CASE WHEN regexp_matches({text}, {_POINT}) THEN TRY_CAST({text} AS DOUBLE) "
        f"WHEN regexp_matches({text}, {_COMMA}) THEN TRY_CAST({danish} AS DOUBLE) END"
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
    return rf"regexp_replace({text}, '^(\d+)\.0+$', '\1')"


def _code(column: Column, text: str) -> str:
    value = code(text)
    if column.strip_zeros:
        value = rf"regexp_replace({value}, '^0+(\d)', '\1')"
    return f"{column.case}({value})" if column.case else value


def _flag(column: Column, text: str) -> str:
    value = f"lower({code(text)})"
    yes = f"{value} IN ({literals(tuple(word.lower() for word in column.yes))})"
    if not column.no:
        return yes
    no = f"{value} IN ({literals(tuple(word.lower() for word in column.no))})"
    return f"CASE WHEN {yes} THEN TRUE WHEN {no} THEN FALSE END"


def _whole(text: str) -> str:
    value = number(text)
    return f"CASE WHEN {value} = floor({value}) AND abs({value}) < 2147483647 THEN {value} END"


def _date(text: str) -> str:
    return f"coalesce(TRY_CAST({text} AS DATE), CAST(try_strptime({text}, [{literals(_DATE_FORMATS)}]) AS DATE))"


def _no_date_is_null(value: str, no_date: tuple[str, ...]) -> str:
    return f"CASE WHEN {value} NOT IN ({_dates(no_date)}) THEN {value} END" if no_date else value


def _dates(no_date: tuple[str, ...]) -> str:
    return ", ".join(f"DATE {literals((day,))}" for day in no_date) or "NULL"
