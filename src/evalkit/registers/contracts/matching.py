"""Finds the layout's columns among the columns of a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from evalkit.errors import ConfigError
from evalkit.registers.contracts.contract import Contract, Unpivot
from evalkit.registers.contracts.extract import ExtractSpec

__all__ = ["Matching", "delivered_names", "expected_names", "match_columns", "period_of"]

_WEEK = re.compile(r"[A-Za-z]+_(\d{2})(\d{2})")
_MONTH = re.compile(r"[A-Za-z]+_(\d{4})_(\d{2})")
_FIRST_YEAR_OF_1900S = 90
_EXAMPLE = {"iso_week": "a week (Y_YYWW)", "month": "a month (GRAD_YYYY_MM)"}


@dataclass(frozen=True, slots=True)
class Matching:
    """Which column of the file is which; positions count from 0.

    Parameters
    ----------
    declared : mapping of str to int
        Position by layout column; optional columns that the file does not have are left out.
    unpivoted : mapping of str to mapping of str to int
        By the table that they become rows of, position by column name as delivered.
    extra : mapping of str to int
        Position by column name, of the columns that the layout does not know.
    findings : tuple of str
        What does not fit; empty when the file has the layout.
    """

    declared: Mapping[str, int]
    unpivoted: Mapping[str, Mapping[str, int]]
    extra: Mapping[str, int]
    findings: tuple[str, ...]


def expected_names(contract: Contract, spec: ExtractSpec) -> frozenset[str]:
    """Name the columns that a file of the layout may have.

    Parameters
    ----------
    contract : Contract
        The layout's contract.
    spec : ExtractSpec
        The extract, with its own names for columns.

    Returns
    -------
    frozenset of str
        In lower case.

    Raises
    ------
    ConfigError
        When the extract renames a column that the layout does not have.
    """
    unknown = sorted(spec.columns.keys() - contract.columns.keys())
    if unknown:
        raise ConfigError(
            f"extract {spec.layout}: columns: the layout has no column {', '.join(unknown)}.",
            hint=f"It has {', '.join(contract.columns)}.",
        )
    named = (delivered_names(contract, spec, column) for column in contract.columns)
    return frozenset(name.lower() for names in (*named, spec.covariates) for name in names)


def delivered_names(contract: Contract, spec: ExtractSpec, column: str) -> tuple[str, ...]:
    """Name what a column may be called in a file.

    Parameters
    ----------
    contract : Contract
        The layout's contract.
    spec : ExtractSpec
        The extract, with its own names for columns.
    column : str
        The layout's column.

    Returns
    -------
    tuple of str
        The likeliest first.
    """
    if column in spec.columns:
        return (spec.columns[column],)
    return (column, *contract.columns[column].aliases)


def match_columns(contract: Contract, spec: ExtractSpec, names: Sequence[str]) -> Matching:
    """Match a file's columns with the layout's, whatever their case.

    Parameters
    ----------
    contract : Contract
        The layout's contract.
    spec : ExtractSpec
        The extract.
    names : sequence of str
        The file's column names in order.

    Returns
    -------
    Matching
        With every finding. A name in a finding is the layout's or the study's, never the file's own: a file without a
        header would have a person's values there.
    """
    position = {name.lower(): index for index, name in reversed(list(enumerate(names)))}
    declared = _declared(contract, spec, position)
    unpivoted = {one.into: _unpivoted(one, spec, names, position) for one in contract.unpivot}
    cells = {name: index for columns in unpivoted.values() for name, index in columns.items()}
    extra = _extra(names, {*declared.values(), *cells.values()}, {*contract.columns, *cells})
    findings = [
        *_missing(contract, spec, declared, position),
        *_repeated(names, {*expected_names(contract, spec), *(name.lower() for name in cells)}),
        *(finding for one in contract.unpivot for finding in _bad_unpivoted(one, unpivoted[one.into])),
    ]
    return Matching(declared, unpivoted, extra, tuple(findings))


def period_of(name: str, kind: str) -> tuple[date, date] | None:
    """Read the week or month that a column's name stands for.

    Parameters
    ----------
    name : str
        ``Y_YYWW`` (years below 90 are in the 2000s) or ``GRAD_YYYY_MM``, in either case.
    kind : {"iso_week", "month"}
        Which of the two.

    Returns
    -------
    tuple of date, or None
        Its first day and the first day after it; None when there is no such week or month.

    Examples
    --------
    >>> period_of("Y_9132", "iso_week"), period_of("y_1653", "iso_week")
    ((datetime.date(1991, 8, 5), datetime.date(1991, 8, 12)), None)
    >>> period_of("GRAD_2008_12", "month")
    (datetime.date(2008, 12, 1), datetime.date(2009, 1, 1))
    """
    found = (_WEEK if kind == "iso_week" else _MONTH).fullmatch(name)
    if found is None:
        return None
    year, number = int(found[1]), int(found[2])
    try:
        if kind == "month":
            return date(year, number, 1), date(year + number // 12, number % 12 + 1, 1)
        century = 1900 if year >= _FIRST_YEAR_OF_1900S else 2000
        monday = date.fromisocalendar(year + century, number, 1)
    except ValueError:
        return None
    return monday, monday + timedelta(days=7)


def _declared(contract: Contract, spec: ExtractSpec, position: Mapping[str, int]) -> dict[str, int]:
    found = {}
    for column in contract.columns:
        names = delivered_names(contract, spec, column)
        places = [position[name.lower()] for name in names if name.lower() in position]
        if places:
            found[column] = places[0]
    return found


def _unpivoted(one: Unpivot, spec: ExtractSpec, names: Sequence[str], position: Mapping[str, int]) -> dict[str, int]:
    if one.columns:
        pattern = re.compile(one.columns, re.IGNORECASE)
        return {name: index for index, name in enumerate(names) if pattern.search(name)}
    return {name: position[name.lower()] for name in spec.covariates if name.lower() in position}


def _extra(names: Sequence[str], taken: set[int], used: set[str]) -> dict[str, int]:
    known = {name.lower() for name in used}
    extra: dict[str, int] = {}
    for index, name in enumerate(names):
        if index in taken:
            continue
        # A column without a name, or with the name of a column that the study found elsewhere, gets its place.
        free = name if name and not name.startswith("_") and name.lower() not in known else f"column_{index + 1}"
        known.add(free.lower())
        extra[free] = index
    return extra


def _missing(
    contract: Contract, spec: ExtractSpec, declared: Mapping[str, int], position: Mapping[str, int]
) -> list[str]:
    required = [
        f"{spec.columns[column]} (as {column})" if column in spec.columns else column
        for column, promise in contract.columns.items()
        # A column that the study names must be there even if the layout could do without it.
        if (promise.required or column in spec.columns) and column not in declared
    ]
    covariates = [f"{name} (a covariate)" for name in spec.covariates if name.lower() not in position]
    missing = required + covariates
    if not missing:
        return []
    noun = "column is" if len(missing) == 1 else "columns are"
    return [f"{len(missing)} {noun} missing: {', '.join(missing)}"]


def _repeated(names: Sequence[str], known: set[str]) -> list[str]:
    seen = Counter(name.lower() for name in names if name)
    repeated = [name for name, n in seen.items() if n > 1]
    if not repeated:
        return []
    shown = [name.upper() for name in repeated if name in known]
    which = f": {', '.join(shown)}" if shown else ""
    noun = "column name occurs" if len(repeated) == 1 else "column names occur"
    return [f"{len(repeated)} {noun} more than once{which}"]


def _bad_unpivoted(one: Unpivot, columns: Mapping[str, int]) -> list[str]:
    if one.names == "text":
        return []
    if not columns:
        return [f"no column has the name of {_EXAMPLE[one.names]}"] if one.required else []
    wrong = [name for name in columns if period_of(name, one.names) is None]
    what = "a week" if one.names == "iso_week" else "a month"
    noun = "column is" if len(wrong) == 1 else "columns are"
    return [f"{len(wrong)} {noun} named after {what} that does not exist: {', '.join(wrong)}"] if wrong else []
