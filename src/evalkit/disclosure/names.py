"""Column names and texts that point at a person and may never leave."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["forbidden_columns", "looks_like_person"]

_PERSON_COLUMNS = frozenset(
    {
        "id",
        "pnr",
        "cpr",
        "cprnr",
        "cpr_nr",
        "fnr",
        "personnummer",
        "person",
        "pseudonym",
        "journal",
        "journr",
        "journal_number",
        "kon_konfjour",
        "konfjour",
        "cvr",
        "cvrnr",
        "ajo_cvrnr",
        "address",
        "adresse",
        "foed_dag",
        "birth_date",
        "birthdate",
        "foedselsdato",
        "name",
        "navn",
    }
)
_SUFFIXES = ("_key", "_id", "_pnr", "_cpr", "_journr")
_EXTREMES = ("min_", "max_")

# Ten digits that begin with a day and a month, whatever the check digit says: since 2007 it need not fit.
_CPR = re.compile(r"(?<![0-9A-Za-z])(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[- ]?\d{4}(?![0-9A-Za-z])")
_PSEUDONYM = re.compile(r"(?<![0-9A-Za-z])(?=[0-9]*[a-f])[0-9a-f]{16}(?![0-9A-Za-z])")


def forbidden_columns(columns: Iterable[str]) -> list[str]:
    """Return the columns whose name says that they hold a person's key or an extreme value.

    Parameters
    ----------
    columns : iterable of str
        Column names.

    Returns
    -------
    list of str
        Those that may not leave, in the order given.

    Examples
    --------
    >>> forbidden_columns(["arm", "PNR", "n_persons", "plan_id", "max_wage"])
    ['PNR', 'plan_id', 'max_wage']
    """
    return [column for column in columns if _is_forbidden(column.lower())]


def looks_like_person(text: str) -> bool:
    """Tell whether a text holds something shaped like a CPR number or a delivered pseudonym.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    bool
        True when it does.

    Examples
    --------
    >>> looks_like_person("010170-1234"), looks_like_person("2016-2019")
    (True, False)
    """
    return _CPR.search(text) is not None or _PSEUDONYM.search(text) is not None


def _is_forbidden(column: str) -> bool:
    return column in _PERSON_COLUMNS or column.endswith(_SUFFIXES) or column.startswith(_EXTREMES)
